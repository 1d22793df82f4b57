"""How long the browser paints the flow map, in Chromium, at 300, 3 000 and 20 000 flows.

Frame times are printed (run with ``-s``), not asserted; counts and errors are.
"""

import json
from pathlib import Path

import pytest
import xstatic.pkg.leaflet
from playwright.sync_api import Browser, Page

from data.nomenclature import load_resources
from geo.flows import FlowFilter, Measure, apply_filter, build_links
from geo.flows.measures import measure_links
from pages.flows_parts.view import Picture
from pages.routes.assets import OWN_ASSETS
from pages.ui.flow_map import flow_payload
from tests.benchmarks.test_flow_map import SIZES, TERRITORY, many

STYLE = {
    "colors": ["#4F7D12"] * 14,
    "halo": "#FFFFFF",
    "ghost": "#00000033",
    "node": "#000000",
    "gate": "#6B2737",
    "bead": "#FFFFFF",
}

MEASURE = """
([level, rank, style]) => {
  const set = cartoflux.flows.prepare(level, rank, 1);
  const canvas = document.createElement('canvas');
  canvas.width = 1600; canvas.height = 1100;
  document.body.replaceChildren(canvas);
  const ctx = canvas.getContext('2d');
  const scale = Math.pow(2, 10 + rank);
  const xs = Array.from(set.x0).filter(Number.isFinite);
  const ys = Array.from(set.y0).filter(Number.isFinite);
  const view = {
    width: 1600, height: 1100, scale: scale, shown: [], nodes: [], moving: [], grid: null,
    left: ((Math.min(...xs) + Math.max(...xs)) / 2) * scale - 800,
    top: ((Math.min(...ys) + Math.max(...ys)) / 2) * scale - 550,
  };
  const time = (work) => { const t = performance.now(); work(); return performance.now() - t; };
  const paint = time(() => {
    cartoflux.flows.paint(ctx, set, view, style, false);
    cartoflux.flows.paintNodes(ctx, set, view, style);
    ctx.getImageData(0, 0, 1, 1);
  });
  view.moving = view.shown.filter((one) => !one.band.ring);
  const live = document.createElement('canvas');
  live.width = 1600; live.height = 1100;
  const top = live.getContext('2d');
  let phase = 0;
  const frames = [];
  for (let i = 0; i < 40; i += 1) {
    frames.push(time(() => {
      cartoflux.flows.move(top, view, phase += 2, style, 1e9);
      top.getImageData(0, 0, 1, 1);
    }));
  }
  const first = time(() => cartoflux.flows.find(view, 800, 550, 6));
  const hover = time(() => {
    for (let i = 0; i < 200; i += 1) cartoflux.flows.find(view, 8 * i, 5 * i, 6);
  }) / 200;
  frames.sort((a, b) => a - b);
  return {
    bands: set.bands.length, shown: view.shown.length, edges: level.edges.o.length,
    lanes: set.bands.reduce((sum, band) => sum + band.lanes.length, 0),
    paint, frame: frames[20], worst: frames[39], first, hover,
  };
}
"""


LINES = """
([ends, animated]) => new Promise((resolve) => {
  document.body.innerHTML = '<div id="map" style="width:1600px;height:1100px"></div>';
  const style = document.createElement('style');
  style.textContent =
    '@keyframes ants { to { stroke-dashoffset: -60; } }' +
    '.ant { animation: ants 1s linear infinite; }';
  document.head.appendChild(style);
  const map = L.map('map', { zoomAnimation: false, maxZoom: 18 }).setView([44.85, 0.48], 10);
  const settle = () => document.body.getBoundingClientRect();
  const time = (work) => {
    const t = performance.now();
    work();
    settle();
    return performance.now() - t;
  };
  const draw = time(() => {
    for (const line of ends) {
      L.polyline(line, { weight: 3 }).addTo(map);
      if (animated) {
        L.polyline(line, { weight: 3, color: '#fff', dashArray: '10 20', className: 'ant' })
          .addTo(map);
      }
    }
  });
  const zoom = time(() => map.setZoom(11));
  const stamps = [];
  const tick = (now) => {
    stamps.push(now);
    if (stamps.length < 31) {
      requestAnimationFrame(tick);
      return;
    }
    const gaps = stamps.slice(1).map((stamp, i) => stamp - stamps[i]).sort((a, b) => a - b);
    resolve({
      draw, zoom, frame: gaps[15],
      paths: document.querySelectorAll('path.leaflet-interactive').length,
    });
  };
  requestAnimationFrame(tick);
})
"""


@pytest.fixture
def canvas(chromium: Browser) -> Page:
    """Return an empty page with the drawing code and the one formula it takes from Leaflet."""
    page = chromium.new_page()
    page.evaluate(
        """() => {
          window.cartoflux = {};
          window.L = {
            latLng: (lat, lng) => ({ lat, lng }),
            CRS: { EPSG3857: { latLngToPoint: (p) => {
              const s = Math.sin(p.lat * Math.PI / 180);
              return {
                x: 256 * (p.lng / 360 + 0.5),
                y: 256 * (0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)),
              };
            } } },
          };
        }"""
    )
    page.add_script_tag(content=(OWN_ASSETS / "flowdraw.js").read_text(encoding="utf-8"))
    return page


@pytest.mark.parametrize("count", SIZES)
def test_frames(canvas: Page, count: int) -> None:
    """Every flow is in a lane, some are on screen, nothing fails; times are printed."""
    errors: list[str] = []
    canvas.on("pageerror", lambda error: errors.append(str(error)))
    actors, flows = many(count)
    filtered = apply_filter(build_links(flows, actors, TERRITORY, load_resources()), FlowFilter())
    kept = Picture(filtered=filtered, measured=measure_links(filtered.links, Measure.MASS))
    payload = json.loads(json.dumps(flow_payload(kept.levels)))
    for rank, level in enumerate(payload["levels"]):
        seen = canvas.evaluate(MEASURE, [level, rank, STYLE])
        print(  # noqa: T201
            f"\n{count} flux, {level['name']} : {seen['shown']} bandes, "
            f"peinture {seen['paint']:.0f} ms, animation {seen['frame']:.1f} ms "
            f"(pire {seen['worst']:.1f}), premier survol {seen['first']:.0f} ms, "
            f"survol {seen['hover']:.2f} ms"
        )
        assert seen["lanes"] == seen["edges"]
        assert 0 < seen["shown"] <= seen["bands"]
    assert errors == []
    canvas.close()


@pytest.mark.parametrize("animated", [False, True], ids=["PolyLine", "like AntPath"])
@pytest.mark.parametrize("count", SIZES[:2])
def test_frames_of_one_line_a_flow(chromium: Browser, count: int, animated: bool) -> None:
    """The same flows as Leaflet lines, in the same browser; times are printed.

    AntPath's own script comes from a network the tests do without: what it does is done here, a
    second path a flow whose dashes a style sheet moves.
    """
    actors, flows = many(count)
    links = build_links(flows, actors, TERRITORY, load_resources())
    places = links.places[["lat", "lon"]]
    starts = places.loc[links.frame["origin"]].to_numpy().tolist()
    stops = places.loc[links.frame["destination"]].to_numpy().tolist()
    page = chromium.new_page()
    page.add_script_tag(path=Path(xstatic.pkg.leaflet.BASE_DIR) / "leaflet.js")
    seen = page.evaluate(LINES, [list(zip(starts, stops, strict=True)), animated])
    print(  # noqa: T201
        f"\n{count} flux, {'comme AntPath' if animated else 'PolyLine'} : {seen['paths']} tracés, "
        f"dessin {seen['draw']:.0f} ms, zoom {seen['zoom']:.0f} ms, image {seen['frame']:.1f} ms"
    )
    assert seen["paths"] == len(links.frame) * (1 + animated)
    page.close()
