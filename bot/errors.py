"""What can go wrong in the bot, as one small tree.

BotError                  message for the log; `said` is what a person in Slack reads
├── ConfigError           a setting is missing or wrong: the process stops
├── ServiceError          a call to the integration service did not succeed
│   ├── Refused           it said no: `status`, and `cause` where there is one
│   └── ServiceUnavailable  it could not be reached, or failed on its side
├── VaultError            a workspace's token does not open: changed, or its key is gone
├── Undeliverable         Slack will not take this message for this person
├── NotToldBySlack        who somebody is could not be looked up in Slack just now
├── NotYet                a notification cannot be delivered now, but perhaps later
├── StaleButton           a button of an earlier version, or one that somebody made up (carried.py)
└── TooLate               the answer took so long that the service hands the question out again
"""

from kb.errors import RemediedError


class BotError(RemediedError):
    """The base: `message` is for operators, `said` for the person who is waiting."""

    said = "Something went wrong on our side. Please ask again in a minute."


class ConfigError(BotError):
    """A setting is missing or wrong."""


class ServiceError(BotError):
    """The integration service refused a call: our mistake, not the person's."""

    said = "I could not record that just now. Please try again in a minute."


class Refused(ServiceError):
    """The service said no. `status` is HTTP's; `cause` names a reason that people can do something about.

    `unknown_here`: it has no such address, as one has that is older than this bot.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int,
        cause: str | None = None,
        remedy: str | None = None,
        field: str | None = None,
    ) -> None:
        super().__init__(message, field=field, remedy=remedy)
        self.status = status
        self.cause = cause

    @property
    def unknown_here(self) -> bool:
        return self.status == 404 and self.field is None and self.cause is None


class ServiceUnavailable(ServiceError):
    """The integration service could not be reached in time, or answered 5xx."""


class VaultError(BotError):
    """A sealed text does not open in its place."""


class Undeliverable(BotError):
    """Slack refuses the message for good: the person left, the channel is archived, the app was removed."""


class NotYet(BotError):
    """A notification cannot be delivered now, but perhaps when its lease has run out."""


class NotToldBySlack(BotError):
    """Slack did not say who somebody is, so they are nobody for now."""

    said = "Slack did not tell me who you are just now. Please try again in a minute."


class TooLate(BotError):
    """Somebody else may be answering by now: better not to post a second answer."""
