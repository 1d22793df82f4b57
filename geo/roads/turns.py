"""The graph of one mode: arcs, forbidden turns, and the part from which one can come back.

A node where vans from one road may not turn into another gets a copy for them, with fewer ways
out: searches then need to know nothing of turns.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ban:
    """At a node, from the arcs that end along a way, into the arcs that start along another.

    Attributes:
        only: the reverse: that turn is the only one allowed.
    """

    node: int
    from_way: int
    to_way: int
    only: bool


@dataclass(slots=True)
class Arcs:
    """Directed uses of edges.

    Attributes:
        tail: node left, shape (arcs,); likewise ``head``.
        edge: edge followed; ``forward``: as drawn.
        first_way: way on which the arc starts; ``last_way``: ends.
    """

    tail: Ints
    head: Ints
    edge: Ints
    forward: Bools
    first_way: Ints
    last_way: Ints

    def taking(self, chosen: Ints | Bools) -> "Arcs":
        """Those arcs only."""
        return Arcs(
            self.tail[chosen],
            self.head[chosen],
            self.edge[chosen],
            self.forward[chosen],
            self.first_way[chosen],
            self.last_way[chosen],
        )


def arcs_of(
    start: Ints, end: Ints, ways: tuple[Ints, Ints], forward: Bools, backward: Bools
) -> Arcs:
    """Arcs of edges that may be followed as drawn (``forward``), and the other way round."""
    ahead, back = np.flatnonzero(forward), np.flatnonzero(backward)
    first, last = ways
    return Arcs(
        tail=np.concatenate((start[ahead], end[back])),
        head=np.concatenate((end[ahead], start[back])),
        edge=np.concatenate((ahead, back)),
        forward=np.concatenate((np.ones(len(ahead), bool), np.zeros(len(back), bool))),
        first_way=np.concatenate((first[ahead], last[back])),
        last_way=np.concatenate((last[ahead], first[back])),
    )


def forbid_turns(arcs: Arcs, nodes: int, bans: Sequence[Ban]) -> tuple[Arcs, Ints, int]:
    """Copy the nodes where some turns are forbidden.

    Args:
        arcs: all of them.
        nodes: count of nodes.
        bans: what is forbidden.

    Returns:
        the arcs, the node that each copy stands for, and the count of bans that apply.
    """
    by_node: dict[int, list[Ban]] = {}
    for ban in bans:
        by_node.setdefault(ban.node, []).append(ban)
    watched = np.array(sorted(by_node), dtype=np.int64)
    reaching = np.flatnonzero(np.isin(arcs.head, watched))
    leaving = np.flatnonzero(np.isin(arcs.tail, watched))
    out: dict[int, list[int]] = {}
    for arc in leaving.tolist():
        out.setdefault(int(arcs.tail[arc]), []).append(arc)
    head = arcs.head.copy()
    copies: list[int] = []
    allowed: list[list[int]] = []
    applied: set[Ban] = set()
    for arc in reaching.tolist():
        node = int(arcs.head[arc])
        ways_out = out.get(node, [])
        left = ways_out
        for ban in by_node[node]:
            matching = [other for other in ways_out if arcs.first_way[other] == ban.to_way]
            if arcs.last_way[arc] != ban.from_way or not matching:
                continue
            applied.add(ban)
            left = [other for other in left if (other in matching) is ban.only]
        if left != ways_out:
            head[arc] = nodes + len(copies)
            copies.append(node)
            allowed.append(left)
    moved = Arcs(arcs.tail, head, arcs.edge, arcs.forward, arcs.first_way, arcs.last_way)
    extra = np.array([arc for left in allowed for arc in left], dtype=np.int64)
    tails = np.repeat(nodes + np.arange(len(copies)), [len(left) for left in allowed])
    every = moved.taking(np.concatenate((np.arange(len(head)), extra)))
    every.tail = np.concatenate((moved.tail, tails.astype(np.int64)))
    return every, np.array(copies, dtype=np.int64), len(applied)


def largest_component(arcs: Arcs, nodes: int) -> Bools:
    """Which arcs lie within the largest strongly connected component; ties: the first."""
    if not len(arcs.tail):
        return np.zeros(0, dtype=bool)
    graph = csr_matrix((np.ones(len(arcs.tail)), (arcs.tail, arcs.head)), shape=(nodes, nodes))
    _, labels = connected_components(graph, directed=True, connection="strong")
    largest = np.argmax(np.bincount(labels))
    return np.asarray((labels[arcs.tail] == largest) & (labels[arcs.head] == largest))
