"""`/v1/notifications`: a bot claims what somebody must be told, delivers it, and says how it went."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import Query, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from integration.auth import TheCaller, v1_router
from integration.fields import Name, RowId
from integration.notifications import outcomes, service
from integration.notifications.service import Claimed
from integration.runtime import Now, Runtime, TheVault, WritingSession, runtime_of

router = v1_router("/notifications")

MAX_WAIT_SECONDS = 30
LOOK_EVERY_SECONDS = 0.5


class ClaimedNotification(BaseModel):
    id: str
    kind: str
    attempts: int
    payload: dict[str, Any]


class ClaimedNotifications(BaseModel):
    notifications: list[ClaimedNotification]


class Acknowledgement(BaseModel):
    outcome: Literal["delivered", "gave_up"]
    reason: Name | None = Field(default=None, description="A short code such as `channel_not_found`.")


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


@router.post("/{id}/ack", status_code=204, summary="Say how the delivery went")
def acknowledge(
    id: RowId,
    body: Acknowledgement,
    session: WritingSession,
    vault: TheVault,
    now: Now,
) -> None:
    outcomes.acknowledge(session, vault, id, outcome=body.outcome, reason=body.reason, now=now)
