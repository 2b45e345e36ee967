"""Disconnecting asks first, deletes, and shows a receipt."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.connections.disconnecting import COUNTED, NOT_YOURS, WILL_BE_DELETED, WORDS, deleted
from bot.sandbox.model import View
from bot.service.service_api import Deletion
from integration.meetings.zoom_data import FROM_ZOOM
from tests.bot.scene import Scene, a_scene, bots, texts


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with a_scene(tmp_path) as made, bots(made, "acme") as ready:
        ready.connect()
        yield ready


def asked(scene: Scene) -> View:
    scene.slack.command("jonas", "dm", "/retain", "status")
    card = scene.wait_ephemeral("jonas", scene.slack.dm("jonas"), "🟢 Acme Corp")
    scene.slack.click("jonas", card, "Disconnect")
    return scene.wait_modal("jonas", "Disconnect Zoom from Acme Corp?")


def demote(scene: Scene) -> None:
    people = scene.slack.world.people
    scene.slack.call(lambda: people.update(U0JONAS=replace(people["U0JONAS"], is_admin=False)))


def test_it_says_what_will_be_deleted_and_then_what_was(scene: Scene) -> None:
    form = asked(scene)
    assert WILL_BE_DELETED in texts(form)
    scene.slack.submit("jonas", form)
    receipt = scene.wait_modal("jonas", "Zoom is disconnected")
    assert "our permission, the Zoom user's name and e-mail address" in texts(receipt)
    assert "Zoom has confirmed" in texts(receipt)
    assert scene.zoom.live_pairs() == []
    assert scene.api("GET", "/v1/tenants/acme/zoom/status")["state"] == "deauthorized"


def test_who_lost_the_right_meanwhile_disconnects_nothing(scene: Scene) -> None:
    form = asked(scene)
    demote(scene)
    scene.slack.submit("jonas", form)
    scene.wait_modal("jonas", "That is not open to you")
    assert scene.api("GET", "/v1/tenants/acme/zoom/status")["state"] == "connected"


def test_a_button_that_got_into_other_hands_asks_nothing(scene: Scene) -> None:
    scene.slack.command("jonas", "dm", "/retain", "status")
    card = scene.wait_ephemeral("jonas", scene.slack.dm("jonas"), "🟢 Acme Corp")
    demote(scene)
    scene.slack.click("jonas", card, "Disconnect")
    scene.wait_modal("jonas", NOT_YOURS)


def test_while_the_service_is_down_nothing_is_said_to_be_deleted(scene: Scene) -> None:
    form = asked(scene)
    scene.service.stop()
    scene.slack.submit("jonas", form)
    scene.wait_modal("jonas", "I could not disconnect Zoom just now")


def test_counts_are_told_in_words_and_what_was_not_there_is_left_out() -> None:
    counts = {"access_token": 1, "refresh_token": 1, "grants": 0, "meeting_sessions": 1240, "past_meetings": 3}
    deletion = Deletion.model_validate({"deleted": counts, "at": "2026-11-24T10:00:00Z"})
    assert deleted(deletion) == "our permission, 1,240 Zoom calls, 3 past meetings"


def test_what_comes_from_zoom_about_meetings_has_words() -> None:
    assert {model.__tablename__ for model in FROM_ZOOM} <= {*WORDS, *COUNTED}
