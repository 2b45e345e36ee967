"""`keys`: the secrets of .env."""

import base64
import secrets
from typing import Annotated

import typer

from integration.callers import CALLER
from integration.commands.common import group
from integration.vault import KEY_BYTES

app = group("Make the secrets that .env needs, and change the key that encrypts.")


@app.command()
def generate() -> None:
    """Print a new entry for ENCRYPTION_KEYS. Nothing is stored.

    To change keys, put the new entry before the old one (`new,old`): the first encrypts, all of them decrypt. Restart
    every web and worker process, and then run `keys rotate`; it says when the old entry can go.
    """
    key = base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode("ascii")
    typer.echo(f"k{secrets.token_hex(4)}:{key}")


@app.command()
def secret() -> None:
    """Print a new SECRET_KEY. Nothing is stored."""
    typer.echo(secrets.token_urlsafe(48))


@app.command()
def api(
    name: Annotated[str, typer.Argument(help="The calling program, such as `bot`: a-z, 0-9, - or _.")],
) -> None:
    """Print a new entry for API_KEYS. What follows the colon is the caller's key (INTEGRATION_API_KEY)."""
    if not CALLER.fullmatch(name):
        raise typer.BadParameter("use a-z, 0-9, - or _, such as `bot`", param_hint="NAME")
    typer.echo(f"{name}:{secrets.token_urlsafe(32)}")
