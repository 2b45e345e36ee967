// Block Kit as DOM nodes.

import { $, h, show } from "./dom.js";
import { emoji } from "./emoji.js";
import { collect, input, valueOf } from "./inputs.js";
import { link, markdown, mrkdwn } from "./mrkdwn.js";

const text = (value, look) => (value.type === "mrkdwn" ? mrkdwn(value.text, look) : [h("p", {}, emoji(value.text))]);

/** All blocks. `look`: names, zone, people, errors, and `act(press)` for what a person uses. */
export function blocks(list, look) {
  return h("div", { class: "blocks" }, list.map((block) => (KINDS[block.type] || unknown)(block, look)));
}

const KINDS = {
  section: (block, look) =>
    h("div", { class: "block section" },
      h("div", { class: "section-text" },
        block.text ? text(block.text, look) : null,
        block.fields ? h("div", { class: "fields" }, block.fields.map((one) => h("div", {}, text(one, look)))) : null),
      block.accessory ? h("div", { class: "accessory" }, element(block.accessory, block, look)) : null),
  header: (block) => h("h3", { class: "block" }, emoji(block.text.text)),
  divider: () => h("hr", { class: "block" }),
  context: (block, look) =>
    h("div", { class: "block context" }, block.elements.map((one) => (one.type === "image" ? image(one) : h("span", {}, text(one, look))))),
  actions: (block, look) => h("div", { class: "block actions" }, block.elements.map((one) => element(one, block, look))),
  context_actions: (block, look) => h("div", { class: "block actions" }, block.elements.map((one) => element(one, block, look))),
  image: (block) => h("figure", { class: "block" }, image(block), block.title ? h("figcaption", {}, block.title.text) : null),
  markdown: (block, look) => h("div", { class: "block" }, markdown(block.text, look)),
  rich_text: (block, look) => h("div", { class: "block" }, block.elements.map((one) => rich(one, look))),
  input: inputBlock,
};

const unknown = (block) => h("p", { class: "block note" }, `A ${block.type} block (not drawn here)`);
// Pictures from elsewhere are not loaded: nothing leaves this machine.
const image = (one) => h("span", { class: "picture", role: "img", "aria-label": one.alt_text }, `🖼 ${one.alt_text}`);

function inputBlock(block, look) {
  const id = `in-${block.block_id}-${block.element.action_id}`;
  const error = look.errors?.[block.block_id];
  const field = input(block.element, block.block_id, block.label.text, look);
  if (error) {
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", `${id}-error`);
  }
  if (block.dispatch_action) field.addEventListener("change", () => use(field, block, block.element, look, valueOf(field)));
  return h("div", { class: "block field" },
    h("span", { class: "label", "aria-hidden": "true" }, block.label.text, block.optional ? h("small", {}, " (optional)") : null),
    field,
    error ? h("p", { class: "error", id: `${id}-error`, role: "alert" }, error) : null,
    block.hint ? h("p", { class: "note" }, block.hint.text) : null);
}

function element(one, block, look) {
  if (one.type === "button") return button(one, block, look);
  if (one.type === "feedback_buttons") {
    return h("span", { class: "pair" }, ["positive_button", "negative_button"].map((side) => button(one, block, look, side)));
  }
  if (one.type === "overflow") return overflow(one, block, look);
  if (one.type === "image") return image(one);
  const field = input(one, block.block_id, one.placeholder?.text || one.action_id, look);
  field.addEventListener("change", () => use(field, block, one, look, valueOf(field)));
  return field;
}

function button(one, block, look, side) {
  const part = side ? one[side] : one;
  const look_ = part.style ? `button ${part.style}` : "button";
  const press = async () => {
    if (node.hasAttribute("aria-busy")) return;
    if (one.confirm && !(await confirmed(one.confirm, look))) return;
    if (one.url) window.open(one.url, "_blank", "noopener");
    await use(node, block, one, look, undefined, side);
  };
  const node = h("button", {
    type: "button", class: look_, onclick: press, "data-action": one.action_id, "data-value": part.value,
    "aria-label": part.accessibility_label, title: one.url,
  }, side ? `${side === "positive_button" ? "👍" : "👎"} ` : "", emoji(part.text.text), one.url ? h("span", { "aria-hidden": "true" }, " ↗") : null);
  return node;
}

function overflow(one, block, look) {
  const items = one.options.map((choice) =>
    h("button", { type: "button", onclick: () => { menu.open = false; use(menu, block, one, look, choice.value); } }, choice.text.text));
  const menu = h("details", { class: "menu up" },
    h("summary", { class: "button", "aria-label": "More", "data-action": one.action_id }, "⋯"), h("div", { class: "menu-items" }, items));
  return menu;
}

/** Tells the app, and marks the control as busy meanwhile (not as disabled: it would lose the focus). */
async function use(node, block, one, look, value, side) {
  node.setAttribute("aria-busy", "true");
  try {
    const root = node.closest(".blocks");
    await look.act({ block_id: block.block_id, action_id: one.action_id, side, value, filled: root ? collect(root) : {} });
  } finally {
    node.removeAttribute("aria-busy");
  }
}

function confirmed(confirm, look) {
  return new Promise((resolve) => {
    const dialog = $("confirm");
    const answer = (yes) => () => { dialog.onclose = null; dialog.close(); resolve(yes); };
    dialog.onclose = () => resolve(false);
    show(dialog,
      h("h2", { id: "confirm-title" }, confirm.title.text),
      h("div", { class: "sheet-body" }, text(confirm.text, look)),
      h("div", { class: "sheet-foot" },
        h("button", { type: "button", class: "button", onclick: answer(false) }, confirm.deny.text),
        h("button", { type: "button", class: `button ${confirm.style || "primary"}`, onclick: answer(true) }, confirm.confirm.text)));
  });
}

function rich(one, look) {
  const inner = () => one.elements.map((part) => richPart(part, look));
  if (one.type === "rich_text_list") return h(one.style === "ordered" ? "ol" : "ul", {}, one.elements.map((item) => h("li", {}, rich(item, look))));
  if (one.type === "rich_text_preformatted") return h("pre", {}, inner());
  return h(one.type === "rich_text_quote" ? "blockquote" : "p", {}, inner());
}

function richPart(part, look) {
  if (part.type === "link") return link(part.url, part.text || part.url);
  if (part.type === "user") return h("span", { class: "mention" }, `@${look.names[part.user_id] || part.user_id}`);
  if (part.type === "channel") return h("span", { class: "mention" }, `#${look.names[part.channel_id] || part.channel_id}`);
  if (part.type === "broadcast") return h("span", { class: "mention" }, `@${part.range}`);
  if (part.type === "emoji") return emoji(`:${part.name}:`);
  let node = document.createTextNode(part.text || "");
  for (const [style, tag] of [["code", "code"], ["bold", "strong"], ["italic", "em"], ["strike", "s"]]) {
    if (part.style?.[style]) node = h(tag, {}, node);
  }
  return node;
}
