"""Textbook instances (CVRP, VRPTW) as problems, for whoever compares engines.

The conventions are those of ``formats.textbook``. The objective is the distance, vehicles are free
and as many as needed.
"""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from optimization.formats.modelling import model_of
from optimization.formats.reading import read_text
from optimization.formats.textbook import read_textbook
from optimization.routing.problem import Problem
from optimization.routing.solution import Solution


@dataclass(frozen=True, slots=True, kw_only=True)
class TextbookCase:
    """An instance as a problem.

    Attributes:
        name: as the file says.
        problem: its only outlet is the depot itself.
        scale: the problem's metres in one unit of the file's distances.
        unit: n€ of one of the problem's metres.
    """

    name: str
    problem: Problem
    scale: int
    unit: Fraction

    def distance(self, solution: Solution) -> float:
        """Length of a solution in the file's unit, comparable with published values."""
        return float(solution.cost_neur / self.unit / self.scale)


def read_textbook_case(path: Path) -> TextbookCase:
    """Read a VRPLIB (CVRP, VRPTW) or Solomon file.

    Raises:
        InputError: the file cannot be read as such, or is of another kind.
    """
    instance = read_textbook(path, read_text(path))
    model = model_of(instance)
    return TextbookCase(
        name=instance.name, problem=model.problem, scale=instance.scale, unit=model.unit
    )
