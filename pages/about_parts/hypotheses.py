"""Every figure with its range, source and confidence; hypotheses can be changed and put back."""

from typing import Final

import pandas as pd
import streamlit as st

from data.errors import CartofluxError, InputError
from data.exchange.tables import typed_text
from data.figures import CATEGORIES, SETTING_PREFIX, Figure, load_figures
from data.french import NNBSP, number, parse_number, quantity, quote, significant, tidy
from data.text import fold
from pages.data_parts.session import draw_name, draw_news, tell
from pages.ui import escape, wording
from pages.ui.session import get_figures, get_store, who

_UNITS: Final = {
    "1": "",
    "kgCO2e/km": "kg CO₂e/km",
    "kgCO2e/t": "kg CO₂e/t",
    "kgCO2e/L": "kg CO₂e/L",
    "kgCO2e/t.km": "kg CO₂e/t.km",
}
CONFIDENCE: Final = {
    "H": "lu dans une source officielle",
    "M": "presse ou source professionnelle",
    "B": "hypothèse, aucune source trouvée",
}
_OPEN: Final = "about-figure"
_FAULT: Final = "about-figure-fault"


def draw() -> None:
    """Draw the table of figures, then the form of the one chosen."""
    st.markdown(
        tidy(
            "Chaque nombre que Cartoflux utilise est ici. Ceux d’une source officielle "
            "se lisent seulement ; les autres sont des **hypothèses** : vous pouvez les changer, "
            "les calculs suivent aussitôt pour tout le monde, et l’historique garde la trace."
        )
    )
    draw_news()
    figures = get_figures()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        draw_name()
        text = st.text_input(
            "Rechercher un chiffre",
            key="about-figures-text",
            type="search",
            live=True,
            placeholder="vélo, compost, CO₂…",
            max_chars=100,
            width=260,
        )
        only = st.toggle("Hypothèses seulement", key="about-figures-only")
    words = fold(text or "").split()
    shown = [
        figure
        for figure in figures.values()
        if (figure.is_hypothesis or not only) and _answers(figure, words)
    ]
    if not shown:
        st.info("Aucun chiffre ne répond à cette recherche.", icon=":material/search_off:")
        return
    doubtful = sum(figure.is_hypothesis for figure in shown)
    st.markdown(
        f"**{number(len(shown))} {wording.plural(len(shown), 'chiffre')}**, dont "
        f":orange-badge[{number(doubtful)} {wording.plural(doubtful, wording.HYPOTHESIS_BADGE)}]"
    )
    st.dataframe(
        pd.DataFrame([_row(figure) for figure in shown]),
        hide_index=True,
        column_config={
            "Chiffre": st.column_config.TextColumn(width="large"),
            "Source": st.column_config.TextColumn(width="large"),
        },
        height=min(520, 36 * (len(shown) + 1) + 3),
        alt="Tableau des chiffres et hypothèses",
    )
    _draw_form([figure for figure in shown if figure.is_hypothesis])


def _answers(figure: Figure, words: list[str]) -> bool:
    text = fold(f"{figure.label_fr} {CATEGORIES[figure.category]} {figure.source} {figure.unit}")
    return all(word in text for word in words)


def _row(figure: Figure) -> dict[str, str]:
    kind = wording.HYPOTHESIS_BADGE if figure.is_hypothesis else "source officielle"
    if figure.edited:
        kind += ", modifiée ici"
    return {
        "Chiffre": figure.label_fr,
        "Valeur": written(figure.value, figure),
        "Fourchette": between(figure),
        "Statut": kind,
        "Confiance": CONFIDENCE[figure.confidence],
        "Source": figure.source,
        "Date": figure.date,
        "Domaine": CATEGORIES[figure.category],
    }


def written(value: float, figure: Figure) -> str:
    """Write a value in the figure's unit."""
    return quantity(value, _UNITS.get(figure.unit, figure.unit))


def between(figure: Figure) -> str:
    """Write the figure's range, or say that none is known."""
    if figure.low == figure.high:
        return "non connue"
    return f"de {number(figure.low)} à {number(figure.high)}"


def bounds(figure: Figure) -> tuple[float, float]:
    """Smallest and largest value accepted for a published figure.

    Half the low end to twice the high end; a fifth to five times the value when no range is
    known. A road is never shorter than the straight line: its factor stays at 1 or more.
    """
    if figure.low < figure.high:
        low, high = figure.low / 2, figure.high * 2
    else:
        low, high = figure.value / 5, figure.value * 5
    if figure.unit == "1" and figure.value >= 1:
        low = max(low, 1.0)
    # Rounded, so that the bound written on screen is itself accepted.
    return significant(low, 3), significant(high, 3)


def _draw_form(choices: list[Figure]) -> None:
    st.subheader("Changer une hypothèse", anchor=False)
    names = {figure.key: figure.label_fr for figure in choices}
    chosen = st.selectbox(
        "Hypothèse",
        list(names),
        index=None,
        key=_OPEN,
        format_func=lambda key: names.get(key, key),
        placeholder="Choisir celle à changer",
        on_change=_forget_fault,
    )
    if chosen is None or chosen not in names:
        return
    figure, published = get_figures()[chosen], load_figures()[chosen]
    st.markdown(
        tidy(
            f":orange-badge[{wording.HYPOTHESIS_BADGE}] Valeur de référence : "
            f"**{escape.markdown(written(published.value, published))}**, fourchette "
            f"{escape.markdown(between(published))}. {escape.markdown(published.source)} "
            f"({escape.markdown(published.date)})."
        )
    )
    low, high = bounds(published)
    unit = _UNITS.get(figure.unit, figure.unit)
    key = f"about-value-{chosen}-{number(figure.value)}"
    st.text_input(
        f"Nouvelle valeur ({unit})" if unit else "Nouvelle valeur",
        typed_text(figure.value),
        key=key,
        max_chars=20,
        width=260,
        help=f"De {number(low)} à {number(high)}.",
    )
    if fault := st.session_state.get(_FAULT):
        st.error(escape.markdown(fault), icon=":material/error:")
    with st.container(horizontal=True):
        st.button(
            "Enregistrer",
            key="about-value-save",
            type="primary",
            icon=":material/save:",
            on_click=_save,
            args=(chosen, key),
        )
        if figure.edited:
            st.button(
                "Revenir à la valeur de référence",
                key="about-value-reset",
                icon=":material/undo:",
                on_click=_reset,
                args=(chosen,),
            )


def read_value(text: str, published: Figure) -> float:
    """Read a value typed for a figure.

    Raises:
        InputError: not a number, or out of bounds.
    """
    value = parse_number(text, field=published.label_fr)
    low, high = bounds(published)
    if not low <= value <= high:
        raise InputError(
            tidy(
                f"{quote(published.label_fr)} : {number(value)} sort des valeurs plausibles, de "
                f"{number(low)} à {number(high)}. Corrigez la valeur."
            ),
            field=published.label_fr,
        )
    return value


def _forget_fault() -> None:
    st.session_state.pop(_FAULT, None)


def _save(key: str, widget: str) -> None:
    published = load_figures()[key]
    _forget_fault()
    try:
        value = read_value(str(st.session_state.get(widget, "")), published)
    except InputError as error:
        st.session_state[_FAULT] = error.message
        return
    if value == get_figures()[key].value:
        tell("Rien n’avait changé : rien n’a été écrit.", good=None)
        return
    _write(key, value, f"Hypothèse {quote(published.label_fr)}\u202f: {written(value, published)}")
    if not published.low <= value <= published.high and published.low < published.high:
        tell_outside(published, value)


def tell_outside(published: Figure, value: float) -> None:
    """Add to the news that a value is out of the published range."""
    news = st.session_state.get("data-news")
    if news is not None and news.good:
        tell(
            news.text,
            undo=news.undo,
            doubt=f"{written(value, published)} sort de la fourchette publiée "
            f"({between(published)}).",
        )


def _reset(key: str) -> None:
    _forget_fault()
    published = load_figures()[key]
    _write(
        key, None, f"Hypothèse {quote(published.label_fr)}\u202f: retour à la valeur de référence"
    )


def _write(key: str, value: float | None, what: str) -> None:
    try:
        with get_store().transaction(who=who(), what=what.replace(" :", f"{NNBSP}:")) as tx:
            tx.set_setting(f"{SETTING_PREFIX}{key}", value)
            done = tx.number()
    except CartofluxError as error:
        tell(str(error), good=False)
    else:
        tell(f"{what}. Les calculs s’en servent dès maintenant.", undo=done)
