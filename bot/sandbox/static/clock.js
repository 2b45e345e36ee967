// The clock of support and one's own, which can be set forward for everybody in the sandbox.

import { post } from "./api.js";
import { $ } from "./dom.js";

const TICK = 5000;
let told = null; // the server's clock as it was told last
let ahead = 0; // milliseconds by which it is ahead of this browser's

/** The sandbox's time, in milliseconds as `Date.now()`. */
export const now = () => Date.now() + ahead;

const time = (zone) => new Intl.DateTimeFormat("en", { timeZone: zone, hourCycle: "h23", weekday: "short", hour: "2-digit", minute: "2-digit" })
  .format(now()).replace(",", "");

/** Draws what the server says; `person` is whose own time is shown beside the support's. */
export function drawClock(clock, person) {
  if (told?.now !== clock.now) ahead = clock.now * 1000 - Date.now();
  told = { ...clock, own_zone: person.zone };
  for (const button of document.querySelectorAll("[data-clock]")) button.hidden = !clock.movable;
  $("clock-hours").textContent = clock.movable ? clock.hours : `${clock.hours}. With make run the clock can be set forward.`;
  tick();
}

function tick() {
  const [support, own] = [time(told.support_zone), time(told.own_zone)];
  $("clock-support").textContent = `${support} PT, ${told.open ? "open" : "closed"}`;
  $("clock-own").textContent = own === support ? "" : `${own} your time`;
}

/** Keeps the clock going, and sets it forward; `look` asks the server for news, `failed` says why not. */
export function wireClock(look, failed) {
  setInterval(() => {
    if (!told) return;
    tick();
    if (now() > told.changes_at * 1000) look();
  }, TICK);
  for (const button of document.querySelectorAll("[data-clock]")) {
    button.addEventListener("click", () => post("/sandbox/clock", { step: button.dataset.clock }).catch(failed));
  }
}
