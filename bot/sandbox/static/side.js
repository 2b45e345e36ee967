// The side: channels, apps, who one is, and trouble.

import { $, avatar, h, patch, show } from "./dom.js";

const ROLES = { customer: "Customer", admin: "Workspace admin", guest: "Guest", external: "External", colleague: "Colleague", staff: "Support staff" };

/** Draws the side. `view`: picture, where (channel id), unread(channel), go(channel), uninstall(). */
export function drawSide(view) {
  const { picture } = view;
  $("workspace").textContent = picture.workspace.name;
  const entry = (item) => channel(item.data, view);
  const list = (kind) => picture.channels.filter((one) => one.kind === kind).map((one) => ({
    key: one.id,
    data: { id: one.id, kind, name: kind === "im" ? picture.app.name : one.name, shared: one.shared, archived: one.archived, here: one.id === view.where,
      unread: view.unread(one), connected: picture.connected },
  }));
  patch($("channels"), list("channel"), entry);
  patch($("apps"), list("im"), entry);
  $("apps-none").hidden = list("im").length > 0;
  $("apps-none").textContent = picture.app.installed ? "You reach the app in shared channels only." : `${picture.app.name} is not installed here.`;
  drawWorkspaceMenu(picture, view.uninstall);
  const me = picture.person;
  const heard = (text) => h("span", { class: "visually-hidden" }, text);
  $("me").replaceChildren(avatar(me.id, me.name), h("span", { class: "me-text" },
    heard("You are"), h("strong", {}, me.name), h("span", { class: "note" }, `${ROLES[me.role]} · ${me.local_time} ${place(me.zone)}`)),
    heard("Change person"), h("span", { class: "me-more", "aria-hidden": "true" }, "⌃"));
  $("log-count").hidden = !picture.notices.length;
  $("log-count").textContent = String(picture.notices.length);
}

/** What one can do with the app in this workspace, and where else one can go. */
function drawWorkspaceMenu(picture, uninstall) {
  const { app } = picture;
  const outward = (label, href) => ({ key: label, data: { label, href } });
  const items = picture.links.map((one) => outward(one.label, one.url));
  if (app.may_install) items.push(outward(`Install ${app.name}`, installAddress(picture)));
  if (app.may_remove) items.push({ key: "remove", data: { label: `Remove ${app.name}` } });
  $("workspace-menu").classList.toggle("bare", !items.length);
  const close = () => { $("workspace-menu").open = false; };
  patch($("workspace-items"), items, ({ data }) => data.href
    ? h("a", { href: data.href, target: "_blank", rel: "noopener", onclick: close }, data.label)
    : h("button", { type: "button", onclick: () => { close(); uninstall(); } }, data.label));
}

/** Where this person begins to install the app. */
export const installAddress = (picture) => `/sandbox/install?person=${encodeURIComponent(picture.person.handle)}`;

export const place = (zone) => zone.split("/").at(-1).replaceAll("_", " ");

function channel(one, view) {
  const mark = one.kind === "im" ? avatar("app", one.name, true) : h("span", { class: "hash", "aria-hidden": "true" }, "#");
  const state = one.kind === "im" ? h("span", { class: `lamp ${one.connected ? "on" : ""}`, title: one.connected ? "Connected" : "Not connected" }) : null;
  return h("li", {}, h("button", {
    type: "button", class: `row ${one.unread ? "unread" : ""}`, "data-channel": one.id,
    "aria-current": one.here ? "page" : undefined, onclick: () => view.go(one.id),
  }, mark, h("span", { class: "row-name" }, one.name), one.shared ? h("small", { title: "Shared with another company" }, "shared") : null,
    one.archived ? h("small", {}, "archived") : null,
    state, one.unread ? h("span", { class: "dot", role: "img", "aria-label": "unread" }) : null));
}

/** The dialog in which one chooses whom to be. */
export function choosePerson(everyone, current, choose) {
  const dialog = $("people");
  const row = (one) => h("li", {}, h("button", {
    type: "button", class: "person", "data-person": one.handle, disabled: one.left, "aria-current": one.id === current ? "true" : undefined,
    onclick: () => { dialog.close(); choose(one.handle); },
  }, avatar(one.id, one.name), h("span", { class: "me-text" }, h("strong", {}, one.name), h("span", { class: "note" }, one.title)),
    h("span", { class: `badge role-${one.left ? "" : one.role}` }, one.left ? "Left" : ROLES[one.role]), h("span", { class: "note person-time" }, `${one.local_time} ${place(one.zone)}`)));
  const groups = everyone.workspaces.map((workspace) => h("section", {}, h("h3", {}, workspace.name),
    h("ul", { class: "plain" }, everyone.people.filter((one) => one.workspace === workspace.id).map(row))));
  show(dialog,
    h("div", { class: "sheet-head" }, h("h2", { id: "people-title" }, "Who would you like to be?"), closer(dialog)),
    h("div", { class: "sheet-body" }, groups));
}

export const closer = (dialog) => h("button", { type: "button", class: "icon", "aria-label": "Close", onclick: () => dialog.close() }, "✕");

/** What Slack refused, and what a person made fail, newest first, for whoever writes the app. */
export function showFaults(picture) {
  const dialog = $("faults");
  const rows = [...picture.notices].reverse().map((one) => h("li", { class: "fault" },
    h("div", {}, h("code", {}, one.method), " ", h("strong", {}, one.error), " ", h("span", { class: "note" }, `${one.status} · ${one.at.slice(11, 19)} UTC`)),
    one.made ? h("p", { class: "made" }, "Made by you in Make trouble") : null,
    one.messages.map((line) => h("p", { class: "note" }, line))));
  show(dialog,
    h("div", { class: "sheet-head" }, h("h2", { id: "faults-title" }, "Failed calls"), closer(dialog)),
    h("div", { class: "sheet-body" }, rows.length ? h("ul", { class: "plain" }, rows)
      : h("p", {}, "None. Calls that Slack would refuse (a block too long, a missing scope) appear here with its reason; so do those that you make fail.")));
}
