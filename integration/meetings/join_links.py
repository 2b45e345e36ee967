"""Which Zoom meeting a link leads to. Pure.

Links come on any of Zoom's hosts (`us02web.zoom.us`, `acme.zoom.us`, `zoomgov.com`, `zoom.com.cn`), bare or
wrapped by Google, by mail filters and by HTML: https://docs.recall.ai/docs/meeting-urls has the forms.
"""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from markupsafe import Markup

# Google allows descriptions of 8,192 characters; what is far longer is no invitation.
MAX_TEXT = 50_000
MOST_WRAPPINGS = 3
# 9 to 11 digits (support.zoom.com, "Meeting ID"), which people group as Zoom shows them: 932 0123 5621.
BETWEEN = r"(?:[^\S\r\n]|[-\u2010-\u2013])"
DIGITS = rf"[0-9]{{3}}{BETWEEN}?[0-9]{{3,4}}{BETWEEN}?[0-9]{{3,4}}(?![0-9])"
ROOM = r"my/[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?"
TYPED = re.compile(rf"(?P<digits>(?:[0-9]{BETWEEN}?){{9,11}})|(?P<room>{ROOM})", re.IGNORECASE)
# The host ends where the path begins, so neither notzoom.us nor zoom.us.evil.example nor zoom.us@evil.example is one.
LINK = re.compile(
    rf"""
    (?: https?://(?:[^\s/?\#@\\<>"]{{0,99}}@)? | (?<![\w.@/\\%=&?\#:-]) )
    (?P<place>
        (?:[a-z0-9-]{{1,63}}\.){{0,9}} (?:zoom\.us|zoom\.com(?:\.cn)?|zoomgov\.com) (?::[0-9]+)?
        / (?: (?:j|s|w|wc/join|wc)/(?P<digits>{DIGITS}) | (?P<room>{ROOM}) )
        [^\s<>"|]*
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True)
class JoinLink:
    """A link that people join by, and the meeting it leads to: digits, or `my/name` for a personal link."""

    url: str = field(repr=False)  # it may hold the passcode
    meeting_id: str


def meeting_of(text_or_url: str) -> str | None:
    """The meeting that one link or one typed id (`932 0123 5621`) means: its digits, or `my/name` in lower case.

    None where there is no such thing. Never raises.
    """
    typed = TYPED.fullmatch(text_or_url.strip())
    if typed is not None:
        return _meeting(typed)
    found = _find(text_or_url)
    return found.meeting_id if found is not None else None


def find_link(event: Mapping[str, Any]) -> JoinLink | None:
    """The first Zoom link of a Google Calendar event: its video conference's, else its location's or description's.

    `event` is the resource as it came, of whatever shape. Never raises.
    """
    return next((found for text in _texts(event) if (found := _find(text)) is not None), None)


def _texts(event: Mapping[str, Any]) -> Iterator[str]:
    conference = event.get("conferenceData")
    entries = conference.get("entryPoints") if isinstance(conference, Mapping) else None
    for entry in entries if isinstance(entries, list) else []:
        if isinstance(entry, Mapping) and entry.get("entryPointType") == "video" and isinstance(entry.get("uri"), str):
            yield entry["uri"]
    for name in ("location", "description"):
        if isinstance(event.get(name), str):
            yield event[name]


def _find(text: str) -> JoinLink | None:
    """The first link in a text, in its markup (`href`) as well as in what that shows."""
    if "zoom" not in text[:MAX_TEXT].lower():
        return None  # as with most texts; the rest costs a hundred times more
    written = html.unescape(text[:MAX_TEXT])
    shown = Markup(text[:MAX_TEXT]).striptags() if "<" in text else ""  # noqa: S704 - read, never shown
    for layer in (written, shown):
        wrapped = layer
        for _ in range(MOST_WRAPPINGS):
            match = LINK.search(wrapped)
            if match is not None:
                return JoinLink("https://" + match["place"].rstrip(".,;:!?'*)]}"), _meeting(match))
            if (unwrapped := unquote(wrapped)) == wrapped:
                break
            wrapped = unwrapped
    return None


def _meeting(match: re.Match[str]) -> str:
    return re.sub("[^0-9]", "", match["digits"]) if match["digits"] else match["room"].lower()
