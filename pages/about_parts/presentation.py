"""What Cartoflux is, for whom, and which version runs here."""

import tomllib
from functools import cache

import streamlit as st

from data.french import tidy
from data.settings import ROOT

_WHAT = """
Cartoflux montre **qui est là**, **avec quels flux de matières**, et **quelles tournées de
collecte** pourraient être mises en commun. Il a été pensé pour le Grand Bergeracois (quatre EPCI,
128 communes, Dordogne) et sa démarche d’écologie industrielle et territoriale ; il s’ouvre aussi
bien sur un autre territoire.
"""
_FOR_WHOM = """
| Vous êtes… | Ouvrez… | Vous y trouvez… |
|---|---|---|
| élu·e, agent d’une collectivité | **Carte** | les acteurs, leurs flux, une adresse à partager, des fichiers à télécharger |
| en charge d’une collecte | **Tournées** | une tournée proposée en quelques secondes, sa feuille de route, ce qu’elle économise |
| curieux des échanges entre acteurs | **Flux** | d’où viennent les matières, où elles vont, le bilan du territoire |
| en atelier, face à trente entreprises | **Atelier** | un code à projeter, les fiches des téléphones sur la carte, les idées à retenir |
| responsable des synergies, le lundi | **Synergies** | qui offre ce que l’autre cherche, ce qui avance, ce qui dort |
| en lien avec les entreprises | **Lettre** | les ressources à partager ce mois-ci, une édition par lectrice ou lecteur |
| en réunion de bilan | **Bilan** | les chiffres du programme, comptés sur les fiches, sur la période de votre choix |
| en visite dans une entreprise | **Études** | un questionnaire de cinq minutes, des brouillons, un tableur à importer |
| animatrice ou animateur du programme | **Données** | saisir, importer, corriger, annuler, retirer la démonstration |
| curieux des chiffres | **À propos** | d’où vient chaque valeur, ce qui est une hypothèse, comment la changer |
"""  # noqa: E501
_LIMITS = """
- **Une carte de ce qui est connu**, pas de ce qui existe : un acteur absent n’a peut-être pas été
  rencontré. Une quantité inconnue s’affiche « inconnue », jamais zéro.
- **Des positions parfois approximatives** : la fiche dit si l’acteur est placé à l’adresse, dans la
  rue ou dans la commune. Les contours des communes sont simplifiés, à quelques centaines de mètres.
- **Des distances estimées** tant qu’aucun réseau routier n’est chargé : à vol d’oiseau, multipliées
  par un coefficient mesuré ailleurs. La marge est écrite à côté de chaque tournée ; près d’une
  rivière à peu de ponts, l’erreur est plus forte.
- **Des masses déduites de ratios** là où rien n’a été pesé : l’incertitude suit jusqu’à l’écran.
- **Une tournée proposée est une aide**, pas un ordre de mission : elle ne connaît ni les travaux,
  ni les côtes, ni les habitudes des gens.
"""


def draw() -> None:
    """Draw the presentation."""
    st.markdown(tidy(_WHAT))
    st.subheader("Pour qui\u202f?", anchor=False)
    st.markdown(tidy(_FOR_WHOM))
    st.subheader("Ce que Cartoflux ne sait pas", anchor=False)
    st.markdown(tidy(_LIMITS))
    st.caption(
        tidy(
            f"Cartoflux, version {version()}. Logiciel libre, licence MIT. Le guide de chaque page "
            "et les formules sont dans le dossier « docs » du projet (guide.md, methode.md)."
        )
    )


@cache
def version() -> str:
    """Version written in ``pyproject.toml`` (the application is not installed as a package)."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    return str(project["version"])
