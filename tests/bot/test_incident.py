"""Staff say what is wrong for many: everybody reads it at once, where it belongs, until it is over."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from bot import incident
from bot.errors import ServiceUnavailable
from bot.incident import ARTICLES, TEXT, UNTIL
from bot.sandbox.model import View
from bot.service.incident_service import KEPT_SECONDS, TRUSTED_SECONDS, IncidentService
from bot.service.service_api import Board, Notice, Trouble
from bot.service.service_http import ServiceHttp
from integration.connections.models import Connection
from integration.connections.waves import watch_incidents
from integration.incidents.service import STANDS
from kb.library import load_library
from tests.bot.conftest import QUESTION
from tests.bot.scene import PATIENCE, Scene, a_scene, bots, texts

DOWN = "Zoom is down; hours will be repaired"
NOW = datetime(2026, 11, 23, 18, 7, tzinfo=UTC)
TROUBLE = Trouble(since=NOW, text="Zoom answers slowly.")


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with a_scene(tmp_path) as made, bots(made, "retain", "acme") as ready:
        yield ready


def filled_in(view: View) -> dict[str, Any]:
    """What the inputs of a modal hold when it opens."""
    found = {}
    for block in view.blocks:
        element = block.get("element", {})
        initial = [value for name, value in element.items() if name.startswith("initial_")]
        first = initial[0] if initial else None
        found[block.get("block_id", "")] = [one["value"] for one in first] if isinstance(first, list) else first
    return found


def seconds(scene: Scene, after: timedelta) -> int:
    return int((scene.service.clock() + after).timestamp())


def break_our_app(scene: Scene) -> None:
    """Zoom refuses the app itself: one connection is enough to know, and the worker tells the staff."""
    runtime, now = scene.service.runtime, scene.service.clock()
    with runtime.database.writing() as session:
        degraded = {"state": "degraded", "cause": "invalid_client", "since": now, "connected_at": now}
        session.add(Connection(id="1", tenant_id="acme", **degraded))
    watch_incidents(runtime)


def maya_reads(scene: Scene, headline: str) -> str:
    scene.slack.command("maya", "dm", "/retain", "status")
    return texts(scene.wait_ephemeral("maya", scene.slack.dm("maya"), headline))


def test_a_notice_is_set_by_command_read_by_all_changed_and_lifted(scene: Scene) -> None:
    slack, desk = scene.slack, scene.slack.channel("retain", "support-desk")
    slack.command("sam", "dm", "/retain", f"incident “{DOWN}”")
    form = scene.wait_modal("sam", "What people read")
    assert filled_in(form)[TEXT] == DOWN
    refused = slack.submit("sam", form, {UNTIL: seconds(scene, timedelta(days=8))})
    assert refused is not None
    assert "Choose an earlier moment" in refused.errors[UNTIL]
    slack.submit("sam", refused, {UNTIL: seconds(scene, timedelta(hours=1)), ARTICLES: ["reauthorize-zoom"]})
    assert "Stands on top of: Why you are asked" in texts(scene.wait_modal("sam", f"⚠️ {DOWN}"))
    assert maya_reads(scene, "Zoom is not connected yet").startswith(f"*⚠️ {DOWN}*")
    slack.say("maya", "#general", f"@Retain {QUESTION}")
    answer = slack.wait_for_message(slack.channel("acme", "general"), "Was this helpful?", PATIENCE)
    assert texts(answer).startswith(f"*⚠️ {DOWN}*")
    slack.open_home("maya")
    slack.wait_for_home("maya", DOWN)
    told = slack.wait_for_message(desk, STANDS, PATIENCE)
    assert "Stands on top of: Why you are asked" in texts(told)
    slack.click("sam", told, "Change…")
    form = scene.wait_modal("sam", "What people read")
    assert filled_in(form)[ARTICLES] == ["reauthorize-zoom"]
    slack.submit("sam", form, {TEXT: "Zoom is back"})
    slack.close_modal("sam")
    slack.command("sam", "dm", "/retain", "incident")
    card = scene.wait_ephemeral("sam", slack.dm("sam"), "⚠️ Zoom is back")
    slack.click("sam", card, "Lift it")
    scene.wait_ephemeral("sam", slack.dm("sam"), incident.LIFTED)
    assert scene.api("GET", "/v1/incident")["notice"] is None
    slack.click("sam", told, "Lift it")
    scene.wait_ephemeral("sam", desk, incident.OVER)


def test_one_is_proposed_when_many_fail_and_staff_alone_can_set_it(scene: Scene) -> None:
    slack, desk = scene.slack, scene.slack.channel("retain", "support-desk")
    break_our_app(scene)
    told = slack.wait_for_message(desk, "Zoom refuses our app", PATIENCE)
    slack.click("sam", told, "Set a notice…")
    form = scene.wait_modal("sam", "What people read")
    assert filled_in(form)[TEXT].startswith("Zoom does not accept Retain's app at the moment")
    assert "reauthorize-zoom" in filled_in(form)[ARTICLES]
    scene.service.stop()
    refused = slack.submit("sam", form)
    assert refused is not None
    assert "does not answer" in refused.errors[TEXT]
    scene.service.start()
    slack.submit("sam", refused)
    scene.wait_modal("sam", "Lift it")
    assert "Known trouble" not in maya_reads(scene, "trouble")
    slack.command("maya", "dm", "/retain", "incident Everything is fine")
    scene.wait_ephemeral("maya", slack.dm("maya"), incident.STAFF_ONLY)


@pytest.mark.parametrize(("rest", "ours"), [("", True), (f"“{DOWN}”", True), ("report, where is it?", False)])
def test_a_question_that_begins_with_the_word_is_a_question(rest: str, ours: bool) -> None:
    assert incident.takes(rest) is ours


class Http(ServiceHttp):
    """A service that can be away."""

    def __init__(self) -> None:
        self.asked, self.away = 0, False

    def call(self, method: str, path: str, *_args: object, **_more: object) -> requests.Response:
        assert (method, path) == ("GET", "/v1/incident")
        self.asked += 1
        if self.away:
            raise ServiceUnavailable("down")
        response = requests.Response()
        response._content = Board(incident=TROUBLE).model_dump_json().encode()
        return response


def test_what_everybody_reads_is_asked_for_every_few_seconds_and_outlives_a_slow_answer() -> None:
    http, clock = Http(), [100.0]
    service = IncidentService(http, lambda: clock[0])
    for moment, away, asked, known in (
        (100.0, False, 1, True),
        (100.0 + KEPT_SECONDS - 0.1, False, 1, True),
        (100.0 + KEPT_SECONDS, True, 2, True),
        (100.0 + KEPT_SECONDS + 0.1, True, 2, True),
        (100.0 + TRUSTED_SECONDS, True, 3, False),
    ):
        clock[0], http.away = moment, away
        assert (service.kept().incident == TROUBLE) is known
        assert http.asked == asked


@pytest.mark.parametrize(
    ("articles", "slug", "above"),
    [
        ((), "connect-zoom", True),
        (("connect-zoom",), "connect-zoom", True),
        (("connect-zoom",), None, True),
        (("connect-zoom",), "support-hours", False),
    ],
)
def test_a_notice_stands_on_top_of_what_it_touches(articles: tuple[str, ...], slug: str | None, above: bool) -> None:
    standing = Notice(id="1", text=DOWN, articles=articles, set_at=NOW, until=NOW + timedelta(hours=1))
    assert standing.touches(slug) is above


def test_the_form_proposes_two_hours_from_the_last_quarter_and_keeps_what_stands() -> None:
    library = load_library()
    form = incident.form(library, Board(), NOW)
    until = next(block for block in form["blocks"] if block.get("block_id") == UNTIL)
    assert until["element"]["initial_date_time"] == int(NOW.replace(hour=20, minute=0).timestamp())
    standing = Notice(id="1", text=DOWN, set_at=NOW, until=NOW + timedelta(minutes=7), incident_id="2" * 32)
    changing = incident.form(library, Board(notice=standing), NOW)
    assert "2" * 32 in changing["private_metadata"]
    assert changing["submit"]["text"] == "Change it"
