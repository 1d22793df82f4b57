"""Files in and out: exports without contacts, imports previewed before anything is written."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import pandas as pd
import streamlit as st

from data.errors import CartofluxError, InputError
from data.exchange.actors import ACTORS
from data.exchange.collection import DEPOTS, OUTLETS, STOPS, VEHICLES
from data.exchange.flows import FLOWS
from data.exchange.importing import Preview, preview, write
from data.exchange.programme import ATTENDANCES, EVENTS, LISTINGS, PROGRAMME, SUBSCRIBERS, SYNERGIES
from data.exchange.records import Format, to_row
from data.exchange.tables import (
    Row,
    Sheet,
    Table,
    csv_bytes,
    read_table,
    read_xlsx,
    typed_text,
    xlsx_bytes,
)
from data.exchange.template import file_name, template
from data.french import number, quote, tidy
from data.model import Actor
from geo.exports import actors_geojson, actors_geopackage
from pages.data_parts.session import directory, tell
from pages.ui import escape, icons, wording
from pages.ui.session import get_store, snapshot, who

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHEETS: Final[tuple[Format[Any], ...]] = (
    *(ACTORS, FLOWS, STOPS, VEHICLES, DEPOTS, OUTLETS),
    *PROGRAMME,
)
IMPORTED: Final[tuple[Format[Any], ...]] = (
    *(ACTORS, LISTINGS, EVENTS, SYNERGIES, SUBSCRIBERS, ATTENDANCES),
)
"""What files of this section may hold; flow studies have an import of their own."""
_SHOWN_COLUMNS: Final = 6
_MOST_ROWS: Final = 500
# Streamlit has no setting for the words of its uploader.
_FRENCH_UPLOADER: Final = """<style>
[data-testid="stFileUploaderDropzone"] button p { font-size: 0; }
[data-testid="stFileUploaderDropzone"] button p::after {
  content: "Choisir un fichier"; font-size: 1rem;
}
[data-testid="stFileUploaderDropzoneInstructions"] span { font-size: 0; }
[data-testid="stFileUploaderDropzoneInstructions"] span::after {
  content: "ou déposez-le ici : CSV ou Excel, 20 Mo au plus"; font-size: 0.875rem;
}
</style>"""
_UPLOADS: Final = "data-import-number"


@dataclass(frozen=True)
class _Prepared:
    """A file once read, kept until the store or the file changes."""

    key: str
    result: Preview[Any] | None
    error: InputError | None = None


def draw() -> None:
    """Draw exports then the import."""
    left, right = st.columns(2, gap="large")
    with left:
        _draw_exports()
    with right:
        _draw_template()
    st.subheader("Importer", anchor=False)
    _draw_import()


# --- Out


def _draw_exports() -> None:
    st.subheader("Exporter", anchor=False)
    contacts = st.toggle(
        "Inclure les contacts (données personnelles)",
        key="data-export-contacts",
        help="Seulement dans les fichiers CSV et Excel, pour l’équipe. Ne les diffusez pas.",
    )
    if contacts:
        st.warning(
            tidy("Ces fichiers contiendront des données personnelles : gardez-les dans l’équipe."),
            icon=":material/lock:",
        )
    records = snapshot()
    files: tuple[tuple[str, str, str, Callable[[], bytes]], ...] = (
        ("Classeur Excel complet", "cartoflux.xlsx", _XLSX, partial(workbook, contacts)),
        ("Acteurs en CSV", "acteurs.csv", "text/csv", partial(_csv, ACTORS, contacts)),
        ("Flux en CSV", "flux.csv", "text/csv", partial(_csv, FLOWS, contacts)),
        (
            "GeoJSON",
            "acteurs.geojson",
            "application/geo+json",
            lambda: actors_geojson(records.actors, records.flows),
        ),
        (
            "GeoPackage",
            "acteurs.gpkg",
            "application/geopackage+sqlite3",
            lambda: actors_geopackage(records.actors, records.flows),
        ),
    )
    with st.container(horizontal=True):
        for label, name, mime, make in files:
            st.download_button(
                label,
                make,
                file_name=name,
                mime=mime,
                icon=icons.MATERIAL_DOWNLOAD,
                on_click="ignore",
                key=f"data-export-{name}",
            )
    st.caption(
        tidy(
            "Les fichiers GeoJSON et GeoPackage, faits pour circuler, n’ont ni contact ni fiche "
            "confidentielle. Le classeur et les CSV ont tout ; les acteurs, les offres et besoins, "
            "les temps forts, les synergies, les abonnements et les présences s’y réimportent à "
            "l’identique."
        )
    )


def workbook(contacts: bool) -> bytes:
    """Return everything in one workbook, a sheet a kind."""
    return xlsx_bytes(
        [
            Sheet(
                name=format_.nouns.capitalize(),
                columns=format_.titles(personal=contacts),
                rows=_rows(format_),
            )
            for format_ in _SHEETS
        ]
    )


def _csv(format_: Format[Any], contacts: bool) -> bytes:
    return csv_bytes(_rows(format_), format_.titles(personal=contacts))


def _rows(format_: Format[Any]) -> tuple[Row, ...]:
    where = directory()
    return tuple(to_row(format_, record, where) for record in get_store().list(format_.kind))


def _draw_template() -> None:
    st.subheader("Modèle à remplir", anchor=False)
    st.markdown(
        tidy(
            "Un tableur vide avec les bonnes colonnes, et une feuille d’aide qui dit ce que "
            "chacune accepte. Peu de colonnes sont obligatoires ; les autres peuvent rester vides."
        )
    )
    format_ = IMPORTED[
        st.selectbox(
            "Modèle pour",
            range(len(IMPORTED)),
            format_func=_nouns,
            key="data-template-kind",
            width=320,
        )
    ]
    st.download_button(
        "Télécharger le modèle",
        partial(template, format_),
        file_name=file_name(format_),
        mime=_XLSX,
        icon=icons.MATERIAL_DOWNLOAD,
        on_click="ignore",
        key="data-template",
    )


def _nouns(rank: int) -> str:
    return IMPORTED[rank].nouns.capitalize()


# --- In


def _draw_import() -> None:
    st.html(_FRENCH_UPLOADER)
    format_ = IMPORTED[
        st.selectbox(
            "Que contient le fichier\u202f?",
            range(len(IMPORTED)),
            format_func=_nouns,
            key="data-import-kind",
            width=320,
        )
    ]
    sent = st.file_uploader(
        "Fichier CSV ou Excel",
        type=["csv", "txt", "xlsx"],
        key=f"data-import-{IMPORTED.index(format_)}-{_upload_number()}",
        max_upload_size=20,
        help="Rien n’est écrit avant votre accord. Une fiche déjà connue est retrouvée par son "
        f"identifiant, ou par ce qui la distingue\u202f: {_keys(format_)}.",
    )
    if sent is None:
        st.caption(
            "Vous verrez d’abord ce qui serait ajouté ou modifié. Une colonne absente du fichier "
            "laisse les fiches comme elles sont."
        )
        return
    prepared = _prepare(format_, sent.getvalue(), sent.name)
    if prepared.error is not None:
        st.error(escape.markdown(prepared.error.message), icon=":material/error:")
    elif prepared.result is not None:
        _draw_preview(prepared.result, sent.name)


def _keys(format_: Format[Any]) -> str:
    return " ou ".join(title for title, _ in format_.keys)


def _upload_number() -> int:
    return int(st.session_state.get(_UPLOADS, 0))


def _prepare(format_: Format[Any], content: bytes, name: str) -> _Prepared:
    # The snapshot's own key ignores the kinds that it does not hold.
    now = f"{snapshot().key}-{get_store().revision()}"
    key = f"{hashlib.sha256(content).hexdigest()}-{format_.noun}-{now}"
    held: _Prepared | None = st.session_state.get("data-import-prepared")
    if held is not None and held.key == key:
        return held
    try:
        with st.spinner("Lecture du fichier…"):
            table = _read(format_, content, name)
            result = preview(format_, table, get_store().list(format_.kind), directory())
        prepared = _Prepared(key, result)
    except InputError as error:
        prepared = _Prepared(key, None, error)
    st.session_state["data-import-prepared"] = prepared
    return prepared


def _read(format_: Format[Any], content: bytes, name: str) -> Table:
    """Read the sheet of our own workbook that holds this kind, or else the first."""
    try:
        return read_xlsx(content, format_.nouns.capitalize())
    except InputError:
        return read_table(content, name)


def _draw_preview(result: Preview[Any], name: str) -> None:
    counts = (
        ("Nouvelles fiches", len(result.new)),
        ("Fiches modifiées", len(result.changed)),
        ("Fiches inchangées", len(result.unchanged)),
        ("Erreurs", len(result.errors)),
    )
    with st.container(horizontal=True):
        for label, count in counts:
            st.metric(label, number(count), width=150)
    for note in result.notes[:20]:
        st.caption(escape.markdown(note))
    if len(result.notes) > 20:  # noqa: PLR2004
        st.caption(f"Et {number(len(result.notes) - 20)} autres remarques.")
    if result.errors:
        _draw_errors(result.errors)
        return
    if result.new:
        _draw_rows("Fiches à ajouter", (_shown(result.format, new) for new in result.new))
    if result.changed:
        _draw_rows("Fiches à modifier", _changes(result))
    count = len(result.writes)
    if not count:
        st.success(tidy("Tout est déjà là : ce fichier ne change rien."))
        return
    st.button(
        f"Importer {number(count)} {wording.plural(count, 'fiche')}",
        key="data-import-go",
        type="primary",
        icon=":material/upload:",
        on_click=_import,
        args=(result, name),
    )
    st.caption("Tout ou rien, en une seule fois\u202f; l’import entier peut s’annuler.")


def _draw_errors(errors: tuple[InputError, ...]) -> None:
    count = len(errors)
    st.error(
        tidy(
            f"{number(count)} {wording.plural(count, 'erreur')} : rien ne sera écrit. "
            "Corrigez le fichier dans votre tableur, puis envoyez-le à nouveau."
        ),
        icon=":material/error:",
    )
    rows: list[Row] = [
        {"Ligne": error.row, "Colonne": error.field, "À corriger": _fix(error)} for error in errors
    ]
    st.dataframe(
        pd.DataFrame(rows[:_MOST_ROWS]),
        hide_index=True,
        column_config={
            "Ligne": st.column_config.NumberColumn(format="%d", width="small"),
            "À corriger": st.column_config.TextColumn(width="large"),
        },
        alt="Erreurs du fichier",
    )
    st.download_button(
        "Liste des erreurs en CSV",
        csv_bytes(rows, ("Ligne", "Colonne", "À corriger")),
        file_name="erreurs.csv",
        mime="text/csv",
        icon=icons.MATERIAL_DOWNLOAD,
        on_click="ignore",
        key="data-import-errors",
    )


def _fix(error: InputError) -> str:
    """The sentence without the place, which has its own columns."""
    text = error.message.split("\u202f:", 1)[-1].strip() if error.row else error.message
    return text[:1].upper() + text[1:]


def _shown(format_: Format[Any], record: Any) -> dict[str, Any]:
    """What the preview shows of a new record."""
    if isinstance(record, Actor):
        return {
            "Nom": record.name,
            "Type": wording.ACTOR_KIND[record.kind],
            "Commune": _commune(record),
            "Position": wording.POSITION_PRECISION[record.position_precision],
            "Activité": record.activity,
        }
    row = to_row(format_, record, directory())
    titles = [
        column.titles[-1]
        for column in format_.columns
        if not column.personal and column.attribute not in {"id", "origin"}
    ]
    return {title: typed_text(row[title]) for title in titles[:_SHOWN_COLUMNS]}


def _changes(result: Preview[Any]) -> Iterable[dict[str, Any]]:
    where = directory()
    format_ = result.format
    hidden = {column.title for column in format_.columns if column.personal}
    for change in result.changed:
        before, after = (to_row(format_, one, where) for one in (change.before, change.after))
        for title in change.titles:
            yield {
                "Fiche": getattr(change.before, "name", "") or _label(change.before),
                "Colonne": title,
                "Avant": "(masqué)" if title in hidden else typed_text(before[title]),
                "Après": "(masqué)" if title in hidden else typed_text(after[title]),
            }


def _label(record: Any) -> str:
    return str(getattr(record, "label", "") or getattr(record, "title", "") or record.id)


def _draw_rows(title: str, rows: Iterable[dict[str, Any]]) -> None:
    listed = list(rows)
    st.markdown(f"**{title}**")
    st.dataframe(pd.DataFrame(listed[:_MOST_ROWS]), hide_index=True, alt=title)
    if len(listed) > _MOST_ROWS:
        st.caption(f"Et {number(len(listed) - _MOST_ROWS)} autres lignes.")


def _commune(actor: Actor) -> str:
    commune = snapshot().commune.get(actor.commune_code)
    return commune.name if commune else actor.commune_code


def _import(result: Preview[Any], name: str) -> None:
    try:
        done = write(get_store(), result, who=who(), what=f"Import du fichier {quote(name)}")
    except CartofluxError as error:
        tell(f"Rien n’est écrit. {error}", good=False)
        return
    st.session_state[_UPLOADS] = _upload_number() + 1
    st.session_state.pop("data-import-prepared", None)
    count = len(result.writes)
    tell(
        f"{number(count)} {wording.plural(count, 'fiche importée', 'fiches importées')}.",
        undo=done,
    )
