// App Home and modals.

import { $, h, keepFocus } from "./dom.js";
import { blocks } from "./blocks.js";
import { collect, refill } from "./inputs.js";
import { closer } from "./side.js";

/** Draws App Home, or what to know while there is none. */
export function drawHome(home, appName, connected, look) {
  const place = $("home");
  const print = JSON.stringify([home, appName, connected]);
  if (place.print === print) return;
  place.print = print;
  const wait = connected ? `${appName} has not set up its Home yet.` : `${appName} is not connected, so its Home is empty.`;
  keepFocus(place, () => place.replaceChildren(home
    ? h("div", { class: "home-sheet" }, blocks(home.blocks, look))
    : h("div", { class: "empty" }, h("h2", {}, "Nothing here yet"), h("p", {}, wait))));
}

/** Opens, updates or closes the modal. `doing`: act(press), submit(view, filled), close(). */
export function drawModal(view, look, doing) {
  const dialog = $("modal");
  if (!view) {
    if (dialog.open) { dialog.leaving = true; dialog.close(); }
    dialog.print = undefined;
    return;
  }
  const print = JSON.stringify(view);
  if (dialog.print === print && dialog.open) return;
  const same = dialog.open && dialog.viewId === view.id;
  const kept = same ? collect(dialog) : {};
  dialog.print = print;
  dialog.viewId = view.id;
  dialog.leaving = false;
  dialog.onclose = () => { if (!dialog.leaving) doing.close(); };
  const form = h("form", { class: "sheet-form", novalidate: true },
    h("div", { class: "sheet-head" }, h("h2", { id: "modal-title" }, view.title?.text || ""), closer(dialog)),
    view.notice ? h("p", { class: "error", role: "alert" }, view.notice) : null,
    h("div", { class: "sheet-body" }, blocks(view.blocks, { ...look, errors: view.errors })),
    h("div", { class: "sheet-foot" },
      h("button", { type: "button", class: "button", onclick: () => dialog.close() }, view.close?.text || "Cancel"),
      view.submit ? h("button", { type: "submit", class: "button primary" }, view.submit.text) : null));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.submitter;
    if (button) button.disabled = true;
    await doing.submit(view, collect(form));
    if (button) button.disabled = false;
  });
  keepFocus(dialog, () => dialog.replaceChildren(form));
  refill(form, kept);
  if (!dialog.open) dialog.showModal();
  const invalid = form.querySelector("[aria-invalid]");
  if (invalid || !same) (invalid || form.querySelector("input, textarea, select") || form.querySelector("button"))?.focus();
}
