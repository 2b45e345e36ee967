"""A link ends with the right to use it, however far it has come."""

from typing import Any

import pytest

from tests.integration.connecting.steps import JONAS, STAFF, Scene, add_tenant, outcome

LISTED = {"X-Actor": JONAS, "X-Role": "member", "X-Tenant": "acme"}  # an admin because Retain says so
SAM = {"X-Actor": "slack:TR/USAM", "X-Role": "member"}


def put(scene: Scene, path: str, **body: Any) -> None:
    assert scene.api.put(f"/v1{path}", json=body, headers=STAFF).status_code == 200


@pytest.fixture
def listed(scene: Scene) -> Scene:
    """Acme's workspace is linked, and Jonas is listed as its admin."""
    put(scene, "/workspaces/T0ACME", tenant="acme")
    put(scene, "/people", actor=JONAS, tenant="acme", role="admin")
    return scene


def assert_ended(scene: Scene, made: dict[str, str]) -> None:
    view = scene.link(made["id"])
    assert (view["state"], view["cause"]) == ("expired", "link_withdrawn")
    page = scene.browser().get(made["url"])
    assert (page.status_code, outcome(page)) == (410, "withdrawn")
    scene.work()
    assert (scene.connections(), scene.grants(), scene.zoom.live_pairs()) == ({}, [], [])


TAKEN_AWAY = [
    ("/people", {"actor": JONAS, "role": "member"}),
    ("/people", {"actor": JONAS, "role": "admin", "tenant": "globex"}),
    ("/workspaces/T0ACME", {}),
    ("/workspaces/T0ACME", {"tenant": "globex"}),
]


@pytest.mark.parametrize(("path", "body"), TAKEN_AWAY)
def test_a_link_ends_when_its_requester_may_not_connect_any_more(
    listed: Scene, path: str, body: dict[str, Any]
) -> None:
    add_tenant(listed.runtime, "globex", "Globex")
    made = listed.make(headers=LISTED)
    put(listed, path, **body)
    assert_ended(listed, made)
    assert listed.told(made["id"])[-1]["cause"] == "link_withdrawn"


@pytest.mark.parametrize("person", ["ines", "jonas"], ids=["waits for confirmation", "is being tested"])
def test_what_zoom_gave_already_is_let_go(listed: Scene, person: str) -> None:
    number = listed.zoom.faults.switch_on("server_error", where="users")
    made = listed.make(headers=LISTED)
    listed.sign_in(listed.browser(), made["url"], person)
    assert len(listed.grants()) == 1
    put(listed, "/people", actor=JONAS, role="member")
    listed.zoom.faults.switch_off(number)
    listed.clock.move(601)
    assert_ended(listed, made)


def test_who_is_at_zoom_just_then_connects_nothing(listed: Scene) -> None:
    made, browser = listed.make(headers=LISTED), listed.browser()
    address = listed.zoom.authorize_as("jonas", listed.press(browser, made["url"]))
    put(listed, "/people", actor=JONAS, role="member")
    assert outcome(browser.get(address)) == "withdrawn"
    assert listed.connections() == {}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/people", {"actor": JONAS, "role": "admin", "tenant": "acme"}),
        ("/people", {"actor": f"{JONAS}2", "role": "member"}),
        ("/workspaces/T0ACME", {"tenant": "acme", "name": "Acme"}),
        ("/workspaces/T0ACM", {"tenant": "acme"}),
    ],
)
def test_whatever_else_changes_the_link_works(listed: Scene, path: str, body: dict[str, Any]) -> None:
    put(listed, "/people", actor=f"{JONAS}2", tenant="acme", role="admin")
    made = listed.make(headers=LISTED)
    put(listed, path, **body)
    assert outcome(listed.sign_in(listed.browser(), made["url"])) == "connected"


def test_a_connection_that_is_made_stays(listed: Scene) -> None:
    made = listed.connect()
    put(listed, "/people", actor=JONAS, role="member")
    assert listed.link(made["id"])["state"] == "connected"
    assert listed.works("jonas")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/people", {"actor": SAM["X-Actor"], "role": "member"}),
        ("/people", {"actor": SAM["X-Actor"], "role": "admin", "tenant": "globex"}),
        ("/workspaces/TR", {"staff": False}),
    ],
)
def test_what_staff_made_for_others_ends_when_they_are_staff_no_more(
    listed: Scene, path: str, body: dict[str, Any]
) -> None:
    add_tenant(listed.runtime, "globex", "Globex")
    put(listed, "/workspaces/TR", staff=True)
    put(listed, "/people", actor=SAM["X-Actor"], role="staff")
    made = listed.make(headers=SAM, for_actor=JONAS)
    put(listed, path, **body)
    assert_ended(listed, made)


def test_an_admin_who_becomes_staff_keeps_the_link(listed: Scene) -> None:
    put(listed, "/workspaces/TR", staff=True)
    put(listed, "/people", actor=SAM["X-Actor"], role="admin", tenant="acme")
    made = listed.make(headers=SAM | {"X-Tenant": "acme"})
    put(listed, "/people", actor=SAM["X-Actor"], role="staff")
    assert listed.link(made["id"])["state"] == "sent"
