"""Staff work on a support request by clicks: one card, which never tells of an earlier state."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.model import Message
from tests.bot.scene import MAYA, PATIENCE, Scene, a_scene, bots, labels, texts

ELLIE = "slack:T0RETAIN/U0ELLIE"
DESK = "C0RETAINSUPPORT"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with a_scene(tmp_path) as made, bots(made, "retain") as ready:
        yield ready


def hand_over(scene: Scene, text: str = "Zoom says the host is not valid.", **more: Any) -> str:
    """Maya asks; the request's id."""
    new = {"key": f"form/{text}", "text": text, "via": "slack", "name": "Maya Chen", "time_zone": "Europe/London"}
    headers = {"X-Actor": MAYA, "X-Role": "member", "X-Tenant": "acme"}
    place = {"place": f"slack:T0ACME/{scene.slack.dm('maya')}/1700000000.000100"}
    return str(scene.api("POST", "/v1/support-requests", new | place | more, **headers)["id"])


def card_with(scene: Scene, text: str) -> Message:
    return scene.slack.wait_for_message(DESK, lambda message: text in texts(message), PATIENCE)


def state(scene: Scene, request: str) -> dict[str, Any]:
    found: dict[str, Any] = scene.api("GET", f"/v1/support-requests/{request}")
    return found


def told(scene: Scene, person: str, text: str) -> Message:
    def says(message: Message) -> bool:
        return message.ephemeral_to is not None and text in texts(message)

    return scene.slack.wait_for_message(DESK, says, PATIENCE, viewer=person)


def test_from_the_card_a_request_is_claimed_answered_and_resolved(scene: Scene) -> None:
    request = hand_over(scene, more="It began today.", link="https://acme.slack.example/archives/D1/p1")
    card = card_with(scene, "asks for a person")
    assert "🔔 *Maya Chen (Acme Corp) asks for a person*" in texts(card)
    for there in (
        "> Zoom says the host is not valid.",
        "> It began today.",
        "your time",
        "Europe/London",
        "not connected",
    ):
        assert there in texts(card)
    assert labels(card) == ["Claim", "Answer", "Mark answered", "Snooze", "Resolve", "Show status"]

    scene.slack.command("ellie", "#support-desk", "/retain", "queue")
    queue = told(scene, "ellie", "1 open request")
    assert "🔔 *Maya Chen (Acme Corp)*: by " in texts(queue)
    scene.slack.click("ellie", queue, "Open")
    stale = told(scene, "ellie", "asks for a person")
    scene.slack.click("sam", card, "Claim")
    card = card_with(scene, "waits for an answer")
    assert state(scene, request)["card"] == f"slack:T0RETAIN/{DESK}/{card.ts}"
    assert "Claimed by:* <@U0SAM>" in texts(card)
    scene.slack.click("ellie", stale, "Claim")
    told(scene, "ellie", "<@U0SAM> has this request already.")

    scene.slack.click("sam", card, "Answer")
    form = scene.slack.wait_for_modal("sam")
    assert "Zoom says the host is not valid." in texts(form)
    assert scene.slack.submit("sam", form, {"Your answer": "Sign in as the host and try again."}) is None
    card = card_with(scene, "was answered")
    assert "> Sign in as the host and try again." in texts(card)
    assert state(scene, request)["ended"] == "answered"

    scene.slack.click("sam", card, "Resolve")
    card = card_with(scene, "needs nothing more")
    assert labels(card) == ["Reopen", "Show status"]
    scene.slack.click("sam", card, "Reopen")
    card = card_with(scene, "waits again")
    assert "Release" in labels(card)
    assert [m.ts for m in scene.slack.messages(DESK) if "host is not valid" in texts(m)] == [card.ts]


def test_of_two_who_claim_at_once_one_gets_it_and_who_is_not_staff_does_nothing(scene: Scene) -> None:
    request = hand_over(scene)
    card = card_with(scene, "asks for a person")
    with ThreadPoolExecutor() as people:
        assert all(people.map(lambda person: scene.slack.click(person, card, "Claim"), ("sam", "ellie")))
    winner = scene.slack.wait_for_message(DESK, lambda m: "waits for an answer" in texts(m), PATIENCE)
    has_it = state(scene, request)["claimed_by"].rpartition("/")[2]
    assert f"Claimed by:* <@{has_it}>" in texts(winner)
    loser = {"U0SAM": "ellie", "U0ELLIE": "sam"}[has_it]
    told(scene, loser, f"<@{has_it}> has this request already.")

    scene.slack.change_usergroup("S0SUPPORT", "ellie")  # Sam is not staff any more
    scene.slack.click("sam", winner, "Resolve")
    told(scene, "sam", "Only Retain's support can do that.")
    for button in ("Answer", "Snooze"):
        scene.slack.click("sam", winner, button)
        assert "Only Retain's support can do that." in texts(scene.slack.wait_for_modal("sam"))
        scene.slack.close_modal("sam")
    assert state(scene, request)["state"] == "claimed"


def test_an_answer_survives_a_colleague_who_was_quicker_and_an_outage(scene: Scene) -> None:
    request = hand_over(scene)
    scene.slack.click("sam", card_with(scene, "asks for a person"), "Answer")
    form = scene.slack.wait_for_modal("sam")
    scene.api("POST", f"/v1/support-requests/{request}/claim", **{"X-Actor": ELLIE})
    warned = scene.slack.submit("sam", form, {"Your answer": "Sign in again."})
    assert warned is not None
    assert "⚠️ <@U0ELLIE> has this request already." in texts(warned)
    assert state(scene, request)["ended"] is None

    scene.service.stop()
    refused = scene.slack.submit("sam", warned)
    assert refused is not None
    assert "our service does not answer" in str(refused.errors)
    assert "What you wrote is still here." in str(refused.errors)
    scene.service.start()
    assert scene.slack.submit("sam", refused) is None
    card_with(scene, "> Sign in again.")
    assert [one["text"] for one in state(scene, request)["said"]] == ["Sign in again."]

    # Slack may not hear that it was taken, and leave the form open: what is corrected there is no repetition.
    for text in ("Sign in again.", "Sign in again, please."):
        scene.slack.call(lambda: scene.slack.world.modals.setdefault("U0SAM", []).append(refused))
        assert scene.slack.submit("sam", refused, {"Your answer": text}) is None
    card_with(scene, "> Sign in again, please.")
    said = [one["text"] for one in state(scene, request)["said"]]
    assert said == ["Sign in again.", "Sign in again, please."]
