"""Database failures turned into French sentences, without secrets or anyone's data."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from data.errors import CartofluxError, ConflictError, InputError

_SENTENCES = (
    # (what the driver says, what the person reads); the first match wins.
    (
        ("database is locked", "database table is locked", "lock timeout", "deadlock"),
        "La base de données est occupée par une autre écriture. Réessayez dans quelques secondes.",
    ),
    (
        ("readonly", "read-only"),
        (
            "La base de données est en lecture seule : rien n’a été enregistré. Vérifiez les "
            "droits sur le fichier et son dossier."
        ),
    ),
    (
        ("not a database", "malformed", "disk image", "file is encrypted"),
        (
            "Le fichier de la base de données est abîmé ou n’est pas une base Cartoflux. "
            "Remplacez-le par une sauvegarde."
        ),
    ),
    (
        ("disk is full", "no space left", "disk i/o error"),
        "Le disque est plein ou défaillant : rien n’a été enregistré.",
    ),
    (
        ("unable to open database file",),
        (
            "Impossible d’ouvrir le fichier de la base de données. Vérifiez que son dossier existe "
            "et que Cartoflux a le droit d’y écrire."
        ),
    ),
    (
        ("password authentication failed", "no password supplied", "role "),
        "Le serveur PostgreSQL refuse l’identifiant ou le mot de passe de DATABASE_URL.",
    ),
    (
        ("does not exist",),
        "La base de données indiquée par DATABASE_URL n’existe pas, ou il lui manque des tables.",
    ),
    (
        ("permission denied",),
        "Le compte indiqué par DATABASE_URL n’a pas les droits nécessaires sur la base.",
    ),
    (
        ("connection", "resolve host", "could not translate host", "server closed", "terminating"),
        (
            "Impossible de joindre le serveur PostgreSQL indiqué par DATABASE_URL. Vérifiez "
            "l’adresse, le port, et que le serveur est démarré."
        ),
    ),
    (
        ("no such table",),
        (
            "Il manque des tables à la base de données : rouvrez-la, ou remplacez-la par une "
            "sauvegarde."
        ),
    ),
)


@contextmanager
def in_french() -> Iterator[None]:
    """Turn whatever the database raises into an error a person can act on.

    Raises:
        ConflictError: another session's write makes this one impossible.
        InputError: a value the database cannot hold.
        CartofluxError: the database cannot be reached, read or written.
    """
    try:
        yield
    except SQLAlchemyError as error:
        raise translated(error) from error
    except UnicodeEncodeError as error:
        raise InputError(
            "Un texte contient des caractères qui ne peuvent pas être enregistrés. Retapez-le."
        ) from error


def translated(error: SQLAlchemyError) -> CartofluxError:
    """Choose the sentence for a database error."""
    if isinstance(error, IntegrityError):
        return ConflictError(
            "Cet enregistrement dépend d’un autre qui vient d’être changé ou supprimé. "
            "Rechargez la page, puis recommencez."
        )
    if isinstance(error, DataError):
        return InputError("Une valeur ne peut pas être enregistrée : elle est hors limites.")
    if isinstance(error, PoolTimeoutError):
        return CartofluxError(
            "Trop de demandes en même temps à la base de données. Réessayez dans quelques secondes."
        )
    if isinstance(error, DBAPIError):
        said = str(error.orig).casefold()
        for clues, sentence in _SENTENCES:
            if any(clue in said for clue in clues):
                return CartofluxError(sentence)
        if isinstance(error, OperationalError | InterfaceError):
            return CartofluxError(
                "La base de données ne répond pas. Réessayez, puis redémarrez-la."
            )
    return CartofluxError("La base de données a refusé l’opération : rien n’a été enregistré.")
