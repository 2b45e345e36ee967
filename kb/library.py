"""A folder of articles, read as one."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from rapidfuzz import process

from kb.article import NOT_OURS, Article, parse_article, parse_not_ours
from kb.errors import ArticleError, KbError, shown_path
from kb.front_matter import read_front_matter

KNOWN_FACTS = ("connection_status",)
KNOWN_ACTIONS = ("connect_link", "meeting_hours", "talk_to_person")

OUR_ARTICLES = Path(__file__).parent / "articles"


@dataclass(frozen=True)
class Library:
    """Articles by slug, in the order of their file names, and the questions that are not ours."""

    articles: Mapping[str, Article]
    not_ours: tuple[str, ...]
    folder: Path

    def article(self, slug: str) -> Article:
        """The article of a slug. Raises KbError that suggests the nearest slug."""
        found = self.articles.get(slug)
        if found is None:
            match = process.extractOne(slug, list(self.articles), score_cutoff=60)
            raise KbError(
                f"There is no article “{slug}”.",
                field="article",
                remedy=f"Did you mean “{match[0]}”?" if match else "Look for its name in the list of articles.",
            )
        return found

    def sections(self) -> dict[str, list[Article]]:
        """Articles grouped by section, both in the order of the file names."""
        grouped: dict[str, list[Article]] = {}
        for article in self.articles.values():
            grouped.setdefault(article.section, []).append(article)
        return grouped


def load_library(folder: Path | None = None) -> Library:
    """Read every article of a folder; None means the articles that come with the package.

    Raises ArticleError for the first article that cannot be used, and for two that claim one phrasing.
    """
    library, errors = read_library(folder)
    errors += shared_phrasings(library.articles.values())
    if errors:
        raise errors[0]
    return library


def read_library(folder: Path | None = None) -> tuple[Library, list[ArticleError]]:
    """Read what can be read of a folder, with all errors of the files that cannot.

    Raises KbError when the folder is missing or holds no article.
    """
    folder = OUR_ARTICLES if folder is None else folder
    articles: dict[str, Article] = {}
    errors: list[ArticleError] = []
    not_ours: tuple[str, ...] = ()
    for path in _files(folder):
        try:
            if path.name == NOT_OURS:
                not_ours = parse_not_ours(path)
            else:
                articles[path.stem] = parse_article(path)
        except ArticleError as error:
            errors.append(error)
    return Library(MappingProxyType(articles), not_ours, folder), errors


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise KbError(
            f"{shown_path(folder)} is not a folder.",
            field="articles",
            remedy="Name a folder that holds articles as .md files.",
        )
    files = sorted(path for path in folder.glob("*.md") if path.is_file() and not path.name.startswith("."))
    if not any(path.name != NOT_OURS for path in files):
        raise KbError(
            f"{shown_path(folder)} holds no articles.",
            field="articles",
            remedy="Put at least one article there, as a .md file with title and questions.",
        )
    return files


def normalised(phrasing: str) -> str:
    """A phrasing without what does not tell questions apart: case, punctuation, spaces."""
    words = re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", phrasing).casefold()).strip()
    return words or phrasing.strip()


def shared_phrasings(articles: Iterable[Article]) -> list[ArticleError]:
    """An error for every phrasing that a second article claims, naming both articles."""
    owners: dict[str, Article] = {}
    errors = []
    for article in articles:
        for index, phrasing in enumerate(article.questions):
            owner = owners.setdefault(normalised(phrasing), article)
            if owner.slug != article.slug:
                errors.append(_claimed_twice(article, index, owner))
    return errors


def _claimed_twice(article: Article, index: int, owner: Article) -> ArticleError:
    return ArticleError(
        f"“{article.questions[index]}” is claimed by {article.slug} and by {owner.slug} ({shown_path(owner.path)}).",
        path=article.path,
        line=read_front_matter(article.path).line_of("questions", index),
        field="questions",
        remedy="Keep it in the article that answers it, and delete it from the other.",
    )
