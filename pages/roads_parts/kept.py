"""The networks at hand: what each contains, where it comes from, and a way to remove it."""

from typing import Final

import pandas as pd
import streamlit as st

from data.french import date, number, quantity, quote, tidy
from data.model import Depot
from data.settings import read_settings
from geo.roads import ATTRIBUTION, LICENCE
from geo.roads.shelf import Kept, kept_networks, remove_network
from pages.ui import escape, wording
from pages.ui.session import get_store

_REMOVING: Final = "roads-removing"
_MODES: Final = {"bike": "À vélo", "van": "En utilitaire"}


def draw() -> None:
    """Draw the list."""
    st.subheader("Réseaux routiers", anchor=False)
    found = kept_networks(read_settings().roads_dir)
    if not found:
        st.info(
            tidy(
                "Aucun réseau routier pour l’instant : importez ci-dessous l’extrait OpenStreetMap "
                "de votre région."
            ),
            icon=":material/info:",
        )
    for network in found:
        _draw_one(network)


def _draw_one(kept: Kept) -> None:
    info = kept.info
    with st.container(border=True, key=f"roads-kept-{info.key}"):
        st.markdown(f"**{escape.markdown(info.name)}**{escape.markdown(_age(kept))}")
        st.table(_figures(kept))
        st.caption(escape.markdown(_details(kept)))
        _draw_removal(kept)


def _age(kept: Kept) -> str:
    return f", extrait du {date(kept.info.date)}" if kept.info.date else ", date inconnue"


def _figures(kept: Kept) -> pd.DataFrame:
    rows = [
        {
            "Réseau": label,
            "Carrefours": number(stats.nodes),
            "Tronçons": number(stats.edges),
            "Longueur": quantity(stats.km, "km", 0),
        }
        for mode, label in _MODES.items()
        for stats in [kept.info.stats[mode]]
    ]
    return pd.DataFrame(rows).set_index("Réseau")


def _details(kept: Kept) -> str:
    info = kept.info
    count = info.restrictions
    parts = [
        "Découpé au territoire et à 10 km autour" if info.clipped else "Extrait gardé en entier",
        f"pentes tirées de {info.elevation}" if info.elevation else "sans relief",
        f"{number(count)} {wording.plural(count, 'interdiction')} de tourner",
    ]
    depots = get_store().list(Depot)
    outside = [depot.name for depot in depots if not info.covers(depot.lon, depot.lat)]
    text = f"{', '.join(parts)}. Données {ATTRIBUTION}, licence {LICENCE}."
    if depots and len(outside) == len(depots):
        text += f" Attention : {quote(outside[0])} n’est pas dans ce réseau."
    return tidy(text)


def _draw_removal(kept: Kept) -> None:
    key = kept.info.key
    if st.session_state.get(_REMOVING) != key:
        if st.button("Retirer", icon=":material/delete:", key=f"roads-remove-{key}"):
            st.session_state[_REMOVING] = key
            st.rerun()
        return
    st.warning(
        tidy(
            "Retirer ce réseau ? Les plans enregistrés restent, mais ne pourront plus être "
            "vérifiés sur ces routes."
        ),
        icon=":material/warning:",
    )
    with st.container(horizontal=True):
        if st.button("Oui, retirer", type="primary", key=f"roads-yes-{key}"):
            remove_network(kept)
            del st.session_state[_REMOVING]
            st.toast(f"{escape.markdown(quote(kept.info.name))} est retiré.")
            st.rerun()
        if st.button("Non, garder", key=f"roads-no-{key}"):
            del st.session_state[_REMOVING]
            st.rerun()
