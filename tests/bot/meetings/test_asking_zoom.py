""" "Ask Zoom now", under a meeting of which we have not heard everything."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.connections.status_card import Reader
from bot.meetings import asking_zoom
from bot.meetings.asking_zoom import told
from bot.service.service_api import Progress
from tests.bot.scene import a_scene, bots
from tests.bot.test_meetings import ask, event

NOW = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)
READER = Reader(NOW, ZoneInfo("Europe/Berlin"))


def test_an_admin_has_zoom_asked_and_is_told_where_that_cannot_be(tmp_path: Path) -> None:
    with a_scene(tmp_path) as made, bots(made, "acme") as scene:
        scene.connect()
        just_over = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=70)
        item = event("e", "Just over", just_over, "93201235621", "ada@initech.example")
        assert scene.api("PUT", "/v1/tenants/acme/calendar-events", {"items": [item]})["stored"] == 1
        card = ask(scene, "jonas", "duration 93201235621", "“Just over” counts as 1 h, as scheduled")

        scene.slack.click("jonas", card, "Ask Zoom now")
        scene.wait_ephemeral("jonas", scene.slack.dm("jonas"), asking_zoom.ASKED)
        assert scene.api("GET", "/v1/tenants/acme/backfill")["state"] != "none"

        scene.api("DELETE", "/v1/tenants/acme/zoom/connection")
        scene.slack.click("jonas", card, "Ask Zoom now")
        scene.wait_ephemeral("jonas", scene.slack.dm("jonas"), asking_zoom.NOT_CONNECTED)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"state": "running"}, asking_zoom.ASKED),
        (
            {"state": "waiting", "waiting_until": NOW + timedelta(hours=1), "explanation": "A limit."},
            "Zoom will be asked, but that has to wait until Tue 24 Nov 2026, 20:30 your time. A limit.",
        ),
        ({"state": "waiting"}, asking_zoom.WAITS_A_WHILE),
        ({"state": "stopped", "explanation": "Not allowed."}, "Zoom could not be asked. Not allowed."),
    ],
)
def test_it_is_told_honestly_what_becomes_of_it(facts: dict[str, object], words: str) -> None:
    assert told(Progress.model_validate(facts), READER).fallback == words
