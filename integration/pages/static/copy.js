// Buttons that copy: beside each heading of an article its address, below a text to pass on that text.

const SVG = "http://www.w3.org/2000/svg";
const SAID_FOR = 2000; // milliseconds

/** @param {HTMLElement} heading */
function withButton(heading) {
  const address = new URL(`#${heading.id}`, document.querySelector("link[rel=canonical]")?.href ?? location.href);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.title = "Copy link";
  button.setAttribute("aria-label", `Copy link to “${heading.textContent}”`);
  button.append(icon());
  button.addEventListener("click", () => copied(button, address.href));
  const line = document.createElement("div");
  line.className = "heading";
  heading.before(line);
  line.append(heading, button);
}

/** Two links of a chain. */
function icon() {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", "M9 15l6-6M10.5 6.5l2-2a4.6 4.6 0 0 1 7 7l-2 2M13.5 17.5l-2 2a4.6 4.6 0 0 1-7-7l2-2");
  svg.append(path);
  return svg;
}

/** @param {HTMLButtonElement} button @param {string} address */
async function copied(button, address) {
  try {
    await navigator.clipboard.writeText(address);
    say(button, "Copied");
  } catch {
    location.hash = new URL(address).hash; // it may not be copied: then it stands above, to be copied by hand
    say(button, "It is in the address bar");
  }
}

/** @param {HTMLElement} text */
function withTextButton(text) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button second";
  button.append("Copy this text");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent.trim());
      say(button, "Copied");
    } catch {
      getSelection()?.selectAllChildren(text); // it may not be copied: then it is marked, to be copied by hand
      say(button, "It is marked: copy it now");
    }
  });
  const line = document.createElement("p");
  line.append(button);
  text.after(line);
}

/** @param {HTMLButtonElement} button @param {string} words */
function say(button, words) {
  if (!faces.has(button)) faces.set(button, [...button.childNodes]);
  said.textContent = words;
  button.replaceChildren(words);
  setTimeout(() => {
    said.textContent = "";
    button.replaceChildren(...faces.get(button));
  }, SAID_FOR);
}

/** What stands on buttons when they say nothing of what they did. */
const faces = new WeakMap();
const said = document.createElement("p");
said.className = "visually-hidden";
said.setAttribute("role", "status");
document.querySelector("main").append(said);
for (const heading of document.querySelectorAll(".prose :is(h2, h3)[id]")) withButton(heading);
for (const text of document.querySelectorAll("[data-copy]")) withTextButton(text);
