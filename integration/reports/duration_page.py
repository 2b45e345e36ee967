"""The proof of a duration: what counts and why, drawn on one time axis, and every call it is made of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import Response
from pydantic import BaseModel, Field, TypeAdapter

from integration.errors import Invalid, NotFound
from integration.fields import Name
from integration.meetings.duration import Interval, spoken
from integration.meetings.lookup import find_duration
from integration.meetings.models import SessionState
from integration.meetings.reasons import words_for
from integration.meetings.views import DurationAnswer, OtherView
from integration.meetings.words import Reason
from integration.pages.forms import Sent
from integration.pages.views import see_other
from integration.reports.choices import day_of
from integration.reports.timeline import BAR, Timeline, timeline
from integration.reports.visiting import Visit

LONGEST_LINK, LONGEST_DAY = 2_000, 40
NO_EVENT = "A Zoom call that is in no calendar"
CALLS = {
    SessionState.ENDED: "Call",
    SessionState.RUNNING: "Call, still running",
    SessionState.LOST: "Call, end unknown",
}


class DurationQuery(BaseModel):
    """A meeting as somebody knows it, and which of its times."""

    meeting: str | None = Field(None, max_length=LONGEST_LINK)
    on: str | None = Field(None, max_length=LONGEST_DAY)
    occurrence: Name | None = None

    @classmethod
    def typed(cls, sent: Sent) -> "DurationQuery":
        """What the form sent; what is too long to be a link or a day is cut, and not found."""
        return cls(meeting=sent.get("meeting", "")[:LONGEST_LINK], on=sent.get("on", "")[:LONGEST_DAY])


@dataclass(frozen=True)
class Other:
    """Another time of the same meeting, and where its proof is."""

    href: str
    when: str
    title: str | None
    counted: str


@dataclass(frozen=True)
class Stretch:
    """A call, a break, or what calls share, as a line of a table."""

    kind: str
    start: str
    end: str
    length: str


def duration_page(visit: Visit, query: DurationQuery) -> Response:
    """The proof, or a place to ask for it. What is not found is said with what to do, above the same place.

    `query` may name a meeting, for links that know its id. What people type is for `looked_up`.
    """
    if not (query.meeting or query.occurrence):
        return visit.page("report_lookup.html", query=query, problem=None, others=[])
    try:
        found = _find(visit, query)
    except (Invalid, NotFound) as error:
        return _not_found(visit, query, error)
    return visit.page(
        "report_duration.html",
        found=found,
        query=query,
        title=found.title or NO_EVENT,
        words=words_for(found.reason, visit.about.knowledge) if found.reason else None,
        drawing=_drawing(visit, found),
        bar=BAR,
        stretches=list(_stretches(visit, found)),
        exact=exact,
        others=_others(visit, found.others),
        adjusted=found.reason is Reason.ADJUSTED,
    )


def looked_up(visit: Visit, query: DurationQuery) -> Response:
    """On to the proof, with nothing of what was typed in its address; or what is wrong with it."""
    try:
        found = _find(visit, query)
    except (Invalid, NotFound) as error:
        return _not_found(visit, query, error)
    return see_other(visit.link("duration", {"occurrence": found.occurrence}))


def exact(seconds: int) -> str:
    """A length to the second: `44 min 58 s`, `1 h 5 s`."""
    parts = ((seconds // 3600, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s"))
    return " ".join(f"{amount} {unit}" for amount, unit in parts if amount) or "0 s"


def _find(visit: Visit, query: DurationQuery) -> DurationAnswer:
    return find_duration(
        visit.session,
        visit.runtime.vault,
        visit.about.tenant_id,
        query.meeting or None,
        day_of("on", query.on),
        visit.now,
        occurrence=query.occurrence,
    )


def _not_found(visit: Visit, query: DurationQuery, error: Invalid | NotFound) -> Response:
    others = _others(visit, TypeAdapter(list[OtherView]).validate_python(error.extra.get("others", [])))
    return visit.page("report_lookup.html", error.status, query=query, problem=error, others=others)


def _drawing(visit: Visit, found: DurationAnswer) -> Timeline | None:
    planned = Interval(found.event.start, found.event.end) if found.event else None
    ended = [Interval(one.start, one.end) for one in found.sessions if one.end is not None]
    running = [one.start for one in found.sessions if one.state == SessionState.RUNNING]
    return timeline(planned, ended, running, visit.zone, visit.now)


def _stretches(visit: Visit, found: DurationAnswer) -> Iterator[Stretch]:
    """Calls, breaks and what calls share, as they come."""
    pieces: list[tuple[str, datetime, datetime | None]] = [
        *((CALLS[one.state], one.start, one.end) for one in found.sessions),
        *(("Break", one.start, one.end) for one in found.gaps),
        *(("Two calls at once", one.start, one.end) for one in found.overlaps),
    ]
    pieces.sort(key=lambda piece: piece[1])
    day = visit.day(found.event.start if found.event else pieces[0][1]) if pieces else ""
    for kind, start, end in pieces:
        length = exact(Interval(start, end).seconds) if end is not None else ""
        yield Stretch(kind, _moment(visit, start, day), _moment(visit, end, day) if end else "?", length)


def _moment(visit: Visit, moment: datetime, day: str) -> str:
    """The time of day, with the day where it is another than that of the meeting."""
    clock = visit.clock(moment, seconds=True)
    return clock if visit.day(moment) == day else f"{visit.day(moment)}, {clock}"


def _others(visit: Visit, others: Sequence[OtherView]) -> list[Other]:
    return [
        Other(
            visit.link("duration", {"occurrence": one.occurrence}),
            f"{visit.day(one.start)}, {visit.clock(one.start)}",
            one.title or NO_EVENT,
            spoken(one.counted_seconds) if one.reason else "counts nowhere",
        )
        for one in others
    ]
