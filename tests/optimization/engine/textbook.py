"""Small textbook instances made here, from a seed: nobody's data."""

from pathlib import Path

import numpy as np


def write_cvrp(path: Path, *, stops: int, seed: int) -> Path:
    """Customers scattered on a square, about six to a vehicle."""
    random = np.random.default_rng(seed)
    points = random.integers(0, 1000, size=(stops + 1, 2))
    demand = random.integers(1, 30, size=stops)
    lines = [
        f"NAME : made-{stops}-{seed}",
        "TYPE : CVRP",
        f"DIMENSION : {stops + 1}",
        "EDGE_WEIGHT_TYPE : EUC_2D",
        "CAPACITY : 100",
        "NODE_COORD_SECTION",
        *(f"{number} {x} {y}" for number, (x, y) in enumerate(points, start=1)),
        "DEMAND_SECTION",
        "1 0",
        *(f"{number} {load}" for number, load in enumerate(demand, start=2)),
        "DEPOT_SECTION",
        "1",
        "-1",
        "EOF",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def write_vrptw(path: Path, *, stops: int, seed: int) -> Path:
    """Customers with windows around a random moment, in Solomon's layout."""
    random = np.random.default_rng(seed)
    points = random.integers(0, 100, size=(stops + 1, 2))
    lines = [f"MADE{stops}", "", "VEHICLE", "NUMBER     CAPACITY", f"  {stops}  60", "", "CUSTOMER"]
    lines += ["CUST NO.  XCOORD.  YCOORD.  DEMAND  READY TIME  DUE DATE  SERVICE TIME", ""]
    lines.append(f"0 {points[0][0]} {points[0][1]} 0 0 1000 0")
    for number in range(1, stops + 1):
        opens = int(random.integers(150, 600))
        x, y = points[number]
        load = int(random.integers(1, 20))
        lines.append(f"{number} {x} {y} {load} {opens} {opens + 120} 10")
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
