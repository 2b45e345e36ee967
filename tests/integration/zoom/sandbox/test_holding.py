"""Calls and the events about them: what Zoom says, when, in which of the forms it is known to use."""

from datetime import timedelta

import pytest

from integration.zoom.sandbox import holding
from integration.zoom.sandbox.driver import ZoomStandIn
from integration.zoom.sandbox.errors import NotPossible
from integration.zoom.sandbox.meetings import ENDED, JOINED, LEFT, STARTED
from tests.integration.zoom.sandbox.conftest import START, Json, Listener

A_CALL = START - timedelta(hours=2)
MILLISECONDS = int(A_CALL.timestamp() * 1000)


def named(listener: Listener) -> list[str]:
    return [body["event"] for body in listener.bodies]


def test_a_call_of_the_past_is_told_now_and_says_when_it_was(zoom: ZoomStandIn, listener: Listener) -> None:
    (session,) = zoom.hold("jonas", began=A_CALL, segments=[(0, 2700)], topic="Review", planned_minutes=60)
    assert named(listener) == [STARTED, JOINED, LEFT, ENDED]
    started, joined, _, ended = listener.bodies
    about = ended["payload"]["object"]
    assert (about["id"], about["uuid"], about["duration"]) == (session.meeting_id, session.uuid, 60)
    assert (about["start_time"], about["end_time"]) == ("2026-03-02T07:00:00Z", "2026-03-02T07:45:00Z")
    assert ended["event_ts"] == MILLISECONDS + 2_700_000
    assert "end_time" not in started["payload"]["object"]
    assert started["payload"]["account_id"] == zoom.people["jonas"].account.id
    assert joined["payload"]["object"]["participant"]["join_time"] == "2026-03-02T07:00:00Z"
    stamps = {headers["x-zm-request-timestamp"] for headers, _ in listener.received}
    assert stamps == {str(int(START.timestamp()))}


def test_a_dropped_call_has_several_uuids_and_one_id(zoom: ZoomStandIn, listener: Listener) -> None:
    held = zoom.hold(began=A_CALL, segments=[(0, 1200), (1380, 600), (2100, 600)])
    assert len({session.uuid for session in held}) == 3
    assert {session.meeting_id for session in held} == {held[0].meeting_id}
    assert [session.seconds for session in held] == [1200, 600, 600]
    assert named(listener) == [STARTED, JOINED, LEFT, ENDED] * 3
    again = zoom.hold(meeting_id=held[0].meeting_id, began=START)
    assert again[0].meeting_id == held[0].meeting_id


def test_a_call_is_started_and_ended(zoom: ZoomStandIn, listener: Listener) -> None:
    session = zoom.start_call("maya", "pmi")
    assert named(listener) == [STARTED, JOINED]
    assert (session.began, session.planned_minutes) == (START, 0)
    zoom.end_call(session, at=START + timedelta(minutes=45))
    assert named(listener)[2:] == [LEFT, ENDED]
    assert session.seconds == 2700
    for late in (START, None):
        with pytest.raises(NotPossible, match="over already"):
            zoom.end_call(session, at=late)


def test_events_may_be_lost(zoom: ZoomStandIn, listener: Listener) -> None:
    zoom.hold(began=A_CALL, send=False)
    assert named(listener) == []
    held = zoom.hold(began=A_CALL, send={STARTED})
    assert named(listener) == [STARTED]
    zoom.tell(held, {ENDED})
    assert named(listener) == [STARTED, ENDED]
    assert len(zoom.history("acme")) == 2


def test_events_take_the_forms_in_which_they_were_seen(zoom: ZoomStandIn, listener: Listener) -> None:
    zoom.faults.habits(meeting_id="number", happened_at="payload", happened_in="seconds", host_joins="yes")
    (session,) = zoom.hold(began=A_CALL)
    assert named(listener) == [STARTED, JOINED, JOINED, LEFT, LEFT, ENDED]
    ended: Json = listener.bodies[-1]
    assert ended["payload"]["event_ts"] == MILLISECONDS // 1000 + 2700
    assert "event_ts" not in ended
    assert ended["payload"]["object"]["id"] == int(session.meeting_id)


def test_zoom_names_the_address_of_its_own_people_only(zoom: ZoomStandIn, listener: Listener) -> None:
    zoom.faults.habits(host_joins="yes")
    zoom.start_call("jonas")
    people = [body["payload"]["object"]["participant"] for body in listener.bodies[1:]]
    assert [(one["user_name"], one["email"]) for one in people] == [
        ("Jonas Weber", "jonas@acme.example"),
        ("Kim Nowak", ""),
    ]
    assert len({one["participant_uuid"] for one in people}) == 2


@pytest.mark.parametrize("wrong", [
    {"host": "nobody"}, {"meeting_id": "12"}, {"meeting_id": "93x01235621"}, {"segments": []}, {"segments": [(0, -1)]},
])  # fmt: skip
def test_a_call_that_cannot_be_is_refused(zoom: ZoomStandIn, wrong: dict[str, object]) -> None:
    with pytest.raises(NotPossible):
        zoom.hold(**{"began": A_CALL, **wrong})  # type: ignore[arg-type]


def test_a_call_does_not_end_before_it_began(zoom: ZoomStandIn) -> None:
    with pytest.raises(NotPossible, match="before it began"):
        zoom.end_call(zoom.start_call(), at=A_CALL)


def test_an_id_may_be_written_in_groups(zoom: ZoomStandIn) -> None:
    (session,) = zoom.hold(began=A_CALL, meeting_id="932 0123-5621", send=holding.NOTHING)
    assert session.meeting_id == "93201235621"
