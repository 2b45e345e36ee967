"""What the help centre shows of the articles. Nothing of it changes while a process runs: each is made once."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import cast

from fastapi import Request
from markupsafe import Markup

from integration.errors import NotFound, Unavailable
from integration.runtime import Runtime
from integration.searching import search_of
from kb import render
from kb.article import Article
from kb.errors import ArticleError
from kb.headings import Heading, slugified
from kb.library import Library
from kb.look_up import LookUp
from kb.related import related
from kb.settings import SiteSettings

# From the first thing people come for to the last; sections that are not named here follow.
SECTION_ORDER = (
    "Installation",
    "Troubleshooting",
    "What it does",
    "Security & privacy",
    "Deauthorization",
    "Contact support",
)


@dataclass(frozen=True)
class Section:
    """A heading of the list of topics; `anchor` is where it stands on that page."""

    title: str
    anchor: str
    articles: tuple[Article, ...]


@dataclass(frozen=True)
class Leaf:
    """An article as its page shows it. `summary` is for search engines: to a reader the body says it all."""

    article: Article
    section: Section
    address: str
    summary: str
    body: Markup
    headings: tuple[Heading, ...]
    more: tuple[Article, ...]  # of the same section
    related: tuple[Article, ...]  # of others


class HelpCentre:
    """The articles of a process. All of it raises Unavailable while one of them is broken."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._leaves: dict[str, Leaf] = {}

    @property
    def library(self) -> Library:
        try:
            return self._runtime.library
        except ArticleError as error:
            raise Unavailable(
                "The help pages cannot be shown just now.",
                remedy="Please try again later, or write to us; whoever runs the service finds the reason in /readyz.",
            ) from error

    @cached_property
    def sections(self) -> list[Section]:
        """The topics as the home page lists them."""
        listed = self.library.sections()
        known = [title for title in SECTION_ORDER if title in listed]
        others = [title for title in listed if title not in known]
        return [Section(title or "More", slugified(title or "More"), tuple(listed[title])) for title in known + others]

    @property
    def look_up(self) -> LookUp:
        """Takes half a second, the first time in a process."""
        return _look_up(self._runtime.site)

    def leaf(self, slug: str) -> Leaf:
        """Raises NotFound."""
        if slug not in self._leaves:
            self._leaves[slug] = self._made(self._article(slug))
        return self._leaves[slug]

    def section_of(self, article: Article) -> Section:
        return next(one for one in self.sections if any(other.slug == article.slug for other in one.articles))

    @cached_property
    def _related(self) -> Mapping[str, tuple[Article, ...]]:
        return related(self.library)

    def _article(self, slug: str) -> Article:
        article = self.library.articles.get(slug)
        if article is None:
            raise NotFound(
                "There is no help page at this address.",
                remedy="It may have been renamed. Look for it in the list of all topics.",
            )
        return article

    def _made(self, article: Article) -> Leaf:
        site, section = self._runtime.site, self.section_of(article)
        return Leaf(
            article,
            section,
            address=render.article_url(article, site) or f"/help/{article.slug}",
            summary=" ".join(render.to_text(article.summary, site).split()),
            body=Markup(render.to_html(article.body, site)),  # noqa: S704 - no raw HTML gets through
            headings=render.headings(article),
            more=tuple(other for other in section.articles if other != article),
            related=tuple(other for other in self._related[article.slug] if other not in section.articles),
        )


@cache
def _look_up(site: SiteSettings) -> LookUp:
    return LookUp(search_of(), site)


def help_centre_of(request: Request) -> HelpCentre:
    """The help centre of the app that answers this request."""
    return cast("HelpCentre", request.app.state.help_centre)
