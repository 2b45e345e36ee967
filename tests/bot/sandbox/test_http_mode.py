"""Signed HTTP: a real Bolt app behind a real server accepts what the sandbox signs."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

import pytest
from slack_bolt import Ack, App, BoltRequest, Respond, Say
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from bot.sandbox.driver import Driver
from bot.sandbox.http_mode import sign
from bot.sandbox.model import Tokens
from bot.sandbox.world import make_world
from tests.support import http_server


@dataclass
class Endpoint:
    """An HTTP endpoint: Bolt answers, unless `statuses` holds others to answer with first."""

    url: str
    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    requests: list[tuple[Mapping[str, str], str]] = field(default_factory=list)


@contextmanager
def serving(app: App) -> Iterator[Endpoint]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            headers = {key.lower(): value for key, value in self.headers.items()}
            recorded.requests.append((headers, body))
            if recorded.statuses:
                self._reply(recorded.statuses.pop(0), "", recorded.headers)
                return
            answer = app.dispatch(BoltRequest(body=body, headers=dict(headers)))
            self._reply(answer.status, answer.body, answer.first_headers())

        def _reply(self, status: int, body: str, headers: Mapping[str, str]) -> None:
            self.send_response(status)
            for key, value in headers.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(body.encode())

    with http_server.serving(Handler) as address:
        recorded = Endpoint(f"{address}/slack/events")
        yield recorded


@pytest.fixture
def app(slack: Driver) -> App:
    client = WebClient(slack.bot_token(), base_url=slack.api_url)
    made = App(client=client, signing_secret=slack.signing_secret)
    made.event("message")(lambda event, say: say(f"Heard {event['text']}"))
    return made


@pytest.fixture
def endpoint(slack: Driver, app: App) -> Iterator[Endpoint]:
    with serving(app) as found:
        slack.app("acme").request_url = found.url
        yield found


def test_an_event_is_signed_as_slack_signs_and_answered(slack: Driver, endpoint: Endpoint) -> None:
    slack.say("maya", "dm", "hi")
    slack.wait_for_message("dm", "Heard hi", viewer="maya")
    headers, body = endpoint.requests[0]
    assert SignatureVerifier(slack.signing_secret).is_valid_request(body, dict(headers))
    assert not SignatureVerifier("another").is_valid_request(body, dict(headers))
    assert "x-slack-retry-num" not in headers


def test_a_request_url_is_verified(slack: Driver, endpoint: Endpoint) -> None:
    assert slack.verify_request_url()
    endpoint.statuses = [500]
    assert not slack.verify_request_url()


def test_an_app_that_answers_500_is_tried_again_and_told_why(slack: Driver, endpoint: Endpoint) -> None:
    endpoint.statuses = [500, 503]
    slack.say("maya", "dm", "hi")
    slack.wait_for_message("dm", "Heard hi", viewer="maya")
    retries = [
        (h.get("x-slack-retry-num"), h.get("x-slack-retry-reason")) for h, body in endpoint.requests if '"hi"' in body
    ]
    assert retries == [(None, None), ("1", "http_error"), ("2", "http_error")]


def test_an_app_that_wants_no_retry_gets_none(slack: Driver, endpoint: Endpoint) -> None:
    endpoint.statuses, endpoint.headers = [500], {"x-slack-no-retry": "1"}
    slack.say("maya", "dm", "hi")
    slack.wait_until_idle(0.5)
    assert len(endpoint.requests) == 1


def test_commands_and_interactions_come_as_forms(slack: Driver, app: App, endpoint: Endpoint) -> None:
    @app.command("/retain")
    def command(ack: Ack, respond: Respond) -> None:
        ack("At once")

    @app.shortcut("ask_retain")
    def shortcut(ack: Ack, say: Say) -> None:
        ack()
        say("From the shortcut", channel="U0MAYA")

    slack.command("maya", "#general", "/retain", "help & more")
    slack.wait_for_message("#general", "At once", viewer="maya")
    said = slack.say("jonas", "#general", "Zoom?")
    assert slack.shortcut("maya", said, "ask_retain")
    slack.wait_for_message("dm", "From the shortcut", viewer="maya")
    assert {h["content-type"] for h, _ in endpoint.requests} >= {"application/x-www-form-urlencoded"}


def test_an_app_that_is_not_there_is_tried_again(slack: Driver) -> None:
    slack.app("acme").request_url = "http://127.0.0.1:9/slack/events"  # nothing listens on the discard port
    slack.say("maya", "dm", "hi")
    slack.wait_until_idle(0.5)
    assert {d.outcome for d in slack.deliveries} == {"connection_failed"}
    assert len(slack.deliveries) == 4


def test_tokens_never_show_in_a_repr() -> None:
    world = make_world({"acme": (tokens := Tokens.random())})
    shown = f"{world.app_of('T0ACME')} {tokens} {world.registration}"
    registration = world.registration
    secrets = (tokens.bot, tokens.app, registration.client_secret, registration.app_token, registration.signing_secret)
    assert not any(secret in shown for secret in secrets)
    assert set(sign(world, b"{}", "1700000000")) >= {"X-Slack-Signature", "X-Slack-Request-Timestamp"}
