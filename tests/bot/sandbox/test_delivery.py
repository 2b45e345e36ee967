"""Events reach an app at least once: acknowledged, retried, delivered again, over any connection."""

import json
import threading
from dataclasses import replace

import pytest
from slack_bolt import Ack, Say
from slack_sdk import WebClient
from websockets.exceptions import ConnectionClosedOK
from websockets.sync.client import connect as open_websocket

from bot.sandbox.driver import FAST, Driver, running_sandbox
from tests.bot.sandbox.conftest import MANIFEST, Body, Probe, connect


def outcomes(slack: Driver) -> list[tuple[int, str, str]]:
    return [(found.attempt, found.reason, found.outcome) for found in slack.deliveries]


def test_an_event_without_an_acknowledgement_comes_again_with_its_number_and_reason(
    slack: Driver, probe: Probe
) -> None:
    held = threading.Event()
    seen: list[tuple[str | None, str | None]] = []

    @probe.app.middleware
    def hold_the_first(body: Body, req: Body, next: Ack) -> None:
        headers = req.headers  # type: ignore[attr-defined]
        seen.append((headers.get("x-slack-retry-num", [None])[0], headers.get("x-slack-retry-reason", [None])[0]))
        if len(seen) == 1:
            held.wait(5)
        next()

    probe.app.event("message")(lambda: None)
    slack.say("maya", "dm", "hi")
    probe.wait(count=2)
    held.set()
    slack.wait_until_idle()
    assert seen == [("0", ""), ("1", "timeout")]
    assert outcomes(slack) == [(0, "", "timeout"), (1, "timeout", "acked")]


def test_one_event_id_stays_the_same_through_its_retries(slack: Driver) -> None:
    slack.say("maya", "dm", "nobody listens")
    slack.wait_until_idle(timeout=10)
    attempts = slack.deliveries
    assert len({found.event_id for found in attempts}) == 1


def test_an_event_waits_for_an_app_that_is_away(slack: Driver) -> None:
    slack.say("maya", "dm", "too early")
    probe = connect(slack)
    try:
        probe.app.event("message")(lambda: None)
        assert probe.wait()["event"]["text"] == "too early"
    finally:
        probe.close()


def test_an_event_is_delivered_three_times_on_demand(slack: Driver, probe: Probe) -> None:
    probe.app.event("message")(lambda: None)
    slack.faults.redeliver(3)
    slack.say("maya", "dm", "hi")
    probe.wait(count=3)
    slack.say("maya", "dm", "and once")
    probe.wait(lambda body: body["event"]["text"] == "and once")
    slack.wait_until_idle()
    assert [body["event"]["text"] for body in probe.bodies] == ["hi", "hi", "hi", "and once"]
    assert len({body["event_id"] for body in probe.bodies}) == 2


def test_a_dropped_socket_comes_back_and_nothing_is_lost(slack: Driver, probe: Probe) -> None:
    @probe.app.event("message")
    def answer(event: Body, say: Say) -> None:
        say(f"Heard {event['text']}")

    assert slack.faults.drop_sockets() == 1
    slack.say("maya", "dm", "one")
    slack.wait_for_message("dm", "Heard one", viewer="maya", timeout=15)


def test_an_app_that_is_asked_to_reconnect_does(slack: Driver, probe: Probe) -> None:
    probe.app.event("message")(lambda: None)
    before = probe.handler.client.session_id()
    slack.faults.ask_to_reconnect()
    slack.wait_until_connected()
    slack.say("maya", "dm", "hi")
    probe.wait()
    assert probe.handler.client.session_id() != before


def test_a_connection_to_be_renewed_is_closed_in_good_order_a_while_later(slack: Driver) -> None:
    opened = WebClient(base_url=slack.api_url).apps_connections_open(app_token=slack.app_token())
    with open_websocket(opened["url"]) as websocket:
        assert json.loads(websocket.recv(5))["type"] == "hello"
        slack.faults.ask_to_reconnect()
        assert json.loads(websocket.recv(5))["reason"] == "refresh_requested"
        with pytest.raises(ConnectionClosedOK):
            websocket.recv(5)


def test_an_app_whose_first_attempt_to_reconnect_failed_comes_back_and_nothing_is_lost() -> None:
    patient = replace(FAST, retries=(0.0, 10.0, 10.0))  # like Slack, still trying when the app is back
    with running_sandbox(manifest=MANIFEST, timing=patient) as slack:
        probe = connect(slack)
        probe.app.client.retry_handlers.clear()  # else slack_sdk repeats the call before it has failed
        probe.app.event("message")(lambda: None)
        before = probe.handler.client.session_id()
        try:
            slack.faults.fail("apps.connections.open", status=500)
            slack.faults.ask_to_reconnect()
            slack.wait_for(lambda: any(not call.ok for call in slack.world.calls) or None, "a failed attempt")
            slack.say("maya", "dm", "while it is away")
            assert probe.wait()["event"]["text"] == "while it is away"
            slack.wait_until_idle()
            assert [call.status for call in slack.calls_of("apps.connections.open")] == [200, 500, 200]
            assert probe.handler.client.session_id() != before
            assert len(probe.bodies) == 1
        finally:
            probe.close()


def test_any_one_of_several_connections_gets_an_event(slack: Driver, probe: Probe) -> None:
    second = connect(slack)
    try:
        for one in (probe, second):
            one.app.event("message")(lambda: None)
        for text in ("a", "b", "c", "d"):
            slack.say("maya", "dm", text)
        slack.wait_until_idle()
        texts = [body["event"]["text"] for one in (probe, second) for body in one.bodies]
        assert sorted(texts) == ["a", "b", "c", "d"]
        assert probe.bodies
        assert second.bodies
    finally:
        second.close()


def test_a_command_that_nobody_takes_is_said_to_have_failed(slack: Driver) -> None:
    slack.command("maya", "#general", "/retain", "help")
    said = slack.messages("#general", viewer="maya")
    assert [m.sender for m in said] == ["Slackbot"]
    assert "dispatch_failed" in said[0].text


def test_a_command_that_is_not_acknowledged_in_time_is_said_to_have_failed(slack: Driver, probe: Probe) -> None:
    probe.app.command("/retain")(lambda: None)
    slack.command("maya", "#general", "/retain")
    assert "operation_timeout" in slack.messages("#general", viewer="maya")[0].text


def test_a_command_that_the_app_does_not_have_is_refused_by_slack(slack: Driver) -> None:
    slack.command("maya", "#general", "/nope")
    assert "not a valid command" in slack.messages("#general", viewer="maya")[0].text


def test_a_click_that_nobody_takes_says_so(slack: Driver, probe: Probe) -> None:
    button: Body = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
    posted = probe.app.client.chat_postMessage(
        channel=slack.dm("maya"), text="Press", blocks=[{"type": "actions", "elements": [button]}]
    )
    shown = slack.wait_for_message("dm", "Press", viewer="maya")
    assert shown.ts == posted["ts"]
    slack.wait_until_idle()
    probe.close()
    assert slack.click("maya", shown, "Go") is False


def test_edits_joins_and_other_bots_reach_an_app_that_subscribed(slack: Driver, probe: Probe) -> None:
    probe.app.event("message")(lambda: None)
    said = slack.say("maya", "dm", "frist")
    slack.edit("maya", said, "first")
    changed = probe.wait(lambda body: body["event"].get("subtype") == "message_changed")["event"]
    assert changed["message"]["text"] == "first"
    assert changed["previous_message"]["text"] == "frist"
    slack.delete(said)
    gone = probe.wait(lambda body: body["event"].get("subtype") == "message_deleted")["event"]
    assert gone["deleted_ts"] == said.ts
    slack.other_bot_says(slack.dm("maya"), "beep")
    assert probe.wait(lambda body: "bot_id" in body["event"])["event"]["subtype"] == "bot_message"


def test_an_external_person_is_marked_as_such(slack: Driver, probe: Probe) -> None:
    probe.app.event("app_mention")(lambda: None)
    slack.say("vera", "#acme-initech", "@Retain hi")
    body = probe.wait()
    assert body["is_ext_shared_channel"]
    assert body["authorizations"][0]["team_id"] == "T0ACME"
    assert body["event"]["user_team"] == body["event"]["source_team"] == "T0INITECH"


def test_mentioning_an_app_where_it_is_not_gets_a_hint(slack: Driver, probe: Probe) -> None:
    slack.say("maya", "#random", "@Retain hi")
    assert "not in this channel" in slack.messages("#random", viewer="maya")[-1].text
    slack.wait_until_idle()
    assert probe.bodies == []
