"""`/retain integrations`, and the buttons that open pages: for whoever presses them, when they do."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from bot import pages
from bot.carried import Page
from bot.identity import A_GUEST
from bot.page_links import page_button
from bot.sandbox.model import Message, View
from tests.bot.scene import Scene, a_scene, bots, labels, texts
from tests.integration.submitting import token_in


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with a_scene(tmp_path) as made, bots(made, "acme", "retain") as ready:
        yield ready


def opened(scene: Scene, shown: Message | View) -> str:
    """Follow the link that stands there, and press the button on its page: what one then sees."""
    [address] = [e["url"] for b in shown.blocks if b["type"] == "actions" for e in b["elements"] if e.get("url")]
    here = address.replace("http://localhost:8000", scene.service.url)
    with requests.Session() as session:
        session.trust_env = False
        form = {"form_token": token_in(session.get(here, timeout=10).text)}
        page = session.post(here, form, timeout=10)
    assert page.ok, page.text
    return page.text


def typed(scene: Scene, person: str, words: str, expected: str) -> Message:
    scene.slack.command(person, "dm", "/retain", f"integrations {words}".strip())
    return scene.wait_ephemeral(person, scene.slack.dm(person), expected)


def test_everybody_gets_the_page_that_is_theirs_and_buttons_make_a_new_link_each_time(scene: Scene) -> None:
    admin = typed(scene, "jonas", "", pages.CHANGES)
    page = opened(scene, admin)
    assert "What Acme Corp has connected" in page
    assert "Connect</button>" in page
    member = typed(scene, "maya", "globex", pages.NO_OTHER)
    assert pages.CHANGES not in texts(member)
    assert "Connect</button>" not in opened(scene, member)
    typed(scene, "priya", "", A_GUEST)
    scene.slack.command("jonas", "dm", "/retain", "status")
    card = scene.wait_ephemeral("jonas", scene.slack.dm("jonas"), "Zoom is not connected yet")
    assert scene.slack.click("jonas", card, "Open the page")
    modal = scene.wait_modal("jonas", pages.READY)
    assert pages.PRIVATE in texts(modal)
    assert "Signed in as an admin" in opened(scene, modal)


def test_staff_open_any_by_its_name(scene: Scene) -> None:
    shown = typed(scene, "sam", "globex", pages.SHOWS.format(name="Globex"))
    assert "What Globex has connected" in opened(scene, shown)
    assert labels(typed(scene, "sam", "", pages.CHOOSE)) == [pages.OPEN]
    typed(scene, "sam", "zzzzqqq", "I know no organisation by a name like")
    scene.api("POST", "/v1/tenants", {"id": "acme-labs", "name": "Acme Labs", "zoom_enabled": True, "domains": []})
    asked = typed(scene, "sam", "acmee", "Which organisation do you mean?")
    assert scene.slack.click("sam", asked, "Acme Labs")
    assert "What Acme Labs has connected" in opened(scene, scene.wait_modal("sam", pages.READY))


def test_a_button_carries_its_page_and_an_id_of_its_own() -> None:
    first, second = (page_button("Open", f"/staff/queue?state={state}") for state in ("open", "answered"))
    assert Page.unpacked(first["value"]).path == "/staff/queue?state=open"
    assert first["action_id"] != second["action_id"]
