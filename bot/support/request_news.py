"""What happened to a support request, delivered to the staff: its card, what the asker wrote, reminders."""

import math
from datetime import datetime, timedelta

from pydantic import AwareDatetime, BaseModel, Field
from slack_sdk.errors import SlackApiError

from bot import blocks
from bot.acting import request_of
from bot.asking import Desk
from bot.blocks import Block, Message
from bot.carried import Subject
from bot.errors import NotYet, Undeliverable
from bot.inquiry import Place
from bot.integration_client import Notification
from bot.meetings.amounts import length
from bot.service.desk_api import RequestState, SupportRequest
from bot.support.request_actions import follow
from bot.support.request_card import LONGEST_TEXT, quoted_lines
from bot.support.request_following import bring_up_to_date, card_key, card_place, drawn, keep_card, post_card
from bot.support.request_words import can_be_answered, colleague, full_name, is_overdue
from bot.telling.receiving import MAY_NOT, parsed, receiver, staff_channel
from bot.telling.sending import send, send_directly
from kb import support_hours

TO_CHANNEL = "channel"
FOR_CLAIMER_ALONE = 30  # the stage of which the channel hears only where nobody has the request
CARD_COMES = timedelta(minutes=5)  # what belongs below a card waits for it that long


class About(BaseModel):
    request: str


class Wrote(About):
    text: str = Field(repr=False)


class Reminder(About):
    """`stage`: open minutes before the target; 0 is the miss. `to`: "channel", or the actor who has the request."""

    stage: int
    to: str
    respond_by: AwareDatetime


def show_opened(desk: Desk, notification: Notification) -> None:
    """`support_request.opened`: its card, once. What changes meanwhile comes as `changed`."""
    request = request_of(desk, parsed(About, notification).request)
    if request is None or request.card is not None:
        return
    client, channel = staff_channel(desk)
    ts = send(desk, notification, client, channel, drawn(desk, request), key=card_key(request))
    keep_card(desk, request, Place(str(desk.staff.team), channel, ts))


def show_changed(desk: Desk, notification: Notification) -> None:
    """`support_request.changed`: the card as of now."""
    request = request_of(desk, parsed(About, notification).request)
    if request is not None:
        bring_up_to_date(desk, request)


def tell_written(desk: Desk, notification: Notification) -> None:
    """`support_request.wrote`: what the asker wrote, below the card."""
    wrote = parsed(Wrote, notification)
    request = request_of(desk, wrote.request)
    if request is None:
        return
    who = full_name(request, desk.staff)
    said = quoted_lines(wrote.text, LONGEST_TEXT)
    to = f"{colleague(request.claimed_by, desk.staff).shown}: " if request.claimed_by else ""
    opening = Message(f"{who.plain} wrote:", (blocks.section(f"{to}*{who.shown} wrote:*"),))
    # An old card is far up in the channel: where nobody has the request, nobody would see what stands below it.
    _below_card(desk, notification, request, blocks.joined(opening, said), broadcast=request.claimed_by is None)


def remind(desk: Desk, notification: Notification) -> None:
    """`support_request.reminder`: to who has the request, or to the channel. Nothing once the clock stands still, or
    the target has moved (then the new one is reminded of); nothing yet while we are closed, for the worker
    that would hold it back may be away.
    """
    reminder = parsed(Reminder, notification)
    request = request_of(desk, reminder.request)
    if request is None or request.minutes_left is None or request.respond_by != reminder.respond_by:
        return
    if not support_hours.is_open(desk.clock()):
        raise NotYet("we are closed")
    if reminder.to != TO_CHANNEL:
        try:
            _remind_claimer(desk, notification, request, reminder)
        except Undeliverable:
            if reminder.stage != FOR_CLAIMER_ALONE:
                raise  # the channel is reminded, too
            reminder = reminder.model_copy(update={"to": TO_CHANNEL})
        else:
            return
    _below_card(desk, notification, request, _reminder(desk, request, reminder), broadcast=True)
    follow(desk, request)  # the reminder stands, whatever comes of this


def _remind_claimer(desk: Desk, notification: Notification, request: SupportRequest, reminder: Reminder) -> None:
    """Raises Undeliverable for who is not staff any more."""
    asker, client = receiver(desk, request.claimed_by or reminder.to)
    if not asker.is_staff:
        raise Undeliverable(MAY_NOT)
    shown = blocks.joined(_reminder(desk, request, reminder), blocks.pressing(*_buttons(request)))
    send_directly(desk, notification, client, asker.actor.user, shown)


def _below_card(
    desk: Desk, notification: Notification, request: SupportRequest, message: Message, *, broadcast: bool
) -> None:
    """Post it in the card's thread, with buttons and shown in the channel too if `broadcast`; in the channel alone
    where somebody deleted the card.
    """
    place, alone = _card(desk, request), blocks.joined(message, blocks.pressing(*_taking(request)))
    client = desk.client_for(place.team)
    shown = alone if broadcast else message
    try:
        send(desk, notification, client, place.channel, shown, place.thread_ts, broadcast=broadcast)
    except SlackApiError as error:
        if error.response.get("error") != "thread_not_found":
            raise
        send(desk, notification, client, place.channel, alone)


def _card(desk: Desk, request: SupportRequest) -> Place:
    """Where it stands. One that could not be posted in its time (the channel was archived, say) is posted now."""
    place = card_place(request)
    if place is not None and place.thread_ts is not None:
        return place
    if desk.clock() - request.asked_at < CARD_COMES:
        raise NotYet("its card is not there yet")
    return post_card(desk, request)


def _reminder(desk: Desk, request: SupportRequest, reminder: Reminder) -> Message:
    """Such as "⏰ 30 min left to answer Maya Chen (Acme Corp), by Mon 10:40 PT"."""
    who = full_name(request, desk.staff)
    due = support_hours.describe_due(reminder.respond_by, desk.clock(), None)
    left = math.ceil(request.minutes_left or 0)
    if left > 0 and not is_overdue(request, desk.clock()):
        counted = "" if _same_day(desk.clock(), reminder.respond_by) else ", counted in support hours"
        opening, closing = f"⏰ {length(60 * left)} left to answer ", f", {due}{counted}."
    else:
        opening, closing = "🔴 ", f" still waits for an answer. It was due {due}."
    line = Message(
        f"{opening}{who.plain}{closing}",
        (blocks.section(f"*{opening}{who.shown}*{blocks.escape(closing)}{_has_it(desk, request, reminder)}"),),
    )
    return blocks.joined(line, quoted_lines(request.text, 300))


def _has_it(desk: Desk, request: SupportRequest, reminder: Reminder) -> str:
    if reminder.to != TO_CHANNEL:
        return " You have it." if request.claimed_by else ""
    return (
        f" {colleague(request.claimed_by, desk.staff).shown} has it." if request.claimed_by else " Nobody has it yet."
    )


def _same_day(now: datetime, due: datetime) -> bool:
    return now.astimezone(support_hours.PACIFIC).date() == due.astimezone(support_hours.PACIFIC).date()


def _buttons(request: SupportRequest) -> list[Block]:
    value = Subject(request=request.id).packed()
    answer = blocks.button("Answer", f"{blocks.ANSWER_REQUEST}reminder", value, style="primary")
    snooze = blocks.button("Snooze", f"{blocks.SNOOZE_REQUEST}reminder", value)
    return [answer, _show(request), snooze] if can_be_answered(request) else [_show(request), snooze]


def _taking(request: SupportRequest) -> list[Block]:
    """What anybody of the staff may do about it from the channel."""
    value, free = Subject(request=request.id).packed(), request.state == RequestState.OPEN
    claim = blocks.button("Claim", f"{blocks.CLAIM_REQUEST}news", value, style="primary")
    return [claim, _show(request)] if free else [_show(request)]


def _show(request: SupportRequest) -> Block:
    return blocks.button("Show the request", f"{blocks.SHOW_REQUEST}news", Subject(request=request.id).packed())
