"""What happened to a connection, as people read it on pages: newest first, repetitions once, deletions in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy.orm import Session

from integration.connections import history, wording
from integration.connections.models import ConnectionState
from integration.connections.views import EventView, ReceiptView, view_of
from integration.vault import Vault

MOST_READ = 200

# What a receipt counts, as people call it; anything else is told by its own name.
DELETED: Mapping[str, str] = {
    "access_token": "our permission",
    "refresh_token": "our permission",
    "zoom_user": "the Zoom user's name and e-mail address",
    "zoom_account_id": "their ids at Zoom",
    "zoom_user_id": "their ids at Zoom",
    "grants": "a sign-in that was under way",
    "personal_rooms": "personal meeting links",
    "backfills": "how far we had asked Zoom about the past",
    "meeting_coverage": "how far we had asked Zoom about the past",
}
COUNTED: Mapping[str, str] = {"meeting_sessions": "Zoom call"}
KINDS: Mapping[ConnectionState, str] = {**wording.KINDS, ConnectionState.CONNECTED: "good"}  # at that moment


@dataclass(frozen=True)
class Happened:
    """An entry. `times`: how often it happened one time after the other, `at` the last of them. `kind` is what the
    style sheet knows it by. `actor`: who did it; None: it happened by itself. `deleted` and `withdrawn`: after a
    disconnection, what was deleted, in words, and the sentence about our permission at Zoom.
    """

    at: datetime
    summary: str
    kind: str
    times: int
    actor: str | None
    deleted: str | None
    withdrawn: str | None


def chronicle(session: Session, vault: Vault, tenant_id: str) -> list[Happened]:
    """The latest of it."""
    events = history.events(session, tenant_id, limit=MOST_READ)
    return list(_told([view_of(session, vault, event) for event in events]))


def deleted_words(receipt: ReceiptView) -> str:
    """Such as "our permission, the Zoom user's name and e-mail address, 12 Zoom calls"."""
    there = (_words(name, number) for name, number in receipt.deleted.items() if number)
    return ", ".join(dict.fromkeys(there)) or "there was nothing left"


def _told(events: Sequence[EventView]) -> Iterator[Happened]:
    for _, same in groupby(events, key=lambda event: (event.kind, event.cause, event.summary, event.actor)):
        latest, *earlier = same
        yield Happened(
            at=latest.at,
            summary=latest.summary,
            kind="warn" if latest.kind == "note" else KINDS[latest.state],
            times=1 + len(earlier),
            actor=latest.actor,
            deleted=deleted_words(latest.receipt) if latest.receipt else None,
            withdrawn=wording.withdrawn(revoked=latest.receipt.revoked) if latest.receipt else None,
        )


def _words(name: str, number: int) -> str:
    if name in COUNTED:
        return f"{number:,} {COUNTED[name]}{'' if number == 1 else 's'}"
    return DELETED.get(name) or f"{number:,} {name.replace('_', ' ')}"
