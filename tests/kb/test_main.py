"""The command line, in this process where that is enough, and as a process where pipes and terminals matter."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kb.__main__ import app
from kb.languages import ONLY_ENGLISH, languages
from tests.kb.conftest import Write

COMMAND = [sys.executable, "-m", "kb"]
FIELDS = ["question", "status", "article", "candidates", "ms"]
AUTHORIZE = "I'm being asked to authorize the Zoom app again. Why?"


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PUBLIC_URL", "HELP_URL", "SUPPORT_EMAIL"):
        monkeypatch.delenv(name, raising=False)


def run(*arguments: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(app, list(arguments), input=stdin)


# ask


def test_a_person_gets_the_short_answer_the_article_and_how_sure_it_is() -> None:
    result = run("ask", AUTHORIZE)
    assert result.exit_code == 0
    assert result.stdout.startswith("Why you are asked to authorize Zoom again\n\n")
    assert "Read more: kb/articles/reauthorize-zoom.md\n" in result.stdout
    assert "How sure: very sure (" in result.stdout


def test_a_person_gets_a_link_where_the_help_centre_has_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://r.example")
    assert "Read more: https://r.example/help/reauthorize-zoom" in run("ask", AUTHORIZE).stdout


def test_a_question_that_is_not_ours_gets_an_honest_answer_and_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPPORT_EMAIL", "help@r.example")
    result = run("ask", "what is love")
    assert result.exit_code == 0
    assert "I don't know the answer to that." in result.stdout
    assert "write to help@r.example" in result.stdout
    assert "Support hours: " in result.stdout


def test_an_unclear_question_gets_candidates() -> None:
    result = run("ask", "how do I connect zoom and when are you open?")
    assert result.stdout.startswith("I'm not sure which of these you mean:\n1. ")
    assert "\n2. " in result.stdout


def test_an_answer_can_be_explained() -> None:
    plain, explained = run("ask", AUTHORIZE).stdout, run("ask", "--explain", AUTHORIZE).stdout
    assert len(explained) > len(plain)


def test_who_asks_in_another_language_is_told_so_in_it_and_in_english() -> None:
    told = run("ask", "Warum muss ich Zoom erneut verbinden?").stdout
    assert told.startswith(f"{languages()['de'].says}\n{ONLY_ENGLISH}\nPlease talk to a person: ")
    assert "I don't know" not in told


def test_one_question_as_json() -> None:
    result = run("ask", "--json", "--explain", AUTHORIZE)
    answer = json.loads(result.stdout)
    assert list(answer) == FIELDS
    assert (answer["question"], answer["status"], answer["article"]) == (AUTHORIZE, "answered", "reauthorize-zoom")
    assert list(answer["candidates"][0]) == ["article", "confidence"]
    assert result.stderr


def test_every_line_of_the_input_gets_one_line_of_json() -> None:
    result = run("ask", "--json", stdin=f"{AUTHORIZE}\r\n\n🙂\nwhat is love".encode())
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["question"] for answer in answers] == [AUTHORIZE, "", "🙂", "what is love"]
    assert [answer["status"] for answer in answers] == ["answered", "unknown", "unknown", "unknown"]
    assert answers[1]["candidates"] == []


def test_bytes_that_are_no_text_do_no_harm() -> None:
    result = run("ask", "--json", stdin=b"zoom \xff\xfe icon\nzoom\x00icon\n")
    assert result.exit_code == 0
    first, second = (json.loads(line) for line in result.stdout.splitlines())
    assert first["question"] == "zoom \ufffd\ufffd icon"
    assert second["candidates"]


def test_no_lines_give_no_answers() -> None:
    result = run("ask", "--json", stdin="")
    assert (result.exit_code, result.stdout) == (0, "")


@pytest.mark.parametrize("arguments", [["ask"], ["ask", ""], ["ask", " \t"], ["ask", "--json", ""]])
def test_an_empty_question_is_refused_with_a_remedy(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith("QUESTION is empty. Write it in quotes: python -m kb ask ")
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [["ask", "x"], ["ask", "--json"], ["eval", "none.tsv"]],
)
def test_a_missing_folder_is_one_message(arguments: list[str], tmp_path: Path) -> None:
    result = run(*arguments, "--articles", str(tmp_path / "none"), stdin="x\n")
    assert result.exit_code == 2
    assert "is not a folder. Name a folder" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_another_folder_answers(write: Write, folder: Path) -> None:
    write("cats", "title: Cats\nquestions: [why do cats purr, what makes a cat purr]", "They are happy.")
    write("dogs", "title: Dogs\nquestions: [why do dogs bark, what makes a dog bark]", "They heard you.")
    answer = json.loads(run("ask", "--json", "--articles", str(folder), "why do cats purr").stdout)
    assert answer["candidates"][0]["article"] == "cats"


# check


def test_our_own_articles_pass_with_nothing_but_notes() -> None:
    result = run("check")
    assert result.exit_code == 0
    *notes, last = result.stdout.splitlines()
    assert last.endswith(" phrasings: no findings")
    assert all(note.startswith("note: ") for note in notes)


def test_findings_are_listed_and_fail(write: Write, folder: Path) -> None:
    write("a", "title: A\nquestions: [one]")
    write("b", "title: B")
    result = run("check", "--articles", str(folder))
    assert result.exit_code == 1
    assert "b.md:1: “questions” is missing" in result.stdout
    assert "a.md:3: There are 1 phrasings" in result.stdout
    assert result.stdout.splitlines()[-1].startswith("1 article, 1 phrasing: ")


def test_a_missing_folder_fails_the_check(tmp_path: Path) -> None:
    result = run("check", "--articles", str(tmp_path / "none"))
    assert result.exit_code == 1
    assert "is not a folder" in result.stderr


# eval


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.tsv"
    path.write_text(f"reauthorize-zoom\t{AUTHORIZE}\nconnect-zoom|install-problems\tconnect zoom\nNONE\twhat is love\n")
    return path


def test_an_evaluation_as_json_has_the_agreed_fields(rows: Path) -> None:
    result = run("eval", "--json", str(rows))
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert {
        *("n", "in_scope", "not_ours", "top1", "right", "wrong", "suggested", "abstained"),
        *("false_answers", "auroc", "ms_p50", "ms_p99"),
    } <= set(report)
    assert (report["n"], report["in_scope"], report["not_ours"], report["top1"]) == (3, 2, 1, 1.0)


def test_an_evaluation_can_be_read_by_people(rows: Path) -> None:
    result = run("eval", str(rows))
    assert "top1" in result.stdout
    assert "1.000" in result.stdout


def test_an_evaluation_without_both_kinds_has_no_auroc(rows: Path) -> None:
    rows.write_text("NONE\twhat is love\n")
    assert json.loads(run("eval", "--json", str(rows)).stdout)["auroc"] is None
    assert "–" in run("eval", str(rows)).stdout


def test_a_bad_row_is_refused_with_its_line(rows: Path) -> None:
    rows.write_text("connect-zoom\tconnect\njust words\n")
    result = run("eval", str(rows))
    assert result.exit_code == 2
    assert "rows.tsv:2" in result.stderr


# holidays and help


def test_a_coming_year_of_holidays_is_proposed() -> None:
    result = run("holidays", "2029")
    assert result.exit_code == 0
    assert '2029-07-04 = "Independence Day"' in result.stdout


@pytest.mark.parametrize("command", ["ask", "check", "eval", "holidays"])
def test_help_teaches_by_example(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"python -m kb {command} " in result.stdout or f"python -m kb {command}\n" in result.stdout


# As a process


@pytest.fixture
def conversation() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([*COMMAND, "ask", "--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    with process:
        yield process
        process.terminate()


def test_each_answer_comes_before_the_next_question(conversation: subprocess.Popen[bytes]) -> None:
    assert conversation.stdin is not None
    assert conversation.stdout is not None
    for question in ("zoom icon missing", ""):
        conversation.stdin.write(f"{question}\n".encode())
        conversation.stdin.flush()
        assert json.loads(conversation.stdout.readline())["question"] == question


def test_on_a_terminal_a_missing_question_is_refused() -> None:
    controller, terminal = pty.openpty()
    try:
        done = subprocess.run([*COMMAND, "ask", "--json"], stdin=terminal, capture_output=True, check=False, timeout=60)
    finally:
        os.close(controller)
        os.close(terminal)
    assert done.returncode == 2
    assert done.stderr.startswith(b"QUESTION is empty.")


def test_a_narrow_terminal_encoding_and_odd_arguments_do_no_harm() -> None:
    done = subprocess.run(
        [*COMMAND, "ask", b"\xff\xfe"],
        capture_output=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert done.returncode == 0, done.stderr
    assert b"I don't know" in done.stdout
