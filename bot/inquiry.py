"""A question as it reached us: who asked what, where, and the key that makes it one of a kind."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where an answer goes. Outside the bot it is an opaque text, `slack:T123/C456/1700000000.000100`."""

    team: str
    channel: str
    thread_ts: str | None = None

    def __str__(self) -> str:
        return "slack:" + "/".join(filter(None, (self.team, self.channel, self.thread_ts)))

    @classmethod
    def parse(cls, text: str) -> "Place":
        """The inverse of `str`. Raises ValueError for a text that is not a Slack place."""
        parts = text.removeprefix("slack:").split("/")
        if not text.startswith("slack:") or not 2 <= len(parts) <= 3 or not all(parts):
            raise ValueError(f"not a Slack place: {text!r}")
        return cls(*parts)


def is_direct(channel: str) -> bool:
    """Whether a channel is the direct conversation of two: Slack's ids say so by their first letter."""
    return channel.startswith("D")


@dataclass(frozen=True)
class Actor:
    """A person, by their own team: a channel's team says nothing about who somebody is."""

    team: str
    user: str

    def __str__(self) -> str:
        return f"slack:{self.team}/{self.user}"

    @classmethod
    def parse(cls, text: str) -> "Actor":
        """The inverse of `str`. Raises ValueError for a text that is not a Slack person."""
        team, slash, user = text.removeprefix("slack:").partition("/")
        if not text.startswith("slack:") or not slash or not team or not user:
            raise ValueError(f"not a Slack person: {text!r}")
        return cls(team, user)


@dataclass(frozen=True)
class Inquiry:
    """One question, command or click that asks for an answer.

    `key` is the same for every delivery of the same thing, so that it is answered once. `article` is set where the
    person chose an article instead of typing; `support_request` where the service says that it was written in the
    conversation of one: then it is for people, and not for the knowledge base. `files` came with it: how many.
    """

    key: str
    text: str
    actor: Actor
    place: Place
    article: str | None = None
    support_request: str | None = None
    files: int = 0

    @property
    def private(self) -> bool:
        """Whether nobody else reads the answer: what is answered in a channel's thread, others do."""
        return is_direct(self.place.channel) or self.place.thread_ts is None
