// What stands above a conversation: its name, the app's tabs, and whether the app is there at all.

import { $, avatar, h } from "./dom.js";
import { installAddress } from "./side.js";

export function drawHead(picture, channel, tab) {
  const app = channel.kind === "im";
  const name = app ? picture.app.name : `#${channel.name}`;
  const about = app ? "App" : channel.topic;
  $("title").replaceChildren(...(app ? [avatar("app", name, true)] : []), h("h1", {}, name), h("span", { class: app ? "badge" : "note" }, about));
  document.title = `${name} · ${picture.workspace.name} · Slack sandbox`;
  $("tabs").hidden = !app || !picture.app.home_tab;
  const home = app && tab === "home";
  $("tab-home").setAttribute("aria-selected", String(home));
  $("tab-messages").setAttribute("aria-selected", String(!home));
  $("home").hidden = !home;
  $("talk").hidden = home;
  $("link-state").textContent = "";
  drawBanner(picture);
}

function drawBanner(picture) {
  const away = !picture.connected;
  $("banner").hidden = !away;
  if (!away) return;
  const { app, workspace } = picture;
  if (app.installed) {
    $("banner").textContent =
      `${app.name} is not connected to ${workspace.name}. What you write waits for it. Start the bot (make run starts everything), or wait a moment if it was just cut off.`;
  } else {
    const install = h("a", { href: installAddress(picture), target: "_blank", rel: "noopener" }, `Install ${app.name}`);
    $("banner").replaceChildren(`${app.name} is not installed in ${workspace.name}. `, ...(app.may_install ? [install] : []));
  }
}
