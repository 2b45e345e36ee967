// The menus, and the one that makes trouble.

import { post } from "./api.js";
import { $, toast } from "./dom.js";

const TOLD = {
  drop: "The connection is cut. A good app is back within seconds.",
  fail: "The app’s next message will fail with a 500.",
  rate_limit: "The app’s next message will be told to wait for two seconds.",
  redeliver: "The next event will reach the app three times. It should answer once.",
};

async function make(kind, failed, onReset) {
  $("trouble").open = false;
  if (kind === "reset") {
    if (await post("/sandbox/reset").catch(failed)) onReset();
  } else if (await post("/sandbox/trouble", { kind }).catch(failed)) toast(TOLD[kind]);
}

/** Makes the trouble menu work; menus close when one clicks elsewhere or presses Escape. `change(kind)`: see chat.js. */
export function wireTrouble(failed, onReset, change) {
  for (const button of document.querySelectorAll("[data-change]")) {
    button.addEventListener("click", () => { $("trouble").open = false; change(button.dataset.change); });
  }
  for (const button of document.querySelectorAll("[data-trouble]")) {
    button.addEventListener("click", () => make(button.dataset.trouble, failed, onReset));
  }
  const closeMenus = (inside) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(inside)) menu.open = false;
  };
  document.addEventListener("click", (event) => closeMenus(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !document.querySelector("details.menu[open]")) return;
    event.preventDefault(); // nothing else closes by the same key
    closeMenus(null);
  });
}
