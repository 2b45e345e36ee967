// Slack's mrkdwn as DOM nodes. Input is never parsed as HTML.

import { now } from "./clock.js";
import { h } from "./dom.js";
import { emoji } from "./emoji.js";

const unescape = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
const plain = (text) => emoji(unescape(text));

const INLINE =
  /`([^`\n]+)`|<([^<>\n]+)>|(?<![\w*])\*(?=\S)([^*\n]*?\S)\*(?![\w*])|(?<![\w_])_(?=\S)([^_\n]*?\S)_(?![\w_])|(?<![\w~])~(?=\S)([^~\n]*?\S)~(?![\w~])/;

/** A text with `code`, <links>, *bold*, _italic_ and ~strike~ as nodes. */
function inline(text, look) {
  const match = INLINE.exec(text);
  if (!match) return text ? [plain(text)] : [];
  const [all, code, token, bold, italic, strike] = match;
  const before = text.slice(0, match.index);
  const after = inline(text.slice(match.index + all.length), look);
  let node;
  if (code !== undefined) node = h("code", {}, unescape(code));
  else if (token !== undefined) node = special(token, look);
  else if (bold !== undefined) node = h("strong", {}, inline(bold, look));
  else if (italic !== undefined) node = h("em", {}, inline(italic, look));
  else node = h("s", {}, inline(strike, look));
  return [...(before ? [plain(before)] : []), node, ...after];
}

/** What stands in angle brackets: a person, a channel, a broadcast, a date or a link. */
function special(token, look) {
  const bar = token.indexOf("|");
  const target = bar < 0 ? token : token.slice(0, bar);
  const label = bar < 0 ? "" : token.slice(bar + 1);
  const name = (id) => label || look.names[id] || id;
  if (target.startsWith("@")) return mention(`@${look.names[target.slice(1)] || label || target.slice(1)}`);
  if (target.startsWith("#")) return mention(`#${name(target.slice(1))}`);
  if (target.startsWith("!date^")) return h("time", {}, date(target, label, look.zone));
  if (target.startsWith("!subteam^")) return mention(label || `@${name(target.slice(9))}`);
  if (target.startsWith("!")) return mention(`@${target.slice(1)}`);
  return link(unescape(target), label ? plain(label) : unescape(target).replace(/^mailto:/, ""));
}

const mention = (text) => h("span", { class: "mention" }, text);

/** A link, if it leads to the web or to a mailbox; else its words alone. */
export function link(target, label) {
  if (!/^(https?:\/\/|mailto:)/i.test(target)) return document.createTextNode(label);
  return h("a", { href: target, target: "_blank", rel: "noopener noreferrer" }, label);
}

const DATE_PARTS = {
  date: { month: "long", day: "numeric", year: "numeric" },
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date_short: { month: "short", day: "numeric", year: "numeric" },
  date_long: { weekday: "long", month: "long", day: "numeric", year: "numeric" },
  time: { hour: "2-digit", minute: "2-digit" },
  time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
};

/** Slack's `<!date^seconds^format^link|fallback>`, in the reader's zone. */
function date(target, fallback, zone) {
  const [, seconds, format] = target.split("^");
  if (!Number(seconds) || !format) return plain(fallback);
  const when = new Date(Number(seconds) * 1000);
  const part = (name) => new Intl.DateTimeFormat("en", { ...DATE_PARTS[name], timeZone: zone, hourCycle: "h23" }).format(when);
  return format.replace(/\{(\w+?)(_pretty)?\}/g, (all, name, pretty) =>
    DATE_PARTS[name] ? (pretty && nearby(when, zone)) || part(name) : all,
  );
}

/** "today", "yesterday" or "tomorrow" in the reader's zone, for Slack's `_pretty`; nothing for other days. */
function nearby(when, zone) {
  const day = (moment) => new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(moment);
  const away = Math.round((Date.parse(day(when)) - Date.parse(day(now()))) / 86400000);
  return { "-1": "yesterday", 0: "today", 1: "tomorrow" }[away];
}

const KINDS = [
  ["quote", /^(?:&gt;|>) ?/],
  ["ul", /^\s*[•◦-] +/],
  ["ol", /^\s*\d+[.)] +/],
];

function kindOf(line) {
  const found = KINDS.find(([, start]) => start.test(line));
  return found ? { kind: found[0], body: line.replace(found[1], "") } : { kind: "p", body: line };
}

/** Lines of one kind together: paragraphs, quotes, lists. */
function lines(text, look) {
  const groups = [];
  for (const line of text.split("\n")) {
    const { kind, body } = kindOf(line);
    const last = groups.at(-1);
    if (last && last.kind === kind) last.lines.push(body);
    else groups.push({ kind, lines: [body], first: line });
  }
  return groups.map((group) => {
    if (group.kind === "ul" || group.kind === "ol") {
      const start = group.kind === "ol" ? Number.parseInt(group.first.trim(), 10) : undefined;
      return h(group.kind, { start }, group.lines.map((line) => h("li", {}, inline(line, look))));
    }
    const body = group.lines.flatMap((line, index) => [...(index ? [h("br")] : []), ...inline(line, look)]);
    return h(group.kind === "quote" ? "blockquote" : "p", {}, body);
  });
}

/** mrkdwn as nodes; `look` has `names` (ids to names) and `zone` (the reader's). */
export function mrkdwn(text, look) {
  return text.split(/```([\s\S]+?)```/).flatMap((part, index) => {
    if (index % 2) return h("pre", {}, unescape(part.replace(/^\n/, "")));
    const trimmed = part.replace(/^\n|\n$/g, "");
    return trimmed ? lines(trimmed, look) : [];
  });
}

/** Standard Markdown (the `markdown` block), by way of mrkdwn. */
export function markdown(text, look) {
  const same = text
    .replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/(?<!^)>/gm, "&gt;")
    .replace(/\[([^\]]+)\]\((\S+?)\)/g, "<$2|$1>")
    .replace(/^#{1,6} +(.+)$/gm, "*$1*")
    .replace(/\*\*(.+?)\*\*/g, "*$1*")
    .replace(/~~(.+?)~~/g, "~$1~");
  return mrkdwn(same, look);
}
