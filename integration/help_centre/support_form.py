"""The help centre's form, as it comes in: what each field must hold, and what to say where it does not."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from uuid import uuid4

from integration.pages.forms import KEY, Sent, text_of

LONGEST_LINE, LONGEST_TEXT = 254, 4000
# Without what has a meaning in the address of a mail that staff write by a click.
EMAIL = re.compile(r"[^@\s?&%]+@[^@\s.?&%]+(\.[^@\s.?&%]+)+")
NOTHING_ASKED = "Please write your question here."
NO_EMAIL = "Please give your e-mail address: we answer there."
NOT_AN_EMAIL = "This does not look like an e-mail address, such as ada@acme.com. Please check it."
TRAP_FILLED = "Please leave this field empty. It is there to catch programs that fill in every form."
TOO_LONG = "This is longer than we can take: please shorten it to {most} characters."

LABELS: Mapping[str, str] = {
    "question": "Your question",
    "more": "Anything else that helps",
    "email": "Your e-mail address",
    "name": "Your name",
    "organisation": "Your organisation",
    "zone": "Your time zone",
    "trap": "Leave this field empty",
}
# Where people mostly write from; anybody else reads Pacific time alone.
ZONES: Mapping[str, str] = {
    "America/Los_Angeles": "Pacific time (Los Angeles)",
    "America/Denver": "Mountain time (Denver)",
    "America/Phoenix": "Arizona",
    "America/Chicago": "Central time (Chicago)",
    "America/New_York": "Eastern time (New York)",
    "America/Halifax": "Atlantic time (Halifax)",
    "America/Mexico_City": "Mexico City",
    "America/Bogota": "Bogotá, Lima",
    "America/Sao_Paulo": "São Paulo",
    "America/Argentina/Buenos_Aires": "Buenos Aires",
    "Pacific/Honolulu": "Hawaii",
    "America/Anchorage": "Alaska",
    "Europe/London": "London, Dublin",
    "Europe/Lisbon": "Lisbon",
    "Europe/Berlin": "Berlin, Madrid, Paris, Rome",
    "Europe/Warsaw": "Prague, Stockholm, Warsaw",
    "Europe/Athens": "Athens, Bucharest, Helsinki",
    "Europe/Kyiv": "Kyiv",
    "Europe/Istanbul": "Istanbul",
    "Asia/Jerusalem": "Jerusalem",
    "Africa/Cairo": "Cairo",
    "Africa/Lagos": "Lagos",
    "Africa/Nairobi": "Nairobi",
    "Africa/Johannesburg": "Johannesburg",
    "Asia/Dubai": "Dubai",
    "Asia/Karachi": "Karachi",
    "Asia/Kolkata": "India",
    "Asia/Bangkok": "Bangkok, Jakarta",
    "Asia/Singapore": "Manila, Singapore",
    "Asia/Shanghai": "Beijing, Shanghai",
    "Asia/Tokyo": "Seoul, Tokyo",
    "Australia/Perth": "Perth",
    "Australia/Sydney": "Melbourne, Sydney",
    "Pacific/Auckland": "Auckland",
}


@dataclass(frozen=True)
class Form:
    """What somebody has written so far, without the spaces around it. `about` is the article they came from.

    `trap` is a field that people do not see.
    """

    key: str
    question: str = field(default="", repr=False)
    more: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    organisation: str = field(default="", repr=False)
    zone: str = ""
    about: str = ""
    trap: str = field(default="", repr=False)

    @property
    def request_key(self) -> str:
        """One for what was sent twice as it was; another one for what was changed before it was sent again."""
        written = json.dumps([getattr(self, one.name) for one in fields(self)])
        return f"web:{self.key}/{hashlib.sha256(written.encode()).hexdigest()[:32]}"


def empty(asked: Sent) -> Form:
    """One that nobody has filled in yet: `about` is the article that they read before, `q` what they searched for."""
    return Form(key=uuid4().hex, about=text_of(asked, "about"), question=text_of(asked, "q", LONGEST_TEXT))


def read(sent: Sent) -> Form:
    """What a browser sent. Fields that are not ours are left out."""
    given = {one.name: text_of(sent, one.name) for one in fields(Form) if one.name in sent}
    if not KEY.fullmatch(given.get("key", "")):
        given["key"] = uuid4().hex
    if given.get("zone") not in ZONES:
        given.pop("zone", None)
    return Form(**given)


def faults(form: Form, *, is_known: bool = False) -> dict[str, str]:
    """What is wrong, by field, in the order of the page; empty when it can be sent. Who is known needs no address."""
    found = {
        "question": "" if form.question else NOTHING_ASKED,
        "email": "" if is_known else _email_fault(form.email),
        "trap": TRAP_FILLED if form.trap else "",
    }
    limits = {"question": LONGEST_TEXT, "more": LONGEST_TEXT} | dict.fromkeys(
        ("name", "email", "organisation"), LONGEST_LINE
    )
    too_long = {
        name: TOO_LONG.format(most=f"{most:,}") for name, most in limits.items() if len(getattr(form, name)) > most
    }
    every = found | too_long
    return {one.name: every[one.name] for one in fields(Form) if every.get(one.name)}


def _email_fault(email: str) -> str:
    if not email:
        return NO_EMAIL
    return "" if EMAIL.fullmatch(email) else NOT_AN_EMAIL
