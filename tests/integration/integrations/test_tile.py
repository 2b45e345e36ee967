"""The tile: what it says to whom, in every state."""

from datetime import UTC, datetime, timedelta

import pytest

from integration.connections.causes import meaning
from integration.connections.details import NO_DETAILS, ConnectedBy
from integration.connections.models import ConnectionState
from integration.connections.status import NO_HOURS
from integration.connections.status_view import Status
from integration.integrations.tile import Seat, seat_of, tile_of

NOW = datetime(2025, 1, 14, 18, 30, tzinfo=UTC)
JONAS = ConnectedBy(actor="slack:T0ACME/UJONAS", name="Jonas Weber", email=None)
STATE = ConnectionState
CAUSES = {
    STATE.CONNECTED: "connected",
    STATE.DEGRADED: "server_error",
    STATE.NEEDS_REAUTHORIZATION: "grant_revoked",
    STATE.DEAUTHORIZED: "disconnected",
    STATE.NOT_CONNECTED: "never_connected",
}


def status(state: ConnectionState, *, verified: timedelta | None = timedelta(0), **more: object) -> Status:
    means = meaning(state, CAUSES[state])
    told = {
        "state": state,
        "who_must_act": means.who_must_act,
        "next_step": means.next_step,
        "verified_at": None if verified is None else NOW - verified,
        "may": ["history", "connect_link"],
        "tenant": "acme",
        "name": "Acme Ltd",
        "connected_by": JONAS,
    }
    return Status.model_construct(**{**NO_DETAILS, **NO_HOURS, **told, **more})


@pytest.mark.parametrize(
    ("state", "maker", "admin"),
    [
        (STATE.CONNECTED, "highlighted", "pale"),
        (STATE.DEGRADED, "highlighted", "pale"),
        (STATE.NEEDS_REAUTHORIZATION, "highlighted", "highlighted"),
        (STATE.DEAUTHORIZED, "highlighted", "highlighted"),
        (STATE.NOT_CONNECTED, "highlighted", "highlighted"),
    ],
)
def test_connect_is_highlighted_where_it_is_the_next_step_and_else_for_its_maker(
    state: ConnectionState, maker: str, admin: str
) -> None:
    seats = (Seat.MAKER, Seat.ADMIN, Seat.MEMBER, Seat.STAFF)
    assert [tile_of(status(state), seat, NOW).button for seat in seats] == [maker, admin, None, None]


def test_only_what_was_proven_lately_is_green() -> None:
    day = timedelta(days=1)
    kinds = [tile_of(status(STATE.CONNECTED, verified=age), Seat.ADMIN, NOW).kind for age in (timedelta(0), day, None)]
    assert kinds == ["good", "", ""]
    assert tile_of(status(STATE.CONNECTED, verified=day), Seat.ADMIN, NOW).freshness == "1 day ago"
    assert tile_of(status(STATE.NEEDS_REAUTHORIZATION), Seat.ADMIN, NOW).kind == "bad"


def test_who_made_it_is_named_as_far_as_it_is_known() -> None:
    assert "Jonas Weber made this" in tile_of(status(STATE.CONNECTED), Seat.ADMIN, NOW).about_button
    unknown = status(STATE.CONNECTED, connected_by=None)
    assert "A colleague of yours made this" in tile_of(unknown, Seat.ADMIN, NOW).about_button


def test_a_next_step_that_the_button_is_needs_no_words() -> None:
    assert tile_of(status(STATE.NOT_CONNECTED), Seat.ADMIN, NOW).next_step is None


def test_a_member_is_told_once_whom_to_ask_and_has_a_text_for_it() -> None:
    tile = tile_of(status(STATE.NOT_CONNECTED), Seat.MEMBER, NOW)
    assert (tile.next_step, tile.button) == (None, None)
    assert tile.about_button.startswith("Tell an admin of your organisation")
    assert "for Acme Ltd" in (tile.text or "")
    assert tile_of(status(STATE.DEGRADED), Seat.MEMBER, NOW).text is None


def test_what_waits_to_be_confirmed_is_not_begun_anew() -> None:
    seats = (Seat.MAKER, Seat.ADMIN, Seat.MEMBER, Seat.STAFF)
    tiles = [tile_of(status(STATE.NOT_CONNECTED), seat, NOW, waits=True) for seat in seats]
    assert {tile.state for tile in tiles} == {"Waits to be confirmed"}
    assert [tile.button for tile in tiles] == ["pale", "pale", None, None]
    assert tile_of(status(STATE.CONNECTED), Seat.ADMIN, NOW, waits=True).state == "Connected, and it works"


def test_seats() -> None:
    connected = status(STATE.CONNECTED)
    assert seat_of(connected, JONAS.actor, staff=False) is Seat.MAKER
    assert seat_of(connected, "slack:T0ACME/ULENA", staff=False) is Seat.ADMIN
    assert seat_of(status(STATE.CONNECTED, may=[], connected_by=None), JONAS.actor, staff=False) is Seat.MEMBER
    assert seat_of(connected, JONAS.actor, staff=True) is Seat.STAFF
