"""`keys`: the secrets of .env."""

import base64
import secrets
from collections.abc import Mapping
from typing import Annotated

import typer

from integration import rotation
from integration.callers import CALLER
from integration.commands.common import fail, group, running, table
from integration.rotation import Outcome, rows_to_move
from integration.sealed import values_by_key
from integration.vault import KEY_BYTES

Held = Mapping[str, Mapping[str, int]]  # how much is on each key: by table, then by key id

app = group(
    """Make the secrets that .env needs, and change the key that encrypts.

    \b
    To change the key of ENCRYPTION_KEYS while everything runs:
      1. python -m integration keys generate
      2. put the new entry behind the old one (old,new), and restart every web and worker: all can open both
      3. put it in front (new,old), and restart them again: the new one encrypts
      4. python -m integration keys rotate
      5. when it says so, take the old entry out, and restart
    With a single process, or a moment's pause, steps 2 and 3 are one.
    """
)


@app.command()
def generate() -> None:
    """Print a new entry for ENCRYPTION_KEYS. Nothing is stored. `keys --help` says how to change keys."""
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


@app.command("list")
def list_keys() -> None:
    """Show the keys of ENCRYPTION_KEYS by their ids, and how much is on each. Never the keys themselves.

    \b
    Example:
      python -m integration keys list
    """
    with running() as runtime, runtime.database.reading() as session:
        held = values_by_key(session)
        known = list(runtime.settings.encryption_keys.by_id)
    table([_key_row(key, known, held) for key in [*known, *_unknown(known, held)]], ("KEY", "VALUES", "WHAT IT IS"))


@app.command()
def rotate() -> None:
    """Move everything that is encrypted to the first key of ENCRYPTION_KEYS, while the service runs.

    May be interrupted (Ctrl-C, or worse) and run again: it goes on with the rest. At the end it counts what is on each
    key, and exits with 0 only when nothing is left on another one.

    \b
    Example:
      python -m integration keys rotate
    """
    with running() as runtime:
        newest = runtime.vault.newest_key_id
        with runtime.database.reading() as session:
            rows = rows_to_move(session, newest)
        with typer.progressbar(length=rows, label=f"Moving {rows} rows to {newest}") as bar:
            outcome = rotation.rotate(runtime.database, runtime.vault, told=bar.update)
        _say(outcome, newest, others=[key for key in runtime.settings.encryption_keys.by_id if key != newest])


def _say(outcome: Outcome, newest: str, others: list[str]) -> None:
    if outcome.complete:
        typer.echo(f"Everything is on {newest}; nothing is left on another key.")
        if others:
            typer.echo(f"Take {' and '.join(others)} out of ENCRYPTION_KEYS, and restart every web and worker.")
        return
    for line in outcome.stuck:
        typer.echo(f"Cannot be moved: {line}", err=True)
    left = [(name, key, str(count)) for name, keys in outcome.left.items() for key, count in keys.items()]
    table(left, ("TABLE", "KEY", "VALUES"))
    fail(
        f"Not everything is on {newest} yet; keep the other keys in ENCRYPTION_KEYS. "
        f"Check that every web and worker was restarted with {newest} first, and run this again."
    )


def _unknown(known: list[str], held: Held) -> list[str]:
    return sorted({key for keys in held.values() for key in keys} - set(known))


def _key_row(key: str, known: list[str], held: Held) -> tuple[str, ...]:
    count = sum(keys.get(key, 0) for keys in held.values())
    if key not in known:
        return (key, str(count), "missing in ENCRYPTION_KEYS: what is on it does not open")
    return (key, str(count), "encrypts, decrypts" if key == known[0] else "decrypts")
