"""The API, held against Zoom's own document of it."""

import pytest

from integration.zoom.sandbox.driver import ZoomStandIn
from tests.integration.zoom.sandbox.conftest import Documented, Program

NEEDED_PERMISSIONS = {"User:Read", "UsageReport:Read"}


def test_answers_follow_zoom_s_document(zoom: ZoomStandIn, program: Program, documented: Documented) -> None:
    for person in zoom.people:
        pair = program.connected(person)
        documented.check("/users/{userId}", program.get(pair, "/users/me").json())
        documented.check("/users/{userId}/permissions", program.get(pair, "/users/me/permissions").json())
    pair = program.connected("jonas")
    for status in ("active", "inactive", "pending"):
        documented.check("/users", program.get(pair, "/users", {"status": status}).json())
    documented.check("/users/{userId}", program.get(pair, "/users/maya@acme.example").json())


def test_refusals_are_documented_ones(program: Program, documented: Documented) -> None:
    pair = program.connected()
    no_page = program.get(pair, "/users", {"next_page_token": "forged"})
    nobody = program.get(pair, "/users/nobody")
    for path, answer in (("/users", no_page), ("/users/{userId}", nobody)):
        documented.check_refusal(path, answer)


def test_the_owner_is_known_by_role_and_custom_roles_by_permissions(program: Program) -> None:
    said = {}
    for person in ("jonas", "ines", "rosa", "bruno", "maya"):
        pair = program.connected(person)
        me = program.get(pair, "/users/me").json()
        permissions = set(program.get(pair, "/users/me/permissions").json()["permissions"])
        said[person] = (me["role_id"], me["role_name"], permissions >= NEEDED_PERMISSIONS)
    assert said["jonas"] == ("0", "Owner", True)
    assert said["ines"] == ("1", "Admin", True)
    assert said["maya"] == ("2", "Member", False)
    assert said["rosa"][1:] == ("Meeting admin", True)
    assert said["bruno"][1:] == ("Billing", False)
    assert len(said["rosa"][0]) == 22  # opaque, as ids of custom roles are


def test_people_of_an_account_share_its_id(program: Program) -> None:
    ids = {p: program.get(program.connected(p), "/users/me").json()["account_id"] for p in ("jonas", "maya", "carlos")}
    assert ids["jonas"] == ids["maya"] != ids["carlos"]


def test_the_list_of_users_comes_in_pages(zoom: ZoomStandIn, program: Program) -> None:
    pair = program.connected()
    seen: list[str] = []
    token = ""
    while True:
        page = program.get(pair, "/users", {"page_size": "20", "next_page_token": token}).json()
        seen += [user["email"] for user in page["users"]]
        if not (token := page["next_page_token"]):
            break
        zoom.forward(15 * 60)  # each token lives for 15 minutes
    assert len(seen) == len(set(seen)) == page["total_records"] == 43
    assert page["page_count"] == page["page_number"] == 3


def test_a_page_s_token_is_for_one_question_and_a_quarter_of_an_hour(zoom: ZoomStandIn, program: Program) -> None:
    pair = program.connected()
    token = program.get(pair, "/users").json()["next_page_token"]
    other = program.get(pair, "/users", {"page_size": "10", "next_page_token": token})
    assert (other.status_code, other.json()["code"]) == (400, 300)
    zoom.forward(15 * 60 + 1)
    assert program.get(pair, "/users", {"next_page_token": token}).json()["code"] == 300


def test_users_are_found_by_role_and_status(program: Program) -> None:
    pair = program.connected("rosa")
    owner = program.get(pair, "/users", {"role_id": "0"}).json()
    assert [user["email"] for user in owner["users"]] == ["jonas@acme.example"]
    assert owner["next_page_token"] == ""
    pending = program.get(pair, "/users", {"status": "pending"}).json()["users"]
    assert [("id" in user) for user in pending] == [False]
    assert program.get(pair, "/users", {"role_id": "none"}).json()["users"] == []


@pytest.mark.parametrize("query", [{"page_size": "0"}, {"page_size": "2001"}, {"page_size": "x"}, {"status": "gone"}])
def test_a_wrong_question_is_refused_with_its_field(program: Program, query: dict[str, str]) -> None:
    answer = program.get(program.connected(), "/users", query)
    assert (answer.status_code, answer.json()["code"]) == (400, 300)
    assert answer.json()["errors"][0]["field"] in query


def test_a_member_sees_nobody_but_themselves(program: Program) -> None:
    pair = program.connected("maya")
    assert program.get(pair, "/users/me").ok
    for path in ("/users", "/users/jonas@acme.example"):
        answer = program.get(pair, path)
        assert (answer.status_code, answer.json()) == (400, {"code": 200, "message": "No permission."})


def test_people_of_other_accounts_do_not_exist(program: Program) -> None:
    answer = program.get(program.connected("jonas"), "/users/carlos@globex.example")
    assert (answer.status_code, answer.json()["code"]) == (404, 1001)


def test_the_token_counts_in_the_header_only(zoom: ZoomStandIn, program: Program) -> None:
    pair = program.connected()
    url = f"{zoom.api_url}/users/me"
    for answer in (
        program.http.get(url, params={"access_token": pair["access_token"]}, timeout=10),
        program.http.get(url, auth=("bearer", pair["access_token"]), timeout=10),
        program.get({"access_token": pair["refresh_token"]}, "/users/me"),
    ):
        assert (answer.status_code, answer.json()) == (401, {"code": 124, "message": "Invalid access token."})


def test_a_dead_token_may_be_answered_with_400(zoom: ZoomStandIn, program: Program) -> None:
    zoom.faults.habits(dead_access="400")
    answer = program.get({"access_token": "forged"}, "/users/me")
    assert (answer.status_code, answer.json()["code"]) == (400, 124)


def test_a_missing_scope_is_named(zoom: ZoomStandIn, program: Program) -> None:
    pair = zoom.connect("jonas", scopes=frozenset({"user:read:user:admin"}))
    assert program.get(pair, "/users/me").ok
    answer = program.get(pair, "/users")
    assert (answer.status_code, answer.json()["code"]) == (400, 4711)
    assert "does not contain scopes:[user:read:list_users:admin]" in answer.json()["message"]


def test_classic_scopes_are_enough(zoom: ZoomStandIn, program: Program) -> None:
    pair = zoom.connect("jonas", scopes=frozenset({"user:read:admin"}))
    assert all(program.get(pair, path).ok for path in ("/users/me", "/users", "/users/me/permissions"))


def test_what_is_not_here_is_not_recognised(program: Program) -> None:
    assert program.get(program.connected(), "/rooms").json()["code"] == 2300


def test_answers_carry_rate_limits(zoom: ZoomStandIn, program: Program) -> None:
    pair = program.connected()
    headers = program.get(pair, "/users").headers
    assert (headers["X-RateLimit-Category"], headers["X-RateLimit-Type"]) == ("Medium", "QPS")
    assert int(headers["X-RateLimit-Remaining"]) < int(headers["X-RateLimit-Limit"])
    zoom.faults.habits(limit_headers="category")
    headers = program.get(pair, "/users/me").headers
    assert headers["X-RateLimit-Category"] == "Light"
    assert "X-RateLimit-Limit" not in headers
