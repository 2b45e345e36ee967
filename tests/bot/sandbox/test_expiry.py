"""What ends by itself: triggers, response URLs, stacks of modals and old hashes."""

from datetime import UTC, datetime, timedelta

import requests
from slack_sdk import WebClient

from bot.sandbox.driver import Driver, running_sandbox
from tests.bot.sandbox.conftest import MANIFEST, Body, refused


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


MODAL: Body = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Form"},
    "blocks": [{"type": "divider"}],
}


def test_a_trigger_lives_three_seconds_and_is_used_once() -> None:
    clock = Clock()
    with running_sandbox(manifest=MANIFEST, clock=clock) as slack:
        client = WebClient(slack.bot_token(), base_url=slack.api_url)
        trigger = slack.call(lambda: slack.world.new_trigger("T0ACME", "U0MAYA"))
        client.views_open(trigger_id=trigger, view=MODAL)
        assert refused(client, "views.open", trigger_id=trigger, view=MODAL)["error"] == "exchanged_trigger_id"
        late = slack.call(lambda: slack.world.new_trigger("T0ACME", "U0MAYA"))
        clock.time += timedelta(seconds=3.5)
        assert refused(client, "views.open", trigger_id=late, view=MODAL)["error"] == "expired_trigger_id"
        assert refused(client, "views.open", trigger_id="1.2.x", view=MODAL)["error"] == "invalid_trigger_id"


def test_modals_stack_three_high_and_an_old_hash_is_refused(slack: Driver, client: WebClient) -> None:
    def trigger() -> str:
        return slack.call(lambda: slack.world.new_trigger("T0ACME", "U0MAYA"))

    first = client.views_open(trigger_id=trigger(), view=MODAL)["view"]
    second = client.views_push(trigger_id=trigger(), view=MODAL)["view"]
    assert (second["root_view_id"], second["previous_view_id"]) == (first["id"], first["id"])
    client.views_push(trigger_id=trigger(), view=MODAL)
    assert refused(client, "views.push", trigger_id=trigger(), view=MODAL)["error"] == "push_limit_reached"
    client.views_update(view_id=first["id"], hash=first["hash"], view=MODAL)
    conflict = refused(client, "views.update", view_id=first["id"], hash=first["hash"], view=MODAL)
    assert conflict["error"] == "hash_conflict"
    assert refused(client, "views.update", view_id="V0NONE", view=MODAL)["error"] == "not_found"


def test_a_response_url_works_five_times_within_half_an_hour() -> None:
    clock = Clock()
    with running_sandbox(manifest=MANIFEST, clock=clock) as slack:
        slack.command("maya", "#general", "/retain")
        url = slack.deliveries[-1].payload["response_url"]
        answers = [requests.post(url, json={"text": f"answer {n}"}, timeout=5).status_code for n in range(6)]
        assert answers == [200] * 5 + [404]
        assert slack.calls[-1].error == "used_url"
        slack.command("maya", "#general", "/retain")
        later = slack.deliveries[-1].payload["response_url"]
        clock.time += timedelta(minutes=31)
        assert requests.post(later, json={"text": "too late"}, timeout=5).json()["error"] == "expired_url"
        assert requests.post(f"{slack.base_url}/hooks/actions/T/1/x", json={}, timeout=5).status_code == 404
