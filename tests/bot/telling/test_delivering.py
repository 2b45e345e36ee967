"""What a bot makes of a notification: delivered, given up, or not yet."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import requests

from bot.errors import ServiceUnavailable
from bot.integration_client import Notification
from bot.sandbox.model import Message
from integration.desk import reminders
from integration.notifications import service as notifications
from kb import support_hours
from tests.bot.scene import MAYA, SAM, labels, texts
from tests.bot.telling.conftest import POST, READS_CHANNELS, Post
from tests.support.service import API_KEY

MINUTE = 60
STAFF = {"X-Actor": SAM, "X-Role": "staff"}


def api(post: Post, method: str, path: str, body: object = None, **headers: str) -> Any:
    told = {"Authorization": f"Bearer {API_KEY}"} | headers
    with requests.Session() as session:
        session.trust_env = False
        response = session.request(method, post.service.url + path, json=body, headers=told, timeout=10)
    assert response.ok, response.text
    return response.json() if response.content else None


def hand_over(post: Post, key: str) -> str:
    """Maya asks; the request's id."""
    new = {"key": key, "text": "Help me.", "via": "slack", "name": "Maya Chen"}
    headers = {"X-Actor": MAYA, "X-Role": "member", "X-Tenant": "acme"}
    return str(api(post, "POST", "/v1/support-requests", new, **headers)["id"])


def on_desk(post: Post) -> list[Message]:
    return post.slack.messages(post.slack.channel("retain", "support-desk"))


def reminded(post: Post) -> list[str]:
    return [texts(m) for m in post.slack.messages(post.slack.dm("sam")) if "Maya Chen" in texts(m)]


@pytest.fixture
def reminder(post: Post) -> Iterator[Notification]:
    """In a bot's hands: Sam has a request, and 29 minutes of support hours to answer it."""
    clock, runtime = post.service.clock, post.service.runtime
    clock.forward((support_hours.next_opening(clock()) - clock()).total_seconds() + MINUTE)
    request = hand_over(post, f"form/{clock()}")
    post.integration.desk.keep_card(request, f"slack:T0RETAIN/{post.slack.channel('retain', 'support-desk')}/1.1")
    api(post, "POST", f"/v1/support-requests/{request}/claim", **STAFF)
    clock.forward(91 * MINUTE)
    with runtime.database.writing() as session:
        reminders.owe_due(session, runtime.vault, clock())
    in_hand = [one for _ in range(3) for one in post.claim()]
    yield next(one for one in in_hand if one.kind == reminders.REMINDER)
    api(post, "POST", f"/v1/support-requests/{request}/resolve", **STAFF)


def test_what_a_later_version_tells_waits_for_it(post: Post) -> None:
    runtime = post.service.runtime
    with runtime.database.writing() as session:
        now = post.service.clock()
        notifications.owe(session, runtime.vault, kind="a.kind.of.tomorrow", about="1", payload={}, now=now)
    post.deliver()
    assert post.ends() == ["open"]


def test_a_reminder_that_is_handed_out_late_waits_while_we_are_closed(post: Post, reminder: Notification) -> None:
    clock = post.service.clock
    night = support_hours.next_opening(clock()) - timedelta(minutes=1)
    clock.forward((night - clock()).total_seconds())
    post.deliver_these([reminder])
    assert reminded(post) == []
    clock.forward(2 * MINUTE)
    post.deliver_these([reminder])
    assert "still waits for an answer" in reminded(post)[0]


def test_nobody_is_reminded_of_a_target_that_has_moved(post: Post, reminder: Notification) -> None:
    before = datetime.fromisoformat(reminder.payload["respond_by"]) + timedelta(minutes=5)
    moved = reminder.payload | {"respond_by": before.isoformat()}
    post.deliver_these([reminder.model_copy(update={"payload": moved})])
    assert reminded(post) == []
    assert {row.state for row in post.rows() if row.id == reminder.id} == {"delivered"}


def test_what_a_claimer_cannot_be_told_any_more_is_for_the_channel(post: Post, reminder: Notification) -> None:
    post.slack.change_usergroup("S0SUPPORT", "ellie")
    post.deliver_these([reminder])
    assert reminded(post) == []
    assert any("29 min left to answer" in texts(message) for message in on_desk(post))
    assert {row.state for row in post.rows() if row.id == reminder.id} == {"delivered"}


def test_a_card_that_could_not_be_posted_comes_with_the_reminder(post: Post) -> None:
    clock = post.service.clock
    clock.forward((support_hours.next_opening(clock()) - clock()).total_seconds() + MINUTE)
    channel = post.slack.channel("retain", "support-desk")
    request = hand_over(post, f"form/{clock()}")
    post.slack.faults.fail(POST, status=200, error="is_archived")
    post.deliver_these(post.claim())
    assert on_desk(post) == []
    clock.forward(91 * MINUTE)
    with post.service.runtime.database.writing() as session:
        reminders.owe_due(session, post.service.runtime.vault, clock())
    post.deliver_these([one for _ in range(3) for one in post.claim()])
    card, reminder = (message for message in on_desk(post) if "Maya Chen" in texts(message))
    assert post.integration.desk.request(request).card == f"slack:T0RETAIN/{channel}/{card.ts}"
    assert "asks for a person" in texts(card)
    assert "29 min left to answer Maya Chen (Acme Corp)" in texts(reminder)
    assert (reminder.thread_ts, labels(reminder)) == (card.ts, ["Claim", "Show the request"])
    api(post, "POST", f"/v1/support-requests/{request}/resolve", **STAFF)


def test_a_card_that_stands_is_delivered_though_the_service_hiccups(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.slack.withhold("retain", READS_CHANNELS)
    request = hand_over(post, "form/hiccup")
    keep, calls = post.integration.desk.keep_card, []

    def hiccup(request: str, place: str) -> None:
        calls.append(place)
        if len(calls) == 1:
            raise ServiceUnavailable("it is being restarted")
        keep(request, place)

    monkeypatch.setattr(post.integration.desk, "keep_card", hiccup)
    post.deliver_these(post.claim())
    assert len(on_desk(post)) == 1
    assert post.ends() == ["delivered"]
    assert post.integration.desk.request(request).card == calls[1]
    api(post, "POST", f"/v1/support-requests/{request}/resolve", **STAFF)
