"""`/v1/notifications`: a bot claims what somebody must be told, delivers it, and says how it went."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import Query, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from integration.auth import TheCaller, v1_router
from integration.fields import Name, RowId
from integration.notification_kinds import KINDS
from integration.notifications import outcomes, service, undelivered
from integration.notifications.handing_on import MOST_INSTEAD
from integration.notifications.outcomes import Ack
from integration.notifications.service import Claimed
from integration.problems import Problem
from integration.runtime import Now, Runtime, TheVault, WritingSession, runtime_of

router = v1_router("/notifications")

MAX_WAIT_SECONDS = 30
LOOK_EVERY_SECONDS = 0.5


class ClaimedNotification(BaseModel):
    id: str
    kind: str
    attempts: int
    begun: bool = Field(description="A bot was about to send it before: it may stand where it belongs.")
    payload: dict[str, Any]


class ClaimedNotifications(BaseModel):
    notifications: list[ClaimedNotification]


class Beginning(BaseModel):
    attempt: int | None = Field(default=None, ge=1, description="`attempts`, as claiming it said.")


class Begun(BaseModel):
    again: bool = Field(description="Somebody began before: look whether it stands before you send it.")
    since: datetime = Field(description="When the first one began.")


class Acknowledgement(BaseModel):
    outcome: Literal["delivered", "possibly_delivered", "gave_up", "not_sent"] = Field(
        description="`possibly_delivered`: nobody can tell, and it is not sent again. `not_sent`: what was begun did "
        "certainly not get out; it is handed out again when its lease is over."
    )
    reason: Name | None = Field(default=None, description="A short code such as `channel_not_found`.")
    instead: list[Name] = Field(
        default=[], max_length=MOST_INSTEAD, description="Who hears of it in the place of a person who is gone."
    )
    attempt: int | None = Field(default=None, ge=1, description="`attempts`, as claiming it said.")


class UndeliveredOne(BaseModel):
    id: str
    kind: str
    place: str | None
    state: str = Field(description="gave_up, parked or possibly_delivered")
    reason: str | None
    at: datetime


class UndeliveredOnes(BaseModel):
    notifications: list[UndeliveredOne]


@router.post("/claim", summary="Claim notifications, waiting up to `wait` seconds for one")
async def claim(
    request: Request,
    principal: TheCaller,
    wait: Annotated[float, Query(ge=0, le=MAX_WAIT_SECONDS, allow_inf_nan=False)] = 0,
) -> ClaimedNotifications:
    """Asynchronous, unlike all others: a bot waits here nearly always. Between two looks it holds neither a thread
    (there are 40) nor a transaction nor a connection, only this coroutine. It ends early when the bot hangs up (what
    it claimed then would wait for its lease to run out) and when the server stops.
    """
    runtime = runtime_of(request)
    within = [place.strip() for place in (principal.place or "").split(",") if place.strip()]
    stopping: asyncio.Event = request.app.state.stopping
    deadline = time.monotonic() + wait
    while not await request.is_disconnected():
        claimed = await run_in_threadpool(_claim, runtime, within)
        left = deadline - time.monotonic()
        if claimed or left <= 0 or stopping.is_set():
            return ClaimedNotifications.model_validate({"notifications": [asdict(one) for one in claimed]})
        await _sleep_unless(stopping, min(left, LOOK_EVERY_SECONDS))
    return ClaimedNotifications(notifications=[])


def _claim(runtime: Runtime, within: Sequence[str]) -> list[Claimed]:
    now = runtime.clock()
    with runtime.database.reading() as session:  # most looks find nothing; they take no write lock
        if not service.any_due(session, now, within):
            return []
    with runtime.database.writing() as session:
        return service.claim(session, runtime.vault, now, within)


async def _sleep_unless(stopping: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stopping.wait()
    except TimeoutError:
        return


@router.get("/undelivered", summary="What reached nobody of late, or may not have; newest first")
def read_undelivered(
    request: Request, now: Now, days: Annotated[int, Query(ge=1, le=30)] = undelivered.SHOWN.days
) -> UndeliveredOnes:
    with runtime_of(request).database.reading() as session:
        found = undelivered.latest(session, now, timedelta(days=days))
        shown = [
            UndeliveredOne(id=row.id, kind=row.kind, place=row.place, state=row.state, reason=row.reason, at=at)
            for row in found
            if (at := row.settled_at) is not None
        ]
    return UndeliveredOnes(notifications=shown)


@router.post(
    "/{id}/begin",
    summary="Say that it is about to be sent",
    responses={409: {"model": Problem, "description": "It is over, or another bot has it in hand"}},
)
def begin(id: RowId, session: WritingSession, now: Now, body: Beginning | None = None) -> Begun:
    again, since = outcomes.begin(session, id, body.attempt if body else None, now)
    return Begun(again=again, since=since)


@router.post("/{id}/ack", status_code=204, summary="Say how the delivery went")
def acknowledge(id: RowId, body: Acknowledgement, session: WritingSession, vault: TheVault, now: Now) -> None:
    outcomes.acknowledge(session, vault, KINDS, id, Ack(**body.model_dump()), now)
