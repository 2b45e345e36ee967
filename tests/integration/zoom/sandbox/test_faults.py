"""Trouble: each kind does what it says, where, for whom and as often as it was asked for."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from integration.zoom.sandbox import faults
from integration.zoom.sandbox.driver import ZoomStandIn
from integration.zoom.sandbox.errors import NotPossible
from tests.integration.zoom.sandbox.conftest import Program

Lost = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)
# kind: status and code (or error) at the token endpoint, and at the API.
ANSWERS = {
    "server_error": ((500, "server_error"), (500, 500)),
    "rate_limited": ((429, 429), (429, 429)),
    "rate_limited_today": ((429, 429), (429, 429)),
    "invalid_grant": ((400, "invalid_grant"), None),
    "invalid_client": ((400, "invalid_client"), None),
    "app_disabled": ((400, 4738), (400, 4717)),
    "user_removed": ((400, 4735), (400, 4735)),
    "scopes_changed": (None, (400, 4711)),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_a_fault_is_answered_and_has_no_effect(zoom: ZoomStandIn, program: Program, kind: str) -> None:
    pair = program.connected()
    zoom.faults.switch_on(kind)
    at_oauth, at_api = ANSWERS[kind]
    for wanted, answer in ((at_oauth, program.refresh(pair)), (at_api, program.get(pair, "/users/me"))):
        if wanted:
            body = answer.json()
            assert answer.status_code == wanted[0]
            assert wanted[1] in (body.get("code"), body.get("error"))
        else:
            assert answer.ok
    zoom.faults.clear()
    if at_oauth:
        assert zoom.refreshes["jonas"] == 0
        assert program.refresh(pair).ok


def test_limits_say_when_to_come_back(zoom: ZoomStandIn, program: Program) -> None:
    pair = program.connected()
    zoom.faults.switch_on("rate_limited", times=1)
    zoom.faults.switch_on("rate_limited_today")
    second = program.get(pair, "/users")
    assert (second.headers["X-RateLimit-Type"], second.headers["X-RateLimit-Reset"]) == ("QPS", "1")
    assert "per-second" in second.json()["message"]
    day = program.get(pair, "/users")
    assert (day.headers["X-RateLimit-Type"], day.headers["Retry-After"]) == ("Daily-limit", "2026-03-03T00:00:00Z")
    assert "daily" in day.json()["message"]
    zoom.faults.habits(retry_after="seconds", limit_code="4001")
    day = program.get(pair, "/users")
    assert (day.headers["Retry-After"], day.json()["code"]) == (str(15 * 3600 + 1), 4001)
    zoom.faults.habits(retry_after="absent")
    assert "Retry-After" not in program.get(pair, "/users").headers


def test_a_scope_that_was_taken_away_is_missing_in_new_tokens(zoom: ZoomStandIn, program: Program) -> None:
    pair = program.connected()
    zoom.faults.switch_on("scopes_changed", where="refresh")
    fewer = program.refresh(pair).json()
    assert set(pair["scope"].split()) - set(fewer["scope"].split()) == {"user:read:list_users:admin"}
    assert program.get(fewer, "/users").json()["code"] == 4711
    zoom.faults.clear()
    assert program.refresh(fewer).json()["scope"] == pair["scope"]


@pytest.mark.parametrize(("kind", "takes_effect"), [("cut_before", False), ("cut_after", True), ("half_written", True)])
def test_a_connection_is_lost_before_or_after_the_effect(
    zoom: ZoomStandIn, program: Program, kind: str, takes_effect: bool
) -> None:
    pair = program.connected()
    zoom.faults.switch_on(kind, times=1)
    with pytest.raises(Lost):
        program.refresh(pair)
    assert zoom.refreshes["jonas"] == int(takes_effect)
    assert program.refresh(pair).ok is not takes_effect


@pytest.mark.parametrize("kind", ["cut_before", "cut_after", "half_written"])
def test_the_api_loses_connections_too(zoom: ZoomStandIn, program: Program, kind: str) -> None:
    pair = program.connected()
    zoom.faults.switch_on(kind, where="api", times=1)
    with pytest.raises(Lost):
        program.get(pair, "/users")
    assert program.get(pair, "/users").ok


def test_500_may_come_after_the_effect(zoom: ZoomStandIn, program: Program) -> None:
    pair = program.connected()
    zoom.faults.switch_on("error_after", times=1)
    assert program.refresh(pair).status_code == 500
    assert zoom.refreshes["jonas"] == 1


def test_a_web_page_may_stand_where_json_should(zoom: ZoomStandIn, program: Program) -> None:
    zoom.faults.switch_on("unreadable")
    answer = program.token({"grant_type": "refresh_token", "refresh_token": "x"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")


def test_a_call_without_an_answer_ends_when_the_caller_gives_up(zoom: ZoomStandIn, program: Program) -> None:
    pair = program.connected()
    zoom.faults.switch_on("timeout", times=1)
    with pytest.raises(requests.ReadTimeout):
        program.refresh(pair, timeout=0.3)
    assert zoom.refreshes["jonas"] == 0
    assert program.refresh(pair).ok


def test_a_call_may_take_effect_and_be_left_without_an_answer(zoom: ZoomStandIn, program: Program) -> None:
    pair = program.connected()
    zoom.faults.switch_on("timeout_after", times=1)
    with pytest.raises(requests.ReadTimeout):
        program.refresh(pair, timeout=0.3)
    assert zoom.refreshes["jonas"] == 1
    assert program.refresh(pair).status_code == 400


def test_going_back_to_normal_ends_what_hangs(zoom: ZoomStandIn, program: Program) -> None:
    pair = program.connected()
    zoom.faults.switch_on("timeout")
    with ThreadPoolExecutor(1) as pool:
        hanging = pool.submit(program.refresh, pair, timeout=30)
        zoom.wait_for_hanging()
        zoom.faults.clear()
        with pytest.raises(requests.ConnectionError):
            hanging.result(10)


def test_slow_is_slow_and_right(zoom: ZoomStandIn, program: Program) -> None:
    pair = program.connected()
    zoom.faults.switch_on("slow", seconds=0.4)
    with pytest.raises(requests.ReadTimeout):
        program.get(pair, "/users/me", timeout=0.1)
    assert program.get(pair, "/users/me").json()["email"] == "jonas@acme.example"


def test_a_fault_happens_as_often_as_asked_for(zoom: ZoomStandIn, program: Program) -> None:
    pair = program.connected()
    zoom.faults.switch_on("server_error", where="api", times=2)
    assert [program.get(pair, "/users/me").status_code for _ in range(3)] == [500, 500, 200]


def test_one_account_fails_while_another_works(zoom: ZoomStandIn, program: Program) -> None:
    acme, globex = program.connected("jonas"), program.connected("carlos")
    zoom.faults.switch_on("server_error", account="acme")
    assert program.get(acme, "/users/me").status_code == 500
    assert program.refresh(acme).status_code == 500
    assert program.get(globex, "/users/me").ok
    assert program.refresh(globex).ok


@pytest.mark.parametrize("where", [place for place in faults.PLACES if place != "all"])
def test_a_fault_stays_where_it_was_put(zoom: ZoomStandIn, program: Program, where: str) -> None:
    pair, other = program.connected("jonas"), program.connected("carlos")
    zoom.faults.switch_on("server_error", where=where)
    failed = {
        "exchange": program.exchange(program.code("ines")).status_code == 500,
        "me": program.get(pair, "/users/me").status_code == 500,
        "permissions": program.get(pair, "/users/me/permissions").status_code == 500,
        "users": program.get(pair, "/users").status_code == 500,
        "user": program.get(pair, "/users/maya@acme.example").status_code == 500,
        "past_meeting": program.get(pair, "/past_meetings/1").status_code == 500,
        "instances": program.get(pair, "/past_meetings/1/instances").status_code == 500,
        "participants": program.get(pair, "/past_meetings/1/participants").status_code == 500,
        "history": program.get(pair, "/report/history_meetings").status_code == 500,
        "report": program.get(pair, "/report/users/me/meetings").status_code == 500,
        "refresh": program.refresh(pair).status_code == 500,
        "revoke": program.revoke(other["access_token"]).status_code == 500,
    }
    meant = faults.GROUPS.get(where, (where,))
    assert failed == {call: call in meant for call in failed}


def test_a_fault_of_oauth_alone_never_reaches_the_api(zoom: ZoomStandIn, program: Program) -> None:
    pair = program.connected()
    zoom.faults.switch_on("invalid_grant", where="all")
    assert program.get(pair, "/users/me").ok


def test_one_of_several_faults_is_switched_off(zoom: ZoomStandIn, program: Program) -> None:
    pair = program.connected()
    first = zoom.faults.switch_on("server_error")
    zoom.faults.switch_on("rate_limited")
    zoom.faults.switch_off(first)
    assert program.get(pair, "/users/me").status_code == 429


@pytest.mark.parametrize(
    "wrong", [{"kind": "x"}, {"where": "x"}, {"times": 0}, {"seconds": -1.0}], ids=lambda wrong: next(iter(wrong))
)
def test_a_fault_that_does_not_exist_is_refused(zoom: ZoomStandIn, wrong: dict[str, str]) -> None:
    with pytest.raises(NotPossible):
        zoom.faults.switch_on(**{"kind": "slow", **wrong})  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [{"x": "y"}, {"stamp": "hours"}])
def test_a_habit_that_does_not_exist_is_refused(zoom: ZoomStandIn, wrong: dict[str, str]) -> None:
    with pytest.raises(NotPossible, match="Choose from"):
        zoom.faults.habits(**wrong)


def test_calls_are_recorded_without_a_secret(zoom: ZoomStandIn, program: Program) -> None:
    pair = program.connected()
    zoom.faults.switch_on("cut_before", times=1)
    with pytest.raises(Lost):
        program.refresh(pair)
    program.get(pair, "/users", {"next_page_token": "x"})
    kinds = [(call.kind, call.status, call.person, call.fault) for call in zoom.calls]
    assert kinds == [
        ("consent", 200, None, None),
        ("consent", 302, "jonas", None),
        ("exchange", 200, "jonas", None),
        ("refresh", 0, "jonas", "cut_before"),
        ("users", 400, "jonas", None),
    ]
    assert {call.path for call in zoom.calls} == {"/oauth/authorize", "/oauth/token", "/v2/users"}


def test_many_refreshes_at_once_are_one_when_they_bring_the_same_token(zoom: ZoomStandIn, program: Program) -> None:
    pair = program.connected()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: program.refresh(pair).status_code, range(24)))
    assert sorted(answers) == [200] + [400] * 23
    assert zoom.refreshes["jonas"] == 1
