"""What the staff do about a support request by one press: of a button of its card, of the queue, of a reminder."""

import logging
import re
from collections.abc import Callable
from http.client import HTTPException
from typing import TypeVar

from slack_bolt import App, BoltContext, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import blocks
from bot.acting import asker_of, attempt, requests_of
from bot.asking import Desk
from bot.blocks import Message
from bot.carried import Subject
from bot.errors import BotError, Refused
from bot.inquiry import Place
from bot.service.connection_service import OnBehalf
from bot.service.desk_api import SupportRequest, Taken
from bot.service.desk_service import DeskService, is_resolved
from bot.support.request_following import bring_up_to_date, drawn
from bot.support.request_words import colleague
from bot.surfaces import Body, acknowledge, replace, tell
from bot.tenancy import Asker

log = logging.getLogger(__name__)

T = TypeVar("T")
Act = Callable[[DeskService, OnBehalf, str], SupportRequest | Taken]
STAFF_ONLY = "Only Retain's support can do that."
RESOLVED_ALREADY = "It is resolved already. To go on with it, reopen it first."
GONE = "That request is not there any more."
DOING = "do that"
ON_CARD, SHOWN = "card", "shown"  # what the ids of a card's buttons end in: in the channel, and for one person's eyes


def register(app: App, desk: Desk) -> None:
    """Add the listeners."""
    acts: tuple[tuple[str, Act], ...] = (
        (blocks.CLAIM_REQUEST, DeskService.claim),
        (blocks.RELEASE_REQUEST, DeskService.release),
        (blocks.MARK_ANSWERED, DeskService.answered_elsewhere),
        (blocks.RESOLVE_REQUEST, DeskService.resolve),
        (blocks.REOPEN_REQUEST, DeskService.reopen),
    )
    for prefix, act in acts:
        app.action(pressed(prefix), middleware=[acknowledge])(_acting(desk, act))

    def show(body: Body, context: BoltContext, client: WebClient, respond: Respond) -> None:
        def look(asker: Asker) -> Message:
            request = requests_of(desk).request(subject_of(body).needed("request"), asker.behalf)
            return drawn(desk, request, SHOWN)

        tell(body, client, respond, as_staff(desk, body, context, client, look, "look that up"))

    app.action(pressed(blocks.SHOW_REQUEST), middleware=[acknowledge])(show)


def pressed(prefix: str) -> re.Pattern[str]:
    """The ids of all buttons of one kind."""
    return re.compile(rf"^{prefix}\w+$")


def subject_of(body: Body) -> Subject:
    """What a button is about. Raises StaleButton for one that is not ours."""
    return Subject.unpacked(body["actions"][0].get("value"))


def as_staff(
    desk: Desk, body: Body, context: BoltContext, client: WebClient, work: Callable[[Asker], T], doing: str = DOING
) -> T | Message:
    """What `work` gives for somebody who is staff at this moment; else why not, in words."""
    made: list[T] = []

    def try_it() -> Message:
        asker = asker_of(desk, body, context, client)
        if not asker.is_staff:
            return blocks.plain(STAFF_ONLY)
        try:
            made.append(work(asker))
        except Refused as refused:
            if is_resolved(refused):
                return blocks.plain(RESOLVED_ALREADY)
            if refused.status == 404 and not refused.unknown_here:
                return blocks.plain(GONE)
            raise
        return blocks.joined()

    failed = attempt(try_it, doing)
    return made[0] if made else failed


def follow(desk: Desk, request: SupportRequest, card: Place | None = None) -> SupportRequest:
    """Show in the card what was just done; where that fails, the service has it shown later.

    `card`: where it stands, in case that is news to the service: the bot may have been stopped as it posted it.
    """
    try:
        if request.card is None and card is not None:
            requests_of(desk).keep_card(request.id, str(card))
            request = request.model_copy(update={"card": str(card)})
        return bring_up_to_date(desk, request)
    except (BotError, SlackApiError, OSError, HTTPException) as error:
        log.warning("the card of the request %s follows later: %s", request.id, type(error).__name__)
        return request


def taken(desk: Desk, by: Taken) -> Message:
    """Somebody else was quicker."""
    who = colleague(by.claimed_by, desk.staff)
    words = "has this request already."
    return Message(f"{who.plain.capitalize()} {words}", (blocks.section(f"{who.shown} {words}"),))


def _acting(desk: Desk, act: Act) -> Callable[..., None]:
    def listen(body: Body, context: BoltContext, client: WebClient, respond: Respond) -> None:
        shown_alone = _suffix(body) == SHOWN
        told = as_staff(desk, body, context, client, lambda asker: _done(desk, act, asker, body))
        if told.blocks:
            put = replace if shown_alone else tell
            put(body, client, respond, told)

    return listen


def _done(desk: Desk, act: Act, asker: Asker, body: Body) -> Message:
    """Do it; nothing is said where the card itself shows it."""
    request_id, service = subject_of(body).needed("request"), requests_of(desk)
    card = _card_pressed(desk, body)
    try:
        result = act(service, asker.behalf, request_id)
    except Refused as refused:
        if is_resolved(refused):
            follow(desk, service.request(request_id), card)
        raise
    by_another = taken(desk, result) if isinstance(result, Taken) else None
    request = follow(desk, service.request(request_id) if isinstance(result, Taken) else result, card)
    return blocks.joined(by_another, None if card else drawn(desk, request, SHOWN))


def _card_pressed(desk: Desk, body: Body) -> Place | None:
    """Where the card stands, if it was the card that was pressed."""
    if _suffix(body) != ON_CARD:
        return None
    return Place(str(desk.staff.team), str(body["channel"]["id"]), str(body["message"]["ts"]))


def _suffix(body: Body) -> str:
    return str(body["actions"][0]["action_id"]).rpartition("_")[2]
