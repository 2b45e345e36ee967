"""The staff's page of how often the promise was kept: a month in numbers and by week, and the months before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fastapi import APIRouter, Request, Response

from integration.desk import statistics
from integration.desk.sla_endpoints import AskedMonth
from integration.desk.statistics import Outcome, Tally, minutes_taken
from integration.help_centre import promise
from integration.meetings.duration import spoken
from integration.pages import drawing
from integration.pages.csv_files import as_csv, csv_file
from integration.pages.drawing import Bar, Chart, Group
from integration.pages.views import READ
from integration.reports.choices import days_of, months_back
from integration.reports.period import Period
from integration.runtime import Now, runtime_of
from integration.signing_in.staff_only import TheStaff, staff_page
from kb.support_hours import PACIFIC

router = APIRouter(include_in_schema=False)

MONTHS = 6  # that one sees at a glance
OTHERWISE: Mapping[Outcome, str] = {
    Outcome.LATE: "answered later than promised",
    Outcome.MISSED_OPEN: "past the promised time and still waiting",
    Outcome.MISSED_CLOSED: "closed after the promised time without a response",
    Outcome.CLOSED: "closed before the promised time without a response: not counted",
    Outcome.STILL_OPEN: "waiting with time left: not counted yet",
}


@dataclass(frozen=True)
class SlaLine:
    """A line of a table: some days, and how the promise was kept in them."""

    period: Period
    found: Tally

    @property
    def month(self) -> str:
        """Such as `2026-11`."""
        return f"{self.period.first:%Y-%m}"


@router.api_route("/staff/sla", methods=READ)
def sla(request: Request, reader: TheStaff, now: Now, month: AskedMonth = None) -> Response:
    """A month (this one unless another is asked for), by week; the months up to now; and what customers read of us."""
    shown = statistics.month_asked(month, now)
    today = now.astimezone(PACIFIC).date()
    months = statistics.month_of(months_back(today, MONTHS - 1)), statistics.month_of(today.replace(day=1))
    with runtime_of(request).database.reading() as session:
        runs = statistics.runs_of(session, shown)
        before = statistics.runs_of(session, Period(months[0].first, months[1].last, PACIFIC))
        recent = statistics.lately(session, now)
    line = SlaLine(shown, Tally(runs, now))
    weeks = [SlaLine(one, Tally(statistics.within(runs, one), now)) for one in statistics.weeks_of(shown, now)]
    return staff_page(
        request,
        reader,
        "staff_sla.html",
        line=line,
        lines=_months(before, today, now),
        weeks=weeks,
        chart=_chart(weeks),
        recent=recent,
        published=promise.sentence(recent),
        fewest=statistics.FEWEST,
        others=[(number, words) for how, words in OTHERWISE.items() if (number := line.found.number(how))],
        days=days_of,
        length=_length,
        share=_share,
    )


@router.api_route("/staff/sla.csv", methods=READ)
def sla_file(request: Request, _reader: TheStaff, now: Now, month: AskedMonth = None) -> Response:
    """Every request of the month that was opened or reopened, and how the promise was kept, for spreadsheets."""
    shown = statistics.month_asked(month, now)
    with runtime_of(request).database.reading() as session:
        runs = statistics.runs_of(session, shown)
    heads = ("Request", "Opened", "Answer by", "Answered or closed", "Promise", "Support minutes until the answer")
    lines = [
        (run.request_id, run.started_at, run.respond_by, run.stopped_at, _outcome(run, now), minutes_taken(run, now))
        for run in runs
    ]
    return csv_file(f"response-times-{shown.first:%Y-%m}.csv", as_csv([heads, *lines]))


def _outcome(run: statistics.Run, now: datetime) -> str:
    return OTHERWISE.get(statistics.outcome(run, now), "answered in time")


def _months(runs: Sequence[statistics.Run], today: date, now: datetime) -> Sequence[SlaLine]:
    """The newest first."""
    periods = [statistics.month_of(months_back(today, back)) for back in range(MONTHS)]
    return [SlaLine(one, Tally(statistics.within(runs, one), now)) for one in periods]


def _chart(weeks: Sequence[SlaLine]) -> Chart | None:
    """What counts against what was in time, week by week. None: nothing counts."""
    if not any(one.found.counted for one in weeks):
        return None
    title = "Requests that count, and those answered in time, by week, as in the table"
    return drawing.standing([_bars(one) for one in weeks], title, _whole)


def _bars(week: SlaLine) -> Group:
    days, found = days_of(week.period), week.found
    first = week.period.first
    bars = (
        Bar(found.counted, f"{days}: {found.counted} {'request' if found.counted == 1 else 'requests'}", "#weeks"),
        Bar(found.kept, f"{days}: {found.kept} in time", "#weeks"),
    )
    return Group(days, f"{first.day} {first:%b}", bars)


def _whole(number: float) -> str:
    """Numbers of the axis: there is no half of a request."""
    return "" if number % 1 else f"{number:,.0f}"


def _length(minutes: float | None) -> str:
    return "–" if minutes is None else spoken(round(minutes * 60))


def _share(found: Tally) -> str:
    kept = statistics.percent(found.kept, found.counted)
    return "–" if kept is None else f"{kept}%"
