"""The calendar: events as Google has them, and how the service is told of them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler

import pytest

from integration.zoom.sandbox import calendar, google
from integration.zoom.sandbox.calendar import Event
from integration.zoom.sandbox.driver import ZoomStandIn
from integration.zoom.sandbox.errors import NotPossible
from integration.zoom.sandbox.sync import Sync
from tests.integration.zoom.sandbox.conftest import START, Json
from tests.support import http_server

AN_HOUR = timedelta(hours=1)
KEY = "a-key-of-the-calendar-sync"


@dataclass
class Service:
    """The product's side: what was put there, and what it answers."""

    received: list[tuple[str, str, list[Json]]] = field(default_factory=list)
    status: int = 200
    answer: Json | None = field(default_factory=lambda: {"stored": 1, "unchanged": 0, "errors": []})


@pytest.fixture
def service(zoom: ZoomStandIn) -> Iterator[Service]:
    state = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state.received.append((self.path, self.headers["Authorization"], body["items"]))
            answer = b"oops" if state.answer is None else json.dumps(state.answer).encode()
            self.send_response(state.status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    with http_server.serving(Handler) as address:
        zoom.world.sync = Sync(address, KEY)
        yield state


def plan(zoom: ZoomStandIn, who: str = "jonas", link: str | None = None, title: str = "Review") -> Event:
    host = zoom.people[who]
    chosen = calendar.join_link(host, "93201235621") if link is None else link
    attendees = ["kim@globex.example"]
    return zoom.world.calendar.plan(host, title, START, AN_HOUR, attendees=attendees, link=chosen, now=START)


def test_an_event_is_written_as_google_writes_it(zoom: ZoomStandIn) -> None:
    event = plan(zoom)
    found = google.resource(event)
    assert found["organizer"]["email"] == "jonas@acme.example"
    assert found["start"] == {"dateTime": "2026-03-02T01:00:00-08:00", "timeZone": "America/Los_Angeles"}
    assert [one["email"] for one in found["attendees"]] == ["jonas@acme.example", "kim@globex.example"]
    (entry,) = found["conferenceData"]["entryPoints"]
    assert (entry["entryPointType"], entry["uri"]) == ("video", event.link)
    assert event.meeting_id == "93201235621" == entry["meetingCode"]
    assert found["iCalUID"] == f"{event.id}@google.com"


def test_a_personal_link_is_a_place_and_leads_to_the_organizers_room(zoom: ZoomStandIn) -> None:
    event = plan(zoom, link=calendar.personal_link(zoom.people["maya"]), who="maya")
    found = google.resource(event)
    assert found["location"] == "https://us02web.zoom.us/my/maya.chen"
    assert "conferenceData" not in found
    assert event.meeting_id == zoom.start_call("maya", "pmi", send=False).meeting_id
    assert "location" not in google.resource(plan(zoom, link=""))


def test_an_instance_keeps_its_original_start_when_it_moves(zoom: ZoomStandIn) -> None:
    event = plan(zoom)
    event.series, event.original = "series0", START
    zoom.world.calendar.move(event, START + AN_HOUR, 2 * AN_HOUR, START)
    found = google.resource(event)
    assert (found["recurringEventId"], found["iCalUID"]) == ("series0", "series0@google.com")
    assert found["originalStartTime"]["dateTime"] == "2026-03-02T01:00:00-08:00"
    assert (found["start"]["dateTime"], found["end"]["dateTime"]) == (
        "2026-03-02T02:00:00-08:00",
        "2026-03-02T04:00:00-08:00",
    )


def test_an_all_day_event_has_dates(zoom: ZoomStandIn) -> None:
    event = plan(zoom)
    event.all_day = True
    assert google.resource(event)["start"] == {"date": "2026-03-02"}


def test_each_change_is_sent_once_and_by_tenant(zoom: ZoomStandIn, service: Service) -> None:
    event, other = plan(zoom), plan(zoom, "carlos")
    zoom.push_calendar()
    zoom.push_calendar()
    paths = [(path, [item["id"] for item in items]) for path, _, items in service.received]
    assert paths == [
        ("/v1/tenants/acme/calendar-events", [event.id]),
        ("/v1/tenants/globex/calendar-events", [other.id]),
    ]
    assert {authorization for _, authorization, _ in service.received} == {f"Bearer {KEY}"}
    zoom.world.calendar.cancel(event, START + AN_HOUR)
    zoom.push_calendar()
    (item,) = service.received[-1][2]
    assert (item["id"], item["status"]) == (event.id, "cancelled")
    assert "start" not in item  # Google says little of what is gone
    assert zoom.world.sync.outcomes["acme"].said == "1 sent: 1 stored, 0 unchanged, 0 refused."


def test_what_is_wrong_with_one_event_is_shown_at_it(zoom: ZoomStandIn, service: Service) -> None:
    good, bad = plan(zoom), plan(zoom, title="Bad")
    wrong = {"index": 1, "id": bad.id, "field": "start", "detail": "It has no start.", "remedy": "Give it one."}
    service.answer = {"stored": 1, "unchanged": 0, "errors": [wrong]}
    zoom.push_calendar()
    assert (good.refused, bad.refused) == ("", "It has no start. Give it one.")
    assert zoom.world.calendar.behind() == []


@pytest.mark.parametrize(("status", "again"), [(503, True), (429, True), (401, False), (422, False)])
def test_what_passes_is_tried_again_unasked_and_what_does_not_is_not(
    zoom: ZoomStandIn, service: Service, status: int, again: bool
) -> None:
    service.status, service.answer = status, {"detail": "Not so.", "remedy": "Do this."}
    plan(zoom)
    zoom.push_calendar()
    outcome = zoom.world.sync.outcomes["acme"]
    assert (outcome.ok, outcome.again) == (False, again)
    assert outcome.said.endswith("Not so. Do this.")
    zoom.world.push_calendar(unasked=True)
    assert len(service.received) == 1 + again
    service.status = 200
    zoom.push_calendar()
    assert zoom.world.sync.outcomes["acme"].ok


def test_an_answer_that_is_no_json_and_nobody_there_are_said(zoom: ZoomStandIn, service: Service) -> None:
    service.status, service.answer = 502, None
    plan(zoom)
    zoom.push_calendar()
    assert zoom.world.sync.outcomes["acme"].said.startswith("502")
    zoom.world.sync.url = "http://127.0.0.1:1"
    zoom.push_calendar()
    assert "Nobody answers" in zoom.world.sync.outcomes["acme"].said


def test_without_settings_nobody_is_told(zoom: ZoomStandIn) -> None:
    plan(zoom)
    zoom.push_calendar()
    assert zoom.world.sync.outcomes == {}
    assert not Sync.from_env({"CALENDAR_SYNC_URL": "http://x"}).possible
    sync = Sync.from_env({"CALENDAR_SYNC_URL": "http://x/", "CALENDAR_SYNC_API_KEY": KEY})
    assert (sync.possible, sync.url) == (True, "http://x")
    assert KEY not in repr(sync)


def test_an_event_that_cannot_be_is_refused(zoom: ZoomStandIn) -> None:
    for length in (timedelta(), timedelta(days=2)):
        with pytest.raises(NotPossible, match="lasts"):
            zoom.world.calendar.move(plan(zoom), START, length, START)
    with pytest.raises(NotPossible, match="title"):
        plan(zoom, title="")
    with pytest.raises(NotPossible, match="no such event"):
        zoom.world.calendar.find("x")
    with pytest.raises(NotPossible, match="digits"):
        calendar.join_link(zoom.people["jonas"], "x")
