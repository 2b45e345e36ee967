"""What of calls reaches us by webhooks: late, doubled, out of order, or not at all.

The form is that of Zoom's reference of meeting events; ids come as texts or numbers, and `event_ts` here or there.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from tests.support.year_facts import Arrival, Call, Chances, Json


def arrivals(chances: Chances, calls: Iterable[Call], account_id: str) -> list[Arrival]:
    """All that reaches us, in the order in which it does."""
    found = [
        Arrival(_reaches_us(chances, at), body)
        for call in calls
        for at, body in _told(chances, call, account_id)
        for _ in range(2 if chances.often(3) else 1)
    ]
    return sorted(found, key=lambda one: one.at)


def _reaches_us(chances: Chances, at: datetime) -> datetime:
    """Mostly after a moment; sometimes by a retry, an hour later. So an end may come before its start."""
    return at + (
        chances.seconds(60, 5400) if chances.often(4) else timedelta(milliseconds=chances.random.randint(50, 4000))
    )


def _told(chances: Chances, call: Call, account_id: str) -> Iterator[tuple[datetime, Json]]:
    for name, at in (("started", call.start), ("ended", call.end)):
        if name not in call.lost:
            yield at, _event(chances, f"meeting.{name}", at, _about(chances, call, ended=name == "ended"), account_id)
    if not call.lost and chances.often(5):
        about = _about(chances, call, ended=False) | {"participant": _participant(call)}
        yield call.start, _event(chances, "meeting.participant_joined", call.start, about, account_id)


def _about(chances: Chances, call: Call, *, ended: bool) -> Json:
    about: Json = {
        "id": int(call.meeting_id) if chances.often(30) else call.meeting_id,
        "uuid": call.uuid,
        "host_id": call.host.id,
        "topic": f"Meeting {call.event[-6:]}",
        "type": 4 if call.meeting_id == call.host.pmi else 8,
        "start_time": _written(call.start),
        "timezone": chances.zone.key,
        "duration": 0 if call.meeting_id == call.host.pmi else 60,  # what was planned
    }
    if chances.often(50):
        about["host_email"] = call.host.email
    return about | ({"end_time": _written(call.end)} if ended else {})


def _participant(call: Call) -> Json:
    return {"user_id": "16778240", "user_name": "Kim", "id": "", "email": "", "join_time": _written(call.start)}


def _event(chances: Chances, event: str, at: datetime, about: Json, account_id: str) -> Json:
    stamp = int(at.timestamp() * 1000) + chances.random.randint(0, 999)
    written = stamp // 1000 if chances.often(10) else stamp
    payload: Json = {"account_id": account_id, "object": about}
    if chances.often(20):
        return {"event": event, "payload": payload | {"event_ts": written}}
    return {"event": event, "payload": payload, "event_ts": written}


def _written(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
