"""People say what they want to be told; staff see what reached nobody."""

from pathlib import Path
from typing import Any

from bot.sandbox.model import Message
from integration.notifications import service as notifications
from tests.bot.scene import JONAS, PATIENCE, SAM, Scene, a_scene, bots, labels, texts

NEWS = {"actor": JONAS, "tenant": "acme", "name": "Acme Corp", "sessions_found": 3, "fresh": 1}


def owe(scene: Scene, kind: str, payload: dict[str, Any], place: str) -> None:
    runtime = scene.service.runtime
    with runtime.database.writing() as session:
        now = scene.service.clock()
        notifications.owe(session, runtime.vault, kind=kind, about="1/0", payload=payload, now=now, place=place)


def asked(scene: Scene, person: str, channel: str, text: str) -> Message:
    scene.slack.command(person, channel, "/retain", "notifications")
    return scene.wait_ephemeral(person, channel, text)


def test_good_news_can_be_turned_off_and_on_and_what_needs_action_comes_in_any_case(tmp_path: Path) -> None:
    with a_scene(tmp_path) as made, bots(made, "acme") as scene:
        owe(scene, "backfill.finished", NEWS | {"asked_from": "2026-08-03T07:00:00+00:00"}, JONAS)
        told = scene.wait_dm("jonas", "The past meetings of Acme Corp are read")
        assert "Zoom told of 3 calls since 3 Aug 2026, 1 of them new to us." in texts(told)
        assert labels(told) == ["Show meeting hours"]
        general = scene.slack.channel("acme", "general")
        card = asked(scene, "jonas", general, "🔔 On")
        assert "Good news" in texts(card)
        assert "needs you to act" in texts(card)
        scene.slack.click("jonas", card, "Turn off")
        off = scene.wait_ephemeral("jonas", general, "🔕 Off")
        assert labels(off) == ["Turn on"]
        headers = {"X-Actor": JONAS, "X-Role": "admin"}
        assert scene.api("GET", "/v1/people/preferences", **headers) == {"reminders": True, "news": False}
        scene.slack.command("priya", general, "/retain", "notifications")
        scene.wait_ephemeral("priya", general, "Guests of a workspace do not see")


def test_staff_choose_their_reminders_and_see_what_reached_nobody(tmp_path: Path) -> None:
    with a_scene(tmp_path) as made, bots(made, "retain") as scene:
        desk = scene.slack.channel("retain", "support-desk")
        assert "Reminders before the target" in texts(asked(scene, "sam", desk, "🔔 On"))
        owe(scene, "backfill.finished", {"form": "another"}, SAM)
        owe(scene, "staff.notice", {"topic": "t", "title": "What came after it"}, "staff")
        scene.slack.wait_for_message(desk, "What came after it", PATIENCE)
        scene.slack.command("sam", desk, "/retain", "queue")
        queue = scene.wait_ephemeral("sam", desk, "1 message may have reached nobody")
        scene.slack.click("sam", queue, "1 message may have reached nobody")
        shown = scene.wait_ephemeral("sam", desk, "1 message reached nobody, or may not have")
        assert "That past meetings were read, for <@U0SAM>, did not arrive" in texts(shown)
