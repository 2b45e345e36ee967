import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.zoom.signature import moment, validation_answer, verify

SECRET = "the-secret-token"
NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
BODY = '{"event":"meeting.ended","payload":{"name":"Zoë"}}'.encode()


def sign(body: bytes, timestamp: str, secret: str = SECRET) -> str:
    return f"v0={hmac.new(secret.encode(), b'v0:' + timestamp.encode() + b':' + body, hashlib.sha256).hexdigest()}"


def seconds(at: datetime) -> str:
    return str(int(at.timestamp()))


def milliseconds(at: datetime) -> str:
    return str(int(at.timestamp() * 1000))


@pytest.mark.parametrize("written", [seconds, milliseconds])
def test_what_zoom_signed_is_zooms_in_either_unit(written: object) -> None:
    assert callable(written)
    stamp = written(NOW)
    assert verify(SECRET, timestamp=stamp, signature=sign(BODY, stamp), body=BODY, now=NOW)


@pytest.mark.parametrize("written", [seconds, milliseconds])
@pytest.mark.parametrize(
    ("age", "accepted"),
    [
        (timedelta(hours=2), True),  # Zoom's own last retry comes after 85 minutes
        (timedelta(minutes=85), True),
        (timedelta(hours=2, seconds=1), False),
        (timedelta(minutes=-5), True),
        (timedelta(minutes=-5, seconds=-1), False),
    ],
)
def test_the_age_of_a_signature_is_limited_and_lets_zooms_own_retries_through(
    written: object, age: timedelta, accepted: bool
) -> None:
    assert callable(written)
    stamp = written(NOW - age)
    assert verify(SECRET, timestamp=stamp, signature=sign(BODY, stamp), body=BODY, now=NOW) is accepted


@given(st.binary(max_size=200), st.integers(0, 10_000), st.integers(1, 255))
def test_any_other_body_is_refused(body: bytes, place: int, change: int) -> None:
    stamp = seconds(NOW)
    signature = sign(body, stamp)
    assert verify(SECRET, timestamp=stamp, signature=signature, body=body, now=NOW)
    longer = bytearray(body + b" ")
    longer[place % len(longer)] ^= change
    assert not verify(SECRET, timestamp=stamp, signature=signature, body=bytes(longer), now=NOW)


@pytest.mark.parametrize("stamp", [None, "", "now", "-1", "1.5", "9" * 400, " 1", "٣", "0"])
def test_a_timestamp_that_is_none_is_refused(stamp: str | None) -> None:
    assert not verify(SECRET, timestamp=stamp, signature=sign(BODY, stamp or ""), body=BODY, now=NOW)


@pytest.mark.parametrize("signature", [None, "", "v0=", "v1=abc", "v0=" + "0" * 64, "zoë"])
def test_a_signature_that_is_none_is_refused(signature: str | None) -> None:
    assert not verify(SECRET, timestamp=seconds(NOW), signature=signature, body=BODY, now=NOW)


def test_another_secret_and_an_empty_one_verify_nothing() -> None:
    stamp = seconds(NOW)
    assert not verify(SECRET, timestamp=stamp, signature=sign(BODY, stamp, "other"), body=BODY, now=NOW)
    assert not verify("", timestamp=stamp, signature=sign(BODY, stamp, ""), body=BODY, now=NOW)


def test_signatures_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[bytes] = []

    def compare(a: bytes, b: bytes) -> bool:
        compared.extend((a, b))
        return False

    monkeypatch.setattr(hmac, "compare_digest", compare)
    stamp = seconds(NOW)
    signature = sign(BODY, stamp)
    assert not verify(SECRET, timestamp=stamp, signature=signature, body=BODY, now=NOW)
    assert compared == [signature.encode()] * 2


def test_the_validation_is_answered_as_documented() -> None:
    expected = hmac.new(SECRET.encode(), b"qgg8vlvZRS6UYooatFL8Aw", hashlib.sha256).hexdigest()
    assert validation_answer(SECRET, "qgg8vlvZRS6UYooatFL8Aw") == {
        "plainToken": "qgg8vlvZRS6UYooatFL8Aw",
        "encryptedToken": expected,
    }


@given(st.integers(0, 4_000_000_000))
def test_a_moment_is_the_same_in_seconds_and_milliseconds(number: int) -> None:
    at = datetime.fromtimestamp(number, UTC)
    assert moment(number) == at
    if number >= 100_000_000:
        assert moment(number * 1000) == at


@given(st.floats(allow_nan=True, allow_infinity=True))
def test_no_number_breaks_it(number: float) -> None:
    assert moment(number).tzinfo is UTC
