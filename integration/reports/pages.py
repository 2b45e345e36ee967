"""The reports as pages: meeting hours with charts, the meetings behind each number, and the proof of a duration.

They need no script: tables sort by links, and days are chosen by links or a form.
"""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from integration.pages.csv_files import csv_file
from integration.pages.forms import TheForm
from integration.pages.views import READ, see_other
from integration.reports.choosing_page import choose_tenant
from integration.reports.duration_page import DurationQuery, duration_page, looked_up
from integration.reports.hours_page import HoursQuery, hours_of, hours_page, scope_asked
from integration.reports.meetings_page import MeetingsQuery, meetings_file, meetings_page
from integration.reports.spreadsheet import file_name, hours_csv
from integration.reports.visiting import TheAsked, visiting

router = APIRouter(include_in_schema=False)


@router.api_route("/reports/meeting-hours", methods=READ)
def meeting_hours(asked: TheAsked, query: Annotated[HoursQuery, Query()]) -> Response:
    """Scheduled against counted, by customer or organizer, and over time."""
    with visiting(asked) as visit:
        return hours_page(visit, query) if visit else choose_tenant(asked)


@router.api_route("/reports/meeting-hours.csv", methods=READ)
def meeting_hours_file(asked: TheAsked, query: Annotated[HoursQuery, Query()]) -> Response:
    """The table of that page, for spreadsheets."""
    with visiting(asked) as visit:
        if visit is None:
            return see_other("/reports/meeting-hours")
        report = hours_of(visit, scope_asked(visit, query), query.by)
    return csv_file(file_name(report), hours_csv(report))


@router.api_route("/reports/meetings", methods=READ)
def meetings(asked: TheAsked, query: Annotated[MeetingsQuery, Query()]) -> Response:
    """The meetings behind a number."""
    with visiting(asked) as visit:
        return meetings_page(visit, query) if visit else choose_tenant(asked)


@router.api_route("/reports/meetings.csv", methods=READ)
def meetings_as_file(asked: TheAsked, query: Annotated[MeetingsQuery, Query()]) -> Response:
    """All of them, for spreadsheets."""
    with visiting(asked) as visit:
        return meetings_file(visit, query) if visit else see_other("/reports/meetings")


@router.api_route("/reports/duration", methods=READ)
def duration(asked: TheAsked, query: Annotated[DurationQuery, Query()]) -> Response:
    """How long one meeting was, and the proof."""
    with visiting(asked) as visit:
        return duration_page(visit, query) if visit else choose_tenant(asked)


@router.post("/reports/duration")
def look_up(asked: TheAsked, sent: TheForm) -> Response:
    """A meeting as somebody knows it: on to its proof."""
    with visiting(asked) as visit:
        return looked_up(visit, DurationQuery.typed(sent)) if visit else choose_tenant(asked)
