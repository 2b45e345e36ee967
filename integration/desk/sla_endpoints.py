"""`/v1/sla` and `/v1/promise`: how often the promise was kept, for staff and for everybody."""

from datetime import date
from typing import Annotated

from fastapi import Query, Request
from pydantic import BaseModel, Field

from integration.auth import v1_router
from integration.desk import statistics
from integration.desk.statistics import Outcome, Tally
from integration.reports.period import Period
from integration.runtime import Now, runtime_of

router = v1_router("")

MAX_MONTH = 40
AskedMonth = Annotated[
    str | None, Query(max_length=MAX_MONTH, description="Such as `2026-11`, of Pacific time. Default: this month.")
]


class Week(BaseModel):
    first: date
    last: date
    counted: int
    kept: int


class Sla(BaseModel):
    """Of the support requests that were opened (or reopened) in a month. Times are business minutes."""

    month: str
    first: date
    last: date
    time_zone: str
    target_minutes: int
    counted: int = Field(description="kept + late + missed_open + missed_closed")
    kept: int = Field(description="A response in time")
    late: int = Field(description="A response after the target")
    missed_open: int = Field(description="Past the target, and nobody has responded yet")
    missed_closed: int = Field(description="Closed after the target without a response")
    share: float | None = Field(description="kept / counted; null: nothing is counted")
    median_minutes: float | None = Field(description="Until the response; by the nearest rank. Null: none")
    p90_minutes: float | None
    closed_without_response: int = Field(description="Before the target: not counted")
    still_open: int = Field(description="Before the target: not counted yet")
    weeks: list[Week] = Field(description="From Monday to Sunday, or what of that is in the month, until today")


class Promise(BaseModel):
    """What customers read of us."""

    days: int
    counted: int
    kept: int
    share: float | None = Field(description="Null: too few to say anything by")
    median_minutes: float | None


@router.get("/sla", summary="How often the promise was kept in a month")
def sla(request: Request, now: Now, month: AskedMonth = None) -> Sla:
    """By the month in which a request was opened or reopened; what is still open counts once its target is past."""
    period = statistics.month_asked(month, now)
    with runtime_of(request).database.reading() as session:
        runs = statistics.runs_of(session, period)
    found = Tally(runs, now)
    return Sla(
        month=f"{period.first:%Y-%m}",
        first=period.first,
        last=period.last,
        time_zone=period.zone.key,
        target_minutes=statistics.TARGET_MINUTES,
        counted=found.counted,
        share=found.share,
        median_minutes=_shown(found.percentile(50)),
        p90_minutes=_shown(found.percentile(90)),
        weeks=[_week(one, Tally(statistics.within(runs, one), now)) for one in statistics.weeks_of(period, now)],
        **{how.value: found.number(how) for how in Outcome},
    )


@router.get("/promise", summary="How often the promise was kept lately, as customers are told")
def promise(request: Request, now: Now) -> Promise:
    """Of the last 90 days."""
    with runtime_of(request).database.reading() as session:
        recent = statistics.lately(session, now)
    return Promise(
        days=statistics.PUBLISHED.days,
        counted=recent.counted,
        kept=recent.kept,
        share=statistics.published_share(recent),
        median_minutes=_shown(recent.percentile(50)),
    )


def _week(week: Period, found: Tally) -> Week:
    return Week(first=week.first, last=week.last, counted=found.counted, kept=found.kept)


def _shown(minutes: float | None) -> float | None:
    return None if minutes is None else round(minutes, 1)
