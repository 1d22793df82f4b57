"""The command ``python -m geo road-network``."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from data.errors import InputError
from data.french import date, number, tidy
from data.settings import read_settings
from geo.roads import ATTRIBUTION, LICENCE
from geo.roads.download import SERVER, download_region
from geo.roads.network import NetworkInfo
from geo.roads.regions import region_of
from geo.roads.shelf import Wish, import_network
from geo.territory import read_territory

_MODES = {"bike": "À vélo", "van": "En utilitaire"}


def add_road_network(commands: Any) -> None:
    """Declare the command beside the others."""
    settings = read_settings()
    parser = commands.add_parser(
        "road-network",
        help="construire le réseau routier à partir d'un extrait OpenStreetMap",
        description="Construit les réseaux vélo et utilitaire du territoire et de 10 km autour.",
    )
    parser.add_argument(
        "file", nargs="?", type=Path, metavar="FICHIER", help="extrait .osm.pbf, .osm.gz ou .osm"
    )
    parser.add_argument(
        "--download", action="store_true", help="télécharger l'extrait chez Geofabrik"
    )
    parser.add_argument(
        "--region",
        default="",
        metavar="RÉGION",
        help="région à télécharger (par défaut, celle du territoire)",
    )
    parser.add_argument("--server", default=SERVER, metavar="ADRESSE", help="site des extraits")
    parser.add_argument(
        "--territory", type=Path, default=settings.territory_path, metavar="FICHIER"
    )
    parser.add_argument(
        "--keep-all", action="store_true", help="garder tout l'extrait, sans découpe"
    )
    parser.add_argument(
        "--elevation", type=Path, metavar="FICHIER", help="grille d'altitudes .asc ou .hgt"
    )
    parser.add_argument("--name", default="", metavar="NOM", help="nom du réseau à l'écran")
    parser.add_argument(
        "--output", type=Path, default=settings.roads_dir, metavar="DOSSIER", help="où l'écrire"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Iterator[str]:
    """Build the network; yields the lines to print.

    Raises:
        InputError: something is wrong with a file or an option.
    """
    if (options.file is None) is not options.download:
        raise InputError(
            tidy("Donnez un fichier, ou demandez --download : l’un ou l’autre."), field="FICHIER"
        )
    path = options.file
    if path is None:
        region = options.region or region_of(
            commune.code for commune in read_territory(options.territory).communes
        )
        path = download_region(
            region, options.output / "extracts", server=options.server, tell=_say
        )
    kept = import_network(
        Wish(
            path=path,
            territory=None if options.keep_all else read_territory(options.territory),
            elevation=options.elevation,
            name=options.name,
        ),
        options.output,
        tell=_say,
    )
    if sys.stderr.isatty():
        print(file=sys.stderr)  # noqa: T201 (a command speaks)
    yield from summary(kept.info)
    already = "Déjà importé, gardé" if kept.reused else "Écrit"
    yield tidy(f"{already} dans {kept.path}")


def summary(info: NetworkInfo) -> Iterator[str]:
    """Say what a network contains, a line an aspect."""
    day = f", extrait du {date(info.date)}" if info.date else ""
    yield tidy(f"Réseau « {info.name} »{day}")
    for mode, label in _MODES.items():
        stats = info.stats[mode]
        yield tidy(
            f"{label} : {number(stats.nodes)} carrefours, {number(stats.edges)} tronçons, "
            f"{number(stats.km, 0)} km"
        )
    if info.restrictions:
        yield tidy(f"Interdictions de tourner suivies (utilitaire) : {number(info.restrictions)}")
    if info.elevation:
        yield tidy(f"Pentes tirées de {info.elevation}")
    yield tidy(f"{ATTRIBUTION}, {LICENCE}")


def _say(share: float, what: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{100 * share:3.0f} % {what}", end="", file=sys.stderr, flush=True)  # noqa: T201
