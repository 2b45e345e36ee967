"""What browsers keep so that help is readable without a connection: the script that does it, and the page for then."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, HTMLResponse

from integration.pages.views import READ, STATIC, rendered

router = APIRouter(include_in_schema=False)

ASKED_EVERY_TIME = {"Cache-Control": "no-cache"}


@router.api_route("/sw.js", methods=READ)
def service_worker() -> Response:
    """Here, and not among the other files: a service worker looks after the addresses below its own."""
    return FileResponse(STATIC / "sw.js", media_type="text/javascript", headers=ASKED_EVERY_TIME)


@router.api_route("/offline", methods=READ)
def offline(request: Request) -> Response:
    return HTMLResponse(rendered(request, "offline.html"), headers={**ASKED_EVERY_TIME, "X-Robots-Tag": "noindex"})
