"""A grant that nobody can go on with holds up no other, and is not kept for ever."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from integration.connecting.advancing import finish_grants
from integration.connecting.models import Grant
from tests.integration.connecting.steps import Scene, add_tenant

DAY, WEEK = (timedelta(days=days).total_seconds() for days in (1, 7))
GLOBEX = {"X-Actor": "slack:TGLOBEX/UCARLOS", "X-Role": "admin", "X-Tenant": "globex"}


def half_way(scene: Scene, tenant: str = "acme", person: str = "jonas", headers: dict[str, str] | None = None) -> str:
    """Somebody has signed in, and Zoom was away when it should have said who they are. The link."""
    number = scene.zoom.faults.switch_on("server_error", where="me")
    given = {"headers": headers} if headers else {}
    made = scene.make(tenant, **given, requester_email=f"{person}@{tenant}.example")
    scene.sign_in(scene.browser(), made["url"], person)
    scene.zoom.faults.switch_off(number)
    return made["id"]


def spoil(scene: Scene, *, unreadable: bool) -> None:
    """Acme's grant: sealed with a key that is gone, or holding what a bug put there."""
    with scene.runtime.database.writing() as session:
        for row in session.query(Grant).where(Grant.tenant_id == "acme"):
            holding_nothing = scene.runtime.vault.seal("{}", table="grants", column="tokens", row=row.id)
            row.tokens = "v1.gone.AAAA" if unreadable else holding_nothing


@pytest.mark.parametrize(("unreadable", "logged"), [(True, "a grant does not open"), (False, "a grant met a bug")])
def test_it_holds_up_no_grant_of_others(
    scene: Scene, caplog: pytest.LogCaptureFixture, unreadable: bool, logged: str
) -> None:
    add_tenant(scene.runtime, "globex", "Globex")
    half_way(scene)
    spoil(scene, unreadable=unreadable)
    scene.clock.move(5)
    half_way(scene, "globex", "carlos", GLOBEX)
    scene.clock.move(601)
    scene.work()
    assert set(scene.connections()) == {"globex"}
    assert logged in caplog.text
    (grant,) = scene.grants()
    assert (grant.tenant_id, grant.lease_owner) == ("acme", None)
    assert grant.due_at > scene.clock.now


def test_it_is_tried_again_later_each_time_and_goes_on_when_it_can(scene: Scene) -> None:
    half_way(scene)
    (grant,) = scene.grants()
    kept = grant.tokens
    spoil(scene, unreadable=True)
    waits = []
    for _ in range(8):
        scene.clock.move(3601)
        finish_grants(scene.runtime)
        waits.append(scene.grants()[0].due_at - scene.clock.now)
    assert waits[-1] > waits[0]
    assert waits[-1] <= timedelta(hours=1)
    with scene.runtime.database.writing() as session:
        session.execute(update(Grant).values(tokens=kept))
    scene.clock.move(3601)
    scene.work()
    assert scene.works("jonas")


@pytest.mark.parametrize("unreadable", [True, False])
def test_after_a_day_it_is_decided_against_and_staff_and_the_requester_hear(scene: Scene, unreadable: bool) -> None:
    link_id = half_way(scene)
    spoil(scene, unreadable=unreadable)
    scene.clock.move(DAY)
    scene.work()
    view = scene.link(link_id)
    assert (view["state"], view["cause"]) == ("expired", "self_test_failed")
    (notice,) = [one for one in scene.notices() if "could not be finished" in one["title"]]
    assert notice["tenant"] == "acme"
    assert [grant.step for grant in scene.grants()] == ["discard"]


@pytest.mark.parametrize("unreadable", [True, False])
def test_what_cannot_be_let_go_for_a_week_is_deleted(scene: Scene, unreadable: bool) -> None:
    half_way(scene)
    spoil(scene, unreadable=unreadable)
    for _ in range(3):
        scene.clock.move(WEEK)
        scene.work()
    assert scene.grants() == []
    assert len([one for one in scene.notices() if "could not be finished" in one["title"]]) == 1
