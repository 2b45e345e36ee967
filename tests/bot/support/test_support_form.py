"""A question is handed over to people with a promised time; the answer comes back, and so does what follows."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.support.own_requests import ADD, SOLVED
from bot.support.passing_on import NOT_PASSED_ON, PASSED_ON
from bot.support.support_form import EMPTY, MORE, QUESTION, SENT, takes
from kb import support_hours
from tests.bot.conftest import QUESTION as ASKED
from tests.bot.scene import MAYA, Scene, a_scene, bots, texts

ANSWER = "technical reasons"
REPLY = "Sign in as the owner.\nThen press Connect."


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with a_scene(tmp_path) as scene, bots(scene, "acme"):
        yield scene


@pytest.mark.parametrize("typed", ["", "my invoice is wrong", "Zoom asks again, and again", "please help"])
def test_what_is_told_to_support_opens_the_form(typed: str) -> None:
    assert takes(typed)


@pytest.mark.parametrize("typed", ["hours", "Hours on Sunday", "email", "response time", "is there on Sunday?"])
def test_what_is_asked_about_support_does_not(typed: str) -> None:
    assert not takes(typed)


def requests(scene: Scene, state: str = "open") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = scene.api("GET", f"/v1/support-requests?state={state}")["requests"]
    return found


def the_one(scene: Scene, such: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The open request, once it is such. Slack hears nothing of that, so there is nothing to await."""
    for _ in range(200):
        found = requests(scene)
        if len(found) == 1 and such(found[0]):
            return found[0]
        threading.Event().wait(0.05)
    raise AssertionError(requests(scene))


def answer(scene: Scene, request: str, key: str = "answer-1") -> None:
    scene.api("POST", f"/v1/support-requests/{request}/answer", {"key": key, "text": REPLY})


def hand_over(scene: Scene) -> tuple[str, str]:
    """Maya waits for a person: the thread of her direct conversation in which she asked, and the request's id."""
    slack, dm = scene.slack, scene.slack.dm("maya")
    asked = slack.say("maya", "dm", ASKED)
    slack.wait_for_message(dm, ANSWER)
    new = {"key": "view:V1", "text": ASKED, "place": f"slack:T0ACME/{dm}/{asked.ts}", "via": "slack"}
    behalf = {"X-Actor": MAYA, "X-Role": "member", "X-Tenant": "acme"}
    return asked.ts, scene.api("POST", "/v1/support-requests", new, **behalf)["id"]


def test_from_an_answer_to_a_person(scene: Scene) -> None:
    slack, dm = scene.slack, scene.slack.dm("maya")
    asked = slack.say("maya", "dm", ASKED)
    slack.click("maya", slack.wait_for_message(dm, ANSWER), "👎 No")
    slack.click("maya", slack.wait_for_modal("maya", "What was missing?"), "Talk to a person")
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
    assert (request["text"], request["more"]) == (ASKED, "It worked until Monday.")
    assert request["place"] == f"slack:T0ACME/{dm}/{asked.ts}"
    assert request["time_zone"] == "Europe/Berlin"
    assert "/archives/" in request["link"]


def test_what_is_written_while_one_waits_is_passed_on_once_and_told_to_nobody_else(scene: Scene) -> None:
    slack, dm = scene.slack, scene.slack.dm("maya")
    thread, request = hand_over(scene)
    slack.say("maya", "dm", "It says <invalid> & stops", thread_ts=thread)
    slack.wait_for_message(dm, PASSED_ON)
    lost = {"key": "message:1", "text": "And the plan?", "actor": MAYA, "place": f"slack:T0ACME/{dm}/{thread}"}
    scene.api("POST", "/v1/questions", lost)  # by a bot that dies then
    scene.service.clock.forward(31)
    slack.wait_for(lambda: len([m for m in slack.world.messages[dm] if PASSED_ON in m.text]) > 1 or None, timeout=15)
    slack.say("maya", "dm", "When do I get my answer?")
    stands = slack.wait_for_message(dm, "Your questions to people at Retain")
    assert ASKED in texts(stands)
    slack.say("maya", "#general", "@Retain get me a human")
    assert ASKED not in texts(slack.wait_for_message(slack.channel("acme", "general"), "A person at Retain answers"))
    waiting = the_one(scene, lambda request: len(request["said"]) > 1)
    assert (waiting["id"], waiting["openings"]) == (request, 1)
    assert [said["text"] for said in waiting["said"]] == ["It says <invalid> & stops", "And the plan?"]


def test_the_answer_comes_into_the_thread_and_what_follows_it_opens_the_request_again(scene: Scene) -> None:
    slack, dm = scene.slack, scene.slack.dm("maya")
    thread, request = hand_over(scene)
    answer(scene, request)
    answered = slack.wait_for_message(dm, "Then press Connect.", 15)
    assert answered.thread_ts == thread
    assert "Retain's support" in texts(answered)
    slack.say("maya", "dm", "thanks!", thread_ts=thread)
    slack.wait_for_message(dm, "You're welcome")
    assert [one["id"] for one in requests(scene, "answered")] == [request]
    slack.say("maya", "dm", "How do I disconnect Zoom?", thread_ts=thread)
    reopened = the_one(scene, lambda request: len(request["said"]) > 2)
    assert reopened["openings"] == 2
    wrote = [said["text"] for said in reopened["said"] if said["kind"] == "wrote"]
    assert wrote == ["thanks!", "How do I disconnect Zoom?"]
    slack.click("maya", answered, "That solved it")
    slack.wait_for_message(dm, "You said that this is solved")
    assert requests(scene) == []
    slack.say("maya", "dm", "One thing more", thread_ts=thread)
    assert the_one(scene, lambda request: request["openings"] == 3)["id"] == request


def test_who_waits_too_long_and_whose_question_is_closed_is_told_so_once(scene: Scene) -> None:
    slack, dm = scene.slack, scene.slack.dm("maya")
    thread, request = hand_over(scene)
    clock = scene.service.clock
    clock.forward((support_hours.next_opening(clock()) - clock()).total_seconds() + 9000)
    assert slack.wait_for_message(dm, "We are late, and sorry", 15).thread_ts == thread
    scene.api("POST", f"/v1/support-requests/{request}/resolve")
    closed = slack.wait_for_message(dm, "closed your question without an answer", 15)
    assert closed.thread_ts == thread
    slack.wait_until_idle()
    assert len([m for m in slack.messages(dm) if "We are late, and sorry" in m.text]) == 1


def test_from_anywhere_else_the_answer_comes_as_a_direct_message_and_home_shows_how_it_stands(scene: Scene) -> None:
    slack, dm = scene.slack, scene.slack.dm("jonas")
    slack.command("jonas", "#general", "/retain", "support")
    form = slack.wait_for_modal("jonas", "Talk to a person")
    empty = slack.submit("jonas", form, {QUESTION: "  "})
    assert empty is not None
    assert list(empty.errors.values()) == [EMPTY]
    scene.service.stop()
    kept = slack.submit("jonas", form, {QUESTION: "Is my plan right?"})
    assert kept is not None
    assert "support@retain.example" in str(kept.errors)
    scene.service.start()
    slack.faults.redeliver(2)
    slack.faults.slow("users.info", 1.5)
    slack.submit("jonas", kept, {QUESTION: "Is my plan right?"})
    receipt = slack.wait_for_message(dm, SENT)
    slack.wait_until_idle()
    assert len([m for m in slack.messages(dm) if SENT in m.text]) == 1
    slack.faults.slow("users.info", 0)
    request = the_one(scene, lambda request: request["place"] == f"slack:T0ACME/{dm}/{receipt.ts}")
    assert request["tenant"] is None  # Slack did not say who it was, and people are told all the same
    answer(scene, request["id"])
    assert slack.wait_for_message(dm, "Then press Connect.", 15).thread_ts == receipt.ts

    scene.service.stop()
    slack.say("jonas", "dm", "How do I connect Zoom?", thread_ts=receipt.ts)
    slack.wait_for_message(dm, NOT_PASSED_ON)  # it is for people, so no article is its answer
    slack.say("jonas", "dm", "How do I connect Zoom?")
    slack.wait_for_message(dm, "administrative Zoom credentials")
    scene.service.start()
    assert the_one(scene, lambda request: len(request["said"]) > 2)["said"][-1]["text"] == "How do I connect Zoom?"
    scene.api("POST", f"/v1/support-requests/{request['id']}/answered-elsewhere")

    slack.open_home("jonas")
    home = slack.wait_for_home("jonas", "Is my plan right?")
    assert "Answered" in texts(home)
    slack.click("jonas", home, "Reply")
    slack.submit("jonas", slack.wait_for_modal("jonas", "Write to a person"), {"Your message": "Not yet"})
    (request,) = requests(scene)
    assert request["said"][-1]["text"] == "Not yet"
    slack.open_home("jonas")
    waiting = slack.wait_for(
        lambda: home if (home := slack.world.homes["U0JONAS"]) and ADD in str(home.blocks) else None, "Home"
    )
    slack.click("jonas", waiting, SOLVED)
    slack.wait_for(lambda: "Is my plan right?" not in texts(slack.world.homes["U0JONAS"]) or None)
