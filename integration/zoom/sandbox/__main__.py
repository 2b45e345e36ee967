"""`python -m integration.zoom.sandbox --port N`: a Zoom to try the product with. Nothing leaves this machine."""

import os
from pathlib import Path
from typing import Annotated

import typer

from integration.zoom.sandbox import server
from integration.zoom.sandbox.errors import NotPossible
from integration.zoom.sandbox.sync import Sync
from integration.zoom.sandbox.world import App, World
from kb.clock import clock_from

PORT = 8020


def main(
    port: Annotated[int, typer.Option(help="The port of this machine to listen on.", min=0, max=65535)] = PORT,
    kept: Annotated[Path | None, typer.Option(help="A file that keeps what happened over a restart.")] = None,
    weeks: Annotated[int, typer.Option(help="How many weeks of meetings are behind Acme at the first start.")] = 0,
) -> None:
    """Serve a local Zoom: consent page, OAuth, API, Marketplace, webhooks, and trouble on demand.

    The app's credentials are ZOOM_CLIENT_ID, ZOOM_CLIENT_SECRET and ZOOM_WEBHOOK_SECRET; each is random where it is
    missing. Events go to ZOOM_WEBHOOK_URL. With PUBLIC_URL set, only its /oauth/zoom/callback is led back to. Changes
    of the calendar go to CALENDAR_SYNC_URL, with CALENDAR_SYNC_API_KEY.
    """
    try:
        world = World(App.from_env(os.environ), clock_from(os.environ), Sync.from_env(os.environ))
        server.serve(world, port, kept, weeks)
    except NotPossible as error:
        print(error)
        raise typer.Exit(1) from None


if __name__ == "__main__":
    typer.run(main)
