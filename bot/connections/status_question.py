"""Questions about a status, asked in plain words: "What is Acme's Zoom status?", "status of our connection"."""

import logging
import re
from collections.abc import Callable

from bot import blocks, finding
from bot.blocks import Message
from bot.carried import Subject
from bot.connections import status_card
from bot.connections.status_card import Reader
from bot.errors import NotToldBySlack, ServiceError
from bot.facts import Setting
from bot.slack_client import quick_client
from bot.tenancy import Asker, Tenancy

log = logging.getLogger(__name__)

OPENING = r"(?:(?:what(?:'s|’s|s| is)|show(?: me)?|tell me|give me|check|how is)\s+)?(?:the\s+)?(?:current\s+)?"
WHAT = r"(?:zoom\s+)?(?:connection\s+|integration\s+)?status"
STATUS_OF = re.compile(rf"{OPENING}{WHAT}\s+(?:of|for)\s+(?P<name>.+)", re.IGNORECASE)
NAME_FIRST = re.compile(rf"{OPENING}(?P<name>.+?)(?:['’]s?)?\s+{WHAT}", re.IGNORECASE)
STATUS_ALONE = re.compile(rf"{OPENING}{WHAT}", re.IGNORECASE)
OF_NO_MATTER = re.compile(r"\b(?:the|zoom|connection|integration|with|to|retain)\b|['’]s?\s*$", re.IGNORECASE)
OWN = ("", "my", "our", "us", "me", "mine", "ours", "my organisation", "our organisation", "our company")
FOR_YOUR_EYES = "How a connection stands, I show to one person at a time."


def whose_status(text: str) -> str | None:
    """Whose status is asked for: a name, "" for one's own, None where no status is asked for."""
    line = " ".join(text.strip(" ?!.").split())
    if STATUS_ALONE.fullmatch(line):
        return ""
    found = STATUS_OF.fullmatch(line) or NAME_FIRST.fullmatch(line)
    if found is None:
        return None
    name = " ".join(OF_NO_MATTER.sub(" ", found["name"]).split())
    return "" if name.casefold() in OWN else name


def answer(
    text: str, setting: Setting, reader: Reader, tenancy: Tenancy, read_more: Callable[[str | None], Message | None]
) -> Message | None:
    """The card that is asked for, or a button for it where others read; None for what is another question.

    Only staff ask by name: anybody else's name is none of ours, and taken as a question for the knowledge base.
    """
    name = whose_status(text)
    if name is None:
        return None
    try:
        asker = tenancy.asker(setting.actor, setting.team, quick_client(setting.client))
        tenant = _tenant(tenancy, asker, name)
        if tenant is None:
            return None
        if not setting.private:
            return _button(tenant)
        status = tenancy.service.status(asker.behalf, tenant)
        return status_card.card(status, reader._replace(at_home=tenant == asker.tenant), read_more(status.article))
    except (NotToldBySlack, ServiceError) as error:
        log.info("a status was not looked up: %s", error)
        return None


def _tenant(tenancy: Tenancy, asker: Asker, name: str) -> str | None:
    if asker.is_staff and name:
        one = finding.the_one(finding.find(tenancy, asker, name))
        return one.id if one else None
    own = name.casefold() in ("", (asker.tenant or "").casefold(), asker.tenant_name.casefold())
    return asker.tenant if own and not asker.why_nobody else None


def _button(tenant: str) -> Message:
    show = blocks.button("Show status", f"{blocks.STATUS_OF}asked", Subject(tenant=tenant).packed())
    return blocks.joined(blocks.plain(FOR_YOUR_EYES), blocks.pressing(show))
