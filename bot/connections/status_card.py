"""How an organisation stands with Zoom, as a card that is read in five seconds."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import quote
from zoneinfo import ZoneInfo

from bot import blocks, notice
from bot.blocks import Block, Message
from bot.carried import ButtonValue, Subject
from bot.meetings.amounts import count, length
from bot.moments import moment
from bot.page_links import page_button
from bot.service.service_api import Progress, Status, Trouble
from kb.spans import ago, span
from kb.support_hours import PACIFIC


class Reader(NamedTuple):
    """For whom a card is drawn. `at_home`: it is their own organisation. `zone` None: Pacific time is shown.

    `stays`: the message may be read at any later time, so nothing in it counts from now.
    """

    now: datetime
    zone: ZoneInfo | None
    at_home: bool = True
    stays: bool = True


HEADLINES: Mapping[str, tuple[str, str]] = {
    "degraded": ("🟠", "the connection to Zoom has trouble"),
    "needs_reauthorization": ("🔴", "Zoom has to be connected again"),
    "deauthorized": ("⚫", "Zoom is disconnected"),
    "not_connected": ("⚪", "Zoom is not connected yet"),
    "not_enabled": ("⚪", "Zoom is not enabled"),
}
VERIFIED = ("🟢", "Zoom is connected and works")  # the only green there is
BELIEVED = ("🟡", "Zoom is connected, as far as we know")
UNKNOWN = ("⚪", "we do not know how the connection stands")
WITHOUT_FRESHNESS = ("deauthorized", "not_connected", "not_enabled")
CAN_BE_CONNECTED = ("needs_reauthorization", "deauthorized", "not_connected")
NOT_CHECKED = "Not checked just now."
WHO: Mapping[str, tuple[str, str]] = {  # in the reader's own organisation, and in another one
    "tenant_admin": ("an admin of your organisation", "an admin of {name}"),
    "zoom_admin": ("a Zoom admin of your organisation", "a Zoom admin of {name}"),
    "retain": ("Retain", "Retain"),
    "zoom": ("Zoom", "Zoom"),
}


def card(status: Status, reader: Reader, read_more: Message | None = None, *, live: bool = False) -> Message:
    """The whole card, with the buttons that this reader may press. `live`: Zoom was to be asked just now."""
    unchecked = blocks.small(NOT_CHECKED) if live and status.checked is None else None
    return blocks.joined(
        notice.shown(status.notice) if status.notice else None,
        incident_notice(status.incident, reader, status.explanation),
        headline(status, reader),
        explained(status, reader),
        unchecked,
        blocks.small(freshness(status, reader)) if status.state not in WITHOUT_FRESHNESS else None,
        fetching(status.backfill, reader) if status.backfill else None,
        _details(status, reader),
        read_more if not _fine(status) else None,
        blocks.pressing(*buttons(status, reader)),
    )


def symbol_and_words(status: Status) -> tuple[str, str]:
    """Green only where it was proven to work lately."""
    if status.state == "connected":
        return {"verified": VERIFIED, "believed": BELIEVED}.get(status.freshness, UNKNOWN)
    return HEADLINES.get(status.state, UNKNOWN)


def headline(status: Status, reader: Reader) -> Message:
    """One line that says it, and since when."""
    symbol, words = symbol_and_words(status)
    since = []
    if status.since is not None:
        since = [f"Since {since_when(status.since, reader)}"]
    return blocks.titled(f"{symbol} {status.name}: {words}", *since)


def since_when(since: datetime, reader: Reader) -> str:
    """The moment, with how long that is where the message does not stay: "… (3 days)"."""
    length = reader.now - since
    lasting = f" ({span(length)})" if not reader.stays and length >= timedelta(minutes=1) else ""
    return f"{moment(since, reader.zone)}{lasting}"


def explained(status: Status, reader: Reader) -> Message | None:
    """The cause in words, who must act, and what to do next; nothing where all is well."""
    if _fine(status):
        return None
    pairs = [
        ("Why", status.explanation),
        ("Who must act", who(status, reader)),
        ("Next step", status.next_step),
        ("Missing since then", missing(status)),
    ]
    there = [(label, text) for label, text in pairs if text]
    return blocks.labelled(there) if there else None


def who(status: Status, reader: Reader) -> str | None:
    """Who must act, from where the reader stands; None where nobody must."""
    words = WHO.get(status.who_must_act or "")
    return words[0 if reader.at_home else 1].format(name=status.name) if words else None


def missing(status: Status) -> str | None:
    """What a broken connection costs so far; None where it does not, or where that is not for this reader."""
    meetings, hours = status.meetings_affected, status.hours_affected
    if meetings is None or hours is None:
        return None
    if not meetings:
        return "nothing so far; no customer meeting was to be on Zoom"
    spent = length(int(hours * 3600))  # told to a tenth of an hour
    return f"the actual length of {count(meetings, 'customer meeting')}; meanwhile about {spent} count as scheduled"


def fetching(progress: Progress, reader: Reader) -> Message | None:
    """How far we are with asking Zoom about the past, or what came of it."""
    words = progress.explanation or ""
    if progress.state == "stopped":
        return blocks.small(f"Fetching past meetings has stopped. {words}".strip())
    if progress.state == "done" and progress.asked_from:
        back = f"{progress.asked_from.astimezone(reader.zone or PACIFIC):%B %Y}"
        return blocks.small(f"Past meetings: {count(progress.sessions_found, 'call')} found, back to {back}.")
    if progress.state not in ("running", "waiting"):
        return None
    parts = f"{progress.windows_done} of {progress.windows} parts done, " if progress.windows else ""
    line = f"⏳ Fetching past meetings: {parts}{count(progress.sessions_found, 'call')} found."
    if progress.state == "running" and parts:  # which the explanation would only repeat
        return blocks.small(line)
    waits = f" Waiting until {moment(progress.waiting_until, reader.zone)}:" if progress.waiting_until else ""
    return blocks.small(f"{line}{waits} {words}".strip())


def needs_an_admin(status: Status) -> bool:
    """Whether Zoom is to be connected, and not by this reader."""
    theirs = status.state in CAN_BE_CONNECTED and status.who_must_act in ("tenant_admin", "zoom_admin", "nobody")
    return theirs and "connect_link" not in status.may


def freshness(status: Status, reader: Reader) -> str:
    """How old that knowledge is."""
    checked = status.checked
    if checked is not None and not checked.ok:
        told = checked.explanation if checked.explanation != status.explanation else None
        when = moment(reader.now, reader.zone) if reader.stays else "just now"
        return f"Checked {when}: {told or 'it does not work.'}"
    if status.state == "connected" and status.verified is not None:
        return f"Verified {_when(status.verified, reader)}."
    last = moment(status.verified_at, reader.zone) if status.verified_at else None
    if status.state == "connected" and status.freshness == "believed":
        return f"Believed connected; last verified {last}." if last else "Believed connected; not verified yet."
    return f"Last verified to work {last}." if last else "Not verified yet."


def incident_notice(incident: Trouble | None, reader: Reader, explanation: str | None = None) -> Message | None:
    """Trouble that many have at once, above what it touches; not where the `explanation` below says the same."""
    if incident is None or (explanation and incident.text.startswith(explanation)):
        return None
    return blocks.small(f"⚠️ Known trouble since {moment(incident.since, reader.zone)}: {incident.text}")


def buttons(status: Status, reader: Reader) -> list[Block]:
    """What may be done about it, as the service says, and a way to those who can do more."""
    value = Subject(tenant=status.tenant).packed()
    offered: Mapping[str, Block] = {
        "enable_zoom": enable_button(status.name, blocks.ENABLE_ZOOM, value),
        "verify": blocks.button("Verify now", blocks.VERIFY, value),
        "connect_link": blocks.button("Send connect link", blocks.SEND_LINK, value),
        "history": blocks.button("History", blocks.HISTORY, value),
        "disconnect": blocks.button("Disconnect", blocks.DISCONNECT, value, style="danger"),
    }
    allowed = [button for name, button in offered.items() if name in status.may]
    if needs_an_admin(status):
        allowed.insert(0, text_for_admin(status.tenant))
    if status.state == "not_enabled" and reader.at_home:
        allowed.append(talk_button(f"Zoom is not enabled for {status.name}"))
    return [*allowed, whole_page(status, reader)]


def whole_page(status: Status, reader: Reader) -> Block:
    """Opens the page on which all of it stands."""
    path = "/integrations" if reader.at_home else f"/staff/tenants/{quote(status.tenant, safe='')}"
    return page_button("Open the page", path)


def text_for_admin(tenant: str | None = None) -> Block:
    """For who may not connect Zoom: a text to send to somebody who may."""
    return blocks.button("Text for an admin", blocks.SEND_LINK, Subject(tenant=tenant).packed())


def talk_button(about: str) -> Block:
    """The way to a person at Retain, who is to read `about`."""
    return blocks.button("Talk to a person", blocks.TALK_TO_PERSON, ButtonValue.of(None, None, about).packed())


def ask_zoom_button(tenant: str) -> Block:
    """Has Zoom asked about past calls now."""
    return blocks.button("Ask Zoom now", blocks.ASK_ZOOM, Subject(tenant=tenant).packed())


def stopped(status: Status, reader: Reader) -> Message | None:
    """A warning beside numbers that lack Zoom's, with the way to mend it; None where Zoom is connected."""
    if status.state not in (*CAN_BE_CONNECTED, "not_enabled"):
        return None
    value = Subject(tenant=status.tenant).packed()
    connect = [blocks.button("Send connect link", blocks.SEND_LINK, value)] if "connect_link" in status.may else []
    show = blocks.button("Show status", f"{blocks.STATUS_OF}stopped", value)
    return blocks.joined(
        headline(status, reader),
        blocks.labelled([("Next step", status.next_step)]) if status.next_step else None,
        blocks.pressing(*connect, show),
    )


def enable_button(name: str, action_id: str, value: str) -> Block:
    """Switches Zoom on for an organisation, once staff have confirmed it."""
    asked = blocks.confirm(f"Enable Zoom for {name}?", "After that, an admin can connect Zoom.", "Enable Zoom")
    return blocks.button(f"Enable Zoom for {name}", action_id, value, style="primary", confirm=asked)


def one_line(status: Status, reader: Reader) -> str:
    """The state in one line, for App Home."""
    symbol, words = symbol_and_words(status)
    fresh = "" if status.state in WITHOUT_FRESHNESS else f" {freshness(status, reader)}"
    return f"{symbol} {status.name}: {words}.{fresh}"


def _fine(status: Status) -> bool:
    return status.state == "connected" and status.who_must_act in (None, "nobody")


def _details(status: Status, reader: Reader) -> Message | None:
    """Who connected, and with which Zoom user; the service tells it only to those who may know."""
    lines = []
    if status.connected_by and (whose := person(status.connected_by.name, status.connected_by.email)):
        lines.append(f"Connected by {whose}.")
    if status.account and (whose := person(status.account.name, status.account.email, status.account.role)):
        lines.append(f"Zoom user: {whose}.")
    if status.last_webhook_at:
        lines.append(f"Zoom last wrote to us {_when(status.last_webhook_at, reader)}.")
    return blocks.small(" ".join(lines)) if lines else None


def _when(at: datetime, reader: Reader) -> str:
    return moment(at, reader.zone) if reader.stays else ago(at, reader.now)


def person(name: str | None, email: str | None, role: str | None = None) -> str:
    """Such as "Ada King (ada@acme.example, Owner)", as far as it is known."""
    first, *more = [part for part in (name, email, role) if part] or [""]
    return f"{first} ({', '.join(more)})" if more else first
