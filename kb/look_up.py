"""Looking things up while typing: the articles that fit what stands in the field so far, with where they do.

What is typed need not be a question, nor finished: its words are found in the articles themselves, and the search says
which article answers it. Nothing is shown for the sake of showing something.
"""

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kb.article import Article
from kb.headings import Heading
from kb.languages import Language, language_of, languages
from kb.passages import Passage, Piece, excerpt, marked, passages, summary
from kb.search import Answer, Search
from kb.settings import SiteSettings
from kb.text import clean, words
from kb.vocabulary import Vocabulary

MOST_FOUND = 8
LONGEST_TYPED = 200  # characters

# How much a word counts by where it stands.
TITLE, HEADING, PHRASING, SUMMARY, BODY = 1.0, 0.9, 0.8, 0.7, 0.6
LEAST_SHARE = 0.5  # of what was typed must stand in an article, rare words counting more
LEAST_SURE = 0.1  # confidence of the search in an article that it offers
OFFERED = 2.0  # how much its confidence counts beside the words

# Words that say nothing about what is looked for.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """
        a about after all also am an and any are as at be been but by can could did do does for from get got had has
        have how i if in is it its just let me must my need no not of on or our please should so some than that the
        their them then there these they this to us want was we were what when where which who why will with would
        you your
        """,
    )
)


@dataclass(frozen=True)
class Found:
    """An article that fits. `heading` is the section that the excerpt is from; None: read it from its beginning."""

    article: Article
    title: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]
    heading: Heading | None


@dataclass(frozen=True)
class LookedUp:
    """What was found, best first. `sure`: the first answers what was typed; else they may or may not.

    `language`: the one that was typed in, where it is told and is not English. What was found then has names in common.
    """

    typed: str = field(repr=False)
    sure: bool
    found: tuple[Found, ...]
    language: Language | None = None


@dataclass(frozen=True)
class _Asked:
    """A word that was typed: the words that may be meant, and how much it says, rare ones more."""

    meant: Mapping[str, float]
    weight: float


@dataclass(frozen=True)
class _Shelved:
    """An article with its words, each with how much it counts where it stands best."""

    article: Article
    summary: str
    known: frozenset[str]  # of title and summary, which are read in any case
    passages: Sequence[Passage]
    words: Mapping[str, float]


class LookUp:
    """Looks things up in the library of a search; `settings` are filled into what is shown."""

    def __init__(self, search: Search, settings: SiteSettings) -> None:
        self._search = search
        self._shelf = [_shelved(article, settings) for article in search.library.articles.values()]
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        for place, shelved in enumerate(self._shelf):
            for word in shelved.words:
                self._places[word].append(place)
        self._vocabulary = Vocabulary(self._places)

    def look_up(self, typed: str) -> LookedUp:
        """Whatever was typed so far. Never raises."""
        text = " ".join(clean(typed[:LONGEST_TYPED]).split())
        every = words(text)
        unfinished = typed[-1:].isalnum()
        asked = self._asked(every, unfinished=unfinished)
        if not asked:
            return LookedUp(text, sure=False, found=(), language=_language(text))
        answer = self._search.ask(self._completed(text, every, unfinished=unfinished))
        ranks = self._ranks(asked, answer)
        best = sorted(ranks, key=lambda place: (-ranks[place], place))[:MOST_FOUND]
        found = tuple(_found(self._shelf[place], asked) for place in best)
        return LookedUp(text, answer.article is not None, found, _language(text))

    def _asked(self, every: Sequence[str], *, unfinished: bool) -> list[_Asked]:
        telling = [word for word in every if word not in _COMMON] or every
        last = every[-1] if unfinished and every else None
        return [self._one(word, unfinished=word == last) for word in dict.fromkeys(telling)]

    def _one(self, word: str, *, unfinished: bool) -> _Asked:
        meant = self._vocabulary.like(word, unfinished=unfinished)
        holding = len({place for one in meant for place in self._places[one]})
        return _Asked(meant, math.log1p(len(self._shelf) / max(holding, 0.5)))

    def _completed(self, text: str, every: Sequence[str], *, unfinished: bool) -> str:
        """The search knows whole words alone: of those that the last one may become, the one of most articles."""
        last = every[-1]
        if not unfinished or self._vocabulary.knows(last) or not text.lower().endswith(last):
            return text
        meant = self._vocabulary.like(last, unfinished=True)
        whole = max(meant, key=lambda word: (len(self._places[word]), word), default=last)
        return text[: len(text) - len(last)] + whole

    def _ranks(self, asked: Sequence[_Asked], answer: Answer) -> dict[int, float]:
        """The articles that fit, by their place, and how well."""
        sure = {} if answer.status == "unknown" else {one.article: one.confidence for one in answer.candidates}
        most = sum(one.weight for one in asked)
        ranks = {}
        for place, shelved in enumerate(self._shelf):
            share = sum(one.weight for one in asked if not one.meant.keys().isdisjoint(shelved.words)) / most
            offered = sure.get(shelved.article.slug, 0.0)
            if share >= LEAST_SHARE or offered >= LEAST_SURE:
                ranks[place] = OFFERED * offered + sum(_fits(one, shelved) for one in asked) / most
        return ranks


def _language(text: str) -> Language | None:
    code = language_of(text)
    return languages()[code] if code else None


def _fits(asked: _Asked, shelved: _Shelved) -> float:
    return asked.weight * max((much * shelved.words.get(word, 0.0) for word, much in asked.meant.items()), default=0.0)


def _shelved(article: Article, settings: SiteSettings) -> _Shelved:
    short, every = summary(article, settings), passages(article, settings)
    counts: dict[str, float] = dict.fromkeys((word for one in every for word in one.words), BODY)
    counts |= dict.fromkeys(words(short), SUMMARY)
    counts |= dict.fromkeys((word for phrasing in article.questions for word in words(phrasing)), PHRASING)
    counts |= dict.fromkeys((word for one in every if one.heading for word in words(one.heading.title)), HEADING)
    counts |= dict.fromkeys(words(article.title), TITLE)
    return _Shelved(article, short, frozenset((*words(article.title), *words(short))), every, counts)


def _found(shelved: _Shelved, asked: Sequence[_Asked]) -> Found:
    wanted = frozenset(word for one in asked for word in one.meant) - _COMMON
    passage = _best_passage(shelved, asked)
    text = excerpt(passage.text if passage else shelved.summary, wanted)
    title = marked(shelved.article.title, wanted)
    return Found(shelved.article, title, marked(text, wanted), passage.heading if passage else None)


def _best_passage(shelved: _Shelved, asked: Sequence[_Asked]) -> Passage | None:
    """What says more of what was typed than title and summary do."""
    best = max(shelved.passages, key=lambda one: _said(one.words, asked), default=None)
    return best if best is not None and _said(best.words, asked) > _said(shelved.known, asked) else None


def _said(said: frozenset[str], asked: Sequence[_Asked]) -> float:
    return sum(one.weight for one in asked if not one.meant.keys().isdisjoint(said))
