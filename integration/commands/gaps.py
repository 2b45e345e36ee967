"""`gaps`: what the knowledge base could not answer well, and patches that teach it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from integration.commands.common import fail, running
from integration.gaps import service
from integration.gaps.choosing import Choice, choice_of
from integration.gaps.teaching import teach
from integration.gaps.views import Gap, Gaps
from integration.searching import search_of
from kb.errors import KbError, shown_path
from kb.evaluate import read_rows
from kb.library import OUR_ARTICLES
from kb.search import Search

# Whoever writes a patch works in a clone of the repository, where this file is.
OUR_QUESTIONS = OUR_ARTICLES.parents[1] / "tests" / "kb" / "questions.tsv"

Days = Annotated[int, typer.Option("--days", min=1, max=service.MOST_DAYS, help="How far back to look.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=service.MOST_GROUPS, help="How many to show.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON, for programs to read.")]
Patch = Annotated[Path | None, typer.Option("--patch", metavar="FILE", help="Write there what `git apply` takes.")]
Choices = Annotated[
    list[str] | None,
    typer.Option(
        "--choose",
        metavar="GAP=ARTICLE",
        help="Give a gap's question to an article as a phrasing, or GAP=ARTICLE:WORDING in your own words;"
        " may be given again.",
    ),
]
Questions = Annotated[
    Path, typer.Option("--questions", metavar="FILE", help="The questions that must not be answered worse.")
]
AllowUnsure = Annotated[
    bool, typer.Option("--allow-unsure", help="Some of them may get a choice of articles instead of one.")
]
Articles = Annotated[
    Path | None, typer.Option("--articles", metavar="DIR", help="Another folder of articles than our own.")
]


def gaps(
    days: Days = 30,
    limit: Limit = 20,
    as_json: AsJson = False,
    patch: Patch = None,
    choose: Choices = None,
    questions: Questions = OUR_QUESTIONS,
    allow_unsure: AllowUnsure = False,
    articles: Articles = None,
) -> None:
    """Show what was asked and not answered well, the most frequent first; write a patch that teaches the articles.

    A gap is named by its number in the list, or by its id. A patch is written only when no question of the evaluation
    is answered worse with it and a check of the articles finds nothing. Nothing changes until somebody commits it.

    \b
    Examples:
      python -m integration gaps --days 90
      python -m integration gaps --patch gaps.patch --choose 3=reauthorize-zoom
      python -m integration gaps --patch gaps.patch --choose '5=connect-zoom:How do I link Zoom?'
    """
    if (patch is None) != (not choose):
        fail("--patch and --choose go together: what to write, and where.")
    with running() as runtime, _plainly():
        search = search_of(articles)
        found = service.read_gaps(runtime, search, days=days, limit=limit)
        if patch is not None and choose:
            choices = [choice_of(one, found.groups, search.library) for one in choose]
            _teach(search, choices, patch, questions, allow_unsure=allow_unsure)
        else:
            typer.echo(found.model_dump_json() if as_json else _listed(found))


@contextmanager
def _plainly() -> Iterator[None]:
    """Say what the knowledge base refuses in words."""
    try:
        yield
    except KbError as error:
        fail(str(error))


def _listed(found: Gaps) -> str:
    if not found.groups:
        return f"{found.questions} questions in {found.days} days; today's articles answer them."
    lines = [f"{found.questions} questions in {found.days} days. Not answered well, the most frequent first:"]
    for number, gap in enumerate(found.groups, start=1):
        lines += ["", f"{number:>3}. {gap.text}", *(f"     {line}" for line in _about(gap))]
    return "\n".join([*lines, "", "Next: python -m integration gaps --patch gaps.patch --choose NUMBER=ARTICLE"])


def _about(gap: Gap) -> Iterator[str]:
    counted = (
        f"{_count(gap.count, 'time', 'times')}, {_count(gap.people, 'person', 'people')}, last {gap.last_at:%Y-%m-%d}"
    )
    disliked = f"; {_count(gap.not_helpful, 'person', 'people')} said that it did not help" if gap.not_helpful else ""
    yield f"{counted}{disliked} (id {gap.id})"
    yield gap.why
    if gap.texts:
        yield f"Also: {' · '.join(gap.texts)}"
    for comment in gap.comments:
        yield f"Missed: {comment}"


def _teach(search: Search, choices: Sequence[Choice], file: Path, questions: Path, *, allow_unsure: bool) -> None:
    lesson = teach(search, choices, read_rows(questions), allow_unsure=allow_unsure)
    if lesson.patch is None:
        fail("\n".join([*lesson.lines, f"{file} was not written. Choose other wordings, or leave one out."]))
    try:
        file.write_text(lesson.patch, "utf-8", newline="")
    except OSError as error:
        fail(f"--patch: {file} cannot be written: {error.strerror}.")
    for line in lesson.lines:
        typer.echo(line)
    typer.echo(f"No question of {shown_path(questions)} is answered worse.\nNext: git apply {file}")


def _count(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"
