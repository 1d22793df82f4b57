"""Bringing a network in: from this computer, from the server's folder, or from Geofabrik."""

import shutil
import time
import uuid
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

import streamlit as st

from data.errors import CartofluxError, InputError, SolveCancelledError
from data.french import number, quantity, quote, tidy
from data.model import Territory
from data.settings import read_settings
from geo.roads.download import SERVER
from geo.roads.job import download_job, import_job
from geo.roads.regions import region_of
from geo.roads.shelf import Kept, Wish
from geo.roads.source_file import SUFFIXES
from optimization.worker import Task, Worker, local_worker
from pages.data_parts.session import tell
from pages.ui import escape
from pages.ui.session import snapshot

_KEY: Final = "roads-import"
_UPLOADS: Final = "roads-import-number"
_REFRESH_S: Final = 0.4
_MOST_MB: Final = 400
_DAY_S: Final = 86_400
_UPLOAD, _FOLDER, _DOWNLOAD = "Depuis cet ordinateur", "Déjà sur le serveur", "Télécharger"
_GRIDS: Final = (".asc", ".hgt")
# Streamlit has no setting for the words of its uploader.
_FRENCH_UPLOADER: Final = f"""<style>
.st-key-roads-upload [data-testid="stFileUploaderDropzone"] button p {{ font-size: 0; }}
.st-key-roads-upload [data-testid="stFileUploaderDropzone"] button p::after {{
  content: "Choisir un fichier"; font-size: 1rem;
}}
.st-key-roads-upload [data-testid="stFileUploaderDropzoneInstructions"] span {{ font-size: 0; }}
.st-key-roads-upload [data-testid="stFileUploaderDropzoneInstructions"] span::after {{
  content: "ou déposez-le ici : .osm.pbf, .osm.gz ou .osm, {_MOST_MB} Mo au plus";
  font-size: 0.875rem;
}}
</style>"""


@dataclass
class _Import:
    """A network being built.

    Attributes:
        task: running in another process.
        folder: holds what was uploaded, removed at the end.
    """

    task: Task[Kept]
    folder: Path | None


def draw() -> None:
    """Draw the choice of an extract, then the import under way."""
    st.subheader("Importer un réseau", anchor=False)
    held: _Import | None = st.session_state.get(_KEY)
    if held is not None and held.task.progress().state.is_final:
        _settle(held)
        held = None
    error: str | None = st.session_state.pop(f"{_KEY}-error", None)
    if error:
        st.error(escape.markdown(error), icon=":material/error:")
    if held is not None:
        _draw_progress(held)
        return
    _worker().warm_up()
    origin = st.segmented_control(
        "D’où vient l’extrait OpenStreetMap\u202f?",
        [_UPLOAD, _FOLDER, _DOWNLOAD],
        default=_UPLOAD,
        required=True,
        key="roads-origin",
    )
    {_UPLOAD: _draw_upload, _FOLDER: _draw_folder, _DOWNLOAD: _draw_download}[origin or _UPLOAD]()


def _worker() -> Worker:
    return local_worker(read_settings())


def _extracts() -> Path:
    return read_settings().roads_dir / "extracts"


def _draw_upload() -> None:
    st.html(_FRENCH_UPLOADER)
    number_ = int(st.session_state.get(_UPLOADS, 0))
    with st.container(key="roads-upload"):
        sent = st.file_uploader(
            "Extrait OpenStreetMap de votre région",
            key=f"{_KEY}-{number_}",
            max_upload_size=_MOST_MB,
            help="Par exemple «\u00a0aquitaine-latest.osm.pbf\u00a0», chez Geofabrik. Un fichier "
            "plus gros se dépose dans le dossier du serveur.",
        )
    options = _draw_options()
    pressed = st.button(
        "Construire le réseau",
        type="primary",
        icon=":material/add_road:",
        key="roads-build",
        disabled=sent is None,
    )
    if not pressed or sent is None:
        return
    _sweep()
    folder = _extracts() / f"upload-{uuid.uuid4().hex}"
    name = PurePath(sent.name.replace("\\", "/")).name
    if not name.lower().endswith(SUFFIXES):
        _refuse(_not_an_extract(name))
    folder.mkdir(parents=True)
    (folder / name).write_bytes(sent.getbuffer())
    st.session_state[_UPLOADS] = number_ + 1
    _start(options, folder / name, folder)


def _sweep() -> None:
    """Forget what sessions that went away had sent."""
    for left in _extracts().glob("upload-*"):
        if time.time() - left.stat().st_mtime > _DAY_S:
            shutil.rmtree(left, ignore_errors=True)


def _draw_folder() -> None:
    folder = _extracts()
    folder.mkdir(parents=True, exist_ok=True)
    files = sorted(path for path in folder.iterdir() if path.name.lower().endswith(SUFFIXES))
    if not files:
        st.info(
            tidy(
                "Aucun extrait dans le dossier « roads/extracts » du serveur (sous CARTOFLUX_VAR) "
                ": déposez-y un fichier .osm.pbf, puis rechargez la page."
            ),
            icon=":material/info:",
        )
        return
    chosen = st.selectbox(
        "Fichier du serveur",
        files,
        format_func=lambda path: f"{path.name} ({quantity(path.stat().st_size / 1e6, 'Mo', 1)})",
        key="roads-file",
    )
    options = _draw_options()
    if chosen is not None and st.button(
        "Construire le réseau", type="primary", icon=":material/add_road:", key="roads-build"
    ):
        _start(options, chosen, None)


def _draw_download() -> None:
    region = st.text_input(
        "Région, comme chez Geofabrik",
        value=_likely_region(),
        key="roads-region",
        max_chars=100,
        help="Il faut un accès à Internet\u202f; un téléchargement interrompu reprend où il en "
        "était.",
    )
    options = _draw_options()
    if st.button(
        "Télécharger et construire",
        type="primary",
        icon=":material/cloud_download:",
        key="roads-build",
    ):
        wish = Wish(path=_extracts(), territory=options.territory, elevation=options.elevation)
        task = _worker().start(
            download_job, (SERVER, region.strip()), wish, read_settings().roads_dir
        )
        st.session_state[_KEY] = _Import(task, None)
        st.rerun()


def _likely_region() -> str:
    territory = snapshot().territory
    try:
        return region_of(commune.code for commune in territory.communes) if territory else ""
    except InputError:
        return ""


@dataclass(frozen=True)
class _Options:
    territory: Territory | None
    elevation: Path | None


def _draw_options() -> _Options:
    whole = st.checkbox(
        "Garder tout l’extrait",
        key="roads-keep-all",
        help="Sinon, seules les routes du territoire et de 10 km autour sont gardées.",
    )
    grids = sorted(path for path in _extracts().glob("*") if path.suffix.lower() in _GRIDS)
    elevation = None
    if grids:
        elevation = st.selectbox(
            "Altitudes, pour les pentes (facultatif)",
            grids,
            index=None,
            format_func=lambda path: path.name,
            placeholder="Sans relief",
            key="roads-elevation",
        )
    return _Options(None if whole else snapshot().territory, elevation)


def _start(options: _Options, path: Path, folder: Path | None) -> None:
    wish = Wish(path=path, territory=options.territory, elevation=options.elevation)
    task = _worker().start(import_job, wish, read_settings().roads_dir)
    st.session_state[_KEY] = _Import(task, folder)
    st.rerun()


def _refuse(message: str) -> None:
    st.session_state[f"{_KEY}-error"] = message
    st.rerun()


def _not_an_extract(name: str) -> str:
    return tidy(
        f"{quote(name)} n’est pas un extrait OpenStreetMap : donnez un fichier .osm.pbf, .osm.gz, "
        ".osm.bz2 ou .osm."
    )


@st.fragment(run_every=_REFRESH_S)
def _draw_progress(held: _Import) -> None:
    progress = held.task.progress()
    if progress.state.is_final:
        st.rerun()
    st.progress(min(progress.share, 1.0), text=escape.markdown(progress.message))
    if st.button("Annuler l’import", icon=":material/cancel:", key="roads-cancel"):
        held.task.cancel()
        st.rerun()


def _settle(held: _Import) -> None:
    """Take what has ended, and say it."""
    st.session_state.pop(_KEY, None)
    if held.folder is not None:
        shutil.rmtree(held.folder, ignore_errors=True)
    try:
        kept = held.task.result()
    except SolveCancelledError:
        tell("L’import du réseau routier est annulé : rien n’est gardé.", good=None)
    except CartofluxError as error:
        _refuse(str(error))
    else:
        km = number(kept.info.stats["bike"].km, 0)
        name = quote(kept.info.name)
        tell(
            f"{name} était déjà importé : rien n’a changé."
            if kept.reused
            else f"{name} est importé : {km} km de routes et de chemins. Les tournées peuvent le "
            "suivre."
        )
    st.rerun()
