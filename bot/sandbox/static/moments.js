// Moments (seconds since 1970) as the clock on somebody's wall shows them, and back.

/** "2026-11-23T10:40": a moment in a zone, as fields of date and time hold it. */
export function localTime(seconds, zone) {
  const parts = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" });
  return parts.format(seconds * 1000).replace(" ", "T");
}

/** The moment when a wall in that zone shows this; where the clock is turned, what comes near it. */
export function momentOf(local, zone) {
  const shown = (seconds) => Date.parse(`${localTime(seconds, zone)}Z`) / 1000;
  const wanted = Date.parse(`${local}Z`) / 1000;
  const guess = wanted - (shown(wanted) - wanted);
  return guess + (wanted - shown(guess));
}
