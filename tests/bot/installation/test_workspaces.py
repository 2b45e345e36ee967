"""Whose client, whose notifications: one workspace by its token, or all that installed the app."""

import pytest
from fastapi.testclient import TestClient
from slack_sdk import WebClient
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from bot.config import load_settings
from bot.errors import Undeliverable
from bot.http_mode import create_web
from bot.installation.announcing import Announcer
from bot.installation.installations import Installations
from bot.installation.installing import Installer, routes, scopes
from bot.installation.vault import EncryptionKeys, Vault
from bot.installation.workspaces import OneWorkspace, SeveralWorkspaces
from tests.bot.installation.test_installations import bot
from tests.support.bot import BOT_KEYS

ONE = OneWorkspace(WebClient("xoxb-1"), "T1", "Acme")


@pytest.fixture
def installations() -> Installations:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    made = Installations("1.2", engine, Vault(EncryptionKeys.parse(BOT_KEYS)))
    made.prepare()
    return made


def test_one_workspace_is_served_with_its_token_and_no_other() -> None:
    assert ONE.client_for("T1").token == "xoxb-1"
    with pytest.raises(Undeliverable, match="the workspace T1 only, not T2"):
        ONE.client_for("T2")


def test_one_workspace_takes_its_own_notifications_and_the_staffs_when_it_is_theirs() -> None:
    assert ONE.places(None) == "slack:T1"
    assert ONE.places("T2") == "slack:T1"
    assert ONE.places("T1") == "slack:T1, staff"


def test_several_workspaces_have_a_client_each_and_take_every_notification(installations: Installations) -> None:
    several = SeveralWorkspaces(WebClient(timeout=7), installations)
    installations.save(bot("T1", token="xoxb-1"))
    client = several.client_for("T1")
    assert (client.token, client.timeout) == ("xoxb-1", 7)
    with pytest.raises(Undeliverable, match="not installed in the workspace T2"):
        several.client_for("T2")
    assert several.places("T1") is None


def test_bolt_gets_what_it_needs_to_know_our_own_messages(installations: Installations) -> None:
    several = SeveralWorkspaces(WebClient(), installations)
    installations.save(bot("T1"))
    known = several.authorize("T1")
    assert known is not None
    assert (known.bot_id, known.bot_user_id, known.team_id) == ("B1", "U1", "T1")
    assert several.authorize("T2") is None
    assert several.authorize(None) is None


@pytest.mark.parametrize(
    ("origin", "name", "secure"),
    [
        ("https://bot.example", "__Host-retain_install", True),
        ("http://bot.example", "__Host-retain_install", True),  # https ends at a proxy
        ("http://localhost:8200", "retain_install", False),
        ("http://127.0.0.1:8200", "retain_install", False),
    ],
)
def test_the_state_is_bound_to_the_browser(installations: Installations, origin: str, name: str, secure: bool) -> None:
    settings = load_settings(
        {
            "SLACK_CLIENT_ID": "1.2",
            "SLACK_CLIENT_SECRET": "s",
            "SLACK_APP_TOKEN": "xapp-1",
            "BOT_ENCRYPTION_KEYS": BOT_KEYS,
        }
    )
    web = create_web([routes(Installer.of(settings, installations, Announcer(None)), None)])
    with TestClient(web, base_url=origin, follow_redirects=False) as browser:
        begun = browser.get("/slack/install")
    cookie = begun.headers["set-cookie"]
    assert cookie.startswith(f"{name}=")
    assert ("Secure" in cookie) is secure
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert begun.headers["location"].startswith("https://slack.com/oauth/v2/authorize?state=")
    assert f"scope={','.join(scopes())}&" in begun.headers["location"]
