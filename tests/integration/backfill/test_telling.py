"""Who hears that a tenant's past has been gone through."""

from typing import Any

from integration.backfill.telling import FINISHED
from integration.notifications.service import payload_of
from integration.tenants import preferences
from tests.integration.backfill.steps import Scene
from tests.integration.connections.steps import ADMIN, list_admin, owed

OTHER, QUIET = "slack:T1/UOTHER", "slack:T1/UQUIET"


def told(scene: Scene) -> list[dict[str, Any]]:
    vault = scene.runtime.vault
    return [dict(payload_of(vault, row)) | {"place": row.place} for row in owed(scene.runtime, FINISHED)]


def test_who_connected_and_the_admins_hear_once_what_came_of_it(scene: Scene) -> None:
    for admin in (OTHER, QUIET):
        list_admin(scene.runtime, admin)
    with scene.runtime.database.writing() as session:
        preferences.change(session, QUIET, reminders=None, news=False, now=scene.clock.now)
    scene.held(scene.ago(days=3))
    scene.fill("connected")
    scene.work()
    asked_from, _ = scene.covered()
    assert asked_from is not None
    news = {"tenant": "acme", "name": "Acme", "sessions_found": 1, "fresh": 1, "asked_from": asked_from.isoformat()}
    assert told(scene) == [news | {"actor": actor, "place": actor} for actor in (ADMIN, OTHER)]
    scene.clock.move(1)
    scene.fill("asked")
    assert len(told(scene)) == 4


def test_what_the_worker_makes_up_for_by_itself_is_no_news(scene: Scene) -> None:
    scene.fill("missed")
    assert told(scene) == []
