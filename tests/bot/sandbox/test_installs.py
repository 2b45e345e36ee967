"""One app, several workspaces: consent, codes, tokens, removal, as slack_sdk finds them at Slack."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth import AuthorizeUrlGenerator
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.sandbox import installs
from bot.sandbox.driver import Driver, running_sandbox
from bot.sandbox.world import make_world
from kb.clock import real_clock
from tests.bot.sandbox.conftest import MANIFEST

REDIRECT = "http://localhost:9/slack/oauth_redirect"
SETTINGS = MANIFEST | {"settings": {"event_subscriptions": {"bot_events": ["app_uninstalled", "tokens_revoked"]}}}


class Clock:
    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return real_clock() + self.ahead


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slack(clock: Clock) -> Iterator[Driver]:
    with running_sandbox(manifest=SETTINGS, clock=clock) as driver:
        driver.registration.redirect_url = REDIRECT
        yield driver


def page(slack: Driver, **changes: object) -> str:
    asked: dict[str, object] = {"client_id": slack.registration.client_id, "scopes": ["chat:write", "commands"]}
    generator = AuthorizeUrlGenerator(**(asked | changes), authorization_url=f"{slack.base_url}/oauth/v2/authorize")  # type: ignore[arg-type]
    return generator.generate("the-state")


def decide(slack: Driver, person: str = "ines", answer: str = "allow") -> dict[str, str]:
    """What the app is told after a person's decision."""
    said = requests.post(page(slack), {"person": person, "answer": answer}, timeout=5, allow_redirects=False)
    assert said.headers["location"].startswith(REDIRECT)
    return {name: values[0] for name, values in parse_qs(urlsplit(said.headers["location"]).query).items()}


def exchange(slack: Driver, code: str, secret: str | None = None) -> dict[str, object]:
    app = slack.registration
    answer = WebClient(base_url=slack.api_url).oauth_v2_access(
        client_id=app.client_id, client_secret=secret or app.client_secret, code=code
    )
    found: dict[str, object] = dict(answer.data)  # type: ignore[arg-type]
    return found


def refused(slack: Driver, code: str, secret: str | None = None) -> str:
    with pytest.raises(SlackApiError) as caught:
        exchange(slack, code, secret)
    return str(caught.value.response["error"])


def test_the_page_offers_everyone_who_may_install_apps(slack: Driver) -> None:
    asked = requests.get(page(slack), timeout=5)
    assert "Initech: Ines Costa" in asked.text
    assert not any(guest in asked.text for guest in ("Priya", "Omar", "Vera"))
    policy = asked.headers["content-security-policy"]
    assert "form-action 'self' http://localhost:9" in policy


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"client_id": "1.2"}, "Invalid client_id"),
        ({"redirect_uri": "http://elsewhere.example/"}, "redirect_uri did not match"),
        ({"scopes": ["admin"]}, "Invalid permissions requested: admin"),
        ({"scopes": []}, "no scopes"),
    ],
)
def test_what_an_app_asks_wrongly_is_said(slack: Driver, changes: dict[str, object], problem: str) -> None:
    for answer in (requests.get(page(slack, **changes), timeout=5), requests.post(page(slack, **changes), timeout=5)):
        assert answer.status_code == 400
        assert problem in answer.text


def test_a_guest_installs_nothing(slack: Driver) -> None:
    said = requests.post(page(slack), {"person": "priya", "answer": "allow"}, timeout=5, allow_redirects=False)
    assert said.status_code == 400
    assert "may not install apps" in said.text


def test_consent_gives_a_code_and_the_code_a_token_that_works(slack: Driver) -> None:
    back = decide(slack)
    assert back["state"] == "the-state"
    granted = exchange(slack, back["code"])
    assert granted["team"] == {"id": "T0INITECH", "name": "Initech"}
    assert granted["authed_user"] == {"id": "U0INES"}
    known = WebClient(str(granted["access_token"]), base_url=slack.api_url).auth_test()
    assert (known["team_id"], known["user_id"]) == ("T0INITECH", granted["bot_user_id"])
    assert [d["id"] for d in slack.picture("ines")["channels"] if d["kind"] == "im"] == [slack.dm("ines")]


def test_a_refusal_gives_no_code(slack: Driver) -> None:
    assert decide(slack, answer="cancel") == {"state": "the-state", "error": "access_denied"}


def test_a_code_is_good_once_and_for_ten_minutes(slack: Driver, clock: Clock) -> None:
    code = decide(slack)["code"]
    exchange(slack, code)
    assert refused(slack, code) == "code_already_used"
    later = decide(slack)["code"]
    clock.ahead = timedelta(minutes=11)
    assert refused(slack, later) == "invalid_code"


def test_the_apps_own_credentials_are_needed_and_never_recorded(slack: Driver) -> None:
    code = decide(slack)["code"]
    assert refused(slack, code, "wrong") == "bad_client_secret"
    assert refused(slack, "1.2.3") == "invalid_code"
    shown = str(slack.calls_of("oauth.v2.access"))
    assert code not in shown
    assert slack.registration.client_secret not in shown


def test_installing_again_gives_the_same_token(slack: Driver) -> None:
    first, second = (exchange(slack, decide(slack)["code"])["access_token"] for _ in range(2))
    assert first == second


@pytest.mark.parametrize("method", ["auth.revoke", "apps.uninstall"])
def test_a_removed_app_is_told_and_its_token_is_worthless(slack: Driver, method: str) -> None:
    app, client = slack.registration, WebClient(slack.bot_token(), base_url=slack.api_url)
    app.request_url = "http://127.0.0.1:9/"
    client.api_call(method, params={"client_id": app.client_id, "client_secret": app.client_secret})
    slack.wait_until_idle()
    told = {d.payload["event"]["type"] for d in slack.deliveries}
    assert told == {"app_uninstalled", "tokens_revoked"}
    with pytest.raises(SlackApiError, match="account_inactive"):
        client.auth_test()
    assert slack.picture("maya")["app"]["installed"] is False


def listen(slack: Driver, token: str) -> tuple[SocketModeClient, list[str]]:
    """A connection that acknowledges everything, and the workspaces that it heard of."""
    teams: list[str] = []

    def take(client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        teams.append(request.payload["team_id"])
        client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))

    client = SocketModeClient(token, web_client=WebClient(base_url=slack.api_url))
    client.socket_mode_request_listeners.append(take)
    client.connect()
    return client, teams


def test_the_apps_token_hears_every_workspace_and_a_workspaces_own_hears_it_alone(slack: Driver) -> None:
    everything, of_all = listen(slack, slack.registration.app_token)
    own, of_acme = listen(slack, slack.app_token("acme"))
    slack.wait_for(lambda: slack.world.sockets.count("T0ACME") == 2 or None, "two connections")
    for team in ("acme", "globex"):
        slack.send_event(team, {"type": "app_uninstalled"})
    slack.wait_until_idle()
    for client in (everything, own):
        client.close()
    assert (of_all, of_acme) == (["T0GLOBEX"], ["T0ACME"])


def test_installations_are_kept_over_a_restart(tmp_path: Path) -> None:
    kept = tmp_path / "slack.json"
    world = make_world(installed=("acme",))

    async def running() -> None:
        keeping = asyncio.create_task(installs.keep(world, kept))
        await asyncio.sleep(0)
        world.close()
        await keeping

    asyncio.run(running())
    assert kept.stat().st_mode & 0o077 == 0
    tokens = installs.kept_tokens(kept)
    again = make_world(tokens, installed=tokens)
    assert again.app_of("T0ACME").tokens == world.app_of("T0ACME").tokens
    assert set(again.apps) == {"T0ACME"}
    assert installs.kept_tokens(tmp_path / "nothing") == {}
