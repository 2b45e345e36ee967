// The help centre's search while somebody types: the same answer that the page gives without a script, put in place.
// The field is a combobox, what was found its listbox: https://www.w3.org/WAI/ARIA/apg/patterns/combobox/

const WAIT = 120; // milliseconds after the last letter
const FEWEST = 2; // letters
const NOT_REACHED = "The search cannot be reached just now. What this browser has kept can still be read.";

const form = document.querySelector("form[data-search]");
const field = form.elements.namedItem("q");
const place = document.getElementById("found");
const count = form.querySelector("[data-search-count]");
const isHome = form.dataset.search === "home";

let timer = 0;
let asking = new AbortController();
let chosen = -1;

const options = () => [...place.querySelectorAll(".found-list a")];

/** What was found becomes a listbox, for those who stay in the field. */
function prepare() {
  chosen = -1;
  const list = place.querySelector(".found-list");
  list?.setAttribute("role", "listbox");
  list?.setAttribute("aria-labelledby", "found-title");
  if (list) list.id = "found-list";
  for (const item of list?.children ?? []) item.setAttribute("role", "presentation");
  options().forEach((option, number) => {
    option.id = `found-${number}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
  });
  field.setAttribute("aria-expanded", String(Boolean(list)));
  if (list) field.setAttribute("aria-controls", "found-list");
  else field.removeAttribute("aria-controls");
  field.removeAttribute("aria-activedescendant");
}

/** @param {number} number of the option to choose; -1 for none */
function choose(number) {
  const all = options();
  chosen = number;
  all.forEach((option, at) => option.setAttribute("aria-selected", String(at === number)));
  if (number < 0) {
    field.removeAttribute("aria-activedescendant");
    return;
  }
  field.setAttribute("aria-activedescendant", all[number].id);
  all[number].scrollIntoView({ block: "nearest" });
}

/** @param {string} html */
function show(html) {
  place.innerHTML = html;
  prepare();
  const found = options().length;
  if (!place.firstElementChild) count.textContent = "";
  else if (!found) count.textContent = "Nothing fits. You can talk to a person.";
  else count.textContent = found === 1 ? "1 article" : `${found} articles`;
}

function sayItFailed() {
  show("");
  const section = document.createElement("section");
  section.className = "found";
  section.append(document.createElement("p"));
  section.firstElementChild.textContent = NOT_REACHED;
  place.append(section);
  count.textContent = NOT_REACHED;
}

function keepInAddress(typed) {
  if (!isHome) return;
  const address = new URL(location.href);
  if (typed) address.searchParams.set("q", typed);
  else address.searchParams.delete("q");
  history.replaceState(history.state, "", address);
}

async function look() {
  const typed = field.value.trim();
  asking.abort();
  keepInAddress(typed);
  if (typed.length < FEWEST) {
    show("");
    return;
  }
  asking = new AbortController();
  const { signal } = asking;
  try {
    // As it was typed: after a space the last word is finished.
    const answer = await fetch(`/search?q=${encodeURIComponent(field.value.trimStart())}`, { signal });
    if (!answer.ok) throw new Error(`search: ${answer.status}`);
    const html = await answer.text();
    if (!signal.aborted) show(html);
  } catch (failure) {
    if (!signal.aborted) sayItFailed();
  }
}

field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(look, WAIT);
});

const KEYS = {
  ArrowDown: () => options().length && choose(chosen + 1 < options().length ? chosen + 1 : -1),
  ArrowUp: () => options().length && choose(chosen < 0 ? options().length - 1 : chosen - 1),
  Enter: () => chosen >= 0 && options()[chosen].click(),
  Escape: () => {
    if (chosen >= 0) {
      choose(-1);
      return;
    }
    field.value = "";
    clearTimeout(timer);
    look();
  },
};

field.addEventListener("keydown", (event) => {
  const act = KEYS[event.key];
  if (!act || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter" && chosen < 0) return; // the form's own way: the page with what was found
  event.preventDefault();
  act();
});

document.addEventListener("keydown", (event) => {
  const isTyping = event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  field.focus();
  field.select();
});

// On an article what was found lies over the text, and goes when one goes on reading.
if (!isHome) {
  document.addEventListener("click", (event) => {
    if (!form.contains(event.target) && !place.contains(event.target)) show("");
  });
}

field.setAttribute("role", "combobox");
field.setAttribute("aria-autocomplete", "list");
document.getElementById("q-keys").hidden = !matchMedia("(hover: hover)").matches;
prepare();
