"""Who a row of flows is about: an actor by id, SIRET, name and commune, or one to create."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeVar

from rapidfuzz import fuzz

from data.errors import InputError
from data.exchange.cells import clean, read_identifier, read_siret
from data.exchange.directory import Directory, only
from data.exchange.labels import choices, label, read_choice
from data.exchange.records import Companion, Reference, new_id
from data.french import NNBSP, quote
from data.model import Actor, ActorKind, College, PositionPrecision
from data.text import fold

T = TypeVar("T")

ID: Final = "identifiant de l’acteur"
NAME: Final = "acteur"
SIRET: Final = "SIRET de l’acteur"
COMMUNE: Final = "commune de l’acteur"
KIND: Final = "type de l’acteur"

_ALIKE: Final = 90
"""Likeness (0-100) from which two names in one commune are thought to be one actor."""
_COLLEGES: Final = {
    ActorKind.COMPANY: College.PRIVATE,
    ActorKind.SSE: College.PRIVATE,
    ActorKind.FARM: College.PRIVATE,
    ActorKind.PUBLIC_BODY: College.PUBLIC,
    ActorKind.RESIDENTS: College.POPULATION,
}


def college_of(kind: ActorKind) -> College:
    """Give the college an actor of this kind usually belongs to."""
    return _COLLEGES[kind]


def find_actor(directory: Directory, cells: Mapping[str, str]) -> str | None:
    """Id of the actor that the cells of a row name; ``None`` when they name none.

    Raises:
        InputError: unknown, several, or cells that contradict each other; ``field`` is the column.
    """
    given = {title: clean(cells.get(title, "")) for title in (ID, NAME, SIRET, COMMUNE)}
    if not any(given[title] for title in (ID, NAME, SIRET)):
        if given[COMMUNE]:
            raise InputError("écrivez aussi le nom de l’acteur, ou son SIRET.", field=NAME)
        return None
    siret = _at(SIRET, read_siret, given[SIRET]) if given[SIRET] else ""
    code = _commune(directory, given[COMMUNE])
    if given[ID]:
        found = only(_at(ID, directory.actors_called, given[ID]), given[ID], "acteurs")
    elif siret and siret in directory.actor_of_siret:
        found = directory.actor_of_siret[siret]
    else:
        found = _by_name(directory, given[NAME], siret, code)
    _check_agreement(directory.actor[found], given, siret, code)
    return found


def new_actors(
    rows: Iterable[tuple[int, Mapping[str, str]]], directory: Directory
) -> tuple[tuple[Actor, ...], list[tuple[int, InputError]]]:
    """Make the actors that rows describe well enough and that nobody knows yet.

    Args:
        rows: number of the row and its cells by title.
        directory: what is known already.

    Returns:
        The actors, placed at their town hall, and the rows refused (a name too close to another).
    """
    made: dict[str, Actor] = {}
    refused: list[tuple[int, InputError]] = []
    known = directory
    seen: set[tuple[str, ...]] = set()
    for number, cells in rows:
        key = tuple(clean(cells.get(title, "")) for title in (ID, NAME, SIRET, COMMUNE))
        if key in seen or not (key[1] and key[3] and clean(cells.get(KIND, ""))):
            continue
        seen.add(key)
        try:
            if find_actor(known, cells) is not None:
                continue
        except InputError as error:
            if not isinstance(error, UnknownActorError) and error.field != ID:
                continue
        try:
            actor = _actor(known, cells)
        except InputError as error:
            if error.field == NAME:
                refused.append((number, error))
            continue
        made[actor.id] = actor
        known = dataclasses.replace(directory, actors=(*directory.actors, *made.values()))
    return tuple(made.values()), refused


class UnknownActorError(InputError):
    """Nobody answers these words."""


def _actor(directory: Directory, cells: Mapping[str, str]) -> Actor:
    name = clean(cells.get(NAME, ""))
    code = _commune(directory, clean(cells.get(COMMUNE, "")))
    kind = read_choice(clean(cells.get(KIND, "")), ActorKind)
    siret_text = clean(cells.get(SIRET, ""))
    siret = read_siret(siret_text) if siret_text else ""
    twin = _twin(directory, name, siret, code)
    if twin is not None:
        raise InputError(
            f"{quote(name)} ressemble à {quote(twin.name)}, déjà connu à "
            f"{_commune_name(directory, twin.commune_code)}. Reprenez ce nom, ou ajoutez le SIRET "
            "s’il s’agit d’un autre établissement.",
            field=NAME,
        )
    commune = directory.commune[code]
    wanted = clean(cells.get(ID, ""))
    return Actor(
        id=read_identifier(wanted) if wanted else new_id(name),
        name=name,
        kind=kind,
        college=college_of(kind),
        commune_code=code,
        lon=commune.town_hall_lon,
        lat=commune.town_hall_lat,
        position_precision=PositionPrecision.COMMUNE,
        siret=siret,
        source="Import de flux",
    )


def _twin(directory: Directory, name: str, siret: str, code: str) -> Actor | None:
    """Find an actor of the commune whose name is (almost) this one, unless SIRETs tell them."""
    wanted = fold(name)
    for actor in directory.actors:
        if actor.commune_code != code or (siret and actor.siret and actor.siret != siret):
            continue
        likeness = fuzz.ratio(wanted, fold(actor.name))
        if likeness == 100 or (likeness >= _ALIKE and not siret):  # noqa: PLR2004
            return actor
    return None


def _by_name(directory: Directory, name: str, siret: str, code: str) -> str:
    if not name:
        raise UnknownActorError(
            f"aucun acteur n’a ce SIRET. {_HOW_TO_CREATE}",
            field=SIRET,
        )
    found = tuple(
        actor_id
        for actor_id in directory.actors_named(name)
        if (not code or directory.actor[actor_id].commune_code == code)
        and not (siret and directory.actor[actor_id].siret not in {"", siret})
    )
    if not found:
        try:
            elsewhere = directory.actors_called(name)
        except InputError as error:
            raise UnknownActorError(f"{error.message} {_HOW_TO_CREATE}", field=NAME) from error
        if elsewhere and name in directory.actor:
            return name
        known = directory.actor[elsewhere[0]]
        where = _commune_name(directory, known.commune_code)
        raise UnknownActorError(
            f"{quote(name)} est connu à {where}"
            f"{f' (SIRET {known.siret})' if siret and known.siret else ''}, pas tel que la ligne "
            f"le décrit. Corrigez la commune ou le SIRET. {_HOW_TO_CREATE}",
            field=NAME,
        )
    if len(found) > 1:
        towns = ", ".join(_commune_name(directory, directory.actor[i].commune_code) for i in found)
        raise InputError(
            f"{quote(name)} désigne plusieurs acteurs ({towns}). Remplissez la colonne "
            f"{quote(COMMUNE)}, ou {quote(SIRET)}.",
            field=NAME,
        )
    return found[0]


def _check_agreement(actor: Actor, given: Mapping[str, str], siret: str, code: str) -> None:
    """Refuse a row whose cells speak of two actors."""
    wrong = ""
    if given[NAME] and fold(given[NAME]) != fold(actor.name) and given[NAME] != actor.id:
        wrong = NAME
    elif siret and actor.siret and siret != actor.siret:
        wrong = SIRET
    elif code and code != actor.commune_code:
        wrong = COMMUNE
    if wrong:
        raise InputError(
            f"{quote(given[wrong])} contredit le reste de la ligne, qui désigne "
            f"{quote(actor.name)}. Corrigez l’un, ou videz l’un des deux.",
            field=wrong,
        )


def _at(title: str, read: Callable[[str], T], text: str) -> T:
    try:
        return read(text)
    except InputError as error:
        error.field = title
        raise


def _commune(directory: Directory, text: str) -> str:
    """Code of a commune; a place outside the territory stands for itself."""
    if not text:
        return ""
    if text not in directory.commune and text in directory.actor_communes:
        return text
    try:
        return only(directory.communes_called(text), text, "communes")
    except InputError as error:
        error.field = COMMUNE
        raise


def _commune_name(directory: Directory, code: str) -> str:
    commune = directory.commune.get(code)
    return commune.name if commune else code


def _write_commune(directory: Directory, actor_id: str) -> str:
    actor = directory.actor.get(actor_id)
    return _commune_name(directory, actor.commune_code) if actor else ""


def _write_siret(directory: Directory, actor_id: str) -> str:
    actor = directory.actor.get(actor_id)
    return actor.siret if actor else ""


def _write_kind(directory: Directory, actor_id: str) -> str:
    actor = directory.actor.get(actor_id)
    return label(actor.kind) if actor else ""


_HOW_TO_CREATE: Final = f"Pour le créer, remplissez son nom, {quote(COMMUNE)} et {quote(KIND)}."

FLOW_ACTOR: Final = Reference(
    find=Directory.actors_called,
    what="acteurs",
    named=NAME,
    name=lambda directory, actor_id: (
        directory.actor[actor_id].name if actor_id in directory.actor else ""
    ),
    companions=(
        Companion(
            title=SIRET,
            write=_write_siret,
            hint=f"14 chiffres{NNBSP}; reconnaît l’acteur mieux que son nom.",
            also=("siret",),
        ),
        Companion(
            title=COMMUNE,
            write=_write_commune,
            hint=f"Nom ou code INSEE{NNBSP}; utile quand deux acteurs ont le même nom.",
            also=("commune",),
        ),
        Companion(
            title=KIND,
            write=_write_kind,
            hint="Sert seulement à créer un acteur encore inconnu.",
            choices=choices(ActorKind),
            also=("type",),
        ),
    ),
    resolve=find_actor,
)
