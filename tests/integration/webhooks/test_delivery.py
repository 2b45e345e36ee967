"""Zoom writes times in several places and forms; each says the same moment."""

import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.errors import IntegrationError
from integration.webhooks.acting import WITNESSES, happening
from integration.webhooks.delivery import read_delivery

AT = datetime(2026, 11, 24, 18, 0, 0, 500_000, tzinfo=UTC)
SECONDS = 1795543200.5
WRITTEN = (
    SECONDS,
    str(SECONDS),
    SECONDS * 1000,
    str(int(SECONDS * 1000)),
    "2026-11-24T18:00:00.500Z",
    "2026-11-24T18:00:00.5",
)


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("where", ["top", "payload", "deauthorization_time"])
def test_when_it_happened(written: object, where: str) -> None:
    payload = {"account_id": "a"} | ({} if where == "top" else {where.replace("payload", "event_ts"): written})
    body = {"event": "app_deauthorized", "payload": payload} | ({"event_ts": written} if where == "top" else {})
    read = read_delivery(json.dumps(body))
    assert read is not None
    assert read.happened_at == AT


def test_the_deauthorization_itself_counts_and_not_when_it_was_told() -> None:
    payload = {"deauthorization_time": "2026-11-24T18:00:00.500Z", "event_ts": 1}
    read = read_delivery(json.dumps({"event": "app_deauthorized", "payload": payload, "event_ts": 2}))
    assert read is not None
    assert read.happened_at == AT


@pytest.mark.parametrize("odd", [None, True, [], {}, "", "yesterday", "2026-13-40"])
def test_a_time_that_is_none_does_not_hide_the_event(odd: object) -> None:
    body = {"event": "app_deauthorized", "payload": {"account_id": 7, "deauthorization_time": odd}, "event_ts": odd}
    read = read_delivery(json.dumps(body))
    assert read is not None
    assert (read.payload.account_id, read.happened_at) == ("7", None)


@pytest.mark.parametrize("payload", [None, [], "text", 7])
def test_a_payload_that_is_no_object_is_empty(payload: object) -> None:
    read = read_delivery(json.dumps({"event": "app.removed", "payload": payload}))
    assert read is not None
    assert read.payload.account_id is None


@given(
    st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists) | st.dictionaries(st.text(), st.text())
)
def test_no_json_breaks_it(anything: object) -> None:
    for body in (anything, {"event": "x", "payload": anything, "event_ts": anything}):
        read_delivery(json.dumps(body))


times = st.datetimes().map(datetime.isoformat) | st.integers() | st.floats() | st.text() | st.none()
zones = st.sampled_from(["America/Los_Angeles", "", "..", "Etc", "\0"]) | st.text()


@given(st.sampled_from(sorted(WITNESSES)), times, times, zones, st.integers() | st.text(), st.text(min_size=1), times)
def test_whatever_stands_in_a_call_it_is_read_or_refused(
    name: str, start: object, end: object, zone: str, number: object, uuid: str, told: object
) -> None:
    call = {"uuid": uuid, "id": number, "start_time": start, "end_time": end, "timezone": zone, "topic": number}
    read = read_delivery(json.dumps({"event": name, "payload": {"account_id": "a", "object": call}, "event_ts": told}))
    assert read is not None
    with suppress(IntegrationError):
        happening(read, AT)
