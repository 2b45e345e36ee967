// Small helpers. Texts only ever become text nodes: nothing here parses HTML.

export const $ = (id) => document.getElementById(id);

/** Makes an element: `h("button", {class: "x", onclick: f, disabled: true}, "text", node)`. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value" && "value" in node) node.value = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Redraws; then the focus is where it was: on the same control, the next one, or what holds them. */
export function keepFocus(parent, redraw) {
  const before = document.activeElement;
  const holder = before && before !== parent && parent.contains(before) ? before.closest("[data-key]") || parent : null;
  const place = holder && controls(holder).indexOf(before);
  redraw();
  if (!holder || before.isConnected) return;
  const now = holder === parent ? parent : [...parent.children].find((node) => node.dataset.key === holder.dataset.key) || parent;
  const left = controls(now);
  const same = left.find((one) => before.dataset.action && one.dataset.action === before.dataset.action && one.dataset.value === before.dataset.value);
  const next = same || left[Math.min(Math.max(place, 0), left.length - 1)] || now;
  if (next === now && !now.hasAttribute("tabindex")) now.tabIndex = -1;
  next.focus({ preventScroll: true });
}

const controls = (node) => [...node.querySelectorAll("button, a[href], input, select, textarea, summary")];

/** Brings a list of nodes up to date: what did not change keeps its node, its focus and its selection. */
export function patch(parent, items, render) {
  keepFocus(parent, () => bringUpToDate(parent, items, render));
}

function bringUpToDate(parent, items, render) {
  const old = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  const nodes = items.map((item) => {
    const print = JSON.stringify(item.data);
    const known = old.get(item.key);
    if (known && known.print === print) return known;
    const fresh = render(item);
    fresh.dataset.key = item.key;
    fresh.print = print;
    return fresh;
  });
  const wanted = new Set(nodes);
  for (const node of [...parent.children]) if (!wanted.has(node)) node.remove();
  nodes.forEach((node, index) => {
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] || null);
  });
}

/** What needs something to look at can be used once there is something. */
export function ready(yes) {
  for (const node of document.querySelectorAll("[data-later]")) node.disabled = !yes;
}

export const initials = (name) => name.split(/\s+/).map((part) => part[0]).join("").slice(0, 2).toUpperCase();

const hue = (id) => [...id].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 8, 0);

export function avatar(id, name, isApp = false) {
  const look = isApp ? "avatar app" : `avatar c${hue(id)}`;
  return h("span", { class: look, "aria-hidden": "true" }, isApp ? "R" : initials(name));
}

export function toast(text) {
  const note = h("div", { class: "toast" }, text);
  $("toasts").append(note);
  setTimeout(() => note.remove(), 7000);
}

/** Opens a dialog anew with this content. */
export function show(dialog, ...content) {
  dialog.replaceChildren(...content);
  if (!dialog.open) dialog.showModal();
}
