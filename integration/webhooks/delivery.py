"""An event as Zoom sends it, read leniently: where and how it writes times differs between events and years.

https://developers.zoom.us/docs/api/webhooks/
"""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from integration.zoom.signature import moment


def _moment(given: Any) -> datetime | None:
    """Seconds or milliseconds, as a number or in digits, or an ISO date and time; None for anything else."""
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        return None
    try:
        return moment(float(given))
    except ValueError:
        pass
    try:
        read = datetime.fromisoformat(str(given))
    except ValueError:
        return None
    return read.replace(tzinfo=UTC) if read.utcoffset() is None else read.astimezone(UTC)


def _text(given: Any) -> str | None:
    """What identifies something: text or a number."""
    return str(given) if isinstance(given, str | int) and not isinstance(given, bool) and given != "" else None


Moment = Annotated[datetime | None, BeforeValidator(_moment)]
Identity = Annotated[str | None, BeforeValidator(_text)]


class Payload(BaseModel):
    """What all events may have."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    account_id: Identity = None
    user_id: Identity = None
    deauthorization_time: Moment = None
    event_ts: Moment = None
    plain_token: Identity = Field(default=None, alias="plainToken")


class Delivery(BaseModel):
    """One event. `payload` is empty where it is no object."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

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
