"""The draft of the accessibility statement, honest about what was not audited."""

import streamlit as st

from data.french import tidy

_STATE = """
**Projet de déclaration, à compléter par l’organisme qui publie Cartoflux.** Aucun audit RGAA 4.1
n’a été fait : en droit, l’application est donc à déclarer **non conforme** jusqu’à cet audit.
"""
_DONE = """
- Chaque carte a son équivalent en tableau ou en liste, dans la même page, et en fichier.
- Aucune information par la couleur seule : un type d’acteur a aussi une forme et un pictogramme,
  une tournée un numéro et un trait. Les contrastes de la palette sont vérifiés par un test.
- Les formulaires ont des libellés ; les erreurs nomment le champ et disent quoi faire ; rien de
  ce qui est tapé n’est perdu.
- Ouvrir une fiche se fait au clavier par la liste « Ouvrir une fiche », sans passer par le
  tableau.
- Les animations respectent le réglage « réduire les animations » du système.
- La langue de la page est le français ; l’affichage suit le thème clair ou sombre du système.
"""
_MISSING = """
- Les tableaux interactifs sont dessinés sur un canevas : les lecteurs d’écran y naviguent mal. Les
  listes déroulantes et les exports CSV en donnent l’équivalent.
- La carte elle-même n’est pas décrite aux lecteurs d’écran au-delà de son tableau.
- Les fichiers PDF produits ne sont pas balisés.
- L’application n’a pas été essayée par des personnes en situation de handicap.
"""
_HELP = """
Si quelque chose vous empêche d’accéder à un contenu, écrivez à l’organisme qui publie cette
application (*contact à compléter*) : il doit vous répondre ou vous donner l’information autrement.
Sans réponse satisfaisante, vous pouvez saisir le Défenseur des droits.
"""


def draw() -> None:
    """Draw the statement."""
    st.markdown(tidy(_STATE))
    st.subheader("Ce qui est fait", anchor=False)
    st.markdown(tidy(_DONE))
    st.subheader("Ce qui manque", anchor=False)
    st.markdown(tidy(_MISSING))
    st.subheader("Une difficulté\u202f?", anchor=False)
    st.markdown(tidy(_HELP))
