"""What the stand-in remembers over a restart: who consented, and the tokens that still work."""

import json
import os
from datetime import datetime
from pathlib import Path

from integration.zoom.sandbox.errors import NotPossible
from integration.zoom.sandbox.model import Grant, Json, Pair
from integration.zoom.sandbox.world import World


def save(world: World, path: Path) -> None:
    """Writes the file anew, for nobody else to read: it holds tokens."""
    with world.lock:
        grants = [_grant_saved(key, grant) for key, grant in world.tokens.grants.items()]
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({"grants": grants}, file)
    fresh.replace(path)


def load(world: World, path: Path) -> None:
    """Goes on from the file, if there is one. Raises NotPossible when it cannot be read."""
    try:
        saved = json.loads(path.read_text("utf-8"))["grants"]
        for one in saved:
            world.tokens.restore(_grant_read(world, one))
    except FileNotFoundError:
        return
    except (ValueError, KeyError, TypeError, NotPossible) as error:
        raise NotPossible(f"{path} cannot be read. Delete it to start anew.") from error


def _grant_saved(key: str, grant: Grant) -> Json:
    pairs = [
        {
            "access": pair.access,
            "refresh": pair.refresh,
            "scopes": sorted(pair.scopes),
            "access_until": pair.access_until.isoformat(),
            "refresh_until": pair.refresh_until.isoformat(),
            "rotated_at": pair.rotated_at and pair.rotated_at.isoformat(),
        }
        for pair in grant.recent
    ]
    return {"user": key, "scopes": sorted(grant.scopes), "at": grant.at.isoformat(), "dead": grant.dead, "pairs": pairs}


def _grant_read(world: World, saved: Json) -> Grant:
    grant = Grant(
        world.user(saved["user"]), frozenset(saved["scopes"]), datetime.fromisoformat(saved["at"]), saved["dead"]
    )
    for pair in saved["pairs"]:
        grant.recent.append(
            Pair(
                grant,
                pair["access"],
                pair["refresh"],
                frozenset(pair["scopes"]),
                datetime.fromisoformat(pair["access_until"]),
                datetime.fromisoformat(pair["refresh_until"]),
                datetime.fromisoformat(pair["rotated_at"]) if pair["rotated_at"] else None,
            )
        )
    return grant
