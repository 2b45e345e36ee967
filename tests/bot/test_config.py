"""The bot's settings: every mistake is named at once, with the remedy, without a value."""

import pytest

from bot.config import load_settings
from bot.errors import ConfigError

GOOD = {"SLACK_BOT_TOKEN": "xoxb-secret-1", "SLACK_APP_TOKEN": "xapp-secret-2"}


def test_two_tokens_are_enough() -> None:
    settings = load_settings(GOOD)
    assert settings.slack_mode == "socket"
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.integration_url is None


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
    assert "secret-" not in repr(load_settings(GOOD))
