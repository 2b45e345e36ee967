"""Meeting hours: `/retain hours`, with a customer's name and days where they are wanted."""

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from slack_bolt import App, BoltContext, Respond
from slack_sdk import WebClient

from bot import blocks, finding
from bot.acting import asker_of, attempt, meetings_of, service_of
from bot.asking import Desk
from bot.blocks import Message
from bot.carried import Subject
from bot.connections import status_card
from bot.errors import Refused, ServiceError
from bot.meetings import customers, hours_card, whose
from bot.meetings.customers import Scored
from bot.meetings.day_phrases import NO_DATE, Days, apart, last_months, unreadable
from bot.meetings.questions import is_question
from bot.meetings.typed_meeting import without
from bot.meetings.whose import Whose
from bot.pages import page_for
from bot.service.meetings_api import Customer
from bot.surfaces import Body, acknowledge, replace, tell
from bot.tenancy import Asker

log = logging.getLogger(__name__)

DOING = "look up the meeting hours"
FOR_WHOM = (
    "Whose hours? Type `/retain hours` and the name of an organisation. For one of its customers, type both:"
    " `/retain hours acme initech last month`."
)
TOO_FAR = "I can tell of up to five years at a time. Type other days, such as: /retain hours 2026-10"
MONTHS = 6  # with this one, where a customer is named and no days
UNKNOWN = "Type `/retain hours` alone to see whom I know. To ask a question, type `/retain ask` and your question."
LONGEST_NAME = 8  # words of a customer's name, and of days
AROUND = frozenset(("for", "with", "of", "by", "customer", ":"))
OF_SUPPORT = frozenset(("support", "open", "opening"))
ANY_DAY = date(2024, 2, 29)  # whether something is typed as days does not depend on today


@dataclass(frozen=True)
class Wanted:
    """A customer by what was typed or by its id, if any; `days`, if any. `typed`: all of it."""

    customer: str = ""
    customer_id: str | None = None
    days: Days | None = None
    typed: str = ""

    @classmethod
    def of(cls, text: str, of: Whose, now: datetime, customer_id: str | None = None) -> "Wanted":
        found = apart(text, of.today(now), month_first=of.month_first)
        return cls(without(found.name, AROUND), customer_id, found.days, without(text, AROUND))


def takes(rest: str) -> bool:
    """Whether it names days or a customer, and does not only begin a question with our word."""
    found = apart(rest, ANY_DAY, month_first=True)
    if found.days or not rest:
        return not found.name or not (rest.endswith("?") or len(found.name.split()) > LONGEST_NAME)
    return not is_question(rest, LONGEST_NAME, OF_SUPPORT)


def register(app: App, desk: Desk) -> None:
    """Add the listeners."""

    def show(body: Body, context: BoltContext, client: WebClient, respond: Respond) -> None:
        subject = Subject.unpacked(body["actions"][0].get("value"))
        again = blocks.button("Try again", f"{blocks.HOURS_OF}again", subject.packed())
        shown = attempt(lambda: _of_subject(desk, subject, body, context, client), DOING, again)
        put = tell if body["actions"][0]["action_id"] == blocks.SHOW_HOURS else replace
        put(body, client, respond, shown)

    app.action(re.compile(rf"^({blocks.HOURS_OF}\w+|{blocks.SHOW_HOURS})$"), middleware=[acknowledge])(show)


def by_command(desk: Desk, rest: str, body: Body, context: BoltContext, client: WebClient) -> Message:
    """`/retain hours`; staff name an organisation first."""
    again = blocks.button("Try again", f"{blocks.HOURS_OF}again", Subject.asked(rest).packed())
    return attempt(lambda: _typed(desk, asker_of(desk, body, context, client), rest, client), DOING, again)


def _of_subject(desk: Desk, subject: Subject, body: Body, context: BoltContext, client: WebClient) -> Message:
    asker = asker_of(desk, body, context, client)
    if subject.tenant is None:
        return _typed(desk, asker, subject.query or "", client)
    of = whose.clicked(desk, asker, subject.tenant)
    if isinstance(of, Message):
        return of
    wanted = Wanted.of(subject.query or "", of, desk.clock(), subject.customer)
    return _told(desk, asker, of, wanted, client)


def _typed(desk: Desk, asker: Asker, rest: str, client: WebClient) -> Message:
    of, words = whose.own(asker), rest
    if asker.is_staff:
        named = _named(desk, asker, rest)
        if isinstance(named, Message):
            return named
        if named is not None:
            of, words = named
        if of is None:
            return blocks.marked(FOR_WHOM)
    if of is None:
        return blocks.plain(asker.why_nobody)
    wanted = Wanted.of(words, of, desk.clock())
    if wanted.customer.casefold() in (of.tenant, of.name.casefold()):
        wanted = Wanted(days=wanted.days)
    return _told(desk, asker, of, wanted, client)


def _named(desk: Desk, asker: Asker, rest: str) -> tuple[Whose, str] | Message | None:
    """The organisation that staff name, and the words behind it; None where they name none."""
    head, colon, tail = rest.partition(":")
    if colon and (name := without(head, AROUND)):
        of = whose.named(desk, asker, name, blocks.HOURS_OF, Subject.asked(tail.strip()))
        return of if isinstance(of, Message) else (of, tail)
    found = apart(rest, ANY_DAY, month_first=True)
    name = without(found.name, AROUND)
    if not name:
        return None
    named = whose.leading(desk, asker, name, blocks.HOURS_OF, found.phrase)
    return named if isinstance(named, Message) else (named[0], f"{named[1]} {found.phrase}".strip())


def _told(desk: Desk, asker: Asker, of: Whose, wanted: Wanted, client: WebClient) -> Message:
    today = of.today(desk.clock())
    if wanted.days and wanted.days.first > today:
        return hours_card.to_come(of, wanted.days)
    try:
        if wanted.customer or wanted.customer_id:
            return _of_customer(desk, asker, of, wanted, client)
        days = wanted.days or last_months(1, today)
        hours = meetings_of(desk).hours(asker.behalf, of.tenant, days.first, days.last)
    except Refused as refused:
        if refused.status == 403:
            return whose.not_yours(desk, of, "Meeting hours are", "/retain hours")
        if refused.status == 422:
            return blocks.plain(TOO_FAR)
        raise
    shown = hours_card.by_customer(hours, of, _page(desk, asker, client, of, days), typed=wanted.days is not None)
    return blocks.joined(_stopped(desk, asker, of, client), shown)


def _of_customer(desk: Desk, asker: Asker, of: Whose, wanted: Wanted, client: WebClient) -> Message:
    meetings = meetings_of(desk)
    known = meetings.customers(asker.behalf, of.tenant)
    one, days = _meant(known, wanted)
    if one is None:
        return _which(of, wanted, customers.offered(known, wanted.customer))
    typed, days = days is not None, days or last_months(MONTHS, of.today(desk.clock()))
    hours = meetings.hours(asker.behalf, of.tenant, days.first, days.last, group_by="month", customer=one.id)
    page = _page(desk, asker, client, of, days, one.id)
    shown = hours_card.of_customer(hours, one.name, of, page, typed=typed)
    return blocks.joined(_stopped(desk, asker, of, client), shown)


def _stopped(desk: Desk, asker: Asker, of: Whose, client: WebClient) -> Message | None:
    """That Zoom is not connected now, above numbers that lack what it would tell."""
    try:
        status = service_of(desk).status(asker.behalf, of.tenant)
    except ServiceError as error:
        log.info("meeting hours go without the connection's state: %s", error)
        return None
    return status_card.stopped(status, desk.reader(asker.actor, client, at_home=of.at_home, stays=False))


def _meant(known: Sequence[Customer], wanted: Wanted) -> tuple[Customer | Scored | None, Days | None]:
    """The customer that is surely meant, and the days."""
    if wanted.customer_id:
        return next((one for one in known if one.id == wanted.customer_id), None), wanted.days
    whole = finding.the_one(customers.search(known, wanted.typed))
    if whole and whole.score == 1:  # "Blue Monday" is a customer, and no day
        return whole, None
    return customers.meant(known, wanted.customer), wanted.days


def _which(of: Whose, wanted: Wanted, found: Sequence[Scored]) -> Message:
    if (date := unreadable(wanted.customer)) is not None:
        return blocks.plain(NO_DATE.format(date=date))
    days = f"{wanted.days.first} {wanted.days.last}" if wanted.days else None
    asked = finding.did_you_mean(
        wanted.customer,
        found,
        blocks.HOURS_OF,
        lambda one: Subject(tenant=of.tenant, customer=one.id, query=days).packed(),
        "customer",
    )
    return asked if found else blocks.joined(asked, blocks.marked(UNKNOWN), hours_card.support_hours())


def _page(
    desk: Desk, asker: Asker, client: WebClient, of: Whose, days: Days, customer: str | None = None
) -> str | None:
    query = {"from": days.first.isoformat(), "to": days.last.isoformat(), "customer": customer}
    return page_for(desk, asker, client, of.elsewhere, "/reports/meeting-hours", query)
