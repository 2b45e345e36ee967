"""Reading Google Calendar's `events` resources (developers.google.com/calendar/api/v3/reference/events). Pure.

Google is taken as it is: fields come and go, `null` stands for nothing, and what we do not need may have any shape.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from integration.meetings.join_links import JoinLink, find_link
from integration.tenants.fields import known_zone

# Kept like all-day events, and never counted: nobody meets anybody.
NOT_MEETINGS = frozenset({"focusTime", "outOfOffice", "workingLocation", "birthday"})
# Rooms and resources (resource.), calendars of groups (group.), and Google's place-holders for people it does not know.
GOOGLE_S_OWN = "calendar.google.com"
FIRST = datetime(1970, 1, 1, tzinfo=UTC)
LAST = datetime(2200, 1, 1, tzinfo=UTC)
LONGEST = timedelta(days=366)
AS_GOOGLE_GIVES_IT = "Send the event as Google Calendar's API gives it."


@dataclass(frozen=True)
class Entry:
    """A calendar event, validated. Times are in UTC and whole seconds, addresses in lower case.

    `uid` is the same in every calendar that has a copy. `attendees`: the people in it, rooms and the calendar's own
    person left out, an outside organizer included. A cancelled one may have no times, and has no details.
    `calendars`: whose it is known to stand in; of one that was just read, the one that it came from, if it says so.
    `of_guest`: that is the calendar of somebody who did not organize it. When it is cancelled there, they have left.
    """

    google_id: str
    uid: str | None
    updated_at: datetime | None
    cancelled: bool
    all_day: bool
    start: datetime | None
    end: datetime | None
    meeting_id: str | None = None
    join_url: str | None = field(default=None, repr=False)
    organizer: str | None = field(default=None, repr=False)
    attendees: tuple[str, ...] = field(default=(), repr=False)
    title: str | None = field(default=None, repr=False)
    html_link: str | None = field(default=None, repr=False)
    calendars: tuple[str, ...] = field(default=(), repr=False)
    of_guest: bool = False


@dataclass(frozen=True)
class Refusal:
    """Why an item cannot be kept: the field at fault, what is wrong with it, and what to do."""

    field: str
    detail: str
    remedy: str = AS_GOOGLE_GIVES_IT


class _Refused(Exception):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.detail)
        self.refusal = refusal


def _or_none(value: Any) -> Any:
    return value or None


def _or_nothing(value: Any) -> Any:
    return [] if value is None else value


def _storable(text: str) -> str:
    """Halves of characters, which JSON can spell, cannot be kept: each becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


Text = Annotated[str, AfterValidator(_storable)]


class _Google(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, hide_input_in_errors=True)


class _Moment(_Google):
    day: Annotated[date | None, BeforeValidator(_or_none)] = Field(default=None, alias="date")
    date_time: Annotated[datetime | None, BeforeValidator(_or_none)] = None
    time_zone: Text | None = None


class _Person(_Google):
    email: Text | None = None
    resource: bool | None = None
    self: bool | None = None


class _EntryPoint(_Google):
    entry_point_type: Text | None = None
    uri: Text | None = None


class _Conference(_Google):
    entry_points: Annotated[list[_EntryPoint], BeforeValidator(_or_nothing)] = []


class _Event(_Google):
    id: str = Field(min_length=1, max_length=1024)
    status: Text | None = None
    event_type: Text | None = None
    updated: datetime | None = None
    i_cal_uid: Text | None = Field(default=None, alias="iCalUID", max_length=2000)
    recurring_event_id: Text | None = None
    recurrence: list[str] | None = None
    original_start_time: _Moment | None = None
    start: _Moment | None = None
    end: _Moment | None = None
    organizer: _Person | None = None
    creator: _Person | None = None
    attendees: Annotated[list[_Person], BeforeValidator(_or_nothing)] = []
    summary: Text | None = None
    location: Text | None = None
    description: Text | None = None
    html_link: Text | None = None
    conference_data: _Conference | None = None


def read_event(item: Any, calendar: str | None = None) -> Entry | Refusal:
    """One `events` resource as it came, from somebody's `calendar` (an address) where that is known; else it may say
    so itself. Never raises: what cannot be kept is refused in words.
    """
    try:
        event = _Event.model_validate(item)
        entry = _cancelled(event) if event.status == "cancelled" else _planned(event)
        return replace(entry, **_whose_copy(event, calendar))
    except ValidationError as error:
        return _refusal(error)
    except _Refused as error:
        return error.refusal


def _refusal(error: ValidationError) -> Refusal:
    fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
    name = ".".join(str(part) for part in fault["loc"])
    message = fault["msg"][:1].lower() + fault["msg"][1:]
    if not name:
        return Refusal("item", "It is not an event: a JSON object is needed.")
    return Refusal(name, f"{name}: {message}.")


def _cancelled(event: _Event) -> Entry:
    """Google promises little more than the id of what was deleted."""
    start = _instant(event.start, "start") if event.start else None
    end = _instant(event.end, "end") if event.end else None
    return Entry(event.id, _uid(event), _updated(event), cancelled=True, all_day=False, start=start, end=end)


def _planned(event: _Event) -> Entry:
    if event.recurrence and not event.recurring_event_id:
        raise _Refused(
            Refusal(
                "recurrence",
                "It is a whole series, not one of its meetings.",
                "Send its instances: ask Google's events.list with singleEvents=true.",
            )
        )
    start, end = _instant(event.start, "start"), _instant(event.end, "end")
    _check_length(start, end)
    link = find_link(event.model_dump(by_alias=True, include={"conference_data", "location", "description"}))
    return Entry(
        google_id=event.id,
        uid=_uid(event),
        updated_at=_updated(event),
        cancelled=False,
        all_day=_is_day(event.start) or event.event_type in NOT_MEETINGS,
        start=start,
        end=end,
        **_details(event, link),
    )


def _details(event: _Event, link: JoinLink | None) -> dict[str, Any]:
    organizer = _address(event.organizer)
    return {
        "meeting_id": link.meeting_id if link else None,
        "join_url": link.url if link else None,
        # A shared calendar organizes nothing: the person who wrote the event there does.
        "organizer": organizer or _address(event.creator),
        "attendees": tuple(dict.fromkeys(_others([event.organizer, *event.attendees]))),
        "title": event.summary or None,
        "html_link": event.html_link if event.html_link and event.html_link.startswith("https://") else None,
    }


def _whose_copy(event: _Event, calendar: str | None) -> dict[str, Any]:
    """Google gives each calendar a copy of its own and says whose it is by `self`; not where it gives the id alone, nor
    of a guest who was taken off the list.
    """
    organizer = [event.organizer] if event.organizer else []
    known = [one.email for one in (*organizer, *event.attendees) if one.self and one.email]
    place = (calendar or next(iter(known), "")).strip().lower()
    organized = [one for one in organizer if one.self or (one.email or "").strip().lower() == place]
    return {"calendars": (place,) if place else (), "of_guest": not organized and bool(place or organizer)}


def _others(people: Sequence[_Person | None]) -> Iterator[str]:
    """The addresses of these people, but for the one whose calendar it is."""
    for person in people:
        address = _address(person)
        if person and address and not person.self:
            yield address


def _address(person: _Person | None) -> str | None:
    """Somebody's address in lower case; None for rooms, resources, and what is no address."""
    if person is None or person.resource or not person.email:
        return None
    address = person.email.strip().lower()
    local, at, domain = address.rpartition("@")
    if not (local and at and domain) or f".{domain}".endswith(f".{GOOGLE_S_OWN}"):
        return None
    return address


def _uid(event: _Event) -> str | None:
    """The iCalUID and, of one of a series, when it was planned first: that stays when it is moved."""
    if not event.i_cal_uid:
        return None
    original = event.original_start_time or (event.start if event.recurring_event_id else None)
    if original is None:
        return event.i_cal_uid
    return f"{event.i_cal_uid} {_instant(original, 'originalStartTime').isoformat()}"


def _updated(event: _Event) -> datetime | None:
    """To the millisecond, as Google says it."""
    if event.updated is None:
        return None
    return _in_utc(event.updated, "updated").replace(microsecond=event.updated.microsecond)


def _is_day(moment: _Moment | None) -> bool:
    return moment is not None and moment.date_time is None


def _instant(moment: _Moment | None, name: str) -> datetime:
    """The moment in UTC. A day stands for its first moment there: all-day events are never counted."""
    if moment is None or (moment.day is None and moment.date_time is None):
        raise _Refused(Refusal(name, f"{name}: there is neither a dateTime nor a date."))
    if moment.date_time is None:
        assert moment.day is not None  # noqa: S101 - just checked
        return _in_utc(datetime.combine(moment.day, time(), tzinfo=UTC), f"{name}.date")
    if moment.date_time.utcoffset() is not None:
        return _in_utc(moment.date_time, f"{name}.dateTime")
    return _in_utc(moment.date_time.replace(tzinfo=_zone(moment.time_zone, name)), f"{name}.dateTime")


def _zone(time_zone: str | None, name: str) -> ZoneInfo:
    if not time_zone:
        remedy = "Add an offset (2026-10-12T09:00:00-07:00) or a timeZone."
        raise _Refused(Refusal(f"{name}.dateTime", f"{name}.dateTime: could be any of 24 hours.", remedy))
    try:
        return ZoneInfo(known_zone(time_zone))
    except ValueError as error:
        raise _Refused(Refusal(f"{name}.timeZone", f"{name}.timeZone: {error}.")) from None


def _in_utc(moment: datetime, name: str) -> datetime:
    aware = moment if moment.utcoffset() is not None else moment.replace(tzinfo=UTC)
    if not FIRST <= aware < LAST:
        raise _Refused(Refusal(name, f"{name}: it is not between 1970 and 2200."))
    return aware.astimezone(UTC).replace(microsecond=0)


def _check_length(start: datetime, end: datetime) -> None:
    if end < start:
        raise _Refused(Refusal("end", "end: it is before the start."))
    if end - start > LONGEST:
        raise _Refused(Refusal("end", "end: it is more than a year after the start."))
