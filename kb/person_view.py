"""An answer as a person reads it on a terminal."""

from collections.abc import Iterator
from datetime import datetime

from kb.article import Article
from kb.errors import shown_path
from kb.languages import ONLY_ENGLISH, languages
from kb.library import Library
from kb.render import article_url, to_text
from kb.search import Answer, Candidate
from kb.settings import SiteSettings
from kb.support_hours import describe

# Lowest confidence first named by the words.
_WORDS = ((0.9, "very sure"), (0.7, "quite sure"), (0.4, "not sure"), (0.0, "a guess"))


def shown_answer(answer: Answer, library: Library, settings: SiteSettings, now: datetime) -> str:
    """The short answer, or the candidates, or an honest "I don't know", with the way to a person."""
    lines = {"answered": _answered, "suggested": _suggested}.get(answer.status)
    if lines is None:
        return "\n".join(_unknown(answer, settings, now))
    return "\n".join(lines(answer, library, settings))


def in_words(confidence: float) -> str:
    """A confidence from 0 to 1 in words and as a number."""
    words = next((words for least, words in _WORDS if confidence >= least), _WORDS[-1][1])
    return f"{words} ({confidence:.2f})"


def _answered(answer: Answer, library: Library, settings: SiteSettings) -> Iterator[str]:
    best = answer.candidates[0]
    article = library.article(answer.article or best.article)
    yield article.title
    yield ""
    yield to_text(article.summary, settings)
    yield ""
    yield f"Read more: {_place(article, settings, answer.question)}"
    yield f"How sure: {in_words(best.confidence)}"


def _suggested(answer: Answer, library: Library, settings: SiteSettings) -> Iterator[str]:
    yield "I'm not sure which of these you mean:"
    for number, candidate in enumerate(answer.candidates, 1):
        yield f"{number}. {_candidate(candidate, library, settings, answer.question)}"


def _candidate(candidate: Candidate, library: Library, settings: SiteSettings, question: str) -> str:
    article = library.article(candidate.article)
    return f"{article.title} – {_place(article, settings, question)} – {in_words(candidate.confidence)}"


def _unknown(answer: Answer, settings: SiteSettings, now: datetime) -> Iterator[str]:
    if answer.language:
        yield languages()[answer.language].says
        yield ONLY_ENGLISH
    else:
        yield "I don't know the answer to that."
    yield f"Please talk to a person: write to {settings.support_email or 'Retain support'}."
    yield f"Support hours: {describe(now)}."


def _place(article: Article, settings: SiteSettings, question: str) -> str:
    return article_url(article, settings, question) or shown_path(article.path)
