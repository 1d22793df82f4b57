/* Synergies on the map: `cartoflux.synergies(map, payload)` returns the layer to add.
 *
 * Called each time what is shown changes; every text of the payload reaches the page through
 * textContent only. Written for pages/ui/synergy_layer.py.
 */
window.cartoflux.synergies = function (map, payload) {
  "use strict";
  const colors = payload.colors;
  const layer = L.layerGroup();
  let clicks = 0;

  function element(tag, text, style) {
    const node = document.createElement(tag);
    if (text) node.textContent = text;
    Object.assign(node.style, style || {});
    return node;
  }

  function words(title, lines) {
    const box = element("div");
    box.appendChild(element("strong", title));
    for (const line of lines) box.appendChild(element("div", line));
    return box;
  }

  function choose(id) {
    clicks += 1;
    if (window.Streamlit) window.Streamlit.setComponentValue({ id: id, click: Date.now() + "-" + clicks });
  }

  function draw(link, halo) {
    for (const points of link.lines) {
      const line = L.polyline(points, {
        color: halo ? colors.halo : link.color, weight: link.weight + (halo ? 3 : 0), opacity: 0.9,
        dashArray: halo ? null : link.dash || null, lineCap: link.dash ? "butt" : "round",
        interactive: !halo,
      });
      if (!halo) {
        line.bindTooltip(words(link.title, link.words), { className: "cf-tip", sticky: true });
        line.on("click", function () { choose(link.id); });
      }
      line.addTo(layer);
    }
  }
  for (const link of payload.links) draw(link, true);
  for (const link of payload.links) draw(link, false);

  for (const node of payload.nodes) {
    const dot = L.circleMarker(node.at, {
      radius: node.hub ? 4 : 6, color: colors.halo, weight: 2, fillOpacity: 1,
      fillColor: node.hub ? colors.muted : colors.text, keyboard: false, interactive: !node.hub,
    });
    if (!node.hub) dot.bindTooltip(words(node.name, node.words), { className: "cf-tip", direction: "top" });
    dot.addTo(layer);
  }

  function sample(row) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 44 10");
    svg.setAttribute("aria-hidden", "true");
    svg.style.cssText = "width:44px;height:10px;flex:none";
    const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
    const shape = { x1: 1, y1: 5, x2: 43, y2: 5, stroke: row.color, "stroke-width": row.weight };
    for (const name in shape) line.setAttribute(name, shape[name]);
    if (row.dash) line.setAttribute("stroke-dasharray", row.dash);
    svg.appendChild(line);
    return svg;
  }

  /* The legend under the map: colour and dash of every status on it, with the count. */
  const box = map.cartoflux && map.cartoflux.legend;
  if (box && payload.legend) {
    const list = element("ul");
    for (const row of payload.legend.rows) {
      const item = element("li", "", { display: "flex", alignItems: "center", gap: "8px" });
      item.appendChild(sample(row));
      item.appendChild(element("span", row.label));
      list.appendChild(item);
    }
    box.replaceChildren(element("summary", payload.legend.title), list);
  }

  /* Bring the map onto the links, once per set of links; later zooms are the person's own. */
  const state = map.cartoflux;
  if (state && payload.bounds && state.synergiesKey !== payload.key) {
    const restored = state.synergiesKey === undefined && state.fromAddress;
    state.synergiesKey = payload.key;
    state.focus = payload.bounds;
    if (!restored) {
      const b = payload.bounds;
      state.moved = false;
      state.quiet += 1;
      map.fitBounds([[b[0], b[1]], [b[2], b[3]]], { animate: false, padding: [30, 30], maxZoom: 14 });
      state.quiet -= 1;
    }
  }
  return layer;
};
