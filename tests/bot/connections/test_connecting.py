"""From `/retain connect` to "connected" by clicks, and every way in which it can go otherwise."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import blocks
from bot.carried import Subject
from bot.sandbox.model import Message
from tests.bot.scene import JONAS, PATIENCE, Scene, a_scene, bots, labels, texts


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with a_scene(tmp_path) as made, bots(made, "acme") as ready:
        yield ready


@pytest.fixture
def with_staff(tmp_path: Path) -> Iterator[Scene]:
    with a_scene(tmp_path) as made, bots(made, "acme", "retain") as ready:
        yield ready


def test_an_admin_goes_from_the_command_to_connected_by_clicks(scene: Scene) -> None:
    general = scene.slack.channel("acme", "general")
    scene.slack.command("jonas", "#general", "/retain", "connect")
    told = scene.wait_ephemeral("jonas", general, "I sent you a direct message")
    assert "/connect/" not in str(told.blocks)
    assert "Open the message" in texts(told)
    card = scene.wait_dm("jonas", "Connect Zoom for Acme Corp")
    assert card.fetched_links == ()
    assert "It works once, until <!date^" in texts(card)
    link = scene.link_in(card)
    with scene.browser(link) as sign_in:
        started = scene.wait_dm("jonas", "Connecting Zoom for")
        assert started.ts == card.ts
        assert link in texts(started)  # it can still be passed on
        assert "connected" in sign_in("jonas").text
    connected = scene.wait_dm("jonas", "✅ Zoom is connected for Acme Corp")
    assert connected.ts == card.ts
    assert link not in texts(connected)
    scene.slack.click("jonas", connected, "Show status")
    shown = scene.wait_dm("jonas", "🟢 Acme Corp: Zoom is connected and works")
    assert "Verified" in texts(shown)
    assert not [m for m in scene.slack.messages(general, viewer="maya") if "/connect/" in str(m.blocks)]


def test_in_the_direct_message_the_link_speaks_for_itself(scene: Scene) -> None:
    scene.slack.command("jonas", "dm", "/retain", "connect")
    scene.wait_dm("jonas", "Connect Zoom for")
    scene.slack.wait_until_idle()
    assert not [m for m in scene.slack.messages(scene.slack.dm("jonas"), viewer="jonas") if "I sent you" in m.text]


def test_a_stranger_at_zoom_must_be_confirmed_and_then_it_is_connected(scene: Scene) -> None:
    card = ask(scene)
    scene.sign_in(scene.link_in(card), "ines")
    waiting = scene.wait_dm("jonas", "Is this the right Zoom account")
    assert "it@acme-it.example" in texts(waiting)
    assert "neither yours nor one of your organisation" in texts(waiting)
    assert labels(waiting) == ["Yes, connect it", "No, that is wrong"]
    scene.slack.click("jonas", waiting, blocks.CONFIRM)
    assert scene.wait_dm("jonas", "✅ Zoom is connected").ts == card.ts
    assert scene.api("GET", "/v1/tenants/acme/zoom/status")["state"] == "connected"


def test_a_word_that_comes_too_late_changes_nothing_and_shows_how_it_stands(scene: Scene) -> None:
    scene.sign_in(scene.link_in(ask(scene)), "ines")
    waiting = scene.wait_dm("jonas", "Is this the right Zoom account")
    (link,) = {b["elements"][0]["value"] for b in waiting.blocks if b["type"] == "actions"}
    headers = {"X-Actor": JONAS, "X-Role": "admin", "X-Tenant": "acme"}
    scene.api("POST", f"/v1/connect-links/{Subject.unpacked(link).link}/reject", **headers)
    over = scene.wait_dm("jonas", "❌ Zoom was not connected")

    def put_back() -> None:
        live = next(m for m in scene.slack.world.messages[over.channel] if m.ts == over.ts)
        live.blocks = waiting.blocks

    scene.slack.call(put_back)
    scene.slack.click("jonas", over, blocks.CONFIRM)
    scene.wait_dm("jonas", "❌ Zoom was not connected")
    assert scene.api("GET", "/v1/tenants/acme/zoom/status")["state"] == "not_connected"


def test_a_wrong_account_is_turned_down_and_a_new_link_offered(scene: Scene) -> None:
    card = ask(scene)
    scene.sign_in(scene.link_in(card), "ines")
    scene.slack.click("jonas", scene.wait_dm("jonas", "Is this the right Zoom account"), blocks.REJECT)
    over = scene.wait_dm("jonas", "❌ Zoom was not connected")
    assert over.ts == card.ts
    assert "Send a new link" in labels(over)
    assert scene.zoom.live_pairs() == []
    scene.slack.click("jonas", over, "Send a new link")
    assert scene.wait_dm("jonas", "🔗 Connect Zoom for Acme Corp").ts != card.ts


def test_who_is_no_zoom_admin_gets_a_text_to_forward_with_the_link_that_still_works(scene: Scene) -> None:
    card = ask(scene)
    link = scene.link_in(card)
    scene.sign_in(link, "maya")
    failed = scene.wait_dm("jonas", "❌ Zoom was not connected")
    assert link in texts(failed)
    assert "<https://zoom.us/account|your Zoom account page>" in texts(failed)
    assert labels(failed) == ["Ask my Zoom admin"]  # not a new link, which would end this one
    scene.slack.click("jonas", failed, "Ask my Zoom admin")
    assert link in texts(scene.wait_modal("jonas", "A text for your Zoom admin"))
    scene.sign_in(link, "jonas")
    assert scene.wait_dm("jonas", "✅ Zoom is connected").ts == card.ts


def test_two_clicks_on_the_button_make_one_link(scene: Scene) -> None:
    scene.slack.say("jonas", "dm", "How do I connect Zoom to Retain?")
    answer = scene.wait_dm("jonas", "Was this helpful?")
    for _ in range(2):
        scene.slack.click("jonas", answer, "Send me a connect link")
    scene.wait_dm("jonas", "🔗 Connect Zoom for")
    scene.slack.wait_until_idle(quiet=1.0, timeout=PATIENCE)
    assert len([m for m in scene.slack.messages(scene.slack.dm("jonas")) if "/connect/" in str(m.blocks)]) == 1


def test_a_command_delivered_again_makes_one_link(scene: Scene) -> None:
    scene.slack.faults.redeliver(2)
    ask(scene)
    scene.slack.wait_until_idle(quiet=1.0, timeout=PATIENCE)
    assert len([m for m in scene.slack.messages(scene.slack.dm("jonas")) if "/connect/" in str(m.blocks)]) == 1


def test_an_older_link_is_marked_as_over_when_a_new_one_is_made(scene: Scene) -> None:
    first = ask(scene)
    scene.slack.command("jonas", "dm", "/retain", "connect")
    over = scene.wait_dm("jonas", "replaced by a newer one")
    assert over.ts == first.ts
    assert labels(over) == []


def test_a_card_that_was_deleted_comes_anew(scene: Scene) -> None:
    card = ask(scene)
    link = scene.link_in(card)
    scene.slack.delete(card)
    scene.sign_in(link, "jonas")
    assert scene.wait_dm("jonas", "✅ Zoom is connected").ts != card.ts


@pytest.mark.parametrize(("person", "words"), [("maya", "Only an admin"), ("priya", "Guests"), ("omar", "Guests")])
def test_who_may_not_gets_no_link(scene: Scene, person: str, words: str) -> None:
    sales = scene.slack.channel("acme", "sales")
    scene.slack.join(person, sales)
    scene.slack.command(person, sales, "/retain", "connect")
    told = scene.wait_ephemeral(person, sales, words)
    assert "/connect/" not in str(told.blocks)
    assert not [c for c in scene.slack.calls_of("chat.postMessage") if "/connect/" in str(c.args)]


def test_a_member_whose_zoom_is_connected_reads_that_nobody_has_to(scene: Scene) -> None:
    scene.connect()
    sales = scene.slack.channel("acme", "sales")
    scene.slack.join("maya", sales)
    scene.slack.command("maya", sales, "/retain", "connect")
    told = scene.wait_ephemeral("maya", sales, "nobody has to connect it again")
    assert "could you connect our Zoom" not in str(told.blocks)


def test_external_people_get_no_link_from_a_button(scene: Scene) -> None:
    shared = scene.slack.channel("acme", "acme-initech")
    scene.slack.say("maya", "#acme-initech", "@Retain How do I connect Zoom to Retain?")
    answer = scene.slack.wait_for_message(shared, "Was this helpful?", PATIENCE)
    scene.slack.click("vera", answer, "Send me a connect link")
    assert "another organisation" in scene.wait_ephemeral("vera", shared, "You are here from").text
    scene.slack.click("maya", answer, "Send me a connect link")
    scene.wait_ephemeral("maya", shared, "Only an admin")


def test_where_zoom_is_not_enabled_it_says_so_and_how(scene: Scene) -> None:
    scene.api("PATCH", "/v1/tenants/acme", {"zoom_enabled": False})
    general = scene.slack.channel("acme", "general")
    scene.slack.command("jonas", "#general", "/retain", "connect")
    told = scene.wait_ephemeral("jonas", general, "Zoom is not enabled for Acme Corp")
    assert "Read more: The Zoom icon is missing" in texts(told)
    assert labels(told) == ["Talk to a person"]


def test_while_the_service_is_down_it_says_so(scene: Scene) -> None:
    scene.service.stop()
    general = scene.slack.channel("acme", "general")
    scene.slack.command("jonas", "#general", "/retain", "connect")
    told = scene.wait_ephemeral("jonas", general, "I could not send a connect link")
    assert "does not answer" in told.text
    scene.service.start()
    scene.slack.click("jonas", told, "Try again")
    scene.wait_dm("jonas", "🔗 Connect Zoom for Acme Corp")


def test_trying_again_goes_on_with_the_name_that_was_typed(with_staff: Scene) -> None:
    with_staff.service.stop()
    desk = with_staff.slack.channel("retain", "support-desk")
    with_staff.slack.command("sam", "#support-desk", "/retain", "connect acme")
    told = with_staff.wait_ephemeral("sam", desk, "I could not send a connect link")
    with_staff.service.start()
    with_staff.slack.click("sam", told, "Try again")
    with_staff.wait_dm("sam", "🔗 Connect Zoom for Acme Corp")


def test_staff_enable_zoom_with_one_button_and_get_the_link(with_staff: Scene) -> None:
    scene = with_staff
    scene.api("PATCH", "/v1/tenants/acme", {"zoom_enabled": False})
    desk = scene.slack.channel("retain", "support-desk")
    scene.slack.command("sam", "#support-desk", "/retain", "connect acme")
    offered = scene.wait_ephemeral("sam", desk, "Zoom is not enabled for Acme Corp yet")
    scene.slack.click("sam", offered, "Enable Zoom for Acme Corp")
    scene.wait_ephemeral("sam", desk, "I sent you a direct message")
    card = scene.wait_dm("sam", "🔗 Connect Zoom for Acme Corp")
    scene.sign_in(scene.link_in(card), "jonas")
    scene.slack.click("sam", scene.wait_dm("sam", "✅ Zoom is connected"), "Show status")


def test_staff_send_a_link_to_a_colleague_and_not_to_somebody_who_may_not(with_staff: Scene) -> None:
    scene = with_staff
    desk = scene.slack.channel("retain", "support-desk")
    scene.slack.command("sam", "#support-desk", "/retain", "connect acme @ellie")
    scene.wait_ephemeral("sam", desk, "I sent Ellie Park a direct message")
    assert "Retain's support made this link for you" in texts(scene.wait_dm("ellie", "Connect Zoom for Acme Corp"))
    scene.slack.command("sam", "#support-desk", "/retain", "connect acme @tom")
    scene.wait_ephemeral("sam", desk, "Tom Becker cannot connect Zoom there")
    scene.slack.command("sam", "#support-desk", "/retain", "connect acme @nobody-like-that")
    told = scene.wait_ephemeral("sam", desk, "Leave the person out: I send you the link for Acme Corp")
    scene.slack.click("sam", told, "Send it to me")
    scene.wait_dm("sam", "🔗 Connect Zoom for Acme Corp")


def test_a_name_that_is_not_clear_is_asked_back(with_staff: Scene) -> None:
    scene = with_staff
    scene.api("POST", "/v1/tenants", {"id": "acme-labs", "name": "Acme Labs", "zoom_enabled": True, "domains": []})
    desk = scene.slack.channel("retain", "support-desk")
    scene.slack.command("sam", "#support-desk", "/retain", "connect acmee")
    asked = scene.wait_ephemeral("sam", desk, "Which organisation do you mean?")
    scene.slack.click("sam", asked, "Acme Labs")
    scene.wait_dm("sam", "🔗 Connect Zoom for Acme Labs")


def ask(scene: Scene) -> Message:
    scene.slack.command("jonas", "#general", "/retain", "connect")
    return scene.wait_dm("jonas", "🔗 Connect Zoom for Acme Corp")
