"""Which Zoom meeting somebody means by what they typed: a join link, a meeting id, a uuid. Pure.

Whether that is a meeting, the service decides; here it is told apart from the words around it. Passcodes stay here.
"""

import html
import re
from datetime import date
from typing import NamedTuple
from urllib.parse import unquote

from bot.meetings.day_phrases import Days, apart

BETWEEN = r"(?:[^\S\r\n]|[-\u2010-\u2013])?"
# Slack makes links of addresses: <https://zoom.us/j/1|zoom.us/j/1>
LINK = re.compile(r"<(?P<marked>https?://[^|>\s]+)(?:\|[^>]*)?>|(?P<bare>https?://\S+|\S*zoom(?:gov)?\.(?:us|com)/\S+)")
ZOOM = re.compile(r"(?:[\w-]+\.)*zoom(?:gov)?\.(?:us|com)(?::\d+)?/[\w./-]+", re.IGNORECASE)  # without its passcode
UUID = re.compile(r"(?<!\S)[A-Za-z0-9+/]{21}[AQgw](?:==)?(?!\S)")  # 16 bytes in base64; a double click leaves == out
ROOM = re.compile(r"(?<!\S)my/[\w.-]+", re.IGNORECASE)
# 9 to 11 digits, in the groups in which Zoom shows them: a date behind them is none of theirs.
DIGITS = re.compile(
    rf"(?<![0-9-])[0-9]{{3}}{BETWEEN}(?:[0-9]{{3}}{BETWEEN}[0-9]{{3,4}}|[0-9]{{4}}{BETWEEN}[0-9]{{3,4}})(?![0-9])"
)
QUOTES = re.compile(r"[\"“”„«»`]|(?<!\S)['‘’]|['‘’](?!\S)")
ONLY_DIGITS = re.compile(r"[\d\s-]+")
MOST_WRAPPINGS = 2
AROUND = frozenset(("of", "for", "meeting", "id", "call", "zoom", "the", "on", "in", "at", ":"))


class Typed(NamedTuple):
    """`meeting` as the service is asked for it, "" where there is none; `days`; `name` is all the rest."""

    meeting: str
    days: Days | None
    name: str


def typed(text: str, today: date, *, month_first: bool = False) -> Typed:
    """What stands behind `duration`, seen from `today`, where dates are written like that."""
    plain = QUOTES.sub(" ", html.unescape(text))
    meeting, around = _meeting(plain)
    found = apart(around, today, month_first=month_first)
    if not meeting and found.name and ONLY_DIGITS.fullmatch(around):  # "957 2031" is no day of the year 2031
        return Typed("", None, around.strip())
    return Typed(meeting, found.days, without(found.name, AROUND))


def without(text: str, words: frozenset[str]) -> str:
    """The text without such words at its beginning and end."""
    left = text.replace(":", " : ").split()
    while left and left[0].casefold() in words:
        left = left[1:]
    while left and left[-1].casefold() in words:
        left = left[:-1]
    return " ".join(left)


def _meeting(text: str) -> tuple[str, str]:
    """What names a meeting, and the words around it."""
    if link := LINK.search(text):
        return _address(link["marked"] or link["bare"]), _around(text, link)
    for form in (UUID, ROOM, DIGITS):
        if found := form.search(text):
            return found[0], _around(text, found)
    return "", text


def _address(link: str) -> str:
    """The address of the meeting, also where a mail filter has wrapped it; nothing behind a question mark."""
    written = link
    for _ in range(MOST_WRAPPINGS):
        if zoom := ZOOM.search(written):
            return f"https://{zoom[0]}"
        written = unquote(written)
    return re.split(r"[?#]", link)[0]


def _around(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"
