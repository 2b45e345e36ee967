import hashlib
import hmac
import json
import logging
import threading
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import make_url, text

from integration.runtime import Runtime, make_runtime
from tests.integration.conftest import TestClock, make_settings, serving_for
from tests.integration.webhooks.zoom_says import SECRET, event, signed, stored, tell

ENDED = event("meeting.ended", account_id="acc-1", object={"topic": "Secret plans", "uuid": "u=="})
CHECK = json.dumps(
    {"event": "endpoint.url_validation", "payload": {"plainToken": "qgg8vlvZRS6U"}, "event_ts": 1}
).encode()
ENCRYPTED = hmac.new(SECRET.encode(), b"qgg8vlvZRS6U", hashlib.sha256).hexdigest()


def counted(client: TestClient) -> dict[str, float]:
    metrics = client.app.state.runtime.metrics  # type: ignore[attr-defined]
    samples = [sample for family in metrics.webhooks.collect() for sample in family.samples]
    return {sample.labels["result"]: sample.value for sample in samples if sample.name.endswith("_total")}


@pytest.mark.parametrize("unit", [1, 1000])
def test_what_zoom_signed_is_stored_once_and_answered_with_nothing(
    anonymous: TestClient, runtime: Runtime, clock: TestClock, unit: int
) -> None:
    for later in (0, 300, 1500, 5100):  # Zoom's own retries: the same body, signed anew or not
        clock.move(later)
        answer = tell(anonymous, ENDED, clock.now, unit=unit)
        assert (answer.status_code, answer.content) == (204, b"")
    (row,) = stored(runtime)
    assert (row.event, row.state, row.attempts) == ("meeting.ended", "open", 0)
    assert row.digest == hashlib.sha256(ENDED).hexdigest()
    assert counted(anonymous) == {"stored": 1, "repeated": 3}


def test_a_retry_with_the_first_signature_is_still_accepted(anonymous: TestClient, clock: TestClock) -> None:
    headers = signed(ENDED, clock.now)
    clock.move(timedelta(minutes=85).total_seconds())
    assert anonymous.post("/webhooks/zoom", content=ENDED, headers=headers).status_code == 204


def test_what_is_stored_is_sealed(anonymous: TestClient, runtime: Runtime, clock: TestClock) -> None:
    tell(anonymous, ENDED, clock.now)
    (row,) = stored(runtime)
    assert row.payload.startswith("v1.")
    opened = runtime.vault.open(row.payload, table="webhooks", column="payload", row=row.id)
    assert opened.encode() == ENDED


def test_a_wrong_signature_is_refused_counted_and_leaves_nothing(
    anonymous: TestClient, runtime: Runtime, clock: TestClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    good = signed(ENDED, clock.now)
    for headers in (
        {},
        {"x-zm-signature": good["x-zm-signature"]},
        {"x-zm-request-timestamp": good["x-zm-request-timestamp"]},
        signed(ENDED, clock.now, secret="another"),
        signed(ENDED + b" ", clock.now),
        signed(ENDED, clock.now - timedelta(hours=3)),
        signed(ENDED, clock.now + timedelta(minutes=6)),
    ):
        answer = anonymous.post("/webhooks/zoom", content=ENDED, headers=headers)
        assert answer.status_code == 401
        assert answer.json()["type"] == "urn:retain:problem:bad-signature"
        assert "ZOOM_WEBHOOK_SECRET" in answer.json()["remedy"]
        assert "Secret plans" not in answer.text
    assert stored(runtime) == []
    assert counted(anonymous) == {"bad_signature": 7}
    assert "Secret plans" not in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize("with_signature", [True, False])
def test_the_address_is_validated_as_zoom_asks(
    anonymous: TestClient, runtime: Runtime, clock: TestClock, with_signature: bool
) -> None:
    headers = signed(CHECK, clock.now) if with_signature else {}
    answer = anonymous.post("/webhooks/zoom", content=CHECK, headers=headers)
    assert (answer.status_code, answer.json()) == (200, {"plainToken": "qgg8vlvZRS6U", "encryptedToken": ENCRYPTED})
    assert stored(runtime) == []
    assert counted(anonymous) == {"validated": 1}


def test_a_validation_with_a_wrong_signature_is_refused(anonymous: TestClient, clock: TestClock) -> None:
    headers = signed(CHECK, clock.now, secret="another")
    assert anonymous.post("/webhooks/zoom", content=CHECK, headers=headers).status_code == 401


def test_nobody_gets_a_signature_for_a_webhook_of_their_own(anonymous: TestClient, clock: TestClock) -> None:
    forged = event("app_deauthorized", account_id="acc-1", user_id="u")
    stamp = str(int(clock.now.timestamp()))
    wish = {"event": "endpoint.url_validation", "payload": {"plainToken": f"v0:{stamp}:{forged.decode()}"}}
    answer = anonymous.post("/webhooks/zoom", json=wish)
    assert answer.status_code == 401
    assert "encryptedToken" not in answer.text


def test_an_event_of_no_use_to_us_is_answered_and_counted_and_nothing_of_it_is_kept(
    anonymous: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    answer = tell(anonymous, event("user.presence_status_updated", account_id="acc-1"), clock.now)
    assert (answer.status_code, answer.content) == (200, b"")
    assert stored(runtime) == []
    assert counted(anonymous) == {"unknown": 1}


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[]", b'{"event": 7}', b'{"event": "a\\u0000b"}', b"\xff\xfe"])
def test_signed_nonsense_is_kept_for_a_person_to_see(
    anonymous: TestClient, runtime: Runtime, clock: TestClock, body: bytes
) -> None:
    assert tell(anonymous, body, clock.now).status_code == 204
    assert [row.event for row in stored(runtime)] == ["unreadable"]


def test_our_own_failure_is_never_a_4xx_because_zoom_would_not_try_again(
    anonymous: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    with runtime.database.writing() as session:
        session.execute(text("DROP TABLE webhooks"))
    assert tell(anonymous, ENDED, clock.now).status_code == 503
    assert counted(anonymous) == {}


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all.db", "postgresql+psycopg://nobody@/none?host=/nowhere"])
def test_while_the_database_is_away_zoom_is_asked_to_come_again(built_app: FastAPI, clock: TestClock, url: str) -> None:
    app = serving_for(make_runtime(make_settings(make_url(url)), clock), built_app)
    with TestClient(app, base_url="http://localhost:8000") as client:
        assert tell(client, ENDED, clock.now).status_code == 503
        assert client.post("/webhooks/zoom", content=ENDED).status_code == 401  # that does not need it


def test_the_same_delivery_at_once_is_stored_once(anonymous: TestClient, runtime: Runtime, clock: TestClock) -> None:
    threads = [threading.Thread(target=tell, args=(anonymous, ENDED, clock.now)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stored(runtime)) == 1
    assert counted(anonymous) == {"stored": 1, "repeated": 7}
