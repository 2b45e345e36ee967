"""Why an organisation's connection is as it is: the part of an answer that is about the asker's own."""

from collections.abc import Mapping

from bot import blocks
from bot.blocks import Message
from bot.connections.status_card import (
    Reader,
    freshness,
    incident_notice,
    missing,
    person,
    since_when,
    symbol_and_words,
    who,
)
from bot.moments import moment
from bot.service.service_api import Status

FINE = "You need not connect again. Being asked all the same? Talk to a person."
ONLY_SCHEDULED = "the actual length of your Zoom meetings; meanwhile their scheduled length is counted"
COUNTS_AGAIN = "the actual length counts again, also of past meetings: we ask Zoom about them, up to a year back"
REFUSED = "Zoom refused us when we used the permission"
EVIDENCE: Mapping[str, str] = {
    **dict.fromkeys(("grant_revoked", "app_removed", "app_disabled", "user_removed", "scopes_changed"), REFUSED),
    **dict.fromkeys(("zoom_unavailable", "rate_limited", "rate_limited_today"), "Zoom's answers to us, or their lack"),
    "uninstalled": "Zoom told us so",
    "disconnected": "it was done here, and is on record",
    "disabled_by_staff": "it was done here, and is on record",
}
STOPPED = ("needs_reauthorization", "deauthorized")
SOMEBODY_ELSE = "Who connected Zoom, an admin of your organisation can see here."


def reason(status: Status, reader: Reader) -> Message:
    """The true cause, since when, on what evidence, who must act, what is missing and what reconnecting repairs."""
    return blocks.joined(
        incident_notice(status.incident, reader, status.explanation),
        _fine(status, reader) if status.state == "connected" else _broken(status, reader),
    )


def whose_button(status: Status) -> Message | None:
    """Who sees the "Connect" button highlighted, as far as the asker may know."""
    if status.state != "connected":
        return None
    by = status.connected_by
    whose = person(by.name, by.email) if by else ""
    line = f"Zoom was connected by {whose}: only they see the button highlighted." if whose else SOMEBODY_ELSE
    return blocks.small(line)


def _fine(status: Status, reader: Reader) -> Message:
    symbol, words = symbol_and_words(status)
    advice = [FINE] if status.verified is not None else []
    return blocks.titled(f"{symbol} {status.name}: {words}", " ".join([freshness(status, reader), *advice]))


def _broken(status: Status, reader: Reader) -> Message:
    symbol, words = symbol_and_words(status)
    stopped = status.state in STOPPED
    facts = [
        ("Why", status.explanation),
        ("Since", since_when(status.since, reader) if status.since else None),
        ("Evidence", _evidence(status, reader)),
        ("Who must act", who(status, reader)),
        ("Next step", status.next_step),
        ("Missing since then", (missing(status) or ONLY_SCHEDULED) if stopped else None),
        ("Reconnecting repairs", COUNTS_AGAIN if stopped else None),
    ]
    there = [(label, text) for label, text in facts if text]
    return blocks.joined(blocks.titled(f"{symbol} {status.name}: {words}"), blocks.labelled(there) if there else None)


def _evidence(status: Status, reader: Reader) -> str | None:
    """What was seen, and when it was last seen to work."""
    there = [seen] if (seen := EVIDENCE.get(status.cause or "")) else []
    if status.verified_at is not None:
        there.append(f"verified to work for the last time {moment(status.verified_at, reader.zone)}")
    return "; ".join(there) or None
