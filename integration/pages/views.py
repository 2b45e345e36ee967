"""How a page is made: templates, the help centre's view of an article, and errors for people."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from http import HTTPStatus
from pathlib import Path

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from integration.errors import RequestError
from integration.pages.around import around
from integration.pages.forms import dated_token, keep_browser, token
from integration.pages.places import places, section_of, who
from integration.runtime import Runtime, runtime_of
from kb import render, support_hours
from kb.article import Article
from kb.headings import slugified
from kb.library import Library
from kb.looks import DESIGN, version_of

# From the first thing people come for to the last; sections that are not named here follow.
SECTION_ORDER = (
    "Installation",
    "Troubleshooting",
    "What it does",
    "Security & privacy",
    "Deauthorization",
    "Contact support",
)

SUPPORT_HOURS = "support-hours"
NOT_KEPT: Mapping[str, str] = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
MOST_OTHER_DAYS = 5

HERE = Path(__file__).parent
STATIC = HERE / "static"


@cache
def version() -> str:
    """Of all that pages load: it is part of their addresses."""
    return version_of(STATIC, DESIGN)


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(version=version(), places=places, section_of=section_of, who=who)
    environment.filters["day"] = _day
    environment.filters["as_of"] = _as_of
    return environment


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _as_of(moment: datetime, now: datetime) -> str:
    return support_hours.describe_moment(moment, now, None)


@dataclass(frozen=True)
class Support:
    """What every page says about reaching a person."""

    email: str | None
    hours: str
    open: bool


def support(runtime: Runtime, now: datetime) -> Support:
    """Contact and hours as of `now` (aware)."""
    return Support(runtime.site.support_email, support_hours.describe(now, None), support_hours.is_open(now))


def rendered(request: Request, template: str, **context: object) -> str:
    """A template's HTML, with what every page says."""
    runtime = runtime_of(request)
    now = runtime.clock()
    beside: dict[str, object] = {
        "support": support(runtime, now),
        "now": now,
        "path": request.url.path,
        "staff_notice": None,
        "promise": None,
        "form_token": partial(token, request),
        "dated_form_token": partial(dated_token, request),
    }
    return _templates().get_template(template).render(beside | context)


def private_page(
    request: Request, html: str, *, status: int = HTTPStatus.OK, headers: Mapping[str, str] = NOT_KEPT
) -> HTMLResponse:
    """A page (`html`) that nobody keeps: for one person, or with a form that acts for whoever has this browser."""
    response = HTMLResponse(html, status, {**NOT_KEPT, **headers})
    keep_browser(request, response)
    return response


def page(request: Request, template: str, *, slug: str | None = None, **context: object) -> Response:
    """A page of the help centre, `slug`'s article or one about all of them, with what stands around it.

    Unchanged since the reader's last visit (ETag): 304 without a body.
    """
    beside = around(request, slug)
    html = rendered(request, template, staff_notice=beside.notice, promise=beside.promise, **context)
    etag = f'"{hashlib.sha256(html.encode()).hexdigest()[:32]}"'
    # Hours and articles change: ask every time, and learn in a few bytes that nothing did.
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return HTMLResponse(html, headers=headers)


@dataclass(frozen=True)
class Section:
    """A heading of the list of topics; `anchor` is where it stands on that page."""

    title: str
    anchor: str
    articles: tuple[Article, ...]


def sections(library: Library) -> list[Section]:
    """The topics as the home page lists them."""
    listed = library.sections()
    known = [title for title in SECTION_ORDER if title in listed]
    others = [title for title in listed if title not in known]
    return [Section(title or "More", slugified(title or "More"), tuple(listed[title])) for title in known + others]


def article_context(runtime: Runtime, article: Article) -> dict[str, object]:
    """What the page of one article shows. The one about support hours lists the coming days that are not as usual."""
    today = runtime.clock().astimezone(support_hours.PACIFIC).date()
    other_days = support_hours.default_calendar().exceptions(today) if article.slug == SUPPORT_HOURS else []
    section = next(one for one in sections(runtime.library) if article in one.articles)
    return {
        "article": article,
        "section": section,
        # For search engines; to a reader the body says it all, and the summary is the short answer in Slack.
        "summary": " ".join(render.to_text(article.summary, runtime.site).split()),
        "body": Markup(render.to_html(article.body, runtime.site)),  # noqa: S704 - no raw HTML gets through
        "other_days": other_days[:MOST_OTHER_DAYS],
        "headings": render.headings(article),
        "more": [other for other in section.articles if other != article],
    }


def error_page(request: Request, error: RequestError, request_id: str) -> Response:
    """An error for a person: what happened and what to do. The request id only where we are at fault."""
    html = rendered(request, "error.html", error=error, request_id=request_id if error.status >= 500 else None)
    return HTMLResponse(html, status_code=error.status, headers={**error.headers, "Cache-Control": "no-store"})
