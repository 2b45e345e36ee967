"""Nothing is answered twice and nothing is lost: redelivery, outages, crashes, dropped sockets, refused calls."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.replies import Replies
from bot.sandbox.driver import Driver, running_sandbox
from bot.sandbox.records import Timing
from tests.bot.conftest import QUESTION
from tests.support.bot import running_bot
from tests.support.service import Service

ANSWER = "technical reasons"


def answers(slack: Driver) -> int:
    return len([m for m in slack.messages(slack.dm("maya")) if m.bot_id and ANSWER in m.text])


@pytest.fixture(params=["with the service", "without"])
def any_bot(request: pytest.FixtureRequest) -> Driver:
    driver: Driver = request.getfixturevalue("bot" if request.param == "with the service" else "lone_bot")
    return driver


def test_an_event_delivered_three_times_is_answered_once(any_bot: Driver) -> None:
    any_bot.faults.redeliver(3)
    any_bot.say("maya", "dm", QUESTION)
    any_bot.wait_for_message(any_bot.dm("maya"), ANSWER)
    any_bot.wait_until_idle()
    sent = [d for d in any_bot.deliveries if d.payload.get("event", {}).get("user") == "U0MAYA"]
    assert len(sent) == 3
    assert answers(any_bot) == 1


def test_two_bots_of_one_workspace_answer_once(slack: Driver, service: Service) -> None:
    with running_bot(slack, service=service), running_bot(slack, service=service):
        slack.faults.redeliver(3)
        slack.say("maya", "dm", QUESTION)
        slack.wait_for_message(slack.dm("maya"), ANSWER)
        slack.wait_until_idle()
    assert answers(slack) == 1


def test_a_mention_that_also_arrives_as_a_direct_message_is_answered_once(bot: Driver) -> None:
    asked = bot.say("maya", "dm", QUESTION)
    bot.send_event(
        "acme",
        {"type": "app_mention", "user": "U0MAYA", "text": QUESTION, "ts": asked.ts, "channel": bot.dm("maya")},
    )
    bot.wait_for_message(bot.dm("maya"), ANSWER)
    bot.wait_until_idle()
    assert answers(bot) == 1


def test_a_rate_limit_is_waited_out(any_bot: Driver) -> None:
    any_bot.faults.rate_limit("chat.postMessage", retry_after=1, times=2)
    any_bot.say("maya", "dm", QUESTION)
    any_bot.wait_for_message(any_bot.dm("maya"), ANSWER, timeout=15)
    assert answers(any_bot) == 1


def test_a_server_error_is_tried_again(any_bot: Driver) -> None:
    any_bot.faults.fail("chat.postMessage", status=500, times=2)
    any_bot.say("maya", "dm", QUESTION)
    any_bot.wait_for_message(any_bot.dm("maya"), ANSWER, timeout=15)
    assert answers(any_bot) == 1


def test_a_dropped_socket_is_opened_again_and_nothing_is_lost() -> None:
    # Slack tries again after a minute: longer than slack_sdk needs to notice and reconnect.
    with running_sandbox(timing=Timing(retries=(0.0, 20.0))) as slack, running_bot(slack):
        assert slack.faults.drop_sockets() == 1
        slack.say("maya", "dm", QUESTION)
        slack.wait_for_message(slack.dm("maya"), ANSWER, timeout=30)
        slack.wait_until_idle()
        assert answers(slack) == 1


def test_a_reconnect_that_slack_asks_for_loses_nothing(any_bot: Driver) -> None:
    any_bot.faults.ask_to_reconnect()
    any_bot.say("maya", "dm", QUESTION)
    any_bot.wait_for_message(any_bot.dm("maya"), ANSWER, timeout=30)


def test_a_crash_in_a_listener_is_told_and_the_question_answered_later(
    bot: Driver, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    crash_once(monkeypatch)
    bot.say("maya", "dm", QUESTION)
    told = bot.wait_for_message(bot.dm("maya"), "Something went wrong")
    assert "I will try again" in told.text
    assert "kaboom" not in told.text
    service.clock.forward(31)
    bot.wait_for_message(bot.dm("maya"), ANSWER, timeout=15)
    bot.wait_until_idle()
    assert answers(bot) == 1
    assert service.questions()[0].answered_at is not None


def test_a_crash_in_one_listener_leaves_the_bot_alive(lone_bot: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    crash_once(monkeypatch)
    lone_bot.say("maya", "dm", QUESTION)
    assert "ask again" in lone_bot.wait_for_message(lone_bot.dm("maya"), "Something went wrong").text
    lone_bot.say("maya", "dm", QUESTION)
    lone_bot.wait_for_message(lone_bot.dm("maya"), ANSWER)


def test_while_the_service_is_down_questions_are_answered_and_recorded_afterwards(
    bot: Driver, service: Service
) -> None:
    service.stop()
    bot.faults.redeliver(2)
    bot.say("maya", "dm", QUESTION)
    bot.wait_for_message(bot.dm("maya"), ANSWER, timeout=15)
    bot.wait_until_idle()
    assert answers(bot) == 1
    service.start()
    recorded = lambda: service.questions() and service.questions()[0].answered_at  # noqa: E731
    wait_until(recorded)
    service.clock.forward(60)
    bot.wait_until_idle(quiet=1.5)
    assert answers(bot) == 1


def test_a_question_of_another_workspace_is_left_to_its_own_bot(slack: Driver, service: Service) -> None:
    asked = slack.say("haruka", "dm", QUESTION)  # no bot is there to hear it
    place = f"slack:T0GLOBEX/{slack.dm('haruka')}/{asked.ts}"
    with running_bot(slack, service=service):
        claim_without_answering(service, place=place, actor="slack:T0GLOBEX/U0HARUKA")
        service.clock.forward(31)
        slack.wait_until_idle(quiet=2)
        assert not [c for c in slack.calls_of("chat.postMessage") if c.args.get("channel") == slack.dm("haruka")]
    with running_bot(slack, team="globex", service=service):
        slack.wait_for_message(slack.dm("haruka"), ANSWER, timeout=15)


def test_a_command_left_unanswered_is_answered_by_direct_message(slack: Driver, service: Service) -> None:
    place = f"slack:T0ACME/{slack.channel('acme', 'general')}"
    claim_without_answering(service, place=place, actor="slack:T0ACME/U0MAYA")
    service.clock.forward(31)
    with running_bot(slack, service=service):
        slack.wait_for_message(slack.dm("maya"), ANSWER, timeout=15)
    assert not [m for m in slack.messages(slack.channel("acme", "general")) if m.bot_id]


def test_a_question_whose_channel_is_gone_is_given_up_and_stays_known(slack: Driver, service: Service) -> None:
    claim_without_answering(service, place="slack:T0ACME/C0GONE/1700000000.000100", actor="slack:T0ACME/U0MAYA")
    service.clock.forward(31)
    with running_bot(slack, service=service):
        slack.wait_for(lambda: [c for c in slack.world.calls if c.error == "channel_not_found"] or None, timeout=15)
        slack.wait_until_idle(quiet=1.0)
        service.clock.forward(120)
        slack.wait_until_idle(quiet=1.5)
    assert [c.error for c in slack.calls_of("chat.postMessage")] == ["channel_not_found"]


@pytest.mark.parametrize("method_status", [500, 503])
def test_a_post_that_took_effect_before_it_failed_is_not_repeated(any_bot: Driver, method_status: int) -> None:
    any_bot.faults.fail("chat.postMessage", status=method_status, times=1, after=True)
    any_bot.say("maya", "dm", QUESTION)
    any_bot.wait_for_message(any_bot.dm("maya"), ANSWER)
    any_bot.wait_until_idle(quiet=1.5, timeout=10)
    assert answers(any_bot) == 1


def test_a_rate_limit_beyond_our_patience_is_left_to_the_service_and_answered_once(
    slack: Driver, service: Service
) -> None:
    with running_bot(slack, service=service), running_bot(slack, service=service):
        slack.faults.rate_limit("chat.postMessage", retry_after=25, times=1)
        slack.say("maya", "dm", QUESTION)
        slack.wait_for(lambda: [c for c in slack.world.calls if c.error == "ratelimited"] or None)
        slack.wait_until_idle(quiet=1.0)
        service.clock.forward(31)
        slack.wait_for_message(slack.dm("maya"), ANSWER, timeout=15)
        slack.wait_until_idle(quiet=1.0)
    assert answers(slack) == 1
    assert len(slack.calls_of("chat.postMessage")) == 2  # to apologize would be one message more for Slack


def test_a_bug_in_one_owed_question_does_not_end_the_others(
    slack: Driver, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim_without_answering(service, place=f"slack:T0ACME/{slack.dm('maya')}", actor="slack:T0ACME/U0MAYA")
    service.clock.forward(31)
    crash_once(monkeypatch)
    with running_bot(slack, service=service):
        slack.wait_until_idle(quiet=2.0)
        assert answers(slack) == 0
        service.clock.forward(61)
        slack.wait_for_message(slack.dm("maya"), ANSWER, timeout=15)


def test_a_choice_left_unanswered_is_answered_with_what_was_chosen(bot: Driver, service: Service) -> None:
    bot.say("maya", "dm", "zoom")
    offer = bot.wait_for_message(bot.dm("maya"), "I am not sure")
    chosen = next(e for b in offer.blocks if b["type"] == "actions" for e in b["elements"])
    bot.wait_until_idle()
    bot.faults.fail("chat.postMessage", status=500, times=3)
    bot.click("maya", offer, chosen["action_id"])
    bot.wait_for_message(bot.dm("maya"), "Something went wrong", viewer="maya", timeout=15)
    service.clock.forward(31)
    bot.wait_for_message(bot.dm("maya"), chosen["text"]["text"], timeout=15)
    bot.wait_for_message(bot.dm("maya"), "Was this helpful?", timeout=15)


def test_an_answer_whose_record_failed_is_recorded_before_the_bot_stops(slack: Driver, service: Service) -> None:
    with running_bot(slack, service=service):
        service.stop()
        slack.say("maya", "dm", QUESTION)
        slack.wait_for_message(slack.dm("maya"), ANSWER)
        slack.wait_until_idle()
        service.start()
    assert [q.status for q in service.questions()] == ["answered"]


def crash_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compose: Callable[..., Any] = Replies.article
    crashes = iter([True])

    def article(self: Replies, *args: Any) -> Any:
        if next(crashes, False):
            raise ZeroDivisionError("kaboom")
        return compose(self, *args)

    monkeypatch.setattr(Replies, "article", article)


def claim_without_answering(service: Service, *, place: str, actor: str) -> None:
    """What a bot leaves behind that is killed between its claim and its answer."""
    import requests

    from tests.support.service import API_KEY

    body = {"key": f"killed:{place}", "text": QUESTION, "actor": actor, "place": place}
    with requests.Session() as session:
        session.trust_env = False
        headers = {"Authorization": f"Bearer {API_KEY}"}
        assert session.post(f"{service.url}/v1/questions", json=body, headers=headers, timeout=10).status_code == 201


def wait_until(look: Callable[[], object], seconds: float = 20) -> None:
    import threading

    for _ in range(int(seconds / 0.1)):
        if look():
            return
        threading.Event().wait(0.1)
    raise AssertionError("it did not come about in time")
