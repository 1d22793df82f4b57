"""Actors as rows: French headers, contact left out unless asked for."""

from collections.abc import Iterable
from typing import Any

from data.errors import InputError
from data.exchange.cells import (
    read_degrees,
    read_identifier,
    read_list,
    read_naf,
    read_siret,
    read_website,
    write_list,
)
from data.exchange.directory import Directory
from data.exchange.records import Column, Format, Reference, Values, choice, to_row
from data.exchange.tables import Cell
from data.french import NNBSP, quote
from data.model import Actor, ActorKind, College, Origin, PositionPrecision, Visibility
from data.text import fold

COMMUNE = Reference(
    find=Directory.communes_called,
    what="communes",
    named="commune",
    name=lambda directory, code: directory.commune[code].name if code in directory.commune else "",
)


def position(values: Values, base: Any, directory: Directory) -> Iterable[InputError]:
    """Check a position, and take the town hall's when there is none.

    Yields one mistake at most, on ``longitude``.
    """
    code = str(values.get("commune_code") or getattr(base, "commune_code", ""))
    moved = base is not None and code != base.commune_code
    if "lon" not in values and "lat" not in values and base is not None and not moved:
        return
    lon, lat = values.get("lon"), values.get("lat")
    if lon is None and lat is None:
        commune = directory.commune.get(code)
        if commune is not None:
            values["lon"], values["lat"] = commune.town_hall_lon, commune.town_hall_lat
            values["position_precision"] = PositionPrecision.COMMUNE
    elif lon is None or lat is None:
        yield InputError(
            "remplissez la longitude et la latitude, ou videz les deux pour placer la fiche "
            "à la mairie de sa commune.",
            field="longitude" if lon is None else "latitude",
        )
    elif directory.outside and (fault := directory.outside(lon, lat)):
        # In mainland France a latitude is never as small as a longitude.
        swapped = directory.outside(lat, lon) is None
        hint = "La longitude et la latitude semblent inversées." if swapped else "Corrigez-la."
        yield InputError(f"{fault[:1].lower()}{fault[1:]} {hint}", field="longitude")


def elsewhere(record: Any, directory: Directory) -> str | None:
    """Say that a position lies in another commune than the one written (boundaries are coarse)."""
    if directory.commune_at is None:
        return None
    code = directory.commune_at(record.lon, record.lat)
    if code in {None, record.commune_code} or record.commune_code not in directory.commune:
        return None
    here = directory.commune[str(code)].name
    return (
        f"{quote(record.name)}{NNBSP}: la position tombe à {here}, alors que la commune écrite "
        f"est {directory.commune[record.commune_code].name}."
    )


def _complete(values: Values, base: Any, directory: Directory) -> Iterable[InputError]:
    given = values.get("lon") is not None
    yield from position(values, base, directory)
    if given and base is None:
        values.setdefault("position_precision", PositionPrecision.ADDRESS)
    if values.get("position_precision", "") is None:
        values["position_precision"] = PositionPrecision.ADDRESS


ACTORS: Format[Actor] = Format(
    kind=Actor,
    noun="acteur",
    nouns="acteurs",
    columns=(
        Column(title="identifiant", attribute="id", read=read_identifier),
        Column(title="nom", attribute="name", required=True, also=("raison sociale", "acteur")),
        choice("type", "kind", ActorKind, required=True),
        choice("collège", "college", College, required=True),
        Column(
            title="code commune",
            attribute="commune_code",
            required=True,
            reference=COMMUNE,
            also=("code insee", "insee"),
        ),
        Column(title="longitude", attribute="lon", read=read_degrees(180), also=("x",)),
        Column(title="latitude", attribute="lat", read=read_degrees(90), also=("y",)),
        choice(
            "précision de la position", "position_precision", PositionPrecision, also=("précision",)
        ),
        Column(title="activité", attribute="activity"),
        Column(
            title="compétences",
            attribute="competences",
            read=read_list,
            write=write_list,
            hint="Séparez-les par une barre verticale : menuiserie | livraison à vélo",
        ),
        Column(title="code NAF", attribute="naf_code", read=read_naf, also=("naf", "ape")),
        Column(title="version de la NAF", attribute="naf_version"),
        Column(title="SIRET", attribute="siret", read=read_siret),
        Column(title="adresse", attribute="address"),
        Column(title="site web", attribute="website", read=read_website, also=("site",)),
        Column(title="contact", attribute="contact", personal=True),
        Column(title="description", attribute="description"),
        choice("visibilité", "visibility", Visibility),
        Column(title="source", attribute="source"),
        choice("origine", "origin", Origin),
    ),
    keys=(
        ("SIRET", lambda actor: actor.siret or None),
        (
            "nom et commune",
            lambda actor: (fold(actor.name), actor.commune_code) if actor.name else None,
        ),
    ),
    complete=_complete,
    doubt=elsewhere,
)


def actor_rows(
    actors: Iterable[Actor], directory: Directory, *, contacts: bool = False
) -> list[dict[str, Cell]]:
    """Write actors as rows by header; without their contact unless asked for."""
    hidden = {column.title for column in ACTORS.columns if column.personal and not contacts}
    return [
        {
            title: cell
            for title, cell in to_row(ACTORS, actor, directory).items()
            if title not in hidden
        }
        for actor in actors
    ]
