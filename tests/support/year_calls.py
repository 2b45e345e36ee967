"""How meetings are held: calls around the planned time, and how long they were, known by construction.

Each way gives calls that the rule of design.md ("Durations") ties to the event they are made for.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from tests.support.year_facts import Chances, Times

Held = tuple[list[Times], int | None]  # the calls, and the seconds that any of them was on
Way = Callable[[Chances, Times], Held]
MINUTE = timedelta(minutes=1)


def as_planned(chances: Chances, planned: Times) -> Held:
    """Begun about in time; as often as not over before its end."""
    start, end = planned
    return _one(start + chances.seconds(-120, 240), end + chances.seconds(-420, 180))


def cut_short(chances: Chances, planned: Times) -> Held:
    start, end = planned
    return _one(start + chances.seconds(-60, 60), start + (end - start) * 3 / 4 + chances.seconds(0, 59))


def ran_over(chances: Chances, planned: Times) -> Held:
    start, end = planned
    return _one(start + chances.seconds(-60, 300), end + chances.seconds(60, 5400))


def early(chances: Chances, planned: Times) -> Held:
    start, end = planned
    return _one(start - chances.seconds(60, 3000), end - chances.seconds(0, 300))


def rejoined(chances: Chances, planned: Times) -> Held:
    """Two to four calls one after the other, some without any break."""
    start, end = planned
    pieces = chances.random.randint(2, 4)
    part = (end - start) / pieces
    calls = []
    for number in range(pieces):
        begin = start + part * number + chances.seconds(0, 60)
        over = min(begin + part * 0.8 + chances.seconds(-60, 60), start + part * (number + 1))
        calls.append(_exact(begin, over))
    if chances.often(20):
        calls[1] = (calls[0][1], calls[1][1])
    return calls, sum(_seconds(call) for call in calls)


def from_two_devices(chances: Chances, planned: Times) -> Held:
    """Calls that overlap: the second begins before the first is over."""
    start, end = _exact(planned[0] + chances.seconds(-60, 120), planned[1] + chances.seconds(-60, 600))
    middle = start + timedelta(seconds=_seconds((start, end)) // 2)
    return [(start, middle + chances.seconds(0, 90)), (middle - chances.seconds(0, 90), end)], _seconds((start, end))


def one_within_another(chances: Chances, planned: Times) -> Held:
    calls, seconds = as_planned(chances, planned)
    start, end = calls[0]
    inner = (start + chances.seconds(1, 60), end - chances.seconds(1, 60))
    return [inner, (start, end), (start, end)] if chances.often(20) else [(start, end), inner], seconds


def afterwards(chances: Chances, planned: Times) -> Held:
    """Begun only when the planned time was over, two hours later at most."""
    begin = planned[1] + chances.seconds(0, 7200)
    return _one(begin, begin + chances.seconds(1, 3600))


def beforehand(chances: Chances, planned: Times) -> Held:
    """Over before the planned time, half an hour at most."""
    end = planned[0] - chances.seconds(0, 1800)
    return _one(end - chances.seconds(1, 3600), end)


def for_hours(chances: Chances, planned: Times) -> Held:
    """Somebody forgot to hang up."""
    return _one(planned[0] - chances.seconds(0, 4 * 3600), planned[1] + chances.seconds(0, 4 * 3600))


def blinked(chances: Chances, planned: Times) -> Held:
    """A call without any length, and nothing else; that is evidence, too."""
    moment = planned[0] + chances.seconds(0, 600)
    return [(moment, moment)], 0


def blinked_first(chances: Chances, planned: Times) -> Held:
    calls, seconds = as_planned(chances, planned)
    return [(calls[0][0], calls[0][0]), *calls], seconds


def not_held(_chances: Chances, _planned: Times) -> Held:
    return [], None


# Where no other event has the same meeting id within hours; and how often, in a thousand.
ALONE: dict[Way, int] = {
    as_planned: 380,
    cut_short: 150,
    ran_over: 90,
    early: 50,
    rejoined: 130,
    from_two_devices: 40,
    one_within_another: 20,
    afterwards: 20,
    beforehand: 10,
    for_hours: 10,
    blinked: 10,
    blinked_first: 10,
    not_held: 80,
}


def any_way(chances: Chances, planned: Times) -> Held:
    """One of `ALONE`, as often as it says."""
    way = chances.random.choices(list(ALONE), list(ALONE.values()))[0]
    return way(chances, planned)


def among_others(chances: Chances, planned: Times) -> Held:
    """Beside events of the same id that touch it or share up to 8 minutes with it, which are as long at least.

    Planned for 30 minutes or more. Begun 2 minutes early to 3 late, over 12 minutes early to 3 late; where it was
    rejoined, in the middle. So each call has more of this event than of any other.
    """
    start, end = planned
    if chances.often(10):
        return not_held(chances, planned)
    begin, over = _exact(start + chances.seconds(-120, 180), end + chances.seconds(-720, 180))
    if not chances.often(30):
        return _one(begin, over)
    middle = start + (end - start) / 2
    calls = [(begin, middle - chances.seconds(5, 60)), (middle + chances.seconds(5, 60), over)]
    return calls, sum(_seconds(call) for call in calls)


def into_the_next(chances: Chances, planned: Times) -> Held:
    """Runs over into an event that begins when this one ends, but for less time than it was planned."""
    start, end = planned
    return _one(start + chances.seconds(-120, 300), end + chances.seconds(60, 1200))


def _one(start: datetime, end: datetime) -> Held:
    call = _exact(start, end)
    return [call], _seconds(call)


def _exact(start: datetime, end: datetime) -> Times:
    """To the second, as Zoom has it."""
    return start.replace(microsecond=0), end.replace(microsecond=0)


def _seconds(call: Times) -> int:
    return int((call[1] - call[0]).total_seconds())
