"""Moments as people read them. Everything is aware; a reader without a known zone gets Pacific time.

A message may stay for years: Slack itself draws a moment in the reader's zone and from the reader's day, by its date
markup. Where that is not drawn (notifications, search) there are plain words for it, which do not age either.
"""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from kb.support_hours import PACIFIC

# Around a moment in our texts: of Unicode's private use area, which nobody types.
_BEGIN, _END = "\ue000", "\ue001"
_MARKED = re.compile(rf"{_BEGIN}([dtsy])(\d+)\|([^{_BEGIN}{_END}|<>&]*){_END}")
_DRAWN = {
    "d": "{date_short_pretty} {time}",
    "t": "{time}",
    "s": "{time_secs}",
    "y": "{date_short_pretty} {time} your time",
}


def moment(at: datetime, zone: ZoneInfo | None) -> str:
    """A moment for a text of a message, which `drawn` or `in_words` brings into its last form."""
    return _marked("d", at, f"{calendar_words(at, zone)} {'your time' if zone else 'PT'}")


def clock(at: datetime, zone: ZoneInfo | None, beside: datetime | None = None) -> str:
    """The same, but only the time of the day where `beside` was on that day; with seconds where there are any."""
    there, then = (one and one.astimezone(zone or PACIFIC) for one in (at, beside))
    if there is None or then is None or there.date() != then.date():
        return moment(at, zone)
    return _marked("s", at, f"{there:%H:%M:%S}") if there.second else _marked("t", at, f"{there:%H:%M}")


def yours(at: datetime) -> str:
    """The same, and it says whose: for a text that gives Pacific time, too, and has many readers."""
    return _marked("y", at, f"{calendar_words(at, None)} PT")


def calendar_words(at: datetime, zone: ZoneInfo | None) -> str:
    """A moment where Slack draws none, such as "Tue 3 Nov 2026, 10:02"."""
    there = at.astimezone(zone or PACIFIC)
    return f"{there:%a} {there.day} {there:%b %Y}, {there:%H:%M}"


def _marked(form: str, at: datetime, words: str) -> str:
    return f"{_BEGIN}{form}{int(at.timestamp())}|{words}{_END}"


def drawn(text: str) -> str:
    """Its moments for mrkdwn: https://docs.slack.dev/messaging/formatting-message-text#date-formatting"""
    return _MARKED.sub(lambda found: f"<!date^{found[2]}^{_DRAWN[found[1]]}|{found[3]}>", text)


def in_words(text: str) -> str:
    """Its moments in plain words: such as "Tue 3 Nov 2026, 10:02 your time"."""
    return _MARKED.sub(r"\3", text)
