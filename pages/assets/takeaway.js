/* A flow map in one file, away from Cartoflux: no server, no network, no address to keep.
 *
 * Loaded in two parts of the page: `cartoflux.takeaway.settle()` before map.js, because a file on a
 * USB stick has no address bar to write; `cartoflux.takeaway.open(content)` once all is loaded.
 * Texts reach the page through textContent only.
 */
(function () {
  "use strict";

  const SHOWN = 200;
  const takeaway = (window.cartoflux.takeaway = {});

  takeaway.settle = function () {
    window.cartoflux.shared.watchView = function (map, state) {
      map.on("moveend", function () { if (!state.quiet) state.moved = true; });
    };
    window.Streamlit = { setComponentValue: function (value) { takeaway.clicked(value.id); } };
  };

  takeaway.open = function (content) {
    const map = L.map("map", { center: content.center, zoom: 10, minZoom: 7, maxZoom: 19 });
    takeaway.map = map;
    takeaway.content = content;
    takeaway.chosen = null;
    window.cartoflux.start(map, content.options);
    window.cartoflux.flows.show(map, content.payload);
    document.getElementById("clear").addEventListener("click", function () { choose(null); });
    choose(null);
  };

  /** Called with what was clicked on the map; the same thing again clears. */
  takeaway.clicked = function (id) {
    choose(id === takeaway.chosen ? null : id);
  };

  function choose(id) {
    takeaway.chosen = id;
    const rows = id === null ? takeaway.content.rows : takeaway.content.rows.filter(matching(id));
    document.getElementById("clear").hidden = id === null;
    document.getElementById("count").textContent = counted(rows.length);
    fill(rows);
  }

  function counted(count) {
    const words = takeaway.content.words;
    const shown = Math.min(count, SHOWN);
    return count + "\u202f" + words.flows + (shown < count ? ", " + words.first.replace("{}", shown) : "");
  }

  /* A row holds its two ends at each level, as ranks in `places`. */
  function matching(id) {
    const parts = id.split("|").slice(1).map(decodeURIComponent);
    const places = takeaway.content.places;
    const ranks = parts.slice(0, 2).map(function (place) { return places.indexOf(place); });
    if (id.startsWith("lieu|")) {
      return function (row) { return row.o.includes(ranks[0]) || row.d.includes(ranks[0]); };
    }
    return function (row) {
      return row.o.includes(ranks[0]) && row.d.includes(ranks[1]) && row.stream === parts[2];
    };
  }

  function fill(rows) {
    const body = document.getElementById("rows");
    body.replaceChildren();
    for (const row of rows.slice(0, SHOWN)) {
      const line = document.createElement("tr");
      for (const text of row.cells) {
        const cell = document.createElement("td");
        cell.textContent = text;
        line.appendChild(cell);
      }
      body.appendChild(line);
    }
  }
})();
