"""What somebody chooses to teach: a gap, the article that answers it, and perhaps a wording of their own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from integration.errors import Invalid
from integration.gaps.views import Gap
from integration.questions.scrubbing import MARK
from kb.article import NOT_OURS
from kb.errors import KbError
from kb.library import Library
from kb.phrasings import LONGEST_PHRASING

FORM = "Write a gap's number or id, =, and an article: 3=reauthorize-zoom, or '3=reauthorize-zoom:own wording'."
NOWHERE = NOT_OURS.removesuffix(".md")  # the list of what is not ours takes phrasings as well


@dataclass(frozen=True)
class Choice:
    """`phrasing` goes into `article`. `typed` names the gap as somebody typed it."""

    typed: str
    gap: Gap
    article: str
    phrasing: str


def choice_of(text: str, gaps: Sequence[Gap], library: Library) -> Choice:
    """Read `3=article` or `3=article:own wording`; 3 counts from 1, or is a gap's id. Raises Invalid."""
    found = re.fullmatch(r"\s*([^=\s]+)\s*=\s*([^:\s]+)\s*(?::(.*))?", text, re.DOTALL)
    if found is None:
        raise Invalid(f"“{text}” is no choice.", field="choose", remedy=FORM)
    typed, slug, wording = found.groups()
    gap = _gap(typed, gaps)
    _require_article(slug, library)
    phrasing = " ".join((wording or gap.text).split())
    _require_phrasing(phrasing, typed, slug)
    return Choice(typed, gap, slug, phrasing)


def _gap(typed: str, gaps: Sequence[Gap]) -> Gap:
    by_name = {str(number): gap for number, gap in enumerate(gaps, start=1)}
    # An id goes first: one made of digits alone must not mean another gap.
    by_name |= {gap.id: gap for gap in gaps}
    if typed not in by_name:
        raise Invalid(
            f"There is no gap “{typed}”.",
            field="choose",
            remedy="Choose from the list of the same --days and --limit; its ids stay the same from day to day.",
        )
    return by_name[typed]


def _require_article(slug: str, library: Library) -> None:
    if slug == NOWHERE and (library.folder / NOT_OURS).is_file():
        return
    try:
        library.article(slug)
    except KbError as error:
        raise Invalid(error.message, field="choose", remedy=error.remedy) from error


def _require_phrasing(phrasing: str, typed: str, slug: str) -> None:
    remedy = f"Give a wording of your own: '{typed}={slug}:How do I …?'"
    if MARK in phrasing:
        raise Invalid(f"The question of {typed} has something personal left out.", field="choose", remedy=remedy)
    if len(phrasing) > LONGEST_PHRASING:
        long = f"The question of {typed} is longer than {LONGEST_PHRASING} characters: a letter is no phrasing."
        raise Invalid(long, field="choose", remedy=remedy)
