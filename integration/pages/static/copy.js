// A button beside each heading of an article that copies the address of its section.

const SAID_FOR = 2000; // milliseconds

/** @param {HTMLElement} heading */
function withButton(heading) {
  const address = new URL(`#${heading.id}`, document.querySelector("link[rel=canonical]")?.href ?? location.href);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy link";
  button.setAttribute("aria-label", `Copy link to “${heading.textContent}”`);
  button.addEventListener("click", () => copied(button, address.href));
  const line = document.createElement("div");
  line.className = "heading";
  heading.before(line);
  line.append(heading, button);
}

/** @param {HTMLButtonElement} button @param {string} address */
async function copied(button, address) {
  try {
    await navigator.clipboard.writeText(address);
    said.textContent = button.textContent = "Copied";
  } catch {
    location.hash = new URL(address).hash; // it may not be copied: then it stands above, to be copied by hand
    said.textContent = button.textContent = "See address";
  }
  setTimeout(() => {
    button.textContent = "Copy link";
    said.textContent = "";
  }, SAID_FOR);
}

const said = document.createElement("p");
said.className = "visually-hidden";
said.setAttribute("role", "status");
document.querySelector("main").append(said);
for (const heading of document.querySelectorAll(".prose :is(h2, h3)[id]")) withButton(heading);
