"""`/v2/past_meetings/…`: what Zoom says of calls that are over.

A uuid that begins with a slash or holds two in a row must be encoded twice, so paths are read as they came.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from integration.zoom.sandbox import scopes
from integration.zoom.sandbox.errors import Refused, api_error
from integration.zoom.sandbox.meetings import Session
from integration.zoom.sandbox.model import Json, User
from integration.zoom.sandbox.reading import Look, day, not_here, one_page, page_size, read, require
from integration.zoom.sandbox.world import World

PREFIX = "/v2/past_meetings/"
A_YEAR, FIFTEEN_MONTHS = timedelta(days=365), timedelta(days=456)
IDS_LIVE = timedelta(days=30)  # after their last use
FIRST_DAY, LAST_DAY = date.min, date.max


async def past(request: Request) -> Response:
    _, *rest = _segments(request)
    call, look = PARTS.get("/".join(rest), ("other", not_here))
    return await read(request, call, look)


def _segments(request: Request) -> list[str]:
    raw: bytes = request.scope["raw_path"]
    return raw.decode("ascii", "replace").removeprefix(PREFIX).split("/")


def _asked_for(request: Request) -> str:
    """The meeting's id, or a session's uuid."""
    once = unquote(_segments(request)[0])
    if once.startswith("/") or "//" in once:  # it had to be encoded twice
        raise _does_not_exist(once)
    return unquote(once)


def _sessions(world: World, request: Request, caller: User) -> list[Session]:
    """The sessions that were asked for, the newest first. Raises Refused when there is none."""
    asked = _asked_for(request)
    found = world.meetings.under(caller.account, asked)
    if not found or (asked.isdigit() and _is_forgotten(world, found[0])):
        raise _does_not_exist(asked)
    if any(session.host != caller for session in found):
        require(caller, scopes.USER_READ)
    return found


def _is_forgotten(world: World, latest: Session) -> bool:
    return world.habits["old_ids"] == "forgotten" and world.clock() - (latest.ended or latest.began) > IDS_LIVE


def _latest(world: World, request: Request, caller: User, reach: timedelta) -> Session:
    """The latest that ended, no longer ago than `reach`. Raises Refused."""
    ended = [session for session in _sessions(world, request, caller) if session.ended]
    if not ended:
        raise api_error(300, "Cannot access meeting information.")
    if world.clock() - ended[0].began > reach:
        raise api_error(12702, "Cannot access a meeting a year ago.")
    return ended[0]


def _details(world: World, request: Request, caller: User) -> Json:
    session = _latest(world, request, caller, A_YEAR)
    people = 1 + len(session.guests)
    return {
        "uuid": session.uuid,
        "id": int(session.meeting_id),
        "host_id": session.host.id,
        "type": session.type,
        "topic": session.topic,
        "user_name": session.host.name,
        "user_email": session.host.email,
        "start_time": written(session.began),
        "end_time": written(session.ended),
        "duration": -(-session.seconds // 60),  # Zoom rounds, and not everywhere in the same way
        "total_minutes": people * -(-session.seconds // 60),
        "participants_count": people,
        "dept": "",
        "source": "Zoom",
        "has_meeting_summary": False,
    }


def _instances(world: World, request: Request, caller: User) -> Json:
    """Days count only when both are given."""
    given = {"from", "to"} <= request.query_params.keys()
    first, last = (day(request, "from"), day(request, "to")) if given else (FIRST_DAY, LAST_DAY)
    found = [
        session
        for session in _sessions(world, request, caller)
        if session.ended and first <= session.began.date() <= last and _within(world, session, FIFTEEN_MONTHS)
    ]
    return {"meetings": [{"uuid": session.uuid, "start_time": written(session.began)} for session in found]}


def _within(world: World, session: Session, reach: timedelta) -> bool:
    return world.clock() - session.began <= reach


def _participants(world: World, request: Request, caller: User) -> Json:
    session = _latest(world, request, caller, FIFTEEN_MONTHS)
    size = page_size(request)
    rows = _rows(session) if session.guests else []  # who was alone is left out, unless the account wants it
    shown, beside = one_page(world, request, rows, f"participants/{session.uuid}/{size}", size)
    return {**beside, "page_count": max(1, -(-len(rows) // size)), "total_records": len(rows), "participants": shown}


def _rows(session: Session) -> list[Json]:
    host = session.host
    people = [(host.id, host.name, host.email, True), *(("", guest.name, "", False) for guest in session.guests)]
    return [
        {
            "id": person,
            "user_id": str(16_778_240 + number),
            "name": name,
            "user_email": email,
            "join_time": written(session.began),
            "leave_time": written(session.ended),
            "duration": session.seconds,
            "registrant_id": "",
            "failover": False,
            "status": "in_meeting",
            "internal_user": internal,
        }
        for number, (person, name, email, internal) in enumerate(people)
    ]


def written(moment: datetime | None) -> str:
    """As Zoom writes a time in UTC; nothing for what has not come."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else ""


def _does_not_exist(asked: str) -> Refused:
    return api_error(3001, f"Meeting does not exist: {asked}.", status=404)


# What follows the meeting in the path: the kind of call, and what it finds.
PARTS: Mapping[str, tuple[str, Look]] = {
    "": ("past_meeting", _details),
    "instances": ("instances", _instances),
    "participants": ("participants", _participants),
}
ROUTES = (Route(f"{PREFIX}{{rest:path}}", past, methods=["GET"]),)
