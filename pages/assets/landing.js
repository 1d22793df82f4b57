/* A workshop on the map: cards as they land, ideas that join them.
 *
 * `cartoflux.landing(map, {address, every_ms})` asks its address again and again, and redraws only
 * what differs; a card seen for the first time is ringed for a few seconds. An address that does
 * not answer leaves the map as it is. Every text reaches the page through textContent only.
 * Written for pages/workshop_parts/landing.py and pages/routes/hall.py.
 */
window.cartoflux.landing = function (map, source) {
  "use strict";
  const state = map.cartoflux;
  if (state.watching !== source.address) {
    state.watching = source.address;
    window.clearTimeout(state.nextLook);
    look();
  }
  return L.layerGroup();

  function look() {
    if (state.watching !== source.address) return;
    fetch(source.address, { cache: "no-cache" })
      .then(function (answer) { return answer.ok ? answer.json() : null; })
      .then(function (payload) { if (payload) window.cartoflux.land(map, payload); })
      .catch(function () { /* the next look will do */ })
      .finally(function () { state.nextLook = window.setTimeout(look, source.every_ms); });
  }
};

window.cartoflux.land = function (map, payload) {
  "use strict";
  const shared = window.cartoflux.shared;
  const { element, fit, drawNames } = shared;
  const state = map.cartoflux;
  const scale = state.options.scale;
  const FRESH_MS = 7000;
  const CROWD = 40; /* pins from which they shrink */
  const MOST_LINES = 8;
  const first = !state.landing;
  if (first) {
    state.landing = {
      until: new Map(), links: L.layerGroup().addTo(map), pins: L.layerGroup().addTo(map), key: "",
    };
    map.createPane("cf-links").style.zIndex = 605; /* over the pins: they stop at their edges */
    map.on("zoomend resize", function () { draw(state.landing.payload); });
  }
  const own = state.landing;
  const key = JSON.stringify(payload);
  if (key === own.key) return;
  own.key = key;
  own.payload = payload;
  for (const card of payload.cards) {
    if (!own.until.has(card.id)) own.until.set(card.id, first ? 0 : Date.now() + FRESH_MS);
  }
  if (!state.moved && JSON.stringify(payload.bounds) !== own.bounds) {
    own.bounds = JSON.stringify(payload.bounds);
    state.focus = payload.bounds;
    fit(map, payload.bounds, state);
  }
  draw(payload);
  drawLegend();

  function draw(now) {
    const groups = grouped(now.cards);
    const px = Math.round(30 * scale * Math.max(0.62, Math.min(1, Math.sqrt(CROWD / groups.length))));
    own.pins.clearLayers();
    own.links.clearLayers();
    const spots = settle(now, groups, px);
    drawLinks(now, spots, px);
    for (const group of groups) pin(now, group, spots.get(group.cards[0].id), px);
    drawNames(map, state);
  }

  /* One pin for the offers of a company, one for its needs; the oldest first, so that nobody's
   * place changes when others land. */
  function grouped(cards) {
    const groups = new Map();
    for (const card of cards) {
      const name = card.who + "|" + card.side;
      if (!groups.has(name)) groups.set(name, { side: card.side, at: card.at, known: card.known, cards: [] });
      groups.get(name).cards.push(card);
    }
    return Array.from(groups.values());
  }

  /* Where each pin stands: at its place, or as near as the others leave room, in pixels. Companies
   * of unknown place stand around the hall as around a table. */
  function settle(now, groups, px) {
    const size = map.getSize();
    const taken = [];
    const spots = new Map();
    const room = roomOf(groups, size, px);
    if (groups.some(function (group) { return !group.known; })) {
      taken.push(map.latLngToContainerPoint(now.hall.at));
      drawHall(now.hall, px);
    }
    for (const group of groups) {
      const goal = map.latLngToContainerPoint(group.at);
      const inside = goal.x > 0 && goal.y > 0 && goal.x < size.x && goal.y < size.y;
      const spot = nearest(goal, px, room, taken, inside ? size : null);
      taken.push(spot);
      const at = map.containerPointToLatLng(spot);
      for (const card of group.cards) spots.set(card.id, at);
      if (group.known && spot.distanceTo(goal) > 0.7 * px) {
        L.polyline([group.at, at], {
          color: now.colors.text, weight: 1.2 * scale, opacity: 0.55, interactive: false,
        }).addTo(own.links);
        L.circleMarker(group.at, {
          radius: 2.5 * scale, weight: 0, fillColor: now.colors.text, fillOpacity: 0.8, interactive: false,
        }).addTo(own.links);
      }
    }
    return spots;
  }

  /* All around the hall and nobody elsewhere: they spread out over the map. */
  function roomOf(groups, size, px) {
    if (groups.some(function (group) { return group.known; })) return 1.05 * px;
    const rings = Math.ceil((Math.sqrt(9 + 12 * groups.length) - 3) / 6) || 1;
    return Math.max(1.05 * px, Math.min(3 * px, (0.86 * Math.min(size.x, size.y) - px) / (2 * rings)));
  }

  function nearest(goal, px, room, taken, size) {
    for (let ring = 0; ring < 40; ring += 1) {
      const seats = Math.max(1, 6 * ring);
      for (let seat = 0; seat < seats; seat += 1) {
        const turn = (2 * Math.PI * seat) / seats;
        const spot = L.point(goal.x + ring * room * Math.cos(turn), goal.y + ring * room * Math.sin(turn));
        const seen = !size || (spot.x > px && spot.y > px && spot.x < size.x - px && spot.y < size.y - px);
        if ((seen || ring === 0) && taken.every(function (one) { return one.distanceTo(spot) >= px; })) return spot;
      }
    }
    return goal;
  }

  function drawHall(hall, px) {
    const node = element("div", "cf-landing cf-hall-pin");
    const glyph = element("i", hall.icon);
    glyph.style.fontSize = Math.round(0.45 * px) + "px";
    glyph.setAttribute("aria-hidden", "true");
    node.appendChild(glyph);
    const marker = L.marker(hall.at, {
      icon: L.divIcon({ className: "cf-pin", html: node, iconSize: [px, px], iconAnchor: [px / 2, px / 2] }),
      keyboard: false,
    });
    tip(marker, hall.title, [hall.about]);
    marker.addTo(own.pins);
  }

  function tip(target, title, lines) {
    const box = element("div");
    box.appendChild(element("strong", null, title));
    for (const line of lines) if (line) box.appendChild(element("div", "cf-tip-quiet", line));
    target.bindTooltip(box, { className: "cf-tip", direction: "top", sticky: true });
  }

  function pin(now, group, at, px) {
    const side = now.sides[group.side];
    const cards = group.cards;
    const node = element("div", "cf-landing cf-" + side.shape);
    node.style.background = side.color;
    const glyph = element("i", side.icon);
    glyph.style.fontSize = Math.round(0.43 * px) + "px";
    glyph.setAttribute("aria-hidden", "true");
    node.appendChild(glyph);
    if (cards.length > 1) node.appendChild(element("span", "cf-many", cards.length));
    const left = Math.max.apply(null, cards.map(function (card) { return own.until.get(card.id) - Date.now(); }));
    if (left > 0) {
      const ring = element("span", "cf-fresh");
      ring.style.cssText = "position:absolute;inset:0;border-radius:inherit;color:" + side.color;
      node.appendChild(ring);
      window.setTimeout(function () { ring.remove(); }, left);
    }
    const marker = L.marker(at, {
      icon: L.divIcon({ className: "cf-pin", html: node, iconSize: [px, px], iconAnchor: [px / 2, px / 2] }),
      riseOnHover: true, zIndexOffset: left > 0 ? 1000 : 0,
    });
    const several = cards.length > 1;
    const titles = cards.slice(-MOST_LINES).map(function (card) { return card.title; });
    const lines = several ? titles.concat(cards.length > MOST_LINES ? ["…"] : [], cards[0].lines) : cards[0].lines;
    tip(marker, several ? cards.length + " " + side.label.toLowerCase() : cards[0].title, lines);
    marker.on("add", function () {
      const icon = marker.getElement();
      if (icon) icon.setAttribute("aria-label", side.label + ", " + lines.filter(Boolean).join(", "));
    });
    marker.addTo(own.pins);
  }

  function drawLinks(now, spots, px) {
    for (const link of now.links) {
      const ends = link.cards.map(function (id) { return spots.get(id); }).filter(Boolean);
      for (let i = 1; i < ends.length; i += 1) {
        const pair = between(ends[i - 1], ends[i], 0.55 * px);
        if (!pair) continue;
        L.polyline(pair, {
          pane: "cf-links", color: now.colors.halo, weight: 8 * scale, opacity: 0.8, interactive: false,
        }).addTo(own.links);
        const line = L.polyline(pair, {
          pane: "cf-links", color: link.kept ? now.colors.kept : now.colors.proposed,
          weight: (link.kept ? 4.5 : 3) * scale, dashArray: link.kept ? null : 8 * scale + " " + 7 * scale,
          lineCap: link.kept ? "round" : "butt",
        });
        tip(line, link.title, []);
        line.addTo(own.links);
      }
    }
  }

  /* From the edge of a pin to the edge of another; nothing between pins that touch. */
  function between(one, other, edge) {
    const [a, b] = [map.latLngToContainerPoint(one), map.latLngToContainerPoint(other)];
    const far = a.distanceTo(b);
    if (far <= 2.2 * edge) return null;
    const step = b.subtract(a).multiplyBy(edge / far);
    return [map.containerPointToLatLng(a.add(step)), map.containerPointToLatLng(b.subtract(step))];
  }

  function drawLegend() {
    const box = state.legend;
    box.replaceChildren(element("summary", null, payload.legend.title));
    const list = element("ul");
    for (const name of Object.keys(payload.sides)) {
      const side = payload.sides[name];
      const row = element("li");
      const sign = element("span");
      sign.style.cssText = "display:inline-block;width:22px;height:22px;flex:none";
      const node = element("div", "cf-landing cf-" + side.shape);
      node.style.background = side.color;
      const glyph = element("i", side.icon);
      glyph.style.fontSize = "10px";
      node.appendChild(glyph);
      sign.appendChild(node);
      row.appendChild(sign);
      row.appendChild(element("span", null, side.label));
      row.appendChild(element("span", "cf-count", side.count));
      list.appendChild(row);
    }
    for (const kind of ["kept", "proposed"]) {
      const row = element("li");
      const sample = element("span", "cf-line-sample");
      sample.style.borderTopColor = payload.colors[kind];
      sample.style.borderTopStyle = kind === "kept" ? "solid" : "dashed";
      row.appendChild(sample);
      row.appendChild(element("span", null, payload.legend[kind]));
      list.appendChild(row);
    }
    box.appendChild(list);
  }
};
