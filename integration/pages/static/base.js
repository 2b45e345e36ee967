// What every page does better with a script: times in the visitor's own zone, and help that stays readable offline.

const OURS = "America/Los_Angeles";
const MINUTE = 60_000;

/** @param {Date} moment @param {string} [timeZone] */
function clock(moment, timeZone) {
  return moment.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone });
}

/** Such as "18:40", or "Tue 18:40" on another day than today. @param {Date} moment */
function own(moment) {
  const isToday = moment.toDateString() === new Date().toDateString();
  return isToday ? clock(moment) : `${moment.toLocaleDateString("en-GB", { weekday: "short" })} ${clock(moment)}`;
}

/** Adds the visitor's own time to the Pacific one of each `<time data-local>`. */
export function tellOwnTimes(root = document) {
  for (const time of root.querySelectorAll("time[data-local]")) {
    const exact = new Date(time.dateTime);
    const rounded = exact > new Date() ? Math.ceil(exact / MINUTE) : Math.floor(exact / MINUTE); // as the server does
    const moment = new Date(rounded * MINUTE);
    time.removeAttribute("data-local"); // once, whoever calls this again
    if (clock(moment) !== clock(moment, OURS)) time.append(` (${own(moment)} your time)`);
  }
}

tellOwnTimes();

if ("serviceWorker" in navigator) {
  const version = new URL(import.meta.url).searchParams.get("v");
  navigator.serviceWorker.register(`/sw.js?v=${version}`).catch(() => {}); // a browser may not want one: nothing is lost
}
