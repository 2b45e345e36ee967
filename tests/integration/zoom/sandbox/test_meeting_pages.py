"""Holding and planning meetings, as a person does it: in a browser, by clicks."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from integration.zoom.sandbox import past_weeks
from integration.zoom.sandbox.driver import ZoomStandIn
from integration.zoom.sandbox.meetings import ENDED, STARTED
from tests.integration.zoom.sandbox.conftest import START, Listener, OpenPage, Program


def test_a_planned_hour_is_held_for_45_minutes_in_two_clicks(
    zoom: ZoomStandIn, listener: Listener, open_page: OpenPage
) -> None:
    page = open_page("/calendar")
    expect(page.get_by_text("Nobody is told of this calendar")).to_be_visible()
    page.get_by_role("button", name="Plan an hour").click()
    page.get_by_role("link", name="Hold: Review with Globex").click()
    page.get_by_role("button", name="Hold it").click()
    expect(page.get_by_text("told", exact=True)).to_be_visible()
    (event,), (session,) = zoom.world.calendar.all(), zoom.history("acme")
    assert (event.minutes, session.seconds, session.planned_minutes) == (60, 2700, 60)
    assert (event.start, event.meeting_id, event.title) == (session.began, session.meeting_id, session.topic)
    assert [body["event"] for body in listener.bodies][-1] == ENDED


def test_a_call_drops_twice_and_is_held_again_under_its_id(zoom: ZoomStandIn, open_page: OpenPage) -> None:
    page = open_page("/meetings")
    page.get_by_label("Topic").fill("Dropping")
    for name, first, second in (("Dropped after", "20", "3"), ("Dropped again after", "35", "2")):
        page.get_by_label(name).fill(first)
        page.get_by_label(name).press("Tab")
        page.keyboard.type(second)
    page.get_by_role("button", name="Hold it").click()
    expect(page.get_by_role("link", name="Hold again: Dropping")).to_have_count(3)
    page.get_by_role("link", name="Hold again: Dropping").first.click()
    page.get_by_label("Lasted").fill("10")
    page.get_by_role("button", name="Hold it").click()
    expect(page.get_by_role("link", name="Hold again: Dropping")).to_have_count(4)
    assert sorted(session.seconds for session in zoom.history()) == [480, 600, 720, 1200]
    assert len({session.meeting_id for session in zoom.history()}) == 1


def test_a_call_is_started_now_and_ended_without_a_word(
    zoom: ZoomStandIn, listener: Listener, open_page: OpenPage
) -> None:
    page = open_page("/meetings")
    page.get_by_role("combobox", name="Who hosts").select_option("Maya Chen")
    page.get_by_role("combobox", name="Meeting").select_option("the host's personal room")
    page.get_by_role("button", name="Start it now").click()
    page.get_by_role("button", name="do not tell").click()
    expect(page.get_by_text("told in part")).to_be_visible()
    page.get_by_role("button", name="Tell of").click()
    expect(page.get_by_text("told", exact=True)).to_be_visible()
    names = [body["event"] for body in listener.bodies]
    assert (names.count(STARTED), names.count(ENDED)) == (2, 1)
    page.get_by_role("link", name="Hold again").click()
    expect(page.get_by_role("combobox", name="Meeting")).to_have_value("pmi")
    page.get_by_role("combobox", name="Retain is told").select_option("nothing: the events are lost")
    page.get_by_role("button", name="Hold it").click()
    expect(page.get_by_text("not told", exact=True)).to_be_visible()


def test_an_event_is_added_moved_and_cancelled(zoom: ZoomStandIn, open_page: OpenPage) -> None:
    page = open_page("/calendar")
    page.get_by_text("Add another event").click()
    page.get_by_label("Title").fill("Workshop")
    page.get_by_role("combobox", name="Organizer").select_option("Maya Chen")
    page.get_by_label("Invited").fill("kim@globex.example, leo@initech.example")
    page.get_by_role("combobox", name="Zoom link").select_option("the organizer's personal link")
    page.get_by_role("button", name="Add", exact=True).click()
    (event,) = zoom.world.calendar.all()
    assert (event.attendees, event.link) == (
        ("kim@globex.example", "leo@initech.example"),
        "https://us02web.zoom.us/my/maya.chen",
    )
    page.get_by_label("Move: Workshop").click()
    page.get_by_label("New length in minutes").fill("90")
    page.get_by_role("button", name="Move it").click()
    expect(page.get_by_text("90 min")).to_be_visible()
    page.get_by_role("button", name="Cancel: Workshop").click()
    expect(page.get_by_text("cancelled")).to_be_visible()
    assert (event.minutes, event.cancelled, event.version) == (90, True, 3)


@pytest.mark.parametrize("width", [1100, 390])
def test_a_full_page_fits_the_screen_and_can_show_all(zoom: ZoomStandIn, open_page: OpenPage, width: int) -> None:
    past_weeks.remember(zoom.world, 4)
    zoom.start_call(send=False)
    for path in ("/meetings", "/calendar"):
        page = open_page(path, width)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        page.get_by_role("link", name="Show all").click()
        expect(page.get_by_text("Globex kick-off").last).to_be_visible()


@pytest.mark.parametrize(("path", "form"), [
    ("/meetings/hold", {"began": "soon", "minutes": "5"}),
    ("/meetings/hold", {"minutes": "many"}),
    ("/meetings/hold", {"minutes": "45", "after1": "44", "gone1": "3"}),
    ("/meetings/hold", {"minutes": "45", "after1": "20", "gone1": "10", "after2": "25", "gone2": "3"}),
    ("/meetings/hold", {"began": "2026-03-02T00:00", "minutes": "5", "host": "nobody"}),
    ("/meetings/hold", {"began": f"{START + timedelta(days=2):%Y-%m-%dT%H:%M}", "minutes": "5", "host": "jonas"}),
    ("/meetings/start", {"host": "jonas", "meeting": "x"}),
    ("/meetings/end", {"uuid": "x"}),
    ("/meetings/tell", {}),
    ("/calendar/add", {"start": "2026-03-02T00:00", "minutes": "60", "organizer": "jonas", "title": ""}),
    ("/calendar/add", {"start": "2026-03-02T00:00", "minutes": "60", "organizer": "jonas", "title": "x", "link": "x"}),
    ("/calendar/move", {"start": "2026-03-02T00:00", "minutes": "60", "event": "x"}),
    ("/calendar/cancel", {"event": "x"}),
])  # fmt: skip
def test_what_makes_no_sense_is_said(zoom: ZoomStandIn, program: Program, path: str, form: dict[str, str]) -> None:
    answer = program.http.post(zoom.oauth_url + path, data=form, timeout=10)
    assert answer.status_code == 400
    assert "That is not possible" in answer.text
    assert zoom.history() == []
    assert zoom.world.calendar.all() == []
