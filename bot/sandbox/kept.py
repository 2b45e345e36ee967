"""What was said, over a restart: the product keeps what it made of it, so Slack should not have forgotten it."""

import json
from dataclasses import asdict
from pathlib import Path

from bot.sandbox.model import Message
from bot.sandbox.world import World


def write_messages(world: World, installations: Path) -> None:
    """Write all messages down beside the installations, but those for one person's eyes: Slack forgets them, too."""
    said = [asdict(one) for there in world.messages.values() for one in there if one.ephemeral_to is None]
    file = _messages(installations)
    written = file.with_name(f"{file.name}.new")
    written.touch(mode=0o600)
    written.write_text(json.dumps(said), "utf-8")
    written.replace(file)  # whole, or as it was


def read_messages(world: World, installations: Path) -> None:
    """Bring back what was written down, if something was; nobody is told of it again."""
    file = _messages(installations)
    for said in json.loads(file.read_text("utf-8")) if file.exists() else ():
        message = Message(**said | {"fetched_links": tuple(said["fetched_links"])})
        world.messages.setdefault(message.channel, []).append(message)


def _messages(installations: Path) -> Path:
    return installations.with_suffix(".messages.json")
