"""Past meetings at Zoom: an account's history, the instances of one meeting, and one instance.

Every function raises ZoomError. Zoom's own `duration` is not read: it is rounded, and differs by endpoint.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Annotated, Any, Generic, TypeVar

from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from integration.batches import batches
from integration.zoom.client import PAGE_SIZE, ZoomClient, path_uuid
from integration.zoom.errors import ZoomError

log = logging.getLogger(__name__)

T = TypeVar("T")

# Codes by which Zoom refuses one kind of call while it allows others: no permission, or paid accounts only; a scope
# that the app, or what was consented to, does not have (Zoom's API reference, "Reports").
NOT_ALLOWED = frozenset({"200", "4711"})
# Codes by which Zoom says that it has nothing of a meeting: it was never held, is another account's, is running still,
# its id has expired, or it was more than a year ago (Zoom's API reference, "Get past meeting details").
TOO_OLD = "12702"
NOTHING_KNOWN = frozenset({"300", "1001", "3001", TOO_OLD})


def _in_utc(moment: datetime) -> datetime:
    """Zoom writes UTC, and now and then without saying so."""
    return moment.replace(tzinfo=UTC) if moment.utcoffset() is None else moment.astimezone(UTC)


def _ungrouped(given: object) -> object:
    """Zoom shows a meeting's id in groups: 932 0123 5621."""
    return given.replace(" ", "").replace("-", "") if isinstance(given, str) else given


Moment = Annotated[datetime, AfterValidator(_in_utc)]
Digits = Annotated[str, BeforeValidator(_ungrouped), Field(pattern=r"^[0-9]+$")]


class _FromZoom(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, coerce_numbers_to_str=True)

    @model_validator(mode="before")
    @classmethod
    def _tidied(cls, given: Any) -> Any:
        """Zoom leaves out what it does not know, or sends null or an empty text."""
        if not isinstance(given, Mapping):
            return given
        return {name: value for name, value in given.items() if value not in (None, "")}


class Instance(_FromZoom):
    """One time that a meeting was held. `start` is in UTC."""

    uuid: str = Field(min_length=1)
    start: Moment = Field(validation_alias="start_time")


class PastMeeting(_FromZoom):
    """One call. Times are in UTC; `end` None: it runs, as far as Zoom knows."""

    uuid: str = Field(validation_alias=AliasChoices("meeting_uuid", "uuid"), min_length=1)
    meeting_id: Digits = Field(validation_alias=AliasChoices("meeting_id", "id"))
    start: Moment = Field(validation_alias="start_time")
    end: Moment | None = Field(None, validation_alias="end_time")
    topic: str = ""


Model = TypeVar("Model", bound=_FromZoom)


@dataclass(frozen=True)
class Told(Generic[Model]):
    """A list of Zoom's, as far as it could be read. `unread`: how many of its entries could not."""

    items: Sequence[Model]
    unread: int


def history(zoom: ZoomClient, access_token: str, first_day: date, last_day: date) -> Iterator[Told[PastMeeting]]:
    """Every call of the account that began on these days (both included; a month at most).

    Nobody says whose days: UTC's, or those of the account's time zone. Page by page, read as it is consumed
    (https://developers.zoom.us/docs/api/meetings/, "Get history meetings").
    """
    days = {"from": first_day.isoformat(), "to": last_day.isoformat()}
    entries = zoom.pages(
        access_token,
        "/report/history_meetings",
        items="history_meetings",
        page_size=PAGE_SIZE,
        date_type="start_time",
        meeting_type="all",
        **days,
    )
    for page in batches(entries, PAGE_SIZE):
        yield _told(PastMeeting, page)


def instances(zoom: ZoomClient, access_token: str, meeting_id: str, first_day: date, last_day: date) -> Told[Instance]:
    """The times that one meeting was held on these days (UTC, both included), and is over.

    Where Zoom has nothing under this id, it raises (`knows_nothing`): the meeting was never held, or in another
    account; but 30 days after their last use ids expire, and then that says nothing.
    """
    days = {"from": first_day.isoformat(), "to": last_day.isoformat()}
    found = zoom.get(access_token, f"/past_meetings/{path_uuid(meeting_id)}/instances", **days).get("meetings")
    return _told(Instance, found if isinstance(found, list) else [])


def past_meeting(zoom: ZoomClient, access_token: str, uuid: str) -> PastMeeting | None:
    """One call; None as long as Zoom does not know how it ended."""
    try:
        entry = zoom.get(access_token, f"/past_meetings/{path_uuid(uuid)}")
    except ZoomError as error:
        if knows_nothing(error):
            return None
        raise
    past = _read(PastMeeting, entry)
    return past if past is not None and past.end is not None else None


def is_not_allowed(error: ZoomError) -> bool:
    """Is it this kind of call that Zoom refuses, whatever is asked for? Another kind may be allowed."""
    kind = error.status == HTTPStatus.FORBIDDEN or error.code in NOT_ALLOWED
    return kind and error.cause.code in ("unknown", "scopes_changed")


def knows_nothing(error: ZoomError) -> bool:
    """Does Zoom say that it has nothing of this meeting? That is no failure."""
    nothing = error.status == HTTPStatus.NOT_FOUND or error.code in NOTHING_KNOWN
    return nothing and error.cause.code == "unknown"


def _told(model: type[Model], entries: Sequence[Any]) -> Told[Model]:
    items = [one for entry in entries if (one := _read(model, entry)) is not None]
    return Told(items, len(entries) - len(items))


def _read(model: type[Model], entry: Any) -> Model | None:
    try:
        return model.model_validate(entry)
    except ValidationError as error:
        fields = sorted({str(one["loc"][0]) for one in error.errors(include_input=False) if one["loc"]})
        log.warning("Zoom told of a meeting in a form that we cannot read", extra={"fields": fields})
    return None
