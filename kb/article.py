"""One article: a markdown file with front matter, checked so that every error names its line."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, NoReturn

from pydantic import BaseModel, BeforeValidator, ConfigDict, StrictStr, StringConstraints, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError
from rapidfuzz import process

from kb.errors import ArticleError
from kb.front_matter import FrontMatter, Place, read_front_matter

NOT_OURS = "not_ours.md"
KEYS = ("title", "section", "questions", "summary", "facts", "actions", "reviewed")

Text = Annotated[StrictStr, StringConstraints(strip_whitespace=True, min_length=1)]


def _plain_date(value: object) -> object:
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            pass
    raise PydanticCustomError("not_a_date", "not a date")


class Article(BaseModel):
    """An article as its file gives it. `summary` and `body` are markdown, with settings as `{UPPER_CASE}`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slug: str
    title: Text
    section: StrictStr = ""
    questions: tuple[Text, ...]
    summary: StrictStr = ""
    body: str
    facts: tuple[Text, ...] = ()
    actions: tuple[Text, ...] = ()
    reviewed: Annotated[date | None, BeforeValidator(_plain_date)] = None
    path: Path


class NotOurs(BaseModel):
    """The questions of not_ours.md: what the knowledge base must not answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    questions: tuple[Text, ...]


def parse_article(path: Path) -> Article:
    """Read one article. Raises ArticleError naming file, line and remedy when it cannot be used.

    Only `title` and `questions` are required: the summary falls back to the body's first paragraph.
    """
    front = read_front_matter(path)
    _refuse_unknown_keys(front, KEYS)
    try:
        article = Article(slug=path.stem, body=front.body, path=path, **front.values)
    except ValidationError as error:
        _refuse(front, error.errors()[0])
    if not article.questions:
        _refuse_place(front, ("questions",), "has no entries", "Add at least one phrasing to the list.")
    return article.model_copy(update={"summary": article.summary.strip() or _first_paragraph(article)})


def parse_not_ours(path: Path) -> tuple[str, ...]:
    """Read the questions that are not ours. Raises ArticleError like parse_article."""
    front = read_front_matter(path)
    _refuse_unknown_keys(front, ("questions",))
    try:
        return NotOurs(**front.values).questions
    except ValidationError as error:
        _refuse(front, error.errors()[0])


def _first_paragraph(article: Article) -> str:
    paragraphs = (part.strip() for part in article.body.split("\n\n"))
    return next((part for part in paragraphs if part and not part.startswith("#")), article.title)


def _refuse_unknown_keys(front: FrontMatter, known: tuple[str, ...]) -> None:
    for key in front.values:
        if key not in known:
            match = process.extractOne(key.lower(), known, score_cutoff=60)
            hint = f"Did you mean “{match[0]}”?" if match else f"The keys are: {', '.join(known)}."
            raise ArticleError(
                f"“{key}” is not a known key.",
                path=front.path,
                line=front.line_of(key),
                field=key,
                remedy=hint,
            )


def _refuse(front: FrontMatter, error: ErrorDetails) -> NoReturn:
    what, remedy = _words(error)
    _refuse_place(front, error["loc"], what, remedy)


def _refuse_place(front: FrontMatter, place: Place, what: str, remedy: str) -> NoReturn:
    name = " entry ".join(str(part + 1) if isinstance(part, int) else part for part in place)
    raise ArticleError(
        f"“{name}” {what}.", path=front.path, line=front.line_of(*place), field=str(place[0]), remedy=remedy
    )


def _words(error: ErrorDetails) -> tuple[str, str]:
    name = error["loc"][0]
    match error["type"]:
        case "missing":
            return "is missing", f"Add “{name}:” to the front matter."
        case "tuple_type":
            return "is not a list", "Write one entry a line, each starting with “- ”."
        case "string_too_short":
            return "is empty", "Write its text, or delete it."
        case "not_a_date":
            return "is not a date", "Write it as year-month-day, such as 2026-01-31."
        case _ if error["input"] is None:
            return "is empty", "Write its text, or delete it."
        case _:
            found = "a list of keys" if isinstance(error["input"], dict) else f"“{error['input']}”"
            return f"is not text (YAML reads {found})", "Put the text between double quotes."
