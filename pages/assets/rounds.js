/* Rounds on the map: `cartoflux.rounds(map, payload)` returns the layer to add.
 *
 * Called each time what is shown changes; every text of the payload reaches the page through
 * textContent only. Written for pages/rounds_parts/round_map.py.
 */
window.cartoflux.rounds = function (map, payload) {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const colors = payload.colors;
  const layer = L.layerGroup();

  function element(tag, text, style) {
    const node = document.createElement(tag);
    if (text) node.textContent = text;
    Object.assign(node.style, style || {});
    return node;
  }

  function marker(at, node, width, height, options) {
    const icon = L.divIcon({
      html: node, className: "cf-pin", iconSize: [width, height],
      iconAnchor: [width / 2, height / 2],
    });
    const one = L.marker(at, Object.assign({ icon: icon, riseOnHover: true }, options));
    return one.addTo(layer);
  }

  function tip(target, title, lines) {
    const box = element("div");
    box.appendChild(element("strong", title));
    for (const line of lines) box.appendChild(element("div", line));
    target.bindTooltip(box, { className: "cf-tip", direction: "top", offset: [0, -12] });
    target.on("add", function () {
      const icon = target.getElement();
      if (icon) icon.setAttribute("aria-label", [title].concat(lines).join(", "));
    });
  }

  function quiet(zOffset) {
    return { interactive: false, keyboard: false, zIndexOffset: zOffset };
  }

  function discNode(label, color) {
    return element("span", label, {
      display: "grid", placeItems: "center", width: Math.max(26, 12 + 8 * label.length) + "px",
      height: "26px", flex: "none", boxSizing: "border-box", borderRadius: "13px",
      background: colors.paper, color: colors.text, border: "3px solid " + color,
      font: "700 13px/1 system-ui, sans-serif",
    });
  }

  for (const pass of ["halo", "line"]) {
    for (const round of payload.rounds) {
      for (const points of round.legs) {
        const halo = pass === "halo";
        const line = L.polyline(points, {
          color: halo ? colors.halo : round.color, weight: halo ? 7 : 4, opacity: 0.9,
          dashArray: halo ? null : round.dash || null, lineCap: round.dash ? "butt" : "round",
          interactive: !halo,
        });
        if (!halo) line.bindTooltip(element("span", round.name), { className: "cf-tip", sticky: true });
        line.addTo(layer);
      }
    }
  }
  for (const round of payload.rounds) {
    for (const arrow of round.arrows) {
      const svg = document.createElementNS(SVG, "svg");
      svg.setAttribute("viewBox", "0 0 14 14");
      svg.setAttribute("aria-hidden", "true");
      svg.style.cssText = "display:block;width:16px;height:16px";
      svg.style.transform = "rotate(" + arrow.bearing + "deg)";
      const head = document.createElementNS(SVG, "path");
      head.setAttribute("d", "M7 0.8 13 13 7 10 1 13Z");
      head.setAttribute("fill", round.color);
      head.setAttribute("stroke", colors.halo);
      head.setAttribute("stroke-width", "1.4");
      svg.appendChild(head);
      marker(arrow.at, svg, 16, 16, quiet(0));
    }
    if (round.badge) {
      marker(round.badge, element("span", round.short, {
        display: "block", font: "700 12px/18px system-ui, sans-serif", textAlign: "center",
        color: colors.paper, background: round.color, borderRadius: "4px",
        boxShadow: "0 0 0 1.5px " + colors.halo,
      }), 26, 18, quiet(100));
    }
    for (const disc of round.discs) {
      const node = discNode(disc.label, round.color);
      const width = parseInt(node.style.width, 10);
      tip(marker(disc.at, node, width, 26, { zIndexOffset: 500 }), disc.title, disc.lines);
    }
  }
  function signNode(icon) {
    const node = element("span", "", {
      display: "grid", placeItems: "center", width: "32px", height: "32px", flex: "none",
      boxSizing: "border-box", borderRadius: "6px", background: colors.text, color: colors.paper,
      border: "2px solid " + colors.halo,
    });
    const glyph = element("i");
    glyph.className = icon;
    node.appendChild(glyph);
    return node;
  }

  function leftNode() {
    return element("span", "×", {
      display: "grid", placeItems: "center", width: "26px", height: "26px", flex: "none",
      boxSizing: "border-box", borderRadius: "13px", background: colors.paper,
      color: colors.error, border: "2px dashed " + colors.error,
      font: "700 15px/1 system-ui, sans-serif",
    });
  }

  for (const sign of payload.signs) {
    tip(marker(sign.at, signNode(sign.icon), 32, 32, { zIndexOffset: 1000 }), sign.title, sign.lines);
  }
  for (const left of payload.left) {
    tip(marker(left.at, leftNode(), 26, 26, { zIndexOffset: 800 }), left.title, left.lines);
  }

  /* Here numbers matter more than place names: names go under the markers. */
  const names = map.getPane("cf-names");
  if (names) names.style.zIndex = 590;

  /* The legend under the map: what each sign means (the page lists the rounds themselves). */
  const box = map.cartoflux && map.cartoflux.legend;
  if (box) {
    const list = element("ul", "", { display: "flex", flexWrap: "wrap", gap: "4px 20px" });
    const rows = payload.legend.signs.map(function (one) { return [signNode(one.icon), one.label]; });
    rows.push([discNode("1", colors.text), payload.legend.stop]);
    if (payload.left.length) rows.push([leftNode(), payload.legend.left]);
    for (const row of rows) {
      const item = element("li", "", { display: "flex", alignItems: "center", gap: "8px" });
      item.appendChild(row[0]);
      item.appendChild(element("span", row[1]));
      list.appendChild(item);
    }
    box.replaceChildren(element("summary", payload.legend.title), list);
  }

  /* Bring the map onto the rounds, once per plan; later zooms are the person's own. */
  const state = map.cartoflux;
  if (state && state.roundsKey !== payload.key) {
    const restored = state.roundsKey === undefined && state.fromAddress;
    state.roundsKey = payload.key;
    state.focus = payload.bounds;
    if (!restored) {
      const bounds = payload.bounds;
      state.moved = false;
      state.quiet += 1;
      map.fitBounds([[bounds[0], bounds[1]], [bounds[2], bounds[3]]],
        { animate: false, padding: [12, 12], maxZoom: 16 });
      state.quiet -= 1;
    }
  }
  return layer;
};
