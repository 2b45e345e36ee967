"""Installations that outlive the sandbox's process, and an installation over HTTP without a browser."""

import json
from collections.abc import Mapping
from pathlib import Path

import requests

from bot.sandbox.errors import SandboxError
from bot.sandbox.manifest import read_manifest
from bot.sandbox.model import Tokens
from bot.sandbox.world import World

PATIENCE_SECONDS = 10


class NotInstalled(SandboxError):
    """The app could not be installed over HTTP."""


def kept_tokens(path: Path) -> Mapping[str, Tokens]:
    """The installed workspaces' tokens by id; none where nothing was kept."""
    if not path.exists():
        return {}
    return {team: Tokens(**tokens) for team, tokens in json.loads(path.read_text("utf-8")).items()}


async def keep(world: World, path: Path) -> None:
    """Write the installations down whenever they change, until the world is closed."""
    written: str | None = None
    while not world.closing:
        tokens = {team: {"bot": app.tokens.bot, "app": app.tokens.app} for team, app in world.apps.items()}
        if (now := json.dumps(tokens, indent=1)) != written:
            path.touch(mode=0o600)
            path.write_text(written := now, "utf-8")
        await world.signal.wait()


def install(install_url: str, person: str) -> None:
    """Install the app as a person does: open its install page, allow all, follow Slack back. Raises NotInstalled."""
    with requests.Session() as session:
        session.trust_env = False  # everything is on this machine: no proxy
        try:
            asked = session.get(install_url, timeout=PATIENCE_SECONDS)
            asked.raise_for_status()
            given = {"person": person, "answer": "allow", "optional": sorted(read_manifest().optional)}
            done = session.post(asked.url, given, timeout=PATIENCE_SECONDS)
            done.raise_for_status()
        except requests.RequestException as error:
            raise NotInstalled(f"The app could not be installed for {person}: {type(error).__name__}.") from None
