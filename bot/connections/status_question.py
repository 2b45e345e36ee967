"""Questions about a status, asked in plain words: "What is Acme's Zoom status?", "is our Zoom connected?"."""

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
from kb.text import without_courtesies

log = logging.getLogger(__name__)

OPENING = r"(?:(?:what(?:'s|’s|s| is)|show(?: me)?|tell me|give me|check|how is)\s+)?(?:the\s+)?(?:current\s+)?"
WHAT = r"(?:zoom\s+)?(?:connection\s+|integration\s+)?status"
STATUS_OF = re.compile(rf"{OPENING}{WHAT}\s+(?:of|for)\s+(?P<name>.+)", re.IGNORECASE)
NAME_FIRST = re.compile(rf"{OPENING}(?P<name>.+?)(?:['’]s?)?\s+{WHAT}", re.IGNORECASE)
STATUS_ALONE = re.compile(rf"{OPENING}{WHAT}", re.IGNORECASE)
# How one's own connection stands, in other words. Each has to be the whole line: "is Zoom connected to Google
# Calendar?" and "why does it say not connected?" are questions that articles answer, or nobody.
_ASK = (
    r"(?:(?:please )?(?:(?:can|could|would) you )?(?:please )?(?:check|see|tell me|say|find out|look up)"
    r"|do you know|i (?:want|would like|need) to know) "
)
_IF = rf"(?:{_ASK}(?:if|whether) )"
_STILL = r"(?:(?:still|already|currently|actually|really|even|now) )?"
_LINK = r"(?:zoom )?(?:connection|integration)(?: (?:to|with) (?:zoom|retain))?"
_OUR = rf"(?:(?:our|my) (?:{_LINK}|zoom(?: account)?)|the {_LINK}|(?:our|my) company['’]?s (?:{_LINK}|zoom))"
_TAIL = (
    r"(?: (?:for us|for our company|at our company|(?:to|with) retain|right now|now|today|at the moment|currently|yet"
    r"|already|still|any ?more|again|properly|correctly))*"
)
_WELL = r"(?:ok|okay|fine|all right|alright|in order|working|active|alive|intact|healthy|up|up and running)"
_US = r"(?:we|i|anybody|anyone|somebody|someone|an admin|our admin)"
OWN_IN_OTHER_WORDS = tuple(
    re.compile(pattern + _TAIL, re.IGNORECASE)
    for pattern in (
        rf"is (?:{_OUR}|zoom) {_STILL}connected",
        rf"is {_OUR} {_STILL}{_WELL}",
        rf"{_IF}(?:{_OUR}|zoom) is {_STILL}connected",
        rf"{_IF}{_OUR} (?:is {_STILL}{_WELL}|{_STILL}works)",
        rf"does {_OUR} {_STILL}work",
        rf"(?:are we|am i|{_IF}(?:we are|we're|i am|i'm)) {_STILL}connected(?: (?:to|with) zoom)?",
        rf"(?:is|{_IF}) ?(?:everything|all|anything|something) (?:is )?(?:{_WELL}|wrong) with {_OUR}",
        rf"(?:is there|do we have|have we got) (?:a|any) (?:working |active )?{_LINK}",
        rf"(?:have|has|did) {_US} {_STILL}connect(?:ed)? (?:our )?zoom",
        rf"has (?:our )?zoom {_STILL}been connected",
        rf"(?:{_ASK})?(?:who|which of (?:us|my colleagues)) (?:has )?(?:last )?(?:connected|set up) (?:{_OUR}|zoom)",
        rf"(?:{_ASK})?(?:when|by whom) (?:was|were) (?:{_OUR}|zoom|we) (?:last )?(?:connected|set up)",
        r"when did (?:we|somebody|someone) (?:last )?connect (?:our )?zoom",
        rf"(?:{_ASK})?(?:since when|how long) (?:are|have) we (?:been )?connected(?: to zoom)?",
        rf"(?:{_ASK}|check |show(?: me)? |how is ){_OUR}",
        rf"(?:{_ASK}|check |show(?: me)? |what is |what's |how is )?the state of {_OUR}",
        rf"how does {_OUR} stand",
    )
)
OF_NO_MATTER = re.compile(r"\b(?:the|zoom|connection|integration|with|to|retain)\b|['’]s?\s*$", re.IGNORECASE)
OWN = ("", "my", "our", "us", "me", "mine", "ours", "my organisation", "our organisation", "our company")
FOR_YOUR_EYES = "How a connection stands, I show to one person at a time."


def whose_status(text: str) -> str | None:
    """Whose status is asked for: a name, "" for one's own, None where no status is asked for."""
    line = " ".join(without_courtesies(text).strip(" ?!.").split())
    if STATUS_ALONE.fullmatch(line) or any(pattern.fullmatch(line) for pattern in OWN_IN_OTHER_WORDS):
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
