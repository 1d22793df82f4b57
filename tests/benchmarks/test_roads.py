"""Tables of 300 × 300 on a network of 150 000 junctions: plain search, and the accelerator.

Run on purpose: ``CARTOFLUX_BENCH_ROADS=150000 pytest tests/benchmarks/test_roads.py -s``.
"""

import os
import time
from pathlib import Path

import numpy as np
import pytest

from data.model import TravelMode
from geo.roads import hierarchy
from geo.roads.network import save_network
from geo.roads.router import open_router, order_path
from tests.geo.roads.worlds import places_in, random_network

PLACES = 300


@pytest.mark.skipif(
    "CARTOFLUX_BENCH_ROADS" not in os.environ, reason="set CARTOFLUX_BENCH_ROADS to a node count"
)
def test_tables(tmp_path: Path) -> None:
    """Print the processor seconds of both engines; they find the same figures."""
    network = random_network(int(os.environ["CARTOFLUX_BENCH_ROADS"]))
    path = tmp_path / "abc.npz"
    save_network(network, path)
    router = open_router(path).modes[TravelMode.VAN]
    snapped = router.snap(places_in(network, PLACES))
    began = time.process_time()
    plain = router.graph.square(snapped).astype(np.int64)
    print(f"\nscipy: {time.process_time() - began:.2f} s")  # noqa: T201 (what it is for)
    if not hierarchy.is_installed():
        return
    order = order_path(path.with_suffix(""), TravelMode.VAN)
    hierarchy.save_order(network, router.graph, order)
    quick = hierarchy.Hierarchy(router.graph, order)
    began = time.process_time()
    found = quick.square(snapped)
    print(f"routingkit-cch: {time.process_time() - began:.2f} s")  # noqa: T201 (what it is for)
    assert found is not None
    apart = snapped.edge[:, None] != snapped.edge
    np.testing.assert_array_equal(found[0][apart], (plain >> 26)[apart])
