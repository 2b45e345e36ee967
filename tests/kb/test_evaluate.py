from collections.abc import Sequence
from pathlib import Path

import pytest

from kb.errors import KbError
from kb.evaluate import Report, Row, auroc, evaluate, read_rows, report
from kb.library import load_library
from kb.search import Answer, Candidate, Search, Status
from tests.kb.conftest import NO_ENCODER, Write
from tests.kb.datasets import write_articles
from tests.kb.libraries import NOT_OURS, TOPICS, write_topics

QUESTIONS, UNSEEN = (Path(__file__).with_name(f"{name}.tsv") for name in ("questions", "unseen"))


def _row(articles: Sequence[str]) -> Row:
    return Row("?", tuple(articles), Path("rows.tsv"), 1)


def _answer(status: Status, found: Sequence[tuple[str, float]], ms: float) -> Answer:
    candidates = tuple(Candidate(article, confidence) for article, confidence in found)
    return Answer("?", status, found[0][0] if status == "answered" else None, candidates, ms)


def test_a_report_adds_up_what_was_answered() -> None:
    asked = [
        (_row(["a"]), _answer("answered", [("a", 0.9), ("b", 0.1)], 1)),
        (_row(["a", "b"]), _answer("answered", [("b", 0.8)], 2)),
        (_row(["a"]), _answer("answered", [("b", 0.7)], 3)),
        (_row(["a"]), _answer("suggested", [("a", 0.4), ("b", 0.3)], 4)),
        (_row(["a"]), _answer("unknown", [("a", 0.2)], 5)),
        (_row([]), _answer("answered", [("a", 0.7)], 6)),
        (_row([]), _answer("unknown", [], 7)),
    ]
    # Of 5 x 2 pairs with NONE (0.7 and 0): 5 are above 0; above 0.7 are 0.9 and 0.8, and 0.7 is a tie.
    assert report(asked).as_dict() == {
        "n": 7,
        "in_scope": 5,
        "not_ours": 2,
        "top1": 0.8,
        "right": 0.4,
        "wrong": 0.2,
        "suggested": 0.2,
        "abstained": 0.2,
        "false_answers": 0.5,
        "auroc": 0.75,
        "ms_p50": 4.0,
        "ms_p99": 6.94,
    }


def test_without_questions_of_both_kinds_there_is_no_auroc() -> None:
    assert auroc([0.5], []) is None
    assert auroc([], [0.5]) is None
    ours = report([(_row(["a"]), _answer("answered", [("a", 0.9)], 1))])
    assert (ours.auroc, ours.false_answers) == (None, 0)


def test_rows_name_one_article_or_several_or_none(tmp_path: Path) -> None:
    path = tmp_path / "rows.tsv"
    path.write_text("a\tWhen?\n\na|b\tWhere?\nNONE\tWho?\tme\n", "utf-8")
    rows = read_rows(path)
    assert [(row.articles, row.question, row.line) for row in rows] == [
        (("a",), "When?", 1),
        (("a", "b"), "Where?", 3),
        ((), "Who?\tme", 4),
    ]


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85", "\v", "\f", "\x1c"])
def test_only_a_newline_ends_a_row(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "rows.tsv"
    path.write_bytes(f"a\tWhen{mark}is it?\r\nb\tWhere?\n".encode())
    rows = read_rows(path)
    assert [(row.question, row.line) for row in rows] == [(f"When{mark}is it?", 1), ("Where?", 2)]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("When is it?", "there is no tab"),
        ("a\t ", "the question is empty"),
        ("\tWhen?", "does not say which article"),
        ("a||b\tWhen?", "does not say which article"),
        ("a|NONE\tWhen?", "does not say which article"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_with_file_line_and_remedy(tmp_path: Path, line: str, problem: str) -> None:
    path = tmp_path / "rows.tsv"
    path.write_text(f"a\tWhen?\n{line}\n", "utf-8")
    with pytest.raises(KbError) as caught:
        read_rows(path)
    assert "rows.tsv:2: " in caught.value.message
    assert problem in caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize("content", [b"", b"\n \n", b"a\t\xff\xfe"])
def test_a_file_without_rows_or_of_other_bytes_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "rows.tsv"
    path.write_bytes(content)
    with pytest.raises(KbError, match=r"rows\.tsv"):
        read_rows(path)


def test_a_file_that_is_missing_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(KbError) as caught:
        read_rows(tmp_path / "gone.tsv")
    assert caught.value.remedy


def test_an_article_that_is_not_there_is_named_with_line_and_likely_name(write: Write, tmp_path: Path) -> None:
    search = Search(load_library(write_topics(write, TOPICS)))
    path = tmp_path / "rows.tsv"
    path.write_text("hours\tWhen?\nhors\tWhen?\n", "utf-8")
    with pytest.raises(KbError, match=r"rows\.tsv:2: there is no article “hors”\. Did you mean “hours”\?"):
        evaluate(search, read_rows(path))


def test_a_search_is_measured_with_its_own_phrasings(write: Write, tmp_path: Path) -> None:
    search = Search(load_library(write_topics(write, TOPICS, NOT_OURS)))
    path = tmp_path / "rows.tsv"
    lines = [f"{slug}\t{question}" for slug, questions in TOPICS.items() for question in questions]
    path.write_text("\n".join([*lines, *(f"NONE\t{question}" for question in NOT_OURS)]), "utf-8")
    measured = evaluate(search, read_rows(path))
    assert (measured.top1, measured.right, measured.false_answers, measured.auroc) == (1, 1, 0, 1)


@pytest.mark.parametrize("questions", [QUESTIONS, UNSEEN])
def test_by_words_alone_our_own_articles_answer_four_of_five_questions_they_do_not_list(questions: Path) -> None:
    measured = evaluate(Search(load_library(), by_words=True), read_rows(questions))
    assert measured.top1 >= 0.92
    assert measured.right >= 0.80
    assert measured.wrong <= 0.03
    assert measured.abstained <= 0.08
    assert measured.false_answers <= 0.05
    assert measured.auroc is not None
    assert measured.auroc >= 0.96


@NO_ENCODER
@pytest.mark.parametrize("questions", [QUESTIONS, UNSEEN])
def test_by_meaning_our_own_articles_answer_most_of_what_they_do_not_list(questions: Path) -> None:
    measured = evaluate(Search(load_library()), read_rows(questions))
    assert measured.top1 >= 0.94
    assert measured.right >= 0.92
    assert measured.wrong <= 0.03
    assert measured.abstained <= 0.04
    assert measured.false_answers <= 0.05
    assert measured.auroc is not None
    assert measured.auroc >= 0.98


def _measured(dataset: Path, folder: Path, rows: str) -> Report:
    write_articles(dataset, folder)
    return evaluate(Search(load_library(folder), by_words=True), read_rows(dataset / rows))


def test_typos_on_a_foreign_knowledge_base_do_little_harm(shared: Path, folder: Path) -> None:
    measured = _measured(shared / "datasets" / "banking77", folder, "validation-typos.tsv")
    assert measured.top1 >= 0.76
    assert measured.wrong <= 0.06


def test_questions_out_of_a_foreign_knowledge_bases_scope_are_told(shared: Path, folder: Path) -> None:
    measured = _measured(shared / "datasets" / "clinc150", folder, "validation.tsv")
    assert measured.top1 >= 0.82
    assert measured.auroc is not None
    assert measured.auroc >= 0.92
    assert measured.false_answers <= 0.09
