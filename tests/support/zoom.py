"""The Zoom stand-in, in a thread, over real HTTP."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from integration.runtime import Runtime
from integration.zoom.client import ZoomClient
from integration.zoom.oauth import ZoomOAuth
from integration.zoom.sandbox import server
from integration.zoom.sandbox.driver import ZoomStandIn
from integration.zoom.sandbox.model import Clock
from integration.zoom.sandbox.world import App, World
from integration.zoom.wire import Timeouts, make_http

# Longer than anything takes that is not meant to hang, on a busy machine too.
IMPATIENT = Timeouts(connect=4.0, read=3.0, whole=4.0)


@contextmanager
def running_zoom(
    clock: Clock | None = None, *, webhook_url: str | None = None, redirect_uri: str | None = None, port: int = 0
) -> Iterator[ZoomStandIn]:
    """A stand-in of one's own, with fresh random credentials, gone when the block ends.

    `clock` (aware UTC) is the real time when None; the stand-in's `forward` moves it on. `redirect_uri` None: it
    leads back to any address of this machine. See `integration.zoom.sandbox.driver` for what it can do.
    """
    app = replace(App.from_env({}), webhook_url=webhook_url, redirect_uri=redirect_uri)
    world = World(app, clock)
    with server.running(world, port):
        yield ZoomStandIn(world)


def reached_at(zoom: ZoomStandIn) -> dict[str, object]:
    """The service's settings that lead to this stand-in."""
    return {
        "zoom_client_id": zoom.client_id,
        "zoom_client_secret": zoom.client_secret,
        "zoom_webhook_secret": zoom.webhook_secret,
        "zoom_oauth_url": zoom.oauth_url,
        "zoom_api_url": zoom.api_url,
    }


def impatient(runtime: Runtime) -> Runtime:
    """The same, waiting for Zoom for a moment only, and trying again at once."""
    settings = runtime.settings
    oauth = ZoomOAuth(
        client_id=settings.zoom_client_id,
        client_secret=settings.zoom_client_secret,
        oauth_url=settings.zoom_oauth_url,
        http=make_http(settings.zoom_oauth_url),
        clock=runtime.clock,
        sleep=lambda _: None,
        rng=random.Random(1),
        timeouts=IMPATIENT,
    )
    client = ZoomClient(
        api_url=settings.zoom_api_url,
        http=make_http(settings.zoom_api_url),
        clock=runtime.clock,
        sleep=lambda _: None,
        rng=random.Random(1),
        timeouts=IMPATIENT,
    )
    return replace(runtime, zoom_oauth=oauth, zoom=client)
