// Keeps the pages that a kitchen works with for when there is no network, of the one reader who is signed in, and the
// site's own files. Nothing is answered from here while the network answers.
"use strict";

const FILES = "fichiers";
const PAGES = "pages";
const OFFLINE = "/hors-ligne";
const WHOSE = "/lecteur";
const WORKED_WITH = /^\/cuisine\/[^/]+\/(semaine|commander|receptions|pesee|effectifs)(\/\d+)?$/;
const MOST_PAGES = 40;

addEventListener("install", (event) => {
  event.waitUntil(caches.open(FILES).then((files) => files.add(OFFLINE)).then(() => skipWaiting()));
});
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

const path = (url) => new URL(url).pathname;

// A page of somebody else, or of nobody, ends all that was kept.
const keep = async (url, answer) => {
  const reader = answer.headers.get("x-reader");
  if (!answer.ok || reader === null) return;
  const pages = await caches.open(PAGES);
  const whose = await pages.match(WHOSE);
  if (!reader || (whose && (await whose.text()) !== reader)) {
    await caches.delete(PAGES);
    if (!reader) return;
    return keep(url, answer);
  }
  if (!WORKED_WITH.test(path(url))) return;
  await pages.put(WHOSE, new Response(reader));
  await pages.put(url, answer);
  const urls = (await pages.keys()).filter((each) => path(each.url) !== WHOSE);
  for (const old of urls.slice(0, Math.max(0, urls.length - MOST_PAGES))) await pages.delete(old);
};

const open = async (event) => {
  const { request } = event;
  try {
    const answer = await fetch(request);
    if (request.method === "GET") event.waitUntil(keep(request.url, answer.clone()));
    else if (path(request.url) === "/deconnexion") event.waitUntil(caches.delete(PAGES));
    return answer;
  } catch (fault) {
    if (path(request.url) === "/deconnexion") await caches.delete(PAGES);
    const page = request.method === "GET" && await caches.match(request.url, { cacheName: PAGES });
    return page || caches.match(OFFLINE, { cacheName: FILES });
  }
};

// A file's address names its version: it never changes, and an older version is not asked for again.
const file = async (request) => {
  const files = await caches.open(FILES);
  const there = await files.match(request);
  if (there) return there;
  const answer = await fetch(request);
  if (answer.ok) {
    const version = path(request.url).split("/")[2];
    for (const old of await files.keys()) {
      if (path(old.url).startsWith("/static/") && path(old.url).split("/")[2] !== version) await files.delete(old);
    }
    await files.put(request, answer.clone());
  }
  return answer;
};

addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate") event.respondWith(open(event));
  else if (event.request.method === "GET" && path(event.request.url).startsWith("/static/")) event.respondWith(file(event.request));
});

addEventListener("message", (event) => {
  const pages = (event.data.keep || []).filter((url) => WORKED_WITH.test(path(url)));
  event.waitUntil(Promise.all(pages.map(async (url) => keep(url, await fetch(url, { credentials: "same-origin" })))));
});
