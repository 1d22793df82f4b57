"""Where the reader is in the page: section, synergy opened, who looks. The address bar says it.

Who looks is kept in the session only, never in the address: a link that is shared must not show
more than its reader may see.
"""

from typing import Final

import streamlit as st

from geo.flows import Viewer
from pages.ui.chrome import presenting
from pages.ui.viewer import is_local

SECTION: Final = "rubrique"
OPENED: Final = "synergie"
PROPOSALS: Final = "Propositions"
"""Name of the section."""
PROPOSAL: Final = "propositions"
FOR_ONE: Final = "Pour une annonce"
LISTING: Final = "annonce"
WEEKS: Final = "synergies-weeks"
WEEKS_SETTING: Final = "synergies:weeks_asleep"
"""Store setting: after how many weeks without a sign of life a synergy sleeps."""

_VIEWER: Final = "synergies-viewer"
_KEPT: Final = "synergies-viewer-kept"
_RANK: Final = (Viewer.PUBLIC, Viewer.NETWORK, Viewer.TEAM)
VIEWER_WORDS: Final = {
    Viewer.PUBLIC: "Public",
    Viewer.NETWORK: "Réseau",
    Viewer.TEAM: "Équipe",
}


def viewer() -> Viewer:
    """Return who looks.

    The programme lead works here, at the programme's own machine: the team, unless it asked for
    less. From elsewhere: the public. On a projector: the network at most, never what is
    confidential.
    """
    if not is_local():
        return Viewer.PUBLIC
    asked = st.session_state.get(_VIEWER) or st.session_state.get(_KEPT) or Viewer.TEAM
    st.session_state[_KEPT] = asked
    chosen = Viewer(asked)
    return min(chosen, Viewer.NETWORK, key=_RANK.index) if presenting() else chosen


def draw_viewer() -> None:
    """Let the machine's own user choose who looks."""
    if not is_local() or presenting():
        return
    st.selectbox(
        "Vue",
        list(_RANK),
        index=_RANK.index(viewer()),
        key=_VIEWER,
        format_func=VIEWER_WORDS.__getitem__,
        width=130,
        label_visibility="collapsed",
        help="Ce que verrait le public, le réseau du programme, ou l’équipe seule. Projetée, la "
        "page ne montre jamais ce qui est confidentiel.",
    )


def opened() -> str:
    """Return the id of the synergy opened, or an empty text."""
    return st.query_params.get(OPENED, "")


def open_synergy(synergy_id: str) -> None:
    """Open a synergy (a widget callback)."""
    st.query_params[OPENED] = synergy_id


def close_synergy() -> None:
    """Close the synergy opened (a widget callback)."""
    st.query_params.pop(OPENED, None)


def go_to_answers(listing_id: str) -> None:
    """Go to the proposals for one listing (a widget callback)."""
    st.session_state[SECTION] = PROPOSALS
    st.session_state[PROPOSAL] = FOR_ONE
    st.session_state[LISTING] = listing_id
