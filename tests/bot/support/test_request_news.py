"""News of support requests reach the staff: below the card, and whoever has the request by direct message."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.model import Message
from kb import support_hours
from tests.bot.scene import MAYA, PATIENCE, SAM, Scene, a_scene, bots, labels, texts
from tests.bot.support.test_request_actions import DESK, card_with, hand_over, told

MINUTE = 60


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """It is opening time."""
    with a_scene(tmp_path) as made, bots(made, "retain") as ready:
        clock = made.service.clock
        clock.forward((support_hours.next_opening(clock()) - clock()).total_seconds() + MINUTE)
        yield ready


def below(scene: Scene, card: Message, text: str) -> Message:
    """What stands in the card's thread."""
    return scene.slack.wait_for_message(DESK, lambda m: m.thread_ts == card.ts and text in texts(m), PATIENCE)


def test_whoever_has_a_request_is_reminded_and_then_the_channel(scene: Scene) -> None:
    request = hand_over(scene)
    card = card_with(scene, "asks for a person")
    scene.api("POST", f"/v1/support-requests/{request}/claim")
    scene.service.clock.forward(91 * MINUTE)
    first = scene.wait_dm("sam", "29 min left to answer Maya Chen (Acme Corp)")
    assert "You have it." in texts(first)
    assert labels(first) == ["Answer", "Show the request", "Snooze"]
    scene.service.clock.forward(20 * MINUTE)
    assert "<@U0SAM> has it." in texts(below(scene, card, "9 min left to answer"))
    scene.wait_dm("sam", "9 min left to answer")

    scene.slack.click("sam", first, "Snooze")
    form = scene.slack.wait_for_modal("sam")
    assert scene.slack.submit("sam", form, {"Snooze for": "60"}) is None
    assert "Snoozed until" in texts(card_with(scene, "💤"))
    scene.service.clock.forward(10 * MINUTE)
    missed = below(scene, card, "still waits for an answer")
    assert "It was due by" in texts(missed)
    card_with(scene, "overdue")

    scene.slack.click("sam", scene.wait_dm("sam", "still waits for an answer"), "Answer")
    form = scene.slack.wait_for_modal("sam")
    scene.slack.submit("sam", form, {"Your answer": "Sorry for the wait. It works again."})
    card_with(scene, "was answered")
    scene.slack.command("sam", "#support-desk", "/retain", "sla")
    sla = texts(told(scene, "sam", "How the promise was kept"))
    assert "0 of 1 request answered within 2 h of support hours: 0%." in sla
    assert "1 answered late." in sla
    assert "See it as a page" in sla


def test_what_its_asker_writes_stands_below_the_card(scene: Scene) -> None:
    request = hand_over(scene)
    card = card_with(scene, "asks for a person")
    asker = {"X-Actor": MAYA, "X-Role": "member", "X-Tenant": "acme"}
    written = {"key": "message/1", "text": "It says <error> 3,161 now.\nAnd nothing else."}
    scene.api("POST", f"/v1/support-requests/{request}/write", written, **asker)
    wrote = below(scene, card, "Maya Chen (Acme Corp) wrote:")
    assert "> It says &lt;error&gt; 3,161 now.\n> And nothing else." in texts(wrote)
    assert "It says" in texts(card_with(scene, "It says &lt;error"))
    staff = {"key": "answer/1", "text": "Look at your settings."}
    scene.api("POST", f"/v1/support-requests/{request}/answer", staff)
    card_with(scene, "was answered")
    scene.api("POST", f"/v1/support-requests/{request}/write", written | {"key": "message/2"}, **asker)
    again = card_with(scene, "wrote again")
    assert again.ts == card.ts

    scene.slack.delete(again)
    scene.api("POST", f"/v1/support-requests/{request}/write", {"key": "message/3", "text": "Hello?"}, **asker)
    alone = scene.slack.wait_for_message(DESK, lambda m: "Hello?" in texts(m) and m.thread_ts is None, PATIENCE)
    scene.slack.click("ellie", alone, "Show the request")
    assert SAM.rpartition("/")[2] in texts(told(scene, "ellie", "wrote again"))
