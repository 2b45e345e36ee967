"""Past meetings and reports: what Zoom says of calls that are over, held against Zoom's own document."""

from datetime import timedelta
from urllib.parse import quote

import pytest
import requests

from integration.zoom.sandbox.driver import ZoomStandIn
from integration.zoom.sandbox.meetings import Session
from tests.integration.zoom.sandbox.conftest import START, Documented, Json, Program

A_CALL = START - timedelta(hours=2)
PAST, INSTANCES = "/past_meetings/{meetingId}", "/past_meetings/{meetingId}/instances"
PARTICIPANTS = "/past_meetings/{meetingId}/participants"
HISTORY, REPORT = "/report/history_meetings", "/report/users/{userId}/meetings"
FEBRUARY = {"from": "2026-02-01", "to": "2026-02-28"}
NOW = {"from": "2026-02-15", "to": "2026-03-02"}


def encoded(uuid: str) -> str:
    once = quote(uuid, safe="")
    return quote(once, safe="") if uuid.startswith("/") or "//" in uuid else once


def held(zoom: ZoomStandIn, **choices: object) -> Session:
    return zoom.hold(**{"began": A_CALL, "send": False, **choices})[0]  # type: ignore[arg-type]


def code(answer: requests.Response) -> tuple[int, int]:
    return answer.status_code, answer.json()["code"]


def test_answers_and_refusals_are_documented_ones(zoom: ZoomStandIn, program: Program, documented: Documented) -> None:
    pair, session = program.connected(), held(zoom)
    for path, query in ((PAST, None), (INSTANCES, None), (PARTICIPANTS, None), (REPORT, NOW), (HISTORY, NOW)):
        asked = path.format(meetingId=encoded(session.uuid), userId="jonas@acme.example")
        documented.check(path, program.get(pair, asked, query).json())
    for path in (PAST, INSTANCES, PARTICIPANTS):
        documented.check_refusal(path, program.get(pair, path.format(meetingId="1")))
    documented.check_refusal(REPORT, program.get(pair, "/report/users/nobody/meetings", NOW))
    documented.check_refusal(HISTORY, program.get(pair, HISTORY, {"from": "2026-02-01", "to": "yesterday"}))


def test_a_session_is_told_as_it_was(zoom: ZoomStandIn, program: Program) -> None:
    session = held(zoom, segments=[(0, 2690)], topic="Review")
    body = program.get(program.connected(), f"/past_meetings/{encoded(session.uuid)}").json()
    assert (body["uuid"], body["id"], body["topic"]) == (session.uuid, int(session.meeting_id), "Review")
    assert (body["start_time"], body["end_time"]) == ("2026-03-02T07:00:00Z", "2026-03-02T07:44:50Z")
    assert (body["duration"], body["total_minutes"], body["participants_count"]) == (45, 90, 2)
    assert (body["user_email"], body["type"]) == ("jonas@acme.example", 2)


def test_uuids_with_slashes_are_encoded_twice(zoom: ZoomStandIn, program: Program) -> None:
    pair = program.connected()
    uuids = [held(zoom).uuid for _ in range(5)]
    assert any(uuid.startswith("/") for uuid in uuids)
    assert any("//" in uuid for uuid in uuids)
    for uuid in uuids:
        for rest in ("", "/participants"):
            assert program.get(pair, f"/past_meetings/{encoded(uuid)}{rest}").ok
        if uuid.startswith("/") or "//" in uuid:
            assert code(program.get(pair, f"/past_meetings/{quote(uuid, safe='')}")) == (404, 3001)


def test_a_meeting_s_id_stands_for_its_latest_session(zoom: ZoomStandIn, program: Program) -> None:
    pair, first = program.connected(), held(zoom)
    latest = held(zoom, meeting_id=first.meeting_id, began=A_CALL + timedelta(hours=1))
    zoom.start_call(meeting_id=first.meeting_id, at=START, send=False)
    path = f"/past_meetings/{first.meeting_id}"
    assert program.get(pair, path).json()["uuid"] == latest.uuid
    listed = program.get(pair, f"{path}/instances").json()["meetings"]
    assert [one["uuid"] for one in listed] == [latest.uuid, first.uuid]  # what still runs is not there


def test_instances_are_of_days_when_both_are_given(zoom: ZoomStandIn, program: Program) -> None:
    pair, first = program.connected(), held(zoom, began=A_CALL - timedelta(days=20))
    held(zoom, meeting_id=first.meeting_id)
    path = f"/past_meetings/{first.meeting_id}/instances"
    asked = [program.get(pair, path, query).json()["meetings"] for query in ({}, {"from": "2026-03-01"}, NOW)]
    assert [len(meetings) for meetings in asked] == [2, 2, 1]


def test_what_is_running_or_too_old_is_refused(zoom: ZoomStandIn, program: Program) -> None:
    running, old = zoom.start_call(send=False, at=START), held(zoom, began=START - timedelta(days=366))
    pair = program.connected()
    assert code(program.get(pair, f"/past_meetings/{encoded(running.uuid)}")) == (400, 300)
    assert code(program.get(pair, f"/past_meetings/{old.meeting_id}")) == (400, 12702)
    assert program.get(pair, f"/past_meetings/{old.meeting_id}/participants").ok  # 15 months
    assert len(program.get(pair, f"/past_meetings/{old.meeting_id}/instances").json()["meetings"]) == 1
    zoom.forward(100 * 86_400)
    pair = program.connected()
    assert code(program.get(pair, f"/past_meetings/{old.meeting_id}/participants")) == (400, 12702)
    assert program.get(pair, f"/past_meetings/{old.meeting_id}/instances").json()["meetings"] == []


def test_participants_are_told_without_the_addresses_of_guests(zoom: ZoomStandIn, program: Program) -> None:
    pair, session = program.connected(), held(zoom)
    rows = program.get(pair, f"/past_meetings/{encoded(session.uuid)}/participants").json()["participants"]
    said = [(row["name"], row["user_email"], row["duration"], row["internal_user"]) for row in rows]
    assert said == [("Jonas Weber", "jonas@acme.example", 2700, True), ("Kim Nowak", "", 2700, False)]
    alone = held(zoom, guests=())
    assert program.get(pair, f"/past_meetings/{encoded(alone.uuid)}/participants").json()["participants"] == []


def test_history_holds_what_ended_in_the_days_asked_for(zoom: ZoomStandIn, program: Program) -> None:
    over_midnight = START.replace(day=1, hour=23, minute=50)
    session, other = held(zoom, began=over_midnight), held(zoom, began=START - timedelta(days=9), host="maya")
    zoom.start_call(send=False, at=START)
    held(zoom, host="carlos")
    pair = program.connected()
    found = {
        (kind, day): [
            one["meeting_uuid"]
            for one in program.get(pair, HISTORY, {"from": day, "to": day, "date_type": kind}).json()[
                "history_meetings"
            ]
        ]
        for kind in ("start_time", "end_time")
        for day in ("2026-03-01", "2026-03-02")
    }
    assert [found[key] for key in sorted(found)] == [[], [session.uuid], [session.uuid], []]
    (first,) = program.get(pair, HISTORY, FEBRUARY).json()["history_meetings"]
    assert (first["meeting_uuid"], first["host_email"]) == (other.uuid, "maya@acme.example")
    assert program.get(pair, HISTORY, {**NOW, "search_key": "1"}).json()["history_meetings"] == []


def test_history_comes_in_pages_that_live_a_quarter_of_an_hour(zoom: ZoomStandIn, program: Program) -> None:
    rows = [
        (f"uuid-{n}", "93201235621", A_CALL - timedelta(hours=n), A_CALL - timedelta(hours=n, minutes=-30), who)
        for n, who in enumerate(["jonas"] * 200 + ["new.person@acme.example"] * 160)
    ]
    zoom.add_sessions("acme", rows)
    pair, seen, token = program.connected(), [], ""
    while True:
        page: Json = program.get(pair, HISTORY, {**NOW, "page_size": "300", "next_page_token": token}).json()
        seen += [one["meeting_uuid"] for one in page["history_meetings"]]
        if not (token := page["next_page_token"]):
            break
        last = token
    assert len(seen) == len(set(seen)) == 360 == len(zoom.history("acme"))
    zoom.forward(15 * 60 + 1)
    assert code(program.get(pair, HISTORY, {**NOW, "page_size": "300", "next_page_token": last})) == (400, 300)


@pytest.mark.parametrize("query", [
    {}, {"from": "2026-02-01"}, {"from": "2026-02-02", "to": "2026-02-01"}, {"from": "2026-01-01", "to": "2026-02-28"},
    {**NOW, "page_size": "301"}, {**NOW, "date_type": "day"}, {**NOW, "next_page_token": "forged"},
])  # fmt: skip
def test_a_wrong_question_about_the_past_is_refused(program: Program, query: dict[str, str]) -> None:
    assert code(program.get(program.connected(), HISTORY, query)) == (400, 300)


def test_a_user_s_report_leaves_out_whom_nobody_met(zoom: ZoomStandIn, program: Program) -> None:
    pair, session, alone = program.connected(), held(zoom, segments=[(0, 2729)]), held(zoom, guests=())
    reported = program.get(pair, "/report/users/me/meetings", NOW).json()
    assert [(one["uuid"], one["duration"]) for one in reported["meetings"]] == [(session.uuid, 45)]
    assert (reported["from"], reported["total_records"]) == ("2026-02-15", 1)
    single = program.get(pair, "/report/users/me/meetings", {**NOW, "type": "pastOne"}).json()
    assert [one["uuid"] for one in single["meetings"]] == [alone.uuid]
    for query in ({"from": "2025-08-01", "to": "2025-08-02"}, {**NOW, "type": "all"}):
        assert code(program.get(pair, "/report/users/me/meetings", query)) == (400, 300)


def test_reports_need_their_own_permission_and_scope(zoom: ZoomStandIn, program: Program) -> None:
    session = held(zoom)
    for person in ("bruno", "maya"):
        pair = program.connected(person)
        assert code(program.get(pair, HISTORY, NOW)) == (400, 200)
        assert code(program.get(pair, f"/past_meetings/{session.meeting_id}")) == (400, 200)
    assert program.get(program.connected("rosa"), HISTORY, NOW).ok
    classic = zoom.connect("jonas", scopes=frozenset({"report:read:admin", "meeting:read:admin"}))
    for path in (HISTORY, "/report/users/me/meetings", f"/past_meetings/{session.meeting_id}/instances"):
        assert program.get(classic, path, NOW).ok
    none = zoom.connect("jonas", scopes=frozenset({"user:read:admin"}))
    assert "[report:read:list_history_meetings:admin]" in program.get(none, HISTORY, NOW).json()["message"]


def test_nobody_reads_another_account_s_calls(zoom: ZoomStandIn, program: Program) -> None:
    session, pair = held(zoom), program.connected("carlos")
    assert code(program.get(pair, f"/past_meetings/{session.meeting_id}")) == (404, 3001)
    assert code(program.get(pair, "/report/users/jonas@acme.example/meetings", NOW)) == (404, 1001)
    assert program.get(pair, HISTORY, NOW).json()["history_meetings"] == []


@pytest.mark.parametrize(("path", "label"), [
    ("/past_meetings/1", "Light"), ("/past_meetings/1/instances", "Medium"), ("/report/history_meetings", "Heavy")
])  # fmt: skip
def test_limits_name_the_call_s_own_label(zoom: ZoomStandIn, program: Program, path: str, label: str) -> None:
    pair = program.connected()
    zoom.faults.switch_on("rate_limited", times=1)
    assert program.get(pair, path).headers["X-RateLimit-Category"] == label


def test_a_personal_room_has_its_owner_s_id(zoom: ZoomStandIn, program: Program) -> None:
    pair, session = program.connected(), held(zoom, meeting_id="pmi")
    me = program.get(pair, "/users/me").json()
    assert session.meeting_id == str(me["pmi"])
    assert me["vanity_url"] == "https://us02web.zoom.us/my/jonas.weber"
    assert program.get(pair, f"/past_meetings/{session.meeting_id}").json()["type"] == 4
    assert "vanity_url" not in program.get(pair, "/users").json()["users"][0]
    zoom.faults.habits(rooms="listed")
    assert program.get(pair, "/users").json()["users"][0]["vanity_url"] == me["vanity_url"]


def test_ids_are_forgotten_and_uuids_are_not(zoom: ZoomStandIn, program: Program) -> None:
    pair, session = program.connected(), held(zoom, began=START - timedelta(days=31))
    zoom.faults.habits(old_ids="forgotten")
    assert code(program.get(pair, INSTANCES.format(meetingId=session.meeting_id))) == (404, 3001)
    assert program.get(pair, PAST.format(meetingId=encoded(session.uuid))).ok
    held(zoom, meeting_id=session.meeting_id, began=START - timedelta(days=29))
    found = program.get(pair, INSTANCES.format(meetingId=session.meeting_id)).json()["meetings"]
    assert len(found) == 2


def test_the_history_in_other_forms(zoom: ZoomStandIn, program: Program) -> None:
    pair, session = program.connected(), held(zoom, meeting_id="93201235621")
    zoom.start_call(at=A_CALL, send=False)

    def entries(**habits: str) -> list[Json]:
        zoom.faults.habits(**habits)
        found: list[Json] = program.get(pair, HISTORY, NOW).json()["history_meetings"]
        return found

    assert [one["meeting_id"] for one in entries()] == [int(session.meeting_id)]
    assert [one["meeting_id"] for one in entries(history_ids="grouped")] == ["932 0123 5621"]
    assert ["meeting_id" in one for one in entries(history_ids="missing")] == [False]
    assert sorted(one["end_time"] for one in entries(history_runs="yes")) == ["", "2026-03-02T07:45:00Z"]


def test_days_of_the_history_in_the_readers_zone(zoom: ZoomStandIn, program: Program) -> None:
    pair, session = program.connected(), held(zoom, began=START.replace(hour=1))  # the day before in Los Angeles

    def told(day: str) -> list[str]:
        found = program.get(pair, HISTORY, {"from": day, "to": day}).json()["history_meetings"]
        return [one["meeting_uuid"] for one in found]

    assert (told("2026-03-01"), told("2026-03-02")) == ([], [session.uuid])
    zoom.faults.habits(history_days="account")
    assert (told("2026-03-01"), told("2026-03-02")) == ([session.uuid], [])
