"""What the Zoom tile says, and to whom it offers what.

“Connect” is highlighted where it is the next step, and otherwise only for the person who made the connection. Everybody
else is told in words why it is not, and what that means: nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from integration.connections.models import ALIVE, ConnectionState
from integration.connections.status_view import Status
from integration.connections.views import WORDS
from integration.connections.wording import HAS_WORKED, is_proven, kind_of
from kb.spans import ago

STATE = ConnectionState


class Seat(StrEnum):
    """From where somebody looks at the tile."""

    MAKER = "maker"  # made the connection
    ADMIN = "admin"  # may connect, and has not made this one
    MEMBER = "member"
    STAFF = "staff"


@dataclass(frozen=True)
class Tile:
    """`kind`: what the style sheet knows the state by. `button`: how “Connect” is offered, if it is.

    `next_step`: None where `about_button` says it already. `explains`: is there more to say than that? `text`: for
    whoever can do nothing but ask an admin.
    """

    kind: str
    state: str
    freshness: str | None
    about_button: str
    next_step: str | None
    button: Literal["highlighted", "pale"] | None
    explains: bool = True
    text: str | None = None


THEIRS = ("tenant_admin", "zoom_admin")
SOMEBODY = "A colleague of yours"
PRESS = "Press “Connect”, and sign in to Zoom as a Zoom admin. Not one yourself? The next page has a text to pass on."
# About a connection that is there; `{maker}` is who made it.
MADE: Mapping[Seat, str] = {
    Seat.MAKER: "You made this connection, so “Connect” is highlighted for you. Press it only if you want to sign in "
    "to Zoom anew.",
    Seat.ADMIN: "{maker} made this connection, so “Connect” is highlighted for them alone. It is pale for you, "
    "and that is as it should be: nobody has to connect again.",
    Seat.MEMBER: "An admin of your organisation made this connection, and “Connect” is highlighted for that person "
    "alone. You need not do anything.",
    Seat.STAFF: "{maker} made this connection, so “Connect” is highlighted for them alone.",
}
# About none, or one that has to be made anew.
TO_MAKE: Mapping[Seat, str] = {
    Seat.MAKER: PRESS,
    Seat.ADMIN: PRESS,
    Seat.MEMBER: "Tell an admin of your organisation: they have “Connect” on this page.",
    Seat.STAFF: "Only their own admins have “Connect”. To send one of them a link, type /retain connect {tenant} in "
    "Slack.",
}
ASK_AN_ADMIN = (
    "Hello, could you connect Zoom to Retain for {name}, please? Type /retain integrations in Slack, open the page, "
    "and press “Connect”. If you are no Zoom admin yourself, it has a text to pass on to one."
)
# About one that waits for whoever asked for the link to confirm the Zoom account.
NOT_ANEW = "Zoom has given its permission. Nobody has to sign in there again, unless the account is turned down."
WAIT_FOR_IT: Mapping[Seat, str] = {
    Seat.MAKER: NOT_ANEW,
    Seat.ADMIN: NOT_ANEW,
    Seat.MEMBER: "Zoom has given its permission. You need not do anything.",
    Seat.STAFF: NOT_ANEW,
}
WAITS = "Waits to be confirmed"
WORKS, BELIEVED = "Connected, and it works", "Connected, as far as we know"


def seat_of(status: Status, actor: str, *, staff: bool) -> Seat:
    """Where `actor` looks from. Members are not told who made it, so it is nobody that they could be."""
    if staff:
        return Seat.STAFF
    if status.connected_by is not None and status.connected_by.actor == actor:
        return Seat.MAKER
    return Seat.ADMIN if "history" in status.may else Seat.MEMBER


def tile_of(status: Status, seat: Seat, now: datetime, *, waits: bool = False) -> Tile:
    """The tile of a tenant that Zoom is enabled for. `waits`: somebody has signed in, and is to be confirmed."""
    made = status.state in ALIVE
    if waits and not made:
        pale: Literal["pale"] | None = "pale" if seat in (Seat.MAKER, Seat.ADMIN) else None
        return Tile("warn", WAITS, None, WAIT_FOR_IT[seat], None, pale, explains=False)
    words = (MADE if made else TO_MAKE)[seat]
    maker = status.connected_by and (status.connected_by.name or status.connected_by.email)
    button = _button(status, seat, made=made)
    theirs = seat is Seat.MEMBER and not made and status.who_must_act in THEIRS
    return Tile(
        kind=kind_of(status.state, status.verified_at, now),
        state=_state(status, now),
        freshness=_freshness(status, now),
        about_button=words.format(maker=maker or SOMEBODY, tenant=status.tenant),
        next_step=None if not made and (button == "highlighted" or theirs) else status.next_step,
        button=button,
        text=ASK_AN_ADMIN.format(name=status.name) if theirs else None,
    )


def _state(status: Status, now: datetime) -> str:
    if status.state == STATE.CONNECTED:
        return WORKS if is_proven(status.state, status.verified_at, now) else BELIEVED
    return WORDS[status.state]


def _freshness(status: Status, now: datetime) -> str | None:
    """How old that knowledge is; None where nothing is to work."""
    if status.state not in HAS_WORKED:
        return None
    return ago(status.verified_at, now) if status.verified_at else "not yet"


def _button(status: Status, seat: Seat, *, made: bool) -> Literal["highlighted", "pale"] | None:
    if seat in (Seat.MEMBER, Seat.STAFF) or "connect_link" not in status.may:
        return None
    next_step = not made and status.who_must_act in (*THEIRS, "nobody")
    return "highlighted" if seat is Seat.MAKER or next_step else "pale"
