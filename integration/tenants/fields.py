"""What may stand in a tenant's fields, and how it is spelled. Each check raises ValueError with the reason.

Pydantic turns that into a problem naming the field; `integration/commands` into a line naming the option.
"""

import re
import zoneinfo
from collections.abc import Sequence
from functools import cache
from typing import Annotated

import idna
from fastapi import Path
from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema
from rapidfuzz import process

from integration.fields import Name

SLUG = r"^[a-z0-9](?:-?[a-z0-9])*$"
MAX_SLUG = 63
TEAM = r"^[A-Za-z0-9_-]{1,50}$"
MAX_DOMAINS = 50

# Anybody can have an address there, so it says nothing about whose Zoom account it is.
FREE_MAIL = frozenset(
    """
    126.com 163.com aol.com bluewin.ch bol.com.br comcast.net duck.com email.cz fastmail.com free.fr freenet.de
    gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com hey.com hotmail.co.uk hotmail.com hotmail.de
    hotmail.fr hushmail.com icloud.com laposte.net libero.it live.com live.de mac.com mail.com mail.ru mailbox.org
    me.com msn.com naver.com orange.fr outlook.com outlook.de outlook.fr pm.me posteo.de proton.me protonmail.com
    qq.com rediffmail.com rocketmail.com seznam.cz sbcglobal.net t-online.de tutanota.com uol.com.br verizon.net web.de
    wp.pl yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.de yahoo.fr yandex.com yandex.ru ymail.com zoho.com
    """.split()  # noqa: SIM905 - seventy lines of one word each say no more
)


def mail_domain(text: str) -> str:
    """The domain of an e-mail address or a bare domain, as it is compared: lower case, in ASCII.

    Raises ValueError when there is none.
    """
    domain = text.strip().rpartition("@")[2].strip(".")
    try:
        spelled = idna.encode(domain, uts46=True, std3_rules=True).decode("ascii")
    except idna.IDNAError:
        spelled = ""
    if "." not in spelled or spelled.rpartition(".")[2].isdigit():
        raise ValueError("is not a domain such as acme.example")
    return spelled


def address(text: str) -> str:
    """An e-mail address, as it was written. Raises ValueError."""
    if "@" not in text or any(character.isspace() for character in text.strip()):
        raise ValueError("is not an e-mail address")
    mail_domain(text)
    return text.strip()


def own_domain(text: str) -> str:
    """A domain of a tenant's own addresses, normalised. Raises ValueError."""
    spelled = mail_domain(text)
    if spelled in FREE_MAIL:
        raise ValueError(
            f"{spelled} is open to everybody, so it cannot tell an organisation's people; leave it out, "
            "and those who connect with such an address are asked to confirm"
        )
    return spelled


def own_domains(domains: Sequence[str]) -> list[str]:
    """Each domain once, in the order given. Raises ValueError."""
    if len(domains) > MAX_DOMAINS:
        raise ValueError(f"has more than {MAX_DOMAINS} domains")
    return list(dict.fromkeys(own_domain(one) for one in domains))


def customer_domain(text: str) -> str:
    """A customer's domain, or one person's whole address, normalised. Raises ValueError."""
    local = text.strip().rpartition("@")[0]
    domain = mail_domain(text)
    if local:
        return f"{local.lower()}@{domain}"
    if domain in FREE_MAIL:
        raise ValueError(f"{domain} is open to everybody; give whole addresses there, such as jo@{domain}")
    return domain


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones()) - {"localtime"}  # this machine's, whatever that is


def known_zone(text: str) -> str:
    """A zone of the IANA database. Raises ValueError with the nearest name."""
    if text in _zones():
        return text
    nearest = process.extractOne(text.replace(" ", "_"), sorted(_zones()), score_cutoff=70)
    hint = f"did you mean {nearest[0]}" if nearest else "America/Los_Angeles is one"
    raise ValueError(f"is not a zone of the IANA database; {hint}")


def slug(text: str) -> str:
    """A tenant's id. Raises ValueError."""
    if len(text) > MAX_SLUG or not re.fullmatch(SLUG, text):
        raise ValueError("is not a slug such as `acme-europe`: lower case letters, digits, single hyphens between them")
    return text


def tenant_name(text: str) -> str:
    """A name as people write it, on one line. Raises ValueError."""
    spelled = " ".join(text.split())
    if not spelled:
        raise ValueError("must not be empty")
    return spelled


def team_id(text: str) -> str:
    """A workspace's id. Raises ValueError."""
    if not re.fullmatch(TEAM, text):
        raise ValueError("is not a workspace's id such as `T0ACME`")
    return text


Slug = Annotated[str, AfterValidator(slug), WithJsonSchema({"type": "string", "pattern": SLUG, "maxLength": MAX_SLUG})]
TenantName = Annotated[Name, AfterValidator(tenant_name)]
Team = Annotated[str, AfterValidator(team_id)]
Address = Annotated[Name, AfterValidator(address)]
Domains = Annotated[list[Name], AfterValidator(own_domains)]
CustomerDomains = Annotated[
    list[Annotated[Name, AfterValidator(customer_domain)]], Field(min_length=1, max_length=MAX_DOMAINS)
]
Zone = Annotated[str, StringConstraints(max_length=64), AfterValidator(known_zone)]

# In addresses.
TenantId = Annotated[str, Path(pattern=SLUG, max_length=MAX_SLUG, description="The tenant's slug, such as `acme`.")]
TeamId = Annotated[str, Path(pattern=TEAM, description="The workspace's id, such as Slack's `T0ACME`.")]
