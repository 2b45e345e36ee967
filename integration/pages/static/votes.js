// "Was this helpful?" without leaving the page: the answer of the form takes its place.

/** @param {SubmitEvent} event */
async function send(event) {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.id !== "vote") return;
  event.preventDefault();
  const sent = new URLSearchParams(new FormData(form, event.submitter));
  try {
    const answer = await fetch(form.action, { method: "POST", body: sent });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.getElementById("vote");
    if (!answer.ok || !next) throw new Error(`vote: ${answer.status}`);
    take(form, next);
  } catch {
    leave(form, event.submitter);
  }
}

/** @param {HTMLElement} form @param {HTMLElement} next */
function take(form, next) {
  const title = next.querySelector("h1");
  const heading = document.createElement("h2"); // the page has its own first heading
  heading.id = title.id;
  heading.tabIndex = -1;
  heading.textContent = title.textContent;
  title.replaceWith(heading);
  form.replaceWith(next);
  (next.querySelector("textarea") ?? heading).focus();
}

/** As without a script: the page that comes says what is wrong, and loses nothing. */
function leave(form, submitter) {
  document.removeEventListener("submit", send);
  if (submitter) form.requestSubmit(submitter);
  else form.requestSubmit();
}

document.addEventListener("submit", send);
