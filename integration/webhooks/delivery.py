"""An event as Zoom sends it, read leniently: where and how it writes ids and times differs between events and years.

https://developers.zoom.us/docs/api/webhooks/ and https://developers.zoom.us/docs/api/meetings/events/
"""

from datetime import UTC, datetime, tzinfo
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from integration.zoom.signature import moment


def _moment(given: Any, zone: tzinfo = UTC) -> datetime | None:
    """Seconds or milliseconds, as a number or in digits, or an ISO date and time; None for anything else.

    `zone` is that of a time written without one.
    """
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        return None
    try:
        return moment(float(given))
    except (ValueError, OverflowError):
        pass
    try:
        read = datetime.fromisoformat(str(given))
        return (read.replace(tzinfo=zone) if read.utcoffset() is None else read).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _text(given: Any) -> str | None:
    """What identifies something: text or a number."""
    return str(given) if isinstance(given, str | int) and not isinstance(given, bool) and given != "" else None


Moment = Annotated[datetime | None, BeforeValidator(_moment)]
Identity = Annotated[str | None, BeforeValidator(_text)]
Words = Annotated[str, BeforeValidator(lambda given: given if isinstance(given, str) else "")]


class Lenient(BaseModel):
    """Whatever else there is, is not looked at; and no error repeats what was sent."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)


class Call(Lenient):
    """The `object` of an event about a meeting: the call, and the meeting that it is one of."""

    uuid: Identity = None
    id: Identity = None  # of the meeting: digits, as text or as a number
    topic: Words = ""
    time_zone: Words = Field(default="", alias="timezone")
    start_time: Any = None
    end_time: Any = None

    @property
    def started_at(self) -> datetime | None:
        """In UTC. Without a zone it is a time in the meeting's own."""
        return _moment(self.start_time, self._zone)

    @property
    def ended_at(self) -> datetime | None:
        """The same for its end."""
        return _moment(self.end_time, self._zone)

    @property
    def _zone(self) -> tzinfo:
        try:
            return ZoneInfo(self.time_zone)
        except (ValueError, OSError, LookupError):  # no such zone (a KeyError), no name of one, or a folder's
            return UTC


class Payload(Lenient):
    """What events may have."""

    account_id: Identity = None
    user_id: Identity = None
    deauthorization_time: Moment = None
    event_ts: Moment = None
    plain_token: Identity = Field(default=None, alias="plainToken")
    call: Annotated[Call, BeforeValidator(lambda given: given if isinstance(given, dict) else {})] = Field(
        default=Call(), alias="object"
    )


class Delivery(Lenient):
    """One event. `payload` is empty where it is no object."""

    event: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.]{1,64}$")]
    event_ts: Moment = None
    payload: Annotated[Payload, BeforeValidator(lambda given: given if isinstance(given, dict) else {})] = Payload()

    @property
    def happened_at(self) -> datetime | None:
        """When (UTC) it happened, as far as it says."""
        return self.payload.deauthorization_time or self.payload.event_ts or self.event_ts


def read_delivery(body: bytes | str) -> Delivery | None:
    """The event in a raw body, or None when there is none that can be read."""
    try:
        return Delivery.model_validate_json(body)
    except ValidationError:
        return None
