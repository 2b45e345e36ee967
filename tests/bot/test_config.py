"""The bot's settings: every mistake is named at once, with the remedy, without a value."""

import pytest

from bot.config import load_settings
from bot.errors import ConfigError

GOOD = {"SLACK_BOT_TOKEN": "xoxb-secret-1", "SLACK_APP_TOKEN": "xapp-secret-2"}


KEY = "k1:kdW5b0hzr2sM0m2xg2x1w1l8QyXyN3pVb0q7uTgJ5aE="
SEVERAL = {
    "SLACK_CLIENT_ID": "1.2",
    "SLACK_CLIENT_SECRET": "secret-3",
    "SLACK_APP_TOKEN": "xapp-secret-2",
    "BOT_ENCRYPTION_KEYS": KEY,
}


def test_two_tokens_are_enough() -> None:
    settings = load_settings(GOOD)
    assert settings.slack_mode == "socket"
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.integration_url is None


def test_several_workspaces_need_the_apps_credentials_and_a_key() -> None:
    settings = load_settings(SEVERAL)
    assert settings.slack_client_id == "1.2"
    assert load_settings(GOOD).slack_client_id is None
    assert str(settings.bot_database_url) == "sqlite:///bot.db"


@pytest.mark.parametrize("spelling", ["postgres", "postgresql", "postgresql+psycopg"])
def test_each_spelling_of_postgresql_means_psycopg(spelling: str) -> None:
    settings = load_settings(SEVERAL | {"BOT_DATABASE_URL": f"{spelling}://user:pass-word@host/name"})
    assert settings.bot_database_url.drivername == "postgresql+psycopg"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"SLACK_CLIENT_SECRET": ""}, "SLACK_CLIENT_SECRET is missing (SLACK_CLIENT_ID is set)"),
        ({"BOT_ENCRYPTION_KEYS": ""}, "BOT_ENCRYPTION_KEYS is missing (SLACK_CLIENT_ID is set)"),
        ({"SLACK_APP_TOKEN": ""}, "SLACK_APP_TOKEN is missing"),
        ({"BOT_ENCRYPTION_KEYS": f"{KEY},k2"}, "BOT_ENCRYPTION_KEYS is wrong: entry 2"),
        ({"BOT_DATABASE_URL": "mysql://user:pass-word@host/name"}, "BOT_DATABASE_URL names neither"),
        ({"BOT_DATABASE_URL": "sqlite://"}, "BOT_DATABASE_URL names neither"),
        ({"BOT_DATABASE_URL": "pass-word"}, "BOT_DATABASE_URL is not a database address"),
        ({"SLACK_BOT_TOKEN": "xoxb-secret-1"}, "SLACK_BOT_TOKEN and SLACK_CLIENT_ID are both set"),
    ],
)
def test_what_several_workspaces_lack_is_named_without_its_value(changes: dict[str, str], named: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(SEVERAL | changes)
    said = str(caught.value)
    assert f"- {named}" in said
    assert not any(secret in said for secret in ("secret-", KEY[3:], "pass-word"))


def test_the_staffs_settings_are_ids_of_slacks() -> None:
    settings = load_settings(
        GOOD
        | {
            "STAFF_TEAM_ID": "T1",
            "STAFF_USERGROUP_ID": "S1",
            "STAFF_USER_IDS": "U1, W2,",
            "STAFF_CHANNEL_ID": "C1",
        }
    )
    assert settings.staff_user_ids == {"U1", "W2"}
    assert (settings.staff_team_id, settings.staff_usergroup_id, settings.staff_channel_id) == ("T1", "S1", "C1")


def test_an_api_address_gets_its_slash() -> None:
    assert load_settings(GOOD | {"SLACK_API_URL": "http://127.0.0.1:9/api"}).slack_api_url == "http://127.0.0.1:9/api/"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN"),
        ({"SLACK_APP_TOKEN": " "}, "SLACK_APP_TOKEN"),
        ({"SLACK_MODE": "http"}, "SLACK_SIGNING_SECRET"),
        ({"SLACK_MODE": "carrier pigeon"}, "SLACK_MODE"),
        ({"SLACK_API_URL": "slack.com"}, "SLACK_API_URL"),
        ({"INTEGRATION_URL": "https://x.example"}, "INTEGRATION_API_KEY"),
        ({"INTEGRATION_URL": "x.example"}, "INTEGRATION_URL"),
        ({"SLACK_APP_TOKEN": "xoxb-mixed-up"}, "SLACK_APP_TOKEN"),
        ({"SLACK_BOT_TOKEN": "xapp-mixed-up"}, "SLACK_BOT_TOKEN"),
        ({"PORT": "many"}, "PORT"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL"),
        ({"STAFF_TEAM_ID": "Retain"}, "STAFF_TEAM_ID"),
        ({"STAFF_USERGROUP_ID": "S1"}, "STAFF_TEAM_ID"),
        ({"STAFF_TEAM_ID": "T1", "STAFF_USERGROUP_ID": "@support"}, "STAFF_USERGROUP_ID"),
        ({"STAFF_TEAM_ID": "T1", "STAFF_USER_IDS": "U1,sam"}, "STAFF_USER_IDS"),
        ({"STAFF_TEAM_ID": "T1", "STAFF_CHANNEL_ID": "#support"}, "STAFF_CHANNEL_ID"),
    ],
)
def test_a_wrong_setting_is_named_with_its_remedy_and_without_its_value(changes: dict[str, str], named: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(GOOD | changes)
    said = str(caught.value)
    assert f"- {named} " in said
    assert not any(secret in said for secret in GOOD.values())


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings({"PORT": "0", "LOG_LEVEL": "x"})
    for name in ("SLACK_BOT_TOKEN", "PORT", "LOG_LEVEL"):
        assert f"- {name} " in str(caught.value)


def test_secrets_are_masked_when_settings_are_shown() -> None:
    shown = repr(load_settings(GOOD)) + repr(
        load_settings(SEVERAL | {"BOT_DATABASE_URL": "postgres://u:pass-word@h/n"})
    )
    assert not any(secret in shown for secret in ("secret-", "pass-word", KEY[3:]))
