/* The flow map in the browser: levels by zoom, pointer, legend, labels of gates.
 *
 * Python sends one payload with the three levels (see pages/ui/flow_map.py); zooming switches
 * between them here, without a rerun. Every text reaches the page through textContent only.
 */
(function () {
  "use strict";

  const flows = window.cartoflux.flows;
  const PAD = 0.3; /* of the view, painted around it so that panning shows flows at once */
  const MINUS = "\u2212", THIN = "\u202f";
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

  function element(tag, className, text) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined && text !== null) node.textContent = text;
    return node;
  }

  /* ---- French numbers, as data.french writes them ---- */

  function number(value, decimals) {
    const text = Math.abs(value).toFixed(Math.max(0, decimals));
    const parts = (text.includes(".") ? text.replace(/\.?0+$/, "") : text).split(".");
    const whole = parts[0].replace(/\B(?=(\d{3})+$)/g, THIN);
    return (value < 0 && /[1-9]/.test(text) ? MINUS : "") + whole + (parts[1] ? "," + parts[1] : "");
  }

  function short(value, unit) {
    const digits = value === 0 ? 0 : Math.max(0, 1 - Math.floor(Math.log10(Math.abs(value))));
    const rounded = Math.abs(value) >= 100 ? Number(value.toPrecision(3)) : value;
    return number(rounded, Math.min(9, digits)) + THIN + unit;
  }

  function margin(value, low, high, unit) {
    const half = (high - low) / 2;
    if (!(half > 0)) return short(value, unit);
    const places = Math.min(6, 1 - Math.floor(Math.log10(half)));
    const round = function (v) {
      const k = Math.pow(10, Math.max(0, -places));
      return number(Math.round(v / k) * k, Math.max(0, places));
    };
    return round(value) + THIN + unit + " (de " + round(low) + " à " + round(high) + ")";
  }

  /* ---- the overlay ---- */

  function begin(map) {
    const pane = map.createPane("cf-flows");
    pane.style.zIndex = 420;
    pane.style.pointerEvents = "none";
    const layers = ["still", "live"].map(function (name) {
      const canvas = element("canvas", "leaflet-zoom-animated cf-flow-" + name);
      canvas.setAttribute("aria-hidden", "true");
      pane.appendChild(canvas);
      return canvas;
    });
    const state = {
      map: map, still: layers[0], live: layers[1], gates: L.layerGroup().addTo(map), mode: null,
      animate: !calm.matches, sets: [], picked: null, view: null, frame: 0, phase: 0, clicks: 0,
      most: 1e9, slow: 0, visible: true, hover: null, stats: { frames: 0, total: 0, worst: 0 },
      tip: L.tooltip({ className: "cf-tip cf-flow-tip", direction: "top", offset: [0, -8] }),
    };
    map.cartofluxFlows = state;
    map.getContainer().classList.add("cf-flows");
    map.on("moveend resize viewreset", function () { draw(state); });
    map.on("zoomanim", function (event) { follow(state, event.center, event.zoom); });
    map.on("zoom", function () { follow(state, map.getCenter(), map.getZoom()); });
    map.on("mousemove", function (event) { point(state, event); });
    map.on("mouseout", function () { leave(state); });
    map.on("click", function (event) { press(state, event); });
    document.addEventListener("visibilitychange", function () { run(state); });
    new IntersectionObserver(function (entries) {
      state.visible = entries[entries.length - 1].isIntersecting;
      run(state);
    }).observe(map.getContainer());
    calm.addEventListener("change", function () {
      state.animate = !calm.matches;
      bar(state);
      run(state);
    });
    addBar(state);
    return state;
  }

  /** Show a payload; the only function that Python calls. */
  flows.show = function (map, payload) {
    const state = map.cartofluxFlows || begin(map);
    state.payload = payload;
    const scale = map.cartoflux.options.scale * Math.max(0.5, Math.min(1, window.innerWidth / 800));
    state.sets = payload.levels.map(function (level, rank) { return flows.prepare(level, rank, scale); });
    state.picked = payload.picked && payload.picked.map(function (level, rank) {
      return flows.prepare(level, rank, scale, state.sets[rank].most);
    });
    const css = map.cartoflux.options.colors;
    state.style = {
      colors: payload.streams.map(function (stream) { return stream.color; }),
      halo: css["--cf-map-land"], ghost: payload.ghost, node: css["--cf-map-label"],
      gate: css["--cf-map-epci-line"], bead: payload.bead, label: css["--cf-map-label"],
      labelHalo: css["--cf-map-label-halo"],
    };
    leave(state);
    bar(state);
    draw(state);
    return L.layerGroup();
  };

  /** Which level a zoom shows: EPCI while the whole territory fits, then communes, then actors. */
  function rank(state) {
    if (state.mode !== null) return state.mode;
    const b = state.map.cartoflux.options.bounds;
    const fit = b ? state.map.getBoundsZoom([[b[0], b[1]], [b[2], b[3]]], false, L.point(24, 24)) : 10;
    const past = state.map.getZoom() - fit;
    return past < 0.9 ? 0 : past < 1.9 ? 1 : 2;
  }

  function draw(state) {
    if (!state.payload || state.map.getSize().x < 40 || state.map.getSize().y < 40) return;
    const map = state.map, size = map.getSize(), level = rank(state);
    const pad = L.point(size.x * PAD, size.y * PAD).round();
    const corner = map.containerPointToLayerPoint(pad.multiplyBy(-1)).round();
    const origin = map.getPixelOrigin().add(corner);
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    const view = {
      width: size.x + 2 * pad.x, height: size.y + 2 * pad.y, left: origin.x, top: origin.y,
      scale: Math.pow(2, map.getZoom()), shown: [], nodes: [], moving: [], grid: null, corner: corner,
      topLeft: map.layerPointToLatLng(corner), pad: pad,
    };
    for (const canvas of [state.still, state.live]) {
      canvas.width = Math.round(view.width * ratio);
      canvas.height = Math.round(view.height * ratio);
      canvas.style.width = view.width + "px";
      canvas.style.height = view.height + "px";
      L.DomUtil.setTransform(canvas, corner, 1);
      canvas.getContext("2d").setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    state.view = view;
    state.level = level;
    const ctx = state.still.getContext("2d");
    const set = state.sets[level], picked = state.picked && state.picked[level];
    const began = performance.now();
    flows.paint(ctx, set, view, state.style, Boolean(picked));
    if (picked) flows.paint(ctx, picked, view, state.style, false);
    flows.paintNodes(ctx, set, view, state.style);
    labels(state, ctx, set, view);
    state.stats.paint = performance.now() - began;
    view.moving = view.shown.filter(function (one) { return !one.ghost && !one.band.ring; });
    view.moving.sort(function (a, b) { return b.band.value - a.band.value; });
    const container = map.getContainer();
    container.classList.toggle("cf-flows-wide", level < 2);
    container.dataset.flowLevel = set.level.name;
    container.dataset.flowsShown = view.shown.length;
    bar(state);
    gates(state, picked || set);
    legend(state, set);
    run(state);
  }

  function follow(state, center, zoom) {
    if (!state.view) return;
    const map = state.map;
    const scale = Math.pow(2, zoom) / state.view.scale;
    const offset = map.project(state.view.topLeft, zoom).subtract(map._getNewPixelOrigin(center, zoom));
    for (const canvas of [state.still, state.live]) L.DomUtil.setTransform(canvas, offset, scale);
  }

  /* ---- motion: only while wanted, visible, and there is something to move ---- */

  function run(state) {
    const wanted = state.animate && state.visible && !document.hidden && state.view && state.view.moving.length > 0;
    if (wanted && !state.frame) {
      state.last = 0;
      state.frame = window.requestAnimationFrame(function step(now) {
        const lapse = state.last ? now - state.last : 16;
        state.last = now;
        state.phase = (state.phase + Math.min(lapse, 50) * 0.028) % 22000;
        const began = performance.now();
        flows.move(state.live.getContext("2d"), state.view, state.phase, state.style, state.most);
        const cost = performance.now() - began;
        state.stats.frames += 1;
        state.stats.total += cost;
        state.stats.worst = Math.max(state.stats.worst, cost);
        /* A slow machine gets fewer beads rather than a slow map. */
        state.slow = cost > 12 ? state.slow + 1 : 0;
        if (state.slow > 8) { state.most = Math.max(40, Math.min(state.most, 320) / 2); state.slow = 0; }
        state.frame = window.requestAnimationFrame(step);
      });
    } else if (!wanted && state.frame) {
      window.cancelAnimationFrame(state.frame);
      state.frame = 0;
      const ctx = state.live.getContext("2d");
      if (state.view) ctx.clearRect(0, 0, state.view.width, state.view.height);
    }
  }

  /* ---- names of places: the busiest first, none over another ---- */

  function busy(set) {
    if (set.busy) return set.busy;
    const count = set.level.nodes.id.length, edges = set.level.edges;
    const sums = Array.from({ length: count }, function () {
      return { came: [0, 0, 0], went: [0, 0, 0], stays: [0, 0, 0], links: 0, unknown: 0, size: 0 };
    });
    const add = function (sum, i) {
      sum[0] += edges.v[i] || 0;
      sum[1] += edges.lo[i] || 0;
      sum[2] += edges.hi[i] || 0;
    };
    for (let i = 0; i < edges.o.length; i += 1) {
      const o = sums[edges.o[i]], d = sums[edges.d[i]];
      o.links += edges.n[i];
      o.unknown += edges.u[i];
      o.size += edges.v[i] || 0;
      if (o === d) { add(o.stays, i); continue; }
      d.links += edges.n[i];
      d.unknown += edges.u[i];
      d.size += edges.v[i] || 0;
      add(o.went, i);
      add(d.came, i);
    }
    set.busy = sums;
    return sums;
  }

  function labels(state, ctx, set, view) {
    if (set.rank === 2 && view.nodes.length > 60) return;
    const sums = busy(set), kinds = set.level.nodes.kind, scale = set.scale;
    const wanted = view.nodes.filter(function (node) { return kinds[node.i] !== "gate" && kinds[node.i] !== "outside" && kinds[node.i] !== "unknown"; });
    wanted.sort(function (a, b) { return sums[b.i].size - sums[a.i].size; });
    const taken = [];
    const first = (set.rank === 0 ? 15 : 12.5) / Math.min(1, Math.max(0.62, set.scale)) ** 0.9;
    ctx.textAlign = "center";
    ctx.textBaseline = "top";
    ctx.lineJoin = "round";
    for (const node of wanted.slice(0, 40)) {
      const rows = [[set.level.nodes.name[node.i], "700 " + first * scale + "px system-ui, sans-serif", first * scale]];
      if (set.rank === 0 && sums[node.i].stays[0] > 0) {
        rows.push([short(sums[node.i].stays[0], state.payload.unit) + " " + state.payload.words.stay,
          "500 " + 0.8 * first * scale + "px system-ui, sans-serif", 0.8 * first * scale]);
      }
      let wide = 0, high = 0;
      for (const row of rows) {
        ctx.font = row[1];
        wide = Math.max(wide, ctx.measureText(row[0]).width);
        high += row[2] + 2;
      }
      let y = node.y + node.r + 4;
      const box = [node.x - wide / 2 - 3, y - 1, node.x + wide / 2 + 3, y + high];
      if (taken.some(function (o) { return !(box[2] < o[0] || box[0] > o[2] || box[3] < o[1] || box[1] > o[3]); })) continue;
      taken.push(box);
      for (const row of rows) {
        ctx.font = row[1];
        ctx.lineWidth = 3.5 * scale;
        ctx.strokeStyle = state.style.labelHalo;
        ctx.strokeText(row[0], node.x, y);
        ctx.fillStyle = state.style.label;
        ctx.fillText(row[0], node.x, y);
        y += row[2] + 2;
      }
    }
  }

  /* ---- gates: labelled, on the border, reachable with the keyboard ---- */

  function gates(state, set) {
    const map = state.map, nodes = set.level.nodes, sums = busy(set), unit = state.payload.unit;
    const words = state.payload.words, b = map.cartoflux.options.bounds, size = map.getSize();
    const narrow = size.x < 520;
    const under = (narrow ? state.bar : state.bar.firstChild).offsetHeight + 16;
    state.gates.clearLayers();
    const middle = b ? map.latLngToContainerPoint([(b[0] + b[2]) / 2, (b[1] + b[3]) / 2]) : size.divideBy(2);
    for (let i = 0; i < nodes.id.length; i += 1) {
      if (!["gate", "outside", "unknown"].includes(nodes.kind[i]) || nodes.lat[i] === null) continue;
      const box = element("div", "cf-gate cf-gate-" + nodes.kind[i]);
      box.appendChild(element("strong", null, nodes.name[i]));
      const lines = [[words.gets, sums[i].came], [words.sends, sums[i].went]].filter(function (line) { return line[1][0] > 0; });
      for (const line of narrow ? [] : lines) box.appendChild(element("div", null, line[0] + " " + short(line[1][0], unit)));
      const said = [nodes.name[i]].concat(lines.map(function (line) { return line[0] + " " + short(line[1][0], unit); })).join(", ");
      const at = map.latLngToContainerPoint([nodes.lat[i], nodes.lon[i]]);
      if (at.x < -20 || at.y < -20 || at.x > size.x + 20 || at.y > size.y + 20) continue;
      box.style.visibility = "hidden";
      map.getContainer().appendChild(box);
      const wide = box.offsetWidth, high = box.offsetHeight;
      box.remove();
      box.style.visibility = "";
      /* Outwards from the territory, but never out of the frame. */
      const across = Math.abs(at.x - middle.x) > Math.abs(at.y - middle.y) * 1.4;
      let x = across ? (at.x < middle.x ? at.x - wide - 10 : at.x + 10) : at.x - wide / 2;
      let y = across ? at.y - high / 2 : at.y < middle.y ? at.y - high - 10 : at.y + 10;
      x = Math.max(6, Math.min(size.x - wide - 6, x));
      y = Math.max(under, Math.min(size.y - high - 24, y));
      const marker = L.marker([nodes.lat[i], nodes.lon[i]], {
        icon: L.divIcon({ className: "cf-pin cf-gate-pin", html: box, iconSize: [wide, high], iconAnchor: [at.x - x, at.y - y] }),
        title: "", keyboard: true,
      });
      marker.on("click", function (event) {
        L.DomEvent.stop(event);
        choose(state, "lieu", [nodes.id[i]]);
      });
      marker.on("add", function () { marker.getElement().setAttribute("aria-label", said); });
      state.gates.addLayer(marker);
    }
  }

  /* ---- pointer ---- */

  function under(state, event, reach) {
    if (!state.view) return null;
    const p = event.layerPoint.subtract(state.view.corner);
    return flows.find(state.view, p.x, p.y, reach);
  }

  function point(state, event) {
    const hit = under(state, event, 5);
    const container = state.map.getContainer();
    container.classList.toggle("cf-on-flow", Boolean(hit));
    if (!hit) { state.map.closeTooltip(state.tip); state.hover = null; return; }
    const key = hit.node !== undefined ? "n" + hit.node : (hit.one.ghost ? "g" : "e") + hit.lane;
    if (key !== state.hover) {
      state.hover = key;
      state.tip.setContent(hit.node !== undefined ? placeTip(state, hit.node) : bandTip(state, hit));
    }
    state.tip.setLatLng(event.latlng);
    state.map.openTooltip(state.tip);
  }

  function leave(state) {
    state.hover = null;
    state.map.getContainer().classList.remove("cf-on-flow");
    state.map.closeTooltip(state.tip);
  }

  function press(state, event) {
    const touch = event.originalEvent && event.originalEvent.pointerType === "touch";
    const hit = under(state, event, touch ? 14 : 6);
    if (!hit) return;
    point(state, event);
    if (hit.node !== undefined) {
      choose(state, "lieu", [state.sets[state.level].level.nodes.id[hit.node]]);
      return;
    }
    const level = hit.one.set.level, stream = state.payload.streams[level.edges.s[hit.lane]];
    choose(state, "lien", [level.nodes.id[hit.one.band.o], level.nodes.id[hit.one.band.d], stream.id]);
  }

  function choose(state, kind, parts) {
    state.clicks += 1;
    window.Streamlit.setComponentValue({
      id: [kind].concat(parts.map(encodeURIComponent)).join("|"), click: Date.now() + "-" + state.clicks,
    });
  }

  function laneRow(state, edges, i) {
    const row = element("div", "cf-flow-row");
    const stream = state.payload.streams[edges.s[i]], words = state.payload.words;
    const swatch = element("i", stream.icon);
    swatch.style.color = stream.color;
    row.appendChild(swatch);
    const amount = edges.v[i] === null ? words.unknown : margin(edges.v[i], edges.lo[i], edges.hi[i], state.payload.unit);
    row.appendChild(element("span", null, stream.label + THIN + ": " + amount));
    return row;
  }

  function bandTip(state, hit) {
    const level = hit.one.set.level, band = hit.one.band, edges = level.edges, words = state.payload.words;
    const box = element("div");
    const names = level.nodes.name;
    box.appendChild(element("strong", null, band.ring ? names[band.o] + THIN + ": " + words.inside : names[band.o] + " → " + names[band.d]));
    box.appendChild(laneRow(state, edges, hit.lane));
    const about = [edges.n[hit.lane] + " " + words.flows];
    about.push(edges.r[hit.lane] < 0 ? words.protected : words.reliability[edges.r[hit.lane]]);
    if (edges.u[hit.lane]) about.push(edges.u[hit.lane] + " " + words.unknownOf);
    box.appendChild(element("div", "cf-tip-quiet", about.join(" · ")));
    const others = band.lanes.filter(function (i) { return i !== hit.lane; });
    if (others.length) {
      box.appendChild(element("div", "cf-tip-quiet", words.beside));
      for (const i of others.slice(0, 4)) box.appendChild(laneRow(state, edges, i));
      if (others.length > 4) box.appendChild(element("div", "cf-tip-quiet", "… " + (others.length - 4) + " " + words.more));
    }
    box.appendChild(element("div", "cf-tip-quiet", words.click));
    return box;
  }

  function placeTip(state, i) {
    const set = state.sets[state.level], sum = busy(set)[i], words = state.payload.words;
    const box = element("div");
    box.appendChild(element("strong", null, set.level.nodes.name[i]));
    for (const line of [[words.comesIn, sum.came], [words.goesOut, sum.went], [words.stays, sum.stays]]) {
      if (line[1][0] > 0) box.appendChild(element("div", null, line[0] + THIN + ": " + margin(line[1][0], line[1][1], line[1][2], state.payload.unit)));
    }
    const about = sum.links + " " + words.flows + (sum.unknown ? " · " + sum.unknown + " " + words.unknownOf : "");
    box.appendChild(element("div", "cf-tip-quiet", about));
    box.appendChild(element("div", "cf-tip-quiet", words.click));
    return box;
  }

  /* ---- level and motion ---- */

  function addBar(state) {
    const box = element("div", "cf-flow-bar");
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);
    state.bar = box;
    state.map.getContainer().appendChild(box);
  }

  function bar(state) {
    const words = state.payload.words, level = rank(state);
    const signature = [state.mode, level, state.animate].join();
    if (state.bar.dataset.signature === signature) return;
    const focused = state.bar.contains(document.activeElement) ? document.activeElement.dataset.name : null;
    state.bar.dataset.signature = signature;
    state.bar.replaceChildren();
    const group = element("div", "cf-flow-levels");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", words.level);
    const button = function (name, text, on, press, title) {
      const node = element("button", on ? "cf-on" : null, text);
      node.type = "button";
      node.dataset.name = name;
      node.setAttribute("aria-pressed", String(on));
      if (title) node.title = title;
      node.addEventListener("click", function (event) {
        /* Pressing redraws the bar: Leaflet would look for this button's parents in vain, and take
           the click for one on the map. */
        event.stopPropagation();
        press();
      });
      return node;
    };
    group.appendChild(button("auto", words.auto, state.mode === null, function () { state.mode = null; draw(state); }, words.autoHelp));
    state.payload.levels.forEach(function (one, i) {
      const node = button(one.name, one.label, state.mode === i, function () { state.mode = i; draw(state); });
      if (state.mode === null && level === i) node.classList.add("cf-here");
      group.appendChild(node);
    });
    state.bar.appendChild(group);
    const motion = button("motion", words.motion, state.animate, function () {
      state.animate = !state.animate;
      bar(state);
      run(state);
    }, words.motionHelp);
    motion.classList.add("cf-flow-motion");
    state.bar.appendChild(motion);
    if (focused) {
      const again = state.bar.querySelector('[data-name="' + focused + '"]');
      if (again) again.focus();
    }
  }

  /* ---- legend, under the map ---- */

  function legend(state, set) {
    const box = state.map.cartoflux.legend, payload = state.payload, words = payload.words;
    const signature = "flows" + set.rank + set.most + JSON.stringify(payload.streams);
    if (box.dataset.signature === signature) return;
    box.dataset.signature = signature;
    box.replaceChildren(element("summary", null, words.legend));
    const streams = element("ul");
    for (const stream of payload.streams) {
      if (!stream.value) continue;
      const row = element("li");
      const icon = element("i", stream.icon + " cf-flow-swatch");
      icon.style.color = stream.color;
      icon.setAttribute("aria-hidden", "true");
      row.appendChild(icon);
      row.appendChild(element("span", null, stream.label));
      row.appendChild(element("span", "cf-count", stream.value));
      streams.appendChild(row);
    }
    box.appendChild(streams);
    const lines = element("ul", "cf-classes");
    lines.appendChild(element("li", "cf-legend-title", words.width));
    const top = set.most > 0 ? Math.pow(10, Math.floor(Math.log10(set.most))) : 0;
    for (const value of top ? [top, top / 10, top / 100] : []) {
      const row = element("li");
      const line = element("span", "cf-flow-width");
      line.style.height = flows.bandWidth(value, set) + "px";
      row.appendChild(line);
      row.appendChild(element("span", null, short(value, payload.unit)));
      lines.appendChild(row);
    }
    box.appendChild(lines);
    const dashes = element("ul", "cf-classes");
    dashes.appendChild(element("li", "cf-legend-title", words.line));
    words.reliability.concat([words.unknown]).forEach(function (text, i) {
      const row = element("li");
      row.appendChild(element("span", "cf-flow-dash cf-flow-dash-" + i));
      row.appendChild(element("span", null, text));
      dashes.appendChild(row);
    });
    box.appendChild(dashes);
    box.appendChild(element("p", "cf-legend-source", words.note));
  }
})();
