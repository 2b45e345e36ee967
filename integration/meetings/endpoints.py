"""`/v1/tenants/{tenant}/duration`: how long one meeting was, and why it counts as it does."""

from datetime import date
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import Field

from integration.auth import v1_router
from integration.fields import Name
from integration.meetings.lookup import find_duration
from integration.meetings.missing import Cause
from integration.meetings.views import DurationAnswer, OtherView
from integration.problems import Problem
from integration.runtime import Now, runtime_of
from integration.tenants.fields import TenantId

router = v1_router("")

MAX_LINK = 2_000


class MissingProblem(Problem):
    """Nothing was found, and why."""

    cause: Cause | None = Field(default=None, description="Null: there is no such tenant.")
    others: list[OtherView] = Field(default=[], description="Other days: the latest 20 times of the meeting.")


@router.get(
    "/tenants/{tenant}/duration",
    summary="How long a meeting was, what counts of it, and why",
    response_model=DurationAnswer,
    responses={404: {"model": MissingProblem, "description": "Nothing is known of it: `cause` says why"}},
)
def duration(
    tenant: TenantId,
    request: Request,
    now: Now,
    meeting: Annotated[
        str | None,
        Query(max_length=MAX_LINK, description="A meeting id, a call's uuid, a join link, or `my/name`."),
    ] = None,
    on: Annotated[date | None, Query(description="A day in the tenant's zone. Default: the latest time.")] = None,
    occurrence: Annotated[Name | None, Query(description="One of `others`, or of …/meetings.")] = None,
) -> Response:
    """The latest time that has begun, or the latest of a day, with a choice of the others; or the `occurrence`."""
    runtime = runtime_of(request)
    with runtime.database.reading() as session:
        answer = find_duration(session, runtime.vault, tenant, meeting, on, now, occurrence=occurrence)
    return Response(answer.model_dump_json(), media_type="application/json")
