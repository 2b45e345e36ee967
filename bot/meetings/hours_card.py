"""Meeting hours as a message that reads well on a phone: a total, a line for each customer or month, and why."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from bot import blocks
from bot.blocks import Message
from bot.connections.status_card import ask_zoom_button
from bot.meetings.amounts import count, difference, length, told
from bot.meetings.day_phrases import Days
from bot.meetings.duration_card import AWAITING_ZOOM
from bot.meetings.whose import Whose
from bot.service.meetings_api import Group, Hours, Sums

MOST_GROUPS = 10
MOST_MONTHS = 24
LONGEST_NAME = 60
# Why meetings count as scheduled; each follows "3 meetings: ".
REASONS: Mapping[str, str] = {
    "not_on_zoom": "no Zoom link in the calendar event",
    "no_session": "Zoom knows of no call in the organisation's account",
    "still_running": "the call has not ended yet",
    "awaiting_zoom": "we have not heard from Zoom about them yet",
    "not_connected": "Zoom was not connected",
    "zoom_data_deleted": "Zoom's data was deleted when Zoom was disconnected",
    "too_old_for_zoom": "too long ago: Zoom keeps no record any more",
}
NO_MEETINGS = "No meeting with a customer began in these days."
NOT_YET = "These days are still to come."
WHY_NONE = (
    "Counted are calendar events to which somebody of another organisation is invited. Are there some in these days?"
    " Then Retain's calendar sync has not told us of them yet: talk to a person."
)
TRY = "Another time: `/retain hours last month`, `/retain hours 2026-10`, or two dates."
THIS_MONTH = "You named no days, so this is the month so far. Other days: `/retain hours last month`"
SIX_MONTHS = "You named no days, so these are the last six months. One alone: type `this month` behind the name."
ROUNDED = "Seconds are added up; only what is shown is rounded to minutes."
SUPPORT_HOURS = "Looking for the hours of Retain's support? Type `/retain support`."
PENDING = "The customers of {meetings} are told apart anew just now: look again in a few minutes."


def by_customer(hours: Hours, of: Whose, page: str | None, *, typed: bool = True) -> Message:
    """What a tenant met its customers in some days; `typed`: somebody has named these days."""
    days = Days(hours.first, hours.last)
    title = f"Meeting hours of {of.name}: {told(days)}"
    if not hours.total.meetings:
        hints = (blocks.small(WHY_NONE), blocks.marked(TRY, as_small=True), _small_print(hours, of), support_hours())
        return blocks.joined(blocks.titled(title, NO_MEETINGS), *hints)
    left = len(hours.groups) - MOST_GROUPS
    more = [f"… and {count(left, 'more customer')}{' on the page' if page else ''}"] if left > 0 else []
    return blocks.joined(
        blocks.titled(title, *_total(hours.total)),
        None if typed else blocks.marked(THIS_MONTH, as_small=True),
        _list([*map(_line, hours.groups[:MOST_GROUPS])], more),
        _several(hours.counted_more_than_once),
        _as_scheduled(hours.uncounted),
        _small_print(hours, of),
        _buttons(hours, page),
    )


def of_customer(hours: Hours, name: str, of: Whose, page: str | None, *, typed: bool = True) -> Message:
    """One customer, month by month; `typed`: somebody has named these days."""
    title = f"Meeting hours with {name}: {told(Days(hours.first, hours.last))}"
    if not hours.total.meetings:
        return blocks.joined(
            blocks.titled(title, f"No meeting with {name} began in these days."), _buttons(hours, page)
        )
    latest = [group for group in reversed(hours.groups) if group.meetings]
    return blocks.joined(
        blocks.titled(title, *_total(hours.total)),
        None if typed else blocks.marked(SIX_MONTHS, as_small=True),
        _list([*map(_line, latest[:MOST_MONTHS])], []) if len(latest) > 1 else None,
        _as_scheduled(hours.uncounted),
        _small_print(hours, of),
        _buttons(hours, page),
    )


def support_hours() -> Message:
    """For who typed `hours` and meant other ones."""
    return blocks.marked(SUPPORT_HOURS, as_small=True)


def to_come(of: Whose, days: Days) -> Message:
    """Asked about the future."""
    return blocks.joined(
        blocks.titled(f"Meeting hours of {of.name}: {told(days)}", NOT_YET), blocks.marked(TRY, as_small=True)
    )


def _total(total: Sums) -> list[str]:
    differs = difference(total.counted_seconds, total.scheduled_seconds)
    compared = f"{differs} than scheduled" if differs else "as long as scheduled"
    counted = f"Counted: {length(total.counted_seconds)} in {count(total.meetings, 'meeting')}, {compared}."
    return [counted, f"Scheduled: {length(total.scheduled_seconds)}."] if differs else [counted]


def _line(group: Group) -> tuple[str, str]:
    """A name, and what is said of it."""
    differs = difference(group.counted_seconds, group.scheduled_seconds)
    beside = f" (scheduled {length(group.scheduled_seconds)})" if differs else ""
    name = blocks.one_line(group.name, LONGEST_NAME)
    return name, f"{length(group.counted_seconds)}{beside}, {count(group.meetings, 'meeting')}"


def _list(lines: Sequence[tuple[str, str]], more: Sequence[str]) -> Message | None:
    if not lines:
        return None
    shown = [f"• *{blocks.escape(name)}*: {blocks.escape(words)}" for name, words in lines]
    text = [f"• {name}: {words}" for name, words in lines]
    return Message("\n".join([*text, *more]), (blocks.section("\n".join([*shown, *map(blocks.escape, more)])),))


def _several(again: Sums | None) -> Message | None:
    """That customers add up to more than the total, where they do."""
    if again is None or not again.meetings:
        return None
    line = "A meeting with several customers counts for each of them, and once in the total: added up, the customers"
    return blocks.small(f"{line} have {length(again.counted_seconds)} more.")


def _as_scheduled(uncounted: Mapping[str, int]) -> Message | None:
    there = {reason: number for reason, number in uncounted.items() if number and reason != "adjusted"}
    if not there:
        return None
    lines = [
        f"• {count(number, 'meeting')}: {REASONS.get(reason, reason.replace('_', ' '))}"
        for reason, number in there.items()
    ]
    return blocks.titled("Counted as scheduled", *lines)


def _small_print(hours: Hours, of: Whose) -> Message:
    whose = "your organisation's" if of.at_home else f"{of.name}'s"
    lines = [f"Days are those of {whose} time zone ({zone_words(hours.time_zone)}).", ROUNDED]
    if hours.pending:
        lines.append(PENDING.format(meetings=count(hours.pending, "meeting")))
    return blocks.small(" ".join(lines))


def zone_words(name: str) -> str:
    """Such as "Los Angeles time"."""
    area, _, place = ZoneInfo(name).key.rpartition("/") if name else ("", "", "")
    return f"{place.replace('_', ' ')} time" if area and area != "Etc" else place or name


def _buttons(hours: Hours, page: str | None) -> Message:
    report = [blocks.button("Open the report", blocks.OPEN_PAGE, url=page)] if page else []
    asking = [ask_zoom_button(hours.tenant)] if hours.uncounted.get(AWAITING_ZOOM) else []
    return blocks.pressing(*report, *asking)
