"""Moments as people read them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.moments import clock, drawn, in_words, moment

NOW = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)  # a Tuesday, 19:30 in Berlin
BERLIN = ZoneInfo("Europe/Berlin")


def test_a_moment_is_drawn_by_slack_and_has_words_that_do_not_age() -> None:
    told = f"Until {moment(NOW, BERLIN)}."
    assert drawn(told) == "Until <!date^1795545000^{date_short_pretty} {time}|Tue 24 Nov 2026, 19:30 your time>."
    assert in_words(told) == "Until Tue 24 Nov 2026, 19:30 your time."


def test_without_a_zone_it_is_pacific_time() -> None:
    assert in_words(moment(NOW, None)) == "Tue 24 Nov 2026, 10:30 PT"


def test_beside_a_moment_of_the_same_day_the_time_alone_is_told_with_seconds_where_there_are_any() -> None:
    minute, second = timedelta(minutes=5), timedelta(seconds=5)
    assert drawn(clock(NOW + minute, BERLIN, NOW)) == "<!date^1795545300^{time}|19:35>"
    assert drawn(clock(NOW + second, BERLIN, NOW)) == "<!date^1795545005^{time_secs}|19:30:05>"
    assert clock(NOW + timedelta(hours=5), BERLIN, NOW) == moment(NOW + timedelta(hours=5), BERLIN)  # after midnight
    assert clock(NOW, None) == moment(NOW, None)


@given(st.text())
def test_no_text_of_others_can_break_out_of_a_moment(text: str) -> None:
    forged = f"\ue000t1|{text}\ue001"
    assert drawn(forged).count(">") <= 1 or drawn(forged) == forged
