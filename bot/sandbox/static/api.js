// The sandbox's own interface: asking, doing, and hearing of news.

export async function get(path) {
  const response = await fetch(path, { cache: "no-store" });
  if (!response.ok) throw new Error((await response.json().catch(() => ({}))).error || response.statusText);
  return response.json();
}

export async function post(path, body = {}) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  }).catch(() => {
    throw new Error("The sandbox does not answer. Is it still running?");
  });
  const found = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(found.error || `That did not work (${response.status}).`);
  return found;
}

/** Calls `onNews` after each change; `onState(false)` while the sandbox is away. Reconnects by itself. */
export function listen(onNews, onState) {
  const source = new EventSource("/sandbox/live");
  source.onmessage = onNews;
  source.onopen = () => onState(true);
  source.onerror = () => {
    onState(false);
    if (source.readyState === EventSource.CLOSED) setTimeout(() => listen(onNews, onState), 1000);
  };
}
