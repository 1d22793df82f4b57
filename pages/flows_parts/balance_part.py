"""The balance on screen: what enters, stays and leaves, by place, and who should be asked."""

from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from data.french import NNBSP, percent, with_margin
from geo.flows import Perimeter, balance, check_balance
from pages.flows_parts.brief import stream_label
from pages.flows_parts.view import FlowView, Picture
from pages.ui import escape

PERIMETERS: Final = {
    Perimeter.TERRITORY: "Territoire",
    Perimeter.EPCI: "EPCI",
    Perimeter.COMMUNE: "Commune",
    Perimeter.ACTOR: "Acteur",
}
CIRCULARITY_HELP: Final = (
    "Part des matières reçues qui sont des déchets remis en usage sans quitter le lieu. "
    "Adapté du taux d’utilisation circulaire d’Eurostat (U ÷ M) aux seuls flux déclarés : "
    "M = entrées de matières (hors énergie, eau et moyens partagés), U = parmi elles, les déchets "
    "du lieu même, sauf élimination (codes D) et brûlage avec énergie (R1). La borne basse ne "
    "compte que les flux dont un code de recyclage R2 à R13 est dit."
)
_COLUMNS: Final = {
    "inputs_t": "Entrées",
    "outputs_t": "Sorties",
    "inside_t": "Reste sur place",
    "entering_t": "Vient d’ailleurs",
    "leaving_t": "Part ailleurs",
    "unknown_in_t": "Origine inconnue",
    "unknown_out_t": "Destination inconnue",
    "stock_t": "Stock ou non déclaré",
}
_SHOWN: Final = 20


def draw(view: FlowView, kept: Picture) -> None:
    """Draw the balance of what the filters keep, always in tonnes."""
    st.header("Le bilan matière")
    left, right = st.columns([1, 1], vertical_alignment="bottom")
    perimeter = left.segmented_control(
        "Bilan par",
        list(Perimeter),
        key="flows-perimeter",
        default=Perimeter.EPCI,
        format_func=PERIMETERS.__getitem__,
        required=True,
    )
    by_stream = right.toggle("Filière par filière", key="flows-by-stream")
    table = balance(kept.links, Perimeter(perimeter), ("stream",) if by_stream else ())
    if table.empty:
        st.info("Aucun flux n’a de bout connu à ce niveau.")
    else:
        st.dataframe(
            screen_table(view, table, by_stream=by_stream),
            hide_index=True,
            key=f"flows-balance-{perimeter}-{by_stream}",
            column_config={
                "Lieu": st.column_config.TextColumn(pinned=True),
                "Circularité": st.column_config.TextColumn(help=CIRCULARITY_HELP),
                "Part locale": st.column_config.TextColumn(
                    help="Part des entrées qui viennent du lieu lui-même."
                ),
                "Stock ou non déclaré": st.column_config.TextColumn(
                    help="Entrées moins sorties des seuls flux déclarés : ce qui est stocké, "
                    "consommé, transformé, ou que personne n’a déclaré. Négatif : il sort plus "
                    "qu’il n’entre, donc des entrées manquent."
                ),
            },
            alt="Bilan des entrées et des sorties",
        )
        st.caption(
            "En tonnes par an, avec la fourchette des incertitudes. Les flux de quantité inconnue "
            "sont comptés à part, jamais comme zéro."
        )
    _disagreements(kept)


def screen_table(view: FlowView, table: pd.DataFrame, *, by_stream: bool) -> pd.DataFrame:
    """Return the balance as people read it, every number with its range."""
    data: dict[str, list[str]] = {
        "Lieu": [
            view.names.get(place, str(name))
            for place, name in zip(table["place"], table["name"], strict=True)
        ]
    }
    if by_stream:
        data["Filière"] = [stream_label(str(key)) for key in table["stream"]]
    ordered = table.reset_index(drop=True)
    for column, label in _COLUMNS.items():
        stem = column.removesuffix("_t")
        data[label] = [
            with_margin(row[column], row[f"{stem}_low_t"], row[f"{stem}_high_t"], "t")
            for _, row in ordered.iterrows()
        ]
    for column, label in (("local_share", "Part locale"), ("circularity", "Circularité")):
        data[label] = [_rate(row, column) for _, row in ordered.iterrows()]
    data["Flux"] = [
        f"{row['links']}" + (f", dont {row['unknown_links']} inconnus" * bool(row["unknown_links"]))
        for _, row in ordered.iterrows()
    ]
    first = ["Lieu", *(["Filière"] if by_stream else []), "Entrées", "Sorties", "Reste sur place"]
    first += ["Circularité", "Part locale"]
    frame = pd.DataFrame(data)[[*first, *(column for column in data if column not in first)]]
    heaviest = np.argsort(-(ordered["inputs_t"] + ordered["outputs_t"]).to_numpy(), kind="stable")
    return frame.iloc[heaviest]


def _rate(row: "pd.Series[float]", column: str) -> str:
    if not np.isfinite(row[column]):
        return "on ne peut rien dire"
    low, high = row[f"{column}_low"], row[f"{column}_high"]
    text = percent(row[column])
    if np.isfinite(low) and np.isfinite(high) and high > low:
        text += f" (de {percent(low).removesuffix(f'{NNBSP}%')} à {percent(high)})"
    return text


def _disagreements(kept: Picture) -> None:
    st.subheader(
        "Les chiffres qui se contredisent",
        help="Ce qui entre doit sortir (ou rester en stock), et ce que l’un envoie, l’autre le "
        "reçoit. Sont listés les écarts plus grands que les incertitudes.",
    )
    pairs = kept.links.disagreements
    own = check_balance(kept.links)
    if not pairs and not own:
        st.markdown("Aucun : les déclarations se recoupent, aux incertitudes près.")
        return
    sentences = [*(one.sentence for one in pairs), *(one.sentence for one in own)]
    for text in sentences[:_SHOWN]:
        st.markdown(f"- {escape.markdown(text)}")
    if len(sentences) > _SHOWN:
        st.caption(f"et {len(sentences) - _SHOWN} autres écarts plus petits.")
