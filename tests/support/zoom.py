"""The Zoom stand-in, in a thread, over real HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from integration.zoom.sandbox import server
from integration.zoom.sandbox.driver import ZoomStandIn
from integration.zoom.sandbox.model import Clock
from integration.zoom.sandbox.world import App, World


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
