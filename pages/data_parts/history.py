"""The history in plain French: who changed what, when, from what to what; and taking it back."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from data.errors import CartofluxError
from data.exchange.actors import ACTORS
from data.exchange.collection import DEPOTS, OUTLETS, STOPS, VEHICLES
from data.exchange.flows import FLOWS
from data.exchange.programme import PROGRAMME
from data.exchange.records import Format, to_row
from data.exchange.tables import typed_text
from data.figures import SETTING_PREFIX
from data.french import NNBSP, number, quote, tidy
from data.rules import KIND_LABELS, RULES
from data.store import Change, ChangeSet
from data.store.codec import from_plain
from data.store.forget import FORGOTTEN
from pages.data_parts.session import directory, local_time, undo, when
from pages.ui import wording
from pages.ui.session import get_store, snapshot

_ALL: Final[tuple[Format[Any], ...]] = (
    *(ACTORS, FLOWS, STOPS, VEHICLES, DEPOTS, OUTLETS),
    *PROGRAMME,
)
_FORMATS: Final = {format_.kind.__name__: format_ for format_ in _ALL}
_KINDS: Final = {
    **{kind.__name__: text for kind, text in KIND_LABELS.items()},
    "Setting": "Réglage",
    "Territory": "Territoire",
}
_ACTIONS: Final = {
    "create": "ajout",
    "update": "modification",
    "delete": "suppression",
    "forget": "effacement",
}
_PERSONAL: Final = "(donnée personnelle, non affichée)"
_ERASED: Final = "(effacé définitivement)"
_PAGE: Final = 50
_MOST_CHANGES: Final = 200
_LONGEST: Final = 200


def draw() -> None:
    """Draw the whole history, the newest first, with what can be taken back."""
    wanted = int(st.session_state.get("data-history-count", _PAGE))
    sets = get_store().transactions(limit=wanted + 1)
    shown = sets[:wanted]
    if not shown:
        st.info("Rien n’a encore été écrit.", icon=":material/history:")
        return
    st.caption(
        "Tout ce qui a été écrit, le plus récent d’abord. Même une annulation est notée, et "
        "s’annule. Seul un effacement définitif ne s’annule pas."
    )
    st.dataframe(
        pd.DataFrame([_line(one) for one in shown]),
        hide_index=True,
        column_config={"Quand": st.column_config.DatetimeColumn(format="DD/MM/YYYY HH:mm")},
        alt="Historique des modifications",
        height=min(420, 36 * (len(shown) + 1) + 3),
    )
    if len(sets) > wanted:
        st.button(
            f"Voir {_PAGE} modifications de plus",
            key="data-history-more",
            on_click=_show_more,
            args=(wanted,),
        )
    titles = {one.id: f"{when(one.at)}, {one.who}{NNBSP}: {one.what}" for one in shown}
    chosen = st.selectbox(
        "Voir le détail d’une modification",
        list(titles),
        index=None,
        key="data-history-open",
        format_func=lambda set_id: titles.get(set_id, str(set_id)),
        placeholder="Choisir une modification",
    )
    found = next((one for one in shown if one.id == chosen), None)
    if found is not None:
        _draw_set(found)


def _show_more(wanted: int) -> None:
    st.session_state["data-history-count"] = wanted + _PAGE


def _line(one: ChangeSet) -> dict[str, Any]:
    state = ""
    if one.undone_by is not None:
        state = "annulée"
    elif one.undoes is not None:
        state = "annulation"
    return {
        "Quand": local_time(one.at).replace(tzinfo=None),
        "Qui": one.who,
        "Quoi": one.what,
        "Fiches": one.changes,
        "État": state,
    }


def _draw_set(one: ChangeSet) -> None:
    changes = get_store().history(transaction_id=one.id, limit=_MOST_CHANGES)
    if not changes:
        st.caption("Cette modification ne touche aucune fiche (chargement du territoire).")
        return
    if one.undone_by is None:
        st.button(
            "Annuler cette modification",
            key=f"data-history-undo-{one.id}",
            icon=":material/undo:",
            on_click=undo,
            args=(one.id,),
        )
    else:
        st.caption("Cette modification a déjà été annulée.")
    draw_changes(changes, signed=False)
    if one.changes > len(changes):
        rest = one.changes - len(changes)
        st.caption(
            tidy(f"Et {number(rest)} {wording.plural(rest, 'autre fiche', 'autres fiches')}.")
        )


def draw_changes(changes: Sequence[Change], *, signed: bool = True) -> None:
    """Draw changes as one table: what, field, before, after (with who and when if ``signed``)."""
    rows = [row for change in changes for row in change_rows(change, signed=signed)]
    if not rows:
        st.caption("Rien n’a changé.")
        return
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt="Détail des modifications")


def change_rows(change: Change, *, signed: bool = True) -> list[dict[str, str]]:
    """Tell a change in French: one row a field that differs."""
    head = {"Quand": when(change.at).removeprefix("le "), "Qui": change.who} if signed else {}
    head |= {
        "Fiche": f"{_KINDS.get(change.kind, change.kind)} {quote(_title(change))}",
        "Action": _ACTIONS.get(change.action, change.action),
    }
    before, after = _cells(change, change.before), _cells(change, change.after)
    if change.action == FORGOTTEN:
        return [{**head, "Champ": "", "Avant": _ERASED, "Après": _ERASED}]
    fields = [title for title in {**before, **after} if before.get(title) != after.get(title)]
    if change.action != "update":
        fields = [title for title in fields if before.get(title) or after.get(title)]
    format_ = _FORMATS.get(change.kind)
    personal = {c.title for c in format_.columns if c.personal} if format_ else set()
    rows = []
    for title in fields:
        texts = [_short(cells.get(title, "")) for cells in (before, after)]
        if title in personal:
            texts = [_PERSONAL if text else "" for text in texts]
        rows.append({**head, "Champ": title, "Avant": texts[0], "Après": texts[1]})
    return rows


def _title(change: Change) -> str:
    plain = change.after or change.before or {}
    if change.kind == "Setting":
        key = str(plain.get("id", "")).removeprefix(SETTING_PREFIX)
        figure = snapshot().figures.get(key)
        return figure.label_fr if figure else key
    if change.kind == "Flow":
        actor = snapshot().actor.get(str(plain.get("actor_id")))
        what = plain.get("label") or plain.get("resource_id") or change.record_id
        return f"{actor.name} – {what}" if actor else str(what)
    names = (plain.get(field) for field in ("name", "label", "title", "company"))
    return str(next(filter(None, names), change.record_id))


def _cells(change: Change, plain: Mapping[str, Any] | None) -> dict[str, str]:
    """Fields of a record as it was, in the words of the screen."""
    if plain is None:
        return {}
    format_ = _FORMATS.get(change.kind)
    if format_ is not None:
        try:
            row = to_row(format_, from_plain(format_.kind, plain), directory())
        except CartofluxError:
            return _raw(plain)
        return {title: typed_text(cell) for title, cell in row.items()}
    return _raw(plain)


def _raw(plain: Mapping[str, Any]) -> dict[str, str]:
    return {
        RULES[name].label if name in RULES else name: _text(value)
        for name, value in plain.items()
        if name not in {"id", "revision", "boundary_wkb"}
    }


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | dict):
        return f"{len(value)} éléments" if value else ""
    return typed_text(value) if isinstance(value, int | float | bool) else str(value)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
