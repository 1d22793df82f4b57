/* The view of a map (centre and zoom) lives in the address bar, written without a rerun. */
(function () {
  "use strict";

  const cartoflux = (window.cartoflux = {});

  function quietly(state, action) {
    state.quiet += 1;
    try {
      action();
    } finally {
      state.quiet -= 1;
    }
  }

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

  function forgetView() {
    const host = outer();
    if (!host) return;
    const url = new URL(host.location.href);
    url.searchParams.delete("vue");
    host.history.replaceState(host.history.state, "", url);
  }

  /* What our other files use. */
  cartoflux.shared = {
    addressView: addressView, fit: fit, outer: outer, forgetView: forgetView, quietly: quietly,
    restoreView: restoreView, watchView: watchView,
  };
})();
