"""What a synergy brings, with the reckoning in sight: tonnes, euros, kg CO₂e."""

from typing import Final

import pandas as pd
import streamlit as st

from data.french import NNBSP, euros, with_margin
from data.model import Synergy
from optimization.gains import Emission, Gains, gains
from optimization.indicators import Estimate
from pages.synergies_parts import pieces
from pages.synergies_parts.view import View
from pages.ui import escape, wording

UNKNOWN: Final = "inconnu"


def draw(view: View, synergy: Synergy) -> None:
    """Draw the gains of one synergy; a potential says so."""
    found = gains(
        synergy, view.snapshot.figures, view.snapshot.resource.get(synergy.resource_id or "")
    )
    st.markdown("##### Ce qu’elle apporte" if found.realised else "##### Ce qu’elle apporterait")
    if not found.realised:
        st.caption("Potentiel, tant qu’elle n’est pas réalisée\u202f: il n’entre dans aucun bilan.")
    _tonnes(found)
    _euros(view, found)
    _emissions(view, found)


def _tonnes(found: Gains) -> None:
    if found.tonnes is None:
        st.markdown(f"**Matière gardée en usage**{NNBSP}: {UNKNOWN}")
        return
    mass = escape.markdown(written(found.tonnes, "t/an"))
    badge = pieces.reliability_badge(found.reliability)
    st.markdown(f"**Matière gardée en usage**{NNBSP}: {mass} {badge}")


def _euros(view: View, found: Gains) -> None:
    if not found.parties:
        return
    lines = []
    for party in found.parties:
        amount = UNKNOWN if party.eur_per_year is None else euros(party.eur_per_year, 0) + "/an"
        note = f" :gray[({escape.markdown(party.note)})]" if party.note else ""
        name = escape.markdown(view.names.get(party.actor_id, "?"))
        lines.append(f"- {name}{NNBSP}: {escape.markdown(amount)}{note}")
    st.markdown("**Gain de chaque partie**\n" + "\n".join(lines))


def _emissions(view: View, found: Gains) -> None:
    rows = {line.label: _row(line) for line in found.emissions}
    st.markdown("**Émissions, par an**, jamais soustraites l’une de l’autre")
    st.table(pd.DataFrame.from_dict(rows, orient="index"))
    with st.expander("Comment c’est compté", icon=":material/calculate:"):
        for line in found.emissions:
            if line.formula:
                st.markdown(
                    f"{escape.markdown(line.label)}{NNBSP}: {escape.markdown(line.formula)}"
                )
        for key in dict.fromkeys(key for line in found.emissions for key in line.figures):
            figure = view.snapshot.figures[key]
            badge = f":orange-badge[{wording.HYPOTHESIS_BADGE}] " if figure.is_hypothesis else ""
            st.markdown(
                f"{badge}{escape.markdown(figure.label_fr)}{NNBSP}: "
                f":gray[{escape.markdown(figure.source)}]"
            )
        st.caption(
            "Les fourchettes combinent les extrêmes\u202f: elles sont plutôt larges. Ce que la "
            "matière devient chez le preneur et la fabrication d’un produit neuf ne sont pas "
            "comptés, faute de facteur publié."
        )


def _row(line: Emission) -> dict[str, str]:
    if line.kg_per_year is None:
        return {"kg CO₂e": UNKNOWN, "Sens": escape.markdown(line.why)}
    return {
        "kg CO₂e": escape.markdown(written(line.kg_per_year, "kg")),
        "Sens": "n’ont plus lieu" if line.avoided else "ont lieu",
    }


def written(estimate: Estimate, unit: str) -> str:
    """Write an estimate with its range."""
    return with_margin(estimate.value, estimate.low, estimate.high, unit)
