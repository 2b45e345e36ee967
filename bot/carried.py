"""What buttons and modals of ours carry: content to go on with, never authority."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import BotError

Unsure = Literal["suggested", "unknown", "language"]
VALUE_TEXT = 700  # characters of a question kept in a button: JSON may double them, Slack allows 2,000


class StaleButton(BotError):
    """A button of an earlier version, or one that somebody made up."""

    said = "That button is out of date. Please ask your question again."


class _Carried(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    def packed(self) -> str:
        return self.model_dump_json(by_alias=True, exclude_none=True)

    @classmethod
    def unpacked(cls, packed: object) -> Self:
        """Raises StaleButton for a value that we did not write."""
        try:
            return cls.model_validate_json(str(packed))
        except ValidationError:
            raise StaleButton("a button's value has another form than expected") from None


class ButtonValue(_Carried):
    """Under an answer: the question it answers, the article, and what was typed.

    `unsure`: there was no article for sure; some were offered, or none, or it was in another language. In a modal that
    an answer opened also where that stands: its thread (`place`) and its own `ts`.
    """

    question_id: str | None = Field(None, alias="q")
    article: str | None = Field(None, alias="a")
    text: str = Field("", alias="t")
    place: str | None = Field(None, alias="p")
    ts: str | None = Field(None, alias="m")
    unsure: Unsure | None = Field(None, alias="s")

    @classmethod
    def of(cls, question_id: str | None, article: str | None, text: str, unsure: Unsure | None = None) -> "ButtonValue":
        # Control characters would take six characters each in JSON.
        line = "".join(character if character.isprintable() else " " for character in text[:VALUE_TEXT])
        return cls(question_id=question_id, article=article, text=line, unsure=unsure)


class Handed(_Carried):
    """What a question is handed over to people with, beside its words.

    `place` is the thread of the asker's direct conversation with us in which it was asked, if it was; `link` leads to
    the message.
    """

    question_id: str | None = Field(None, alias="q")
    article: str | None = Field(None, alias="a")
    place: str | None = Field(None, alias="p")
    link: str | None = Field(None, alias="l")


class Page(_Carried):
    """A page of the service, as a path with its query: the link to it is made when the button is pressed."""

    path: str = Field(alias="g")


class Subject(_Carried):
    """What a click on a card is about, each by its id: an organisation, a link, a workspace, a person, a meeting,
    a support request, an incident.

    `query` is what was typed behind a command that is to be tried again.
    """

    tenant: str | None = Field(None, alias="n")
    link: str | None = Field(None, alias="l")
    team: str | None = Field(None, alias="w")
    actor: str | None = Field(None, alias="p")
    channel: str | None = Field(None, alias="c")  # where the message stands from which a modal was opened
    ts: str | None = Field(None, alias="m")
    query: str | None = Field(None, alias="q")
    occurrence: str | None = Field(None, alias="o")
    customer: str | None = Field(None, alias="u")
    request: str | None = Field(None, alias="r")
    incident: str | None = Field(None, alias="i")

    @classmethod
    def asked(cls, typed: str) -> "Subject":
        """What a command is about, by what stands behind it."""
        line = "".join(character for character in typed[:VALUE_TEXT] if character.isprintable())
        return cls(query=line or None)

    def needed(self, name: str) -> str:
        """One of its ids. Raises StaleButton where it carries none."""
        found: str | None = getattr(self, name)
        if not found:
            raise StaleButton(f"a button carries no {name}")
        return found
