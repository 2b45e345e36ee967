"""Who may connect, whose account it is, and when the requester is asked."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, NoReturn

import pytest
from sqlalchemy import update

from integration.app import create_app
from integration.config import Settings
from integration.tenants.models import Tenant
from integration.vault import EncryptionKeys
from integration.zoom.sandbox import api
from integration.zoom.sandbox.errors import api_error
from tests.integration.conftest import KEY_ENTRY
from tests.integration.connecting.steps import ADMIN, JONAS, STAFF, Scene, add_tenant, browser_of, outcome

QUARTER = timedelta(minutes=15).total_seconds()


def awaiting(scene: Scene, person: str = "ines") -> dict[str, str]:
    """A link that waits for Jonas: somebody signed in whose address is of elsewhere."""
    made = scene.make()
    response = scene.sign_in(scene.browser(), made["url"], person)
    assert outcome(response) == "awaiting"
    return made


@pytest.mark.parametrize("person", ["maya", "bruno"], ids=["a member", "a role without the permissions"])
def test_who_is_no_admin_connects_nothing_and_gets_a_text_to_pass_on(scene: Scene, person: str) -> None:
    made, browser = scene.make(), scene.browser()
    response = scene.sign_in(browser, made["url"], person)
    assert response.status_code == 403
    for part in ("A Zoom admin is needed", made["url"], "/help/zoom-account-owner", "wants to connect Zoom to Retain"):
        assert part in response.text
    assert (scene.connections(), scene.grants(), scene.zoom.live_pairs()) == ({}, [], [])
    view = scene.link(made["id"])
    assert (view["state"], view["cause"]) == ("failed", "not_admin")
    assert "wants to connect Zoom to Retain" in view["forward"]


@pytest.mark.parametrize("answer", ["_user", "_permissions"])
def test_whom_zoom_tells_nothing_for_want_of_permission_is_no_admin(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    """Both calls need the role's permission User:Read. Waiting a day for it would be in vain."""

    def refuse(*_: object) -> NoReturn:
        raise api_error(200, "No permission.")

    monkeypatch.setattr(api, answer, refuse)
    made = scene.make()
    assert scene.sign_in(scene.browser(), made["url"], "maya").status_code == 403
    assert scene.link(made["id"])["cause"] == "not_admin"
    monkeypatch.undo()
    scene.clock.move(601)
    scene.work()
    assert (scene.connections(), scene.grants(), scene.zoom.live_pairs()) == ({}, [], [])


def test_the_link_still_works_for_the_one_it_was_passed_on_to(scene: Scene) -> None:
    made = scene.make()
    scene.sign_in(scene.browser(), made["url"], "maya")
    assert outcome(scene.sign_in(scene.browser(), made["url"], "rosa")) == "connected"
    assert [one["state"] for one in scene.told(made["id"])] == ["started", "failed", "started", "connected"]


def test_a_role_that_the_account_made_itself_may_suffice(scene: Scene) -> None:
    assert outcome(scene.sign_in(scene.browser(), scene.make()["url"], "rosa")) == "connected"


def test_a_colleague_with_an_address_of_the_tenant_need_not_be_confirmed(scene: Scene) -> None:
    made = scene.make(headers=STAFF, requester_email="sam@retain.example")
    assert outcome(scene.sign_in(scene.browser(), made["url"], "jonas")) == "connected"


def test_the_requesters_own_address_suffices_however_it_is_spelled(scene: Scene) -> None:
    made = scene.make(requester_email="IT@Acme-IT.example")
    assert outcome(scene.sign_in(scene.browser(), made["url"], "ines")) == "connected"


def test_an_address_of_elsewhere_waits_for_the_requester(scene: Scene) -> None:
    made = awaiting(scene)
    view = scene.link(made["id"])
    assert view["state"] == "awaiting_confirmation"
    assert view["zoom_user"] == {"email": "it@acme-it.example", "name": "Ines Duarte", "why": "email"}
    assert view["replaces"] is None  # nothing was connected before
    assert view["confirm_by"] == "2025-01-14T18:45:00Z"
    assert scene.connections() == {}
    assert scene.told(made["id"])[-1] == view | {"zoom_user": None}


def test_another_account_than_before_waits_for_the_requester(scene: Scene) -> None:
    scene.connect()
    made = scene.make(requester_email="carlos@globex.example")
    assert outcome(scene.sign_in(scene.browser(), made["url"], "carlos")) == "awaiting"
    view = scene.link(made["id"])
    assert (view["zoom_user"]["why"], view["replaces"]) == ("account", "Jonas Weber")
    assert scene.told(made["id"])[-1]["replaces"] is None
    assert scene.works("jonas")
    assert scene.decide(made["id"], "confirm").json()["replaces"] is None
    assert scene.works("carlos")


def test_the_former_users_permission_is_withdrawn_when_another_takes_over(scene: Scene) -> None:
    scene.connect()
    assert outcome(scene.sign_in(scene.browser(), scene.make()["url"], "rosa")) == "connected"
    scene.clock.move(61)
    scene.work()
    assert scene.works("rosa")
    assert scene.zoom.live_pairs("jonas") == []


def test_what_was_confirmed_is_tested_and_connected(scene: Scene) -> None:
    made = awaiting(scene)
    view = scene.decide(made["id"], "confirm").json()
    assert (view["state"], view["cause"], view["zoom_user"]) == ("connected", "connected", None)
    assert scene.works("ines")
    states = [one["state"] for one in scene.told(made["id"])]
    assert states == ["started", "awaiting_confirmation", "started", "connected"]


def test_what_was_turned_down_is_revoked_and_forgotten(scene: Scene) -> None:
    made = awaiting(scene)
    view = scene.decide(made["id"], "reject").json()
    assert (view["state"], view["cause"]) == ("rejected", "rejected")
    assert (scene.connections(), scene.grants(), scene.zoom.live_pairs()) == ({}, [], [])


def test_nothing_that_is_kept_of_news_names_who_signed_in(scene: Scene) -> None:
    made = awaiting(scene)
    scene.decide(made["id"], "confirm")
    scene.api.delete("/v1/tenants/acme/zoom/connection", headers=STAFF)
    told = [*scene.told(made["id"]), *scene.notices()]
    assert len(told) > 3
    assert "acme-it.example" not in str(told)


@pytest.mark.parametrize("first", ["confirm", "reject"])
def test_saying_it_again_or_otherwise_changes_nothing(scene: Scene, first: str) -> None:
    made = awaiting(scene)
    said = scene.decide(made["id"], first).json()
    for what in (first, "confirm", "reject"):
        again = scene.decide(made["id"], what)
        assert (again.status_code, again.json()) == (200, said)
    assert len(scene.zoom.live_pairs()) == (first == "confirm")


def test_confirming_twice_at_once_connects_once(scene: Scene) -> None:
    made = awaiting(scene)
    with ThreadPoolExecutor(4) as clicks:
        answers = list(clicks.map(lambda _: scene.decide(made["id"], "confirm"), range(4)))
    assert {answer.status_code for answer in answers} == {200}
    assert scene.refresh_count("ines") == 1
    assert scene.link(made["id"])["state"] == "connected"
    assert [one["state"] for one in scene.told(made["id"])][-2:] == ["started", "connected"]


def test_of_yes_and_no_at_once_one_counts(scene: Scene) -> None:
    made = awaiting(scene)
    with ThreadPoolExecutor(2) as clicks:
        list(clicks.map(lambda what: scene.decide(made["id"], what), ("confirm", "reject")))
    scene.work()
    connected = scene.link(made["id"])["state"] == "connected"
    assert connected or scene.link(made["id"])["state"] == "rejected"
    assert len(scene.connections()) == len(scene.zoom.live_pairs()) == connected


@pytest.mark.parametrize("what", ["confirm", "reject"])
def test_only_the_requester_and_staff_answer(scene: Scene, what: str) -> None:
    made = awaiting(scene)
    another_admin = ADMIN | {"X-Actor": "slack:T0ACME/UOTHER"}
    no_admin_any_more = ADMIN | {"X-Role": "member"}
    admin_of_elsewhere = ADMIN | {"X-Tenant": "globex"}
    for who in (another_admin, no_admin_any_more, admin_of_elsewhere, {}):
        assert scene.decide(made["id"], what, who).status_code == 403
    assert scene.link(made["id"])["state"] == "awaiting_confirmation"
    assert scene.decide(made["id"], what, STAFF).status_code == 200


@pytest.mark.parametrize("noticed_by", ["the worker", "confirm", "reject"])
def test_without_an_answer_for_fifteen_minutes_nothing_is_kept(scene: Scene, noticed_by: str) -> None:
    made = awaiting(scene)
    scene.clock.move(QUARTER - 1)
    scene.work()
    assert scene.link(made["id"])["state"] == "awaiting_confirmation"
    scene.clock.move(1)
    assert outcome(scene.browser().get(made["url"])) == "not_confirmed"
    if noticed_by != "the worker":
        assert scene.decide(made["id"], noticed_by).json()["state"] == "rejected"
    scene.work()
    assert scene.link(made["id"])["cause"] == "not_confirmed"
    assert (scene.connections(), scene.grants(), scene.zoom.live_pairs()) == ({}, [], [])
    assert outcome(scene.browser().get(made["url"])) == "not_confirmed"


def test_a_link_that_expires_while_it_waits_is_not_ended_before_the_answer(scene: Scene) -> None:
    made = scene.make()
    scene.clock.move(timedelta(hours=23, minutes=55).total_seconds())
    scene.sign_in(scene.browser(), made["url"], "ines")
    scene.clock.move(timedelta(minutes=6).total_seconds())
    scene.work()
    assert scene.decide(made["id"], "confirm").json()["state"] == "connected"


def taken(scene: Scene) -> dict[str, str]:
    """Globex has connected its account; its owner now comes with Acme's link."""
    add_tenant(scene.runtime, "globex", "Globex Inc", domains=["globex.example"])
    scene.connect("carlos", "globex", requester_email="carlos@globex.example")
    return scene.make(requester_email="carlos@globex.example")


def test_an_account_of_another_tenant_is_refused_without_naming_it(scene: Scene) -> None:
    made = taken(scene)
    response = scene.sign_in(scene.browser(), made["url"], "carlos")
    assert response.status_code == 409
    view: dict[str, Any] = scene.link(made["id"])
    assert view["cause"] == "account_of_another_tenant"
    for text in (response.text, str(view), str(scene.told(made["id"]))):
        assert "lobex" not in text.replace("carlos@globex.example", "")
    assert set(scene.connections()) == {"globex"}


def test_staff_hear_whose_account_it_is(scene: Scene) -> None:
    made = taken(scene)
    scene.sign_in(scene.browser(), made["url"], "carlos")
    (notice,) = [one for one in scene.notices() if one["topic"] == "account_of_another_tenant"]
    assert notice["tenant"] == "acme"
    assert notice["data"] == {"other_tenant": "globex", "link": made["id"], "requested_by": JONAS}


def test_the_connection_of_the_other_tenant_lives_on_with_the_newest_pair(scene: Scene) -> None:
    made = taken(scene)
    scene.sign_in(scene.browser(), made["url"], "carlos")
    scene.work()
    assert scene.works("carlos", "globex")
    assert scene.grants() == []


def test_it_is_recognised_while_keys_are_being_rotated(scene: Scene, settings: Settings) -> None:
    made = taken(scene)
    keys = EncryptionKeys.parse(f"k2:bd0W5b0hzr2sM0m2xg2x1w1l8QyXyN3pVb0q7uTgJ5A=,{KEY_ENTRY}")
    app = create_app(settings.model_copy(update={"encryption_keys": keys}), clock=scene.clock)
    with browser_of(app) as browser:
        assert scene.sign_in(browser, made["url"], "carlos").status_code == 409


def test_zoom_switched_off_while_the_answer_is_awaited_ends_it(scene: Scene) -> None:
    made = awaiting(scene)
    with scene.runtime.database.writing() as session:
        session.execute(update(Tenant).values(zoom_enabled=False))
    assert scene.decide(made["id"], "confirm").json()["cause"] == "not_enabled"
    assert (scene.connections(), scene.grants(), scene.zoom.live_pairs()) == ({}, [], [])
