"""`/retain …`: one table of subcommands; anything else is taken as a question."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from slack_bolt import Ack, App, BoltContext, BoltResponse, Respond
from slack_sdk import WebClient

from bot import incident, pages
from bot.asking import Desk, claiming
from bot.blocks import Message, with_question
from bot.claims import Claim
from bot.connections import connecting, status
from bot.facts import Setting
from bot.identity import actor_of
from bot.inquiry import Inquiry, Place
from bot.meetings import duration, hours
from bot.reading_questions import LONGEST_TEXT
from bot.support import desk_home, gaps, queue, sla, support_form
from bot.surfaces import Body, respond_privately
from bot.telling import preferences
from kb.search import clean

COMMAND = "/retain"
MOST_WORDS = 6  # of a name and a person; what is longer is a question that begins with one of our words


class Subcommand(NamedTuple):
    """`takes`: whether what stands behind our word belongs to it; else it is a question that begins like that."""

    answer: Callable[[Desk, str, Body, BoltContext, WebClient], Message]
    takes: Callable[[str], bool]


class Typed(NamedTuple):
    """A subcommand, and what stands behind it."""

    command: Subcommand
    rest: str

    @classmethod
    def of(cls, text: str) -> "Typed | None":
        """None for what is a question: "connect acme" is a subcommand, "connect button is grey?" is not."""
        name, rest = [*text.split(maxsplit=1), "", ""][:2]
        command = SUBCOMMANDS.get(name.casefold())
        return cls(command, rest.strip()) if command is not None and command.takes(rest.strip()) else None


def _nothing(rest: str) -> bool:
    return not rest


def _a_name(rest: str) -> bool:
    return not rest.endswith("?") and len(rest.split()) <= MOST_WORDS


def _help(desk: Desk, _rest: str, body: Body, context: BoltContext, client: WebClient) -> Message:
    actor = actor_of(body, context)
    return desk.help(desk.asked(actor, client), Setting(actor, str(context.team_id), client, private=True))


SUBCOMMANDS: Mapping[str, Subcommand] = {
    "": Subcommand(_help, _nothing),
    "help": Subcommand(_help, _nothing),
    "support": Subcommand(support_form.by_command, support_form.takes),
    "status": Subcommand(status.by_command, _a_name),
    "connect": Subcommand(connecting.by_command, _a_name),
    "integrations": Subcommand(pages.by_command, _a_name),
    "duration": Subcommand(duration.by_command, duration.takes),
    "hours": Subcommand(hours.by_command, hours.takes),
    "notifications": Subcommand(preferences.by_command, _nothing),
    "incident": Subcommand(incident.by_command, incident.takes),
    "desk": Subcommand(desk_home.by_command, _nothing),
    "queue": Subcommand(queue.by_command, queue.takes),
    "sla": Subcommand(sla.by_command, sla.takes),
    "gaps": Subcommand(gaps.by_command, gaps.takes),
}


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
            told = typed.command.answer(desk, typed.rest, body, context, client)
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
