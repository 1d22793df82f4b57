"""Errors a person can act on. Each inherits the family and a builtin."""


class CartofluxError(Exception):
    """Family of every error this application raises on purpose.

    ``str(error)`` is a complete French sentence that may be shown on screen (once escaped).
    """


class InputError(CartofluxError, ValueError):
    """Something a person typed or sent is wrong.

    Args:
        message: what is wrong and what to do, in French.
        field: the field or column at fault, as named on screen.
        row: 1-based row in the table or file, when there is one.
    """

    def __init__(self, message: str, *, field: str = "", row: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.row = row


class NotFoundError(CartofluxError, LookupError):
    """No such record."""


class ConflictError(CartofluxError, RuntimeError):
    """Someone else changed the record meanwhile; reload, then redo the change."""


class PlanRefusedError(CartofluxError, AssertionError):
    """The independent checker found a fault in a plan; it is neither shown nor saved."""


class SolveCancelledError(CartofluxError, RuntimeError):
    """The person cancelled the computation."""
