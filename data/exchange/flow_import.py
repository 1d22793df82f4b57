"""Flows from a person's spreadsheet: read, compare, hand back marked or write whole.

Both halves are plain functions of picklable values, to be run in a worker process; ``tell`` hears
how far they are, and ``should_stop`` says when the person gave up.
"""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from data.errors import ConflictError, InputError, SolveCancelledError
from data.exchange import flow_actors
from data.exchange.cells import clean
from data.exchange.directory import Directory
from data.exchange.flows import FLOWS
from data.exchange.grids import Grid, read_grid
from data.exchange.importing import Changed, preview
from data.exchange.markup import mark
from data.exchange.records import header_map, located
from data.french import NNBSP, number, quote
from data.model import Actor, Flow
from data.store import Store
from data.text import fold

EXAMPLE: Final = "ligne-exemple"
"""Start of the identifiers of a template's example rows, which are never imported."""

Tell = Callable[[float, str], None]
"""Hears how far a job is (0 to 1) and what it does, in French."""

_BATCH: Final = 250
_READING, _COMPARING, _MARKING = 0.25, 0.75, 0.9
"""Where each part of the reading ends, as a share of the whole."""


@dataclass(frozen=True, kw_only=True)
class FlowPreview:
    """What importing a file would do; nothing is written while there is a mistake.

    Attributes:
        rows: rows of the file, examples left out.
        actors: actors to create.
        unchanged: flows of the file that are already so.
        rejected: rows with a mistake.
        marked: the file with its mistakes marked (XLSX), when there are some.
        revision: the store's revision the file was compared with.
    """

    rows: int
    actors: tuple[Actor, ...] = ()
    new: tuple[Flow, ...] = ()
    changed: tuple[Changed[Flow], ...] = ()
    unchanged: int = 0
    rejected: int = 0
    errors: tuple[InputError, ...] = ()
    notes: tuple[str, ...] = ()
    marked: bytes | None = None
    revision: int = 0

    @property
    def writes(self) -> int:
        """Records that the import would write."""
        return len(self.actors) + len(self.new) + len(self.changed)


def prepare(
    content: bytes,
    file_name: str,
    directory: Directory,
    existing: Sequence[Flow],
    *,
    revision: int = 0,
    tell: Tell = lambda _share, _what: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> FlowPreview:
    """Read a file and compare it with the flows there are; writes nothing.

    Args:
        content: the file, CSV or XLSX.
        file_name: as the person calls it.
        directory: communes, actors and resources known.
        existing: flows of the store.
        revision: the store's revision these were read at.
        tell: hears the progress.
        should_stop: asked now and then.

    Raises:
        InputError: the file as a whole cannot be read.
        SolveCancelledError: the person gave up.
    """
    step = _Steps(tell, should_stop)
    step(0, "Lecture du fichier…")
    grid = read_grid(content, file_name, FLOWS, step.counting(0, _READING, "Lecture du fichier"))
    grid, examples = _without_examples(grid)
    total = len(grid.table.rows)
    found, _ = header_map(FLOWS, grid.table.columns)
    actors, refused = flow_actors.new_actors(_cells(grid, found), directory)
    known = dataclasses.replace(directory, actors=(*directory.actors, *actors))
    compare = step.counting(_READING, _COMPARING, "Comparaison avec les flux connus", total)
    result = preview(FLOWS, grid.table, existing, known, on_row=compare)
    errors = _merged(
        (*grid.faults, *result.errors),
        [located(error.message, error.field, row) for row, error in refused],
    )
    rejected = {error.row for error in errors if error.row and error.row != grid.header_row}
    notes = (*grid.notes, *examples, *result.notes, *_created(actors))
    done = FlowPreview(
        rows=total,
        actors=actors,
        new=result.new,
        changed=result.changed,
        unchanged=len(result.unchanged),
        rejected=len(rejected) or (total if errors else 0),
        errors=errors,
        notes=notes,
        revision=revision,
    )
    if not errors:
        return done
    step(_MARKING, "Annotation de votre fichier…")
    return dataclasses.replace(done, marked=mark(content, grid, errors))


def write(
    store: Store,
    prepared: FlowPreview,
    *,
    who: str,
    what: str,
    tell: Tell = lambda _share, _what: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> int | None:
    """Write what a preview announced, in one transaction: all of it or nothing.

    Returns:
        The number of the transaction, to take it back; ``None`` when there was nothing to write.

    Raises:
        InputError: the preview has mistakes.
        ConflictError: the store has changed since the preview.
        SolveCancelledError: the person gave up; nothing is written.
    """
    if prepared.errors:
        raise prepared.errors[0]
    records: list[Any] = [
        *prepared.actors,
        *prepared.new,
        *(change.after for change in prepared.changed),
    ]
    if not records:
        return None
    step = _Steps(tell, should_stop)
    with store.transaction(who=who, what=what) as tx:
        # Writers take turns: from here on nobody else can change anything.
        if store.revision() != prepared.revision:
            raise ConflictError(
                "Des fiches ont changé depuis l’aperçu, et rien n’est écrit. Revoyez l’aperçu à "
                "jour, puis confirmez."
            )
        for start in range(0, len(records), _BATCH):
            step(
                start / len(records), f"Écriture{NNBSP}: {number(start)} sur {number(len(records))}"
            )
            tx.put_all(records[start : start + _BATCH])
        step(1, "Enregistrement…")
        return tx.number()


class _Steps:
    """Tells the progress, and stops when asked to."""

    def __init__(self, tell: Tell, should_stop: Callable[[], bool]) -> None:
        self._tell = tell
        self._should_stop = should_stop

    def __call__(self, share: float, what: str) -> None:
        if self._should_stop():
            message = "Import annulé, rien n’est écrit."
            raise SolveCancelledError(message)
        self._tell(share, what)

    def counting(
        self, start: float, end: float, what: str, total: int | None = None
    ) -> Callable[[int], None]:
        """Make a hook that hears row numbers; without ``total`` the share stays at its start."""

        def on_row(done: int) -> None:
            if done % _BATCH:
                return
            share = start if not total else start + (end - start) * done / total
            of = f" sur {number(total)}" if total else ""
            self(share, f"{what}{NNBSP}: ligne {number(done)}{of}")

        return on_row


def _without_examples(grid: Grid) -> tuple[Grid, tuple[str, ...]]:
    """Leave a template's example rows out."""
    found, _ = header_map(FLOWS, grid.table.columns)
    header = found.get("identifiant")
    if header is None:
        return grid, ()
    kept = [
        index
        for index, row in enumerate(grid.table.rows)
        if not clean(row[header]).startswith(EXAMPLE)
    ]
    left = len(grid.table.rows) - len(kept)
    if not left:
        return grid, ()
    table = dataclasses.replace(
        grid.table,
        rows=tuple(grid.table.rows[index] for index in kept),
        numbers=tuple(grid.table.numbers[index] for index in kept),
    )
    note = f"Lignes d’exemple du modèle laissées de côté{NNBSP}: {number(left)}."
    return dataclasses.replace(grid, table=table), (note,)


def _cells(grid: Grid, found: dict[str, str]) -> Iterable[tuple[int, dict[str, str]]]:
    for row, number_ in zip(grid.table.rows, grid.table.numbers, strict=True):
        yield number_, {title: row[header] for title, header in found.items()}


def _merged(errors: Iterable[InputError], better: Iterable[InputError]) -> tuple[InputError, ...]:
    """One sentence a cell, in the order of the file; ``better`` takes the place of the same."""
    by_place: dict[tuple[int, str], InputError] = {}
    for error in (*better, *errors):
        place = (error.row or 0, fold(error.field) or error.message)
        by_place.setdefault(place, error)
    return tuple(sorted(by_place.values(), key=lambda error: error.row or 0))


def _created(actors: Sequence[Actor]) -> tuple[str, ...]:
    if not actors:
        return ()
    names = ", ".join(quote(actor.name) for actor in actors[:5])
    more = f" et {number(len(actors) - 5)} autres" if len(actors) > 5 else ""  # noqa: PLR2004
    return (f"Acteurs encore inconnus, à créer à la mairie de leur commune{NNBSP}: {names}{more}.",)


def summary(prepared: FlowPreview) -> str:
    """Say in one sentence what an import would do."""
    counts = (
        (len(prepared.new), "nouveau flux", "nouveaux flux"),
        (len(prepared.changed), "flux modifié", "flux modifiés"),
        (prepared.unchanged, "flux inchangé", "flux inchangés"),
        (len(prepared.actors), "acteur à créer", "acteurs à créer"),
        (prepared.rejected, "ligne refusée", "lignes refusées"),
    )
    said = [f"{number(n)} {several if n > 1 else one}" for n, one, several in counts if n]
    rows = "lignes lues" if prepared.rows > 1 else "ligne lue"
    return f"{number(prepared.rows)} {rows}{NNBSP}: {', '.join(said) or 'rien à faire'}."
