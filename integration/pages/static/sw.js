// Keeps the help centre readable while the device is offline. It keeps help articles that were read, and what they load;
// never a private page, a form's answer or a search: they are not asked for here, or say that nobody may keep them.

const KEPT = "retain-help";
const MOST = 80; // pages and their files, the oldest go first
const OFFLINE = "/offline";
const version = new URL(location.href).searchParams.get("v");
const NAMES = ["tokens.css", "design.css", "help.css", "base.js", "offline.js", "icon.svg"];
const FILES = NAMES.map((name) => `/static/${name}?v=${version}`);
const ALWAYS = [OFFLINE, "/", ...FILES];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(ALWAYS)));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => event.waitUntil(Promise.all([self.clients.claim(), forgetOtherVersions()])));

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(page(event, address));
  else if (isFile(address)) event.respondWith(file(event));
});

/** A page from the server; offline the copy that was read before, or the page that says so. */
async function page(event, address) {
  try {
    const answer = await fetch(event.request);
    if (isForEverybody(address, answer)) event.waitUntil(keepPage(address, answer.clone()));
    return answer;
  } catch (failure) {
    const copy = isHelp(address) && (await caches.match(address.pathname, { ignoreVary: true }));
    if (copy) return marked(copy);
    const instead = await caches.match(OFFLINE);
    if (instead) return instead;
    throw failure;
  }
}

/** From the server; offline the one that was kept, of whatever version: a page may be older than the files beside it. */
async function file(event) {
  try {
    const answer = await fetch(event.request);
    if (answer.ok) event.waitUntil(keep(event.request, answer.clone()));
    return answer;
  } catch (failure) {
    const copy = (await caches.match(event.request)) || (await caches.match(event.request, { ignoreSearch: true }));
    if (copy) return copy;
    throw failure;
  }
}

/** Says to the style sheet that this page is of another day: who is there now, and for how long, is left out. */
async function marked(copy) {
  const html = (await copy.text()).replace("<html ", "<html data-kept ");
  return new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8", ...policy(copy) } });
}

/** What the page may load and do: as when it came from the server. */
function policy(copy) {
  const said = copy.headers.get("Content-Security-Policy");
  return said ? { "Content-Security-Policy": said } : {};
}

function isFile(address) {
  return address.pathname.startsWith("/static/");
}

function isHelp(address) {
  return address.pathname === "/" || address.pathname.startsWith("/help/");
}

function isForEverybody(address, answer) {
  const mayBeKept = !(answer.headers.get("Cache-Control") || "").includes("no-store");
  const isSearch = address.pathname === "/" && address.search;
  return isHelp(address) && !isSearch && answer.ok && !answer.redirected && mayBeKept;
}

/** An article that was found by a search names what was typed: the one that is kept does not. */
async function keepPage(address, answer) {
  const plain = address.search ? await fetch(address.pathname) : answer;
  if (plain.ok) await keep(address.pathname, plain);
}

async function keep(request, answer) {
  const kept = await caches.open(KEPT);
  await kept.put(request, answer);
  const others = (await kept.keys()).filter((one) => !ALWAYS.includes(pathOf(one)));
  await Promise.all(others.slice(0, Math.max(0, others.length - MOST)).map((one) => kept.delete(one)));
}

/** The files of other versions than this one. */
async function forgetOtherVersions() {
  const kept = await caches.open(KEPT);
  const old = (await kept.keys()).filter((one) => isFile(new URL(one.url)) && !pathOf(one).endsWith(`?v=${version}`));
  await Promise.all(old.map((one) => kept.delete(one)));
}

function pathOf(request) {
  const { pathname, search } = new URL(request.url);
  return pathname + search;
}
