"""The staff's card of a support request follows it along, however late, doubled or disordered the news of it comes."""

import logging
import time

from bot.acting import requests_of
from bot.asking import Desk
from bot.blocks import Message
from bot.errors import CannotLook, ServiceUnavailable
from bot.inquiry import Place
from bot.posting import PAUSES_SECONDS, post, update
from bot.replies import WORTH_OFFERING
from bot.service.desk_api import SupportRequest
from bot.support.request_card import Seen, card
from bot.telling.looking import look
from bot.telling.receiving import staff_channel

log = logging.getLogger(__name__)

MOST_ROUNDS = 8
MOST_SUGGESTED = 3
NOT_FOR_STAFF = ("contact-support", "support-hours")  # how to reach them


def bring_up_to_date(desk: Desk, request: SupportRequest) -> SupportRequest:
    """Show in its card how a request stands, and again if it moved on meanwhile; how it stands then.

    So of two processes that show states at once, the one that shows the older state replaces it. Nothing happens
    where there is no card yet: whoever posts it brings it up to date after. Raises ServiceError or SlackApiError.
    """
    for _ in range(MOST_ROUNDS):
        place = card_place(request)
        if place is None or place.thread_ts is None:
            return request
        client = desk.client_for(place.team)
        if not update(client, place.channel, place.thread_ts, drawn(desk, request)):
            log.warning("the card of the request %s is gone", request.id)
            return request
        now = requests_of(desk).request(request.id)
        if (now.version, now.card) == (request.version, request.card):
            return now
        request = now
    log.warning("the request %s changes faster than its card", request.id)
    return request


def post_card(desk: Desk, request: SupportRequest) -> Place:
    """Post the card of a request whose own news of it came to nothing; where it stands, also if it stood already.

    Where we may not look there may be two of it then: better than none. Raises Undeliverable, NotYet, ServiceError or
    SlackApiError.
    """
    client, channel = staff_channel(desk)
    try:
        ts = look(client, channel, None, card_key(request), request.asked_at)
    except CannotLook:
        ts = None
    ts = ts or post(client, channel, drawn(desk, request), key=card_key(request))
    place = Place(str(desk.staff.team), channel, ts)
    keep_card(desk, request, place)
    return place


def keep_card(desk: Desk, request: SupportRequest, place: Place) -> None:
    """Tell the service where the card stands; it is posted already, so we are not put off by one lost call."""
    for pause in (*PAUSES_SECONDS, None):
        try:
            requests_of(desk).keep_card(request.id, str(place))
        except ServiceUnavailable:
            if pause is None:
                raise
            time.sleep(pause)
        else:
            return


def card_key(request: SupportRequest) -> str:
    """By which the card is found in the channel."""
    return f"request:{request.id}"


def drawn(desk: Desk, request: SupportRequest, suffix: str = "card") -> Message:
    """The card as of now, with links to articles that may help."""
    found = [one for one in desk.search.ask(request.text).candidates if one.confidence >= WORTH_OFFERING]
    known = (request.article, *NOT_FOR_STAFF)
    others = [one.article for one in found if one.article not in known][:MOST_SUGGESTED]
    links = (desk.replies.read_more(slug, opening="") for slug in others)
    suggested = [link for link in links if link is not None]
    answered = desk.replies.read_more(request.article, opening="")
    return card(request, Seen(desk.clock(), desk.staff, suggested, answered), suffix)


def card_place(request: SupportRequest) -> Place | None:
    """Where its card stands: its `thread_ts` is the card's own."""
    try:
        return Place.parse(request.card or "")
    except ValueError:
        return None
