/* Painting of the flow map: bands, arrow heads, rings, nodes, and finding what is under a pointer.
 *
 * A *band* joins two places; its *lanes*, side by side, are the streams it carries. The width of a
 * band follows the square root of its mass, so that 2 kg stay visible beside a million tonnes.
 * Coordinates are CSS pixels from the corner of the canvas; nothing here touches the page.
 */
(function () {
  "use strict";

  const flows = (window.cartoflux.flows = {});
  const SIZES = [
    /* EPCI, commune, actor: widest band, thinnest and widest ring radius, dot */
    { band: 30, ring: [12, 32], dot: 5 },
    { band: 22, ring: [8, 22], dot: 4 },
    { band: 16, ring: [7, 16], dot: 3.5 },
  ];
  const THINNEST = 1.5;
  const DASHES = [null, [15, 4], [4, 3]]; /* measured, declared, estimated */
  const UNKNOWN_DASH = [1.5, 4.5];
  const DETAILED = 300; /* heaviest bands drawn in full; the next ones are lines, the last plain */
  const DASHED = 1500;
  const THICK = 2.6;
  const PALE = 0.5;
  const FAINT = 0.4; /* nobody knows the other end: less to say, less ink */
  const LONG = 3000; /* pixels */
  const MOVING = 150;
  const CELL = 28;

  /* ---- preparation: once per payload and level ---- */

  flows.prepare = function (level, rank, scale, most) {
    const edges = level.edges;
    const nodes = level.nodes;
    const bands = new Map();
    for (let i = 0; i < edges.o.length; i += 1) {
      const key = edges.o[i] * nodes.id.length + edges.d[i];
      let band = bands.get(key);
      if (!band) {
        band = { o: edges.o[i], d: edges.d[i], lanes: [], value: 0, ring: edges.o[i] === edges.d[i] };
        band.vague = nodes.kind[band.o] === "unknown" || nodes.kind[band.d] === "unknown";
        bands.set(key, band);
      }
      band.lanes.push(i);
      band.value += edges.v[i] || 0;
    }
    const list = Array.from(bands.values()).sort(function (a, b) { return b.value - a.value; });
    const set = {
      level: level, rank: rank, bands: list, most: most || (list.length ? list[0].value : 0),
      x0: new Float64Array(nodes.id.length), y0: new Float64Array(nodes.id.length),
      radius: new Float64Array(nodes.id.length), sum: [], scale: scale,
    };
    for (let i = 0; i < nodes.id.length; i += 1) {
      const at = nodes.lat[i] === null ? null : L.CRS.EPSG3857.latLngToPoint(L.latLng(nodes.lat[i], nodes.lon[i]), 0);
      set.x0[i] = at ? at.x : NaN;
      set.y0[i] = at ? at.y : NaN;
      set.radius[i] = SIZES[rank].dot * scale;
    }
    for (const band of list) {
      band.lanes.sort(function (a, b) { return (edges.v[b] || 0) - (edges.v[a] || 0); });
      size(band, set, edges);
      if (band.ring) set.radius[band.o] = band.reach + band.width / 2;
    }
    return set;
  };

  flows.bandWidth = function (value, set) {
    const widest = SIZES[set.rank].band * set.scale;
    const share = set.most > 0 ? Math.min(1, Math.sqrt(value / set.most)) : 0;
    return Math.max(THINNEST, widest * share);
  };

  function size(band, set, edges) {
    let wide = flows.bandWidth(band.value, set);
    if (band.ring) {
      const ring = SIZES[set.rank].ring;
      const share = set.most > 0 ? Math.sqrt(band.value / set.most) : 0;
      band.reach = (ring[0] + (ring[1] - ring[0]) * share) * set.scale;
      wide = Math.max(3, Math.min(wide * 0.45, band.reach * 0.75));
    }
    band.widths = band.lanes.map(function (i) {
      return Math.max(Math.min(THINNEST, wide), band.value > 0 ? (wide * (edges.v[i] || 0)) / band.value : 0);
    });
    band.width = band.ring ? wide : band.widths.reduce(function (a, b) { return a + b; }, 0);
  }

  /* ---- geometry ---- */

  function place(band, set, view) {
    const k = view.scale;
    const ax = set.x0[band.o] * k - view.left, ay = set.y0[band.o] * k - view.top;
    const bx = set.x0[band.d] * k - view.left, by = set.y0[band.d] * k - view.top;
    if (!Number.isFinite(ax + ay + bx + by)) return null;
    if (band.ring) {
      const r = band.reach + band.width;
      return ax + r < 0 || ay + r < 0 || ax - r > view.width || ay - r > view.height ? null : { x: ax, y: ay };
    }
    const far = Math.hypot(bx - ax, by - ay);
    if (far < 5) return null;
    const bend = Math.max(Math.min(0.2 * far, 150), Math.min(band.width + 5, far));
    const cx = (ax + bx) / 2 + ((by - ay) / far) * bend, cy = (ay + by) / 2 - ((bx - ax) / far) * bend;
    const margin = band.width;
    if (Math.max(ax, bx, cx) < -margin || Math.max(ay, by, cy) < -margin
      || Math.min(ax, bx, cx) > view.width + margin || Math.min(ay, by, cy) > view.height + margin) return null;
    const head = Math.min(Math.max(7, band.width * 0.85), far * 0.4);
    let from = (set.radius[band.o] + 2) / far;
    let to = 1 - (set.radius[band.d] + 2 + head) / far;
    if (to - from < 0.15) { from = 0; to = Math.max(0.15, 1 - head / far); }
    const line = { ax: ax, ay: ay, bx: bx, by: by, cx: cx, cy: cy, far: far, from: from, to: to, head: head };
    return far > LONG ? clipped(line, view, margin) : line;
  }

  /* Seen from close, a line may be a thousand screens long: keep the part that crosses the view. */
  function clipped(line, view, margin) {
    let low = 0, high = 1;
    for (let pass = 0; pass < 3; pass += 1) {
      const step = (high - low) / 24;
      let first = -1, last = -1;
      for (let i = 0; i < 24; i += 1) {
        const a = spot(line, low + i * step), b = spot(line, low + (i + 1) * step);
        /* A chord may cut a corner that the curve rounds: a generous frame around the view. */
        const far = margin + Math.hypot(b[0] - a[0], b[1] - a[1]) * 0.1;
        if (Math.max(a[0], b[0]) < -far || Math.max(a[1], b[1]) < -far
          || Math.min(a[0], b[0]) > view.width + far || Math.min(a[1], b[1]) > view.height + far) continue;
        if (first < 0) first = i;
        last = i;
      }
      if (first < 0) return null;
      high = low + (last + 1) * step;
      low += first * step;
    }
    const span = high - low;
    if (line.to <= low || line.from >= high) return null;
    const cut = part(line, low, high);
    cut.head = line.head;
    cut.far = Math.max(5, Math.hypot(cut.bx - cut.ax, cut.by - cut.ay));
    cut.from = Math.max(0, (line.from - low) / span);
    cut.to = Math.min(1, (line.to - low) / span);
    return cut;
  }

  /* The same curve between two of its parameters. */
  function part(line, low, high) {
    const a = spot(line, low), b = spot(line, high), u = 1 - low, v = 1 - high;
    return {
      ax: a[0], ay: a[1], bx: b[0], by: b[1],
      cx: u * v * line.ax + (u * high + low * v) * line.cx + low * high * line.bx,
      cy: u * v * line.ay + (u * high + low * v) * line.cy + low * high * line.by,
    };
  }

  function spot(line, t) {
    const u = 1 - t;
    return [
      u * u * line.ax + 2 * u * t * line.cx + t * t * line.bx,
      u * u * line.ay + 2 * u * t * line.cy + t * t * line.by,
    ];
  }

  const X = new Float64Array(40), Y = new Float64Array(40), NX = new Float64Array(40), NY = new Float64Array(40);
  const S = new Float64Array(40), F = new Float64Array(40);

  function sample(line, most) {
    const n = Math.max(5, Math.min(most, Math.round(line.far / 16)));
    for (let i = 0; i <= n; i += 1) {
      const t = line.from + ((line.to - line.from) * i) / n, u = 1 - t;
      X[i] = u * u * line.ax + 2 * u * t * line.cx + t * t * line.bx;
      Y[i] = u * u * line.ay + 2 * u * t * line.cy + t * t * line.by;
      const dx = u * (line.cx - line.ax) + t * (line.bx - line.cx);
      const dy = u * (line.cy - line.ay) + t * (line.by - line.cy);
      const d = Math.hypot(dx, dy) || 1;
      NX[i] = -dy / d;
      NY[i] = dx / d;
      S[i] = i ? S[i - 1] + Math.hypot(X[i] - X[i - 1], Y[i] - Y[i - 1]) : 0;
      F[i] = 0.5 + (0.5 * i) / n;
    }
    return n;
  }

  /* ---- bands ---- */

  function strip(ctx, n, a, b) {
    ctx.moveTo(X[0] + NX[0] * a * F[0], Y[0] + NY[0] * a * F[0]);
    for (let i = 1; i <= n; i += 1) ctx.lineTo(X[i] + NX[i] * a * F[i], Y[i] + NY[i] * a * F[i]);
    for (let i = n; i >= 0; i -= 1) ctx.lineTo(X[i] + NX[i] * b * F[i], Y[i] + NY[i] * b * F[i]);
    ctx.closePath();
  }

  function dashes(ctx, n, a, b, dash) {
    const period = dash[0] + dash[1];
    const lean = b - a > 4 ? Math.min(dash[0] * 0.6, (b - a) * 0.35) : 0;
    let i = 0;
    const corner = function (s, side) {
      while (i < n - 1 && S[i + 1] < s) i += 1;
      while (i > 0 && S[i] > s) i -= 1;
      const t = (s - S[i]) / (S[i + 1] - S[i] || 1);
      const f = (F[i] + (F[i + 1] - F[i]) * t) * side;
      return [X[i] + (X[i + 1] - X[i]) * t + NX[i] * f, Y[i] + (Y[i + 1] - Y[i]) * t + NY[i] * f];
    };
    const middle = (a + b) / 2;
    for (let s = 0; s < S[n]; s += period) {
      const end = Math.min(s + dash[0], S[n]);
      const points = lean
        ? [corner(s, a), corner(end, a), corner(end + lean, middle), corner(end, b), corner(s, b), corner(s + lean, middle)]
        : [corner(s, a), corner(end, a), corner(end, b), corner(s, b)];
      ctx.moveTo(points[0][0], points[0][1]);
      for (let k = 1; k < points.length; k += 1) ctx.lineTo(points[k][0], points[k][1]);
      ctx.closePath();
    }
  }

  function head(ctx, n, line, a, b, half, grow) {
    const k = (half + grow) / half;
    const tx = X[n] + NY[n] * line.head, ty = Y[n] - NX[n] * line.head;
    ctx.moveTo(X[n] + NX[n] * a * k, Y[n] + NY[n] * a * k);
    ctx.lineTo(tx, ty);
    ctx.lineTo(X[n] + NX[n] * b * k, Y[n] + NY[n] * b * k);
    ctx.closePath();
  }

  function drawBand(ctx, band, line, set, style, ghost) {
    const n = sample(line, 30);
    const half = band.width / 2, grow = Math.max(2.2, half * 0.5);
    if (!ghost && !band.vague && band.width > 2.5) {
      ctx.beginPath();
      strip(ctx, n, -half - 0.9, half + 0.9);
      head(ctx, n, line, -half - 1.2, half + 1.2, half, grow);
      ctx.fillStyle = style.halo;
      ctx.fill();
    }
    if (ghost) {
      ctx.beginPath();
      strip(ctx, n, -half, half);
      head(ctx, n, line, -half, half, half, grow);
      ctx.fillStyle = style.ghost;
      ctx.fill();
      return;
    }
    const edges = set.level.edges;
    const full = band.vague ? FAINT : 1;
    ctx.globalAlpha = full;
    let a = -half;
    for (let k = 0; k < band.lanes.length; k += 1) {
      const i = band.lanes[k], b = a + band.widths[k];
      const dash = edges.v[i] === null ? UNKNOWN_DASH : DASHES[edges.r[i]];
      ctx.fillStyle = style.colors[edges.s[i]];
      if (dash && edges.v[i] !== null) {
        /* A paler ribbon under the dashes: one line, not a row of pieces. */
        ctx.globalAlpha = full * PALE;
        ctx.beginPath();
        strip(ctx, n, a, b);
        ctx.fill();
        ctx.globalAlpha = full;
      }
      ctx.beginPath();
      if (dash) dashes(ctx, n, a, b, dash);
      else strip(ctx, n, a, b);
      head(ctx, n, line, a, b, half, grow);
      ctx.fill();
      a = b;
    }
    ctx.globalAlpha = 1;
  }

  function drawRing(ctx, band, at, set, style, ghost) {
    const edges = set.level.edges;
    const top = -Math.PI / 2;
    ctx.lineWidth = band.width;
    if (ghost) {
      ctx.beginPath();
      ctx.arc(at.x, at.y, band.reach, 0, 2 * Math.PI);
      ctx.strokeStyle = style.ghost;
      ctx.stroke();
      return;
    }
    ctx.beginPath();
    ctx.arc(at.x, at.y, band.reach, 0, 2 * Math.PI);
    ctx.lineWidth = band.width + 2;
    ctx.strokeStyle = style.halo;
    ctx.stroke();
    ctx.lineWidth = band.width;
    let angle = top;
    const whole = band.value > 0 ? band.value : band.lanes.length;
    for (const i of band.lanes) {
      const share = (band.value > 0 ? edges.v[i] || 0 : 1) / whole;
      const end = angle + Math.max(2 * Math.PI * share, 0.06);
      const dash = edges.v[i] === null ? UNKNOWN_DASH : DASHES[edges.r[i]];
      ctx.beginPath();
      ctx.arc(at.x, at.y, band.reach, angle, end);
      ctx.strokeStyle = style.colors[edges.s[i]];
      if (dash && edges.v[i] !== null) {
        ctx.globalAlpha = PALE;
        ctx.stroke();
        ctx.globalAlpha = 1;
      }
      ctx.setLineDash(dash || []);
      ctx.stroke();
      ctx.setLineDash([]);
      angle = end;
    }
    ctx.setLineDash([]);
    /* One arrow head where the ring closes: what leaves comes back. */
    const wide = band.width / 2 + 3;
    ctx.beginPath();
    ctx.moveTo(at.x - 2, at.y - band.reach - wide);
    ctx.lineTo(at.x + wide * 1.3, at.y - band.reach);
    ctx.lineTo(at.x - 2, at.y - band.reach + wide);
    ctx.closePath();
    ctx.fillStyle = style.colors[edges.s[band.lanes[0]]];
    ctx.strokeStyle = style.halo;
    ctx.lineWidth = 1;
    ctx.fill();
    ctx.stroke();
  }

  /* A light band: the browser's own line and a small head. One path a line: many lines in one
   * path cost far more, since the browser then works out where they cross. */
  function drawThin(ctx, line, color, dash) {
    ctx.globalAlpha = 0.75;
    ctx.lineWidth = 1.4;
    ctx.strokeStyle = color;
    ctx.fillStyle = color;
    ctx.setLineDash(dash || []);
    ctx.beginPath();
    ctx.moveTo(line.ax, line.ay);
    ctx.quadraticCurveTo(line.cx, line.cy, line.bx, line.by);
    ctx.stroke();
    ctx.setLineDash([]);
    const at = spot(line, line.to), before = spot(line, Math.max(0, line.to - 0.04));
    const d = Math.hypot(at[0] - before[0], at[1] - before[1]) || 1;
    const ux = (at[0] - before[0]) / d, uy = (at[1] - before[1]) / d;
    ctx.beginPath();
    ctx.moveTo(at[0] + ux * 7, at[1] + uy * 7);
    ctx.lineTo(at[0] - uy * 2.6, at[1] + ux * 2.6);
    ctx.lineTo(at[0] + uy * 2.6, at[1] - ux * 2.6);
    ctx.closePath();
    ctx.fill();
    ctx.globalAlpha = 1;
  }

  /* ---- one picture ---- */

  /** Paint a set of bands; what was drawn is kept in `view.shown` for the pointer and the motion. */
  flows.paint = function (ctx, set, view, style, ghost) {
    const rings = [], edges = set.level.edges;
    let count = 0;
    for (const band of set.bands) {
      const line = place(band, set, view);
      if (!line) continue;
      view.shown.push({ band: band, line: line, set: set, ghost: ghost });
      if (band.ring) { rings.push([band, line]); continue; }
      count += 1;
      if (count <= DETAILED && (band.width >= THICK || band.lanes.length > 1)) {
        drawBand(ctx, band, line, set, style, ghost);
        continue;
      }
      const lane = band.lanes[0];
      const dash = edges.v[lane] === null ? UNKNOWN_DASH : DASHES[edges.r[lane]];
      const color = ghost ? style.ghost : style.colors[edges.s[lane]];
      drawThin(ctx, line, color, ghost || count > DASHED ? null : dash);
    }
    for (const [band, line] of rings) drawRing(ctx, band, line, set, style, ghost);
    return count + rings.length;
  };

  /** Paint places: discs inside, squares on the border, hollow discs for unknown partners. */
  flows.paintNodes = function (ctx, set, view, style) {
    const kinds = set.level.nodes.kind;
    view.nodes = [];
    for (let i = 0; i < kinds.length; i += 1) {
      const x = set.x0[i] * view.scale - view.left, y = set.y0[i] * view.scale - view.top;
      if (!Number.isFinite(x + y) || x < -20 || y < -20 || x > view.width + 20 || y > view.height + 20) continue;
      const r = SIZES[set.rank].dot * set.scale;
      view.nodes.push({ i: i, x: x, y: y, r: set.radius[i] });
      ctx.beginPath();
      if (kinds[i] === "gate" || kinds[i] === "outside") ctx.rect(x - r, y - r, 2 * r, 2 * r);
      else ctx.arc(x, y, r, 0, 2 * Math.PI);
      ctx.fillStyle = kinds[i] === "unknown" ? style.halo : kinds[i] === "gate" || kinds[i] === "outside" ? style.gate : style.node;
      ctx.fill();
      ctx.lineWidth = 1.6;
      ctx.strokeStyle = kinds[i] === "unknown" ? style.node : style.halo;
      ctx.setLineDash(kinds[i] === "unknown" ? [2, 2] : []);
      ctx.stroke();
      ctx.setLineDash([]);
    }
  };

  /** Beads that travel along the heaviest bands on screen; `phase` in pixels. */
  flows.move = function (ctx, view, phase, style, most) {
    ctx.clearRect(0, 0, view.width, view.height);
    ctx.strokeStyle = style.bead;
    ctx.lineCap = "round";
    ctx.setLineDash([0.1, 22]);
    ctx.lineDashOffset = -phase;
    const movers = view.moving.slice(0, Math.min(MOVING, most));
    for (const one of movers) {
      if (!one.path) one.path = part(one.line, one.line.from, one.line.to);
      const line = one.path;
      ctx.lineWidth = Math.max(1.6, Math.min(5, one.band.width * 0.3));
      ctx.beginPath();
      ctx.moveTo(line.ax, line.ay);
      ctx.quadraticCurveTo(line.cx, line.cy, line.bx, line.by);
      ctx.stroke();
    }
    ctx.setLineDash([]);
    return movers.length;
  };

  /* ---- what is under the pointer ---- */

  function grid(view) {
    const columns = Math.ceil(view.width / CELL) + 1;
    const cells = new Map();
    const put = function (x, y, index) {
      const key = Math.floor(y / CELL) * columns + Math.floor(x / CELL);
      const cell = cells.get(key);
      if (!cell) cells.set(key, [index]);
      else if (cell[cell.length - 1] !== index) cell.push(index);
    };
    view.shown.forEach(function (one, index) {
      const line = one.line;
      if (one.band.ring) {
        const r = one.band.reach + one.band.width;
        for (let y = line.y - r; y <= line.y + r + CELL; y += CELL) {
          for (let x = line.x - r; x <= line.x + r + CELL; x += CELL) put(x, y, index);
        }
        return;
      }
      const steps = Math.ceil((line.far * 1.15) / CELL) * 2;
      for (let i = 0; i <= steps; i += 1) {
        const t = i / steps, u = 1 - t;
        put(u * u * line.ax + 2 * u * t * line.cx + t * t * line.bx,
          u * u * line.ay + 2 * u * t * line.cy + t * t * line.by, index);
      }
    });
    return { columns: columns, cells: cells };
  }

  function away(one, x, y) {
    /* Distance to the ink of a band and the lane nearest to the point. */
    const band = one.band, line = one.line, edges = one.set.level.edges;
    if (band.ring) {
      const distance = Math.abs(Math.hypot(x - line.x, y - line.y) - band.reach) - band.width / 2;
      let angle = Math.atan2(y - line.y, x - line.x) + Math.PI / 2;
      if (angle < 0) angle += 2 * Math.PI;
      let end = 0, lane = 0;
      for (let k = 0; k < band.lanes.length; k += 1) {
        end += 2 * Math.PI * ((edges.v[band.lanes[k]] || 0) / (band.value || 1));
        lane = k;
        if (angle <= end) break;
      }
      return { distance: distance, lane: band.lanes[lane] };
    }
    const n = sample(line, 30);
    let best = Infinity, at = 0;
    for (let i = 0; i <= n; i += 1) {
      const d = Math.hypot(x - X[i], y - Y[i]);
      if (d < best) { best = d; at = i; }
    }
    for (let i = Math.max(0, at - 1); i < Math.min(n, at + 1); i += 1) {
      const dx = X[i + 1] - X[i], dy = Y[i + 1] - Y[i];
      const t = Math.max(0, Math.min(1, ((x - X[i]) * dx + (y - Y[i]) * dy) / (dx * dx + dy * dy || 1)));
      best = Math.min(best, Math.hypot(x - X[i] - t * dx, y - Y[i] - t * dy));
    }
    const side = ((x - X[at]) * NX[at] + (y - Y[at]) * NY[at]) / F[at] + band.width / 2;
    let end = 0, lane = 0;
    for (let k = 0; k < band.lanes.length; k += 1) {
      end += band.widths[k];
      lane = k;
      if (side <= end) break;
    }
    return { distance: best - (band.width / 2) * F[at], lane: band.lanes[lane] };
  }

  /** Return the place or the lane under a point of the canvas, or null. */
  flows.find = function (view, x, y, reach) {
    for (const node of view.nodes) {
      if (Math.hypot(x - node.x, y - node.y) <= Math.min(node.r, 9) + reach / 2) return { node: node.i };
    }
    if (!view.grid) view.grid = grid(view);
    const seen = new Set();
    let found = null;
    for (let row = -1; row <= 1; row += 1) {
      for (let column = -1; column <= 1; column += 1) {
        const key = (Math.floor(y / CELL) + row) * view.grid.columns + Math.floor(x / CELL) + column;
        for (const index of view.grid.cells.get(key) || []) {
          if (seen.has(index)) continue;
          seen.add(index);
          const one = view.shown[index];
          const hit = away(one, x, y);
          const cost = Math.max(hit.distance, 0) + (one.ghost ? 3 : 0) + one.band.width / 100;
          if (hit.distance <= reach && (!found || cost < found.cost)) found = { cost: cost, one: one, lane: hit.lane };
        }
      }
    }
    return found;
  };
})();
