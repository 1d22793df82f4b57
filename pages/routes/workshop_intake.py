"""What a phone sends, read into a card: every field checked, every refusal in French."""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qsl

from data.errors import InputError
from data.french import NNBSP, parse_number, quote
from data.model import Card, Period, Photo, Side
from data.rules import LONGEST_NAME, LONGEST_WORDS
from data.units import find_unit
from data.validate import LARGEST_PHOTO, storable
from data.workshops import CARD_ID

LARGEST_BODY: Final = 4 * LARGEST_PHOTO // 3 + 20_000
"""Bytes: the largest photo in base64, and the words."""
LONGEST_UNIT: Final = 40
MOST_TABLES: Final = 200
_NO_QUANTITY_UNIT: Final = "t"
_SIDES: Final = {"offre": Side.OFFER, "besoin": Side.NEED}
_SIGNATURES: Final = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/webp": (b"RIFF",),
}
_TEXTS: Final = {
    "id": 80,
    "entreprise": LONGEST_NAME,
    "acteur": LONGEST_NAME,
    "sens": 20,
    "ressource": LONGEST_NAME,
    "unite": LONGEST_UNIT,
    "periode": 20,
    "precisions": LONGEST_WORDS,
    "role": LONGEST_NAME,
    "fait_le": 40,
    "photo": LARGEST_BODY,
}
LABELS: Final = {
    "id": "identifiant",
    "entreprise": "entreprise",
    "acteur": "entreprise",
    "table": "table",
    "sens": "offre ou besoin",
    "ressource": "ressource",
    "quantite": "quantité",
    "unite": "unité",
    "periode": "période",
    "precisions": "précisions",
    "role": "personne à contacter",
    "fait_le": "date de saisie",
    "photo": "photo",
}
"""Every field a phone may send, by its name on the wire, and how the screen calls it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A card as sent, not yet written; ``workshop_id`` is still empty."""

    card: Card
    photo: Photo | None = None


def read_json(body: bytes) -> Sent:
    """Read what the page's script sends.

    Raises:
        InputError: not a card; ``field`` is the wire name of the field at fault.
    """
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InputError("La fiche reçue est illisible. Rechargez la page.") from error
    if not isinstance(fields, dict):
        raise InputError("La fiche reçue n’est pas une fiche. Rechargez la page.")
    unknown = sorted(str(name)[:40] for name in fields.keys() - LABELS.keys())
    if unknown:
        raise InputError(f"Champ inconnu{NNBSP}: {quote(unknown[0])}. Rechargez la page.")
    return _read(fields)


def read_form(body: bytes) -> tuple[dict[str, str], str]:
    """Read what a browser without script posts: the fields, and the page's own number.

    The number is written in the page by the server. The card's id comes from it **and** from the
    content: sent twice it is one card, corrected and sent again after « back » it is another.

    Raises:
        InputError: not a form.
    """
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=40, errors="strict")
    except ValueError as error:
        raise InputError("Le formulaire reçu est illisible. Rechargez la page.") from error
    given = {name: value.replace("\r\n", "\n") for name, value in pairs}
    fields = {name: given.get(name, "") for name in LABELS if name not in {"photo", "fait_le"}}
    phone = given.get("telephone", "")
    content = json.dumps([given.get("numero", ""), *fields.items()])
    fields["id"] = f"{phone}-{hashlib.sha256(content.encode()).hexdigest()[:32]}"
    return fields, phone


def read_fields(fields: Mapping[str, Any]) -> Sent:
    """Read fields by their wire names.

    Raises:
        InputError: as :func:`read_json`.
    """
    return _read(fields)


def _read(fields: Mapping[str, Any]) -> Sent:
    texts = {name: _text(fields, name, longest) for name, longest in _TEXTS.items()}
    card_id = texts["id"]
    if CARD_ID.fullmatch(card_id) is None:
        raise _refused("id", "est illisible. Rechargez la page")
    company = " ".join(texts["entreprise"].split())
    if not company:
        raise _refused("entreprise", "est vide. Écrivez le nom de votre entreprise")
    label = " ".join(texts["ressource"].split())
    if not label:
        raise _refused("ressource", "est vide. Dites en deux mots ce que vous offrez ou cherchez")
    side = _SIDES.get(texts["sens"])
    if side is None:
        raise _refused("sens", "n’est pas choisi. Touchez « J’offre » ou « Je cherche »")
    quantity = _quantity(fields.get("quantite"))
    unit = _unit(texts["unite"], quantity)
    photo = _photo(texts["photo"], card_id)
    return Sent(
        card=Card(
            id=card_id,
            workshop_id="",
            company=company,
            actor_id=texts["acteur"] or None,
            side=side,
            label=label,
            quantity=quantity,
            unit=unit,
            period=_period(texts["periode"]),
            words=texts["precisions"].strip(),
            contact_role=" ".join(texts["role"].split()),
            table=_table(fields.get("table")),
            made_at=_moment(texts["fait_le"]),
        ),
        photo=photo,
    )


def _text(fields: Mapping[str, Any], name: str, longest: int) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _refused(name, "doit être un texte")
    if len(value) > longest:
        raise _refused(name, f"dépasse {longest} caractères. Raccourcissez")
    if not storable(value):
        raise _refused(name, "contient un caractère invisible interdit. Retapez")
    return value


def _quantity(value: Any) -> float | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        if len(value) > LONGEST_UNIT:
            raise _refused("quantite", "est trop long. Écrivez par exemple 1,5")
        try:
            quantity = parse_number(value, field=LABELS["quantite"])
        except InputError as error:
            error.field = "quantite"
            raise
    elif isinstance(value, int | float) and not isinstance(value, bool):
        quantity = _as_float(value)
    else:
        raise _refused("quantite", "doit être un nombre. Écrivez par exemple 1,5")
    if not 0 <= quantity <= 1e9:  # noqa: PLR2004
        raise _refused("quantite", "doit aller de zéro à un milliard")
    return quantity


def _unit(text: str, quantity: float | None) -> str:
    """Read the unit; without a quantity it says nothing, and tonnes stand there as elsewhere."""
    words = " ".join(text.split())
    if not words and quantity is not None:
        raise _refused("unite", "est vide. Choisissez l’unité de cette quantité")
    unit = find_unit(words)
    return unit.symbol if unit else words or _NO_QUANTITY_UNIT


def _as_float(value: float) -> float:
    try:
        return float(value)
    except OverflowError as error:
        raise _refused("quantite", "doit aller de zéro à un milliard") from error


def _table(value: Any) -> int:
    if value is None or value == "":
        return 0
    text = value.strip() if isinstance(value, str) else value
    if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 4:  # noqa: PLR2004
        text = int(text)
    if isinstance(text, bool) or not isinstance(text, int) or not 0 <= text <= MOST_TABLES:
        raise _refused("table", f"doit être un nombre entier, {MOST_TABLES} au plus")
    return text


def _period(text: str) -> Period | None:
    if not text:
        return None
    try:
        return Period(text)
    except ValueError as error:
        raise _refused("periode", "est inconnu. Choisissez dans la liste") from error


def _moment(text: str) -> str:
    """Keep the phone's time when it is one, in UTC; a wrong clock must not lose a card."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC).isoformat(timespec="milliseconds") if text else ""
    except (ValueError, OverflowError):
        return ""


def _photo(text: str, card_id: str) -> Photo | None:
    if not text:
        return None
    head, _, payload = text.partition(",")
    media_type = head.removeprefix("data:").removesuffix(";base64")
    if media_type not in _SIGNATURES or head != f"data:{media_type};base64":
        raise _refused("photo", "doit être une image JPEG, PNG ou WebP")
    try:
        content = base64.b64decode(payload, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _refused("photo", "est illisible. Reprenez-la") from error
    if len(content) > LARGEST_PHOTO:
        raise _refused("photo", f"dépasse {LARGEST_PHOTO // 1000} ko. Reprenez-la plus petite")
    if not content.startswith(_SIGNATURES[media_type]):
        raise _refused("photo", "n’est pas une image. Reprenez-la")
    return Photo(id=f"photo-{card_id}", media_type=media_type, content=content)


def _refused(name: str, fault: str) -> InputError:
    return InputError(f"Le champ {quote(LABELS[name])} {fault}.", field=name)
