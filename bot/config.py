"""The bot's settings, read from the environment and checked at once."""

from collections.abc import Mapping
from typing import Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from bot.errors import ConfigError

WHERE_TO_GET = {
    "SLACK_BOT_TOKEN": "Slack app settings > OAuth & Permissions > Bot User OAuth Token; it starts with xoxb-.",
    "SLACK_APP_TOKEN": "Slack app settings > Basic Information > App-Level Tokens, with the scope "
    "connections:write; it starts with xapp-. Or set SLACK_MODE=http.",
    "SLACK_SIGNING_SECRET": "Slack app settings > Basic Information > App Credentials > Signing Secret.",
    "SLACK_MODE": "Use socket (no public address needed) or http.",
    "SLACK_API_URL": "Leave it out for Slack itself, or give an address such as http://127.0.0.1:8010/api/.",
    "INTEGRATION_URL": "Use the address of the web process, such as https://support.example.com.",
    "INTEGRATION_API_KEY": "Make one with `python -m integration keys api bot`, and list it in API_KEYS.",
    "PORT": "Use a number from 1 to 65535.",
    "LOG_LEVEL": "Use DEBUG, INFO, WARNING or ERROR.",
}


class Settings(BaseModel):
    """What the bot needs to know. Secrets are masked in `repr`."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    slack_bot_token: SecretStr = Field(alias="SLACK_BOT_TOKEN")
    slack_app_token: SecretStr | None = Field(None, alias="SLACK_APP_TOKEN")
    slack_mode: Literal["socket", "http"] = Field("socket", alias="SLACK_MODE")
    slack_signing_secret: SecretStr | None = Field(None, alias="SLACK_SIGNING_SECRET")
    slack_api_url: str = Field("https://slack.com/api/", alias="SLACK_API_URL")
    integration_url: str | None = Field(None, alias="INTEGRATION_URL")
    integration_api_key: SecretStr | None = Field(None, alias="INTEGRATION_API_KEY")
    port: int = Field(3000, alias="PORT", ge=1, le=65535)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", alias="LOG_LEVEL")

    @field_validator("slack_api_url", "integration_url")
    @classmethod
    def _an_address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("is not an http or https address.")
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _ends_with_a_slash(cls, value: str) -> str:
        # slack_sdk joins the method's name to it as to a folder.
        return value.rstrip("/") + "/"

    @field_validator("slack_bot_token", "slack_app_token")
    @classmethod
    def _the_right_kind_of_token(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        mixed_up = {"slack_bot_token": ("xapp-", "an app-level"), "slack_app_token": ("xoxb-", "a bot")}
        prefix, kind = mixed_up[str(info.field_name)]
        if value is not None and value.get_secret_value().startswith(prefix):
            raise ValueError(f"holds {kind} token, which begins with {prefix}.")
        return value

    @model_validator(mode="after")
    def _each_mode_has_its_secret(self) -> "Settings":
        needed = {"socket": ("SLACK_APP_TOKEN", self.slack_app_token)}
        needed["http"] = ("SLACK_SIGNING_SECRET", self.slack_signing_secret)
        name, value = needed[self.slack_mode]
        if value is None:
            raise ValueError(f"{name} is missing (SLACK_MODE is {self.slack_mode}).")
        if self.integration_url and not self.integration_api_key:
            raise ValueError("INTEGRATION_API_KEY is missing (INTEGRATION_URL is set).")
        return self


def load_settings(env: Mapping[str, str]) -> Settings:
    """Read the settings from `env`, usually `os.environ`; an empty value counts as absent.

    Raises ConfigError that names every missing or wrong setting, and where to get it, never its value.
    """
    try:
        return Settings.model_validate({name: value for name in _names() if (value := env.get(name, "").strip())})
    except ValidationError as error:
        lines = [_line(str(problem["loc"][0]) if problem["loc"] else "", problem["msg"]) for problem in error.errors()]
        raise ConfigError("The bot cannot start:\n" + "\n".join(f"  - {line}" for line in lines)) from None


def _names() -> list[str]:
    return [field.alias or name for name, field in Settings.model_fields.items()]


def _line(name: str, message: str) -> str:
    message = message.removeprefix("Value error, ")
    if not name:
        name = message.split(" ", 1)[0]
        return f"{message} {WHERE_TO_GET[name]}"
    problem = "is missing." if message == "Field required" else message
    return f"{name} {problem} {WHERE_TO_GET[name]}"
