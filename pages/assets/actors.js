/* Actors on the map: symbols, clusters, legend, colours of communes, selection.
 *
 * `cartoflux.show(map, payload)` runs at each change: it compares with what is on screen and
 * redraws only what differs. Python sends one JSON payload; every text of it reaches the page
 * through textContent only.
 */
(function () {
  "use strict";

  const cartoflux = window.cartoflux;
  const { addressView, color, drawNames, element, fit, forgetView, outer, quietly } = cartoflux.shared;
  const SVG = "http://www.w3.org/2000/svg";
  const NARROW = 640;
  const SHAPES = {
    square: "M5 4.5h22a2.5 2.5 0 0 1 2.5 2.5v18a2.5 2.5 0 0 1-2.5 2.5H5A2.5 2.5 0 0 1 2.5 25V7A2.5 2.5 0 0 1 5 4.5z",
    circle: "M16 2.5a13.5 13.5 0 1 0 .01 0z",
    shield: "M16 2 28 5.5V16c0 7.5-6 11.7-12 14C10 27.700 4 23.500 4 16V5.500z",
    diamond: "M16 .8 31.200 16 16 31.200.8 16z",
    hexagon: "M16 1.200 29 8.600V23.400L16 30.800 3 23.400V8.600z",
  };

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
      const tip = L.tooltip({ className: "cf-tip" });
      state.group.on("mouseover", function (event) { openTip(map, tip, event.layer); });
      state.group.on("mouseout", function () { map.closeTooltip(tip); });
      state.group.on("click", function (event) {
        openTip(map, tip, event.layer, window.innerWidth < NARROW ? state.options.words.below : "");
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
      if (icon) icon.setAttribute("aria-label", children.length + " " + state.options.words.actors + "\u202f: " + words.join(", "));
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
    const narrow = map.getSize().x < NARROW;
    const low = map.latLngToContainerPoint(marker.getLatLng()).y < 110;
    tip.options.direction = narrow ? (low ? "bottom" : "top") : "auto";
    tip.options.offset = L.point(narrow ? [0, low ? 18 : -18] : [18, 0]);
    tip.setLatLng(marker.getLatLng()).openOn(map);
    keepInside(map, tip);
  }

  /* A tip near an edge is moved until it can be read whole. */
  function keepInside(map, tip) {
    const frame = map.getContainer().getBoundingClientRect();
    const box = tip.getElement().getBoundingClientRect();
    const shift = Math.max(0, frame.left + 4 - box.left) - Math.max(0, box.right - frame.right + 4);
    if (!shift) return;
    tip.options.offset = tip.options.offset.add([shift, 0]);
    tip.update();
  }

  /* On a phone the card is under the map: bring its first lines up, and keep the map in sight. */
  function bringCard() {
    const host = outer();
    if (!host || host.innerWidth >= NARROW) return;
    const main = host.document.querySelector('[data-testid="stMain"]');
    const card = host.document.querySelector(".st-key-map-side");
    if (!main || !card) return;
    const excess = card.getBoundingClientRect().top - 0.55 * host.innerHeight;
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (excess > 0) main.scrollBy({ top: excess, behavior: calm ? "auto" : "smooth" });
  }

  function choose(map, state, id) {
    state.clicked = id;
    mark(map, state, id, false);
    bringCard();
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
