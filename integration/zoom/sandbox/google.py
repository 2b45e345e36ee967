"""An event as the `events` resource of Google Calendar (developers.google.com/calendar/api/v3/reference/events)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from integration.zoom.sandbox.calendar import Event
from integration.zoom.sandbox.model import Json


def resource(event: Event) -> Json:
    """What a sync is given. A cancelled event has its id and little else."""
    found: Json = {
        "kind": "calendar#event",
        "etag": f'"{event.version}{int(event.updated.timestamp())}"',
        "id": event.id,
        "status": "cancelled" if event.cancelled else "confirmed",
        "updated": f"{event.updated:%Y-%m-%dT%H:%M:%S}.{event.updated.microsecond // 1000:03}Z",
    }
    if event.series and event.original:
        found["recurringEventId"] = event.series
        found["originalStartTime"] = _time(event, event.original)
    return found if event.cancelled else found | _details(event) | _where(event)


def _details(event: Event) -> Json:
    host = event.organizer
    return {
        "htmlLink": f"https://www.google.com/calendar/event?eid={event.id}",
        "summary": event.title,
        "creator": {"email": host.email},
        "organizer": {"email": host.email, "displayName": host.name},
        "start": _time(event, event.start),
        "end": _time(event, event.end),
        "iCalUID": f"{event.series or event.id}@google.com",
        "sequence": event.version - 1,
        "attendees": [
            {"email": host.email, "organizer": True, "responseStatus": "accepted"},
            *({"email": email, "responseStatus": "needsAction"} for email in event.attendees),
        ],
        "eventType": "default",
    }


def _where(event: Event) -> Json:
    """Zoom's add-on writes conference data; people write a personal link, or another tool's, as the place."""
    if not event.link:
        return {}
    if "/j/" not in event.link:
        return {"location": event.link}
    video = {
        "entryPointType": "video",
        "uri": event.link,
        "label": event.link.removeprefix("https://").partition("?")[0],
    }
    return {
        "conferenceData": {
            "entryPoints": [{**video, "meetingCode": event.meeting_id}],
            "conferenceSolution": {"key": {"type": "addOn"}, "name": "Zoom Meeting"},
            "conferenceId": event.meeting_id,
        }
    }


def _time(event: Event, moment: datetime) -> Json:
    zone = event.organizer.timezone
    local = moment.astimezone(ZoneInfo(zone))
    if event.all_day:
        return {"date": f"{local:%Y-%m-%d}"}
    return {"dateTime": local.isoformat(timespec="seconds"), "timeZone": zone}
