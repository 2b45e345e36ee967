"""Events as Google Calendar has them (developers.google.com/calendar/api/v3/reference/events)."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from tests.support.year_facts import Chances, Host, Json, Times

CUSTOMERS = tuple(f"{name}.example" for name in (
    "globex", "initech", "umbrella", "hooli", "vandelay", "stark", "wayne", "tyrell", "cyberdyne", "soylent",
    "wonka", "duff", "acme-tools", "monarch", "oscorp", "aperture", "massive", "nakatomi", "weyland", "gringotts",
))  # fmt: skip


@dataclass(frozen=True)
class Event:
    """A scheduled meeting. `link`: its join link, "" without one. `original`: when one of a series should have been."""

    id: str
    planned: Times
    host: Host
    link: str
    customers: tuple[str, ...]
    series: str = ""
    original: datetime | None = None

    def moved(self, planned: Times) -> "Event":
        """The same event at another time."""
        return replace(self, planned=planned)


def join_link(chances: Chances, meeting_id: str, room: str = "") -> str:
    """On any of Zoom's hosts, sometimes through the personal link where there is one."""
    host = chances.random.choice(["zoom.us", "us02web.zoom.us", "acme.zoom.us", "acme.zoomgov.com"])
    if room and chances.often(50):
        return f"https://{host}/my/{room}"
    return f"https://{host}/{'w' if chances.often(5) else 'j'}/{meeting_id}?pwd={chances.digits(8)}"


def customers(chances: Chances) -> tuple[str, ...]:
    """None (it is internal), one, or several; some meet more often than others."""
    if chances.often(12):
        return ()
    most = 3 if chances.often(10) else 1
    return tuple(sorted({CUSTOMERS[int(len(CUSTOMERS) * chances.random.random() ** 2)] for _ in range(most)}))


def as_google_has_it(chances: Chances, event: Event, updated: datetime) -> Json:
    """An `events` resource; where the link stands, and how times are written, differs."""
    start, end = event.planned
    people = [
        {"email": event.host.email, "self": True, "organizer": True, "responseStatus": "accepted"},
        *({"email": f"kim.{number}@{domain}"} for number, domain in enumerate(event.customers)),
    ]
    if not event.customers or chances.often(20):
        people.append({"email": "mia@acme.example", "responseStatus": "needsAction"})
    if chances.often(10):
        people.append({"email": "c_18a@resource.calendar.google.com", "resource": True})
    item: Json = {
        "kind": "calendar#event",
        "id": event.id,
        "status": "confirmed",
        "updated": f"{updated.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{chances.random.randrange(1000):03}Z",
        "iCalUID": f"{event.series or event.id}@google.com",
        "summary": f"Meeting {event.id[-6:]}",
        "organizer": {"email": event.host.email},
        "start": _moment(chances, start),
        "end": _moment(chances, end),
        "attendees": people,
    }
    if event.series:
        item |= {"recurringEventId": event.series, "originalStartTime": _moment(chances, event.original or start)}
    return item | _with_link(chances, event.link)


def cancelled(event: Event, updated: datetime) -> Json:
    """What is left of it: little more than its id."""
    item: Json = {"kind": "calendar#event", "id": event.id, "status": "cancelled"}
    if event.series:
        item |= {"recurringEventId": event.series, "originalStartTime": {"dateTime": _utc(event.planned[0])}}
    return item | {"updated": _utc(updated)}


def all_day(chances: Chances, event: Event, updated: datetime) -> Json:
    """The same, but for whole days."""
    day = event.planned[0].date()
    item = as_google_has_it(chances, event, updated)
    return item | {"start": {"date": str(day)}, "end": {"date": str(day + timedelta(days=1))}}


def _with_link(chances: Chances, link: str) -> Json:
    if not link:
        return {"location": "Room 4"} if chances.often(50) else {"hangoutLink": "https://meet.google.com/abc-defg-hij"}
    match chances.random.randrange(4):
        case 0:
            return {"location": link}
        case 1:
            return {"description": f'<p>Join: <a href="{link.replace("?", "?from=gcal&amp;")}">Zoom</a></p>'}
        case _:
            points = [{"entryPointType": "phone", "uri": "tel:+1-555-0100"}, {"entryPointType": "video", "uri": link}]
            return {"conferenceData": {"conferenceSolution": {"key": {"type": "addOn"}}, "entryPoints": points}}


def _moment(chances: Chances, moment: datetime) -> Json:
    if chances.often(20):
        return {"dateTime": _utc(moment), "timeZone": "UTC"}
    return {"dateTime": moment.astimezone(chances.zone).isoformat(), "timeZone": chances.zone.key}


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
