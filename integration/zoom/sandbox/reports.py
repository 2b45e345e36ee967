"""`/v2/report/…`: the account's past calls, at most a month at a time."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from integration.zoom.sandbox import scopes
from integration.zoom.sandbox.errors import api_error
from integration.zoom.sandbox.meetings import Session
from integration.zoom.sandbox.model import Json, User
from integration.zoom.sandbox.past import A_YEAR, written
from integration.zoom.sandbox.reading import day, one_page, page_size, read, require
from integration.zoom.sandbox.world import World

A_MONTH, SIX_MONTHS = timedelta(days=31), timedelta(days=183)
DATES: dict[str, Callable[[Session], datetime]] = {
    "start_time": lambda session: session.began,
    "end_time": lambda session: session.ended or session.began,
}
# Which of a user's meetings: Zoom leaves out those where nobody came, unless asked for them.
TYPES: dict[str, Callable[[Session], bool]] = {
    "past": lambda session: bool(session.guests),
    "pastOne": lambda session: not session.guests,
    "pastJoined": lambda session: bool(session.guests),
}


async def history(request: Request) -> Response:
    return await read(request, "history", _history)


async def of_user(request: Request) -> Response:
    return await read(request, "report", _of_user)


def _history(world: World, request: Request, caller: User) -> Json:
    require(caller, scopes.USAGE_REPORT)
    query, size = request.query_params, page_size(request)
    first, last = _month(request)
    by = DATES.get(query.get("date_type", "start_time"))
    if by is None:
        raise api_error(300, "Invalid parameter: date_type.")
    key, webinars = query.get("search_key", ""), query.get("meeting_type") == "webinar"
    runs, local = world.habits["history_runs"] == "yes", _local(world, caller)
    found = [
        session
        for session in world.meetings.of(caller.account)
        if (session.ended or runs)
        and first <= local(by(session)) <= last
        and key in (session.meeting_id, session.topic, "")
    ]
    reached = [session for session in found if not webinars and world.clock() - session.began <= A_YEAR]
    about = f"history/{caller.account.slug}/{first}/{last}/{query.get('date_type')}/{key}/{size}"
    shown, beside = one_page(world, request, reached, about, size)
    return {**beside, "history_meetings": [_in_history(world, session) for session in shown]}


def _local(world: World, caller: User) -> Callable[[datetime], date]:
    """A moment's day, as the history counts days."""
    zone = ZoneInfo(caller.timezone if world.habits["history_days"] == "account" else "UTC")
    return lambda moment: moment.astimezone(zone).date()


def _named(world: World, session: Session) -> Json:
    digits, habit = session.meeting_id, world.habits["history_ids"]
    if habit == "missing":
        return {}
    return {"meeting_id": int(digits) if habit == "number" else f"{digits[:3]} {digits[3:7]} {digits[7:]}"}


def _in_history(world: World, session: Session) -> Json:
    people = 1 + len(session.guests)
    return {
        "meeting_uuid": session.uuid,
        **_named(world, session),
        "type": "Meeting",
        "host_display_name": session.host.name,
        "host_email": session.host.email,
        "start_time": written(session.began),
        "end_time": written(session.ended),
        "topic": session.topic,
        "participants": people,
        "duration": session.seconds // 60,
        "total_participant_minutes": people * (session.seconds // 60),
        "department": "",
        "group": [],
        "source": "Zoom",
    }


def _of_user(world: World, request: Request, caller: User) -> Json:
    require(caller, scopes.USAGE_REPORT)
    size = page_size(request)
    first, last = _month(request)
    if world.clock().date() - first > SIX_MONTHS:
        raise api_error(300, "Invalid parameter: from.")
    wanted = TYPES.get(request.query_params.get("type", "past"))
    if wanted is None:
        raise api_error(300, "Invalid parameter: type.")
    user = _user(world, request, caller)
    found = [
        session
        for session in world.meetings.of(caller.account)
        if session.host == user and session.ended and wanted(session) and first <= session.began.date() <= last
    ]
    about = f"report/{user.key}/{first}/{last}/{request.query_params.get('type')}/{size}"
    shown, beside = one_page(world, request, found, about, size)
    counted = {"page_count": max(1, -(-len(found) // size)), "page_number": 1, "total_records": len(found)}
    return {**beside, **counted, "from": f"{first}", "to": f"{last}", "meetings": [_in_report(one) for one in shown]}


def _in_report(session: Session) -> Json:
    people, minutes = 1 + len(session.guests), (session.seconds + 30) // 60
    return {
        "uuid": session.uuid,
        "id": int(session.meeting_id),
        "type": session.type,
        "topic": session.topic,
        "user_name": session.host.name,
        "user_email": session.host.email,
        "start_time": written(session.began),
        "end_time": written(session.ended),
        "duration": minutes,
        "total_minutes": people * minutes,
        "participants_count": people,
        "source": "Zoom",
    }


def _month(request: Request) -> tuple[date, date]:
    """The days `from` and `to` (UTC, both included). Raises Refused when they are more than a month apart."""
    first, last = day(request, "from"), day(request, "to")
    if not timedelta() <= last - first <= A_MONTH:
        raise api_error(300, "Invalid parameter: to.")
    return first, last


def _user(world: World, request: Request, caller: User) -> User:
    asked = str(request.path_params["user"])
    for user in world.users_of(caller.account):
        if asked in (user.id, user.email) or (asked == "me" and user == caller):
            return user
    raise api_error(1001, f"User {asked} not exist or not belong to this account.", status=404)


ROUTES = (
    Route("/v2/report/history_meetings", history, methods=["GET"]),
    Route("/v2/report/users/{user}/meetings", of_user, methods=["GET"]),
)
