"""What comes in must go out: actors whose own declarations do not add up.

Only streams whose matter keeps its mass through a workshop or a shop are checked, and only actors
who declare both inputs and outputs of that stream. Ranges are those of the declarations; a
quantity of unknown size leaves its side open upwards.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.french import NNBSP, quantity
from data.model import Stream
from geo.flows.links import Links

CONSERVATIVE = {
    Stream.WOOD: "bois",
    Stream.PAPER_CARDBOARD: "papier et carton",
    Stream.PLASTIC: "plastique",
    Stream.METAL: "métal",
    Stream.GLASS: "verre",
    Stream.MINERAL: "matériaux minéraux",
    Stream.TEXTILE: "textile",
}
"""Streams checked, as written in the sentence; food and biowaste dry, rot and are eaten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imbalance:
    """One actor's declared inputs and outputs of a stream, too far apart.

    Attributes:
        in_t: tonnes a year, in a range ``in_low_t`` … ``in_high_t`` (infinite when some input is
            of unknown quantity); likewise ``out_t``.
        flow_ids: every declaration compared.
    """

    actor_id: str
    actor_name: str
    stream: Stream
    in_t: float
    in_low_t: float
    in_high_t: float
    out_t: float
    out_low_t: float
    out_high_t: float
    flow_ids: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """Say it in French, naming the actor (its own words: escape before making HTML)."""
        gap = abs(self.out_t - self.in_t)
        hint = (
            "une entrée n’est peut-être pas déclarée"
            if self.out_t > self.in_t
            else "une sortie n’est peut-être pas déclarée, ou la matière est stockée"
        )
        return (
            f"{self.actor_name}, {CONSERVATIVE[self.stream]}{NNBSP}: "
            f"{quantity(self.in_t, 't/an')} en entrée, {quantity(self.out_t, 't/an')} en sortie. "
            f"L’écart de {quantity(gap, 't/an')} dépasse les incertitudes{NNBSP}: {hint}."
        )


def check_balance(links: Links) -> tuple[Imbalance, ...]:
    """Find the actors whose declared inputs and outputs of a stream disagree.

    Args:
        links: what the viewer may see; only the current ones are compared (see
            :mod:`geo.flows.links`). Loops of an actor with itself weigh on both sides alike and
            are left out.

    Returns:
        Imbalances, the widest gap first.
    """
    frame = links.frame
    frame = frame[
        frame["current"]
        & frame["stream"].isin([s.value for s in CONSERVATIVE])
        & (frame["origin"] != frame["destination"])
    ]
    sides = [
        _side(frame, "destination").assign(is_in=True),
        _side(frame, "origin").assign(is_in=False),
    ]
    long = pd.concat(sides, ignore_index=True)
    names = dict(zip(links.places["actor_id"], links.places["name"], strict=True))
    keys = ["actor", "stream"]
    long = long[long.groupby(keys)["is_in"].transform("nunique") == 2]  # noqa: PLR2004
    if long.empty:
        return ()
    sums = long.groupby([*keys, "is_in"])[["mass", "low", "high"]].sum()
    came, went = sums.xs(True, level="is_in"), sums.xs(False, level="is_in")
    far = (came["low"] > went["high"]) | (went["low"] > came["high"])
    behind = {
        key: tuple(flow_id for ids in group for flow_id in ids)
        for key, group in long.groupby(keys)["flow_ids"]
    }
    found = []
    for actor, stream in far.index[far]:
        came_in, went_out = came.loc[(actor, stream)], went.loc[(actor, stream)]
        found.append(
            Imbalance(
                actor_id=actor,
                actor_name=str(names[actor]),
                stream=Stream(stream),
                in_t=float(came_in["mass"]),
                in_low_t=float(came_in["low"]),
                in_high_t=float(came_in["high"]),
                out_t=float(went_out["mass"]),
                out_low_t=float(went_out["low"]),
                out_high_t=float(went_out["high"]),
                flow_ids=behind[actor, stream],
            )
        )
    return tuple(sorted(found, key=lambda i: (-abs(i.out_t - i.in_t), i.actor_id, i.stream)))


def _side(frame: pd.DataFrame, end: str) -> pd.DataFrame:
    """Links that the actor at this end declares itself."""
    mine = frame[(frame[f"{end}_actor"] != "") & frame["declared_by"].isin([end, "both"])]
    width = mine["tolerance"]
    widest = np.maximum(mine["mass_high_t"], mine["mass_t"] * (1 + width))
    return pd.DataFrame(
        {
            "actor": mine[f"{end}_actor"],
            "stream": mine["stream"],
            "mass": mine["mass_t"],
            "low": np.minimum(mine["mass_low_t"], mine["mass_t"] * (1 - width)),
            "high": np.where(mine["mass_t"].isna(), np.inf, widest),
            "flow_ids": mine["flow_ids"],
        }
    )
