"""A question is handed over to people, with a time that is promised; the answer comes back, and so does what follows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.driver import Driver
from bot.sandbox.reading import readable
from bot.support_form import EMPTY, IN_THREAD, MORE, SENT
from tests.bot.conftest import QUESTION
from tests.bot.scene import MAYA, Scene, a_scene, bots, texts
from tests.support.service import Service

ANSWER = "technical reasons"
REPLY = "Sign in as the owner.\nThen press Connect."


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with a_scene(tmp_path) as scene, bots(scene, "acme"):
        yield scene


def requests(scene: Scene, state: str = "open") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = scene.api("GET", f"/v1/support-requests?state={state}")["requests"]
    return found


def answer(scene: Scene, request: str, key: str = "answer-1") -> None:
    scene.api("POST", f"/v1/support-requests/{request}/answer", {"key": key, "text": REPLY})


def test_from_an_answer_to_a_person_and_back(scene: Scene) -> None:
    slack, dm = scene.slack, scene.slack.dm("maya")
    asked = slack.say("maya", "dm", QUESTION)
    slack.click("maya", slack.wait_for_message(dm, ANSWER), "Talk to a person")
    form = slack.wait_for_modal("maya", "Talk to a person")
    assert "A person answers by" in texts(form)
    assert "My answer was: " in texts(form)
    confirmed = slack.submit("maya", form, {MORE: "It worked until Monday."})
    assert confirmed is not None
    assert "A person answers by" in texts(confirmed)
    receipt = slack.wait_for_message(dm, SENT)
    assert receipt.thread_ts == asked.ts
    (request,) = requests(scene)
    assert (request["actor"], request["tenant"], request["article"]) == (MAYA, "acme", "reauthorize-zoom")
    assert (request["text"], request["more"]) == (QUESTION, "It worked until Monday.")
    assert request["place"] == f"slack:T0ACME/{dm}/{asked.ts}"
    assert request["time_zone"] == "Europe/Berlin"
    assert "/archives/" in request["link"]

    slack.say("maya", "dm", "It says <invalid> & stops", thread_ts=asked.ts)
    slack.wait_for_message(dm, "I passed that on")
    answer(scene, request["id"])
    answered = slack.wait_for_message(dm, "Then press Connect.", 15)
    assert answered.thread_ts == asked.ts
    assert "Retain's support" in texts(answered)

    slack.say("maya", "dm", "thanks!", thread_ts=asked.ts)
    slack.wait_for_message(dm, "You're welcome")
    assert [one["id"] for one in requests(scene, "answered")] == [request["id"]]
    slack.say("maya", "dm", "How do I disconnect Zoom?", thread_ts=asked.ts)
    slack.wait_until_idle()
    (reopened,) = requests(scene)
    assert reopened["openings"] == 2
    wrote = [said["text"] for said in reopened["said"] if said["kind"] == "wrote"]
    assert wrote == ["It says <invalid> & stops", "thanks!", "How do I disconnect Zoom?"]
    slack.click("maya", answered, "That solved it")
    slack.wait_for_message(dm, "You said that this is solved")
    assert requests(scene) == []
