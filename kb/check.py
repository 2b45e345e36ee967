"""What is wrong with a folder of articles, all at once: every finding names its file, line and remedy."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import process

from kb.article import NOT_OURS, Article, parse_not_ours
from kb.encoder import encoder_lacks
from kb.errors import ArticleError, KbError
from kb.front_matter import FrontMatter, read_front_matter
from kb.held_out import Told, told_apart
from kb.library import (
    KNOWN_ACTIONS,
    KNOWN_FACTS,
    Library,
    normalised,
    read_library,
    shared_phrasings,
)
from kb.links import broken_links
from kb.settings import FALLBACK_WORDS

MIN_PHRASINGS = 10
MIN_NOT_OURS = 60
MAX_TITLE = 75  # what a Slack button holds
MAX_SUMMARY = 1500  # leaves room for links and buttons in one Slack message

_BRACES = re.compile(r"\{\s*([A-Za-z][A-Za-z0-9_]*)\s*\}")
_SETTING = re.compile(r"^\s*#?\s*([A-Z][A-Z0-9_]*)=", re.MULTILINE)


@dataclass(frozen=True)
class Checked:
    """The outcome of a check: findings in the words of kb.errors, what is good to know, and what was looked at."""

    findings: tuple[str, ...]
    notes: tuple[str, ...]
    articles: int
    phrasings: int


@dataclass(frozen=True)
class _Context:
    library: Library
    settings: frozenset[str] | None  # None where no .env.example was found


Finding = ArticleError
Rule = Callable[[Article, FrontMatter, _Context], Iterator[Finding]]


def check(folder: Path | None = None, example: Path | None = None) -> Checked:
    """Check a folder; None means the package's own articles, and its own .env.example.

    Raises KbError when there is no such folder or nothing in it.
    """
    library, errors = read_library(folder)
    context = _Context(library, _settings(example or find_env_example()))
    findings: list[KbError] = [*errors]
    for article in library.articles.values():
        front = read_front_matter(article.path)
        findings += [finding for rule in _RULES for finding in rule(article, front, context)]
    findings += shared_phrasings(library.articles.values())
    findings += _not_ours(library) if NOT_OURS not in {error.path.name for error in errors} else []
    told = Told((), ()) if errors else told_apart(library)
    lacking = encoder_lacks()
    notes = (*told.notes, *([lacking] if lacking else []))
    phrasings = sum(len(article.questions) for article in library.articles.values())
    return Checked((*map(str, findings), *told.findings), notes, len(library.articles), phrasings)


def find_env_example() -> Path | None:
    """`.env.example` at the root of the repository that holds this package, or else above the working folder."""
    starts = (Path(__file__).resolve().parent, Path.cwd())
    files = (folder / ".env.example" for start in starts for folder in (start, *start.parents))
    return next((file for file in files if file.is_file()), None)


def _settings(example: Path | None) -> frozenset[str] | None:
    return frozenset(_SETTING.findall(example.read_text("utf-8"))) if example else None


# Rules for one article


def _completeness(article: Article, front: FrontMatter, _context: _Context) -> Iterator[Finding]:
    found = {
        "section": bool(article.section.strip()),
        "summary": bool(str(front.values.get("summary", "")).strip()),
        "reviewed": article.reviewed is not None,
    }
    for field, there in found.items():
        if not there:
            yield _finding(front, (field,), f"“{field}” is missing.", f"Add “{field}:” to the front matter.")
    if len(article.questions) < MIN_PHRASINGS:
        yield _finding(
            front,
            ("questions",),
            f"There are {len(article.questions)} phrasings.",
            f"Write at least {MIN_PHRASINGS}, in the words of people who do not know our terms.",
        )


def _lengths(article: Article, front: FrontMatter, _context: _Context) -> Iterator[Finding]:
    limits = {"title": (article.title, MAX_TITLE), "summary": (article.summary, MAX_SUMMARY)}
    for field, (text, limit) in limits.items():
        if len(text) > limit:
            what = f"“{field}” has {len(text)} characters, more than Slack shows well."
            yield _finding(front, (field,), what, f"Shorten it to {limit}.")


def _vocabulary(article: Article, front: FrontMatter, _context: _Context) -> Iterator[Finding]:
    lists = {"facts": (article.facts, KNOWN_FACTS), "actions": (article.actions, KNOWN_ACTIONS)}
    for field, (names, known) in lists.items():
        for index, name in enumerate(names):
            if name not in known:
                what = f"“{name}” is not one of the known {field}."
                yield _finding(front, (field, index), what, _nearest(name, known))


def _placeholders(article: Article, front: FrontMatter, context: _Context) -> Iterator[Finding]:
    for match in {m[0]: m for m in _BRACES.finditer(f"{article.summary}\n{article.body}")}.values():
        problem = _placeholder_problem(match[0], match[1], context.settings)
        if problem:
            what, remedy = problem
            yield _finding_at(front, front.line_with(match[0]), "settings", what, remedy)
    for match in _BRACES.finditer(article.title):
        if match[1] in FALLBACK_WORDS:
            what = f"{match[0]} is not filled in within a title."
            yield _finding(front, ("title",), what, "Write the words themselves.")


def _placeholder_problem(written: str, name: str, settings: frozenset[str] | None) -> tuple[str, str] | None:
    exact = written == f"{{{name}}}"
    if exact and name in FALLBACK_WORDS:
        if settings is None:
            return (
                f"{written} cannot be checked: .env.example was not found.",
                "Run this in the repository, which holds it.",
            )
        if name not in settings:
            return f"The setting {written} is not in .env.example.", "Add it there with a comment."
        return None
    if name.upper() in FALLBACK_WORDS:
        return f"{written} is not filled in as it stands.", f"Write it as {{{name.upper()}}}."
    if exact and name.isupper():
        remedy = _nearest(name, tuple(FALLBACK_WORDS), "{{{}}}")
        return f"The setting {written} is not one that articles can use.", remedy
    return None


def _links(article: Article, front: FrontMatter, context: _Context) -> Iterator[Finding]:
    for href, what, remedy in broken_links(article, context.library):
        yield _finding_at(front, front.line_with(f"({href})", href), "links", what, remedy)


def _repeated(article: Article, front: FrontMatter, _context: _Context) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, phrasing in enumerate(article.questions):
        if normalised(phrasing) in seen:
            yield _finding(front, ("questions", index), f"“{phrasing}” stands twice.", "Delete one of the two.")
        seen.add(normalised(phrasing))


_RULES: tuple[Rule, ...] = (_completeness, _lengths, _vocabulary, _placeholders, _links, _repeated)


# Rules for what is not ours


def _not_ours(library: Library) -> Iterator[Finding]:
    path = library.folder / NOT_OURS
    if not path.is_file():
        remedy = f"Add {NOT_OURS} with at least {MIN_NOT_OURS} questions, so that the search learns to abstain."
        yield ArticleError("The file is missing.", path=path, remedy=remedy)
        return
    front = read_front_matter(path)
    if len(library.not_ours) < MIN_NOT_OURS:
        what = f"There are {len(library.not_ours)} questions."
        yield _finding(front, ("questions",), what, f"Write at least {MIN_NOT_OURS}, near ones and far ones.")
    owners = {normalised(q): article.slug for article in library.articles.values() for q in article.questions}
    seen: set[str] = set()
    for index, question in enumerate(parse_not_ours(path)):
        key = normalised(question)
        if key in owners:
            what = f"“{question}” is also a phrasing of {owners[key]}."
            yield _finding(front, ("questions", index), what, "Decide whose it is, and delete the other.")
        if key in seen:
            yield _finding(front, ("questions", index), f"“{question}” stands twice.", "Delete one of the two.")
        seen.add(key)


# Words


def _finding(front: FrontMatter, place: tuple[str | int, ...], what: str, remedy: str) -> Finding:
    return _finding_at(front, front.line_of(*place), str(place[0]), what, remedy)


def _finding_at(front: FrontMatter, line: int, field: str, what: str, remedy: str) -> Finding:
    return ArticleError(what, path=front.path, line=line, field=field, remedy=remedy)


def _nearest(name: str, known: tuple[str, ...], form: str = "{}") -> str:
    match = process.extractOne(name, known, score_cutoff=60)
    if match:
        return f"Did you mean {form.format(match[0])}?"
    return "The known ones are: " + ", ".join(form.format(one) for one in known) + "."
