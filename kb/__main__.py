"""The knowledge base on the command line: `python -m kb`."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from kb.calibrating import calibrate_folder
from kb.check import check as check_articles
from kb.errors import KbError, QuestionError, shown_path
from kb.evaluate import evaluate, read_rows
from kb.library import load_library
from kb.model.commands import model
from kb.person_view import shown_answer
from kb.propose_holidays import propose
from kb.search import Answer, Search
from kb.settings import SiteSettings

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="""Ask Retain's knowledge base, check it and measure it.

    \b
    Begin with:
      python -m kb ask "why do I have to connect again?"
    """,
)

app.add_typer(model, name="model")

Articles = Annotated[
    Path | None, typer.Option("--articles", metavar="DIR", help="Another folder of articles than our own.")
]
Json = Annotated[bool, typer.Option("--json", help="Write JSON, for programs to read.")]

ASK_REMEDY = (
    'Write it in quotes: python -m kb ask "why do I have to connect again?" '
    "(or pipe questions, one a line, into: python -m kb ask --json)"
)
MEANINGS = {
    "n": "questions",
    "in_scope": "of them ours",
    "not_ours": "of them not ours",
    "top1": "of ours: the best candidate is right, answered or not",
    "right": "of ours: answered right",
    "wrong": "of ours: answered wrong",
    "suggested": "of ours: candidates shown",
    "abstained": "of ours: “I don't know”",
    "false_answers": "of not ours: answered all the same",
    "auroc": "how well confidence tells ours from not ours (1 is perfectly)",
    "ms_p50": "milliseconds, half of the questions",
    "ms_p99": "milliseconds, 99 of 100 questions",
}


@contextmanager
def _plainly(exit_code: int) -> Iterator[None]:
    """Say a known error in one message, without a traceback."""
    try:
        yield
    except KbError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(exit_code) from error


@app.command()
def ask(
    question: Annotated[
        str | None, typer.Argument(metavar="QUESTION", help="What you want to know, in quotes.")
    ] = None,
    as_json: Json = False,
    explain: Annotated[bool, typer.Option("--explain", help="Say why this was the answer.")] = False,
    articles: Articles = None,
) -> None:
    """Answer a question as a person would see it.

    With --json and no QUESTION, every line of the input is a question and gets one line of JSON at once.

    \b
    Examples:
      python -m kb ask "why do I have to connect again?"
      python -m kb ask --explain "zoom icon gone"
      python -m kb ask --json < questions.txt
    """
    with _plainly(2):
        if question is None and as_json and not sys.stdin.isatty():
            _ask_every_line(Search(load_library(articles)))
        else:
            _ask_once(_readable(question or ""), articles, as_json=as_json, explain=explain)


@app.command()
def check(articles: Articles = None) -> None:
    """Find what is wrong with the articles.

    Finds broken links, unknown settings, facts or actions, phrasings that two articles share, missing parts and a
    stale calibration, each with its file, line and remedy. The exit code is 1 when there is anything to mend.
    Notes name phrasings that the search, trained without them, would send to another article; they are no mistakes.

    \b
    Examples:
      python -m kb check
      python -m kb check --articles drafts/
    """
    with _plainly(1):
        checked = check_articles(articles)
    for note in checked.notes:
        typer.echo(f"note: {note}")
    for finding in checked.findings:
        typer.echo(finding)
    counted = f"{_count(checked.articles, 'article')}, {_count(checked.phrasings, 'phrasing')}"
    typer.echo(f"{counted}: {_count(len(checked.findings), 'finding') if checked.findings else 'no findings'}")
    if checked.findings:
        raise typer.Exit(1)


@app.command("eval")
def evaluate_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Lines of: article name, tab, question.")],
    as_json: Json = False,
    articles: Articles = None,
) -> None:
    """Measure how well questions find their articles.

    Each line of FILE is an article's name, a tab and a question. Where either of two articles is right, the
    name is "a|b"; where no article is, it is NONE.

    \b
    Examples:
      python -m kb eval questions.tsv
      python -m kb eval --json questions.tsv > report.json
    """
    with _plainly(2):
        report = evaluate(Search(load_library(articles)), read_rows(file)).as_dict()
    typer.echo(json.dumps(report) if as_json else _table(report))


@app.command()
def calibrate(articles: Articles = None) -> None:
    """Find anew how sure the search must be, and store it with the articles.

    Run it after every change of phrasings. It asks each phrasing while that is hidden; the same articles always give
    the same file. What is found for the sentence encoder takes the encoder: python -m kb model install. Folders without
    a stored calibration are calibrated when a search of them starts.

    \b
    Example:
      python -m kb calibrate
    """
    with _plainly(2):
        path, stored = calibrate_folder(articles)
    typer.echo("\n".join([f"{shown_path(path)}:", *stored]))


@app.command()
def holidays(
    year: Annotated[int, typer.Argument(metavar="YEAR", min=1971, max=2100, help="The year to propose.")],
) -> None:
    """Propose the holidays of a coming year.

    They are printed as a part for kb/holidays.toml, which decides.

    \b
    Example:
      python -m kb holidays 2029
    """
    with _plainly(2):
        typer.echo(propose(year))


def _ask_once(text: str, articles: Path | None, *, as_json: bool, explain: bool) -> None:
    if not text.strip():
        raise QuestionError("QUESTION is empty.", field="QUESTION", remedy=ASK_REMEDY)
    library = load_library(articles)
    search = Search(library)
    answer = search.ask(text)
    if as_json:
        typer.echo(_as_json(answer))
    else:
        typer.echo(shown_answer(answer, library, SiteSettings.from_env(os.environ), datetime.now(UTC)))
    if explain:
        typer.echo(f"\n{search.explain(text)}", err=as_json)


def _ask_every_line(search: Search) -> None:
    """One JSON object for each line of the input, written at once so that a program can converse."""
    for line in typer.get_binary_stream("stdin"):
        text = line.decode("utf-8", errors="replace").rstrip("\r\n")
        typer.echo(_as_json(search.ask(text)))  # echo flushes


def _as_json(answer: Answer) -> str:
    return json.dumps(
        {
            "question": answer.question,
            "status": answer.status,
            "article": answer.article,
            "candidates": [{"article": c.article, "confidence": c.confidence} for c in answer.candidates],
            "ms": answer.ms,
        }
    )


def _readable(argument: str) -> str:
    """An argument without the bytes that are no UTF-8, which Python keeps as lone surrogates."""
    return argument.encode("utf-8", "replace").decode("utf-8")


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _table(report: dict[str, Any]) -> str:
    return "\n".join(f"{name:<14}{_number(value):>8}  {MEANINGS.get(name, '')}" for name, value in report.items())


def _number(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def main() -> None:
    """Run the command line; characters that the terminal cannot show become question marks."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")
    app(prog_name="python -m kb")


if __name__ == "__main__":
    main()
