"""A status asked for in plain words."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.connections.status_question import FOR_YOUR_EYES, whose_status
from bot.sandbox.model import Message
from tests.bot.scene import PATIENCE, Scene, a_scene, bots, texts

ACME = "⚪ Acme Corp: Zoom is not connected yet"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with a_scene(tmp_path) as made, bots(made, "acme", "retain") as ready:
        yield ready


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        ("What is Acme's Zoom status?", "Acme"),
        ("what's the zoom status of Acme Corp", "Acme Corp"),
        ("Show me Globex’s status", "Globex"),
        ("status of our Zoom connection", ""),
        ("What is our Zoom status?", ""),
        ("zoom status", ""),
        ("Status?", ""),
        ("the connection status for acme", "acme"),
        ("Why do I have to connect Zoom again?", None),
        ("The status page says that Zoom is down, what now?", None),
        ("How do I connect Zoom to Retain?", None),
    ],
)
def test_it_knows_whose_status_is_asked_for(text: str, whose: str | None) -> None:
    assert whose_status(text) == whose


def replied(scene: Scene, person: str, text: str, expected: str) -> Message:
    scene.slack.say(person, "dm", text)
    return scene.wait_dm(person, expected)


def test_staff_ask_for_anybodys_and_members_for_their_own(scene: Scene) -> None:
    replied(scene, "sam", "What is Acme's Zoom status?", ACME)
    replied(scene, "maya", "What is our Zoom status?", ACME)


def test_nobody_else_gets_another_organisations(scene: Scene) -> None:
    scene.slack.say("maya", "dm", "What is Globex's Zoom status?")
    answer = scene.slack.wait_for_message(scene.slack.dm("maya"), None, PATIENCE)
    assert "Globex: Zoom" not in texts(answer)


def test_in_a_channel_it_is_shown_to_one_person(scene: Scene) -> None:
    general = scene.slack.channel("acme", "general")
    scene.slack.say("maya", "#general", "@Retain zoom status")
    offered = scene.slack.wait_for_message(general, FOR_YOUR_EYES, PATIENCE)
    assert "Acme" not in texts(offered)
    scene.slack.click("jonas", offered, "Show status")
    scene.wait_ephemeral("jonas", general, ACME)
