"""What an answer says of the asker's own organisation: privately, looked up now, or why it was not."""

import logging
from dataclasses import dataclass
from typing import NamedTuple

from slack_sdk import WebClient

from bot import blocks
from bot.blocks import Block, Message
from bot.carried import ButtonValue, Subject
from bot.connections.receipts import reason, whose_button
from bot.connections.status_card import CAN_BE_CONNECTED, Reader, incident_notice, text_for_admin
from bot.errors import NotToldBySlack, ServiceError
from bot.inquiry import Actor
from bot.service.service_api import Role, Status
from bot.slack_client import quick_client
from bot.tenancy import Asker, Tenancy
from kb.article import Article
from kb.library import Library

log = logging.getLogger(__name__)

STATUS_FACT, LINK_ACTION, HOURS_ACTION = "connection_status", "connect_link", "meeting_hours"
WHY_AGAIN, WHOSE_BUTTON = "reauthorize-zoom", "connect-button-not-highlighted"
TRY_AGAIN = "Try again"
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
    """What stands above an article's answer, what stands below it, and what can be pressed there.

    `enough`: what stands above says all there is to say, without the article.
    """

    above: Message | None = None
    below: Message | None = None
    buttons: tuple[Block, ...] = ()
    enough: bool = False


def facts_for(article: Article, setting: Setting, reader: Reader, tenancy: Tenancy | None, library: Library) -> Facts:
    """The facts that go with an article. Never raises: the answer itself is worth giving without them."""
    asks_status = STATUS_FACT in article.facts
    if tenancy is None:
        return Facts(below=blocks.small(NO_SERVICE) if asks_status else None)
    if not setting.private:
        return _for_everybody(article, reader, tenancy)
    if not asks_status and not {LINK_ACTION, HOURS_ACTION} & set(article.actions):
        return Facts()
    try:
        # Nobody waits long for an answer from the knowledge base.
        asker = tenancy.asker(setting.actor, setting.team, quick_client(setting.client))
        if not asks_status:
            return Facts(buttons=(*_linking(article, asker), *_hours(article, asker)))
        if asker.tenant is None or asker.why_nobody:
            return Facts(below=blocks.small(STAFF_HINT if asker.is_staff else asker.why_nobody))
        status = tenancy.service.status(asker.behalf, asker.tenant)
    except NotToldBySlack as error:
        log.info("an answer goes without facts: %s", error)
        return Facts(below=blocks.small(f"{error.said} Until then, this is the general answer."))
    except ServiceError as error:
        log.warning("an answer goes without facts: %s", error)
        again = (_article_button(article, "again", TRY_AGAIN),)
        return Facts(below=blocks.small(NOT_LOOKED_UP), buttons=again) if asks_status else Facts()
    return _own(article, status, asker, reader, library)


def _for_everybody(article: Article, reader: Reader, tenancy: Tenancy) -> Facts:
    """What may be read in a channel: trouble of many, and then nothing that would contradict it.

    A notice of the staff says it in better words, on top of the answer.
    """
    linking = (_link_button(),) if LINK_ACTION in article.actions else ()
    if STATUS_FACT not in article.facts:
        return Facts(buttons=linking)
    show = blocks.button("Show my status", blocks.SHOW_STATUS, Subject().packed())
    board = tenancy.integration.incidents.kept()
    told = board.notice is not None and board.notice.incident_id is not None and board.notice.touches(article.slug)
    if told or board.incident is not None:
        return Facts(above=incident_notice(board.incident, reader), buttons=(show,), enough=True)
    return Facts(buttons=(show, *linking))


def _own(article: Article, status: Status, asker: Asker, reader: Reader, library: Library) -> Facts:
    """The receipt of the asker's own connection, and the article that its cause has."""
    whose = whose_button(status) if article.slug == WHOSE_BUTTON else None
    above = blocks.joined(reason(status, reader), whose)
    if status.state == "connected":
        return Facts(above=above, enough=article.slug == WHY_AGAIN and status.verified is not None)
    its_article = library.articles.get(status.article or article.slug, article)
    is_another = its_article.slug != article.slug
    offered = (_article_button(its_article, "cause", f"Read: {its_article.title}"),) if is_another else ()
    linking = _linking(article, asker) if status.state in CAN_BE_CONNECTED else ()
    return Facts(above=above, buttons=(*linking, *offered))


def _linking(article: Article, asker: Asker) -> tuple[Block, ...]:
    """The way to a connect link, for who may have one; for members, a text to who may."""
    if LINK_ACTION not in article.actions or asker.role is Role.NOBODY or asker.why_nobody:
        return ()
    return (text_for_admin(),) if asker.role is Role.MEMBER else (_link_button(),)


def _hours(article: Article, asker: Asker) -> tuple[Block, ...]:
    """The way to the meeting hours of one's own organisation, for who may see them."""
    sees = asker.tenant is not None and not asker.why_nobody and asker.role in (Role.ADMIN, Role.STAFF)
    if HOURS_ACTION not in article.actions or not sees:
        return ()
    return (blocks.button("Show meeting hours", blocks.SHOW_HOURS, Subject(tenant=asker.tenant).packed()),)


def _link_button() -> Block:
    return blocks.button("Send me a connect link", blocks.SEND_LINK, Subject().packed())


def _article_button(article: Article, suffix: str, label: str) -> Block:
    value = ButtonValue.of(None, article.slug, article.title).packed()
    return blocks.button(label, f"{blocks.CHOOSE_ARTICLE}_{suffix}", value)
