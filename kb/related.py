"""Which articles are read together: for each the ones most like it, by the words that they have in common."""

from collections import Counter
from collections.abc import Mapping

import numpy as np

from kb.article import Article
from kb.library import Library
from kb.text import stem, words

MOST_RELATED = 3
LEAST_ALIKE = 0.1  # cosine: below that they share hardly more than the words of every article


def related(library: Library) -> Mapping[str, tuple[Article, ...]]:
    """For each article, by its slug, at most `MOST_RELATED` others, the most alike first."""
    articles = list(library.articles.values())
    alike = _alike(articles)
    np.fill_diagonal(alike, 0)
    return {
        article.slug: tuple(
            articles[place] for place in np.argsort(-row, kind="stable")[:MOST_RELATED] if row[place] >= LEAST_ALIKE
        )
        for article, row in zip(articles, alike, strict=True)
    }


def _alike(articles: list[Article]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Cosine likeness of each to each. A word weighs more the fewer articles have it; one that all have, nothing."""
    counts = [Counter(map(stem, words(_text(article)))) for article in articles]
    known = {word: place for place, word in enumerate(sorted(set().union(*counts)))}
    table = np.zeros((len(articles), len(known)), np.float32)
    for row, count in zip(table, counts, strict=True):
        for word, number in count.items():
            row[known[word]] = 1 + np.log(number)
    table *= np.log(len(articles) / np.count_nonzero(table, axis=0))
    table /= np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-6)
    return table @ table.T


def _text(article: Article) -> str:
    return "\n".join((article.title, *article.questions, article.summary, article.body))
