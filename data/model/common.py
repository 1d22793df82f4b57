"""What every record shares."""

from enum import StrEnum
from typing import Protocol


class Origin(StrEnum):
    """Where a record came from; demonstration data is removable and always badged."""

    FIELD = "field"
    """Keyed in or imported by the programme."""
    DEMO_REAL = "demo_real"
    """A real actor, described from published sources for the demonstration."""
    DEMO_FICTIONAL = "demo_fictional"
    """An invented example; its name ends with « (exemple) »."""


class Visibility(StrEnum):
    """Who may see a record: everyone, the programme's network, or the programme team only."""

    PUBLIC = "public"
    NETWORK = "network"
    CONFIDENTIAL = "confidential"


class Record(Protocol):
    """Anything the store keeps."""

    @property
    def id(self) -> str:
        """Opaque identifier, unique within its kind."""

    @property
    def revision(self) -> int:
        """Number of writes so far; 0 before the first."""
