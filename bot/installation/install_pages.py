"""What a person sees who installs the app in a workspace: one short page for each outcome."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse, HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from kb.looks import DESIGN

HERE = Path(__file__).with_name("pages")
ASSETS = ("tokens.css", "design.css", "icon.svg")
INSTALL_PATH = "/slack/install"
HEADERS = MappingProxyType(
    {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",  # the address holds a code
        "Strict-Transport-Security": "max-age=31536000",  # browsers heed it over https only
        "X-Content-Type-Options": "nosniff",
    }
)


@dataclass(frozen=True)
class Link:
    """Where to go from a page."""

    label: str
    url: str


TRY_AGAIN = Link("Try again", INSTALL_PATH)


@dataclass(frozen=True)
class Page:
    """One outcome in words. `lines` are paragraphs, `steps` what happens next."""

    title: str
    lines: tuple[str, ...]
    status: int = 200
    steps: tuple[str, ...] = ()
    link: Link | None = TRY_AGAIN
    reference: str | None = None


CANCELLED = Page(
    "Retain was not installed",
    ("You cancelled, or Slack did not let you install apps in this workspace. Nothing has changed.",
     "If only admins may install apps there, ask one of them to open this page."),
)  # fmt: skip
WRONG_BROWSER = Page(
    "Please start again",
    ("This page was used already, or belongs to an installation that began in another browser or more than ten "
     "minutes ago.",
     "If Retain answers you in Slack, it is installed, and there is nothing left to do."),
    status=400,
)  # fmt: skip
CODE_SPENT = Page(
    "That took too long",
    ("Slack's permission is good for ten minutes and for one use. Nothing was installed this time; "
     "trying again takes a few clicks.",),
    status=400,
)  # fmt: skip
SLACK_DOWN = Page(
    "Slack does not answer",
    ("Slack could not finish the installation just now. Please wait a minute and try again.",),
    status=503,
)
WHOLE_ORGANISATION = Page(
    "Please choose one workspace",
    ("Retain is installed in single workspaces, not in a whole organisation. Nothing was installed.",
     "Try again, and choose a workspace at the top right of Slack's page."),
    status=400,
)  # fmt: skip
OUR_FAULT = Page(
    "Something went wrong on our side",
    ("Retain could not be installed, and that is our fault, not yours. Please try again in a while, or write to us.",),
    status=500,
)

READY = "Your workspace is linked to your organisation already. In Slack, type /retain help to see what Retain can do."
MEANWHILE = "From now on it answers questions about Retain's Zoom integration, for everyone in the workspace."
UNTIL_IT_IS_LINKED = (
    "Retain's support links this workspace to your organisation, Monday to Friday, 9:00 to 18:00 Pacific time.",
    "After that, type /retain in Slack to connect Zoom or to see how your connection is.",
)


def installed(name: str, slack_url: str, *, linked: bool) -> Page:
    """Success. `linked`: the service knows already whose workspace this is. `slack_url` opens the app in Slack."""
    title, link = f"Retain is installed in {name}", Link("Open Slack", slack_url)
    if linked:
        return Page(title, (READY,), link=link)
    return Page(title, (MEANWHILE,), steps=UNTIL_IT_IS_LINKED, link=link)


def shown(page: Page, support_email: str | None) -> Response:
    """The page as a response, which no cache keeps."""
    html = _template().render(page=page, support_email=support_email)
    return HTMLResponse(html, page.status, headers=HEADERS)


def assets() -> APIRouter:
    """The style sheets and the icon of the pages: those of the help centre."""
    router = APIRouter()

    def serve(name: str) -> None:
        @router.get(f"/slack/{name}")
        def asset() -> FileResponse:
            return FileResponse(DESIGN / name, headers=HEADERS)

    for name in ASSETS:
        serve(name)
    return router


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("page.html")
