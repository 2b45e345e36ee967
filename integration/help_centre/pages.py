"""The help centre: `/` lists the articles and looks things up, `/help/{slug}` shows one."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.background import BackgroundTask

from integration.help_centre.centre import HelpCentre, help_centre_of
from integration.help_centre.shared_pages import OWN_KEY, shared_page
from integration.pages.views import READ, rendered
from integration.runtime import runtime_of
from kb import support_hours
from kb.look_up import LONGEST_TYPED, LookedUp

router = APIRouter(include_in_schema=False)

SUPPORT_HOURS = "support-hours"
MOST_OTHER_DAYS = 5
# What was typed is looked up again as letters are taken back.
KEPT_WHILE_TYPING = {"Cache-Control": "private, max-age=60", "X-Robots-Tag": "noindex, nofollow"}

Typed = Annotated[str, Query(alias="q")]


@router.api_route("/", methods=READ)
def home(request: Request, typed: Typed = "") -> Response:
    """The topics; above them, what fits `q`."""
    centre = help_centre_of(request)
    found = _found(centre, typed)
    page = shared_page(
        request,
        "home.html",
        mine=found is not None,
        address=f"{runtime_of(request).site.help_url}/",
        sections=centre.sections,
        section_of_article=centre.section_of,
        typed=_shown(typed),
        found=found,
    )
    # Who opens it will soon type: the search is made by then.
    page.background = BackgroundTask(lambda: centre.look_up)
    return page


@router.api_route("/search", methods=READ)
def search(request: Request, typed: Typed = "") -> Response:
    """A part of the home page: what fits `q`, for the script that puts it there while somebody types."""
    centre = help_centre_of(request)
    found, section_of = _found(centre, typed), centre.section_of
    html = rendered(request, "search_found.html", found=found, section_of_article=section_of)
    return HTMLResponse(html, headers=KEPT_WHILE_TYPING)


@router.api_route("/help", methods=READ)
@router.api_route("/help/", methods=READ)
def all_topics() -> Response:
    return RedirectResponse("/", status_code=301)


@router.api_route("/help/{slug}", methods=READ)
def article(request: Request, slug: str, typed: Typed = "") -> Response:
    """An article; `q` is what its reader had typed to find it."""
    leaf = help_centre_of(request).leaf(slug)
    other_days = _other_days(request) if slug == SUPPORT_HOURS else []
    return shared_page(
        request,
        "article.html",
        slug=slug,
        mine=True,
        leaf=leaf,
        typed=_shown(typed),
        key=OWN_KEY,
        other_days=other_days,
    )


def _shown(typed: str) -> str:
    return " ".join(typed[:LONGEST_TYPED].split())


def _found(centre: HelpCentre, typed: str) -> LookedUp | None:
    """None where nothing is typed."""
    return centre.look_up.look_up(typed) if typed.strip() else None


def _other_days(request: Request) -> list[tuple[date, str]]:
    """The coming days that are not as usual."""
    today = runtime_of(request).clock().astimezone(support_hours.PACIFIC).date()
    return support_hours.default_calendar().exceptions(today)[:MOST_OTHER_DAYS]
