// The chat page: what is looked at, what is drawn, what is done. The server's picture is the only truth.

import { get, listen, post } from "./api.js";
import { makeComposer } from "./composer.js";
import { $, avatar, h, ready, toast } from "./dom.js";
import { drawEmpty, drawLog, drawStatus } from "./messages.js";
import { choosePerson, drawSide, showFaults } from "./side.js";
import { wireTrouble } from "./trouble.js";
import { drawHome, drawModal } from "./views.js";

const WIDE = matchMedia("(min-width: 1000px)");
const at = { person: "maya", channel: null, thread: null, tab: "messages", asked: null };
let everyone = null;
let picture = null;

// -- where one is: kept in the address, so that a reload comes back here -------------------------

function readAddress() {
  const [person, channel, thread] = location.hash.slice(1).split("/");
  if (person) Object.assign(at, { person, channel: channel || null, thread: thread || null });
}

function go(changes) {
  Object.assign(at, changes);
  history.replaceState(null, "", `#${[at.person, at.channel, at.thread].filter(Boolean).join("/")}`);
  draw();
}

const channelOf = (id) => picture.channels.find((one) => one.id === id);
const current = () => channelOf(at.channel) || picture.channels.find((one) => one.kind === "im") || picture.channels[0];
const isApp = (channel) => channel.kind === "im";

function open(id) {
  document.body.classList.remove("side-shown");
  const channel = channelOf(id);
  go({ channel: id, thread: null, tab: "messages", asked: null });
  if (isApp(channel)) post("/sandbox/home", { person: at.person, tab: "messages" }).catch(failed);
  if (WIDE.matches) box.focus();
}

function openTab(tab) {
  go({ tab, thread: null, asked: null });
  post("/sandbox/home", { person: at.person, tab }).catch(failed);
}

function openThread(ts) {
  go({ thread: ts });
  if (WIDE.matches) threadBox.focus();
}

// -- unread: the newest message seen, by person and channel --------------------------------------

const newest = (channel) => channel.messages.findLast((one) => one.user !== picture.person.id)?.ts || "";
const seenKey = (channel) => `seen ${picture.person.id} ${channel.id}`;
const unread = (channel) => channel !== current() && newest(channel) > (localStorage.getItem(seenKey(channel)) || "");

// -- drawing -------------------------------------------------------------------------------------

function look() {
  return { names: picture.names, zone: picture.person.zone, people: everyone.people.filter((one) => one.workspace === picture.workspace.id) };
}

function draw() {
  ready(Boolean(picture && everyone));
  if (!picture || !everyone) return;
  const channel = current();
  if (!document.hidden) localStorage.setItem(seenKey(channel), newest(channel));
  followAnswer(channel);
  drawSide({ picture, where: channel.id, unread, go: open });
  drawHead(channel);
  drawTalk(channel);
  drawThread(channel);
  drawHome(picture.home, picture.app.name, picture.connected, { ...look(), act: (press) => act({ ...press, view_id: picture.home.id }) });
  drawModal(picture.modal, { ...look(), act: (press) => act({ ...press, view_id: picture.modal.id }) }, {
    submit: (view, filled) => doing("/sandbox/submit", { view_id: view.id, filled }),
    close: () => doing("/sandbox/close"),
  });
}

/** Opens the thread in which one's last message is being answered. */
function followAnswer(channel) {
  if (!at.asked || !WIDE.matches) return;
  if (channel.messages.some((one) => one.thread_ts === at.asked && one.is_app)) {
    at.thread = at.asked;
    at.asked = null;
  }
}

function drawHead(channel) {
  const app = isApp(channel);
  const name = app ? picture.app.name : `#${channel.name}`;
  const about = app ? "App" : channel.topic;
  $("title").replaceChildren(...(app ? [avatar("app", name, true)] : []), h("h1", {}, name), h("span", { class: app ? "badge" : "note" }, about));
  document.title = `${name} · ${picture.workspace.name} · Slack sandbox`;
  $("tabs").hidden = !app || !picture.app.home_tab;
  const home = app && at.tab === "home";
  $("tab-home").setAttribute("aria-selected", String(home));
  $("tab-messages").setAttribute("aria-selected", String(!home));
  $("home").hidden = !home;
  $("talk").hidden = home;
  $("link-state").textContent = "";
  drawBanner();
}

function drawBanner() {
  const away = !picture.connected;
  $("banner").hidden = !away;
  if (away) {
    $("banner").textContent =
      `${picture.app.name} is not connected to ${picture.workspace.name}. What you write waits for it. Start the bot (make run starts everything), or wait a moment if it was just cut off.`;
  }
}

function logView(channel) {
  return {
    appName: picture.app.name, channel: channel.id, zone: picture.person.zone, look: look(), shortcuts: picture.app.shortcuts, act, openThread,
    send: (text) => send(text, null),
    shortcut: (callback_id, ts) => act({ callback_id, channel: channel.id, ts }, "/sandbox/shortcut"),
  };
}

const isReply = (one) => one.thread_ts && one.thread_ts !== one.ts;

function drawTalk(channel) {
  const view = logView(channel);
  const list = channel.messages.filter((one) => !isReply(one));
  const name = isApp(channel) ? picture.app.name : `#${channel.name}`;
  const log = $("log");
  log.setAttribute("aria-label", `Messages in ${name}`);
  if (log.channel !== channel.id + at.person) { log.replaceChildren(); log.lastTs = undefined; log.channel = channel.id + at.person; }
  if (list.length) {
    log.querySelector(".empty")?.remove();
    drawLog(log, list, { ...view, replies: (ts) => channel.messages.filter((one) => one.thread_ts === ts && isReply(one) && !one.ephemeral) });
  } else drawEmpty(log, channel, view);
  drawStatus($("status"), picture.app.name, at.thread ? {} : channel.statuses);
  box.relabel(`Message ${name}`);
}

function drawThread(channel) {
  const list = channel.messages.filter((one) => one.ts === at.thread || one.thread_ts === at.thread);
  $("thread").hidden = !at.thread || !list.length;
  document.body.classList.toggle("thread-shown", !$("thread").hidden);
  if ($("thread").hidden) return;
  const log = $("thread-log");
  if (log.thread !== at.thread) { log.replaceChildren(); log.lastTs = undefined; log.thread = at.thread; }
  $("thread-where").textContent = isApp(channel) ? picture.app.name : `#${channel.name}`;
  drawLog(log, list, { ...logView(channel), openThread: null });
  drawStatus($("thread-status"), picture.app.name, Object.fromEntries(Object.entries(channel.statuses).filter(([ts]) => ts === at.thread)));
  threadBox.relabel("Reply in thread");
}

// -- doing ---------------------------------------------------------------------------------------

const failed = (error) => { toast(error.message); return false; };

async function doing(path, body = {}) {
  return post(path, { person: at.person, ...body }).catch(failed);
}

async function send(text, thread) {
  const said = await doing("/sandbox/say", { channel: current().id, text, thread_ts: thread });
  if (said && said.ts && !thread) at.asked = said.ts;
  if (said) $("log").scrollTop = $("log").scrollHeight;
  return Boolean(said);
}

/** Tells the app of a press or a shortcut, and the person when it did not take it. */
async function act(press, path = "/sandbox/click") {
  const found = await doing(path, press);
  if (found && found.ok === false) toast(`${picture.app.name} did not respond in time. Try again.`);
}

// -- news ----------------------------------------------------------------------------------------

let looking = false;
let again = false;

/** Looks at the newest picture; news that comes meanwhile makes it look once more. */
async function refresh() {
  if (looking) { again = true; return; }
  looking = true;
  try {
    do {
      again = false;
      everyone ??= await get("/sandbox/state");
      picture = await get(`/sandbox/picture?person=${encodeURIComponent(at.person)}`);
      draw();
    } while (again);
  } catch (error) {
    if (at.person === "maya") failed(error);
    else { at.person = "maya"; again = true; }
  } finally {
    looking = false;
    if (again) refresh();
  }
}

function online(yes) {
  document.body.classList.toggle("offline", !yes);
  $("link-state").textContent = yes ? "" : "The sandbox is not running. Waiting for it…";
  if (!yes) everyone = null;
}

function bePerson(handle) {
  picture = null;
  ready(false);
  $("thread").hidden = true;
  Object.assign(at, { person: handle, channel: null, thread: null, tab: "messages", asked: null });
  history.replaceState(null, "", `#${handle}`);
  refresh();
}

/** Links to messages of this workspace open here instead of at Slack. */
function followLink(event) {
  const found = /^https:\/\/\w+\.slack\.com\/archives\/(\w+)\/p(\d{10})(\d{6})(?:\?thread_ts=([\d.]+))?/.exec(event.target.closest?.("a")?.href || "");
  if (!found || !channelOf(found[1])) return;
  event.preventDefault();
  go({ channel: found[1], thread: found[4] || `${found[2]}.${found[3]}`, tab: "messages" });
}

const mentions = () => [
  { name: picture.app.name, note: "App" },
  ...everyone.people.filter((one) => one.workspace === picture.workspace.id).map((one) => ({ name: one.handle, note: one.name })),
];
const composing = () => ({ commands: picture?.app.commands || [], mentions: picture && everyone ? mentions() : [] });
const box = makeComposer($("composer"), "box", composing, (text) => send(text, null));
const threadBox = makeComposer($("thread-composer"), "thread-box", () => ({ ...composing(), commands: [] }), (text) => send(text, at.thread));

$("me").addEventListener("click", async () => {
  everyone = await get("/sandbox/state").catch(() => everyone);
  choosePerson(everyone, picture?.person.id, bePerson);
});
$("tab-home").addEventListener("click", () => openTab("home"));
$("tab-messages").addEventListener("click", () => openTab("messages"));
$("thread-close").addEventListener("click", () => { go({ thread: null, asked: null }); box.focus(); });
$("log-open").addEventListener("click", () => showFaults(picture));
$("side-open").addEventListener("click", () => document.body.classList.add("side-shown"));
$("side-close").addEventListener("click", () => document.body.classList.remove("side-shown"));
wireTrouble(failed, () => go({ thread: null, asked: null }));
document.addEventListener("click", followLink);
document.addEventListener("visibilitychange", () => draw());
addEventListener("hashchange", () => { readAddress(); refresh(); });

readAddress();
listen(refresh, online);
