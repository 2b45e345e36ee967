"""Hands events, commands and interactions to apps, and tries events again as Slack does."""

import asyncio

from bot.sandbox import http_mode, socket_mode
from bot.sandbox.model import App, Delivery, Json
from bot.sandbox.socket_hub import NotAcknowledged
from bot.sandbox.world import World

REDELIVERY_REASON = "timeout"
KEPT = 2000


async def ask(world: World, app: App, kind: str, payload: Json) -> Json | None:
    """Sends a command or an interaction once; returns what the acknowledgement carried.

    Raises NotAcknowledged: Slack never repeats these, the person sees that it failed.
    """
    return await _attempt(world, app, Delivery(app.team_id, kind, payload, 0, ""))


def dispatch(world: World, app: App, payload: Json) -> None:
    """Starts the delivery of an event: at least once, until acknowledged or given up."""
    for number in range(1, world.faults.take_extra_deliveries() + 1):
        again = Delivery(app.team_id, "event", payload, number, REDELIVERY_REASON)
        world.start(_ignore_failure(world, app, again))
    world.start(_deliver(world, app, payload))


async def _deliver(world: World, app: App, payload: Json) -> None:
    reason = ""
    for attempt, pause in enumerate((*world.timing.retries, None)):
        try:
            await _attempt(world, app, Delivery(app.team_id, "event", payload, attempt, reason))
        except NotAcknowledged as failure:
            if pause is None or not failure.retry:
                return
            reason = failure.reason
            await _pause(world, app, pause)
        else:
            return


async def _ignore_failure(world: World, app: App, delivery: Delivery) -> None:
    try:
        await _attempt(world, app, delivery)
    except NotAcknowledged:
        return  # it is one too many anyway


async def _pause(world: World, app: App, seconds: float) -> None:
    """Waits before the next attempt; while no app is connected, until one is.

    Slack would wait its minute out: here a person sits in front of the page.
    """
    offline = not world.connected(app.team_id)
    seconds = max(seconds, world.timing.retries[-1]) if offline else seconds
    try:
        async with asyncio.timeout(seconds):
            while not (offline and world.connected(app.team_id)):
                await world.signal.wait()
    except TimeoutError:
        return


async def _attempt(world: World, app: App, delivery: Delivery) -> Json | None:
    world.deliveries.append(delivery)
    del world.deliveries[:-KEPT]
    send = http_mode.send if world.request_url(app) else socket_mode.send
    try:
        answer = await send(world, app, delivery.kind, delivery.payload, delivery.attempt, delivery.reason)
    except NotAcknowledged as failure:
        delivery.outcome = failure.reason
        raise
    except asyncio.CancelledError:
        delivery.outcome = "cancelled"
        raise
    else:
        delivery.outcome = "acked"
        return answer
    finally:
        world.changed()
