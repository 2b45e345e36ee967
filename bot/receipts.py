"""Why an organisation's connection is as it is: the part of an answer that is about the asker's own."""

from collections.abc import Sequence

from bot import blocks
from bot.blocks import Message
from bot.moments import moment, span
from bot.service_api import Event, Status
from bot.status_card import Reader, freshness, incident_notice, person, symbol_and_words, who

FINE = "You need not connect again."
ONLY_SCHEDULED = "the actual length of your Zoom meetings; meanwhile their scheduled length is counted"
COUNTS_AGAIN = "from then on, the actual length of your meetings is counted again"
STOPPED = ("needs_reauthorization", "deauthorized")
SOMEBODY_ELSE = "Who connected Zoom, an admin of your organisation can see here."


def reason(status: Status, reader: Reader, evidence: str | None = None) -> Message:
    """The true cause, since when, on what evidence, who must act, what is missing and what reconnecting repairs."""
    return blocks.joined(
        incident_notice(status.incident, reader),
        _fine(status, reader) if status.state == "connected" else _broken(status, reader, evidence),
    )


def whose_button(status: Status) -> Message | None:
    """Who sees the "Connect" button highlighted, as far as the asker may know."""
    if status.state != "connected":
        return None
    by = status.connected_by
    whose = person(by.name, by.email) if by else ""
    line = f"Zoom was connected by {whose}: only they see the button highlighted." if whose else SOMEBODY_ELSE
    return blocks.small(line)


def evidence_in(events: Sequence[Event]) -> str | None:
    """What was seen when the connection came to stand as it does: the newest change of state, in words."""
    return next((event.summary for event in events if event.kind == "state" and event.summary), None)


def _fine(status: Status, reader: Reader) -> Message:
    symbol, words = symbol_and_words(status)
    advice = [FINE] if status.verified is not None else []
    return blocks.titled(f"{symbol} {status.name}: {words}", " ".join([freshness(status, reader), *advice]))


def _broken(status: Status, reader: Reader, evidence: str | None) -> Message:
    symbol, words = symbol_and_words(status)
    stopped = status.state in STOPPED
    facts = [
        ("Why", status.explanation),
        ("Since", _since(status, reader)),
        ("Evidence", evidence if evidence != status.explanation else None),
        ("Who must act", who(status, reader)),
        ("Next step", status.next_step),
        ("Missing since then", ONLY_SCHEDULED if stopped else None),
        ("Reconnecting repairs", COUNTS_AGAIN if stopped else None),
    ]
    there = [(label, text) for label, text in facts if text]
    return blocks.joined(blocks.titled(f"{symbol} {status.name}: {words}"), blocks.labelled(there) if there else None)


def _since(status: Status, reader: Reader) -> str | None:
    if status.since is None:
        return None
    return f"{moment(status.since, reader.now, reader.zone)} ({span(reader.now - status.since)})"
