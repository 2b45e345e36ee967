"""What the stand-in remembers over a restart: who consented, the tokens that still work, calls, and the calendar."""

import json
import os
from datetime import datetime
from pathlib import Path

from integration.zoom.sandbox.calendar import Event
from integration.zoom.sandbox.errors import NotPossible
from integration.zoom.sandbox.meetings import Guest, Session
from integration.zoom.sandbox.model import Grant, Json, Pair
from integration.zoom.sandbox.world import World

EVENT_TIMES = ("start", "end", "updated", "original")


def save(world: World, path: Path) -> None:
    """Writes the file anew, for nobody else to read: it holds tokens."""
    with world.lock:
        saved = {
            "grants": [_grant_saved(key, grant) for key, grant in world.tokens.grants.items()],
            "sessions": [_session_saved(session) for session in world.meetings],
            "events": [_event_saved(event) for event in world.calendar.all()],
        }
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(saved, file)
    fresh.replace(path)


def load(world: World, path: Path) -> bool:
    """Goes on from the file, if there is one: whether it knew of calls. Raises NotPossible when it cannot be read."""
    try:
        saved = json.loads(path.read_text("utf-8"))
        for one in saved["grants"]:
            world.tokens.restore(_grant_read(world, one))
        world.meetings.add(_session_read(world, one) for one in saved.get("sessions", ()))
        world.calendar.add(_event_read(world, one) for one in saved.get("events", ()))
    except FileNotFoundError:
        return False
    except (ValueError, KeyError, TypeError, NotPossible) as error:
        raise NotPossible(f"{path} cannot be read. Delete it to start anew.") from error
    return "sessions" in saved


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


def _session_saved(session: Session) -> Json:
    return {
        "uuid": session.uuid,
        "meeting_id": session.meeting_id,
        "host": session.host.key,
        "topic": session.topic,
        "began": session.began.isoformat(),
        "ended": session.ended and session.ended.isoformat(),
        "planned_minutes": session.planned_minutes,
        "guests": [[guest.name, guest.email] for guest in session.guests],
        "told": sorted(session.told),
    }


def _session_read(world: World, saved: Json) -> Session:
    return Session(
        **{
            **saved,
            "host": world.user(saved["host"]),
            "began": datetime.fromisoformat(saved["began"]),
            "ended": datetime.fromisoformat(saved["ended"]) if saved["ended"] else None,
            "guests": tuple(Guest(name, email) for name, email in saved["guests"]),
            "told": frozenset(saved["told"]),
        }
    )


def _event_saved(event: Event) -> Json:
    times = {name: getattr(event, name).isoformat() for name in EVENT_TIMES if getattr(event, name)}
    return {**vars(event), **times, "organizer": event.organizer.key}


def _event_read(world: World, saved: Json) -> Event:
    times = {name: datetime.fromisoformat(saved[name]) for name in EVENT_TIMES if saved[name]}
    return Event(
        **{**saved, **times, "organizer": world.user(saved["organizer"]), "attendees": tuple(saved["attendees"])}
    )
