"""A support request's card: its buttons in every state, harmless whatever somebody wrote, within Slack's limits."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.blocks import Message
from bot.sandbox.validation import check_message
from bot.service.desk_api import SupportRequest
from bot.staff import Staff
from bot.support.request_card import Seen, card
from bot.support.request_words import due_and_left
from tests.bot.scene import MAYA, SAM, labels, texts

NOW = datetime(2026, 11, 23, 17, 28, tzinfo=UTC)  # Monday, 9:28 in California
DUE = datetime(2026, 11, 23, 18, 40, tzinfo=UTC)
STAFF = Staff(team="T0RETAIN", channel="C1")
SEEN = Seen(NOW, STAFF)


def a_request(**facts: Any) -> SupportRequest:
    """Of Maya's, an hour ago; nobody has it."""
    known = {
        "id": "r1", "version": 3, "state": "open", "via": "slack", "tenant": "acme", "tenant_name": "Acme Corp",
        "actor": MAYA, "place": "slack:T0ACME/D1/1.1", "contact": {"name": "Maya Chen"}, "time_zone": "Europe/London",
        "text": "Why?", "asked_at": NOW - timedelta(hours=1), "started_at": NOW - timedelta(hours=1),
        "respond_by": DUE, "minutes_left": 72.4,
    }  # fmt: skip
    return SupportRequest.model_validate(known | facts)


def happened(kind: str, **facts: Any) -> dict[str, Any]:
    return {"id": "e1", "at": NOW.isoformat(), "kind": kind} | facts


def shown(**facts: Any) -> Message:
    message = card(a_request(**facts), SEEN)
    check_message(list(message.blocks))
    return message


def test_it_says_who_asks_what_and_how_long_there_is() -> None:
    said = texts(shown(more="Since today.", zoom={"state": "needs_reauthorization", "cause": "token_revoked"}))
    for there in (
        "🔔 *Maya Chen (Acme Corp) asks for a person*",
        "> Why?",
        "> Since today.",
        "*Answer:* by 10:40 PT today (<!date^1795459200^{date_short_pretty} {time} your time|Mon 23 Nov 2026, 10:40 PT",
        "*Claimed by:* nobody yet",
        "🔴 Zoom has to be connected again (token revoked)",
        "Mon 17:28 where Maya Chen is (Europe/London)",
    ):
        assert there in said


def test_who_gave_no_name_is_called_by_where_they_are_written_to() -> None:
    from_the_web = {"via": "web", "tenant": None, "tenant_name": None, "actor": None, "place": None}
    assert "kim@umbrella.example asks for" in texts(shown(**from_the_web, contact={"email": "kim@umbrella.example"}))
    assert "Somebody asks for" in texts(shown(**from_the_web, contact=None))


@pytest.mark.parametrize(
    ("facts", "buttons"),
    [
        ({}, ["Claim", "Answer", "Mark answered", "Snooze", "Resolve"]),
        ({"state": "claimed", "claimed_by": SAM}, ["Answer", "Mark answered", "Snooze", "Release", "Resolve"]),
        ({"state": "answered", "claimed_by": SAM, "minutes_left": None}, ["Answer", "Resolve", "Reopen"]),
        ({"state": "resolved", "claimed_by": SAM, "minutes_left": None}, ["Reopen"]),
        ({"place": None}, ["Claim", "Answer", "Mark answered", "Snooze", "Resolve"]),
        ({"place": None, "actor": None}, ["Claim", "Mark answered", "Snooze", "Resolve"]),
        ({"state": "of tomorrow"}, ["Answer", "Resolve", "Reopen"]),
    ],
)
def test_it_offers_what_may_be_done_as_it_stands(facts: dict[str, Any], buttons: list[str]) -> None:
    assert labels(shown(**facts)) == [*buttons, "Show status"]


def test_resolving_asks_first_while_somebody_waits() -> None:
    def asks(message: Message) -> bool:
        return next("confirm" in e for e in message.blocks[-1]["elements"] if e["text"]["text"] == "Resolve")

    assert asks(shown())
    assert not asks(shown(state="answered", minutes_left=None))


def test_of_a_request_from_the_web_the_address_is_shown_and_how_to_answer() -> None:
    contact = {"name": "Ada King", "email": "ada@acme.example", "organisation": "Acme"}
    message = shown(via="web", place=None, actor=None, tenant=None, tenant_name=None, contact=contact)
    assert "*Ada King (says: Acme) asks for a person*" in texts(message)
    assert "*Signed in:* no: name and organisation are as they typed them" in texts(message)
    assert "*E-mail:* ada@acme.example" in texts(message)
    assert "answer by e-mail, then press “Mark answered”" in texts(message)
    assert "Show status" not in labels(message)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"minutes_left": -5.2, "respond_by": NOW - timedelta(minutes=6)}, "overdue by 6 min of support hours"),
        ({"minutes_left": 0.0, "respond_by": NOW - timedelta(minutes=6)}, "overdue"),
        ({"minutes_left": 0.4, "respond_by": NOW + timedelta(seconds=24)}, "0 min of support hours left"),
    ],
)
def test_a_target_is_missed_after_it_and_not_before(facts: dict[str, Any], words: str) -> None:
    message = shown(**facts)
    assert (due_and_left(a_request(**facts), NOW) or "").endswith(f" PT today, {words}")
    assert texts(message).startswith("🔴") == ("overdue" in words)
    assert ("your time|Mon 23 Nov 2026, 09:22 PT>): overdue" in texts(message)) == ("overdue" in words)


def test_both_times_of_a_target_are_rounded_up() -> None:
    assert "by 10:41 PT today (" in texts(shown(respond_by=DUE + timedelta(seconds=1)))
    assert "Mon 23 Nov 2026, 10:41 PT" in texts(shown(respond_by=DUE + timedelta(seconds=1)))


def test_an_answer_that_did_not_arrive_is_none() -> None:
    lost = happened("answered", actor=SAM, text="Yes.", delivery="not_delivered", reason="user_disabled")
    message = shown(state="answered", minutes_left=None, said=[lost])
    assert texts(message).startswith("⚠️ *Maya Chen (Acme Corp) has no answer yet: it could not be delivered*")
    assert "Write to them in another way" in texts(message)
    arrived = [lost, happened("answered", actor=SAM, text="Yes.", delivery="delivered")]
    assert texts(shown(state="answered", minutes_left=None, said=arrived)).startswith("✅")


@pytest.mark.parametrize(("by", "heading"), [(SAM, "was closed without an answer"), (MAYA, "needs nothing more")])
def test_what_staff_close_without_an_answer_is_not_what_its_asker_solved(by: str, heading: str) -> None:
    said = [happened("resolved", actor=by)]
    assert heading in texts(shown(state="resolved", minutes_left=None, ended="closed", said=said))


def test_the_last_answer_stays_however_much_happens_after_it() -> None:
    later = [happened("reopened", actor=SAM) | {"id": str(number)} for number in range(9)]
    said = [happened("answered", actor=SAM, text="Look at your settings."), *later]
    assert "> Look at your settings." in texts(shown(said=said))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (happened("answered", actor=SAM, text="Yes.", delivery="on_its_way"), "<@U0SAM> answered"),
        (happened("answered", actor=SAM, text="Yes.", delivery="on_its_way"), "(on its way)"),
        (
            happened("answered", actor=SAM, text="Yes.", delivery="not_delivered", reason="user_disabled"),
            "(not delivered: the person has left)",
        ),
        (happened("elsewhere", actor=SAM), "<@U0SAM> answered in another way"),
        (happened("wrote", actor=MAYA, text="Thanks\nMaya"), "> Thanks\n> Maya"),
        (happened("resolved"), "Resolved by itself after a week without news"),
        (happened("resolved", actor=MAYA), "Maya Chen resolved it"),
        (happened("a_new_kind", actor=SAM), "<@U0SAM> a new kind"),
    ],
)
def test_it_tells_what_happened_since(said: dict[str, Any], words: str) -> None:
    assert words in texts(shown(said=[said]))


def test_who_wrote_again_is_told_from_what_staff_reopened() -> None:
    again = {"openings": 2, "said": [happened("reopened", actor=MAYA), happened("wrote", actor=MAYA, text="And now?")]}
    assert "wrote again" in texts(shown(**again))
    assert "waits again" in texts(shown(openings=2, said=[happened("reopened", actor=SAM)]))


def test_nothing_that_somebody_wrote_is_markup() -> None:
    hostile = "<!channel> & <https://evil.example|ok>\ue000d1|x\ue001\n*bold*"
    message = shown(text=hostile, more=hostile, contact={"name": hostile}, said=[happened("wrote", text=hostile)])
    assert "<!channel>" not in str(message.blocks)
    assert "<https://evil" not in str(message.blocks)
    assert "<!date^1^" not in str(message.blocks)
    assert "<!channel>" not in message.fallback


@settings(max_examples=30)
@example("&" * 3000, 20)
@example("\n" * 3000, 20)
@given(st.text(max_size=3000), st.sampled_from([1, 20]))
def test_it_fits_into_a_message_whatever_is_written(text: str, events: int) -> None:
    said = [happened("wrote", text=text, actor=MAYA) for _ in range(events)]
    link = f"https://acme.slack.example/{text[:200]}"
    shown(text=text, more=text or None, said=said, link=link, contact={"name": text, "organisation": text})
