"""Step 2: the flows, one line at a time, weighed as they are typed."""

from typing import Any, Final

import streamlit as st

from data.errors import InputError
from data.exchange import study_lines
from data.exchange.cells import read_weights, write_weights
from data.exchange.flows import FLOWS
from data.exchange.labels import read_choice
from data.exchange.study_lines import REMOVED, WORDS, Line
from data.french import tidy
from data.model import Period, StudyStep
from data.seasons import MONTHS, SEASONS, from_months, months_of, periods_in, season_of
from data.units import KNOWN_UNITS
from pages.data_parts.session import directory
from pages.studies_parts import opened
from pages.studies_parts.opened import Opened
from pages.ui import escape
from pages.ui.session import get_figures, snapshot

_MATCHES: Final = 6
_BY_MONTH: Final = "Certains mois…"
_OTHER: Final = "Garder la saisonnalité actuelle"
_TEXTS: Final = (
    "quantity",
    "periods_per_year",
    "uncertainty",
    "visits_per_week",
    "year",
    "packaging",
    "quality",
    "cost_eur_per_year",
    "partner_name",
    "partner_place",
    "treatment_code",
    "reliability_note",
    "label",
)


def draw(held: Opened) -> None:
    """Draw the lines already there, then the entry form."""
    for place, line in enumerate(held.lines):
        if place != held.editing:
            _draw_line(held, place, line)
    if held.editing is None:
        st.markdown("**Ajouter un flux**" if held.lines else "**Premier flux**")
    else:
        st.markdown(f"**Flux n° {held.editing + 1}**")
    with st.container(border=True, key="study-entry"):
        _draw_entry(held)


def _draw_line(held: Opened, place: int, line: Line) -> None:
    where = directory()
    removed = bool(line.get(REMOVED))
    with st.container(border=True):
        left, middle, right = st.columns([5, 1, 1], vertical_alignment="center")
        name = escape.markdown(study_lines.title(line, where))
        said = escape.markdown(study_lines.amount(line))
        weight = escape.markdown(study_lines.weight(line, where, get_figures()))
        if removed:
            left.markdown(f"~~{place + 1}. {name}~~  \nSera supprimé à la validation.")
            right.button(
                "Rétablir",
                key=f"{held.prefix}restore-{place}",
                on_click=_restore,
                args=(held, place),
                width="stretch",
            )
            return
        left.markdown(f"**{place + 1}. {name}** · {line.get('direction', '')} · {said}  \n{weight}")
        middle.button(
            "Modifier",
            key=f"{held.prefix}edit-{place}",
            on_click=_edit,
            args=(held, place),
            width="stretch",
        )
        right.button(
            "Retirer",
            key=f"{held.prefix}remove-{place}",
            on_click=_remove,
            args=(held, place),
            width="stretch",
        )


def _draw_entry(held: Opened) -> None:
    collect(held)
    line, key = held.entry, held.entry_prefix
    top, side = st.columns([2.2, 1])
    top.text_input(
        "Quoi ? (avec les mots de l’entreprise) :red[\\*]",
        value=line.get(WORDS, ""),
        key=f"{key}words",
        live=True,
        max_chars=200,
        placeholder="caisses bois, NaOH, chutes de chêne, 20 01 08…",
        on_change=_words_changed,
        args=(held,),
    )
    side.segmented_control(
        "Sens",
        FLOWS.column("direction").choices,
        default=line.get("direction"),
        key=f"{key}direction",
        required=True,
    )
    _draw_matches(held)
    quantity, unit, period = st.columns(3)
    quantity.text_input(
        "Quantité",
        value=line.get("quantity", ""),
        key=f"{key}quantity",
        live=True,
        max_chars=30,
        placeholder="vide si inconnue",
    )
    units = list(KNOWN_UNITS)
    if line.get("unit") and line["unit"] not in units:
        units.append(line["unit"])
    unit.selectbox(
        "Unité",
        units,
        index=units.index(line["unit"]) if line.get("unit") in units else 0,
        key=f"{key}unit",
        accept_new_options=True,
        help=tidy("Un contenant se donne avec sa taille : bac 240 L, bidon 60 L."),
    )
    periods = FLOWS.column("period").choices
    period.selectbox(
        "Par",
        periods,
        index=periods.index(line["period"]) if line.get("period") in periods else len(periods) - 1,
        key=f"{key}period",
    )
    collect(held)
    st.info(
        escape.markdown(study_lines.weight(held.entry, directory(), get_figures())),
        icon=":material/scale:",
    )
    with st.expander("Quand et à quel rythme", expanded=_has(held, _WHEN)):
        _draw_when(held)
    with st.expander("Avec qui, à quel prix, dans quel état", expanded=_has(held, _WITH)):
        _draw_with(held)
    with st.expander("Comment le sait-on, qui peut le voir", expanded=_has(held, _KNOWN)):
        _draw_known(held)
    _draw_buttons(held)


_WHEN: Final = ("periods_per_year", "visits_per_week", "seasonality")
_WITH: Final = (
    "partner_id",
    "partner_name",
    "partner_place",
    "cost_eur_per_year",
    "packaging",
    "quality",
    "treatment_code",
)
_KNOWN: Final = ("uncertainty", "reliability_note")


def _has(held: Opened, names: tuple[str, ...]) -> bool:
    """Open a fold from the start when the line being edited has something in it."""
    key = f"{held.entry_prefix}fold-{names[0]}"
    titles = {FLOWS.column(name).title for name in names}
    if key not in st.session_state:
        st.session_state[key] = any(held.entry.get(name) for name in names)
    if any(error.field in titles for error in held.errors):
        st.session_state[key] = True
    return bool(st.session_state[key])


def _draw_matches(held: Opened) -> None:
    line = held.entry
    words = line.get(WORDS, "")
    found = snapshot().nomenclature.search(words, limit=_MATCHES) if words.strip() else []
    options = [resource.id for resource in found]
    chosen = line.get("resource_id", "")
    if chosen and chosen not in options and chosen in snapshot().resource:
        options.insert(0, chosen)
    if options:
        st.pills(
            "Ressource de la nomenclature",
            options,
            default=chosen if chosen in options else None,
            format_func=lambda one: escape.markdown(snapshot().resource[one].name),
            key=f"{held.entry_prefix}resource-{'-'.join(options)}",
            on_change=_resource_chosen,
            args=(held, f"{held.entry_prefix}resource-{'-'.join(options)}"),
        )
    elif words.strip():
        st.warning(
            "Rien de tel dans la nomenclature. Essayez un mot plus courant : « bois », « carton », "
            "« biodéchets »… Vos mots restent dans le libellé.",
            icon=":material/search_off:",
        )


def _draw_when(held: Opened) -> None:
    line, key = held.entry, held.entry_prefix
    weights = _weights(line)
    season = season_of(weights)
    names = [one.name for one in SEASONS] + [_BY_MONTH]
    start = season.name if season else _BY_MONTH
    if season is None and len(set(weights) - {0.0, 1.0}):
        names.append(_OTHER)
        start = _OTHER
    chosen = st.selectbox("Saison", names, index=names.index(start), key=f"{key}season")
    if chosen == _BY_MONTH:
        st.pills(
            "Mois",
            range(1, 13),
            selection_mode="multi",
            default=months_of(weights),
            format_func=lambda month: MONTHS[month - 1],
            key=f"{key}months",
        )
    left, right = st.columns(2)
    left.text_input(
        _periods_label(line),
        value=line.get("periods_per_year", ""),
        key=f"{key}periods_per_year",
        live=True,
        max_chars=10,
        placeholder="vide = toute l’année",
    )
    right.text_input(
        "Enlèvements ou livraisons par semaine",
        value=line.get("visits_per_week", ""),
        key=f"{key}visits_per_week",
        max_chars=10,
        placeholder="0,5 = un sur deux semaines",
    )
    collect(held)
    hint = _season_hint(held.entry)
    if hint:
        st.caption(hint)


def _periods_label(line: Line) -> str:
    words = {"jour": "Jours", "semaine": "Semaines", "mois": "Mois", "trimestre": "Trimestres"}
    return f"{words.get(line.get('period', ''), 'Fois')} par an"


def _season_hint(line: Line) -> str:
    season = season_of(_weights(line))
    if season is None or not season.weights or line.get("periods_per_year", "").strip():
        return ""
    try:
        period = read_choice(line.get("period", ""), Period)
    except InputError:
        return ""
    if period is Period.YEAR:
        return ""
    count = periods_in(period, season.weeks)
    return tidy(
        f"Compté sur toute l’année. Pour cette saison, écrivez plutôt {count} dans "
        f"« {_periods_label(line)} »."
    )


def _draw_with(held: Opened) -> None:
    line, key = held.entry, held.entry_prefix
    records = snapshot()
    others = sorted(records.actors, key=lambda a: a.name.casefold())
    names = {a.id: a.name for a in others if held.study is None or a.id != held.study.actor_id}
    options = ["", *names]
    st.selectbox(
        "Fournisseur ou exutoire, s’il est dans l’annuaire",
        options,
        index=options.index(line["partner_id"]) if line.get("partner_id") in names else 0,
        format_func=lambda one: names.get(one, "–"),
        key=f"{key}partner_id",
    )
    left, right = st.columns(2)
    _text(left, held, "partner_name", "Sinon, son nom")
    _text(right, held, "partner_place", "et son lieu", "Bordeaux, Périgueux…")
    _text(left, held, "cost_eur_per_year", "Coût par an (€)", "négatif s’il rapporte")
    _text(right, held, "packaging", "Conditionnement", "benne, palette filmée, vrac…")
    _text(left, held, "quality", "Qualité, état", "propre, trié, humide…")
    resource = records.resource.get(line.get("resource_id", ""))
    codes = list(resource.waste_codes) if resource else []
    now = line.get("waste_code", "")
    if now and now not in codes:
        codes.append(now)
    codes.insert(0, "")
    right.selectbox(
        "Code déchet",
        codes,
        index=codes.index(now),
        format_func=lambda code: code or "–",
        key=f"{key}waste_code-{line.get('resource_id', '')}",
        accept_new_options=True,
        help=tidy("Proposé par la nomenclature ; tapez-en un autre au besoin."),
    )


def _draw_known(held: Opened) -> None:
    line, key = held.entry, held.entry_prefix
    for name in ("reliability", "visibility"):
        column = FLOWS.column(name)
        st.segmented_control(
            column.title.capitalize(),
            column.choices,
            default=line.get(name),
            key=f"{key}{name}",
            required=True,
        )
    st.caption(
        tidy(
            "Public : tout le monde. Réseau : les partenaires du programme. Confidentiel : "
            "l’équipe seule ; les totaux publics le masquent."
        )
    )
    _text(st, held, "reliability_note", "Comment ?", "pesée de mai, facture 2025, le gérant…")
    left, right = st.columns(2)
    _text(left, held, "uncertainty", "À combien près ? (%)", "30 = vrai à 30 % près")
    _text(right, held, "year", "Année")
    _text(st, held, "label", "Libellé, s’il dit mieux que la ressource")


def _text(where: Any, held: Opened, name: str, label: str, placeholder: str = "") -> None:
    where.text_input(
        label,
        value=held.entry.get(name, ""),
        key=f"{held.entry_prefix}{name}",
        max_chars=1000,
        placeholder=tidy(placeholder),
    )


def _draw_buttons(held: Opened) -> None:
    if held.errors:
        lines = "\n".join(f"- {escape.markdown(error.message)}" for error in held.errors)
        st.error(
            f"Ce flux n’est pas encore ajouté, et rien n’est perdu.\n\n{lines}",
            icon=":material/error:",
        )
    with st.container(horizontal=True):
        st.button(
            "Ajouter ce flux" if held.editing is None else "Garder ces changements",
            key=f"{held.entry_prefix}add",
            type="primary",
            icon=":material/add:" if held.editing is None else ":material/check:",
            on_click=_add,
            args=(held,),
            shortcut="Ctrl+Enter",
        )
        if held.editing is not None:
            st.button(
                "Annuler ces changements",
                key=f"{held.entry_prefix}cancel",
                on_click=opened.new_entry,
                args=(held,),
            )


# --- What is typed


def collect(held: Opened) -> None:
    """Bring what the widgets hold into the entry line."""
    key, line, state = held.entry_prefix, held.entry, st.session_state
    for name in (*_TEXTS, "direction", "unit", "period", "reliability", "visibility", "partner_id"):
        if f"{key}{name}" in state:
            line[name] = str(state[f"{key}{name}"] or "")
    if f"{key}words" in state:
        line[WORDS] = str(state[f"{key}words"] or "")
    code = f"{key}waste_code-{line.get('resource_id', '')}"
    if code in state:
        line["waste_code"] = str(state[code] or "")
    season = state.get(f"{key}season")
    if season == _BY_MONTH:
        line["seasonality"] = _written(from_months(state.get(f"{key}months") or ()))
    elif season and season != _OTHER:
        line["seasonality"] = _written(next(s.weights for s in SEASONS if s.name == season))


def _written(weights: tuple[float, ...]) -> str:
    return write_weights(weights) if weights else ""


def _weights(line: Line) -> tuple[float, ...]:
    text = line.get("seasonality", "")
    try:
        return read_weights(text) if text else ()
    except InputError:
        return ()


def _words_changed(held: Opened) -> None:
    """Take the nomenclature's best answer, until another is chosen."""
    collect(held)
    words = held.entry.get(WORDS, "")
    found = snapshot().nomenclature.search(words, limit=1) if words.strip() else []
    held.entry["resource_id"] = found[0].id if found else ""


def _resource_chosen(held: Opened, key: str) -> None:
    collect(held)
    chosen = st.session_state.get(key)
    if chosen:
        held.entry["resource_id"] = str(chosen)


# --- What buttons do


def keep_label(line: Line) -> None:
    """Keep the actor's words as the label, when they say more than the resource's name."""
    resource = snapshot().resource.get(line.get("resource_id", ""))
    words = line.get(WORDS, "").strip()
    if (
        words
        and resource
        and not line.get("label")
        and words.casefold() != resource.name.casefold()
    ):
        line["label"] = words


def _add(held: Opened) -> None:
    collect(held)
    assert held.study is not None  # noqa: S101 (lines come after the first step)
    if not study_lines.is_started(held.entry):
        held.errors = (InputError("Écrivez d’abord de quoi il s’agit."),)
        return
    keep_label(held.entry)
    base = opened.get_flow(held.entry.get("id", ""))
    reading = study_lines.read_line(held.entry, held.study, directory(), base)
    held.errors = reading.errors
    if reading.record is None:
        return
    line, place = dict(held.entry), held.editing
    if place is None:
        held.lines.append(line)
    else:
        held.lines[place] = line
    opened.new_entry(held)
    opened.save(held)


def _edit(held: Opened, place: int) -> None:
    collect(held)
    if held.editing is not None:
        held.lines[held.editing] = dict(held.entry)
    elif study_lines.is_started(held.entry):
        held.lines.append(dict(held.entry))
    held.errors = ()
    opened.new_entry(held, held.lines[place], place)


def fix(held: Opened, place: int) -> None:
    """Open a line from the review, with what is wrong in it (a widget callback)."""
    line = held.lines[place]
    opened.new_entry(held, line, place)
    held.step = StudyStep.FLOWS
    assert held.study is not None  # noqa: S101 (lines come after the first step)
    base = opened.get_flow(line.get("id", ""))
    held.errors = study_lines.read_line(line, held.study, directory(), base).errors


def _remove(held: Opened, place: int) -> None:
    collect(held)
    line = held.lines[place]
    if line.get("id"):
        held.lines[place] = {**line, REMOVED: "1"}
    else:
        held.lines.pop(place)
        if held.editing is not None and held.editing > place:
            held.editing -= 1
    opened.save(held)


def _restore(held: Opened, place: int) -> None:
    collect(held)
    held.lines[place] = {k: v for k, v in held.lines[place].items() if k != REMOVED}
    opened.save(held)


def leave(held: Opened) -> None:
    """Move the line being typed among the others, finished or not (a widget callback)."""
    collect(held)
    held.errors = ()
    if not study_lines.is_started(held.entry):
        held.editing = None
        return
    keep_label(held.entry)
    if held.editing is not None:
        held.lines[held.editing] = dict(held.entry)
    else:
        held.lines.append(dict(held.entry))
    opened.new_entry(held)
