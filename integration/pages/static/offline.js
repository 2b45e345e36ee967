// Lists the help pages that this browser has kept, on the page that it shows while it is offline.

const section = document.getElementById("kept");
const list = section.querySelector("ul");
const kept = await caches.open("retain-help");
const pages = (await kept.keys()).filter((one) => new URL(one.url).pathname.startsWith("/help/"));

for (const one of pages.reverse()) {
  const answer = await kept.match(one);
  const read = new DOMParser().parseFromString(await answer.text(), "text/html");
  const link = document.createElement("a");
  link.href = new URL(one.url).pathname;
  link.textContent = read.querySelector("h1")?.textContent ?? link.pathname;
  list.append(document.createElement("li"));
  list.lastElementChild.append(link);
}
section.hidden = pages.length === 0;

addEventListener("online", () => location.reload());
