"""The headings of an article's body, and the one that a question is about."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markdown_it.token import Token

# Words that say nothing about which section is meant.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """
        a about again all am an and any are as at be been but by can cant could did do does doesnt dont
        for from get got had has have how i if im in is isnt it its just me my need no not of on or our
        please retain so some that the their them then there they this to us want was we were what when
        where which who why will with wont would you your zoom
        """,
    )
)
_ENDINGS = re.compile(r"(?<=\w{3})(?:ings?|ed|es|s|ly)$")


@dataclass(frozen=True)
class Heading:
    """A heading: `anchor` is its id on the page, `title` its text."""

    anchor: str
    title: str


@dataclass(frozen=True)
class _Section:
    heading: Heading | None  # None for the text before the first heading
    words: frozenset[str]

    @property
    def heading_words(self) -> frozenset[str]:
        return _words(self.heading.title) if self.heading else frozenset()


def anchored(tokens: Sequence[Token]) -> list[tuple[Token, Heading]]:
    """Every heading token with its heading; anchors are unique within the text."""
    found: list[tuple[Token, Heading]] = []
    used: set[str] = set()
    for token, inline in pairwise(tokens):
        if token.type == "heading_open":
            anchor = _unused(slugified(inline.content), used)
            used.add(anchor)
            found.append((token, Heading(anchor, plain_words(inline))))
    return found


def plain_words(inline: Token) -> str:
    """The text of an inline token without its markup."""
    return "".join(" " if child.type.endswith("break") else child.content for child in inline.children or ())


def slugified(text: str) -> str:
    """A heading's text as an anchor: `Who can connect?` gives `who-can-connect`."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "-", plain).strip("-") or "section"


def _unused(anchor: str, used: set[str]) -> str:
    candidate, number = anchor, 2
    while candidate in used:
        candidate, number = f"{anchor}-{number}", number + 1
    return candidate


def best_heading(tokens: Sequence[Token], title: str, question: str) -> Heading | None:
    """The heading whose section fits the question clearly better than all others; None if none does.

    Words of the article's title tell its sections apart as little as common words do.
    """
    sections = _sections(tokens)
    asked = _words(question) - _words(title)
    seen = Counter(word for section in sections for word in section.words)
    scores = [_score(section, asked, seen, len(sections)) for section in sections]
    ranked = sorted(zip(scores, sections, strict=True), key=lambda pair: -pair[0])
    if len(ranked) < 2 or ranked[0][0] < 2 * ranked[1][0]:
        return None
    best = ranked[0][1]
    return best.heading if asked & best.heading_words or len(asked & best.words) >= 2 else None


def _score(section: _Section, asked: frozenset[str], seen: Counter[str], sections: int) -> float:
    """Rare words count more than words of every section, and words of the heading twice."""
    return sum(
        math.log(1 + sections / seen[word]) * (2 if word in section.heading_words else 1)
        for word in asked & section.words
    )


def _sections(tokens: Sequence[Token]) -> list[_Section]:
    by_token = {id(token): heading for token, heading in anchored(tokens)}
    parts: list[tuple[Heading | None, set[str]]] = [(None, set())]
    for token in tokens:
        if id(token) in by_token:
            parts.append((by_token[id(token)], set()))
        elif token.type == "inline":
            parts[-1][1].update(_words(plain_words(token)))
    return [_Section(heading, frozenset(words)) for heading, words in parts]


def _words(text: str) -> frozenset[str]:
    plain = re.sub(r"['’]", "", text.casefold())
    words = (word for word in re.findall(r"[^\W_]+", plain) if word not in _COMMON)
    return frozenset(_ENDINGS.sub("", word) for word in words)
