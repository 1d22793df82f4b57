"""From ways to junctions: points where nothing can be decided disappear, their geometry stays."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.roads.profiles import JUNCTION_S
from geo.roads.source_file import RawRoads

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

MODES: Final = ("bike", "van")
_EQUATOR_M: Final = 6_378_137.0
_FLATNESS_E2: Final = 0.006_694_379_990_14
_THROUGH: Final = 2
"""A point on exactly two segments is on the way from somewhere to somewhere."""
_SMOOTH_M: Final = 40.0
_STEEPEST: Final = 0.2


@dataclass(slots=True)
class Segments:
    """Pieces of road between two neighbouring points.

    Attributes:
        a: index of the first point, shape (segments,); ``b`` of the last.
        way: index of the way in the file's order.
        metres: length.
        seconds: (mode, "forward" | "backward") → time, infinite where forbidden.
        lon: position of each point, degrees.
        refs: OSM id of each point, ascending.
    """

    a: Ints
    b: Ints
    way: Ints
    metres: Floats
    seconds: dict[tuple[str, str], Floats]
    lon: Floats
    lat: Floats
    refs: Ints


@dataclass(slots=True)
class Chains:
    """Edges between kept points.

    Attributes:
        start: first point of each edge, as an index into the segments' points; ``end`` likewise.
        first_way: way that each edge starts along; ``last_way`` ends along.
        points: all points of all edges, ends included; ``offsets`` where each edge begins.
        metres: length of each edge.
        seconds: as for segments.
    """

    start: Ints
    end: Ints
    first_way: Ints
    last_way: Ints
    points: Ints
    offsets: Ints
    metres: Floats
    seconds: dict[tuple[str, str], Floats]


def segment_metres(lon: Floats, lat: Floats, lon2: Floats, lat2: Floats) -> Floats:
    """Lengths on the ellipsoid of short segments (within 1e-6 below 10 km), metres."""
    middle = np.radians((lat + lat2) / 2)
    w = np.sqrt(1 - _FLATNESS_E2 * np.sin(middle) ** 2)
    east = _EQUATOR_M / w * np.cos(middle) * np.radians(lon2 - lon)
    north = _EQUATOR_M * (1 - _FLATNESS_E2) / w**3 * np.radians(lat2 - lat)
    return np.hypot(east, north)


def cut(
    raw: RawRoads,
    inside: Callable[[Floats, Floats], Bools] | None = None,
    heights: Callable[[Floats, Floats], Floats] | None = None,
) -> Segments:
    """Cut ways into segments, with their times.

    Args:
        raw: what was read.
        inside: tells which positions are kept; a segment with one end inside stays.
        heights: gives the height of positions, metres; NaN where unknown.
    """
    refs_of = np.frombuffer(raw.refs, dtype=np.int64) if raw.refs else np.empty(0, np.int64)
    starts = np.frombuffer(raw.starts, dtype=np.int64)
    refs, first, index = np.unique(refs_of, return_index=True, return_inverse=True)
    all_lon, all_lat = np.array(raw.lon, dtype=float), np.array(raw.lat, dtype=float)
    lon, lat = all_lon[first], all_lat[first]
    way_of = np.repeat(np.arange(len(raw.way_ids)), np.diff(starts))
    kept = (way_of[1:] == way_of[:-1]) & (index[1:] != index[:-1])
    if inside is not None and len(lon):
        within = inside(lon, lat)
        kept &= within[index[1:]] | within[index[:-1]]
    a, b, way = index[:-1][kept], index[1:][kept], way_of[1:][kept]
    metres = np.maximum(segment_metres(lon[a], lat[a], lon[b], lat[b]), 0.05)
    seconds = {
        (mode, direction): _seconds(metres, _speeds(raw, mode, direction)[way])
        for mode in MODES
        for direction in ("forward", "backward")
    }
    if heights is not None:
        slope = _slopes(_smooth(heights(all_lon, all_lat), all_lon, all_lat, starts), kept, metres)
        seconds["bike", "forward"] /= gradient_factor(slope)
        seconds["bike", "backward"] /= gradient_factor(-slope)
    segments = Segments(a, b, way, metres, seconds, lon, lat, refs)
    _block(segments, raw)
    _delay(segments, raw)
    return segments


def _speeds(raw: RawRoads, mode: str, direction: str) -> Floats:
    """Speed of each way, km/h."""
    return np.array([getattr(rules, f"{mode}_{direction}") for rules in raw.rules], dtype=float)


def _seconds(metres: Floats, speed: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        return np.asarray(metres * 3.6 / speed)


def gradient_factor(slope: Floats) -> Floats:
    """How a slope (0.05 = 5 % uphill) changes the speed of a loaded, assisted bike.

    5 % up gives two thirds of the speed, 10 % half; down, at most a fifth faster, then brakes.
    """
    up = 1 / (1 + 10 * np.clip(slope, 0, None))
    down = 1 + np.clip(np.minimum(-4 * slope, 0.2 - 2 * (-slope - 0.05)), 0, 0.2)
    return np.where(slope >= 0, up, down)


def _smooth(heights: Floats, lon: Floats, lat: Floats, starts: Ints) -> Floats:
    """Average heights along each way: a grid's noise is not a hill."""
    smooth = heights.copy()
    for begin, end in pairwise(starts.tolist()):
        part = slice(begin, end)
        x, y = lon[part], lat[part]
        along = np.concatenate(([0.0], np.cumsum(segment_metres(x[:-1], y[:-1], x[1:], y[1:]))))
        height = heights[part]
        before = np.interp(along - _SMOOTH_M, along, height)
        after = np.interp(along + _SMOOTH_M, along, height)
        smooth[part] = (before + height + after) / 3
    return smooth


def _slopes(heights: Floats, kept: Bools, metres: Floats) -> Floats:
    rise = (heights[1:] - heights[:-1])[kept]
    return np.clip(np.nan_to_num(rise / metres, nan=0.0), -_STEEPEST, _STEEPEST)


def _degree(segments: Segments, weights: Bools | None = None) -> Ints:
    size = len(segments.refs)
    ends = np.concatenate((segments.a, segments.b))
    twice = None if weights is None else np.concatenate((weights, weights))
    return np.bincount(ends, weights=twice, minlength=size).astype(np.int64)


def _point_index(segments: Segments, ref: int) -> int | None:
    at = int(np.searchsorted(segments.refs, ref))
    return at if at < len(segments.refs) and segments.refs[at] == ref else None


def _block(segments: Segments, raw: RawRoads) -> None:
    """Close the shorter side of a barrier: people can still ride up to the other."""
    degree = _degree(segments)
    sides: dict[int, list[int]] = {}
    wanted = {}
    for ref, rules in raw.points.items():
        point = _point_index(segments, ref)
        if (
            point is None
            or degree[point] != _THROUGH
            or not (rules.blocks_bike or rules.blocks_van)
        ):
            continue
        wanted[point] = rules
    if not wanted:
        return
    points = np.array(sorted(wanted))
    for ends in (segments.a, segments.b):
        for segment in np.flatnonzero(np.isin(ends, points)):
            sides.setdefault(int(ends[segment]), []).append(int(segment))
    for point, rules in wanted.items():
        shorter = min(sides[point], key=lambda segment: segments.metres[segment])
        for mode, blocked in (("bike", rules.blocks_bike), ("van", rules.blocks_van)):
            if blocked:
                segments.seconds[mode, "forward"][shorter] = np.inf
                segments.seconds[mode, "backward"][shorter] = np.inf


def _delay(segments: Segments, raw: RawRoads) -> None:
    """Add what signals, signs and junctions cost to whoever arrives there."""
    lost = np.zeros(len(segments.refs))
    for ref, rules in raw.points.items():
        point = _point_index(segments, ref)
        if point is not None:
            lost[point] = rules.delay_s
    main = np.array([rules.main for rules in raw.rules], dtype=bool)[segments.way]
    around = np.array([rules.roundabout for rules in raw.rules], dtype=bool)[segments.way]
    for mode in MODES:
        open_ = np.isfinite(segments.seconds[mode, "forward"]) | np.isfinite(
            segments.seconds[mode, "backward"]
        )
        streets = _degree(segments, main & open_)
        for direction, heads in (("forward", segments.b), ("backward", segments.a)):
            crossing = (streets[heads] > _THROUGH) | (~main & (streets[heads] >= _THROUGH))
            delay = lost[heads] + np.where(crossing & ~around, JUNCTION_S[mode], 0.0)
            segments.seconds[mode, direction] = segments.seconds[mode, direction] + delay


def contract(segments: Segments, keep: Ints) -> Chains:
    """Join segments into edges between junctions.

    Args:
        segments: from :func:`cut`.
        keep: indices of points that must stay, besides junctions and dead ends.
    """
    open_ = np.isfinite(np.stack(list(segments.seconds.values()), axis=1)).any(axis=1)
    live = np.flatnonzero(open_)
    a, b = segments.a[live], segments.b[live]
    size = len(segments.refs)
    kept = np.bincount(np.concatenate((a, b)), minlength=size) != _THROUGH
    kept[keep] = True
    kept |= _changes(segments, live, size)
    order = np.argsort(np.concatenate((a, b)), kind="stable")
    slots = np.concatenate((live, live))[order].tolist()
    begin = np.searchsorted(np.concatenate((a, b))[order], np.arange(size + 1)).tolist()
    return _walk(segments, live, kept, slots, begin)


def _changes(segments: Segments, live: Ints, size: int) -> Bools:
    """Points in the middle of a road where what is allowed changes."""
    # Bits: bike forward, bike backward, van forward, van backward.
    drawn = np.zeros(len(live), np.int64)
    for bit, seconds in enumerate(segments.seconds.values()):
        drawn |= np.isfinite(seconds[live]).astype(np.int64) << bit
    points = np.concatenate((segments.a[live], segments.b[live]))
    leaving = np.concatenate((drawn, _turned(drawn)))
    order = np.argsort(points, kind="stable")
    first, last = np.zeros(size, np.int64), np.zeros(size, np.int64)
    first[points[order][::-1]] = leaving[order][::-1]
    last[points[order]] = leaving[order]
    return np.asarray(_turned(first) != last)


def _turned(bits: Ints) -> Ints:
    """The same permissions for someone who comes from the other end."""
    return ((bits & 0b0101) << 1) | ((bits & 0b1010) >> 1)


def _walk(
    segments: Segments, live: Ints, kept: Bools, slots: list[int], begin: list[int]
) -> Chains:
    """Follow roads from each kept point to the next."""
    a, b, is_kept = segments.a.tolist(), segments.b.tolist(), kept.tolist()
    done = bytearray(len(a))
    trail = _Trail([], [], [], [], [])
    points, path, drawn = trail.points, trail.path, trail.drawn

    def follow(point: int, segment: int) -> None:
        origin, before = point, len(path)
        points.append(point)
        while True:
            done[segment] = 1
            along = a[segment] == point
            point = b[segment] if along else a[segment]
            path.append(segment)
            drawn.append(along)
            points.append(point)
            if is_kept[point] or point == origin:
                break
            one, two = slots[begin[point]], slots[begin[point] + 1]
            segment = two if one == segment else one
        trail.ends.append((origin, point))
        trail.counts.append(len(path) - before)

    def follow_all(starting: Ints) -> None:
        for point in starting.tolist():
            for slot in range(begin[point], begin[point + 1]):
                if not done[slots[slot]]:
                    follow(point, slots[slot])

    follow_all(np.flatnonzero(kept))
    # What is left are rings without any junction.
    follow_all(np.unique(segments.a[live[np.frombuffer(done, np.uint8)[live] == 0]]))
    return _chains(segments, trail)


@dataclass(slots=True)
class _Trail:
    """Edges as they are followed: points, segments with their sense, ends and counts."""

    points: list[int]
    path: list[int]
    drawn: list[bool]
    ends: list[tuple[int, int]]
    counts: list[int]


def _chains(segments: Segments, trail: _Trail) -> Chains:
    count = np.array(trail.counts, dtype=np.int64)
    along = np.array(trail.path, dtype=np.int64)
    as_drawn = np.array(trail.drawn, dtype=bool)
    starts = np.concatenate(([0], np.cumsum(count)))
    first, last = along[starts[:-1]], along[starts[1:] - 1]

    def total(values: Floats) -> Floats:
        return np.asarray(np.add.reduceat(values, starts[:-1])) if len(values) else values

    seconds = {}
    for mode in MODES:
        forward = segments.seconds[mode, "forward"][along]
        backward = segments.seconds[mode, "backward"][along]
        seconds[mode, "forward"] = total(np.where(as_drawn, forward, backward))
        seconds[mode, "backward"] = total(np.where(as_drawn, backward, forward))
    pairs = np.array(trail.ends, dtype=np.int64).reshape(-1, 2)
    return Chains(
        start=pairs[:, 0],
        end=pairs[:, 1],
        first_way=segments.way[first],
        last_way=segments.way[last],
        points=np.array(trail.points, dtype=np.int64),
        offsets=np.concatenate(([0], np.cumsum(count + 1))),
        metres=total(segments.metres[along]),
        seconds=seconds,
    )
