"""`/retain …`: one table of subcommands; anything else is taken as a question."""

from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import App, BoltContext, BoltResponse, Respond
from slack_sdk import WebClient

from bot.asking import LONGEST_TEXT, Desk
from bot.blocks import Message
from bot.claims import Claim
from bot.identity import actor_of
from bot.inquiry import Inquiry, Place
from bot.replies import Asked
from bot.surfaces import respond_privately

COMMAND = "/retain"


def register(app: App, desk: Desk) -> None:
    """Add the listener."""
    subcommands: dict[str, Callable[[Asked], Message]] = {
        "": desk.replies.help,
        "help": desk.replies.help,
        "support": desk.replies.person,
    }

    def claim_question(
        ack: Callable[[], BoltResponse], body: dict[str, Any], context: BoltContext, next_: Callable[[], Any]
    ) -> BoltResponse | None:
        inquiry = question(body, context)
        if inquiry.text.casefold() not in subcommands:
            claim = desk.claims.claim(inquiry)
            if claim is None:
                return ack()
            context["claim"] = claim
        next_()
        return None

    def answer(
        ack: Callable[[], None],
        body: dict[str, Any],
        context: BoltContext,
        client: WebClient,
        respond: Respond,
    ) -> None:
        ack()
        claim: Claim | None = context.get("claim")
        if claim is not None:
            message, outcome = desk.answer(claim, client)
            respond_privately(respond, message)
            desk.claims.settle(claim, outcome)
            return
        inquiry = question(body, context)
        asked = Asked("", desk.clock(), desk.zones.zone(inquiry.actor, client))
        respond_privately(respond, subcommands[inquiry.text.casefold()](asked))

    app.command(COMMAND, middleware=[claim_question])(answer)


def question(body: Mapping[str, Any], context: BoltContext) -> Inquiry:
    """What stands behind `/retain`, without the word `ask`."""
    text = str(body.get("text") or "").strip()
    first, _, rest = text.partition(" ")
    asked = rest.strip() if first.casefold() == "ask" else text
    team = str(context.team_id)
    key = f"command:{team}/{body['trigger_id']}"
    place = Place(team, str(body["channel_id"]))
    return Inquiry(key, asked[:LONGEST_TEXT], actor_of(body, context), place)
