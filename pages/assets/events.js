/* Events on the map: `cartoflux.events(map, payload)` returns the layer to add.
 *
 * Brought into the map's page only while an optional layer is shown. It also writes the legend of
 * the optional layers, under that of the actors. Texts reach the page through textContent only.
 */
window.cartoflux.events = function (map, payload) {
  "use strict";
  const { drawNames, element } = window.cartoflux.shared;
  const scale = map.cartoflux.options.scale;
  const side = Math.round(34 * scale);
  /* Above the symbol of an actor at the same place, and in front of it. */
  const anchor = [side / 2, side * 1.5];
  if (!map.getPane("cf-events")) map.createPane("cf-events").style.zIndex = 640;
  const group = L.markerClusterGroup({
    clusterPane: "cf-events",
    showCoverageOnHover: false, maxClusterRadius: 30 * scale, spiderfyDistanceMultiplier: 1.5 * scale,
    animate: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    iconCreateFunction: function (cluster) {
      const box = element("div", "cf-event cf-event-many");
      box.appendChild(element("span", null, cluster.getChildCount()));
      cluster.on("add", function () {
        const icon = cluster.getElement();
        if (icon) icon.setAttribute("aria-label", cluster.getChildCount() + " " + payload.words.events);
      });
      return L.divIcon({ className: "cf-pin", html: box, iconSize: [side, side], iconAnchor: anchor });
    },
  });

  function flag(css) {
    const box = element("div", "cf-event");
    const glyph = element("i", css);
    glyph.setAttribute("aria-hidden", "true");
    box.appendChild(glyph);
    return box;
  }

  for (const event of payload.events) {
    const marker = L.marker([event.at[0], event.at[1]], {
      icon: L.divIcon({
        className: "cf-pin", html: flag(event.icon), iconSize: [side, side], iconAnchor: anchor,
      }),
      pane: "cf-events", riseOnHover: true, alt: event.name,
    });
    const tip = element("div");
    tip.appendChild(element("strong", null, event.name));
    for (const line of event.lines) tip.appendChild(element("div", null, line));
    marker.bindTooltip(tip, { className: "cf-tip", direction: "top", offset: [0, -1.5 * side + 4] });
    marker.on("click", function () { marker.openTooltip(); });
    marker.on("add", function () {
      const icon = marker.getElement();
      if (icon) icon.setAttribute("aria-label", [event.name].concat(event.lines).join(", "));
    });
    group.addLayer(marker);
  }

  function stroke(row) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 44 10");
    svg.setAttribute("aria-hidden", "true");
    svg.setAttribute("class", "cf-stroke");
    const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
    const shape = { x1: 1, y1: 5, x2: 43, y2: 5, stroke: row.color, "stroke-width": row.weight };
    for (const name in shape) line.setAttribute(name, shape[name]);
    if (row.dash) line.setAttribute("stroke-dasharray", row.dash);
    svg.appendChild(line);
    return svg;
  }

  const legend = map.cartoflux.legend;
  for (const old of legend.querySelectorAll(".cf-overlays")) old.remove();
  const list = element("ul", "cf-overlays");
  for (const row of payload.legend) {
    const item = element("li");
    item.appendChild(row.icon ? flag(row.icon) : stroke(row));
    item.appendChild(element("span", null, row.label));
    list.appendChild(item);
  }
  if (payload.legend.length) legend.appendChild(list);
  /* A map mounted anew places its names before its markers have a size. */
  requestAnimationFrame(function () { drawNames(map, map.cartoflux); });
  return group;
};
