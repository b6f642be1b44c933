"use strict";
/* Keeps the score sheets that were opened, and what they need, so that they open without a network. The network
   always comes first; nothing else of the site is kept. Signing out empties it. */

const SHELF = "kontor-sheets-1";
const isSheet = (url) => /\/juries\/sheets\/[^/]+\/$/.test(url.pathname);
const isStatic = (url) => url.pathname.startsWith("/static/");

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (isSheet(url) || isStatic(url)) event.respondWith(kept(event.request, isSheet(url)));
});

const kept = async (request, sheet) => {
  const shelf = await caches.open(SHELF);
  try {
    const answer = await fetch(request);
    /* a sheet that is closed to this person by now is forgotten, and so is everything after signing out */
    if (sheet && (answer.redirected || !answer.ok)) await caches.delete(SHELF);
    else if (answer.ok) await shelf.put(request, answer.clone());
    return answer;
  } catch (problem) {
    const found = await shelf.match(request, { ignoreVary: true });
    if (found) return found;
    throw problem;
  }
};
