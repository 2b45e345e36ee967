"""`/retain gaps`: staff read what was not answered well; nobody else does."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.service.gaps_service import Gap, Gaps
from bot.support import gaps
from bot.support.request_actions import STAFF_ONLY
from tests.bot.scene import Scene, a_scene, bots, labels, texts

NOW = datetime(2026, 11, 3, 18, tzinfo=UTC)
GAP = Gap(id="1", text="Can I get an <invoice>?", count=3, people=2, last_at=NOW, why="No article is about it.")


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with a_scene(tmp_path) as made, bots(made, "retain", "acme") as ready:
        yield ready


def test_staff_read_what_customers_missed_and_customers_do_not(scene: Scene) -> None:
    slack, question = scene.slack, "Can I get an invoice for Retain?"
    for person in ("maya", "jonas"):
        slack.say(person, "dm", question)
    slack.wait_until_idle()
    slack.command("maya", "dm", "/retain", "gaps")
    scene.wait_ephemeral("maya", slack.dm("maya"), STAFF_ONLY)
    slack.command("sam", "dm", "/retain", "gaps")
    shown = scene.wait_ephemeral("sam", slack.dm("sam"), "What was not answered well")
    assert f"1. {question}" in texts(shown)
    assert "Asked 2 times by 2 people, last" in texts(shown)
    assert labels(shown) == ["See them all as a page"]


@pytest.mark.parametrize(
    ("rest", "taken"), [("", True), ("90", True), ("last 7 days", True), ("in the report?", False)]
)
def test_days_belong_to_the_command_and_a_question_does_not(rest: str, taken: bool) -> None:
    assert gaps.takes(rest) is taken


def test_a_gap_says_how_often_and_what_was_missed() -> None:
    disliked = GAP.model_copy(update={"not_helpful": 1, "comments": ("The <price>",), "count": 1, "people": 1})
    shown = gaps.told(Gaps(days=30, questions=12, groups=(GAP, disliked)))
    assert "4 of 12 questions in 30 days." in shown.fallback
    assert "Asked 3 times by 2 people, last Tue 3 Nov 2026, 10:00 PT.\nNo article is about it." in shown.fallback
    assert (
        "Asked once by 1 person, last Tue 3 Nov 2026, 10:00 PT; 1 person said that it did not help." in shown.fallback
    )
    assert "Missed: The &lt;price&gt;" in shown.fallback
    assert labels(shown) == ["See them all as a page"]


def test_without_gaps_it_says_so() -> None:
    shown = gaps.told(Gaps(days=1, questions=1, groups=()))
    assert shown.text == "1 question in 1 day, and none is left that the articles do not answer."
    assert labels(shown) == ["See them all as a page"]
