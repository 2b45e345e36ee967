from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from integration.gaps.grouping import Group, grouped, key_of, rarity
from integration.gaps.missed import Missed
from kb.library import load_library

NOW = datetime(2025, 1, 14, 18, 30, tzinfo=UTC)


@cache
def weight() -> Callable[[str], float]:
    return rarity(load_library())


def groups_of(*questions: Missed) -> list[Group]:
    return grouped(sorted(questions, key=lambda one: one.asked_at, reverse=True), weight())


def missed(text: str, minutes_ago: int = 0, actor: str = "slack:T1/U1", status: str = "unknown") -> Missed:
    return Missed(text, actor, NOW - timedelta(minutes=minutes_ago), status, None, None, 0, ())


def texts(*questions: Missed) -> list[list[str]]:
    return [group.texts for group in groups_of(*questions)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Can I export meeting hours to Excel?", "excel export of the hours please"),
        ("Can I get an invoice?", "where do I find my invoices"),
        ("Do you support Google Meet?", "google meat support"),
        ("connect two zoom accounts", "Can I connect two Zoom accounts?"),
        ("Do you support Google Meet?", "Does it work with Google Meet?"),
        ("excel export", "exel exports?"),
        ("Why is it?", "why is it"),
        ("你好吗", "你好吗"),
    ],
)
def test_what_is_asked_in_other_words_is_one_gap(one: str, other: str) -> None:
    assert len(texts(missed(one), missed(other))) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("How do I connect Zoom?", "How do I disconnect Zoom?"),
        ("authorize zoom", "deauthorize Zoom"),
        ("Why must I connect Zoom again?", "connect two zoom accounts"),
        ("Can I get an invoice?", "What does Retain cost?"),
        ("Do you support Google Meet?", "Can I export meeting hours to Excel?"),
        ("你好吗", "再见"),
    ],
)
def test_what_is_something_else_is_another_gap(one: str, other: str) -> None:
    assert len(texts(missed(one), missed(other))) == 2


def test_the_most_frequent_comes_first_then_what_more_people_asked_then_the_latest() -> None:
    often = [missed("Do you have a mobile app?", n, f"slack:T1/U{n}") for n in range(3)]
    two_people = [missed("Is there an invoice?", n, f"slack:T1/U{n}") for n in (50, 51)]
    one_person = [missed("What does it cost?", n) for n in (1, 2)]
    assert texts(*one_person, *two_people, *often, missed("Any dark mode?", 9), missed("Any rss feed?", 8)) == [
        ["Do you have a mobile app?"],
        ["Is there an invoice?"],
        ["What does it cost?"],
        ["Any rss feed?"],
        ["Any dark mode?"],
    ]


def test_the_most_frequent_wording_leads_and_no_chain_leads_on_from_it() -> None:
    leader = [missed("export hours to excel", n) for n in range(3)]
    groups = groups_of(*leader, missed("excel export of the hours"), missed("hours invoice"), missed("send an invoice"))
    assert groups[0].texts[0] == "export hours to excel"
    assert "send an invoice" not in groups[0].texts


def test_a_group_keeps_its_id_while_its_most_frequent_wording_stays() -> None:
    (first,) = groups_of(missed("What does it cost?"))
    later = groups_of(missed("What does this cost"), missed("What does it cost?"), missed("How to pay an invoice?"))
    assert first.id in [group.id for group in later]


def test_a_group_counts_its_people_and_how_they_were_answered() -> None:
    asked = [
        missed("price", 1, "slack:T1/U1"),
        missed("price?", 2, "slack:T1/U1"),
        missed("Price", 3, "slack:T1/U2", "suggested"),
    ]
    (group,) = groups_of(*asked)
    assert (group.people, group.number("unknown"), group.number("suggested"), group.unsure) == (2, 2, 1, 3)


def test_a_question_of_small_words_alone_is_told_apart_by_them() -> None:
    assert key_of("What is it?") != key_of("How do I?")
    assert key_of("?!") == "?!"


def test_each_of_many_questions_is_in_one_group() -> None:
    asked = [missed(f"question {n % 40} about thing {n % 25} and {n}", n) for n in range(600)]
    found = [one for group in groups_of(*asked) for one in group.questions]
    assert sorted(one.asked_at for one in found) == sorted(one.asked_at for one in asked)
