"""What commands and clicks about connections have in common: who asks, and words for what went wrong."""

import logging
from collections.abc import Callable

from slack_bolt import BoltContext
from slack_sdk import WebClient

from bot import blocks
from bot.asking import Desk
from bot.blocks import Block, Message
from bot.errors import BotError, NotToldBySlack, Refused, ServiceError, ServiceUnavailable
from bot.identity import actor_of
from bot.inquiry import Place
from bot.service.connection_service import ConnectionService
from bot.service.desk_api import SupportRequest
from bot.service.desk_service import DeskService
from bot.service.meeting_service import MeetingService
from bot.surfaces import Body
from bot.tenancy import Asker, Tenancy

log = logging.getLogger(__name__)

NO_SERVICE = "This bot answers questions only: it has no access to connections. A person at Retain has."
NOT_OPEN = "That is not open to you. An admin of your organisation, or Retain's support, can do it."
NOT_POSSIBLE = "That did not work: it may have changed in the meantime. Please look again."
TOO_OLD = "Our service cannot tell me that yet: it is older than I am. Retain's support can tell you."


class NoService(BotError):
    """The bot runs without the integration service."""

    said = NO_SERVICE


def tenancy_of(desk: Desk) -> Tenancy:
    """Raises NoService where the bot runs without the service."""
    if desk.tenancy is None:
        raise NoService("INTEGRATION_URL is not set")
    return desk.tenancy


def service_of(desk: Desk) -> ConnectionService:
    """Raises NoService where the bot runs without the service."""
    return tenancy_of(desk).service


def meetings_of(desk: Desk) -> MeetingService:
    """Raises NoService where the bot runs without the service."""
    return tenancy_of(desk).integration.meetings


def requests_of(desk: Desk) -> DeskService:
    """Where support requests are. Raises NoService where the bot runs without the service."""
    return tenancy_of(desk).integration.desk


def request_of(desk: Desk, request: str) -> SupportRequest | None:
    """A support request as it stands now, for the bot itself; None once it is deleted. Raises ServiceError."""
    try:
        return requests_of(desk).request(request)
    except Refused as refused:
        if refused.status != 404:
            raise
        return None


def asker_of(desk: Desk, body: Body, context: BoltContext, client: WebClient) -> Asker:
    """Who pressed or typed, as of now. Raises NoService, NotToldBySlack or ServiceError."""
    team = str(context.team_id)
    channel = context.channel_id or context.user_id
    return tenancy_of(desk).asker(actor_of(body, context), team, client, str(Place(team, str(channel))))


def attempt(work: Callable[[], Message], doing: str, again: Block | None = None) -> Message:
    """What `work` gives, or plain words for why not; `doing` completes "I could not …".

    `again` is the button to try again, offered where that may help.
    """
    retry = blocks.pressing(again) if again else None
    try:
        return work()
    except NoService as error:
        return blocks.plain(error.said)
    except NotToldBySlack as error:
        log.info("could not %s: %s", doing, error)
        return blocks.joined(blocks.plain(error.said), retry)
    except ServiceError as error:
        log.warning("could not %s: %s", doing, error)
        helps = isinstance(error, ServiceUnavailable)
        return blocks.joined(blocks.plain(words_for(error, doing)), retry if helps else None)


def again_button(body: Body) -> Block:
    """Does the same as what was clicked."""
    action = body["actions"][0]
    return blocks.button("Try again", str(action["action_id"]), str(action.get("value") or ""))


def attempt_view(work: Callable[[], Block], doing: str) -> Block:
    """The modal that `work` gives, or one that says why not."""
    made: list[Block] = []

    def make() -> Message:
        made.append(work())
        return blocks.plain()

    failed = attempt(make, doing)
    return made[0] if made else blocks.modal(failed)


def words_for(error: ServiceError, doing: str) -> str:
    """What a person reads when the service did not do what they asked for."""
    if isinstance(error, ServiceUnavailable):
        return f"I could not {doing} just now: our service does not answer. Please try again in a minute."
    if isinstance(error, Refused) and error.unknown_here:
        return TOO_OLD
    return NOT_OPEN if isinstance(error, Refused) and error.status == 403 else NOT_POSSIBLE
