"""`/staff/gaps`: what the knowledge base could not answer well, and how to teach it. Runs no script."""

from fastapi import APIRouter, Request, Response

from integration.gaps import service
from integration.gaps.endpoints import Days
from integration.pages.staff_pages import TheStaff, staff_page
from integration.runtime import Now, runtime_of

router = APIRouter(include_in_schema=False)

SPANS = (7, 30, 90)  # days to choose from


@router.api_route("/staff/gaps", methods=["GET", "HEAD"])
def gaps(request: Request, reader: TheStaff, now: Now, days: Days = 30) -> Response:
    """The gaps of some days, with what people missed."""
    runtime, search = runtime_of(request), service.search_of()
    with runtime.database.reading() as session:
        found = service.read_gaps(session, runtime.vault, search, days=days, limit=50, now=now)
    spans = [(span, span == days) for span in SPANS]
    return staff_page(request, reader, "staff_gaps.html", gaps=found, spans=spans)
