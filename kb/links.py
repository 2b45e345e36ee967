"""Links of an article that lead nowhere: to no article, no heading, or an address that is not shown."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from rapidfuzz import process

from kb.article import Article
from kb.library import Library
from kb.markup import parser
from kb.render import headings

_HELP = re.compile(r"(?:\{HELP_URL\})?/help/(?P<slug>[^#?]*)(?:\?[^#]*)?(?:#(?P<anchor>.*))?")
_SHOWN = {"http", "https", "mailto"}

Broken = tuple[str, str, str]  # the target as written, what is wrong, remedy


def broken_links(article: Article, library: Library) -> Iterator[Broken]:
    """Every link of summary and body that does not work, once."""
    hrefs = dict.fromkeys((*_hrefs(article.summary), *_hrefs(article.body)))
    for href in hrefs:
        problem = _problem(href, article, library)
        if problem:
            yield href, *problem


def _hrefs(markdown: str) -> Iterator[str]:
    for token in parser().parse(markdown):
        for child in token.children or ():
            if child.type in {"link_open", "image"}:
                yield unquote(str(child.attrs.get("href", child.attrs.get("src", ""))))


def _problem(href: str, article: Article, library: Library) -> tuple[str, str] | None:
    found = _HELP.fullmatch(href)
    if found:
        return _help_problem(href, found["slug"], found["anchor"], library)
    if href.startswith("#"):
        return _anchor_problem(href, article, href[1:])
    scheme = _scheme(href)
    if scheme and scheme not in _SHOWN:
        return f"The link “{href}” is not shown.", "Use an address that starts with https:// or mailto:."
    if not scheme and not href.startswith(("/", "{")):
        return f"The link “{href}” leads nowhere.", "Write it as /help/ and the article's name."
    return None


def _help_problem(href: str, slug: str, anchor: str | None, library: Library) -> tuple[str, str] | None:
    target = library.articles.get(slug)
    if target is None:
        return f"The link “{href}” leads to no article.", _nearest(slug, list(library.articles))
    return _anchor_problem(href, target, anchor) if anchor else None


def _anchor_problem(href: str, article: Article, anchor: str) -> tuple[str, str] | None:
    known = [heading.anchor for heading in headings(article)]
    if anchor in known:
        return None
    return f"The link “{href}” leads to no heading of {article.slug}.", _nearest(anchor, known)


def _nearest(name: str, known: list[str]) -> str:
    match = process.extractOne(name, known, score_cutoff=60)
    return f"Did you mean “{match[0]}”?" if match else "Correct it, or delete the link."


def _scheme(href: str) -> str:
    try:
        return urlsplit(href).scheme
    except ValueError:  # such as an unclosed "[" of an IPv6 address
        return "unreadable"
