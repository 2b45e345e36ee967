// Where one is: kept in the address, so that a reload comes back here and Back leaves a thread.

export const at = { person: "maya", channel: null, thread: null, tab: "messages", asked: null };

const address = () => `#${[at.person, at.channel, at.thread].filter(Boolean).join("/")}`;

export function readAddress() {
  const [person, channel, thread] = location.hash.slice(1).split("/");
  if (person) Object.assign(at, { person, channel: channel || null, thread: thread || null });
  else history.replaceState(history.state, "", address());
}

export function move(changes) {
  Object.assign(at, changes);
  history.replaceState(null, "", address());
}

/** Into a thread of this channel; Back returns from it. */
export function enterThread(channel, ts) {
  const another = Boolean(at.thread);
  Object.assign(at, { channel, thread: ts, asked: null });
  if (another) history.replaceState(history.state, "", address());
  else history.pushState({ thread: true }, "", address());
}

export function leaveThread() {
  const entered = history.state?.thread;
  move({ thread: null, asked: null });
  if (entered) history.back(); // the same place, without the thread
}
