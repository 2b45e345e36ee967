"""Support requests in words: who asks, what matters most, and how much time is left."""

from datetime import timedelta
from typing import Any

import pytest

from integration.connections.causes import meaning
from integration.connections.status import AS_FAR_AS_WE_KNOW
from integration.desk import page_words
from integration.desk.models import Ending, EventKind, RequestState
from integration.desk.page_words import DUE_SOON, LOST, MARKS, OVERDUE, SNOOZED, Mark
from integration.desk.views import RequestView, ZoomThen
from tests.integration.desk.requests import NOON, SAM
from tests.integration.desk.views_of import ASKER, said, view

MINUTE = timedelta(minutes=1)
LATE = NOON + timedelta(hours=2, minutes=5)
FROM_THE_WEB: dict[str, Any] = {"via": "web", "tenant": None, "tenant_name": None, "actor": None}
ANSWERED: dict[str, Any] = {"state": RequestState.ANSWERED, "minutes_left": None, "stopped_at": NOON + 60 * MINUTE}
RESOLVED: dict[str, Any] = ANSWERED | {"state": RequestState.RESOLVED, "ended": Ending.CLOSED}


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({}, "Dana Fox (Acme Corp)"),
        ({"contact": None}, "Somebody (Acme Corp)"),
        ({"tenant_name": None}, "Dana Fox (acme)"),
        (FROM_THE_WEB | {"contact": {"name": "Kim", "organisation": "Umbrella"}}, "Kim (says: Umbrella)"),
        (FROM_THE_WEB | {"contact": {"email": "kim@umbrella.example"}}, "kim@umbrella.example"),
    ],
)
def test_who_asks_is_called_by_what_is_known_of_them(changes: dict[str, Any], name: str) -> None:
    assert page_words.full_name(view(**changes)) == name


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (view(), "asks for a person"),
        (view(state=RequestState.CLAIMED), "waits for an answer"),
        (view(openings=2), "waits again"),
        (view(openings=2, said=[said(EventKind.WROTE, ASKER)]), "wrote again"),
        (view(**ANSWERED), "was answered"),
        (
            view(**ANSWERED, said=[said(EventKind.ANSWERED, SAM, delivery="not_delivered")]),
            "has no answer yet: it could not be delivered",
        ),
        (view(**RESOLVED, said=[said(EventKind.RESOLVED, SAM)]), "was closed without an answer"),
        (view(**RESOLVED, said=[said(EventKind.RESOLVED, ASKER)]), "needs nothing more"),
    ],
)
def test_what_they_do_who_asked_stands_in_the_heading(found: RequestView, words: str) -> None:
    assert page_words.heading(found) == words


@pytest.mark.parametrize(
    ("found", "minutes", "mark", "left"),
    [
        (view(), 0, MARKS[RequestState.OPEN], "2 h left"),
        (view(NOON + 90 * MINUTE), 90, DUE_SOON, "30 min left"),
        (view(NOON + 90 * MINUTE, snoozed_until=LATE), 90, SNOOZED, "30 min left"),
        (view(LATE, snoozed_until=LATE + 60 * MINUTE), 125, OVERDUE, "overdue by 5 min"),
        (view(**ANSWERED), 180, MARKS[RequestState.ANSWERED], None),
        (view(**ANSWERED, said=[said(EventKind.ANSWERED, SAM, delivery="not_delivered")]), 180, LOST, None),
    ],
)
def test_what_matters_most_is_its_mark(found: RequestView, minutes: int, mark: Mark, left: str | None) -> None:
    now = NOON + minutes * MINUTE
    assert (page_words.mark(found, now), page_words.left(found, now)) == (mark, left)


def test_only_who_is_in_slack_can_be_answered_here_until_it_is_resolved() -> None:
    assert page_words.can_be_answered(view())
    assert not page_words.can_be_answered(view(**FROM_THE_WEB))
    assert not page_words.can_be_answered(view(**RESOLVED))


def test_zoom_as_it_was_is_told_without_claiming_proof() -> None:
    assert page_words.zoom_then(ZoomThen(state="connected", cause="connected")) == AS_FAR_AS_WE_KNOW
    broken = ZoomThen(state="needs_reauthorization", cause="token_revoked")
    assert page_words.zoom_then(broken) == meaning("needs_reauthorization", "token_revoked").explanation
