/* Reopens the participants' page without network. The page holds its style and script, so one
   document is all there is to keep; cards never pass here. */
"use strict";

const KEPT = "cf-atelier-1";
const PATIENCE = 4000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const path = new URL(request.url).pathname;
  if (request.method !== "GET" || request.mode !== "navigate" || !/^\/atelier\/[A-Za-z0-9]{6}$/.test(path)) return;
  event.respondWith(answer(request, path));
});

async function answer(request, path) {
  const kept = await caches.open(KEPT);
  const former = await kept.match(path);
  const fresh = fetch(request).then((found) => {
    if (found.status === 200) kept.put(path, found.clone());
    return found;
  });
  if (!former) return fresh;
  const late = new Promise((resolve) => setTimeout(() => resolve(former), PATIENCE));
  return Promise.race([fresh, late]).catch(() => former);
}
