/* What stays for the whole mount of a map: vector background, names, controls.
 *
 * `cartoflux.start(map, options)` runs once; what changes is drawn by other files (actors.js,
 * rounds.js, flowmap.js). Texts reach the page through textContent only.
 */
(function () {
  "use strict";

  const LABELS = [
    /* up to this zoom, name only communes with at least this population */
    [8.9, 8000], [9.9, 2500], [10.4, 1500], [10.9, 900], [11.4, 450], [11.9, 200], [99, 0],
  ];

  const SHIFTS = [0, 27, -27, 40, -40];

  const cartoflux = window.cartoflux;
  const { fit, outer, quietly, restoreView, watchView } = cartoflux.shared;

  function color(state, name) {
    return state.options.colors["--cf-" + name];
  }

  function element(tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined && text !== null) node.textContent = text;
    return node;
  }

  /* ---- start: what stays for the whole mount ---- */

  const PROJECTOR_LINES = 1080;

  /* A projector of 720 lines shows the same picture as one of 1080, not a closer one. */
  function scaleHere(scale) {
    const host = outer();
    if (scale <= 1 || !host) return scale;
    return Math.max(1, (scale * host.innerHeight) / PROJECTOR_LINES);
  }

  cartoflux.start = function (map, options) {
    options.scale = scaleHere(options.scale);
    const state = {
      options: options,
      territory: window.cartofluxTerritory || null,
      communes: new Map(),
      markers: new Map(),
      marked: null,
      focusKey: null,
      actorsKey: null,
      quiet: 0,
      moved: false,
      clicks: 0,
    };
    map.cartoflux = state;
    map.options.zoomSnap = options.zoomSnap;
    map.options.wheelPxPerZoomLevel = 110;
    const container = map.getContainer();
    container.classList.add("cf-map");
    /* Leaflet focuses the map at each press; the page around must not scroll under the finger. */
    container.focus = function () {
      HTMLElement.prototype.focus.call(container, { preventScroll: true });
    };
    container.setAttribute("role", "application");
    container.setAttribute("aria-label", options.label);
    for (const [name, value] of Object.entries(options.colors)) {
      document.documentElement.style.setProperty(name, value);
    }
    document.documentElement.style.setProperty("--cf-scale", options.scale);
    map.attributionControl.setPrefix(false);
    if (options.attribution) map.attributionControl.addAttribution(options.attribution);

    for (const [name, level] of [["cf-land", 210], ["cf-lines", 330], ["cf-names", 630]]) {
      map.createPane(name).style.zIndex = level;
    }
    map.getPane("cf-lines").style.pointerEvents = "none";
    map.getPane("cf-names").style.pointerEvents = "none";

    drawTerritory(map, state);
    addControls(map, state);
    restoreView(map, state);
    watchView(map, state);
    watchKeyboard(map);
    new ResizeObserver(function () {
      quietly(state, function () {
        map.invalidateSize({ animate: false });
        if (!state.moved && !state.fromAddress) fit(map, state.focus || options.bounds, state);
      });
    }).observe(container);
  };

  function drawTerritory(map, state) {
    if (!state.territory) return;
    const land = L.svg({ pane: "cf-land", padding: 0.5 });
    const lines = L.svg({ pane: "cf-lines", padding: 0.5 });
    for (const neighbour of state.territory.neighbours) {
      L.polygon(rings(neighbour), {
        renderer: land, pane: "cf-land", interactive: false, weight: 1,
        color: color(state, "map-neighbour-line"), fillColor: color(state, "map-neighbour"), fillOpacity: 1,
        className: "cf-neighbour",
      }).addTo(map);
    }
    const tip = L.tooltip({ className: "cf-tip", sticky: true, direction: "top", offset: [0, -6] });
    for (const feature of state.territory.communes) {
      const commune = feature.properties;
      const polygon = L.polygon(rings(feature), {
        renderer: land, pane: "cf-land", weight: 1, color: color(state, "map-commune-line"),
        fillColor: color(state, "map-land"), fillOpacity: 1, className: "cf-commune",
      }).addTo(map);
      polygon.on("mouseover click", function (event) {
        tip.setContent(communeTip(state, commune));
        tip.setLatLng(event.latlng).openOn(map);
      });
      polygon.on("mousemove", function (event) { tip.setLatLng(event.latlng); });
      polygon.on("mouseout", function () { map.closeTooltip(tip); });
      state.communes.set(commune.code, { commune: commune, polygon: polygon });
    }
    state.outlines = [];
    for (const feature of state.territory.epcis) {
      const epci = feature.properties;
      const outline = L.polygon(rings(feature), {
        renderer: lines, pane: "cf-lines", interactive: false, fill: false,
        color: color(state, "map-epci-line"), weight: 2.2 * state.options.scale, opacity: 0.75,
        lineJoin: "round",
      }).addTo(map);
      const middle = outline.getCenter();
      state.outlines.push({ epci: epci, outline: outline, at: [middle.lat, middle.lng] });
    }
    const names = map.getPane("cf-names");
    map.on("zoomstart", function () { names.style.visibility = "hidden"; });
    map.on("zoomend viewreset moveend resize", function () { drawNames(map, state); });
  }

  function rings(feature) {
    const levels = feature.geometry.type === "Polygon" ? 1 : 2;
    return L.GeoJSON.coordsToLatLngs(feature.geometry.coordinates, levels);
  }

  function communeTip(state, commune) {
    const box = element("div");
    box.appendChild(element("strong", null, commune.name));
    box.appendChild(element("div", "cf-tip-quiet", commune.epci));
    const value = state.values && state.values[commune.code];
    if (value) box.appendChild(element("div", null, value));
    return box;
  }

  /* ---- names: the most populated first, none over another ---- */

  const ruler = document.createElement("canvas").getContext("2d");

  function drawNames(map, state) {
    const pane = map.getPane("cf-names");
    pane.style.visibility = "";
    pane.replaceChildren();
    if (!state.territory) return;
    const zoom = map.getZoom();
    const scale = state.options.scale;
    const size = map.getSize();
    const least = LABELS.find(function (row) { return zoom <= row[0]; })[1];
    const taken = [];
    const markers = markerBoxes(map);
    const wanted = state.territory.towns
      .filter(function (town) { return town.zoom <= zoom && town.population >= least; })
      .map(function (commune) {
        const rank = commune.population >= 15000 ? 2 : commune.population >= 3000 ? 1 : 0;
        return {
          text: commune.name, at: commune.at, rank: commune.population,
          size: [11.5, 13, 16][rank] * scale, weight: [500, 600, 700][rank], className: "cf-town",
          famous: rank > 0,
        };
      });
    if (zoom < 11.5) {
      for (const one of state.outlines) {
        wanted.push({
          text: one.epci.short_name, at: one.at, rank: 9000, size: 12.5 * scale, weight: 700,
          className: "cf-epci", famous: false,
        });
      }
    }
    wanted.sort(function (a, b) { return b.rank - a.rank; });
    for (const label of wanted) {
      const point = map.latLngToContainerPoint(label.at);
      if (point.x < -60 || point.y < -30 || point.x > size.x + 60 || point.y > size.y + 30) continue;
      ruler.font = label.weight + " " + label.size + "px system-ui, sans-serif";
      const width = ruler.measureText(label.text).width * (label.className === "cf-epci" ? 1.1 : 1) + 10;
      const height = label.size + 6;
      const boxAt = function (shift) {
        const middle = point.y + shift * scale;
        return [point.x - width / 2, middle - height / 2, point.x + width / 2, middle + height / 2];
      };
      const free = function (box, others) {
        return others.every(function (other) {
          return box[2] < other[0] || box[0] > other[2] || box[3] < other[1] || box[1] > other[3];
        });
      };
      let shift = SHIFTS.find(function (one) { return free(boxAt(one), taken) && free(boxAt(one), markers); });
      /* a town that everybody looks for is named even over a marker's edge */
      if (shift === undefined && label.famous) {
        shift = SHIFTS.find(function (one) { return one && free(boxAt(one), taken); });
      }
      if (shift === undefined) continue;
      taken.push(boxAt(shift));
      const node = element("span", label.className, label.text);
      node.style.fontSize = label.size + "px";
      node.style.fontWeight = label.weight;
      L.DomUtil.setPosition(node, map.containerPointToLayerPoint([point.x, point.y + shift * scale]));
      pane.appendChild(node);
    }
  }

  /* Boxes of the markers on screen: a name goes beside them, not under. */
  function markerBoxes(map) {
    const boxes = [];
    for (const icon of map.getPane("markerPane").children) {
      const position = icon.classList.contains("cf-pin") && L.DomUtil.getPosition(icon);
      if (!position) continue;
      const at = map.layerPointToContainerPoint(position);
      const half = icon.offsetWidth / 2 - 3;
      boxes.push([at.x - half, at.y - half, at.x + half, at.y + half]);
    }
    return boxes;
  }

  /* ---- controls: scale, backgrounds from the net (off by default), legend ---- */

  function addControls(map, state) {
    const options = state.options;
    name(map, ".leaflet-control-zoom-in", options.words.zoomIn);
    name(map, ".leaflet-control-zoom-out", options.words.zoomOut);
    L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
    const bases = {};
    bases[options.words.vector] = L.layerGroup().addTo(map);
    for (const tiles of options.tiles) {
      const layer = L.tileLayer(tiles.url, {
        attribution: tiles.attribution, maxNativeZoom: tiles.maxZoom, maxZoom: 19,
        className: options.dark ? "cf-tiles cf-tiles-dark" : "cf-tiles",
      });
      watchTiles(map, state, layer);
      bases[tiles.name] = layer;
    }
    if (options.tiles.length) {
      L.control.layers(bases, {}, { position: "topright" }).addTo(map);
      name(map, ".leaflet-control-layers-toggle", options.words.layers);
      map.on("baselayerchange", function (event) {
        state.tiled = event.name !== options.words.vector;
        map.getContainer().classList.toggle("cf-tiled", state.tiled);
        map.options.zoomSnap = state.tiled ? 1 : state.options.zoomSnap; /* sharp tiles */
        if (state.tiled) quietly(state, function () { map.setZoom(Math.round(map.getZoom())); });
        say(map, "");
      });
    }
    /* Under the map, not over it: nothing of the territory is hidden. */
    state.legend = element("details", "cf-legend");
    state.legend.open = window.innerWidth >= 640;
    map.getContainer().parentNode.appendChild(state.legend);
    state.notice = element("div", "cf-notice");
    state.notice.setAttribute("role", "status");
    map.getContainer().appendChild(state.notice);
  }

  /* Leaflet names its own buttons in English. */
  function name(map, selector, text) {
    const button = map.getContainer().querySelector(selector);
    if (!button) return;
    button.title = text;
    button.setAttribute("aria-label", text);
  }

  function watchTiles(map, state, layer) {
    let failed = 0;
    let loaded = 0;
    layer.on("add", function () { failed = loaded = 0; });
    layer.on("tileload", function () { loaded += 1; });
    layer.on("tileerror", function () {
      failed += 1;
      if (failed === 4 && loaded === 0) say(map, state.options.words.tilesFailed);
    });
  }

  function say(map, text) {
    const notice = map.cartoflux.notice;
    notice.textContent = text;
    notice.hidden = !text;
  }

  /* ---- keyboard: what a mouse can click, Enter and Space can too ---- */

  function watchKeyboard(map) {
    const container = map.getContainer();
    container.addEventListener("keydown", function (event) {
      const target = event.target;
      if ((event.key === "Enter" || event.key === " ") && target.classList.contains("cf-pin")) {
        event.preventDefault();
        target.click();
      }
    });
  }

  Object.assign(cartoflux.shared, { color: color, element: element, drawNames: drawNames });
})();
