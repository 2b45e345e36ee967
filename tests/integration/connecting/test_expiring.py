"""What is over by time, or has nothing left to it, ends; what ended long ago is forgotten."""

from datetime import timedelta

from sqlalchemy import delete

from integration.connecting.expiring import KEPT, forget_links
from integration.connecting.models import ConnectLink, Grant
from tests.integration.connecting.steps import Scene, outcome


def forget(scene: Scene) -> int:
    with scene.runtime.database.writing() as session:
        return forget_links(session, scene.runtime.vault, scene.clock.now)


def is_kept(scene: Scene, link_id: str) -> bool:
    with scene.runtime.database.reading() as session:
        return session.get(ConnectLink, link_id) is not None


def test_who_asked_hears_when_what_zoom_gave_is_gone_while_it_was_tested(scene: Scene) -> None:
    number = scene.zoom.faults.switch_on("server_error", where="users")
    made = scene.make()
    scene.sign_in(scene.browser(), made["url"])
    with scene.runtime.database.writing() as session:
        session.execute(delete(Grant))  # as the app's removal in that account does
    scene.work()
    assert scene.link(made["id"])["state"] == "started"  # it may be that Zoom is just being asked for it
    scene.clock.move(60)
    scene.work()
    view = scene.link(made["id"])
    assert (view["state"], view["cause"]) == ("failed", "sign_in_cut_off")
    assert scene.told(made["id"])[-1]["state"] == "failed"
    scene.zoom.faults.switch_off(number)
    assert outcome(scene.sign_in(scene.browser(), made["url"])) == "connected"


def test_who_is_still_at_zoom_is_left_alone(scene: Scene) -> None:
    made = scene.make()
    scene.press(scene.browser(), made["url"])
    scene.clock.move(600)
    scene.work()
    assert scene.link(made["id"])["state"] == "started"


def test_a_link_that_ended_is_forgotten_after_some_time(scene: Scene) -> None:
    made, unused = scene.connect(), scene.make()
    scene.clock.move(timedelta(days=2).total_seconds())
    scene.work()
    scene.clock.move((KEPT - timedelta(days=1)).total_seconds())
    assert forget(scene) == 1
    assert not is_kept(scene, made["id"])
    assert is_kept(scene, unused["id"])  # it expired later
    assert outcome(scene.browser().get(made["url"])) == "unknown"
    assert scene.connections()["acme"].state == "connected"


def test_a_link_is_kept_as_long_as_something_of_it_is_to_be_let_go(scene: Scene) -> None:
    scene.zoom.faults.switch_on("server_error", where="me")
    made = scene.make()
    scene.sign_in(scene.browser(), made["url"])
    with scene.runtime.database.writing() as session:
        scene.attached(session, made["id"]).finished_at = scene.clock.now
    scene.clock.move((KEPT + timedelta(days=1)).total_seconds())
    assert forget(scene) == 0
    assert is_kept(scene, made["id"])
