/* The map in the browser: vector background, names, actors, legend, address bar.
 *
 * Python sends one JSON payload; every text of it reaches the page through textContent only.
 * `cartoflux.start(map, options)` runs once per mount, `cartoflux.show(map, payload)` at each
 * change: it compares with what is on screen and redraws only what differs.
 */
(function () {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";
  const SHAPES = {
    square: "M5 4.5h22a2.5 2.5 0 0 1 2.5 2.5v18a2.5 2.5 0 0 1-2.5 2.5H5A2.5 2.5 0 0 1 2.5 25V7A2.5 2.5 0 0 1 5 4.5z",
    circle: "M16 2.5a13.5 13.5 0 1 0 .01 0z",
    shield: "M16 2 28 5.5V16c0 7.5-6 11.7-12 14C10 27.700 4 23.500 4 16V5.500z",
    diamond: "M16 .8 31.200 16 16 31.200.8 16z",
    hexagon: "M16 1.200 29 8.600V23.400L16 30.800 3 23.400V8.600z",
  };
  const LABELS = [
    /* up to this zoom, name only communes with at least this population */
    [8.9, 8000], [9.9, 2500], [10.4, 1500], [10.9, 900], [11.4, 450], [11.9, 200], [99, 0],
  ];

  const SHIFTS = [0, 27, -27, 40, -40];

  const cartoflux = (window.cartoflux = {});

  function color(state, name) {
    return state.options.colors["--cf-" + name];
  }

  function element(tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined && text !== null) node.textContent = text;
    return node;
  }

  /* ---- icons: built from the palette and constants, never from user text ---- */

  function shapeSvg(kind, approximate) {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "-4 -4 40 40");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", SHAPES[kind.shape]);
    path.setAttribute("fill", kind.color);
    path.setAttribute("class", "cf-shape");
    svg.appendChild(path);
    if (approximate) {
      const ring = document.createElementNS(SVG, "path");
      ring.setAttribute("d", SHAPES[kind.shape]);
      ring.setAttribute("fill", "none");
      ring.setAttribute("class", "cf-approximate");
      ring.setAttribute("transform", "translate(16 16) scale(1.19) translate(-16 -16)");
      svg.appendChild(ring);
    }
    return svg;
  }

  function kindSymbol(kind, approximate) {
    const symbol = element("span", "cf-symbol cf-" + kind.shape);
    symbol.appendChild(shapeSvg(kind, approximate));
    const glyph = element("i", kind.icon);
    glyph.setAttribute("aria-hidden", "true");
    symbol.appendChild(glyph);
    return symbol;
  }

  /* ---- start: what stays for the whole mount ---- */

  cartoflux.start = function (map, options) {
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

  function quietly(state, action) {
    state.quiet += 1;
    try {
      action();
    } finally {
      state.quiet -= 1;
    }
  }

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

  function drawLegend(state, legend) {
    const box = state.legend;
    const signature = JSON.stringify(legend);
    if (box.dataset.signature === signature) return;
    box.dataset.signature = signature;
    box.replaceChildren(element("summary", null, legend.title));
    const kinds = element("ul");
    for (const kind of legend.kinds) {
      const row = element("li");
      row.appendChild(kindSymbol(kind, false));
      row.appendChild(element("span", null, kind.label));
      row.appendChild(element("span", "cf-count", kind.count));
      kinds.appendChild(row);
    }
    if (legend.approximate) {
      const row = element("li");
      row.appendChild(kindSymbol(legend.approximate, true));
      row.appendChild(element("span", "cf-count", legend.approximate.note));
      kinds.appendChild(row);
    }
    box.appendChild(kinds);
    if (legend.fill) {
      const classes = element("ul", "cf-classes");
      classes.appendChild(element("li", "cf-legend-title", legend.fill.title));
      for (const one of legend.fill.classes) {
        const row = element("li");
        const swatch = element("span", "cf-swatch");
        swatch.style.background = one.color;
        row.appendChild(swatch);
        row.appendChild(element("span", null, one.label));
        classes.appendChild(row);
      }
      box.appendChild(classes);
      if (legend.fill.note) box.appendChild(element("p", "cf-legend-source", legend.fill.note));
    }
  }

  /* ---- the view lives in the address bar, without a rerun ---- */

  function outer() {
    try {
      void window.parent.location.search;
      return window.parent;
    } catch (_error) {
      return null; /* embedded from elsewhere: the view is simply not kept */
    }
  }

  function addressView() {
    const host = outer();
    if (!host) return null;
    const parts = (new URLSearchParams(host.location.search).get("vue") || "").split(",").map(Number);
    const sound = parts.length === 3 && parts.every(Number.isFinite) &&
      Math.abs(parts[0]) <= 85 && Math.abs(parts[1]) <= 180 && parts[2] >= 0 && parts[2] <= 19;
    return sound ? { center: [parts[0], parts[1]], zoom: parts[2] } : null;
  }

  function restoreView(map, state) {
    const view = addressView();
    state.fromAddress = Boolean(view);
    quietly(state, function () {
      if (view) map.setView(view.center, view.zoom, { animate: false });
      else fit(map, state.options.bounds, state);
    });
  }

  function fit(map, bounds, state) {
    if (!bounds || !map.getSize().x) return;
    quietly(state, function () {
      map.fitBounds([[bounds[0], bounds[1]], [bounds[2], bounds[3]]], {
        animate: false, padding: [8, 8],
      });
    });
  }

  function watchView(map, state) {
    const host = outer();
    if (!host) return;
    let timer = 0;
    map.on("moveend", function () {
      if (state.quiet) return;
      state.moved = true;
      window.clearTimeout(timer);
      timer = window.setTimeout(function () { writeView(map, host); }, 300);
    });
    const back = function () {
      const view = addressView();
      state.returning = true; /* « back »: what comes next from Python must not move the map */
      quietly(state, function () {
        if (view) map.setView(view.center, view.zoom, { animate: false });
        else fit(map, state.focus || state.options.bounds, state);
      });
    };
    host.addEventListener("popstate", back);
    window.addEventListener("pagehide", function () { host.removeEventListener("popstate", back); });
  }

  function writeView(map, host) {
    const center = map.getCenter();
    const url = new URL(host.location.href);
    const view = [center.lat.toFixed(4), center.lng.toFixed(4), Number(map.getZoom().toFixed(2))];
    const others = url.search.slice(1).split("&").filter(function (part) {
      return part && !part.startsWith("vue=");
    });
    url.search = others.concat("vue=" + view.join(",")).join("&");
    host.history.replaceState(host.history.state, "", url);
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

  /* ---- show: what changes ---- */

  cartoflux.show = function (map, payload) {
    const state = map.cartoflux;
    state.payload = payload;
    state.values = payload.fill ? payload.fill.values : null;
    paint(state, payload);
    drawLegend(state, payload.legend);
    const refiltered = payload.actorsKey !== state.actorsKey;
    const begun = state.actorsKey !== null;
    if (refiltered) {
      state.actorsKey = payload.actorsKey;
      drawActors(map, state, payload);
    }
    mark(map, state, payload.selected, payload.selected !== state.clicked);
    if (payload.focusKey !== state.focusKey) {
      const first = state.focusKey === null;
      state.focusKey = payload.focusKey;
      state.focus = payload.focus;
      const keep = (first || state.returning) && addressView();
      if (!keep) {
        state.moved = false;
        fit(map, payload.focus || state.options.bounds, state);
        if (!first) forgetView();
      }
    }
    state.returning = false;
    if (refiltered && begun) findSomeone(map, state, payload);
    /* streamlit-folium removes and adds this group at each change; the real layers stay. */
    return L.layerGroup();
  };

  /* « 22 acteurs » beside an empty map would puzzle: show where they are. */
  function findSomeone(map, state, payload) {
    const bounds = map.getBounds();
    const seen = payload.actors.some(function (actor) { return bounds.contains([actor[1], actor[2]]); });
    if (seen || !payload.actors.length) return;
    const all = L.latLngBounds(payload.actors.map(function (actor) { return [actor[1], actor[2]]; }));
    quietly(state, function () {
      map.fitBounds(all, { animate: false, padding: [40, 40], maxZoom: 12 });
    });
    forgetView();
  }

  function forgetView() {
    const host = outer();
    if (!host) return;
    const url = new URL(host.location.href);
    url.searchParams.delete("vue");
    host.history.replaceState(host.history.state, "", url);
  }

  function paint(state, payload) {
    const kept = payload.kept ? new Set(payload.kept) : null;
    for (const [code, entry] of state.communes) {
      const tint = payload.fill ? payload.fill.colors[code] || color(state, "no-data") : color(state, "map-land");
      const faded = kept !== null && !kept.has(code);
      entry.polygon.setStyle({ fillColor: faded ? color(state, "map-neighbour") : tint });
    }
    for (const one of state.outlines || []) {
      const faded = payload.epcis && !payload.epcis.includes(one.epci.code);
      one.outline.setStyle({ opacity: faded ? 0.25 : 0.8 });
    }
  }

  function drawActors(map, state, payload) {
    if (!state.group) {
      state.group = L.markerClusterGroup({
        showCoverageOnHover: false, maxClusterRadius: 42 * state.options.scale,
        spiderfyDistanceMultiplier: 1.5 * state.options.scale, chunkedLoading: false,
        animate: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
        iconCreateFunction: function (cluster) { return clusterIcon(cluster, state); },
      });
      const tip = L.tooltip({ className: "cf-tip", direction: "auto", offset: [18, 0] });
      state.group.on("mouseover", function (event) { openTip(map, tip, event.layer); });
      state.group.on("mouseout", function () { map.closeTooltip(tip); });
      state.group.on("click", function (event) {
        openTip(map, tip, event.layer, window.innerWidth < 640 ? state.options.words.below : "");
        choose(map, state, event.layer.cfActor[0]);
      });
      map.getContainer().addEventListener("focusin", function (event) {
        if (event.target.cfMarker) openTip(map, tip, event.target.cfMarker);
      });
      map.getContainer().addEventListener("focusout", function () { map.closeTooltip(tip); });
      state.group.on("animationend", function () { drawNames(map, state); });
      map.addLayer(state.group);
    }
    state.kinds = payload.kinds;
    state.group.clearLayers();
    const markers = new Map();
    for (const actor of payload.actors) {
      const signature = actor.join("\u0000");
      const known = state.markers.get(actor[0]);
      markers.set(actor[0], known && known.cfSignature === signature
        ? known : actorMarker(actor, signature, payload.kinds[actor[3]], state));
    }
    state.markers = markers;
    state.group.addLayers(Array.from(markers.values()));
    drawNames(map, state);
  }

  function actorMarker(actor, signature, kind, state) {
    const marker = L.marker([actor[1], actor[2]], {
      icon: pinIcon(kind, actor[4] === 0, state), riseOnHover: true,
    });
    marker.cfActor = actor;
    marker.cfSignature = signature;
    marker.on("add", function () {
      const icon = marker.getElement();
      icon.cfMarker = marker;
      icon.setAttribute("aria-label", actor[5] + ", " + kind.label + (actor[6] ? ", " + actor[6] : ""));
    });
    return marker;
  }

  function pinIcon(kind, approximate, state) {
    const side = Math.round(34 * state.options.scale);
    return L.divIcon({
      className: "cf-pin", html: kindSymbol(kind, approximate).outerHTML,
      iconSize: [side, side], iconAnchor: [side / 2, side / 2],
    });
  }

  function clusterIcon(cluster, state) {
    const counts = new Map();
    const children = cluster.getAllChildMarkers();
    for (const child of children) {
      counts.set(child.cfActor[3], (counts.get(child.cfActor[3]) || 0) + 1);
    }
    const slices = [];
    const words = [];
    let angle = 0;
    for (const index of Array.from(counts.keys()).sort()) {
      const kind = state.kinds[index];
      const end = angle + (360 * counts.get(index)) / children.length;
      slices.push(kind.color + " " + angle + "deg " + end + "deg");
      words.push(kind.label + " " + counts.get(index));
      angle = end;
    }
    const side = Math.round((children.length < 10 ? 38 : children.length < 100 ? 44 : 52) * state.options.scale);
    const ring = element("div", "cf-cluster");
    ring.style.background = "conic-gradient(" + slices.join(",") + ")";
    ring.appendChild(element("span", null, children.length));
    cluster.on("add", function () {
      const icon = cluster.getElement();
      if (icon) icon.setAttribute("aria-label", children.length + " " + state.options.words.actors + " : " + words.join(", "));
    });
    return L.divIcon({ className: "cf-pin", html: ring, iconSize: [side, side] });
  }

  function openTip(map, tip, marker, more) {
    if (!marker || !marker.cfActor) return;
    const box = element("div");
    box.appendChild(element("strong", null, marker.cfActor[5]));
    if (marker.cfActor[6]) box.appendChild(element("div", "cf-tip-quiet", marker.cfActor[6]));
    if (more) box.appendChild(element("div", null, more));
    tip.setContent(box);
    tip.setLatLng(marker.getLatLng()).openOn(map);
  }

  function choose(map, state, id) {
    state.clicked = id;
    mark(map, state, id, false);
    state.clicks += 1;
    window.Streamlit.setComponentValue({ id: id, click: Date.now() + "-" + state.clicks });
  }

  function mark(map, state, id, bring) {
    if (state.marked && state.markedId === id) return;
    if (state.marked) map.removeLayer(state.marked);
    state.marked = null;
    state.markedId = id;
    const marker = id ? state.markers.get(id) : null;
    if (!marker) return;
    const side = 58 * state.options.scale;
    state.marked = L.marker(marker.getLatLng(), {
      interactive: false, keyboard: false, zIndexOffset: -1000,
      icon: L.divIcon({ className: "cf-selected", html: "", iconSize: [side, side] }),
    }).addTo(map);
    const bounds = map.getBounds().pad(-0.05);
    if (bring && !bounds.contains(marker.getLatLng())) map.panTo(marker.getLatLng());
  }
})();
