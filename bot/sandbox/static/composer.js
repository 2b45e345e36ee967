// The box one types in: Enter sends, Shift+Enter breaks the line, "/" and "@" offer what there is.

import { h } from "./dom.js";

/**
 * Fills a form with a composer. `view()` gives commands and mentions of now; `send(text)` sends and tells whether it
 * worked. `moveTo(conversation, label)` keeps what is half written for when one comes back.
 */
export function makeComposer(form, id, view, send) {
  const hints = h("ul", { class: "hints", role: "listbox", id: `${id}-hints`, "aria-label": "Suggestions", hidden: true });
  const box = h("textarea", { id, rows: 1, "data-later": true, disabled: true, "aria-autocomplete": "list", "aria-controls": `${id}-hints`, autocomplete: "off" });
  const button = h("button", { type: "submit", class: "send", "aria-label": "Send" }, "➤");
  form.replaceChildren(hints, h("div", { class: "composer-box" }, box, button), h("p", { class: "note keys" },
    h("kbd", {}, "Enter"), " sends, ", h("kbd", {}, "Shift+Enter"), " starts a new line"));
  const state = { chosen: 0, offers: [], at: "" };
  const drafts = new Map(); // by conversation, while one is elsewhere

  const grow = () => {
    box.style.height = "auto";
    if (box.scrollHeight) box.style.height = `${Math.min(box.scrollHeight, 200)}px`; // 0 while it is not shown
    button.disabled = !box.value.trim();
  };
  const draw = () => {
    hints.hidden = state.offers.length === 0;
    hints.replaceChildren(...state.offers.map((offer, index) =>
      h("li", { role: "option", id: `${id}-hint-${index}`, "aria-selected": String(index === state.chosen),
        onmousedown: (event) => { event.preventDefault(); take(offer); } },
        h("strong", {}, offer.name), " ", h("span", { class: "note" }, offer.note))));
    if (state.offers.length) box.setAttribute("aria-activedescendant", `${id}-hint-${state.chosen}`);
    else box.removeAttribute("aria-activedescendant");
  };
  const look = () => {
    state.offers = offers(box, view());
    state.chosen = 0;
    grow();
    draw();
  };
  const take = (offer) => {
    const end = box.selectionStart;
    box.setRangeText(offer.insert, end - offer.typed.length, end, "end");
    state.offers = [];
    grow();
    draw();
    box.focus();
  };
  const put = (text) => {
    box.value = text;
    state.offers = [];
    grow();
    draw();
  };
  const submit = async () => {
    const text = box.value;
    const { at } = state;
    if (!text.trim()) return;
    put("");
    if (await send(text)) return;
    if (state.at !== at) drafts.set(at, drafts.get(at) || text);
    else if (!box.value) put(text);
  };
  const moveTo = (at, label) => {
    box.setAttribute("aria-label", label);
    box.placeholder = label;
    if (at === state.at) return;
    drafts.set(state.at, box.value);
    state.at = at;
    put(drafts.get(at) || "");
  };

  box.addEventListener("input", look);
  box.addEventListener("blur", () => { state.offers = []; draw(); });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (state.offers.length && hintKey(event, state, take)) {
      event.preventDefault();
      draw();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    }
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  grow();
  return { focus: () => box.focus(), moveTo, isEmpty: () => !box.value.trim() };
}

/** Handles a key while hints are shown; false leaves it to the box. */
function hintKey(event, state, take) {
  const offer = state.offers[state.chosen];
  if (event.key === "ArrowDown") state.chosen = (state.chosen + 1) % state.offers.length;
  else if (event.key === "ArrowUp") state.chosen = (state.chosen + state.offers.length - 1) % state.offers.length;
  else if (event.key === "Escape") state.offers = [];
  else if ((event.key === "Tab" || event.key === "Enter") && offer.insert.trim() !== offer.typed.trim()) take(offer);
  else return false;
  return true;
}

/** What fits to the word before the cursor. */
function offers(box, { commands, mentions }) {
  const before = box.value.slice(0, box.selectionStart);
  const slash = /^\/\S*$/.exec(before);
  if (slash) {
    return commands.filter((one) => one.name.startsWith(slash[0]))
      .map((one) => ({ name: one.name, note: one.usage_hint || one.description, insert: `${one.name} `, typed: slash[0] }));
  }
  const at = /(?:^|\s)(@[\w-]*)$/.exec(before);
  if (!at) return [];
  return mentions.filter((one) => one.name.toLowerCase().startsWith(at[1].slice(1).toLowerCase()))
    .slice(0, 6).map((one) => ({ name: `@${one.name}`, note: one.note, insert: `@${one.name} `, typed: at[1] }));
}
