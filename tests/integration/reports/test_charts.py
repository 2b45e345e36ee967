"""Drawings: what they show, that a page may hold them, and where things stand on the time axis of one meeting."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from integration.meetings.duration import Interval, union
from integration.pages.drawing import Chart
from integration.reports.charts import MOST_BARS, Bars, by_group, over_time
from integration.reports.timeline import MOST_LANES, Timeline, timeline
from tests.integration.reports.rows import NOW, at

BERLIN = ZoneInfo("Europe/Berlin")
Draw = Callable[[Sequence[Bars], str], Chart | None]
SVG = "{http://www.w3.org/2000/svg}"
HOUR = 3600
TWO = [Bars("Globex", 10 * HOUR, 8 * HOUR + 1200, "/reports/meetings?a=1&b=2"), Bars("Initech", HOUR, 0, "/x")]


def titles(drawing: Markup) -> list[str]:
    return [title.text or "" for title in ET.fromstring(drawing).iter(f"{SVG}title")]


def labels(drawing: Markup) -> list[str]:
    return [text.text or "" for text in ET.fromstring(drawing).iter(f"{SVG}text")]


def widths(drawing: Markup, series: str) -> list[float]:
    bars = ET.fromstring(drawing).iterfind(f".//{SVG}g[@class='series {series}']//{SVG}rect")
    return [float(bar.get("width", 0)) for bar in bars]


@pytest.mark.parametrize("draw", [by_group, over_time])
def test_each_bar_says_what_it_is_and_leads_to_its_meetings(draw: Draw) -> None:
    chart = draw(TWO, "Hours")
    assert chart is not None
    for drawing in (chart.wide, chart.narrow):
        expected = {"Globex: 10 h scheduled", "Globex: 8 h 20 min counted", "Initech: 1 h scheduled"}
        assert expected | {"Initech: 0 min counted"} == set(titles(drawing))
        links = [link.get("href") for link in ET.fromstring(drawing).iter(f"{SVG}a")]
        assert sorted(set(filter(None, links))) == ["/reports/meetings?a=1&b=2", "/x"]


def test_bars_are_as_long_as_what_they_stand_for_and_the_first_is_on_top() -> None:
    chart = by_group(TWO, "Hours")
    assert chart is not None
    initech, globex = widths(chart.wide, "serie-0 color-0")
    assert globex / initech == pytest.approx(10)
    assert widths(chart.wide, "serie-1 color-1")[1] / initech == pytest.approx(8 + 1 / 3)
    tops = {text.text: float(text.get("y", 0)) for text in ET.fromstring(chart.wide).iter(f"{SVG}text")}
    assert tops["Globex"] < tops["Initech"]


@pytest.mark.parametrize("draw", [by_group, over_time])
def test_it_holds_nothing_that_the_pages_policy_forbids(draw: Draw) -> None:
    chart = draw([Bars("<script>alert(1)</script> & \"co\" 'x'", HOUR, HOUR, '/x?"><script>')], '"Hours" <b>')
    assert chart is not None
    for drawing in (chart.wide, chart.narrow):
        assert not re.search(r"<script|<style|style=|onclick|http(?!://www\.w3\.org/2000/svg)|pygal", drawing)
        assert ET.fromstring(drawing).get("aria-hidden") == "true"


@pytest.mark.parametrize("draw", [by_group, over_time])
def test_names_may_hold_what_no_drawing_can(draw: Draw) -> None:
    chart = draw([Bars("Glo\x01bex\x1b\ufffe", HOUR, HOUR, "/x")], "Hours")
    assert chart is not None
    assert "Globex: 1 h scheduled" in titles(chart.wide)


def test_a_page_may_hold_several_drawings() -> None:
    chart = by_group(TWO, "Hours")
    assert chart is not None
    assert " id=" not in chart.wide + chart.narrow


def test_there_is_no_drawing_of_nothing() -> None:
    assert by_group([], "Hours") is None
    assert over_time([Bars("Jan 2025", 0, 0, "/x")], "Hours") is None


def test_only_the_first_customers_are_drawn_and_long_names_shortened() -> None:
    many = [Bars(f"Customer number {n} of a long name", HOUR * (50 - n), HOUR, "/x") for n in range(40)]
    chart = by_group(many, "Hours")
    assert chart is not None
    assert len(widths(chart.wide, "serie-0 color-0")) == MOST_BARS
    assert "Customer number 0 of a long…" in labels(chart.wide)
    assert "Customer numb…" in labels(chart.narrow)


@pytest.mark.parametrize(("months", "wide", "narrow"), [(6, 6, 6), (12, 12, 6), (60, 12, 6)])
def test_of_many_months_some_are_named_the_last_among_them(months: int, wide: int, narrow: int) -> None:
    bars = [Bars(f"Jan {2000 + n}", HOUR, HOUR, "/x") for n in range(months)]
    chart = over_time(bars, "Hours")
    assert chart is not None
    named = [text for text in labels(chart.wide) if text.startswith("Jan")]
    assert len(named) == wide
    assert named[-1] == bars[-1].label
    assert len([text for text in labels(chart.narrow) if text == "Jan"]) == narrow


def test_importing_it_leaves_the_processs_imports_as_they_were() -> None:
    code = "import integration.reports.charts, sys; print([type(one).__name__ for one in sys.meta_path])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "PluginImportFixer" not in shown


def drawn(
    planned: tuple[str, str] | None, *calls: tuple[str, str], running: Sequence[str] = (), zone: ZoneInfo = BERLIN
) -> Timeline:
    def interval(times: tuple[str, str]) -> Interval:
        return Interval(*(at(f"2025-01-14 {time}") for time in times))

    found = timeline(
        interval(planned) if planned else None,
        [interval(call) for call in calls],
        [at(f"2025-01-14 {time}") for time in running],
        zone,
        NOW,
    )
    assert found is not None
    return found


def test_planned_time_calls_breaks_and_overlaps_stand_on_one_axis() -> None:
    found = drawn(("09:00", "10:00"), ("09:02", "09:20"), ("09:24", "09:40"), ("09:30", "09:50"))
    assert [row.kind for row in found.rows] == ["planned", "call", "call", "counted"]
    planned, first, second, counted = found.rows
    assert [piece.text for piece in planned.pieces] == ["Planned 10:00–11:00"]
    assert [piece.text for piece in first.pieces] == ["Call 10:02–10:20", "Call 10:24–10:40"]
    assert [piece.text for piece in second.pieces] == ["Call 10:30–10:50"]
    assert [piece.text for piece in counted.pieces] == ["Counted 10:02–10:20", "Counted 10:24–10:50"]
    assert [piece.text for piece in counted.gaps] == ["Break 10:20–10:24"]
    assert [piece.text for piece in counted.overlaps] == ["Two calls at once 10:30–10:40"]
    assert first.pieces[0].width / planned.pieces[0].width == pytest.approx(18 / 60, abs=1e-3)
    assert found.text == "Planned 10:00–11:00; 3 calls within 10:02–10:50"


def test_times_of_day_are_the_readers_and_round() -> None:
    assert [tick.text for tick in drawn(("09:03", "10:00")).ticks] == ["10:15", "10:30", "10:45", "11:00"]
    there = drawn(("09:03", "10:00"), zone=ZoneInfo("Asia/Kolkata"))
    assert [tick.text for tick in there.ticks] == ["14:45", "15:00", "15:15", "15:30"]


def test_ticks_stay_apart_where_the_clock_is_changed() -> None:
    night = Interval(at("2025-03-30 00:00"), at("2025-03-30 03:00"))
    found = timeline(night, [], [], BERLIN, NOW)
    assert found is not None
    assert [tick.text for tick in found.ticks] == ["01:00", "03:00", "04:00", "05:00"]
    apart = {round(b.left - a.left, 1) for a, b in zip(found.ticks, found.ticks[1:], strict=False)}
    assert len(apart) == 1


def test_a_running_call_goes_up_to_now_and_nothing_is_added_up() -> None:
    found = drawn(("18:00", "19:00"), running=["18:05"])
    assert [(row.kind, [piece.running for piece in row.pieces]) for row in found.rows] == [
        ("planned", [False]),
        ("call", [True]),
    ]
    assert found.rows[1].pieces[0].text == "Call 19:05–19:30"


def test_a_call_of_no_length_is_seen_and_calls_without_an_event_are_drawn() -> None:
    found = drawn(None, ("09:00", "09:00"), ("09:10", "09:20"))
    assert [row.kind for row in found.rows] == ["call", "counted"]
    assert found.rows[0].pieces[0].width > 0


def test_where_no_time_passed_there_is_nothing_to_draw() -> None:
    moment = at("2025-01-14 09:00")
    assert timeline(None, [Interval(moment, moment)], [], BERLIN, NOW) is None
    assert timeline(None, [], [], BERLIN, NOW) is None


def test_of_very_many_calls_at_once_it_says_how_many_are_left_out() -> None:
    found = drawn(None, *[("09:00", "10:00")] * (MOST_LANES + 5))
    assert len([row for row in found.rows if row.kind == "call"]) == MOST_LANES
    assert found.left_out == 5


offsets = st.integers(-3 * HOUR, 3 * HOUR)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(offsets, st.integers(0, 2 * HOUR)), min_size=1, max_size=25))
def test_nothing_is_drawn_outside_or_over_another_in_its_line(calls: list[tuple[int, int]]) -> None:
    start = at("2025-01-14 09:00")
    ended = [Interval(start + timedelta(seconds=a), start + timedelta(seconds=a + b)) for a, b in calls]
    found = timeline(Interval(start, start + timedelta(hours=1)), ended, [], BERLIN, NOW)
    assert found is not None
    for row in found.rows:
        for piece in (*row.pieces, *row.gaps, *row.overlaps):
            assert 0 <= piece.left <= piece.left + piece.width <= 100.001
    assert sum(len(row.pieces) for row in found.rows if row.kind == "call") + found.left_out == len(ended)
    if union(ended):
        assert len(found.rows[-1].pieces) == len(union(ended))
    tops = [row.top for row in found.rows]
    assert tops == sorted(tops)
    assert found.height > tops[-1]
