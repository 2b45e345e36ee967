// The list of messages, of a channel or of a thread.

import { avatar, h, patch } from "./dom.js";
import { blocks } from "./blocks.js";
import { mrkdwn } from "./mrkdwn.js";

const CLOSE_TOGETHER = 300; // seconds: under one name
const time = (ts, zone, format) => new Intl.DateTimeFormat("en", { timeZone: zone, hourCycle: "h23", ...format }).format(Number(ts) * 1000);
const clock = (ts, zone) => time(ts, zone, { hour: "2-digit", minute: "2-digit" });
const day = (ts, zone) => time(ts, zone, { weekday: "long", month: "long", day: "numeric" });

/** Draws messages into a log. `view`: names, zone, people, shortcuts, and what can be done with a message. */
export function drawLog(log, list, view) {
  const near = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const last = log.lastTs;
  patch(log, items(list, view), (item) => (item.day ? divider(item.day) : message(item.data, view)));
  const newest = list.at(-1)?.ts;
  if (newest !== last && (near || !last)) showNewest(log);
  log.lastTs = newest;
}

/** The end; of a message that is taller than the log, its beginning. */
function showNewest(log) {
  const above = log.lastElementChild.getBoundingClientRect().top - log.getBoundingClientRect().top;
  log.scrollTop = Math.min(log.scrollTop + above, log.scrollHeight - log.clientHeight);
}

function items(list, view) {
  const found = [];
  let before = null;
  for (const one of list) {
    const today = day(one.ts, view.zone);
    const newDay = !before || day(before.ts, view.zone) !== today;
    if (newDay) found.push({ key: `day ${today}`, day: today, data: today });
    const same = !newDay && before.user === one.user && before.name === one.name && before.ephemeral === one.ephemeral;
    const close = same && Number(one.ts) - Number(before.ts) < CLOSE_TOGETHER;
    const replies = view.replies ? view.replies(one.ts) : [];
    found.push({ key: one.ts, data: { ...one, close, replies: replies.map((reply) => [reply.ts, reply.user, reply.name, reply.is_app]), zone: view.zone } });
    before = one;
  }
  return found;
}

const divider = (label) => h("div", { class: "day", role: "separator" }, h("span", {}, label));

function message(one, view) {
  const at = clock(one.ts, view.zone);
  const kind = ["msg", one.close && "close", one.ephemeral && "ephemeral", one.is_system && "system"].filter(Boolean).join(" ");
  return h("article", {
    class: kind, "aria-label": `${one.name}, ${at}`, "data-ts": one.ts, "data-user": one.user,
    "data-app": one.is_app, "data-ephemeral": one.ephemeral,
  },
    one.close ? h("time", { class: "gutter" }, at) : avatar(one.user, one.name, one.is_app),
    h("div", { class: "msg-body" },
      one.ephemeral ? h("p", { class: "only-you" }, "Only visible to you") : null,
      one.close ? null : h("div", { class: "msg-head" },
        h("strong", {}, one.name), one.is_app ? h("span", { class: "badge" }, "App") : null, h("time", {}, at)),
      content(one, view),
      one.fetched_links.length ? fetched(one.fetched_links) : null,
      one.replies.length ? summary(one, view) : null),
    one.ephemeral || one.is_system ? null : tools(one, view));
}

function content(one, view) {
  const look = { ...view.look, act: (press) => view.act({ ...press, channel: view.channel, ts: one.ts }) };
  const drawn = one.blocks.some((block) => block.type !== "rich_text") || (one.is_app && one.blocks.length);
  const edited = one.edited ? h("small", { class: "note" }, "(edited)") : null;
  return h("div", { class: "text" }, drawn ? blocks(one.blocks, look) : mrkdwn(one.text, look), edited);
}

const fetched = (links) =>
  h("p", { class: "fetched", title: links.join("\n") },
    `Slack would fetch ${links.length === 1 ? "this link" : `these ${links.length} links`} (unfurling is on)`);

function summary(one, view) {
  const [, user, name, isApp] = one.replies.at(-1);
  const count = one.replies.length === 1 ? "1 reply" : `${one.replies.length} replies`;
  const at = clock(one.replies.at(-1)[0], view.zone);
  return h("button", { type: "button", class: "replies", onclick: () => view.openThread(one.ts) },
    avatar(user, name, isApp), h("span", { class: "replies-count" }, count), h("span", { class: "note" }, `last at ${at}`));
}

/** The menu that appears beside a message: a thread, and the app's message shortcuts. */
function tools(one, view) {
  const shortcuts = view.shortcuts.filter((entry) => entry.kind === "message");
  return h("div", { class: "tools" },
    view.openThread ? h("button", { type: "button", onclick: () => view.openThread(one.thread_ts || one.ts) }, "Reply in thread") : null,
    shortcuts.map((entry) =>
      h("button", { type: "button", title: entry.description, onclick: () => view.shortcut(entry.callback_id, one.ts) }, entry.name)));
}

/** "… is thinking", or nothing. */
export function drawStatus(place, appName, statuses) {
  const texts = Object.values(statuses);
  place.replaceChildren(...(texts.length ? [h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")), `${appName} ${texts.at(-1)}`] : []));
}

/** What to see where nothing was said yet. */
export function drawEmpty(log, channel, view) {
  const isApp = channel.kind === "im";
  const examples = channel.prompts.map((prompt) =>
    h("button", { type: "button", class: "example", onclick: () => view.send(prompt.message) }, prompt.title));
  const where = isApp ? `Ask ${view.appName} anything about Zoom` : `Nothing here yet in #${channel.name}`;
  const how = isApp
    ? "It answers from the knowledge base, and says so when it does not know. Try one of these:"
    : channel.app_is_here
      ? `Mention @${view.appName} in a message${view.hasCommands ? ", or type / for its commands" : ""}.`
      : view.installed ? `${view.appName} is not in this channel. Write to it directly, under Apps.` : `${view.appName} is not installed in this workspace.`;
  const mark = isApp ? avatar("app", view.appName, true) : h("span", { class: "avatar c5", "aria-hidden": "true" }, "#");
  log.replaceChildren(h("div", { class: "empty" }, mark, h("h2", {}, where), h("p", {}, how), h("div", { class: "examples" }, examples)));
  log.lastTs = undefined;
}

