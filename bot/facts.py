"""What an answer says of the asker's own organisation: privately, looked up now, or why it was not."""

import logging
from dataclasses import dataclass
from typing import NamedTuple

from slack_sdk import WebClient

from bot import blocks
from bot.blocks import Block, Message
from bot.carried import ButtonValue, Subject
from bot.errors import NotToldBySlack, ServiceError
from bot.inquiry import Actor
from bot.receipts import reason, whose_button
from bot.service_api import Trouble
from bot.slack_client import quick_client
from bot.status_card import Reader, incident_notice
from bot.tenancy import Tenancy
from kb.article import Article
from kb.library import Library

log = logging.getLogger(__name__)

STATUS_FACT, LINK_ACTION = "connection_status", "connect_link"
WHOSE_BUTTON = "connect-button-not-highlighted"
NO_SERVICE = "This is the general answer: I do not see your own organisation's connection here."
NOT_LOOKED_UP = (
    "I could not look up your organisation's connection just now: our service does not answer. This is the general"
    " answer."
)
STAFF_HINT = "For a customer's connection, type `/retain status` and their name."


class Setting(NamedTuple):
    """Who asks, where, and whether nobody else reads the answer."""

    actor: Actor
    team: str
    client: WebClient
    private: bool


@dataclass(frozen=True)
class Facts:
    """What stands above an article's answer, what stands below it, and what can be pressed there."""

    above: Message | None = None
    below: Message | None = None
    buttons: tuple[Block, ...] = ()


def facts_for(article: Article, setting: Setting, reader: Reader, tenancy: Tenancy | None, library: Library) -> Facts:
    """The facts that go with an article. Never raises: the answer itself is worth giving without them."""
    asks_status = STATUS_FACT in article.facts
    if tenancy is None:
        return Facts(below=blocks.small(NO_SERVICE) if asks_status else None)
    linking = (_link_button(),) if LINK_ACTION in article.actions else ()
    if not asks_status:
        return Facts(buttons=linking)
    if not setting.private:
        show = blocks.button("Show my status", blocks.SHOW_STATUS, Subject().packed())
        return Facts(above=incident_notice(_incident(tenancy), reader), buttons=(show, *linking))
    below, cause = _own(article, setting, reader, tenancy)
    its_article = library.articles.get(cause or article.slug, article)
    offered = (_article_button(its_article),) if its_article.slug != article.slug else ()
    return Facts(below=below, buttons=(*offered, *linking))


def _own(article: Article, setting: Setting, reader: Reader, tenancy: Tenancy) -> tuple[Message, str | None]:
    """The receipt of the asker's own connection, and the article that its cause has."""
    try:
        # Nobody waits long for an answer from the knowledge base.
        asker = tenancy.asker(setting.actor, setting.team, quick_client(setting.client))
        if asker.tenant is None or asker.why_nobody:
            return blocks.small(STAFF_HINT if asker.is_staff else asker.why_nobody), None
        status = tenancy.service.status(asker.behalf, asker.tenant)
        receipt = reason(status, reader)
    except NotToldBySlack as error:
        log.info("an answer goes without facts: %s", error)
        return blocks.small(f"{error.said} Until then, this is the general answer."), None
    except ServiceError as error:
        log.warning("an answer goes without facts: %s", error)
        return blocks.small(NOT_LOOKED_UP), None
    below = blocks.joined(receipt, whose_button(status) if article.slug == WHOSE_BUTTON else None)
    return below, status.article if status.state != "connected" else None


def _incident(tenancy: Tenancy) -> Trouble | None:
    try:
        return tenancy.service.incident()
    except ServiceError as error:
        log.info("an answer goes without a look for incidents: %s", error)
        return None


def _link_button() -> Block:
    return blocks.button("Send me a connect link", blocks.SEND_LINK, Subject().packed())


def _article_button(article: Article) -> Block:
    value = ButtonValue.of(None, article.slug, article.title).packed()
    return blocks.button(article.title, f"{blocks.CHOOSE_ARTICLE}_cause", value)
