"""The best mix of the shifts known so far, and what each stop is worth in it."""

from collections.abc import Sequence

import numpy as np
from ortools.linear_solver import pywraplp

from optimization.bounding.instance import Floats, Instance
from optimization.bounding.pricing import Column

SCALE = 1e4
"""What the known plan costs in the programme's unit."""

Range = tuple[int, int]
"""Least and most shifts."""

ARTIFICIAL = 1e5
"""Price of a stop not served, same unit."""


class Master:
    """A linear programme over shifts; costs in euros outside.

    Args:
        instance: what is planned.
        visits: how many shifts serve each stop, shape (stops,).
        cost_eur: of the known plan.

    Solved by CLP: with more than forty stops GLOP ended ABNORMAL once in two.
    """

    def __init__(self, instance: Instance, visits: Sequence[int], cost_eur: float) -> None:
        self._unit = SCALE / max(cost_eur, 1e-6)
        self._solver = solver = pywraplp.Solver.CreateSolver("CLP")
        infinity = solver.infinity()
        self._stops = [solver.Constraint(count, infinity) for count in visits]
        self._fleets = [solver.Constraint(0, infinity) for _ in instance.fleets]
        self._total = solver.Constraint(0, infinity)
        self._variables: dict[Column, pywraplp.Variable] = {}
        solver.Objective().SetMinimization()
        for row in (*self._stops, *self._fleets, self._total):
            missing = solver.NumVar(0, infinity, "")
            solver.Objective().SetCoefficient(missing, ARTIFICIAL)
            row.SetCoefficient(missing, 1)

    def add(self, column: Column) -> None:
        """Offer a shift; one known already is not added twice."""
        if column in self._variables:
            return
        variable = self._solver.NumVar(0, self._solver.infinity(), "")
        self._variables[column] = variable
        self._solver.Objective().SetCoefficient(variable, column.euros * self._unit)
        for stop in set(column.stops):
            self._stops[stop].SetCoefficient(variable, column.stops.count(stop))
        self._fleets[column.fleet].SetCoefficient(variable, 1)
        self._total.SetCoefficient(variable, 1)

    def limit_shifts(self, fleets: Sequence[Range], total: Range) -> None:
        """Between so many shifts of each fleet and in all."""
        for row, between in zip((*self._fleets, self._total), (*fleets, total), strict=True):
            row.SetBounds(*between)

    def solve(self) -> bool:
        """Whether an optimum was found, at the second attempt if need be."""
        return any(self._solver.Solve() == pywraplp.Solver.OPTIMAL for _ in range(2))

    @property
    def shifts(self) -> list[float]:
        """Shifts of each fleet in the optimum, often not whole."""
        shifts = [0.0] * len(self._fleets)
        for column, variable in self._variables.items():
            shifts[column.fleet] += variable.solution_value()
        return shifts

    @property
    def prices(self) -> Floats:
        """Euros that each stop is worth, shape (stops,)."""
        return np.array([row.dual_value() for row in self._stops]) / self._unit

    def surcharge(self, fleet: int) -> float:
        """Euros that one more shift of that fleet weighs (limits on vehicles and shifts)."""
        weight = self._fleets[fleet].dual_value() + self._total.dual_value()
        return float(weight) / self._unit
