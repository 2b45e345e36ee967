"""`python -m bot.sandbox`: try the product on this machine (`run`), or only the Slack stand-in (`serve`)."""

import os
from pathlib import Path
from typing import Annotated

import typer

from bot.sandbox import installs, launch, server
from bot.sandbox.environment import SLACK_PORT, links_from, registration_from
from bot.sandbox.world import make_world
from kb.clock import clock_from

cli = typer.Typer(help="A local Slack to try the bot with. Nothing leaves this machine.", no_args_is_help=True)


@cli.command()
def run() -> None:
    """Start web, worker, bot and the stand-ins for Slack and Zoom, and say where they are."""
    raise typer.Exit(launch.run())


@cli.command()
def serve(
    port: Annotated[int, typer.Option(help="The port of the loopback address to listen on.")] = SLACK_PORT,
    kept: Annotated[
        Path | None, typer.Option(help="A file that keeps installations over a restart; messages are beside it.")
    ] = None,
) -> None:
    """Serve the Slack stand-in alone, where the app is installed nowhere at first.

    The app's credentials are SLACK_CLIENT_ID, SLACK_CLIENT_SECRET, SLACK_APP_TOKEN and SLACK_SIGNING_SECRET; each is
    random where it is missing. SLACK_INSTALL_URL and SLACK_REDIRECT_URL are where its bot installs it.
    """
    tokens = installs.kept_tokens(kept) if kept else {}
    registration = registration_from(os.environ)
    world = make_world(tokens, installed=tokens, registration=registration, clock=clock_from(os.environ))
    world.links = links_from(os.environ)
    server.serve(world, "127.0.0.1", port, kept)


if __name__ == "__main__":
    cli()
