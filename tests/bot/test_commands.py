"""`/retain …`: answers for one person's eyes, help, support hours, each delivery once."""

import pytest

from bot.acting import NO_SERVICE
from bot.sandbox.driver import Driver
from tests.bot.conftest import QUESTION
from tests.bot.test_once import crash_once
from tests.support.service import Service

ANSWER = "technical reasons"


@pytest.mark.parametrize("text", [f"ask {QUESTION}", f"ASK {QUESTION}", QUESTION])
def test_a_question_is_answered_for_ones_own_eyes(bot: Driver, service: Service, text: str) -> None:
    general = bot.channel("acme", "general")
    bot.command("maya", "#general", "/retain", text)
    bot.wait_for_message(general, ANSWER, viewer="maya")
    assert not [m for m in bot.messages(general, viewer="jonas") if m.bot_id]
    bot.wait_until_idle()
    assert [q.status for q in service.questions()] == ["answered"]


def test_it_works_where_the_app_is_no_member(bot: Driver) -> None:
    bot.command("maya", "#random", "/retain", f"ask {QUESTION}")
    bot.wait_for_message(bot.channel("acme", "random"), ANSWER, viewer="maya")


@pytest.mark.parametrize("text", ["", "  ", "help", "Help", "ask"])
def test_help_says_what_to_type_and_is_not_recorded_as_a_question(bot: Driver, service: Service, text: str) -> None:
    bot.command("maya", "#general", "/retain", text)
    shown = bot.wait_for_message(bot.channel("acme", "general"), "/retain ask", viewer="maya")
    assert "/retain support" in str(shown.blocks)
    assert service.questions() == []


def test_support_says_how_to_reach_people_in_both_zones(lone_bot: Driver) -> None:
    lone_bot.command("maya", "#general", "/retain", "support")
    shown = lone_bot.wait_for_message(lone_bot.channel("acme", "general"), "support@retain.example", viewer="maya")
    assert "PT" in shown.text
    assert "your time" in shown.text  # Maya is in Berlin


def test_support_opens_the_form_once_and_offers_it_where_slack_is_too_slow(bot: Driver) -> None:
    bot.faults.redeliver(2)
    bot.command("maya", "#general", "/retain", "support my invoice is wrong")
    assert "my invoice is wrong" in str(bot.wait_for_modal("maya", "Talk to a person").blocks)
    bot.wait_until_idle()
    general = bot.channel("acme", "general")
    assert not [m for m in bot.messages(general, viewer="maya") if m.bot_id]
    bot.faults.fail("views.open", status=200, error="expired_trigger_id")
    bot.command("maya", "#general", "/retain", "support")
    bot.wait_for_message(general, "A person at Retain answers by", viewer="maya")


@pytest.mark.parametrize("text", ["status", "connect"])
def test_a_lone_bot_says_that_it_has_no_access(lone_bot: Driver, text: str) -> None:
    lone_bot.command("maya", "#general", "/retain", text)
    lone_bot.wait_for_message(lone_bot.channel("acme", "general"), NO_SERVICE, viewer="maya")


def test_a_failure_is_told_even_where_the_app_is_no_member(bot: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    crash_once(monkeypatch)
    bot.command("maya", "#random", "/retain", f"ask {QUESTION}")
    bot.wait_for_message(bot.channel("acme", "random"), "I will try again", viewer="maya")


def test_commands_are_acknowledged_while_all_listeners_wait(bot: Driver) -> None:
    bot.faults.rate_limit("chat.postMessage", retry_after=3, times=20)
    for _ in range(12):
        bot.say("maya", "dm", QUESTION)
    bot.command("maya", "#general", "/retain", "help")
    assert [d.outcome for d in bot.deliveries if d.kind == "command"] == ["acked"]


def test_a_command_delivered_twice_is_answered_once(bot: Driver) -> None:
    bot.faults.redeliver(2)
    bot.command("maya", "#general", "/retain", f"ask {QUESTION}")
    general = bot.channel("acme", "general")
    bot.wait_for_message(general, ANSWER, viewer="maya")
    bot.wait_until_idle()
    assert len([m for m in bot.messages(general, viewer="maya") if ANSWER in m.text]) == 1


def test_a_choice_in_an_ephemeral_answer_takes_its_place(bot: Driver) -> None:
    general = bot.channel("acme", "general")
    bot.command("maya", "#general", "/retain", "zoom")
    offer = bot.wait_for_message(general, "I am not sure", viewer="maya")
    first = next(e for b in offer.blocks if b["type"] == "actions" for e in b["elements"])
    bot.click("maya", offer, first["action_id"])
    bot.wait_for_message(general, "Was this helpful?", viewer="maya")
    assert not [m for m in bot.messages(general, viewer="maya") if "I am not sure" in m.text]
