"""`python -m bot.sandbox`: try the product on this machine (`run`), or only the Slack stand-in (`serve`)."""

import os
from typing import Annotated

import typer

from bot.sandbox import launch, server
from bot.sandbox.environment import SLACK_PORT, tokens_from
from bot.sandbox.world import make_world

cli = typer.Typer(help="A local Slack to try the bot with. Nothing leaves this machine.", no_args_is_help=True)


@cli.command()
def run() -> None:
    """Start web, worker, bots and the Slack stand-in, and say where the chat page is."""
    raise typer.Exit(launch.run())


@cli.command()
def serve(
    port: Annotated[int, typer.Option(help="The port of the loopback address to listen on.")] = SLACK_PORT,
) -> None:
    """Serve the Slack stand-in alone; its tokens come from ACME_BOT_TOKEN, ACME_APP_TOKEN and so on."""
    server.serve(make_world(tokens_from(os.environ)), "127.0.0.1", port)


if __name__ == "__main__":
    cli()
