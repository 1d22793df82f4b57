"""Personal data: what is kept, why, how to have it corrected or deleted."""

import streamlit as st

from data.french import tidy

_RULES = """
Un annuaire d’acteurs contient des **données personnelles** dès qu’une personne y est
reconnaissable : nom d’un exploitant, adresse électronique, téléphone. Cartoflux en garde le moins
possible.

- Le **contact** d’une fiche est caché par défaut, absent de la carte, des fichiers GeoJSON et
  GeoPackage, et des autres exports sauf demande expresse. Préférez une adresse générique
  (contact@…).
- Chaque fiche dit **d’où elle vient** (champ « source ») et **qui peut la voir** (public, réseau,
  confidentiel). La carte ne montre que le public.
- La **lettre** ne part qu’à ceux qui ont donné leur accord. Leur adresse électronique est cachée
  par défaut, et absente des exports sauf demande expresse.
- Aucun traceur, aucune mesure d’audience, aucun envoi vers l’extérieur. Seuls les fonds « Plan
  IGN » et OpenStreetMap, si vous les choisissez, font que votre navigateur demande des images à
  ces sites.
- Le **nom** que vous donnez dans la page Données est noté à côté de vos modifications, pour
  l’équipe.
"""
_RIGHTS = """
1. **Corriger** : page Données, rubrique « Acteurs » (ou « Programme », puis « Abonnements »),
   ouvrir la fiche, modifier, enregistrer.
2. **Supprimer** : même fiche, « Supprimer… ». Ses flux, points de collecte et annonces partent avec
   elle. L’historique garde la version d’avant, pour pouvoir annuler une erreur.
3. **Effacer définitivement** : même fiche, « Effacer définitivement… », quand une personne le
   demande. La fiche, ce qui part avec elle et leur contenu dans l’historique disparaissent ;
   cela ne s’annule pas. L’historique garde seulement qu’un effacement a eu lieu, quand et par qui.
4. **Se désabonner** de la lettre : chaque lettre porte un lien. La fiche garde la date, pour ne
   plus rien envoyer ; « Effacer définitivement… » la retire tout entière.
5. **Prouver** : la rubrique « Historique » dit qui a changé quoi, et quand.

L’effacement ne trouve pas un **nom écrit ailleurs** : dans une note, une fiche d’atelier, un
scénario de tournée ou un autre texte libre ; cherchez-le et corrigez-le. Il ne touche ni les
**fichiers déjà exportés**, ni les **sauvegardes** de la base : l’administrateur doit les reprendre.
"""
_REGISTER = """
| Rubrique | Projet de fiche, à compléter par l’organisme qui exploite Cartoflux |
|---|---|
| Responsable du traitement | *à compléter : nom, adresse, contact* |
| Délégué à la protection des données | *à compléter* |
| Finalité | connaître les acteurs et les flux du territoire, animer l’écologie industrielle et territoriale, organiser des collectes mutualisées |
| Base légale | intérêt légitime ou mission d’intérêt public ; consentement pour la lettre — *à confirmer par le responsable* |
| Personnes concernées | représentants d’entreprises, d’associations, de collectivités, exploitants agricoles, habitants engagés, lecteurs de la lettre |
| Données | nom de la structure, activité, adresse, position, SIRET, site ; contact professionnel ; nom de la personne qui saisit ; pour la lettre : adresse électronique, centres d’intérêt, date et origine du consentement |
| Origine | entretiens, visites, réponses volontaires, sources publiques citées sur la fiche |
| Destinataires | l’équipe du programme ; le public et le réseau selon la visibilité de la fiche |
| Durée | celle du programme, avec une revue chaque année — *à confirmer* |
| Transferts hors de l’Union européenne | aucun par l’application |
| Sécurité | serveur local par défaut, historique de chaque écriture, exports sans contact |
| Droits | accès, rectification, effacement, opposition : écrire au responsable ; réclamation possible auprès de la CNIL |
"""  # noqa: E501


def draw() -> None:
    """Draw the rules, the rights and the draft of the register."""
    st.markdown(tidy(_RULES))
    st.subheader("Corriger, supprimer", anchor=False)
    st.markdown(tidy(_RIGHTS))
    st.subheader("Registre des traitements (projet)", anchor=False)
    st.markdown(tidy(_REGISTER))
