"""`/retain …`: one table of subcommands; anything else is taken as a question."""

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, BoltContext, BoltResponse, Respond
from slack_sdk import WebClient

from bot.asking import LONGEST_TEXT, Desk, claiming
from bot.blocks import Message, with_question
from bot.claims import Claim
from bot.identity import actor_of
from bot.inquiry import Inquiry, Place
from bot.replies import Asked
from bot.surfaces import Body, respond_privately
from kb.search import clean

COMMAND = "/retain"


def register(app: App, desk: Desk) -> None:
    """Add the listener."""
    subcommands: dict[str, Callable[[Asked], Message]] = {
        "": desk.replies.help,
        "help": desk.replies.help,
        "support": desk.replies.person,
        "status": desk.replies.not_yet,
        "connect": desk.replies.not_yet,
    }
    claim_question = claiming(desk, question)

    def claim_or_pass(ack: Ack, body: Body, context: BoltContext, next_: Callable[[], Any]) -> BoltResponse | None:
        if question(body, context).text.casefold() not in subcommands:
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
        inquiry = question(body, context)
        respond_privately(respond, subcommands[inquiry.text.casefold()](desk.asked(inquiry.actor, client)))

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
