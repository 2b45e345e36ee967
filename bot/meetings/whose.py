"""Whose meetings are asked about: one's own organisation's, or, for staff, the one that they name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rapidfuzz import fuzz

from bot import blocks, finding
from bot.acting import tenancy_of
from bot.asking import Desk
from bot.blocks import Message
from bot.carried import Subject
from bot.connections.status_card import talk_button
from bot.service.service_api import Tenant
from bot.tenancy import Asker
from kb.support_hours import PACIFIC

# Where a date begins with the month: the zones of the United States.
MONTH_FIRST = re.compile(
    r"US/.+|America/(?:Indiana|Kentucky|North_Dakota)/.+|Pacific/Honolulu"
    r"|America/(?:New_York|Detroit|Chicago|Denver|Boise|Phoenix|Los_Angeles|Anchorage|Juneau|Nome|Adak)"
)
# What the service says to an organisation, as staff read it.
TO_STAFF = (("your organisation", "{name}"), ("Ask Retain to enable it", "Enable it"))
GONE = "I do not know that organisation any more."


@dataclass(frozen=True)
class Whose:
    """An organisation; its days are those of `zone`. `at_home`: it is the asker's own."""

    tenant: str
    name: str
    zone: ZoneInfo
    at_home: bool = True

    def today(self, now: datetime) -> date:
        """The day there, at this moment."""
        return now.astimezone(self.zone).date()

    def said(self, text: str | None) -> str | None:
        """What the service says to people of the organisation, in words for who asks."""
        for theirs, ours in () if self.at_home else TO_STAFF:
            text = text and text.replace(theirs, ours.format(name=self.name))
        return text

    @property
    def elsewhere(self) -> str | None:
        """Its id, where it is not the asker's own."""
        return None if self.at_home else self.tenant

    @property
    def month_first(self) -> bool:
        """Whether 03/04/2026 is the 4th of March there."""
        return MONTH_FIRST.fullmatch(self.zone.key) is not None


def own(asker: Asker) -> Whose | None:
    """The asker's own organisation, if there is one that they may see."""
    if asker.tenant is None or asker.why_nobody:
        return None
    return Whose(asker.tenant, asker.tenant_name, _zone(asker.workspace.time_zone if asker.workspace else None))


def named(desk: Desk, asker: Asker, name: str, prefix: str, again: Subject) -> Whose | Message:
    """The organisation that staff mean; else a choice, whose buttons do `again` for the one that is chosen."""
    found = finding.find(tenancy_of(desk), asker, name)
    one = finding.the_one(found)
    if one is None:
        return finding.did_you_mean(
            name, found, prefix, lambda tenant: again.model_copy(update={"tenant": tenant.id}).packed()
        )
    return _whose(one, asker)


def leading(desk: Desk, asker: Asker, words: str, prefix: str, days: str) -> tuple[Whose, str] | Message:
    """The organisation that staff name first, and what stands behind its name; else a choice.

    Its buttons go on with what stands behind the name that is chosen, and with the phrase of days.
    """
    found = _by_first_words(desk, asker, words.split())
    one = finding.the_one(found)
    if one is not None:
        return _whose(one, asker), _behind(words, one)
    return finding.did_you_mean(
        words,
        found,
        prefix,
        lambda tenant: Subject(tenant=tenant.id, query=f"{_behind(words, tenant)} {days}".strip() or None).packed(),
    )


def _by_first_words(desk: Desk, asker: Asker, words: Sequence[str]) -> list[Tenant]:
    """Who may be meant by the first words, by however many of them; best first, and of equals the longer name."""
    best: dict[str, Tenant] = {}
    for end in range(len(words), 0, -1):
        for one in finding.find(tenancy_of(desk), asker, " ".join(words[:end])):
            if one.id not in best or one.score > best[one.id].score:
                best[one.id] = one
        if any(one.score >= 1 for one in best.values()):
            break
    return sorted(best.values(), key=lambda one: -one.score)


def _behind(text: str, one: Tenant) -> str:
    """The words that stand behind the organisation's name: behind those that are most like it."""
    words = text.split()

    def like(end: int) -> float:
        typed = " ".join(words[:end]).casefold()
        return max(fuzz.ratio(typed, name.casefold()) for name in (one.id, one.name))

    return " ".join(words[max(range(len(words), 0, -1), key=like) :])


def _whose(one: Tenant, asker: Asker) -> Whose:
    return Whose(one.id, one.name, _zone(one.time_zone), at_home=one.id == asker.tenant)


def clicked(desk: Desk, asker: Asker, tenant: str) -> Whose | Message:
    """The organisation that a button names. Whether the asker may see it, the service decides."""
    if asker.is_staff:
        found = finding.find(tenancy_of(desk), asker, tenant)
        one = next((one for one in found if one.id == tenant), None)
        return Whose(one.id, one.name, _zone(one.time_zone), at_home=False) if one else blocks.plain(GONE)
    mine = own(asker)
    if mine is None:
        return blocks.plain(asker.why_nobody)
    return mine if mine.tenant == tenant else Whose(tenant, tenant, mine.zone, at_home=False)


def not_yours(desk: Desk, of: Whose, what: str, command: str) -> Message:
    """To a member, and to who asks for another organisation: who sees it, whom to ask, and what everybody may read."""
    name = of.name if of.at_home else "that organisation"
    said = f"{what} shown to admins of {name} and to Retain's support."
    return blocks.joined(
        blocks.plain(f"{said} Ask an admin of yours to type {command}.") if of.at_home else blocks.plain(said),
        desk.replies.read_more("meeting-durations"),
        blocks.pressing(talk_button(said)),
    )


def _zone(name: str | None) -> ZoneInfo:
    try:
        return ZoneInfo(name) if name else PACIFIC
    except (ValueError, ZoneInfoNotFoundError):
        return PACIFIC
