"""`/retain …`: one table of subcommands; anything else is taken as a question."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from slack_bolt import Ack, App, BoltContext, BoltResponse, Respond
from slack_sdk import WebClient

from bot import connecting, status
from bot.asking import LONGEST_TEXT, Desk, claiming
from bot.blocks import Message, with_question
from bot.claims import Claim
from bot.facts import Setting
from bot.identity import actor_of
from bot.inquiry import Inquiry, Place
from bot.surfaces import Body, respond_privately
from kb.search import clean

COMMAND = "/retain"
MOST_WORDS = 6  # of a name and a person; what is longer is a question that begins with one of our words

Subcommand = Callable[[Desk, str, Body, BoltContext, WebClient], Message]


class Typed(NamedTuple):
    """A subcommand, and what stands behind it."""

    name: str
    rest: str

    @classmethod
    def of(cls, text: str) -> "Typed | None":
        """None for what is a question: "connect acme" is a subcommand, "connect button is grey?" is not."""
        name, rest = [*text.split(maxsplit=1), "", ""][:2]
        if name.casefold() not in SUBCOMMANDS or (rest and name.casefold() not in WITH_MORE):
            return None
        question = rest.rstrip().endswith("?") or len(rest.split()) > MOST_WORDS
        return None if question else cls(name.casefold(), rest)


def _help(desk: Desk, _rest: str, body: Body, context: BoltContext, client: WebClient) -> Message:
    actor = actor_of(body, context)
    return desk.help(desk.asked(actor, client), Setting(actor, str(context.team_id), client, private=True))


def _support(desk: Desk, _rest: str, body: Body, context: BoltContext, client: WebClient) -> Message:
    return desk.replies.person(desk.asked(actor_of(body, context), client))


SUBCOMMANDS: Mapping[str, Subcommand] = {
    "": _help,
    "help": _help,
    "support": _support,
    "status": status.by_command,
    "connect": connecting.by_command,
}
WITH_MORE = ("status", "connect")


def register(app: App, desk: Desk) -> None:
    """Add the listener."""
    claim_question = claiming(desk, question)

    def claim_or_pass(ack: Ack, body: Body, context: BoltContext, next_: Callable[[], Any]) -> BoltResponse | None:
        if Typed.of(question(body, context).text) is None:
            return claim_question(ack, body, context, next_)
        ack()
        next_()
        return None

    def answer(body: Body, context: BoltContext, client: WebClient, respond: Respond) -> None:
        claim: Claim | None = context.get("claim")
        if claim is not None:
            text = clean(claim.inquiry.text)
            desk.deliver(claim, client, lambda message: respond_privately(respond, with_question(text, message)))
            return
        typed = Typed.of(question(body, context).text)
        if typed is not None:
            told = SUBCOMMANDS[typed.name](desk, typed.rest, body, context, client)
            if told.blocks:
                respond_privately(respond, told)

    app.command(COMMAND, middleware=[claim_or_pass])(answer)


def question(body: Body, context: BoltContext) -> Inquiry:
    """What stands behind `/retain`, without the word `ask`."""
    text = str(body.get("text") or "").strip()
    first, rest = [*text.split(maxsplit=1), "", ""][:2]
    asked = rest if first.casefold() == "ask" else text
    team = str(context.team_id)
    key = f"command:{team}/{body['trigger_id']}"
    place = Place(team, str(body["channel_id"]))
    return Inquiry(key, asked[:LONGEST_TEXT], actor_of(body, context), place)
