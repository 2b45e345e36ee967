"""How a page is made: templates, what every page says, and pages that nobody keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from http import HTTPStatus
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from integration.pages.forms import dated_token, keep_browser, token
from integration.pages.opening import Opening, opening
from integration.runtime import Runtime, runtime_of
from kb import support_hours
from kb.looks import DESIGN, version_of

READ = ["GET", "HEAD"]  # link checkers, mail scanners and monitors ask with HEAD
NOT_KEPT: Mapping[str, str] = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"}
# For addresses that open something: no other page is told of them.
NOT_KEPT_NOR_REFERRED: Mapping[str, str] = {**NOT_KEPT, "Referrer-Policy": "no-referrer"}

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
    environment.globals.update(version=version())
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
    opening: Opening


def support(runtime: Runtime, now: datetime) -> Support:
    """Contact and hours as of `now` (aware)."""
    return Support(runtime.site.support_email, opening(now))


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


def see_other(path: str, headers: Mapping[str, str] = NOT_KEPT) -> RedirectResponse:
    """On to another page, with GET; nobody keeps the way there."""
    return RedirectResponse(path, HTTPStatus.SEE_OTHER, headers=dict(headers))
