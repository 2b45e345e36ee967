"""`GET /v1/gaps`: what the knowledge base could not answer well, for those who write it."""

from typing import Annotated

from fastapi import Query, Request

from integration.auth import v1_router
from integration.gaps import service
from integration.gaps.views import Gaps
from integration.runtime import runtime_of
from integration.searching import search_of

router = v1_router("")

Days = Annotated[int, Query(ge=1, le=service.MOST_DAYS, description="How far back to look.")]


@router.get("/gaps", summary="What was asked and not answered well, the most frequent first")
def gaps(request: Request, days: Days = 30, limit: Annotated[int, Query(ge=1, le=service.MOST_GROUPS)] = 20) -> Gaps:
    """As far back as questions are kept (QUESTIONS_KEPT_DAYS). What today's articles answer is left out."""
    return service.read_gaps(runtime_of(request), search_of(), days=days, limit=limit)
