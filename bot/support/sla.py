"""`/retain sla`: how often the promise was kept in a month, in words and by week."""

from datetime import date

from slack_bolt import BoltContext
from slack_sdk import WebClient

from bot import blocks
from bot.acting import requests_of
from bot.asking import Desk
from bot.blocks import Message
from bot.meetings.amounts import count, length, percent
from bot.meetings.day_phrases import read
from bot.page_links import page_button
from bot.service.desk_api import Sla, Week
from bot.support.request_actions import as_staff
from bot.surfaces import Body
from bot.tenancy import Asker
from kb.support_hours import PACIFIC

PAGE = "/staff/sla"
DOING = "look up how the promise was kept"
USAGE = "Which month? Type for example `/retain sla`, `/retain sla last month` or `/retain sla 2026-10`."
TO_COME = "That month is still to come."
MOST_WORDS = 4  # of a month; what is longer is a question that begins with our word
CELLS = 10


def takes(rest: str) -> bool:
    """Whether a month may be meant, and it does not only begin a question with our word."""
    return not rest.endswith("?") and len(rest.split()) <= MOST_WORDS


def by_command(desk: Desk, rest: str, body: Body, context: BoltContext, client: WebClient) -> Message:
    """`/retain sla`, with a month behind it where it is not this one."""
    today = desk.clock().astimezone(PACIFIC).date()
    month = month_meant(rest, today)
    if month is None:
        return blocks.marked(USAGE)
    if month > today:
        return blocks.plain(TO_COME)

    def look(asker: Asker) -> Message:
        return told(requests_of(desk).sla(asker.behalf, f"{month:%Y-%m}"))

    return as_staff(desk, body, context, client, look, DOING)


def month_meant(rest: str, today: date) -> date | None:
    """The first day of the month that is meant by a phrase of days; this month without one."""
    days = read(rest, today) if rest else read("this month", today)
    if days is None or (days.first.year, days.first.month) != (days.last.year, days.last.month):
        return None
    return days.first.replace(day=1)


def told(sla: Sla) -> Message:
    """A month in words, with a line for each week."""
    button = blocks.pressing(page_button("See it as a page", f"{PAGE}?month={sla.month}"))
    return blocks.joined(
        blocks.titled(f"How the promise was kept in {sla.first:%B %Y}", *_lines(sla)),
        blocks.small(_apart(sla)) if _apart(sla) else None,
        chart(sla.weeks),
        button,
    )


def chart(weeks: tuple[Week, ...]) -> Message | None:
    """A bar for each week: how much of it was in time."""
    if not any(week.counted for week in weeks):
        return None
    lines = [f"{_days(week):<15} {_bar(week)}" for week in weeks]
    shown = "\n".join(lines)
    return Message(shown, (blocks.section(f"```{shown}```"),))


def _lines(sla: Sla) -> list[str]:
    within = f"within {length(60 * sla.target_minutes)} of support hours"
    share = percent(sla.kept, sla.counted)
    if share is None:
        return [f"Nothing to count yet: of the requests of this month, none was answered and none is late ({within})."]
    lines = [f"{sla.kept:,} of {count(sla.counted, 'request')} answered {within}: {share}%."]
    if sla.median_minutes is not None and sla.p90_minutes is not None:
        half, most = _within(sla.median_minutes), _within(sla.p90_minutes)
        given = count(sla.kept + sla.late, "answer")
        lines.append(f"Of the {given} given, half came {half}, nine of ten {most}.")
    return lines


def _within(minutes: float) -> str:
    """No time passes while we are closed: what is answered then took none."""
    lasted = length(round(60 * minutes))
    return "before we opened, or at once" if lasted == length(0) else f"within {lasted} of support hours"


def _apart(sla: Sla) -> str:
    """What kept the promise from being kept, and what does not count, in one line."""
    told = (
        (sla.late, "answered late"),
        (sla.missed_open, "late, and still waiting"),
        (sla.missed_closed, "closed late without an answer"),
        (sla.still_open, "waiting, with time left (not counted yet)"),
        (sla.closed_without_response, "closed in time without an answer (not counted)"),
    )
    there = [f"{number} {words}" for number, words in told if number]
    return f"{'; '.join(there)}." if there else ""


def _bar(week: Week) -> str:
    if not week.counted:
        return f"{'·' * CELLS} none"
    full = week.kept * CELLS // week.counted
    return f"{'█' * full}{'░' * (CELLS - full)} {week.kept} of {week.counted}"


def _days(week: Week) -> str:
    """Such as "2 to 8 Nov"."""
    if week.first == week.last:
        return f"{week.last.day} {week.last:%b}"
    return f"{week.first.day} to {week.last.day} {week.last:%b}"
