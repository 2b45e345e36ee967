"""Answers say what is true of the asker's own organisation: privately, and honestly when nobody can say."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot import facts
from bot.asking import SHORTCUT
from bot.connections import receipts
from bot.identity import A_GUEST
from bot.replies import IN_GENERAL
from bot.sandbox.driver import Driver
from bot.sandbox.model import Message
from integration.connections.models import Incident
from integration.db import utcnow
from tests.bot.conftest import QUESTION
from tests.bot.scene import PATIENCE, Scene, a_scene, bots, labels, texts

BUTTON = "I don't see the connect button highlighted for Zoom"
HELPFUL = "Was this helpful?"
FINE, BROKEN = "🟢 Acme Corp: Zoom is connected and works", "🔴 Acme Corp: Zoom has to be connected again"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with a_scene(tmp_path) as made, bots(made, "acme") as ready:
        yield ready


def answer(scene: Scene, person: str, text: str = QUESTION) -> Message:
    scene.slack.say(person, "dm", text)
    return scene.wait_dm(person, HELPFUL)


def lose(scene: Scene) -> None:
    """Zoom refuses the permission when it is to be renewed, and the worker has seen it."""
    scene.zoom.faults.switch_on("user_removed")
    scene.service.clock.forward(4000)
    scene.api("GET", "/v1/tenants/acme/zoom/status?live=true")


def incident(scene: Scene) -> None:
    runtime, now = scene.service.runtime, utcnow()
    with runtime.database.writing() as session:
        began = {"began_at": now - timedelta(minutes=5), "last_seen_at": now + timedelta(days=1)}
        session.add(Incident(id="1", cause="zoom_unavailable", tenants=3, **began))


def test_a_connection_that_is_fine_is_said_to_be_with_when_that_was_verified(scene: Scene) -> None:
    scene.connect()
    told = texts(answer(scene, "maya"))
    assert FINE in told
    assert "Verified" in told
    assert receipts.FINE in told
    assert "jonas@" not in told
    assert "technical reasons" not in told  # why it is asked of others
    assert "Send me a connect link" not in labels(answer(scene, "jonas"))


def test_a_broken_one_gets_its_true_cause_evidence_and_what_it_costs(scene: Scene) -> None:
    scene.connect()
    lose(scene)
    shown = answer(scene, "maya")
    told = texts(shown)
    assert BROKEN in told
    for words in ("*Why:*", "*Since:*", receipts.REFUSED, "*Who must act:*", "*Missing since then:*", "*Reconnecting"):
        assert words in told
    assert told.index(BROKEN) < told.index(IN_GENERAL) < told.index("technical reasons")  # the article itself
    assert "Text for an admin" in labels(shown)
    assert "Send me a connect link" in labels(answer(scene, "jonas"))


def test_the_causes_own_article_is_offered(scene: Scene) -> None:
    scene.connect()
    lose(scene)
    status = scene.api("GET", "/v1/tenants/acme/zoom/status")
    assert status["article"] == "zoom-user-removed"
    shown = answer(scene, "maya")
    assert labels(shown)[0] == "Text for an admin"  # what she can do comes first
    assert labels(shown)[1].startswith("Read: ")
    scene.slack.click("maya", shown, "choose_article_cause")
    own = scene.slack.wait_for_message(shown.channel, lambda m: m.ts != shown.ts and HELPFUL in texts(m), PATIENCE)
    assert BROKEN in texts(own)


def test_who_connected_is_said_to_those_who_may_know(scene: Scene) -> None:
    scene.connect()
    assert "connected by Jonas Weber (jonas@acme.example)" in texts(answer(scene, "jonas", BUTTON))
    told = texts(answer(scene, "maya", BUTTON))
    assert receipts.SOMEBODY_ELSE in told
    assert "jonas@" not in told


def test_the_shortcut_and_home_answer_with_the_facts_in_their_modals(scene: Scene) -> None:
    scene.connect()
    message = scene.slack.say("jonas", "#random", QUESTION)
    scene.slack.shortcut("maya", message, SHORTCUT)
    scene.wait_modal("maya", FINE)
    scene.slack.open_home("jonas")
    home = scene.slack.wait_for_home("jonas", FINE, PATIENCE)
    scene.slack.click("jonas", home, "Why you are asked to authorize Zoom again")
    scene.wait_modal("jonas", receipts.FINE)


def test_a_suggestion_chosen_in_a_channel_shows_others_nothing_live(scene: Scene) -> None:
    scene.connect()
    general = scene.slack.channel("acme", "general")
    scene.slack.say("maya", "#general", "@Retain zoom")
    offer = scene.slack.wait_for_message(general, "I am not sure", PATIENCE)
    chosen = next(label for label in labels(offer) if label != "Talk to a person")
    scene.slack.click("maya", offer, chosen)
    shown = scene.slack.wait_for_message(general, HELPFUL, PATIENCE)
    assert "Acme Corp: Zoom" not in texts(shown)


def test_an_ephemeral_answer_keeps_its_facts_after_feedback(scene: Scene) -> None:
    scene.connect()
    general = scene.slack.channel("acme", "general")
    scene.slack.command("maya", "#general", "/retain", f"ask {QUESTION}")
    shown = scene.wait_ephemeral("maya", general, FINE)
    scene.slack.click("maya", shown, "👍 Yes")
    assert FINE in texts(scene.wait_ephemeral("maya", general, "Thanks, noted"))


def test_guests_get_the_answer_and_why_there_is_no_more(scene: Scene) -> None:
    scene.connect()
    told = texts(answer(scene, "priya"))
    assert A_GUEST in told
    assert "Acme Corp" not in told
    assert not {"Send me a connect link", "Text for an admin"} & set(labels(answer(scene, "omar")))


def test_while_the_service_is_down_the_answer_says_what_was_not_looked_up(scene: Scene) -> None:
    scene.service.stop()
    shown = answer(scene, "maya")
    assert facts.NOT_LOOKED_UP in texts(shown)
    assert "technical reasons" in texts(shown)
    assert labels(shown)[0] == "Try again"
    scene.service.start()
    scene.slack.click("maya", shown, "Try again")
    scene.wait_dm("maya", "⚪ Acme Corp: Zoom is not connected yet")


def test_known_trouble_stands_on_top_also_in_channels(scene: Scene) -> None:
    incident(scene)
    general = scene.slack.channel("acme", "general")
    scene.slack.say("maya", "#general", f"@Retain {QUESTION}")
    told = texts(scene.slack.wait_for_message(general, HELPFUL, PATIENCE))
    assert told.startswith("⚠️ Known trouble since")
    assert "technical reasons" not in told


def test_an_article_that_is_not_about_the_connection_has_no_facts(scene: Scene) -> None:
    scene.connect()
    assert "Acme Corp" not in texts(answer(scene, "maya", "What does Retain do with the Zoom integration?"))


def test_staff_are_told_how_to_see_a_customer(tmp_path: Path) -> None:
    with a_scene(tmp_path) as made, bots(made, "retain") as scene:
        assert facts.STAFF_HINT in texts(answer(scene, "sam"))


@pytest.mark.parametrize(
    ("person", "there", "not_there"),
    [
        ("maya", "/retain status", "/retain hours"),
        ("jonas", "/retain hours", "a customer's name"),
        ("priya", "ask", "status"),
    ],
)
def test_help_lists_what_this_person_can_do(scene: Scene, person: str, there: str, not_there: str) -> None:
    scene.slack.command(person, "dm", "/retain", "help")
    told = texts(scene.wait_ephemeral(person, scene.slack.dm(person), "I am Retain's bot"))
    assert there in told
    assert not_there not in told


def test_help_in_a_channel_is_the_same_for_everybody(scene: Scene) -> None:
    general = scene.slack.channel("acme", "general")
    scene.slack.say("jonas", "#general", "@Retain hello")
    assert "/retain connect" not in texts(scene.slack.wait_for_message(general, "I am Retain's bot", PATIENCE))


def test_a_lone_bot_offers_no_link(lone_bot: Driver) -> None:
    lone_bot.say("maya", "dm", QUESTION)
    shown = lone_bot.wait_for_message(lone_bot.dm("maya"), HELPFUL, PATIENCE)
    assert facts.NO_SERVICE in texts(shown)
    assert labels(shown) == ["👍 Yes", "👎 No", "Talk to a person"]


def test_an_admin_who_asks_about_hours_is_a_click_away_from_their_own(scene: Scene) -> None:
    asked = "why is my meeting counted as scheduled?"
    shown = answer(scene, "jonas", asked)
    scene.slack.click("jonas", shown, "Show meeting hours")
    scene.wait_dm("jonas", "Meeting hours of Acme Corp")
    assert "Show meeting hours" not in labels(answer(scene, "maya", asked))
