"""`doctor`: is everything set up?"""

import os
import textwrap

import typer

from integration.commands.common import running
from integration.doctor import CHECKS, examine
from integration.doctor.finding import Finding, Patient
from integration.zoom.wire import make_http

WIDTH = 110
COLOURS = {"ok": typer.colors.GREEN, "warn": typer.colors.YELLOW, "fail": typer.colors.RED, "skip": None}


def doctor() -> None:
    """Check everything that must be set up, here, at Zoom and at Slack; each line says what to do.

    Ends with code 1 when something fails. Changes nothing.

    \b
    Example:
      python -m integration doctor
    """
    with running(log_level="CRITICAL") as runtime:  # what it finds is said here, and not in the log
        levels = [_say(name, finding) for name, finding in examine(Patient(runtime, os.environ, make_http))]
    failed, warned = levels.count("fail"), levels.count("warn")
    typer.echo(f"{failed} failed, {warned} to look at, {levels.count('ok')} well.")
    if failed:
        raise typer.Exit(1)


def _say(name: str, finding: Finding) -> str:
    width = max(map(len, CHECKS))
    indent = " " * (len("fail") + width + 4)
    typer.secho(f"{finding.level:<4}", fg=COLOURS[finding.level], nl=False)
    typer.echo(f"  {name:<{width}}  {_wrapped(finding.text, indent)}")
    if finding.remedy:
        typer.echo(f"{indent}{_wrapped(finding.remedy, indent)}")
    return finding.level


def _wrapped(text: str, indent: str) -> str:
    """Addresses and commands stay whole, to be copied."""
    return textwrap.fill(text, WIDTH - len(indent), break_long_words=False, break_on_hyphens=False).replace(
        "\n", f"\n{indent}"
    )
