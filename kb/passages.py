"""What can be read of an article, piece by piece: each paragraph, entry of a list or row of a table, with where it is.

Texts are as readers see them, with the settings filled in.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from markdown_it.token import Token

from kb.article import Article
from kb.headings import Heading, plain_words
from kb.markup import parse
from kb.render import headings
from kb.settings import SiteSettings
from kb.text import sentences, words

LONGEST_EXCERPT = 180  # characters: two lines on a wide screen, four on a phone

_REMEMBERED = 50_000  # words
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@dataclass(frozen=True)
class Passage:
    """A piece of text; `heading` is what it stands under, None before the first."""

    text: str
    heading: Heading | None
    words: frozenset[str]


@dataclass(frozen=True)
class Piece:
    """A part of a text, and whether it is what was looked for."""

    text: str
    marked: bool


def passages(article: Article, settings: SiteSettings) -> list[Passage]:
    """What the body says, in its order."""
    return [Passage(text, heading, frozenset(words(text))) for heading, text in _pieces(article, settings) if text]


def summary(article: Article, settings: SiteSettings) -> str:
    """The short answer as running text."""
    tokens = parse(article.summary, settings, absolute=False)
    return " ".join(plain_words(token) for token in tokens if token.type == "inline")


def marked(text: str, wanted: Collection[str]) -> tuple[Piece, ...]:
    """The text in pieces, the words that are `wanted` (as `kb.text.words` gives them) by themselves."""
    pieces, end = list[Piece](), 0
    for found in _WORD.finditer(text):
        if not _plain(found[0]).isdisjoint(wanted):
            pieces += [Piece(text[end : found.start()], marked=False), Piece(found[0], marked=True)]
            end = found.end()
    pieces.append(Piece(text[end:], marked=False))
    return tuple(piece for piece in pieces if piece.text)


def excerpt(text: str, wanted: Collection[str]) -> str:
    """Not too much of a text: from the sentence on that has most of what is wanted."""
    if len(text) <= LONGEST_EXCERPT:
        return text
    parts = sentences(text)
    best = max(range(len(parts)), key=lambda place: (len(_all_words(parts[place]).intersection(wanted)), -place))
    shown = " ".join(parts[best:])
    if len(shown) > LONGEST_EXCERPT:
        shown = f"{shown[:LONGEST_EXCERPT].rpartition(' ')[0] or shown[:LONGEST_EXCERPT]} …"
    return f"… {shown}" if best else shown


@lru_cache(_REMEMBERED)
def _plain(word: str) -> frozenset[str]:
    """What one word of a text is looked up by. Texts are the articles' own, and have the same words over and over."""
    return frozenset(words(word))


def _all_words(text: str) -> frozenset[str]:
    return frozenset().union(*(_plain(found[0]) for found in _WORD.finditer(text)))


def _pieces(article: Article, settings: SiteSettings) -> Iterator[tuple[Heading | None, str]]:
    """What stands between a heading's tokens is the heading, which is no text of its section."""
    titles, heading, row = iter(headings(article)), None, list[str]()
    kind = ""
    for token in parse(article.body, settings, absolute=False):
        kind = token.type if token.type != "inline" else kind
        if token.type == "heading_open":
            heading = next(titles)
        elif token.type == "tr_close":
            yield heading, " – ".join(row)
            row = []
        elif kind in {"th_open", "td_open"}:
            row += _text(token)
        elif kind != "heading_open":
            yield from ((heading, text) for text in _text(token))


def _text(token: Token) -> list[str]:
    if token.type == "inline":
        return [plain_words(token)]
    return [token.content.strip()] if token.type in {"fence", "code_block"} else []
