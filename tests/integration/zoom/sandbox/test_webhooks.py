"""Events: signed as Zoom signs, retried as Zoom retries, late or doubled when asked."""

import hashlib
import hmac
from datetime import timedelta

import pytest

from integration.zoom.sandbox.driver import ZoomStandIn
from integration.zoom.sandbox.errors import NotPossible
from tests.integration.zoom.sandbox.conftest import START, Listener, Program


@pytest.mark.parametrize(("stamp", "length"), [("seconds", 10), ("milliseconds", 13)])
def test_an_event_is_signed_over_its_raw_bytes(zoom: ZoomStandIn, listener: Listener, stamp: str, length: int) -> None:
    zoom.faults.habits(stamp=stamp)
    delivery = zoom.send_event("meeting.ended", {"object": {"uuid": "ä/=="}})
    headers, body = listener.received[0]
    written = headers["x-zm-request-timestamp"]
    assert len(written) == length
    message = b"v0:" + written.encode() + b":" + body
    assert (
        headers["x-zm-signature"] == "v0=" + hmac.new(zoom.webhook_secret.encode(), message, hashlib.sha256).hexdigest()
    )
    assert listener.bodies[0]["event_ts"] == int(START.timestamp() * 1000)
    assert delivery.status == 204


def test_an_uninstall_kills_the_tokens_and_is_told(zoom: ZoomStandIn, program: Program, listener: Listener) -> None:
    pair, other = program.connected("jonas"), program.connected("carlos")
    zoom.uninstall("acme")
    assert program.get(pair, "/users/me").json() == {"code": 124, "message": "Invalid access token."}
    assert program.refresh(pair).json()["error"] == "invalid_grant"
    assert program.get(other, "/users/me").ok
    body = listener.bodies[0]
    assert body["event"] == "app_deauthorized"
    jonas = zoom.people["jonas"]
    payload = body["payload"]
    assert (payload["account_id"], payload["user_id"]) == (jonas.account.id, jonas.id)
    assert payload["client_id"] == zoom.client_id
    assert payload["deauthorization_time"] == "2026-03-02T09:00:00.000Z"
    assert payload["event_ts"] == int(START.timestamp() * 1000)
    assert "event_ts" not in body


def test_the_time_of_an_uninstall_may_stand_beside_the_payload(zoom: ZoomStandIn, listener: Listener) -> None:
    zoom.faults.habits(event_ts="top")
    zoom.connect("jonas")
    zoom.uninstall("acme")
    assert "event_ts" in listener.bodies[0]
    assert "event_ts" not in listener.bodies[0]["payload"]


def test_each_who_added_the_app_is_named(zoom: ZoomStandIn, listener: Listener) -> None:
    for person in ("jonas", "ines"):
        zoom.connect(person)
    zoom.uninstall("acme")
    named = {body["payload"]["user_id"] for body in listener.bodies}
    assert named == {zoom.people["jonas"].id, zoom.people["ines"].id}
    assert zoom.uninstall("acme") == []  # it is gone


def test_an_event_is_stamped_by_the_real_time_however_far_zooms_clock_was_set_forward(
    zoom: ZoomStandIn, listener: Listener
) -> None:
    zoom.connect("jonas")
    zoom.forward(86_400)
    zoom.uninstall("acme")
    headers, _ = listener.received[0]
    assert int(headers["x-zm-request-timestamp"]) == int(START.timestamp())
    assert listener.bodies[0]["payload"]["deauthorization_time"] == "2026-03-02T09:00:00.000Z"


def test_an_event_may_be_late(zoom: ZoomStandIn, listener: Listener) -> None:
    zoom.connect("jonas")
    zoom.uninstall("acme", late=timedelta(hours=1))
    headers, _ = listener.received[0]
    assert int(headers["x-zm-request-timestamp"]) == int(START.timestamp()) - 3600
    assert listener.bodies[0]["payload"]["deauthorization_time"] == "2026-03-02T08:00:00.000Z"


def test_an_event_may_be_held_back_and_sent_afterwards(zoom: ZoomStandIn, listener: Listener) -> None:
    zoom.connect("jonas")
    (held,) = zoom.uninstall("acme", held=True)
    assert listener.received == []
    zoom.connect("jonas")
    assert zoom.send_again(held).status == 204
    assert len(listener.received) == 1


def test_a_doubled_event_is_the_same_to_the_byte(zoom: ZoomStandIn, listener: Listener) -> None:
    delivery = zoom.deauthorized("jonas")
    zoom.forward(600)
    zoom.send_again(delivery)
    (first_headers, first), (second_headers, second) = listener.received
    assert first == second
    assert first_headers["x-zm-signature"] == second_headers["x-zm-signature"]
    zoom.send_again(delivery, older=timedelta(hours=1))
    assert listener.received[2][0]["x-zm-signature"] != first_headers["x-zm-signature"]


def test_after_500_zoom_tries_again_after_5_20_and_60_minutes(zoom: ZoomStandIn, listener: Listener) -> None:
    listener.status = 503
    delivery = zoom.send_event("meeting.started", {})
    for minutes in (5, 20, 60):
        zoom.forward(minutes * 60 - 1)
        assert zoom.send_due() == []
        zoom.forward(1)
        assert len(zoom.send_due()) == 1
    zoom.forward(86_400)
    assert zoom.send_due() == []
    assert [attempt.status for attempt in delivery.attempts] == [503] * 4
    assert delivery.due is None


def test_a_retry_that_arrives_is_the_last(zoom: ZoomStandIn, listener: Listener) -> None:
    listener.status = 500
    zoom.send_event("meeting.started", {})
    listener.status = 200
    zoom.forward(300)
    (delivery,) = zoom.send_due()
    assert delivery.due is None


@pytest.mark.parametrize("status", [200, 204, 302, 400, 401, 404])
def test_after_anything_below_500_zoom_never_tries_again(zoom: ZoomStandIn, listener: Listener, status: int) -> None:
    listener.status = status
    assert zoom.send_event("meeting.started", {}).due is None
    assert len(listener.received) == 1


def test_where_nobody_listens_zoom_tries_again(zoom: ZoomStandIn) -> None:
    zoom.aim_webhooks("http://127.0.0.1:1/webhooks/zoom")
    delivery = zoom.send_event("meeting.started", {})
    assert (delivery.status, delivery.attempts[0].problem) == (None, "nobody answers at the address")
    assert delivery.due == START + timedelta(minutes=5)


def test_without_an_address_nothing_is_sent(zoom: ZoomStandIn) -> None:
    delivery = zoom.send_event("meeting.started", {})
    assert (delivery.attempts, delivery.due) == ([], None)


@pytest.mark.parametrize("address", ["ftp://example.com", "javascript:alert(1)", "127.0.0.1"])
def test_an_address_is_one_of_the_web(zoom: ZoomStandIn, address: str) -> None:
    with pytest.raises(NotPossible):
        zoom.aim_webhooks(address)


def test_an_event_that_is_not_there_cannot_be_repeated(zoom: ZoomStandIn) -> None:
    with pytest.raises(NotPossible):
        zoom.world.webhooks.send_again(7)


@pytest.mark.parametrize(
    ("status", "answer", "right"),
    [(200, b"echo", True), (500, b"echo", False), (200, b"{}", False), (200, b"<html>", False), (204, b"", False)],
)
def test_an_address_is_checked_as_zoom_does(
    zoom: ZoomStandIn, listener: Listener, status: int, answer: bytes, right: bool
) -> None:
    listener.status, listener.answer = status, answer
    assert zoom.validate_webhook() is right
    assert listener.bodies[0]["event"] == "endpoint.url_validation"
