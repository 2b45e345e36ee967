"""The help centre: `/` lists the articles, `/help/{slug}` shows one."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from integration.errors import NotFound, Unavailable
from integration.pages.views import article_context, page, sections
from integration.runtime import Runtime, runtime_of
from kb.errors import ArticleError, KbError
from kb.library import Library

router = APIRouter(include_in_schema=False)

READ = ["GET", "HEAD"]  # link checkers, mail scanners and monitors ask with HEAD


@router.api_route("/", methods=READ)
def home(request: Request) -> Response:
    library = _library(runtime_of(request))
    return page(request, "home.html", sections=sections(library))


@router.api_route("/help", methods=READ)
@router.api_route("/help/", methods=READ)
def all_topics() -> Response:
    return RedirectResponse("/", status_code=301)


@router.api_route("/help/{slug}", methods=READ)
def article(request: Request, slug: str) -> Response:
    runtime = runtime_of(request)
    library = _library(runtime)
    try:
        found = library.article(slug)
    except KbError as error:
        raise NotFound(
            "There is no help page at this address.",
            remedy="It may have been renamed. Look for it in the list of all topics.",
        ) from error
    return page(request, "article.html", slug=slug, **article_context(runtime, found))


@router.api_route("/integrations", methods=READ)
def integrations(request: Request) -> Response:
    """How Zoom is connected. Articles link here unless INTEGRATIONS_URL names another page."""
    return page(request, "connect_how.html", slug="connect-zoom")


def _library(runtime: Runtime) -> Library:
    try:
        return runtime.library
    except ArticleError as error:
        raise Unavailable(
            "The help pages cannot be shown just now.",
            remedy="Please try again later, or write to us; whoever runs the service finds the reason in /readyz.",
        ) from error
