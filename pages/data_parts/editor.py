"""List, add, change and delete records of any kind."""

import dataclasses
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from data.errors import CartofluxError, ConflictError
from data.exchange.importing import duplicate_of
from data.exchange.records import read_record, to_row
from data.exchange.tables import typed_text
from data.french import NNBSP, number, quote, tidy
from data.model import Actor, Flow, Listing, Origin, Stop
from data.text import fold
from pages.data_parts import forgetting, history
from pages.data_parts.exchange import IMPORTED
from pages.data_parts.kinds import Spec
from pages.data_parts.session import directory, forget_news, tell, tell_error, when
from pages.data_parts.widgets import Fields, screen_name, typed_cells
from pages.ui import escape, icons, wording
from pages.ui.session import Snapshot, get_store, snapshot, who


@dataclass
class Draft:
    """A form that is open.

    Attributes:
        base: the record as it was when the form was opened; ``None`` for a new one.
        number: tells the widgets of two openings apart.
        errors: sentences by column title.
        general: sentences about no column in particular.
        conflict: somebody else changed or deleted the record meanwhile.
        deleting: the question « Supprimer ? » is on screen.
        forgetting: the question « Effacer définitivement ? » is.
    """

    base: Any
    number: int
    errors: dict[str, str] = field(default_factory=dict)
    general: tuple[str, ...] = ()
    conflict: bool = False
    deleting: bool = False
    forgetting: bool = False


def draw(spec: Spec) -> None:
    """Draw the list of records, or the form that is open."""
    draft: Draft | None = st.session_state.get(_draft_key(spec))
    if draft is None:
        _draw_list(spec)
    else:
        with st.container(width=920):
            _draw_form(spec, draft)


# --- The list


def _draw_list(spec: Spec) -> None:
    records = snapshot()
    everything = get_store().list(spec.kind)
    nouns = spec.format.nouns
    st.caption(tidy(spec.why))
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"data-{spec.slug}-bar"):
        text = st.text_input(
            "Rechercher",
            key=f"data-{spec.slug}-text",
            type="search",
            live=True,
            placeholder="Nom, commune, activité…",
            icon=icons.MATERIAL_SEARCH,
            max_chars=100,
            width=260,
            persist_state="session",
        )
        shown = _found(spec, everything, records, text or "")
        _opener(spec, shown, records)
        st.button(
            f"Ajouter {spec.one}",
            key=f"data-{spec.slug}-add",
            icon=":material/add:",
            type="primary",
            on_click=_open,
            args=(spec, None),
        )
    if not everything:
        st.info(
            tidy(
                f"{spec.none('pour l’instant')}. Ajoutez "
                f"{'la première' if spec.feminine else 'le premier'} avec le bouton ci-dessus"
                + (
                    ", ou importez un tableur (rubrique « Importer, exporter »)."
                    if spec.format in IMPORTED
                    else "."
                )
            ),
            icon=":material/info:",
        )
        return
    if not shown:
        st.info(
            tidy(spec.none("ne répond à cette recherche : essayez moins de mots.")),
            icon=":material/search_off:",
        )
        return
    _count(len(shown), len(everything), nouns, spec.format.noun)
    _table(spec, shown, records)


def _found(
    spec: Spec, everything: tuple[Any, ...], records: Snapshot, text: str
) -> tuple[Any, ...]:
    words = fold(text).split()
    kept = (record for record in everything if spec.matches(record, records, words))
    return tuple(sorted(kept, key=lambda r: (spec.title(r, records).casefold(), r.id)))


def _opener(spec: Spec, shown: tuple[Any, ...], records: Snapshot) -> None:
    """Offer the same choice as the table to those who use a keyboard or a screen reader."""
    key = f"data-{spec.slug}-open-{_openings(spec)}"
    titles = {record.id: spec.title(record, records) for record in shown}
    st.selectbox(
        "Ouvrir une fiche",
        list(titles),
        index=None,
        key=key,
        format_func=lambda record_id: titles.get(record_id, record_id),
        placeholder="Choisir, ou cocher une ligne du tableau",
        on_change=_open_chosen,
        args=(spec, key),
        width=380,
    )


def _count(shown: int, total: int, nouns: str, noun: str) -> None:
    text = f"{number(shown)} {wording.plural(shown, noun, nouns)}"
    if shown != total:
        text += f" sur {number(total)}"
    st.markdown(f"**{text}**")


def _table(spec: Spec, shown: tuple[Any, ...], records: Snapshot) -> None:
    frame = pd.DataFrame([spec.row(record, records) for record in shown])
    key = f"data-{spec.slug}-table-{_openings(spec)}"
    st.dataframe(
        frame,
        key=key,
        hide_index=True,
        height=min(560, 36 * (len(frame) + 1) + 3),
        on_select=lambda: _open_row(spec, key, tuple(record.id for record in shown)),
        selection_mode="single-row",
        column_config={
            "Année": st.column_config.NumberColumn(format="%d"),
            "Tonnes par an": st.column_config.NumberColumn(format="localized"),
        },
        placeholder="–",
        alt=f"Tableau\u202f: {spec.format.nouns}",
    )


def _open_row(spec: Spec, key: str, ids: tuple[str, ...]) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    if rows and rows[0] < len(ids):
        _open(spec, ids[rows[0]])


def _open_chosen(spec: Spec, key: str) -> None:
    if record_id := st.session_state.get(key):
        _open(spec, str(record_id))


# --- The form


def _draw_form(spec: Spec, draft: Draft) -> None:
    records = snapshot()
    base = draft.base
    st.button(
        "Retour à la liste",
        icon=icons.MATERIAL_BACK,
        key=f"data-{spec.slug}-back",
        type="tertiary",
        on_click=_close,
        args=(spec,),
    )
    title = "Nouvelle fiche" if base is None else spec.title(base, records)
    st.subheader(escape.markdown(title), anchor=False)
    if base is not None and base.origin is not Origin.FIELD:
        st.info(
            "Cette fiche vient de la démonstration. Si vous la modifiez, elle devient une fiche du "
            "programme\u202f: elle restera quand la démonstration sera retirée.",
            icon=icons.MATERIAL_DEMO,
        )
    fields = Fields(spec.format, _prefix(spec, draft), base, draft.errors, records)
    for group in spec.groups:
        if group.folded:
            wrong = fields.has_error(group.attributes)
            with st.expander(tidy(group.title), expanded=wrong):
                fields.group(group.attributes)
        else:
            st.markdown(f"**{tidy(group.title)}**")
            fields.group(group.attributes)
    _draw_remark(spec, draft, records)
    # Beside the button that was pressed: the top of the form may be out of sight.
    _draw_faults(spec, draft, records)
    _draw_actions(spec, draft, records)
    if base is not None:
        with st.expander("Historique de cette fiche"):
            history.draw_changes(get_store().history(spec.kind, base.id, limit=20))


def _draw_faults(spec: Spec, draft: Draft, records: Snapshot) -> None:
    if draft.conflict:
        _draw_conflict(spec, draft, records)
    messages = [
        f"{quote(screen_name(spec.format.titled(title)))}\u202f: {message}"
        for title, message in draft.errors.items()
    ]
    messages += draft.general
    if messages:
        count = len(messages)
        lead = "Rien n’est enregistré\u202f: corrigez " + (
            "ce point." if count == 1 else f"ces {count} points."
        )
        lines = "\n".join(f"- {escape.markdown(tidy(message))}" for message in messages)
        st.error(f"{tidy(lead)}\n\n{lines}", icon=":material/error:")


def _draw_conflict(spec: Spec, draft: Draft, records: Snapshot) -> None:
    current = get_store().find(spec.kind, draft.base.id)
    last = get_store().history(spec.kind, draft.base.id, limit=1)
    author = f"{last[0].who}, {when(last[0].at)}" if last else "une autre personne"
    verb = "supprimée" if current is None else "modifiée"
    st.warning(
        tidy(
            f"Cette fiche a été {verb} entre-temps par {escape.markdown(author)}. Votre saisie est "
            "encore là : rechargez la fiche, ou enregistrez la vôtre par-dessus."
        ),
        icon=":material/sync_problem:",
    )
    if current is not None:
        differences = _differences(spec, draft, current, records)
        if not differences.empty:
            st.dataframe(differences, hide_index=True, alt="Votre saisie et la fiche actuelle")
    with st.container(horizontal=True):
        if current is not None:
            st.button(
                "Recharger la fiche actuelle",
                key=f"data-{spec.slug}-reload",
                icon=":material/refresh:",
                on_click=_open,
                args=(spec, draft.base.id),
            )
        st.button(
            "Enregistrer ma saisie par-dessus"
            if current is not None
            else "Enregistrer ma saisie comme nouvelle fiche",
            key=f"data-{spec.slug}-force",
            on_click=_save_over,
            args=(spec,),
        )


def _differences(spec: Spec, draft: Draft, current: Any, records: Snapshot) -> pd.DataFrame:
    typed = typed_cells(spec.format, _prefix(spec, draft), spec.attributes)
    now = to_row(spec.format, current, directory(records))
    personal = {column.title for column in spec.format.columns if column.personal}
    rows = [
        {"Champ": title, "Votre saisie": mine, "Fiche actuelle": typed_text(now[title])}
        for title, mine in typed.items()
        if mine != typed_text(now[title]) and title not in personal
    ]
    return pd.DataFrame(rows)


def _draw_remark(spec: Spec, draft: Draft, records: Snapshot) -> None:
    if spec.remark is None:
        return
    cells = typed_cells(spec.format, _prefix(spec, draft), spec.attributes)
    reading = read_record(spec.format, cells, directory(records), draft.base)
    if text := spec.remark(reading.record, records):
        st.info(escape.markdown(text), icon=":material/scale:")


def _draw_actions(spec: Spec, draft: Draft, records: Snapshot) -> None:
    with st.container(horizontal=True, key=f"data-{spec.slug}-actions"):
        st.button(
            "Enregistrer",
            key=f"data-{spec.slug}-save",
            type="primary",
            icon=":material/save:",
            on_click=_save,
            args=(spec,),
        )
        st.button("Abandonner", key=f"data-{spec.slug}-cancel", on_click=_close, args=(spec,))
        if draft.base is not None and not draft.deleting:
            st.button(
                "Supprimer…",
                key=f"data-{spec.slug}-delete",
                icon=":material/delete:",
                on_click=_ask_delete,
                args=(spec,),
            )
            if spec.kind in forgetting.PERSONAL and not draft.forgetting:
                forgetting.draw_button(spec, partial(_ask_forget, spec))
    if draft.forgetting:
        forgetting.draw_question(spec, draft.base, partial(_close, spec), partial(_keep, spec))
    if draft.deleting:
        st.warning(tidy(_delete_question(spec, draft.base, records)), icon=":material/delete:")
        with st.container(horizontal=True):
            st.button(
                "Oui, supprimer",
                key=f"data-{spec.slug}-delete-yes",
                type="primary",
                on_click=_delete,
                args=(spec,),
            )
            st.button(
                "Non, garder", key=f"data-{spec.slug}-delete-no", on_click=_keep, args=(spec,)
            )


def _delete_question(spec: Spec, base: Any, records: Snapshot) -> str:
    text = f"Supprimer {quote(escape.markdown(spec.title(base, records)))}\u202f?"
    if spec.kind is Actor:
        flows, stops, listings = (
            len(get_store().list(kind, actor_id=base.id)) for kind in (Flow, Stop, Listing)
        )
        if flows or stops or listings:
            text += (
                f" Ses {number(flows)} flux, {number(stops)} "
                f"{wording.plural(stops, 'point', 'points')} de collecte et {number(listings)} "
                f"{wording.plural(listings, 'annonce')} seront supprimés avec."
            )
    return text + " Vous pourrez annuler."


# --- What buttons do


def _openings(spec: Spec) -> int:
    return int(st.session_state.get(f"data-{spec.slug}-openings", 0))


def _draft_key(spec: Spec) -> str:
    return f"data-{spec.slug}-draft"


def _prefix(spec: Spec, draft: Draft) -> str:
    return f"data-{spec.slug}-{draft.number}-"


def _open(spec: Spec, record_id: str | None) -> None:
    base = None if record_id is None else get_store().find(spec.kind, record_id)
    _close(spec)
    forget_news()
    if record_id is not None and base is None:
        tell("Cette fiche n’existe plus : quelqu’un l’a supprimée entre-temps.", good=False)
        return
    st.session_state[_draft_key(spec)] = Draft(base=base, number=_openings(spec))


def _close(spec: Spec) -> None:
    """Forget the form, what was typed in it, and the row chosen in the list."""
    draft: Draft | None = st.session_state.pop(_draft_key(spec), None)
    if draft is not None:
        prefix = _prefix(spec, draft)
        for key in [key for key in st.session_state if str(key).startswith(prefix)]:
            del st.session_state[key]
    st.session_state[f"data-{spec.slug}-openings"] = _openings(spec) + 1


def _draft(spec: Spec) -> Draft:
    draft: Draft = st.session_state[_draft_key(spec)]
    return draft


def _ask_delete(spec: Spec) -> None:
    draft = _draft(spec)
    draft.deleting, draft.forgetting = True, False


def _ask_forget(spec: Spec) -> None:
    draft = _draft(spec)
    draft.deleting, draft.forgetting = False, True


def _keep(spec: Spec) -> None:
    draft = _draft(spec)
    draft.deleting = draft.forgetting = False


def _save(spec: Spec) -> None:
    draft = _draft(spec)
    draft.errors, draft.general, draft.conflict = {}, (), False
    draft.deleting = draft.forgetting = False
    base = draft.base
    where = directory()
    cells = typed_cells(spec.format, _prefix(spec, draft), spec.attributes)
    reading = read_record(spec.format, cells, where, base)
    record = reading.record
    if record is None:
        draft.errors = {e.field: _without_place(e.message) for e in reading.errors if e.field}
        draft.general = tuple(e.message for e in reading.errors if not e.field)
        st.toast(
            "Rien n’est enregistré\u202f: corrigez ce qui est en rouge.", icon=":material/error:"
        )
        return
    if base is not None and record == base:
        _close(spec)
        tell("Rien n’avait changé : rien n’a été écrit.")
        return
    record = dataclasses.replace(record, origin=Origin.FIELD)
    everything = get_store().list(spec.kind)
    twin = duplicate_of(spec.format, record, everything)
    if twin and (base is None or not duplicate_of(spec.format, base, everything)):
        draft.general = (twin.message,)
        return
    name = spec.title(record, snapshot())
    verb = "Ajout" if base is None else "Modification"
    try:
        with get_store().transaction(
            who=who(), what=f"{verb}\u202f: {spec.format.noun} {quote(name)}"
        ) as tx:
            tx.put(record)
            done = tx.number()
    except ConflictError:
        draft.conflict = True
    except CartofluxError as error:
        draft.general = (str(error),)
    else:
        _close(spec)
        doubt = spec.format.doubt(record, where) or ""
        tell(f"{quote(name)} est enregistré.", undo=done, doubt=doubt)


def _without_place(message: str) -> str:
    """Drop « nom » from the start of a sentence that will stand under the field itself."""
    text = message.split(f"{NNBSP}: ", 1)[-1]
    return text[:1].upper() + text[1:]


def _save_over(spec: Spec) -> None:
    """Save what was typed over what somebody else saved meanwhile (it stays in the history)."""
    draft = _draft(spec)
    draft.base = get_store().find(spec.kind, draft.base.id)
    _save(spec)


def _delete(spec: Spec) -> None:
    draft = _draft(spec)
    name = spec.title(draft.base, snapshot())
    try:
        with get_store().transaction(
            who=who(), what=f"Suppression\u202f: {spec.format.noun} {quote(name)}"
        ) as tx:
            tx.delete(spec.kind, draft.base.id, draft.base.revision)
            done = tx.number()
    except ConflictError as error:
        current = get_store().find(spec.kind, draft.base.id)
        draft.deleting = False
        draft.conflict = current is None or current.revision != draft.base.revision
        draft.general = () if draft.conflict else (str(error),)
    except CartofluxError as error:
        _close(spec)
        tell_error(error)
    else:
        _close(spec)
        tell(f"{quote(name)} est supprimé.", undo=done)
