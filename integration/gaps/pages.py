"""`/staff/gaps`: what the knowledge base could not answer well, and how to teach it. Runs no script."""

from fastapi import APIRouter, Request, Response

from integration.gaps import service
from integration.gaps.endpoints import Days
from integration.pages.staff_pages import TheStaff, staff_page
from integration.runtime import runtime_of
from integration.searching import search_of

router = APIRouter(include_in_schema=False)

SPANS = (7, 30, 90)  # days to choose from
MOST_SHOWN = 50


@router.api_route("/staff/gaps", methods=["GET", "HEAD"])
def gaps(request: Request, reader: TheStaff, days: Days = 30) -> Response:
    """The gaps of some days, with what people missed."""
    found = service.read_gaps(runtime_of(request), search_of(), days=days, limit=MOST_SHOWN)
    spans = [(span, span == days) for span in SPANS]
    return staff_page(request, reader, "staff_gaps.html", gaps=found, spans=spans, limit=MOST_SHOWN)
