from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from integration.desk import telling
from integration.desk.opening import Contact, NewRequest, open_request
from integration.runtime import Runtime
from tests.integration.conftest import TestClock
from tests.integration.desk.steps import (
    AS_DANA,
    AS_ROBIN,
    AS_SAM,
    DANA,
    ROBIN,
    SAM,
    THREAD,
    act,
    answered,
    clocks,
    done,
    hand_over,
    happened,
    shown,
    told,
)


def test_whoever_claims_first_has_it_and_the_other_is_told_who(client: TestClient, runtime: Runtime) -> None:
    request = hand_over(client)
    taken = done(client, request, "claim")
    assert (taken["state"], taken["claimed_by"]) == ("claimed", SAM)
    assert done(client, request, "claim")["version"] == taken["version"]  # one's own again: nothing new
    refused = act(client, request, "claim", AS_ROBIN)
    assert refused.status_code == 409
    assert (refused.json()["claimed_by"], refused.json()["cause"]) == (SAM, "claimed")
    assert happened(runtime) == ["opened", "claimed"]


def test_what_is_released_anybody_may_claim(client: TestClient, runtime: Runtime) -> None:
    request = hand_over(client)
    done(client, request, "claim")
    released = done(client, request, "release", AS_ROBIN)  # whoever had it may have gone home
    assert (released["state"], released["claimed_by"], released["claimed_at"]) == ("open", None, None)
    assert done(client, request, "release")["version"] == released["version"]
    assert done(client, request, "claim", AS_ROBIN)["claimed_by"] == ROBIN
    assert happened(runtime) == ["opened", "claimed", "released", "claimed"]


def test_an_answer_stops_the_clock_and_goes_where_it_was_asked(
    client: TestClient, runtime: Runtime, clock: TestClock
) -> None:
    request = hand_over(client)
    clock.move(600)
    found = answered(client, request)
    assert (found["state"], found["claimed_by"], found["ended"], found["minutes_left"]) == (
        *("answered", SAM, "answered"),
        None,
    )
    (said,) = found["said"]
    assert (said["kind"], said["actor"], said["text"]) == ("answered", SAM, "Because a token was revoked.")
    assert (said["delivery"], said["reason"]) == ("on_its_way", None)
    ((owed, payload),) = told(runtime, telling.ANSWERED)
    assert (owed.place, owed.about) == (THREAD, said["id"])
    assert payload == {
        "request": request,
        "event": said["id"],
        "text": said["text"],
        "by": SAM,
        "place": THREAD,
        "actor": DANA,
    }
    (measured,) = clocks(runtime)
    assert measured.stopped_at == clock.now


def test_an_answer_sent_twice_is_one_answer(client: TestClient, runtime: Runtime) -> None:
    request = hand_over(client)
    once = answered(client, request)
    assert answered(client, request, text="sent again") == once
    assert len(told(runtime, telling.ANSWERED)) == 1
    assert len(answered(client, request, key="view:A2", text="One thing more.")["said"]) == 2  # that is another one
    other = hand_over(client, key="view:V2")
    assert act(client, other, "answer", key="view:A2", text="no").json()["field"] == "key"


def test_without_a_conversation_the_answer_goes_to_the_person(client: TestClient, runtime: Runtime) -> None:
    answered(client, hand_over(client, place=None))
    ((owed, payload),) = told(runtime, telling.ANSWERED)
    assert (owed.place, payload["place"], payload["actor"]) == (DANA, None, DANA)


def test_what_another_has_is_answered_only_on_purpose(client: TestClient) -> None:
    request = hand_over(client)
    done(client, request, "claim")
    refused = act(client, request, "answer", AS_ROBIN, key="view:A1", text="Hello")
    assert (refused.status_code, refused.json()["claimed_by"]) == (409, SAM)
    found = done(client, request, "answer", AS_ROBIN, key="view:A1", text="Hello", anyway=True)
    assert (found["state"], found["claimed_by"], found["said"][0]["actor"]) == ("answered", SAM, ROBIN)


def test_an_answer_given_elsewhere_stops_the_clock_too(client: TestClient, runtime: Runtime) -> None:
    request = hand_over(client)
    found = done(client, request, "answered-elsewhere")
    assert (found["state"], found["ended"], found["claimed_by"]) == ("answered", "elsewhere", SAM)
    assert done(client, request, "answered-elsewhere") == found
    assert told(runtime, telling.ANSWERED) == []


def test_a_resolved_request_is_left_alone_until_it_is_reopened(client: TestClient, clock: TestClock) -> None:
    request = hand_over(client)
    done(client, request, "claim")
    resolved = done(client, request, "resolve")
    assert (resolved["state"], resolved["ended"]) == ("resolved", "closed")
    assert done(client, request, "resolve") == done(client, request, "release") == resolved
    until = (clock.now + timedelta(hours=1)).isoformat()
    refusing: dict[str, dict[str, Any]] = {
        "claim": {},
        "answer": {"key": "k", "text": "t"},
        "snooze": {"until": until},
    }
    for what, body in refusing.items():
        refused = act(client, request, what, **body)
        assert (refused.status_code, refused.json()["cause"]) == (409, "resolved"), what
    clock.move(3600)
    opened = done(client, request, "reopen", AS_ROBIN)
    assert (opened["state"], opened["claimed_by"], opened["openings"]) == ("claimed", SAM, 2)  # Sam has it still
    assert (opened["minutes_left"], opened["stopped_at"], opened["ended"]) == (120, None, None)
    assert done(client, request, "reopen") == opened


def test_what_nobody_had_is_open_again(client: TestClient, runtime: Runtime) -> None:
    request = hand_over(client)
    done(client, request, "resolve")
    assert done(client, request, "reopen")["state"] == "open"
    assert [one.number for one in clocks(runtime)] == [1, 2]
    assert happened(runtime) == ["opened", "resolved", "reopened"]


def test_snoozing_lasts_a_week_at_most(client: TestClient, clock: TestClock) -> None:
    request = hand_over(client)
    for seconds in (-1, 0, 7 * 24 * 3600 + 1):
        refused = act(client, request, "snooze", until=(clock.now + timedelta(seconds=seconds)).isoformat())
        assert (refused.status_code, refused.json()["field"]) == (422, "until"), seconds
    until = (clock.now + timedelta(days=7)).isoformat()
    snoozed = done(client, request, "snooze", until=until)
    assert snoozed["snoozed_until"] == until.replace("+00:00", "Z")
    assert done(client, request, "snooze", until=until) == snoozed
    assert answered(client, request)["snoozed_until"] is None


@pytest.mark.parametrize("what", ["claim", "release", "answered-elsewhere", "resolve", "reopen"])
def test_only_staff_act_on_a_request_that_exists(client: TestClient, what: str) -> None:
    assert act(client, hand_over(client), what, AS_DANA).status_code == 403
    assert act(client, "0" * 32, what).status_code == 404
    assert act(client, "0" * 32, what, {"X-Role": "staff"}).json()["field"] == "X-Actor"


def test_who_asked_what_is_shown_to_staff_alone(client: TestClient) -> None:
    request = hand_over(client)
    assert shown(client, request)["id"] == request
    for path in ("", f"/{request}"):
        address = f"/v1/support-requests{path}"
        assert client.get(address, headers=AS_SAM).status_code == 200
        assert client.get(address, headers=AS_DANA).status_code == 403


def test_what_came_by_the_web_is_answered_by_another_way(client: TestClient, runtime: Runtime) -> None:
    asked = NewRequest(key="form:1", text="Do you answer here?", via="web", contact=Contact(email="jo@client.example"))
    with runtime.database.writing() as session:
        request = open_request(session, runtime.vault, asked, runtime.clock())[0].id
    assert shown(client, request)["contact"] == {"name": None, "email": "jo@client.example", "organisation": None}
    refused = act(client, request, "answer", key="view:A1", text="Yes")
    assert (refused.status_code, refused.json()["cause"]) == (409, "no_conversation")
    assert done(client, request, "answered-elsewhere")["state"] == "answered"


@pytest.mark.parametrize("place", [THREAD, None])
def test_whose_question_is_closed_without_an_answer_is_told(
    client: TestClient, runtime: Runtime, place: str | None
) -> None:
    request = hand_over(client, place=place)
    done(client, request, "resolve")
    done(client, request, "resolve")
    ((row, said),) = told(runtime, "support_request.closed")
    assert (row.about, row.place) == (f"{clocks(runtime)[0].id}/closed", place or DANA)
    assert said == {"request": request, "actor": DANA, "place": place}


def test_who_was_answered_or_closed_it_themselves_is_not_told(client: TestClient, runtime: Runtime) -> None:
    answered(client, first := hand_over(client))
    done(client, first, "resolve")
    done(client, hand_over(client, key="view:V2"), "solved", AS_DANA)
    assert told(runtime, "support_request.closed") == []


def test_who_came_by_the_form_of_the_help_centre_cannot_be_told(client: TestClient, runtime: Runtime) -> None:
    with runtime.database.writing() as session:
        new = NewRequest("form:1", "Help", "web", contact=Contact(email="dana@acme.example"))
        request = open_request(session, runtime.vault, new, runtime.clock())[0].id
    done(client, request, "resolve")
    assert told(runtime, "support_request.closed") == []
