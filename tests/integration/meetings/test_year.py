"""A made-up year with known truth (tests/support/year.py): what is stored agrees to the second, or says why not."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest
from sqlalchemy.engine import URL

from integration.runtime import Runtime, make_runtime
from tests.integration.backfill.steps import Scene
from tests.integration.conftest import TestClock, make_settings
from tests.integration.connections.steps import connect
from tests.integration.meetings.story import Outcome, Story
from tests.support.year import Year, make_year
from tests.support.zoom import impatient, reached_at, running_zoom

SMALL = 500


def the_truth(year: Year) -> dict[str, Outcome]:
    return {key: (truth.reason, truth.seconds) for key, truth in year.truth.items()}


def from_webhooks(year: Year) -> dict[str, Outcome]:
    """What can be known from them; without the few events of which a call is missing that nobody can miss."""
    return {
        key: (truth.told, truth.seconds if truth.told == "adjusted" else None)
        for key, truth in year.truth.items()
        if truth.told
    }


@pytest.fixture(scope="module")
def small() -> Year:
    return make_year(seed=2, meetings=SMALL)


def test_a_seed_makes_the_same_year_again_with_all_that_happens_in_one(small: Year) -> None:
    assert make_year(seed=2, meetings=SMALL) == small
    rooms = {host.pmi for host in small.hosts}
    assert {call.meeting_id in rooms for call in small.calls} == {True, False}
    assert {bool(call.event) for call in small.calls} == {True, False}
    assert {call.lost for call in small.calls} >= {frozenset(), frozenset({"ended"}), frozenset({"started", "ended"})}
    assert max(Counter(call.event for call in small.calls if call.event).values()) == 4
    assert len({item["id"] for item in small.items}) < len(small.items)
    assert small.ignored


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_ten_thousand_meetings_agree_with_the_truth_to_the_second(runtime: Runtime) -> None:
    story = Story(runtime, make_year()).begin()
    story.rooms()
    story.calendar()
    story.webhooks()
    known, told = from_webhooks(story.year), story.outcomes()
    assert len(known) > 9_000
    assert {key: told[key] for key in known} == known
    story.reports()
    assert story.outcomes() == the_truth(story.year)
    assert story.ties() == {call.uuid: call.event for call in story.year.calls}


def test_webhooks_alone_give_the_truth_or_an_honest_reason(runtime: Runtime, small: Year) -> None:
    story = Story(runtime, small).begin()
    story.calendar()
    story.webhooks()
    story.rooms()
    known, told = from_webhooks(small), story.outcomes()
    assert {key: told[key] for key in known} == known
    assert {reason for reason, _ in known.values()} == {"adjusted", "still_running", "awaiting_zoom", "not_on_zoom"}


def test_zooms_reports_alone_give_the_truth(runtime: Runtime, small: Year) -> None:
    story = Story(runtime, small).begin()
    story.reports()
    story.rooms()
    story.calendar()
    assert story.outcomes() == the_truth(small)


def test_a_call_of_which_nothing_was_told_beside_others_is_found_by_asking_zoom(runtime: Runtime, small: Year) -> None:
    """The one thing that webhooks alone cannot show: of a rejoined call one part, and nothing says that it was."""
    story = Story(runtime, small).begin()
    story.rooms()
    story.calendar()
    story.webhooks()
    unknowable = {key: truth.seconds or 0 for key, truth in small.truth.items() if truth.told is None}
    assert unknowable
    told = story.outcomes()
    assert all((told[key][1] or 0) <= seconds for key, seconds in unknowable.items())
    story.reports()
    assert {key: story.outcomes()[key][1] for key in unknowable} == unknowable


@pytest.mark.parametrize("seed", [1, 2])
def test_in_any_order_the_same_comes_out(runtime: Runtime, small: Year, seed: int) -> None:
    chance = Random(seed)
    mixed = replace(small, items=[*small.items, *chance.sample(small.items, 50)], arrivals=list(small.arrivals))
    for things in (mixed.items, mixed.arrivals):
        chance.shuffle(things)
    mixed.calls = chance.sample(small.calls, len(small.calls))
    story = Story(runtime, mixed).begin()
    parts = [story.rooms, *story.portions(4)]
    chance.shuffle(parts)
    for part in parts:
        part()
    assert story.outcomes() == the_truth(small)
    assert story.ties() == {call.uuid: call.event for call in small.calls}


def test_the_report_adds_up_to_the_truth(runtime: Runtime, small: Year) -> None:
    story = Story(runtime, small).begin()
    story.rooms()
    story.calendar()
    story.webhooks()
    story.reports()
    met = [truth for truth in small.truth.values() if truth.customers]
    by_customer, by_organizer = Counter[str](), Counter[str]()
    for truth in met:
        counted = truth.scheduled if truth.seconds is None else truth.seconds
        by_organizer[truth.organizer] += counted
        by_customer.update(dict.fromkeys(truth.customers, counted))
    hours = story.hours("customer")
    assert {group.name: group.counted_seconds for group in hours.groups} == by_customer
    assert {group.name: group.counted_seconds for group in story.hours("organizer").groups} == by_organizer
    months = story.hours("month")
    assert hours.total == months.total
    assert sum(group.counted_seconds for group in months.groups) == hours.total.counted_seconds
    assert (hours.total.meetings, hours.total.counted_seconds) == (len(met), by_organizer.total())
    again = hours.counted_more_than_once
    assert again is not None
    assert by_customer.total() == hours.total.counted_seconds + again.counted_seconds


@pytest.fixture
def scene(database_url: URL, clock: TestClock) -> Iterator[Scene]:
    """A tenant whose Zoom is the stand-in, over real HTTP, at the end of the year."""
    clock.now = make_year(meetings=0).now
    with running_zoom(clock) as zoom:
        runtime = impatient(make_runtime(make_settings(database_url, **reached_at(zoom)), clock))
        connect(runtime, zoom)
        yield Scene(runtime, zoom, clock)
        runtime.database.close()


@pytest.mark.parametrize(
    ("old_ids", "nothing_told"), [("kept", {"no_session"}), ("forgotten", {"no_session", "adjusted"})]
)
def test_back_fill_from_zooms_api_gives_the_truth(scene: Scene, old_ids: str, nothing_told: set[str]) -> None:
    """Half of the year from Zoom's reports, the other half meeting by meeting: and of ids that were never used, or that
    Zoom has forgotten, it says nothing.
    """
    scene.zoom.faults.habits(old_ids=old_ids)
    year = make_year(seed=3, meetings=150)
    story = Story(scene.runtime, year)
    scene.zoom.add_sessions(
        "acme", [(one.uuid, one.meeting_id, one.start, one.end, one.host.email) for one in year.calls]
    )
    story.rooms()
    story.calendar()
    scene.fill()
    truth, told = the_truth(year), story.outcomes()
    silent = {key for key in truth if told[key] != truth[key]}
    assert {told[key] for key in silent} == {("too_old_for_zoom", None)}
    assert {truth[key][0] for key in silent} == nothing_told
    assert all(call.start < scene.ago(days=150) for call in year.calls if call.event in silent)
    planned = {call.uuid: call.event for call in year.calls if call.event and call.event not in silent}
    assert {uuid: event for uuid, event in story.ties().items() if event} == planned
