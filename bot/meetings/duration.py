"""How long a meeting was: `/retain duration`, with a link or an id, and perhaps a day."""

import re
from datetime import date

from slack_bolt import App, BoltContext, Respond
from slack_sdk import WebClient

from bot import blocks
from bot.acting import asker_of, attempt, meetings_of
from bot.asking import Desk
from bot.blocks import Message
from bot.carried import Subject
from bot.errors import Refused
from bot.meetings import duration_card, which_meeting, whose
from bot.meetings.day_phrases import NO_DATE, unreadable
from bot.meetings.duration_card import Around
from bot.meetings.questions import is_question
from bot.meetings.typed_meeting import Typed, typed
from bot.meetings.whose import Whose
from bot.pages import page_for
from bot.service.meetings_api import NothingFound
from bot.surfaces import Body, acknowledge, replace
from bot.tenancy import Asker

DOING = "look up the meeting"
FOR_WHOM = "Whose meeting? Type the organisation's name before it: `/retain duration acme 932 0123 5621`"
ONE_DAY = "I can look at one day only, so this is the latest time it was held."
TO_COME = "That day is still to come. Ask again when the meeting has begun."
NOT_UNDERSTOOD = "I did not understand “{words}”."
LATEST = "This is the latest time it was held."
ANY_DAY = date(2024, 2, 29)  # whether something is typed as a day does not depend on today
LONGEST_NAME = 6  # words of an organisation's name, and what is left of a day


def takes(rest: str) -> bool:
    """Whether it names a meeting (or tries to), and does not only begin a question with our word."""
    found = typed(rest, ANY_DAY)
    if found.meeting or not rest:
        return True
    if found.days and not rest.endswith("?"):
        return len(found.name.split()) <= LONGEST_NAME
    return not is_question(rest, LONGEST_NAME)


def register(app: App, desk: Desk) -> None:
    """Add the listeners."""

    def show(body: Body, context: BoltContext, client: WebClient, respond: Respond) -> None:
        action = body["actions"][0]
        value = (action.get("selected_option") or action).get("value")
        subject = Subject.unpacked(value)
        again = blocks.button("Try again", f"{blocks.DURATION_OF}again", subject.packed())
        shown = attempt(lambda: _of_subject(desk, subject, body, context, client), DOING, again)
        replace(body, client, respond, shown)

    app.action(re.compile(rf"^{blocks.DURATION_OF}\w+$"), middleware=[acknowledge])(show)


def by_command(desk: Desk, rest: str, body: Body, context: BoltContext, client: WebClient) -> Message:
    """`/retain duration`, with a name before the meeting where staff ask."""
    again = blocks.button("Try again", f"{blocks.DURATION_OF}again", Subject.asked(rest).packed())
    return attempt(lambda: _typed(desk, asker_of(desk, body, context, client), rest, client), DOING, again)


def _of_subject(desk: Desk, subject: Subject, body: Body, context: BoltContext, client: WebClient) -> Message:
    asker = asker_of(desk, body, context, client)
    if subject.tenant is None:
        return _typed(desk, asker, subject.query or "", client)
    of = whose.clicked(desk, asker, subject.tenant)
    if isinstance(of, Message):
        return of
    asked = typed(subject.query or "", of.today(desk.clock()), month_first=of.month_first)
    return _told(desk, asker, of, asked._replace(name=""), client, subject.occurrence)


def _typed(desk: Desk, asker: Asker, rest: str, client: WebClient) -> Message:
    words = typed(rest, ANY_DAY, month_first=True)
    if asker.why_nobody:
        return blocks.plain(asker.why_nobody)
    if not words.meeting:
        return _unnamed(desk, asker, rest, client)
    by_name = asker.is_staff and bool(words.name)
    of = whose.named(desk, asker, words.name, blocks.DURATION_OF, Subject.asked(rest)) if by_name else whose.own(asker)
    if of is None:
        return blocks.marked(FOR_WHOM)
    if isinstance(of, Message):
        return of
    known = by_name or words.name.casefold() in (of.tenant, of.name.casefold())
    asked = typed(rest, of.today(desk.clock()), month_first=of.month_first)
    return _told(desk, asker, of, asked._replace(name="") if known else asked, client)


def _unnamed(desk: Desk, asker: Asker, rest: str, client: WebClient) -> Message:
    """What can be typed, and what there is to choose from."""
    of = whose.own(asker)
    if of is None:
        return which_meeting.usage(asker, typed(rest, ANY_DAY, month_first=True))
    asked = typed(rest, of.today(desk.clock()), month_first=of.month_first)
    try:
        offered = which_meeting.to_choose(desk, asker, of, asked, client)
    except Refused as refused:
        if refused.status == 403:
            return _not_yours(desk, of)
        raise
    return blocks.joined(which_meeting.usage(asker, asked), offered)


def _not_yours(desk: Desk, of: Whose) -> Message:
    return whose.not_yours(desk, of, "How long a meeting counts is", "/retain duration and the meeting's link")


def _told(
    desk: Desk, asker: Asker, of: Whose, asked: Typed, client: WebClient, occurrence: str | None = None
) -> Message:
    """The answer about one meeting. What was typed and is no day is left for a note."""
    day = asked.days.first if asked.days and asked.days.first == asked.days.last else None
    if asked.days and asked.days.first > of.today(desk.clock()):
        return blocks.plain(TO_COME)
    if (date := unreadable(asked.name)) is not None:
        return blocks.plain(NO_DATE.format(date=date))
    try:
        told = meetings_of(desk).duration(asker.behalf, of.tenant, asked.meeting, on=day, occurrence=occurrence)
    except Refused as refused:
        if refused.status == 422:
            return which_meeting.usage(asker, asked)
        if refused.status == 403:
            return _not_yours(desk, of)
        raise
    reader = desk.reader(asker.actor, client, at_home=of.at_home, stays=False)
    if isinstance(told, NothingFound):
        words = {"detail": of.said(told.detail), "remedy": of.said(told.remedy)}
        return duration_card.nothing(told.model_copy(update=words), of.tenant, reader)
    told = told.model_copy(update={"explanation": of.said(told.explanation), "next_step": of.said(told.next_step)})
    page = {"meeting": told.meeting_id, "occurrence": told.occurrence}
    link = page_for(desk, asker, client, of.elsewhere, "/reports/duration", page)
    around = Around(_note(asked, day), desk.replies.read_more(told.article), link)
    return duration_card.card(told, reader, around)


def _note(asked: Typed, day: date | None) -> str | None:
    if asked.days and not day:
        return ONE_DAY
    words = NOT_UNDERSTOOD.format(words=blocks.one_line(asked.name, 60))
    return (words if day else f"{words} {LATEST}") if asked.name else None
