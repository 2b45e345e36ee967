// Form elements of Block Kit, and what was filled into them.

import { h } from "./dom.js";
import { localTime, momentOf } from "./moments.js";

const TYPES = { email_text_input: "email", url_text_input: "url", number_input: "number", datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" };

const options = (element) => [...(element.options || []), ...(element.option_groups || []).flatMap((group) => group.options)];
const option = (one) => h("option", { value: one.value }, one.text.text);

function menu(element, marks) {
  const several = element.type.startsWith("multi_");
  const chosen = (element.initial_options || [element.initial_option]).map((one) => one?.value);
  const hint = element.placeholder?.text || "Choose…";
  const box = h(
    "select",
    { ...marks, multiple: several },
    several ? [] : h("option", { value: "" }, hint),
    (element.options || []).map(option),
    (element.option_groups || []).map((group) => h("optgroup", { label: group.label.text }, group.options.map(option))),
  );
  for (const one of box.options) one.selected = chosen.includes(one.value) || (!several && one.value === "" && !chosen[0]);
  return box;
}

function people(element, marks, look) {
  const chosen = element.initial_user || "";
  const entries = look.people.map((one) => h("option", { value: one.id, selected: one.id === chosen }, one.name));
  return h("select", marks, h("option", { value: "" }, element.placeholder?.text || "Choose a person…"), entries);
}

function ticks(element, marks) {
  const type = element.type === "checkboxes" ? "checkbox" : "radio";
  const chosen = (element.initial_options || [element.initial_option]).map((one) => one?.value);
  const group = `${marks["data-block"]}/${marks["data-action"]}`;
  const rows = options(element).map((one) =>
    h("label", { class: "tick" },
      h("input", { type, name: group, value: one.value, checked: chosen.includes(one.value) }),
      h("span", {}, one.text.text, one.description ? h("small", {}, one.description.text) : null)),
  );
  return h("div", { ...marks, class: "ticks", role: type === "radio" ? "radiogroup" : "group" }, rows);
}

/** A day and a time in the zone of whoever fills it in; what it holds is told in seconds since 1970. */
function moment(element, marks, look) {
  const at = element.initial_date_time;
  return h("input", { ...marks, type: TYPES.datetimepicker, "data-zone": look.zone, value: at ? localTime(at, look.zone) : "" });
}

function field(element, marks) {
  const shared = {
    ...marks,
    placeholder: element.placeholder?.text,
    maxlength: element.max_length,
    value: element.initial_value ?? element.initial_date ?? element.initial_time ?? "",
  };
  if (element.multiline) return h("textarea", { ...shared, rows: 4 });
  return h("input", { ...shared, type: TYPES[element.type] || "text", autocomplete: "off" });
}

/** The form element for a Block Kit input; `look.people` fills menus of people. */
export function input(element, blockId, label, look) {
  const marks = { "data-block": blockId, "data-action": element.action_id, "data-kind": element.type, "aria-label": label };
  if (/static_select$|external_select$/.test(element.type)) return menu(element, marks);
  if (element.type === "datetimepicker") return moment(element, marks, look);
  if (element.type === "users_select") return people(element, marks, look);
  if (element.type === "checkboxes" || element.type === "radio_buttons") return ticks(element, marks);
  return field(element, marks);
}

/** The value of one form element. */
export function valueOf(node) {
  if (node.dataset.kind === "checkboxes") return [...node.querySelectorAll(":checked")].map((one) => one.value);
  if (node.dataset.kind === "radio_buttons") return node.querySelector(":checked")?.value ?? "";
  if (node.dataset.zone) return node.value ? momentOf(node.value, node.dataset.zone) : "";
  if (node.multiple) return [...node.selectedOptions].map((one) => one.value);
  return node.value;
}

/** Everything filled in under `root`: `{block_id: {action_id: value}}`. */
export function collect(root) {
  const filled = {};
  for (const node of root.querySelectorAll("[data-block][data-kind]")) {
    (filled[node.dataset.block] ??= {})[node.dataset.action] = valueOf(node);
  }
  return filled;
}

/** Puts values back after a form was drawn anew. */
export function refill(root, filled) {
  for (const node of root.querySelectorAll("[data-block][data-kind]")) {
    const value = filled[node.dataset.block]?.[node.dataset.action];
    if (value === undefined) continue;
    if (node.classList.contains("ticks")) {
      for (const one of node.querySelectorAll("input")) one.checked = [value].flat().includes(one.value);
    } else if (node.multiple) {
      for (const one of node.options) one.selected = value.includes(one.value);
    } else node.value = node.dataset.zone && value ? localTime(value, node.dataset.zone) : value;
  }
}
