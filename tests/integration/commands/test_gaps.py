"""`gaps`: the list, and a patch written by hand and by git."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from integration.runtime import Runtime, make_runtime
from tests.integration.commands.conftest import Command
from tests.integration.conftest import make_settings
from tests.integration.gaps.repository import git, make_repository
from tests.integration.gaps.rows import Asking

HALL = "Is the reading hall heated in winter?"


@pytest.fixture
def asking(database_url: URL) -> Iterator[Asking]:
    """At the real time, which commands go by."""
    runtime: Runtime = make_runtime(make_settings(database_url))
    yield Asking(runtime)
    runtime.database.close()


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_repository(tmp_path_factory.mktemp("repository"))


@pytest.fixture
def evaluation(tmp_path: Path) -> Path:
    path = tmp_path / "questions.tsv"
    path.write_text("rooms\tbook a room for tomorrow\nfines\tHow much are the late fees?\n", "utf-8")
    return path


def test_the_list_says_what_was_missed_and_why(command: Command, asking: Asking, articles: Path) -> None:
    assert "0 questions in 30 days" in command("gaps", "--articles", str(articles)).text
    asking(HALL, by="slack:T1/U1")
    asking("is the reading hall heated", "suggested", by="slack:T1/U2")
    asking("Where can I print a document?", "answered", "printer", disliked_by=("slack:T1/U1",), comment="The price")
    said = command("gaps", "--articles", str(articles))
    assert said.code == 0, said.text
    assert said.text.startswith("3 questions in 30 days. Not answered well, the most frequent first:\n\n  1. ")
    assert "     2 times, 2 people, last 20" in said.text
    assert "     1 time, 1 person, last 20" in said.text
    assert "1 person said that it did not help" in said.text
    assert "     Missed: The price\n" in said.text
    assert "\nNext: python -m integration gaps --patch gaps.patch --choose NUMBER=ARTICLE\n" in said.text
    told = json.loads(command("gaps", "--json", "--limit", "1", "--articles", str(articles)).text)
    assert [group["count"] for group in told["groups"]] == [2]


def test_a_patch_is_written_when_it_does_no_harm(
    command: Command, asking: Asking, articles: Path, evaluation: Path, tmp_path: Path
) -> None:
    asking(HALL)
    root, patch = articles.parents[1], tmp_path / "gaps.patch"
    teaching = ("gaps", "--articles", str(articles), "--questions", str(evaluation), "--patch", str(patch))
    said = command(*teaching, "--choose", "1=borrow:How much are the late fees?")
    assert (said.code, patch.exists()) == (1, False)
    assert f"of {evaluation} would be answered worse:" in said.text
    said = command(*teaching, "--choose", "1=rooms")
    assert said.code == 0, said.text
    assert said.text.endswith(f"is answered worse.\nNext: git apply {patch}\n")
    git(root, "apply", str(patch))
    assert f"+  - {HALL}\n" in git(root, "diff")
    git(root, "checkout", "--quiet", ".")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--patch", "x.patch"), "--patch and --choose go together"),
        (("--choose", "1=rooms"), "--patch and --choose go together"),
        (("--patch", "x.patch", "--choose", "1=rooms"), "There is no gap “1”"),
    ],
)
def test_what_is_missing_is_said(command: Command, articles: Path, arguments: tuple[str, ...], words: str) -> None:
    said = command("gaps", "--articles", str(articles), *arguments)
    assert said.code == 1
    assert words in said.text


def test_days_are_told_by_the_sandboxs_clock(
    command: Command, asking: Asking, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking(HALL)
    (tmp_path / "clock").write_text(f"{31 * 86400}\n", "ascii")
    monkeypatch.setenv("SANDBOX_CLOCK", str(tmp_path / "clock"))
    assert command("gaps", "--articles", str(articles)).text.startswith("0 questions in 30 days")
