"""What the service has to say reaches the person or the staff, once, and never somebody who may not know it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.model import Message
from integration.db import utcnow
from integration.notifications import service as notifications
from integration.notifications.staff import tell_staff
from integration.tenants.models import Workspace
from tests.bot.scene import JONAS, MAYA, PATIENCE, Scene, a_scene, bots, labels, texts

LINK_TO_ACME = "Link to Acme Corp"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with a_scene(tmp_path) as made, bots(made, "acme") as ready:
        yield ready


@pytest.fixture
def staffed(tmp_path: Path) -> Iterator[Scene]:
    with a_scene(tmp_path) as made, bots(made, "retain") as ready:
        yield ready


def owe(scene: Scene, kind: str, payload: dict[str, Any], place: str, about: str = "1") -> None:
    runtime = scene.service.runtime
    with runtime.database.writing() as session:
        notifications.owe(session, runtime.vault, kind=kind, about=about, payload=payload, now=utcnow(), place=place)


def notice(scene: Scene, topic: str, **more: Any) -> Message:
    """Tells the staff something; the message in their channel."""
    runtime = scene.service.runtime
    with runtime.database.writing() as session:
        tell_staff(
            session,
            runtime.vault,
            topic=topic,
            title="A title",
            text="What it is about.",
            about="1",
            now=utcnow(),
            **more,
        )
    return scene.slack.wait_for_message(scene.slack.channel("retain", "support-desk"), "A title", PATIENCE)


def changed(scene: Scene, actor: str, change: str) -> dict[str, Any]:
    headers = {"X-Actor": MAYA, "X-Role": "member", "X-Tenant": "acme"}
    return {"actor": actor, "change": change, "status": scene.api("GET", "/v1/tenants/acme/zoom/status", **headers)}


def test_a_lost_connection_is_told_with_its_cause_and_a_way_to_reconnect(scene: Scene) -> None:
    scene.connect()
    scene.zoom.faults.switch_on("invalid_grant", where="refresh")
    scene.service.clock.forward(4000)
    headers = {"X-Actor": JONAS, "X-Role": "admin", "X-Tenant": "acme"}
    scene.api("GET", "/v1/tenants/acme/zoom/status?live=true", **headers)
    scene.service.clock.forward(61)  # bad news waits a minute
    told = scene.wait_dm("jonas", "🔴 Zoom has to be connected again for Acme Corp")
    assert "Who must act" in texts(told)
    scene.zoom.faults.clear()
    scene.slack.click("jonas", told, "Send me a connect link")
    card = scene.wait_dm("jonas", "🔗 Connect Zoom for")
    scene.sign_in(scene.link_in(card), "jonas")
    scene.wait_dm("jonas", "✅ Zoom is connected")


def test_the_end_of_a_connection_is_told_with_its_receipt(scene: Scene) -> None:
    scene.connect()
    scene.api("DELETE", "/v1/tenants/acme/zoom/connection")
    told = scene.wait_dm("jonas", "⚫ Zoom is disconnected for Acme Corp, and what came from there was deleted")
    assert "our permission there is withdrawn" in texts(told)
    assert "Deleted: our permission, the Zoom user's name and e-mail address, their ids at Zoom" in texts(told)
    assert "By Retain's support" in texts(told)
    assert "Who must act" not in texts(told)
    assert labels(told) == ["Show status"]


@pytest.mark.parametrize("actor", ["slack:T0ACME/U0PRIYA", "slack:T0ACME/U0VERA", "slack:T0ACME/U0GONE"])
def test_who_may_not_see_it_any_more_is_told_nothing(scene: Scene, actor: str) -> None:
    owe(scene, "connection.changed", changed(scene, actor, "lost"), actor)
    owe(scene, "connection.changed", changed(scene, JONAS, "lost"), JONAS, about="2")
    scene.wait_dm("jonas", "does not work any more")
    scene.slack.wait_until_idle(quiet=0.5, timeout=PATIENCE)
    sent = scene.slack.calls_of("chat.postMessage")
    assert {call.args["channel"] for call in sent} == {scene.slack.dm("jonas")}


def test_a_change_that_this_version_does_not_know_is_told_all_the_same(scene: Scene) -> None:
    owe(scene, "connection.changed", changed(scene, JONAS, "a_new_kind_of_change"), JONAS)
    scene.wait_dm("jonas", "Something changed about Zoom for Acme Corp")


@pytest.mark.parametrize("kind", ["connection.changed", "connect_link.changed", "a.kind.of.tomorrow"])
def test_what_cannot_be_read_does_not_hold_up_the_rest(scene: Scene, kind: str) -> None:
    owe(scene, kind, {"form": "another"}, "slack:T0ACME/U0JONAS")
    owe(scene, "connection.changed", changed(scene, JONAS, "restored"), JONAS, about="2")
    scene.wait_dm("jonas", "works again for Acme Corp")


def test_news_of_a_link_that_came_late_and_twice_shows_the_state_of_now(scene: Scene) -> None:
    scene.slack.command("jonas", "#general", "/retain", "connect")
    card = scene.wait_dm("jonas", "🔗 Connect Zoom for")
    headers = {"X-Actor": JONAS, "X-Role": "admin", "X-Tenant": "acme"}
    link_id = next(
        message.metadata["event_payload"]["key"].removeprefix("link:")
        for message in scene.slack.messages(scene.slack.dm("jonas"))
        if message.metadata
    )
    before = scene.api("GET", f"/v1/connect-links/{link_id}", **headers)
    scene.sign_in(scene.link_in(card), "jonas")
    scene.wait_dm("jonas", "✅ Zoom is connected")
    for number in range(3):
        owe(scene, "connect_link.changed", {"link": before}, JONAS, about=f"late/{number}")
    scene.slack.wait_until_idle(quiet=2.0, timeout=PATIENCE)
    (only,) = [m for m in scene.slack.messages(scene.slack.dm("jonas")) if m.ts == card.ts]
    assert "✅ Zoom is connected" in texts(only)


def test_staff_are_told_in_their_channel_and_see_the_status_for_their_eyes_only(staffed: Scene) -> None:
    told = notice(staffed, "a_topic_of_tomorrow", tenant="acme", article="reauthorize-zoom")
    assert "/help/reauthorize-zoom" in str(told.blocks)
    desk = staffed.slack.channel("retain", "support-desk")
    staffed.slack.click("sam", told, "Show status")
    staffed.wait_ephemeral("sam", desk, "Acme Corp: Zoom is not connected yet")
    assert not [m for m in staffed.slack.messages(desk, viewer="ellie") if "not connected yet" in texts(m)]


def unknown_workspace(scene: Scene) -> Message:
    runtime = scene.service.runtime
    with runtime.database.writing() as session:
        session.add(Workspace(team="T0NEW", name="Acme Germany", first_seen_at=utcnow()))
    data = {"team": "T0NEW", "name": "Acme Germany", "suggestions": [{"tenant": "acme", "name": "Acme Corp"}]}
    return notice(scene, "unknown_workspace", data=data)


def test_a_workspace_is_linked_by_a_button_and_the_notice_says_who_did_it(staffed: Scene) -> None:
    told = unknown_workspace(staffed)
    assert labels(told) == [LINK_TO_ACME, "Another organisation…"]
    staffed.slack.click("sam", told, LINK_TO_ACME)
    done = staffed.slack.wait_for_message(told.channel, "linked to Acme Corp, by Sam Rivera", PATIENCE)
    assert done.ts == told.ts
    assert staffed.api("GET", "/v1/workspaces/T0NEW")["tenant"] == "acme"


def test_a_workspace_is_linked_after_a_search(staffed: Scene) -> None:
    told = unknown_workspace(staffed)
    staffed.slack.click("sam", told, "Another organisation…")
    form = staffed.slack.wait_for_modal("sam", timeout=PATIENCE)
    refused = staffed.slack.submit("sam", form, {"Name of the organisation": "zzzzqqq"})
    assert refused is not None
    assert "tenants add" in str(refused.errors)
    found = staffed.slack.submit("sam", form, {"Name of the organisation": "globex"})
    assert found is not None
    staffed.api("PATCH", "/v1/tenants/globex", {"zoom_enabled": False})
    staffed.slack.submit("sam", found, {"Organisation": "globex"})
    done = staffed.wait_modal("sam", "The workspace Acme Germany is linked to Globex")
    staffed.slack.click("sam", done, "Enable Zoom for Globex")
    staffed.wait_modal("sam", "Globex: Zoom is not connected yet")
    staffed.slack.wait_for_message(told.channel, "linked to Globex, by Sam Rivera", PATIENCE)
    assert staffed.api("GET", "/v1/workspaces/T0NEW")["tenant"] == "globex"


def test_only_staff_link_workspaces(staffed: Scene) -> None:
    told = unknown_workspace(staffed)
    staffed.slack.join("tom", told.channel)
    staffed.slack.click("tom", told, LINK_TO_ACME)
    staffed.wait_ephemeral("tom", told.channel, "That is not open to you")
    staffed.slack.click("tom", told, "Another organisation…")
    staffed.wait_modal("tom", "That is not open to you")
    assert staffed.api("GET", "/v1/workspaces/T0RETAIN")["staff"]
