"""A status asked for in plain words."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.connections.status_question import FOR_YOUR_EYES, whose_status
from bot.sandbox.model import Message
from kb.library import load_library
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


@pytest.mark.parametrize(
    "text",
    [
        "is our zoom connected?", "are we connected to zoom right now?", "Is Zoom still connected for us?",
        "is everything ok with our connection?", "can you check whether our zoom works", "who connected our zoom?",
        "when was zoom last connected?", "Hello, is our zoom connected?", "Is the connection still working?",
        "Who connected Zoom at our company?", "Who set up the connection to Retain for us?", "have we connected zoom?",
        "Is our Zoom integration working? Thanks!", "please check our zoom connection", "is zoom connected",
        "Show me the state of our connection", "could you please tell me if we're still connected?",
        "has anyone connected zoom already?", "do we have a working zoom connection?", "when did we last connect Zoom?",
    ],
)  # fmt: skip
def test_ones_own_is_asked_for_in_other_words(text: str) -> None:
    assert whose_status(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "why does it say not connected", "how do I connect", "is zoom connected to google calendar?", "is zoom down?",
        "who can connect our zoom?", "The person who connected our zoom left", "is zoom working?",
        "is our zoom connected with Salesforce?", "when was zoom founded?", "does Retain work with our connection?",
        "is our Zoom connected? The button is grey", "who connected HubSpot?", "can you check our invoice",
        "what is the connection", "are we connected to Teams?", "what is zoom",
    ],
)  # fmt: skip
def test_what_articles_answer_is_no_question_about_ones_own(text: str) -> None:
    assert whose_status(text) is None


def test_no_phrasing_of_an_article_is_taken_for_one() -> None:
    phrasings = [phrasing for article in load_library().articles.values() for phrasing in article.questions]
    assert len(phrasings) > 100
    assert [phrasing for phrasing in phrasings if whose_status(phrasing) == ""] == []


def replied(scene: Scene, person: str, text: str, expected: str) -> Message:
    scene.slack.say(person, "dm", text)
    return scene.wait_dm(person, expected)


def test_staff_ask_for_anybodys_and_members_for_their_own(scene: Scene) -> None:
    replied(scene, "sam", "What is Acme's Zoom status?", ACME)
    replied(scene, "maya", "What is our Zoom status?", ACME)
    replied(scene, "jonas", "Hi, is our zoom connected?", ACME)


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
