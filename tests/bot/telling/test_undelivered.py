"""What reached nobody, as staff read it."""

from datetime import UTC, datetime

import pytest

from bot.sandbox.validation import check_message
from bot.service.notification_service import Undelivered
from bot.staff import Staff
from bot.telling.undelivered import listed
from tests.bot.scene import texts

STAFF = Staff(team="T0RETAIN", channel="C1")
ONE = Undelivered(
    id="1",
    kind="support_request.answered",
    state="gave_up",
    reason="user_disabled",
    at=datetime(2026, 11, 23, tzinfo=UTC),
)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("staff", "for the staff's channel, did not arrive (the person has left)"),
        ("slack:T0RETAIN/U0SAM", "for <@U0SAM>, did not arrive"),
        ("slack:T0RETAIN/C1/1.1", "for <#C1>, did not arrive"),
        ("slack:T0GLOBEX/D0HARUKA/1.1", "for somebody in the workspace T0GLOBEX, did not arrive"),
        (None, "for anybody, did not arrive"),
    ],
)
def test_it_says_for_whom_it_was(place: str | None, words: str) -> None:
    message = listed([ONE.model_copy(update={"place": place})] * 12, STAFF)
    check_message(list(message.blocks))
    assert f"An answer to a support request, {words}" in texts(message)
    assert "And 2 earlier." in texts(message)
