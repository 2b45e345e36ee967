// Keeps the help centre readable while the device is offline. It keeps help articles that were read, and what they load;
// never a private page, a form's answer or a search: they are not asked for here, or say that nobody may keep them.

const KEPT = "retain-help";
const MOST = 80; // pages and their files, the oldest go first
const OFFLINE = "/offline";
const version = new URL(location.href).searchParams.get("v");
const FILES = ["tokens.css", "design.css", "base.js", "offline.js", "icon.svg"].map((name) => `/static/${name}?v=${version}`);

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll([OFFLINE, "/", ...FILES])));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(page(event, address));
  else if (address.pathname.startsWith("/static/")) event.respondWith(file(event));
});

/** A page from the server; offline the copy that was read before, or the page that says so. */
async function page(event, address) {
  try {
    const answer = await fetch(event.request);
    if (isForEverybody(address, answer)) event.waitUntil(keep(address.pathname, answer.clone()));
    return answer;
  } catch (failure) {
    const copy = isHelp(address) && (await caches.match(event.request, { ignoreSearch: true, ignoreVary: true }));
    const instead = copy || (await caches.match(OFFLINE));
    if (instead) return instead;
    throw failure;
  }
}

async function file(event) {
  try {
    const answer = await fetch(event.request);
    if (answer.ok) event.waitUntil(keep(event.request, answer.clone()));
    return answer;
  } catch (failure) {
    const copy = await caches.match(event.request);
    if (copy) return copy;
    throw failure;
  }
}

function isHelp(address) {
  return address.pathname === "/" || address.pathname.startsWith("/help/");
}

function isForEverybody(address, answer) {
  const mayBeKept = !(answer.headers.get("Cache-Control") || "").includes("no-store");
  const isSearch = address.pathname === "/" && address.search;
  return isHelp(address) && !isSearch && answer.ok && !answer.redirected && mayBeKept;
}

async function keep(request, answer) {
  const kept = await caches.open(KEPT);
  await kept.put(request, answer);
  const all = (await kept.keys()).filter((one) => new URL(one.url).pathname !== OFFLINE);
  await Promise.all(all.slice(0, Math.max(0, all.length - MOST)).map((one) => kept.delete(one)));
}
