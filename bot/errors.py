"""What can go wrong in the bot, as one small tree.

BotError                  message for the log; `said` is what a person in Slack reads
├── ConfigError           a setting is missing or wrong: the process stops
├── ServiceError          a call to the integration service did not succeed
│   ├── Refused           it said no: `status`, and `cause` where there is one
│   └── ServiceUnavailable  it could not be reached, or failed on its side
├── VaultError            a workspace's token does not open: changed, or its key is gone
├── Undeliverable         Slack will not take this message for this person
├── PossiblyDelivered     a notification may stand where it belongs, and nobody can tell
├── CannotLook            we may not read there whether a message of ours stands
├── NotToldBySlack        who somebody is could not be looked up in Slack just now
├── NotYet                a notification cannot be delivered now, but perhaps later
├── StaleButton           a button of an earlier version, or one that somebody made up (carried.py)
└── TooLate               the answer took so long that the service hands the question out again
"""

from collections.abc import Sequence

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
    """Slack refuses the message for good: the person left, the channel is archived, the app was removed.

    `instead` are the actors who are to hear of it in that person's place.
    """

    def __init__(self, message: str, *, instead: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.instead = tuple(instead)


class PossiblyDelivered(BotError):
    """A notification was sent, or was about to be, and nobody can tell whether it stands: it is not sent again."""


class CannotLook(BotError):
    """We may not read a conversation, so we cannot tell whether a message of ours stands there."""


class NotYet(BotError):
    """A notification cannot be delivered now, but perhaps when its lease has run out."""


class NotToldBySlack(BotError):
    """Slack did not say who somebody is, so they are nobody for now."""

    said = "Slack did not tell me who you are just now. Please try again in a minute."


class TooLate(BotError):
    """Somebody else may be answering by now: better not to post a second answer."""
