"""Words about support requests that the card, the queue and the news of them have in common. Pure."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot import blocks
from bot.inquiry import Actor
from bot.meetings.amounts import length
from bot.moments import yours
from bot.naming import SUPPORT
from bot.service.desk_api import RequestState, Said, SupportRequest
from bot.staff import Staff
from kb import support_hours

RUNNING = (RequestState.OPEN, RequestState.CLAIMED)
SOMEBODY = "Somebody"
COLLEAGUE = "a colleague"
NO_SNOOZE = timedelta(minutes=1)
SYMBOLS: Mapping[str, str] = {
    RequestState.OPEN: "🔔",
    RequestState.CLAIMED: "🙋",
    RequestState.ANSWERED: "✅",
    RequestState.RESOLVED: "☑️",
}


class Who(NamedTuple):
    """A person in plain words, and as Slack draws them."""

    plain: str
    shown: str

    @classmethod
    def named(cls, name: str) -> "Who":
        return cls(name, blocks.escape(name))


def colleague(actor: str | None, staff: Staff) -> Who:
    """One of the staff. Slack draws the names of people of the staff's own workspace alone."""
    who = slack_person(actor)
    if who is None or who.team != staff.team:
        return Who.named(SUPPORT)
    return Who(COLLEAGUE, f"<@{blocks.escape(who.user)}>")


def slack_person(actor: str | None) -> Actor | None:
    """Somebody in Slack; None for anybody else."""
    try:
        return Actor.parse(actor or "")
    except ValueError:
        return None


def asker_of(request: SupportRequest, staff: Staff) -> Who:
    """Who asks: by their name, else where they are written to; as Slack draws them where the staff's workspace does."""
    said = request.contact
    name = blocks.one_line((said and (said.name or said.email)) or SOMEBODY, 80)
    who = slack_person(request.actor)
    return Who(name, f"<@{blocks.escape(who.user)}>") if who and who.team == staff.team else Who.named(name)


def organisation_of(request: SupportRequest) -> str | None:
    """Their organisation: the one we know them by, else what they say, which anybody may."""
    said = request.contact and request.contact.organisation
    return request.tenant_name or request.tenant or (f"says: {blocks.one_line(said, 80)}" if said else None)


def full_name(request: SupportRequest, staff: Staff) -> Who:
    """Such as "Maya Chen (Acme Corp)"."""
    who, organisation = asker_of(request, staff), organisation_of(request)
    if organisation is None:
        return who
    return Who(f"{who.plain} ({organisation})", f"{who.shown} ({blocks.escape(organisation)})")


def zone_of(request: SupportRequest) -> ZoneInfo | None:
    """The asker's zone, where it is known."""
    try:
        return ZoneInfo(request.time_zone) if request.time_zone else None
    except (ValueError, ZoneInfoNotFoundError):
        return None


def is_overdue(request: SupportRequest, now: datetime) -> bool:
    """Whether its clock runs past the target. A target at closing time is past as soon as we have closed."""
    return request.minutes_left is not None and now > request.respond_by


def due(request: SupportRequest, now: datetime) -> str | None:
    """For a message that stays: such as "by Mon 10:40 PT (today 18:40 your time)", and whether that is past; None when
    the clock stands still. What is left goes on while it stands there, and is not told.
    """
    if request.minutes_left is None:
        return None
    minute = datetime.fromtimestamp(math.ceil(request.respond_by.timestamp() / 60) * 60, UTC)  # as describe_due rounds
    words = f"{support_hours.describe_due(request.respond_by, now, None)} ({yours(minute)})"
    return f"{words}: overdue" if is_overdue(request, now) else words


def due_and_left(request: SupportRequest, now: datetime) -> str | None:
    """For one look: such as "by Mon 10:40 PT, 1 h 12 min of support hours left"; None when the clock stands still."""
    if request.minutes_left is None:
        return None
    return f"{support_hours.describe_due(request.respond_by, now, None)}, {_left(request, request.minutes_left, now)}"


def _left(request: SupportRequest, minutes: float, now: datetime) -> str:
    """Open minutes in words: never more than there are."""
    if not is_overdue(request, now):
        return f"{length(60 * math.floor(max(minutes, 0.0)))} of support hours left"
    late = math.ceil(-minutes)
    return f"overdue by {length(60 * late)} of support hours" if late > 0 else "overdue"


def snoozed_until(request: SupportRequest, now: datetime) -> datetime | None:
    """Until when its reminders wait; None where they do not, or nearly: a snooze is ended by one that is that short."""
    until = request.snoozed_until
    return until if request.state in RUNNING and until is not None and until > now + NO_SNOOZE else None


def can_be_answered(request: SupportRequest) -> bool:
    """Whether what staff write here reaches the asker: not by e-mail, and not once it is resolved."""
    return (request.place or request.actor) is not None and request.state != RequestState.RESOLVED


def last_answer(request: SupportRequest) -> Said | None:
    """What staff answered last, if that is among the latest that happened."""
    return next((one for one in reversed(request.said) if one.kind == "answered"), None)


def answer_is_lost(request: SupportRequest) -> bool:
    """Whether it counts as answered, and the asker has no answer: it could not be delivered."""
    answer = last_answer(request)
    return request.state == RequestState.ANSWERED and answer is not None and answer.delivery == "not_delivered"


def symbol(request: SupportRequest, now: datetime) -> str:
    """One sign that says how it stands."""
    if is_overdue(request, now):
        return "🔴"
    if answer_is_lost(request):
        return "⚠️"
    return "💤" if snoozed_until(request, now) else SYMBOLS.get(request.state, "🔔")
