"""How long a meeting was and what of it counts, with the proof, as a message for one person's eyes."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from bot import blocks
from bot.blocks import Block, Message
from bot.carried import Subject
from bot.connections.status_card import Reader, ask_zoom_button
from bot.meetings.amounts import count, exact, length
from bot.moments import calendar_words, clock, moment
from bot.service.meetings_api import CalendarEvent, Duration, NothingFound, Occurrence, Stretch

ADJUSTED = "adjusted"
LONGEST_TITLE = 150
MOST_LINES = 10  # of calls, and of breaks
LONGEST_VALUE = 150  # of an option, by Slack
IN_NO_CALENDAR = "It is in no calendar event, so it is in nobody's hours."
UNKNOWN_END = "nobody has told us when it ended, so it does not count"
CHOOSE = "Choose another time"
MORE = "There are older ones too: type a day behind the meeting, such as 2026-10-12."
AWAITING_ZOOM = "awaiting_zoom"
ABOUT_ZOOM = ("not_connected", "zoom_data_deleted")  # reasons and causes that the connection's status says more about


class Around(NamedTuple):
    """What stands around the facts: a `note` above them, links below."""

    note: str | None = None
    read_more: Message | None = None
    page: str | None = None


def card(told: Duration, reader: Reader, around: Around) -> Message:
    """One meeting."""
    buttons = [blocks.button("Show it drawn", blocks.OPEN_PAGE, url=around.page)] if around.page else []
    return blocks.joined(
        blocks.small(around.note) if around.note else None,
        _headline(told, told.event, reader) if told.event else _call(told, reader),
        _reason(told),
        _proof(told, reader),
        blocks.small(told.rule) if told.rule and told.sessions else None,
        around.read_more,
        choice(told.others, told.tenant, reader),
        blocks.small(MORE) if told.more else None,
        blocks.pressing(*buttons, *_about_zoom(told.reason, told.tenant)),
    )


def nothing(found: NothingFound, tenant: str, reader: Reader) -> Message:
    """Why there is nothing to tell, what to do, and when it was held instead."""
    return blocks.joined(
        blocks.plain(found.detail),
        blocks.small(found.remedy) if found.remedy else None,
        choice(found.others, tenant, reader),
        blocks.pressing(*_about_zoom(found.cause, tenant)),
    )


def choice(others: Sequence[Occurrence], tenant: str, reader: Reader, placeholder: str = CHOOSE) -> Message | None:
    """A menu of the other times that a meeting was held, or of other meetings."""
    options = [option for one in others[:100] if (option := _option(one, tenant, reader))]
    if not options:
        return None
    menu = {
        "type": "static_select",
        "action_id": f"{blocks.DURATION_OF}other",
        "placeholder": {"type": "plain_text", "text": placeholder},
        "options": options,
    }
    return Message("", (blocks.actions([menu]),))


def _option(one: Occurrence, tenant: str, reader: Reader) -> Block | None:
    value = Subject(tenant=tenant, occurrence=one.occurrence).packed()
    if len(value) > LONGEST_VALUE:
        return None
    seconds = one.counted_seconds if one.reason else one.actual_seconds or 0
    told = f"{calendar_words(one.start, reader.zone)}: {length(seconds)}"
    label = f"{told}, {one.title}" if one.title else told
    return {"text": {"type": "plain_text", "text": blocks.cut(label, blocks.BUTTON_LIMIT)}, "value": value}


def _headline(told: Duration, event: CalendarEvent, reader: Reader) -> Message:
    title = f"“{blocks.one_line(event.title, LONGEST_TITLE)}”" if event.title.strip() else "This meeting"
    counted, planned = told.counted_seconds, told.scheduled_seconds or 0
    as_scheduled = "" if told.reason == ADJUSTED else ", as scheduled"
    when = f"{moment(event.start, reader.zone)} to {clock(event.end, reader.zone, event.start)}"
    return blocks.joined(
        blocks.titled(
            f"{title} counts as {length(counted)}{as_scheduled}",
            f"Scheduled: {when} ({length(planned)}).",
            *([_compared(counted - planned)] if told.reason == ADJUSTED else []),
        ),
        _for_whom(event),
    )


def _compared(adjustment: int) -> str:
    if adjustment == 0:
        return "It took exactly as long as scheduled."
    return f"Adjusted: {exact(adjustment)} {'more' if adjustment > 0 else 'less'} than scheduled."


def _for_whom(event: CalendarEvent) -> Message | None:
    lines = [f"In the hours of {_listed(event.customers)}."] if event.customers else []
    lines += [f"Organizer: {event.organizer}."] if event.organizer else []
    return blocks.small(" ".join(lines)) if lines else None


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _call(told: Duration, reader: Reader) -> Message:
    """Calls that are in no calendar event."""
    began = min((one.start for one in told.sessions), default=None)
    lasted = f": it lasted {length(told.actual_seconds)}" if told.actual_seconds is not None else ""
    when = [f"It began {moment(began, reader.zone)}."] if began else []
    return blocks.titled(f"A Zoom call{lasted}", *when, *([] if told.explanation else [IN_NO_CALENDAR]))


def _reason(told: Duration) -> Message | None:
    pairs = [("Why", told.explanation), ("Next step", told.next_step)]
    if told.reason == ADJUSTED:
        pairs = pairs[:1]
    there = [(label, text) for label, text in pairs if text]
    return blocks.labelled(there) if there else None


def _proof(told: Duration, reader: Reader) -> Message | None:
    """The calls, the breaks between them and what they share, line by line."""
    if not told.sessions:
        return None
    beside = told.event.start if told.event else told.sessions[0].start
    calls = [_line(one, reader, beside) for one in told.sessions]
    breaks = [f"{_line(one, reader, beside)}: nobody was in a call, not counted" for one in told.gaps]
    shared = [f"{_line(one, reader, beside)}: two calls at once, counted once" for one in told.overlaps]
    together = []
    if told.reason == ADJUSTED and (len(calls) > 1 or told.counted_seconds % 60):
        rounded = f", shown as {length(told.counted_seconds)}" if told.counted_seconds % 60 else ""
        together = [f"Together: {exact(told.counted_seconds)}{rounded}."]
    return blocks.joined(
        blocks.titled("What Zoom tells", *_few(calls, "call"), *together),
        blocks.lines(*_few(breaks, "break")) if breaks else None,
        blocks.lines(*_few(shared, "overlap")) if shared else None,
    )


def _line(one: Stretch, reader: Reader, beside: datetime) -> str:
    began = clock(one.start, reader.zone, beside)
    if one.end is None or one.seconds is None:
        return f"• {began}: {UNKNOWN_END if one.state == 'lost' else 'it has not ended, as far as we know'}"
    return f"• {began} to {clock(one.end, reader.zone, beside)} ({exact(one.seconds)})"


def _few(lines: Sequence[str], kind: str) -> list[str]:
    left = len(lines) - MOST_LINES
    return [*lines[:MOST_LINES], f"… and {count(left, f'more {kind}')}"] if left > 0 else list(lines)


def _about_zoom(reason: str | None, tenant: str) -> list[Block]:
    if reason == AWAITING_ZOOM:
        return [ask_zoom_button(tenant)]
    if reason not in ABOUT_ZOOM:
        return []
    return [blocks.button("Show status", f"{blocks.STATUS_OF}meeting", Subject(tenant=tenant).packed())]
