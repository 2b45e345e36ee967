"""Whether a help page helped, and what was missing on it: a form at its end, for anybody, which needs no script."""

from collections.abc import Mapping
from typing import Literal
from uuid import uuid4

from fastapi import APIRouter, Request, Response

from integration.errors import BadRequest, TooMany
from integration.help_centre.centre import help_centre_of
from integration.pages.forms import KEY, NotFromHere, Sent, TheSent, is_of_these_days, text_of
from integration.pages.throttle import let_through
from integration.pages.views import private_page, rendered
from integration.questions import votes
from integration.questions.votes import Vote
from integration.runtime import runtime_of

router = APIRouter(include_in_schema=False)

ANSWERS: Mapping[str, bool] = {"yes": True, "no": False}
LONGEST_COMMENT, LONGEST_ASKED = 1000, 200

Step = Literal["helped", "ask", "missed"]


@router.post("/help/{slug}/vote")
def vote(request: Request, slug: str, sent: TheSent) -> Response:
    """A vote; after a No, the question what was missing, whose answer is sent here as well."""
    article = help_centre_of(request).leaf(slug).article
    if not is_of_these_days(request, sent):
        raise NotFromHere
    if not let_through(request, "votes"):
        raise TooMany("We get more votes than we can count just now.", remedy="Nothing more is needed from you.")
    given = _read(slug, sent)
    runtime = runtime_of(request)
    with runtime.database.writing() as session:
        votes.record(session, runtime.vault, given, runtime.clock())
    return private_page(request, rendered(request, "vote.html", article=article, vote=given, step=_step(given, sent)))


def _read(slug: str, sent: Sent) -> Vote:
    if sent.get("helpful") not in ANSWERS:
        raise BadRequest("This is neither a yes nor a no.", remedy="Press one of the two buttons under the help page.")
    key = sent.get("key", "")
    return Vote(
        key=key if KEY.fullmatch(key) else uuid4().hex,
        article=slug,
        helpful=ANSWERS[sent["helpful"]],
        comment=text_of(sent, "comment", LONGEST_COMMENT) or None,
        asked=text_of(sent, "asked", LONGEST_ASKED) or None,
    )


def _step(given: Vote, sent: Sent) -> Step:
    if given.helpful:
        return "helped"
    return "missed" if "comment" in sent else "ask"
