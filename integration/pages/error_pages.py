"""Errors for people: what happened, what to do next, and the number by which whoever runs the service finds it.

What somebody typed is shown to them again, so that an error never costs them their words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse

from integration.errors import RequestError
from integration.pages.forms import Sent
from integration.pages.views import NOT_KEPT, rendered

AGAIN_HELPS = (429, 500, 503)
TYPED = ("text", "comment", "question", "more")  # fields of our forms that people write into


@dataclass(frozen=True)
class Words:
    """`title` is the page's heading; `text` says more, and `remedy` what to do."""

    title: str
    text: str
    remedy: str


# What is said to programs in their words, by the kind of the error.
FOR_PEOPLE: Mapping[str, Words] = {
    "bad-request": Words(
        "We could not read that",
        "What your browser sent does not look like a form of ours.",
        "Go back, load the page again, and send it once more.",
    ),
    "invalid": Words(
        "This address does not look right",
        "A part of it has a value that cannot be.",
        "Open the page by its link again, without changing the address by hand.",
    ),
    "method-not-allowed": Words(
        "There is nothing to open here",
        "This address only takes what a button of ours sends.",
        "Go back to the page with the button, and press it there.",
    ),
    "too-large": Words(
        "That is more than we can take",
        "What you sent is too long, so nothing of it has arrived.",
        "Go back, where your text should still be, shorten it, and send it again.",
    ),
    "unavailable": Words(
        "This page cannot be shown just now",
        "Something on our side does not answer. The help articles work meanwhile.",
        "Try again in a minute.",
    ),
    "internal": Words(
        "Something went wrong on our side",
        "It is not your fault, and we have a record of it.",
        "Try again. If it happens again, write to us with the reference below.",
    ),
}


def error_page(
    request: Request, error: RequestError, request_id: str, typed: Sequence[str] = (), *, plainly: bool = False
) -> HTMLResponse:
    """The page for `error`. `plainly`: its words are for programs, and people get their own."""
    html = rendered(
        request,
        "error.html",
        reader=getattr(request.state, "reader", None),
        words=FOR_PEOPLE.get(error.kind, _words(error)) if plainly else _words(error),
        status=error.status,
        reference=request_id,
        typed=typed,
        again=error.status in AGAIN_HELPS and request.method in ("GET", "HEAD"),
    )
    return HTMLResponse(html, status_code=error.status, headers={**error.headers, **NOT_KEPT})


def typed_in(sent: Sent) -> list[str]:
    """What somebody wrote into a form of ours, in their own words."""
    return [sent[name] for name in TYPED if sent.get(name, "").strip()]


def _words(error: RequestError) -> Words:
    """The first sentence of what happened is the heading."""
    title, _, text = error.message.partition(". ")
    return Words(title.rstrip("."), text, error.remedy or "")
