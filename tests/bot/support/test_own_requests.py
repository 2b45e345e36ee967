"""What an asker reads of their own request."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.service.desk_api import OwnRequest
from bot.support import own_requests
from tests.bot.scene import labels

MONDAY = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)  # 10:30 in Los Angeles
LONDON = ZoneInfo("Europe/London")
OWN = OwnRequest(id="r1", state="open", text="Why?", asked_at=MONDAY, respond_by=MONDAY + timedelta(hours=2))


def test_the_promise_is_told_in_both_zones() -> None:
    assert own_requests.due(OWN, MONDAY, LONDON) == "A person answers by 12:30 PT today (20:30 your time)."


def test_a_promise_that_was_missed_is_not_repeated() -> None:
    late = own_requests.due(OWN, MONDAY + timedelta(hours=2, seconds=1), LONDON)
    assert "We are late, and sorry" in late
    assert "A person answers" not in late


def test_out_of_hours_it_says_when_people_are_there() -> None:
    sunday = MONDAY - timedelta(days=1)
    assert own_requests.closed(MONDAY, LONDON) is None
    assert "opens Monday 9:00 PT (17:00 your time)" in str(own_requests.closed(sunday, LONDON))


def test_each_open_request_has_its_own_buttons() -> None:
    answered = OWN.model_copy(update={"id": "r2", "state": "answered", "stopped_at": MONDAY, "ended": "answered"})
    shown = own_requests.listed([OWN, answered], MONDAY, None)
    assert labels(shown) == ["Add something", "That solved it", "Reply", "That solved it"]
    ids = [e["action_id"] for b in shown.blocks if b["type"] == "actions" for e in b["elements"]]
    assert len(ids) == len(set(ids))
    assert own_requests.listed([], MONDAY, None).blocks == ()
