// The chat page: what is looked at, what is drawn, what is done. The server's picture is the only truth.

import { get, listen, post } from "./api.js";
import { drawClock, wireClock } from "./clock.js";
import { makeComposer } from "./composer.js";
import { $, ready, toast } from "./dom.js";
import { drawHead } from "./head.js";
import { drawEmpty, drawLog, drawStatus } from "./messages.js";
import { choosePerson, drawSide, showFaults } from "./side.js";
import { wireTrouble } from "./trouble.js";
import { drawHome, drawModal } from "./views.js";
import { at, enterThread, leaveThread, move, readAddress } from "./where.js";

const WIDE = matchMedia("(min-width: 1000px)");
const NARROW = matchMedia("(max-width: 860px)"); // a thread covers the conversation
let everyone = null;
let picture = null;

// -- going somewhere ----------------------------------------------------------------------------

function go(changes) {
  move(changes);
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
  enterThread(current().id, ts);
  draw();
  if (WIDE.matches) threadBox.focus();
}

function closeThread() {
  leaveThread();
  draw();
  if (!NARROW.matches) box.focus();
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
  drawSide({ picture, where: channel.id, unread, go: open, uninstall });
  drawClock(picture.clock, picture.person);
  drawHead(picture, channel, at.tab);
  drawTalk(channel);
  drawThread(channel);
  drawHome(picture.home, picture.app.name, picture.connected, { ...look(), act: (press) => act({ ...press, view_id: picture.home.id }) });
  drawModal(picture.modal, { ...look(), act: (press) => act({ ...press, view_id: picture.modal.id }) }, {
    submit: (view, filled) => doing("/sandbox/submit", { view_id: view.id, filled }),
    close: () => doing("/sandbox/close"),
  });
}

/** Archives the channel one is in, or makes the person leave whom one plays: one is somebody else then. */
async function changeWorld(kind) {
  const { name } = picture.person;
  if (!(await doing("/sandbox/change", { kind, channel: current().id })) || kind !== "leave") return;
  everyone = await get("/sandbox/state");
  bePerson(everyone.people.find((one) => !one.left).handle);
  toast(`${name} left. “Forget all messages” brings everybody back.`);
}

async function uninstall() {
  const { app, workspace } = picture;
  if (await doing("/sandbox/uninstall")) toast(`${app.name} was removed from ${workspace.name}. Its bot is told.`);
}

/** Opens the thread in which one's last message is being answered, where it covers nothing that one needs. */
function followAnswer(channel) {
  if (!at.asked || !(WIDE.matches || isApp(channel)) || (NARROW.matches && !box.isEmpty())) return;
  if (channel.messages.some((one) => one.thread_ts === at.asked && one.is_app)) enterThread(channel.id, at.asked);
}

function logView(channel) {
  return {
    appName: picture.app.name, installed: picture.app.installed, channel: channel.id, zone: picture.person.zone, look: look(), shortcuts: picture.app.shortcuts, act, openThread,
    hasCommands: picture.app.commands.length > 0,
    send: (text) => { send(text, null); if (WIDE.matches) box.focus(); },
    shortcut: (callback_id, ts) => act({ callback_id, channel: channel.id, ts }, "/sandbox/shortcut"),
  };
}

const isReply = (one) => one.thread_ts && one.thread_ts !== one.ts;

function drawTalk(channel) {
  const view = logView(channel);
  const list = channel.messages.filter((one) => one.in_channel);
  const name = isApp(channel) ? picture.app.name : `#${channel.name}`;
  const log = $("log");
  log.setAttribute("aria-label", `Messages in ${name}`);
  if (log.channel !== channel.id + at.person) { log.replaceChildren(); log.lastTs = undefined; log.channel = channel.id + at.person; }
  if (list.length) {
    log.querySelector(".empty")?.remove();
    drawLog(log, list, { ...view, replies: (ts) => channel.messages.filter((one) => one.thread_ts === ts && isReply(one) && !one.ephemeral) });
  } else drawEmpty(log, channel, view);
  drawStatus($("status"), picture.app.name, at.thread ? {} : channel.statuses);
  box.moveTo(`${at.person}/${channel.id}`, `Message ${name}`);
}

function drawThread(channel) {
  const list = channel.messages.filter((one) => one.ts === at.thread || one.thread_ts === at.thread);
  $("thread").hidden = !at.thread || !list.length;
  document.body.classList.toggle("thread-shown", !$("thread").hidden);
  coverMain(NARROW.matches && !$("thread").hidden);
  if ($("thread").hidden) return;
  const log = $("thread-log");
  if (log.thread !== at.thread) { log.replaceChildren(); log.lastTs = undefined; log.thread = at.thread; }
  $("thread-where").textContent = isApp(channel) ? picture.app.name : `#${channel.name}`;
  drawLog(log, list, { ...logView(channel), openThread: null });
  drawStatus($("thread-status"), picture.app.name, Object.fromEntries(Object.entries(channel.statuses).filter(([ts]) => ts === at.thread)));
  threadBox.moveTo(`${at.person}/${channel.id}/${at.thread}`, "Reply in thread");
}

/** What a thread covers cannot be reached by keyboard either. */
function coverMain(yes) {
  const was = $("main").inert;
  $("main").inert = yes;
  if (yes && !was) $("thread-title").focus();
  if (was && !yes) $("log").querySelector(`[data-ts="${$("thread-log").thread}"] .replies`)?.focus();
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
  move({ person: handle, channel: null, thread: null, tab: "messages", asked: null });
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
$("thread-close").addEventListener("click", closeThread);
$("log-open").addEventListener("click", () => showFaults(picture));
$("side-open").addEventListener("click", () => document.body.classList.add("side-shown"));
$("side-close").addEventListener("click", () => document.body.classList.remove("side-shown"));
wireClock(refresh, failed);
wireTrouble(failed, () => { everyone = null; go({ thread: null, asked: null }); refresh(); }, changeWorld);
document.addEventListener("click", followLink);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
  if (document.body.classList.contains("side-shown")) document.body.classList.remove("side-shown");
  else if (!$("thread").hidden) closeThread();
});
NARROW.addEventListener("change", () => draw());
document.addEventListener("visibilitychange", () => draw());
addEventListener("hashchange", () => { readAddress(); refresh(); });

readAddress();
listen(refresh, online);
