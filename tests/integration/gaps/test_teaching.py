"""From a gap to a patch that real git applies, or to the reasons why there is none."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from integration.errors import Invalid
from integration.gaps.choosing import Choice, choice_of
from integration.gaps.teaching import MOST_SHOWN, against, teach, worse_lines
from integration.gaps.views import Gap
from kb.evaluate import Row
from kb.library import load_library
from kb.phrasings import LONGEST_PHRASING
from kb.search import Answer, Candidate, Search
from kb.trial import Trial, Verdict, Worse
from tests.integration.gaps.repository import git, make_repository

NOW = datetime(2025, 1, 14, tzinfo=UTC)


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Search:
    return Search(load_library(make_repository(tmp_path_factory.mktemp("repository"))))


def gap(text: str, id: str = "a1b2c3d4", *texts: str) -> Gap:
    return Gap(
        id=id,
        text=text,
        count=1,
        people=1,
        first_at=NOW,
        last_at=NOW,
        unknown=1,
        suggested=0,
        not_helpful=0,
        comments=[],
        texts=list(texts),
        closest=None,
        why="",
    )


CHAMBER = gap("chamber for scholars", "a1b2c3d4", "chambers for two scholars")
ISBN = gap("Can I lend a magazine?", "12345678")
GAPS = (CHAMBER, ISBN)
ROWS = [
    Row("book a room for tomorrow", ("rooms",), Path("questions.tsv"), 1),
    Row("How much are the late fees?", ("fines",), Path("questions.tsv"), 2),
    Row("Where do I buy a boat?", (), Path("questions.tsv"), 3),
]


def chosen(search: Search, *choices: str) -> list[Choice]:
    return [choice_of(one, GAPS, search.library) for one in choices]


def test_a_choice_names_a_gap_by_number_or_id_and_perhaps_a_wording(search: Search) -> None:
    first, second, third = chosen(search, "1=rooms", "12345678 = borrow", " 2=borrow: May I lend:  a magazine? ")
    assert (first.gap, first.article, first.phrasing) == (CHAMBER, "rooms", "chamber for scholars")
    assert (second.gap, second.phrasing) == (ISBN, "Can I lend a magazine?")
    assert (third.gap, third.phrasing) == (ISBN, "May I lend: a magazine?")
    assert chosen(search, "1=not_ours")[0].article == "not_ours"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("rooms", "“rooms” is no choice"),
        ("3=rooms", "There is no gap “3”"),
        ("1=room", "Did you mean “rooms”"),
        (f"1=rooms:{'x' * (LONGEST_PHRASING + 1)}", "a letter is no phrasing"),
        ("1=rooms:ask •••", "something personal left out"),
    ],
)
def test_what_is_no_choice_says_what_to_write(search: Search, typed: str, message: str) -> None:
    with pytest.raises(Invalid, match=message):
        chosen(search, typed)


def test_git_applies_the_patch_and_the_question_is_answered(search: Search) -> None:
    lesson = teach(search, chosen(search, "1=rooms", "2=borrow:Can I lend a magazine: yes?"), ROWS)
    assert lesson.patch is not None, lesson.lines
    assert lesson.lines[0].startswith("1 → rooms: “chamber for scholars”; ")
    assert lesson.lines[0].endswith(" of its 2 wordings find it.")
    root = search.library.folder.parents[1]
    (root / "gaps.patch").write_text(lesson.patch, "utf-8")
    git(root, "apply", "--check", "gaps.patch")
    git(root, "apply", "gaps.patch")
    try:
        assert git(root, "diff", "--numstat") == "1\t0\tkb/articles/borrow.md\n1\t0\tkb/articles/rooms.md\n"
        taught = Search(load_library(search.library.folder))
        assert taught.ask("chamber for scholars").article == "rooms"
        assert taught.ask("can i lend a magazine: yes").article == "borrow"
    finally:
        git(root, "checkout", "--quiet", ".")


def test_a_patch_that_would_make_another_answer_worse_is_refused(search: Search) -> None:
    stolen = "1=borrow:How much are the late fees?"
    refused = teach(search, chosen(search, "2=borrow", stolen), ROWS)
    assert refused.patch is None
    assert refused.lines[:2] == (
        "1 question of questions.tsv would be answered worse:",
        "  line 2: How much are the late fees?",
    )
    assert refused.lines[2] == "    now fines, then borrow"
    assert refused.lines[-1] == "By itself each of these would do no harm: 2."
    assert teach(search, chosen(search, stolen), ROWS, allow_unsure=True).patch is None


def test_what_is_taught_as_not_ours_finds_no_article(search: Search) -> None:
    lesson = teach(search, chosen(search, "1=not_ours"), ROWS)
    assert lesson.lines == ("1 → not_ours: “chamber for scholars”; 2 of its 2 wordings find no article.",)


def test_an_answer_that_becomes_a_choice_is_accepted_where_that_is_said() -> None:
    before = Answer("late fee", "answered", "fines", (Candidate("fines", 0.9),), 0.1)
    after = Answer("late fee", "suggested", None, (Candidate("fines", 0.4),), 0.1)
    worse = Worse(ROWS[1], before, after, Verdict.UNSURE)
    trial = Trial((), (), (worse,), None)
    assert against(trial, allow_unsure=True) == []
    assert against(trial, allow_unsure=False) == [worse]
    assert worse_lines([worse] * (MOST_SHOWN + 2))[-3:] == [
        "    now fines, then a choice (fines)",
        "  and 2 more",
        "None would be answered wrong, only less surely: --allow-unsure accepts that.",
    ]


def test_a_patch_that_the_check_would_refuse_is_refused(search: Search) -> None:
    refused = teach(search, chosen(search, "1=rooms:overdue fee"), ROWS)
    assert refused.patch is None
    assert "“overdue fee” is claimed by rooms and by fines" in refused.lines[1]
