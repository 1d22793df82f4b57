"""The rule of statistical secrecy, and the partition whose sums may be released.

Works on *contributions*, one row a hidden link of known mass:

- ``grams``: whole grams a year, positive; ``margin``: relative half-width;
- ``declarer``, ``sender``, ``receiver``: numbers of the actors concerned; a sender or receiver
  that is nobody is -1;
- ``origin_zone``, ``destination_zone``: EPCI place, ``outside`` or ``unknown``; ``origin_side``,
  ``destination_side``: the same, all EPCI being one; ``stream``, ``year``, ``current``.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

Ints = npt.NDArray[np.int64]

FEWEST_ACTORS = 3
"""Fewest declaring actors behind a released sum."""
DOMINANCE_PERCENT = 85
"""What one actor touches must stay below this part of a released sum, percent."""
FEWEST_OTHERS = 2
"""Fewest declarers left once one actor's own links are taken away."""

PARTITIONS = (
    ("origin_zone", "destination_zone", "stream", "year", "current"),
    ("origin_side", "destination_side", "stream", "year", "current"),
    ("origin_side", "destination_side", "year", "current"),
)
"""From the finest to the coarsest; each is a union of cells of the one before."""

_NEVER = len(PARTITIONS)


def released_sums(contributions: pd.DataFrame, secret: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """Sums that may be told, over disjoint sets of contributions.

    The secret contributions are partitioned alone first; the others then only ever join whole
    sums of them, so that whoever can subtract the others finds released sums again.

    Args:
        contributions: all that the viewer may not see.
        secret: which of them a better informed viewer may not see either.

    Returns:
        One row a sum: the columns of the contributions (``grams`` added up, ``margin`` the
        largest; zones and streams are those of one member and mean nothing beyond ``step``),
        ``step`` (which of ``PARTITIONS``) and ``links`` (how many).
    """
    enter = np.zeros(len(contributions), dtype=np.int64)
    if secret.any() and not secret.all():
        _, step = _partition(contributions[secret], enter[secret])
        enter[secret] = step
    number, step = _partition(contributions, enter)
    told = number >= 0
    grouped = contributions.assign(step=step, links=1)[told].groupby(number[told], sort=True)
    sums = grouped.first()
    sums["grams"] = grouped["grams"].sum()
    sums["margin"] = grouped["margin"].max()
    sums["links"] = grouped["links"].sum()
    return sums.reset_index(drop=True)


def _partition(contributions: pd.DataFrame, enter: Ints) -> tuple[Ints, Ints]:
    """Release what passes the rule, from the finest partition to the coarsest.

    Args:
        contributions: what to add up.
        enter: first partition each may enter: what was released at a coarse step must stay whole.

    Returns:
        Number of the sum (-1 = not released) and step, for each contribution.
    """
    number = np.full(len(contributions), -1, dtype=np.int64)
    step_of = np.full(len(contributions), _NEVER, dtype=np.int64)
    for step, keys in enumerate(PARTITIONS):
        rows = np.flatnonzero((number < 0) & (enter <= step))
        if not len(rows):
            continue
        left = contributions.iloc[rows]
        cell = (
            left.groupby(list(keys), dropna=False, sort=True).ngroup().to_numpy().astype(np.int64)
        )
        good = passes(left, cell)[cell]
        number[rows[good]] = number.max(initial=-1) + 1 + cell[good]
        step_of[rows[good]] = step
    return number, step_of


def passes(contributions: pd.DataFrame, cell: Ints) -> npt.NDArray[np.bool_]:
    """Apply the rule to each cell.

    Args:
        contributions: at least one.
        cell: cell of each contribution, 0 … n - 1, each number used.

    Returns:
        One boolean a cell.
    """
    mass = contributions["grams"].to_numpy(dtype=np.int64)
    declarer = contributions["declarer"].to_numpy(dtype=np.int64)
    total = _sum(cell, mass)
    declares, declares_of = _pairs(cell, declarer)
    in_all = np.bincount(declares_of)
    declarers = np.bincount(declares[:, 0])

    row, actor = _touches(contributions)
    touches, touch_of = _pairs(cell[row], actor)
    largest = np.zeros(len(total), dtype=np.int64)
    np.maximum.at(largest, touches[:, 0], _sum(touch_of, mass[row]))

    # An actor « covers » a declarer when it knows every link that this one declares in the cell.
    meets, meets_of = _pairs(touch_of, declares_of[row])
    covers = np.bincount(meets_of) == in_all[meets[:, 1]]
    covered = _sum(meets[:, 0], covers.astype(np.int64))
    known = np.zeros(len(total), dtype=np.int64)
    np.maximum.at(known, touches[:, 0], covered)
    return np.asarray(
        (declarers >= FEWEST_ACTORS)
        & (largest * 100 < total * DOMINANCE_PERCENT)
        & (declarers - known >= FEWEST_OTHERS)
    )


def _touches(contributions: pd.DataFrame) -> tuple[Ints, Ints]:
    """(Contribution, actor concerned) pairs, each once."""
    ends = contributions[["declarer", "sender", "receiver"]].to_numpy(dtype=np.int64)
    row = np.repeat(np.arange(len(ends)), ends.shape[1])
    pairs = np.unique(np.column_stack([row, ends.ravel()]), axis=0)
    pairs = pairs[pairs[:, 1] >= 0]
    return pairs[:, 0], pairs[:, 1]


def _pairs(a: Ints, b: Ints) -> tuple[Ints, Ints]:
    """Distinct pairs in order (one a row), and which of them each given pair is."""
    width = int(b.max(initial=0)) + 1
    keys, which = np.unique(a * width + b, return_inverse=True)
    return np.column_stack([keys // width, keys % width]), which.astype(np.int64)


def _sum(group: Ints, values: Ints) -> Ints:
    total = np.zeros(int(group.max(initial=-1)) + 1, dtype=np.int64)
    np.add.at(total, group, values)
    return total
