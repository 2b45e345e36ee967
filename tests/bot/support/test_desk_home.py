"""The staff's App Home is their desk; `/retain desk` shows the same to them, and to nobody else."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox.validation import check_message
from bot.service.desk_api import Queue
from bot.support import desk_home
from bot.support.request_actions import STAFF_ONLY
from tests.bot.scene import SAM, Scene, a_scene, bots, labels, texts
from tests.bot.support.test_request_actions import told
from tests.bot.support.test_request_card import NOW, STAFF, a_request


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with a_scene(tmp_path) as made, bots(made, "retain", "acme") as ready:
        yield ready


def test_it_says_what_waits_and_leads_to_the_pages() -> None:
    late = a_request(minutes_left=-5.0, respond_by=NOW - timedelta(minutes=5), claimed_by=SAM, state="claimed")
    soon = a_request(minutes_left=20.0)
    message = desk_home.told(Queue(requests=(late, soon, a_request(), a_request()), undelivered=1), NOW, STAFF)
    check_message(list(message.blocks))
    said = texts(message)
    assert "4 wait for an answer: 1 overdue, 1 due soon, 3 that nobody has." in said
    assert said.count("> Why?") == desk_home.MOST_SHOWN
    assert "And 1 other in the queue." in said
    assert labels(message) == ["1 message may have reached nobody", *(label for label, _ in desk_home.PAGES)]


def test_an_empty_desk_is_good_news() -> None:
    said = texts(desk_home.told(Queue(), NOW, STAFF))
    assert desk_home.NOBODY_WAITS in said


def test_staff_see_the_desk_open_requests_and_pages_from_it(scene: Scene) -> None:
    slack = scene.slack
    asked = {"key": "view:V1", "text": "Why again?", "via": "slack", "name": "Maya Chen"}
    maya = {"X-Actor": "slack:T0ACME/U0MAYA", "X-Role": "member", "X-Tenant": "acme"}
    scene.api("POST", "/v1/support-requests", asked, **maya)
    slack.open_home("sam")
    home = slack.wait_for_home("sam", "1 waits for an answer: 1 that nobody has.")
    assert "Maya Chen (Acme Corp)" in texts(home)
    slack.click("sam", home, "Queue")
    assert "Your page is ready." in texts(scene.wait_modal("sam", "Your page is ready."))
    slack.command("sam", "#support-desk", "/retain", "desk")
    assert "> Why again?" in texts(told(scene, "sam", "The support desk"))
    slack.command("maya", "dm", "/retain", "desk")
    scene.wait_ephemeral("maya", slack.dm("maya"), STAFF_ONLY)
