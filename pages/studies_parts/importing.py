"""A spreadsheet of flows: template, preview elsewhere, marked file or one whole import."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final

import pandas as pd
import streamlit as st

from data.errors import CartofluxError, ConflictError, SolveCancelledError
from data.exchange.flow_template import template_csv, template_xlsx
from data.exchange.flows import FLOWS
from data.exchange.importing import Changed
from data.exchange.markup import reason
from data.exchange.records import to_row
from data.exchange.tables import MAX_FILE_BYTES, typed_text
from data.french import number, quote, tidy
from data.model import Flow
from data.settings import read_settings
from geo.flows.confidentiality import VISIBLE
from optimization.importing import SHOWN, Announced, start_reading, start_writing
from optimization.worker import Task, Worker, local_worker
from pages.data_parts.kinds import amount
from pages.data_parts.session import directory, tell
from pages.studies_parts.exporting import XLSX, draw_schema
from pages.ui import escape, icons, wording
from pages.ui.session import snapshot, who
from pages.ui.viewer import viewer

_KEY: Final = "study-import"
_UPLOADS: Final = "study-import-number"
_REFRESH_S: Final = 0.4


@dataclass
class _Import:
    """A file on its way.

    Attributes:
        file_id: the browser's upload it is about.
        again: why the file is being read a second time, if it is.
    """

    file_id: str
    name: str
    content: bytes
    reading: Task[Announced] | None = None
    announced: Announced | None = None
    writing: Task[int | None] | None = None
    error: str = ""
    again: str = ""


def draw() -> None:
    """Draw the template, the sending of a file, and what it would do."""
    _worker().warm_up()
    _draw_template()
    number_ = int(st.session_state.get(_UPLOADS, 0))
    sent = st.file_uploader(
        "Votre tableur (Excel .xlsx ou CSV)",
        type=["xlsx", "csv", "txt", "tsv", "xls", "ods", "xlsm"],
        key=f"{_KEY}-{number_}",
        max_upload_size=MAX_FILE_BYTES // 1_000_000,
        help="Rien n’est écrit avant votre accord. Envoyer deux fois le même fichier ne change "
        "rien.",
    )
    held: _Import | None = st.session_state.get(_KEY)
    if sent is None:
        _forget(held)
        return
    if held is None or held.file_id != sent.file_id:
        _forget(held)
        held = _Import(file_id=sent.file_id, name=PurePath(sent.name).name, content=sent.getvalue())
        st.session_state[_KEY] = held
        _read(held)
    _settle(held)
    if held.reading is not None or held.writing is not None:
        _draw_progress(held)
    elif held.error:
        st.error(escape.markdown(held.error), icon=":material/error:")
    elif held.announced is not None:
        _draw_announced(held, held.announced)


def _draw_template() -> None:
    st.markdown(
        tidy(
            "Un tableur par territoire ou par visite : une ligne par flux. Le modèle a des listes "
            "déroulantes, deux exemples et une feuille d’aide ; vos propres colonnes peuvent y "
            "rester."
        )
    )
    records = snapshot()
    allowed = VISIBLE[viewer()]
    with st.container(horizontal=True):
        st.download_button(
            "Modèle Excel",
            lambda: template_xlsx(
                records.territory,
                [actor for actor in records.actors if actor.visibility in allowed],
                records.resources,
            ),
            file_name="modele_flux.xlsx",
            mime=XLSX,
            icon=icons.MATERIAL_DOWNLOAD,
            on_click="ignore",
            key="study-template-xlsx",
        )
        st.download_button(
            "Modèle CSV",
            template_csv,
            file_name="modele_flux.csv",
            mime="text/csv",
            icon=icons.MATERIAL_DOWNLOAD,
            on_click="ignore",
            key="study-template-csv",
        )
        draw_schema("import")


# --- The two computations


def _worker() -> Worker:
    return local_worker(read_settings())


def _read(held: _Import) -> None:
    held.announced, held.error = None, ""
    held.reading = start_reading(_worker(), _database(), held.content, held.name)


def _database() -> str:
    return read_settings().database_url


def _write(held: _Import, announced: Announced) -> None:
    held.writing = start_writing(
        _worker(), _database(), announced, who(), f"Import des flux du fichier {quote(held.name)}"
    )


def _settle(held: _Import) -> None:
    """Take what has ended."""
    if held.reading is not None and held.reading.progress().state.is_final:
        task, held.reading = held.reading, None
        try:
            held.announced = task.result()
        except CartofluxError as error:
            held.error = str(error)
    if held.writing is not None and held.writing.progress().state.is_final:
        done, held.writing = held.writing, None
        _settle_writing(held, done)


def _settle_writing(held: _Import, done: Task[int | None]) -> None:
    announced = held.announced
    try:
        transaction = done.result()
    except ConflictError as error:
        held.again = str(error)
        _read(held)
        return
    except SolveCancelledError as error:
        tell(str(error), good=None)
        st.rerun()
    except CartofluxError as error:
        held.error = f"Rien n’est écrit. {error}"
        return
    count = announced.writes if announced else 0
    _forget(held)
    st.session_state[_UPLOADS] = int(st.session_state.get(_UPLOADS, 0)) + 1
    tell(
        f"Import terminé : {number(count)} "
        f"{wording.plural(count, 'fiche écrite', 'fiches écrites')} d’un seul tenant.",
        undo=transaction,
    )
    st.rerun()


def _forget(held: _Import | None) -> None:
    if held is not None and held.reading is not None:
        held.reading.cancel()
    st.session_state.pop(_KEY, None)


@st.fragment(run_every=_REFRESH_S)
def _draw_progress(held: _Import) -> None:
    task: Task[Any] | None = held.writing or held.reading
    if task is None:
        return
    progress = task.progress()
    if progress.state.is_final:
        st.rerun()
    st.progress(min(progress.share, 1.0), text=escape.markdown(progress.message))
    if st.button("Annuler", icon=":material/cancel:", key=f"{_KEY}-cancel"):
        if held.writing is not None:
            held.writing.ask_to_stop()
        else:
            task.cancel()


# --- What the file would do


def _draw_announced(held: _Import, announced: Announced) -> None:
    if held.again:
        st.warning(escape.markdown(held.again), icon=":material/sync_problem:")
    _draw_counts(announced)
    if announced.mistakes:
        _draw_mistakes(held, announced)
    elif not announced.writes:
        st.success(tidy("Tout est déjà là : ce fichier ne change rien."), icon=":material/check:")
    else:
        _draw_go(held, announced)
        _draw_writes(announced)


def _draw_counts(announced: Announced) -> None:
    first = announced.first
    counts = (
        ("Nouveaux", announced.new),
        ("Modifiés", announced.changed),
        ("Inchangés", first.unchanged),
        ("Refusés", first.rejected),
    )
    with st.container(horizontal=True):
        for label, count in counts:
            st.metric(label, number(count), width=110)
    for note in first.notes[:12]:
        st.caption(escape.markdown(note))
    if len(first.notes) > 12:  # noqa: PLR2004
        st.caption(f"Et {number(len(first.notes) - 12)} autres remarques.")


def _draw_go(held: _Import, announced: Announced) -> None:
    if st.button(
        f"Importer {number(announced.writes)} {wording.plural(announced.writes, 'fiche')}",
        type="primary",
        icon=":material/upload:",
        key=f"{_KEY}-go",
    ):
        _write(held, announced)
        held.again = ""
        st.rerun()
    st.caption("Tout ou rien, en une seule fois ; l’import entier pourra s’annuler.")


def _draw_writes(announced: Announced) -> None:
    first = announced.first
    if announced.new:
        _table("Flux à ajouter", announced.new, map(_new_row, first.new))
    if announced.changed:
        _table("Flux à modifier", announced.changed, _changed_rows(first.changed))
    if announced.actors:
        _table(
            "Acteurs à créer",
            announced.actors,
            (
                {
                    "Nom": actor.name,
                    "Type": wording.ACTOR_KIND[actor.kind],
                    "Commune": _commune(actor.commune_code),
                    "SIRET": actor.siret,
                }
                for actor in first.actors
            ),
        )


def _draw_mistakes(held: _Import, announced: Announced) -> None:
    count = announced.mistakes
    st.error(
        tidy(
            f"{number(count)} {wording.plural(count, 'cellule')} à corriger : rien n’est écrit. "
            "Le plus simple : reprenez votre fichier annoté, corrigez les cellules rouges, "
            "renvoyez-le."
        ),
        icon=":material/error:",
    )
    first = announced.first
    if first.marked is not None:
        st.download_button(
            "Mon fichier annoté",
            first.marked,
            file_name=f"{PurePath(held.name).stem}_a_corriger.xlsx",
            mime=XLSX,
            type="primary",
            icon=icons.MATERIAL_DOWNLOAD,
            on_click="ignore",
            key=f"{_KEY}-marked",
        )
    _table(
        "À corriger",
        count,
        (
            {"Ligne": error.row, "Colonne": error.field or "–", "À corriger": reason(error)}
            for error in first.errors
        ),
    )


def _new_row(flow: Flow) -> dict[str, Any]:
    records = snapshot()
    held: _Import | None = st.session_state.get(_KEY)
    created = held.announced.first.actors if held and held.announced else ()
    names = {actor.id: actor.name for actor in created}
    actor = records.actor.get(flow.actor_id)
    resource = records.resource.get(flow.resource_id)
    return {
        "Acteur": actor.name if actor else names.get(flow.actor_id, flow.actor_id),
        "Sens": wording.DIRECTION[flow.direction],
        "Ressource": resource.name if resource else flow.resource_id,
        "Libellé": flow.label,
        "Quantité": amount(flow),
        "Année": flow.year,
    }


def _changed_rows(changes: Iterable[Changed[Flow]]) -> Iterable[dict[str, Any]]:
    where = directory()
    for change in changes:
        before, after = (to_row(FLOWS, one, where) for one in (change.before, change.after))
        row = _new_row(change.before)
        for title in change.titles:
            yield {
                "Acteur": row["Acteur"],
                "Ressource": row["Ressource"],
                "Colonne": title,
                "Avant": typed_text(before[title]),
                "Après": typed_text(after[title]),
            }


def _table(title: str, total: int, rows: Iterable[dict[str, Any]]) -> None:
    listed = list(rows)[:SHOWN]
    st.markdown(f"**{title}**")
    st.dataframe(
        pd.DataFrame(listed),
        hide_index=True,
        alt=title,
        column_config={
            "Ligne": st.column_config.NumberColumn(format="%d", width="small"),
            "Année": st.column_config.NumberColumn(format="%d"),
            "À corriger": st.column_config.TextColumn(width="large"),
        },
    )
    if total > len(listed):
        st.caption(f"Les {number(len(listed))} premiers sur {number(total)}.")


def _commune(code: str) -> str:
    commune = snapshot().commune.get(code)
    return commune.name if commune else code
