"""What can go wrong in the bot, as one small tree.

BotError                  message for the log; `said` is what a person in Slack reads
├── ConfigError           a setting is missing or wrong: the process stops
├── ServiceError          the integration service said no to a call of ours
│   └── ServiceUnavailable  it could not be reached, or failed on its side
└── Undeliverable         Slack will not take this message for this person
"""


class BotError(Exception):
    """The base: `message` is for operators, `said` for the person who is waiting."""

    said = "Something went wrong on our side. Please ask again in a minute."

    def __init__(self, message: str, *, field: str | None = None, remedy: str | None = None) -> None:
        super().__init__(message)
        self.message, self.field, self.remedy = message, field, remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}" if self.remedy else self.message


class ConfigError(BotError):
    """A setting is missing or wrong."""


class ServiceError(BotError):
    """The integration service refused a call: our mistake, not the person's."""

    said = "I could not record that just now. Please try again in a minute."


class ServiceUnavailable(ServiceError):
    """The integration service could not be reached in time, or answered 5xx."""


class Undeliverable(BotError):
    """Slack refuses the message for good: the person left, the channel is archived, the app was removed."""


class TooLate(BotError):
    """Somebody else may be answering by now: better not to post a second answer."""
