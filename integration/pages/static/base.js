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
    const minute = Math.floor(new Date(time.dateTime) / MINUTE);
    // The server rounds what is promised up to the next minute: its own words say which of the two it told.
    const both = [minute, minute + 1].map((one) => new Date(one * MINUTE));
    const moment = both.find((one) => time.textContent.includes(`${clock(one, OURS).replace(/^0/, "")} PT`)) ?? both[0];
    time.removeAttribute("data-local"); // once, whoever calls this again
    if (clock(moment) !== clock(moment, OURS)) time.append(` (${own(moment)} your time)`);
  }
}

tellOwnTimes();

if ("serviceWorker" in navigator) {
  const version = new URL(import.meta.url).searchParams.get("v");
  navigator.serviceWorker.register(`/sw.js?v=${version}`).catch(() => {}); // a browser may not want one: nothing is lost
}
