"""`/retain incident`: staff say what is wrong for many, until when, on top of which articles; and lift it again."""

import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from slack_bolt import Ack, App, BoltContext, BoltResponse, Respond
from slack_sdk import WebClient

from bot import blocks, fields, notice
from bot.acting import again_button, asker_of, attempt, attempt_view, tenancy_of, words_for
from bot.asking import Desk
from bot.blocks import Block, Message
from bot.carried import Subject
from bot.errors import NotToldBySlack, Refused, ServiceError
from bot.naming import by_whom
from bot.service.incident_service import IncidentService
from bot.service.service_api import Board, Notice
from bot.surfaces import Body, acknowledge, open_form, replace
from bot.tenancy import Asker
from kb.library import Library

log = logging.getLogger(__name__)

TEXT, UNTIL, ARTICLES = "text", "until", "articles"
LONGEST_TEXT = 500
USUALLY = timedelta(hours=2)
QUARTER = timedelta(minutes=15)
MOST_OPTIONS = 100  # https://docs.slack.dev/reference/block-kit/block-elements/multi-select-menu-element
QUOTES = "\"“”„'‘’« »"
STAFF_ONLY = (
    "Only Retain's support sets notices. To ask a question, type /retain ask and your question; to reach a person,"
    " /retain support."
)
EVERYBODY = "Everybody reads it, in channels too: name no organisation. It takes the place of the one before."
ALL = "all articles"
LIFTED = "The notice is lifted."
OVER = "No notice stands any more: it was lifted, or its time was over."
TITLE = "Notice to everybody"
SET, LIFT = "set the notice", "lift the notice"


def register(app: App, desk: Desk) -> None:
    """Add the listeners."""

    def change(body: Body, context: BoltContext, client: WebClient) -> None:
        open_form(body, client, attempt_view(lambda: _changing(desk, body, context, client), "look up the notice"))

    def lift(body: Body, context: BoltContext, client: WebClient, respond: Respond) -> None:
        told = attempt(lambda: _lift(desk, body, context, client), LIFT, again_button(body))
        replace(body, client, respond, told)

    def submitted(ack: Ack, body: Body, context: BoltContext, client: WebClient) -> BoltResponse:
        return _submit(desk, ack, body, context, client)

    app.action(blocks.CHANGE_NOTICE, middleware=[acknowledge])(change)
    app.action(blocks.LIFT_NOTICE, middleware=[acknowledge])(lift)
    app.view(blocks.NOTICE_VIEW)(submitted)


def takes(rest: str) -> bool:
    """Whether what stands behind `incident` is a notice's text, and not a question that begins with that word."""
    return not rest.endswith("?")


def by_command(desk: Desk, rest: str, body: Body, context: BoltContext, client: WebClient) -> Message:
    """`/retain incident`, with the text behind it, in quotes or without."""
    text = rest.strip(QUOTES)

    def look() -> Message:
        asker = asker_of(desk, body, context, client)
        if not asker.is_staff:
            return blocks.plain(STAFF_ONLY)
        board = _service(desk).board(asker.behalf)
        if board.notice is not None and not text:
            return card(desk, board.notice, asker)
        open_form(body, client, form(desk.library, board, desk.clock(), text))
        return Message("", ())

    return attempt(look, "look up the notice")


def card(desk: Desk, standing: Notice, asker: Asker) -> Message:
    """The notice that stands, for staff: what it touches, who set it, and what can be done about it."""
    return blocks.joined(
        notice.shown(standing),
        touched(desk.library, standing.articles),
        by_whom(standing.set_by, asker.actor, desk.staff),
        blocks.pressing(*_buttons()),
    )


def touched(library: Library, articles: Sequence[str]) -> Message:
    """What a notice stands on top of."""
    titles = [library.articles[slug].title for slug in articles if slug in library.articles]
    return blocks.small(f"Stands on top of: {'; '.join(titles) or ALL}.")


def form(library: Library, board: Board, now: datetime, text: str = "") -> Block:
    """What is to be said, until when, and on top of what; filled in with what stands, or else with what is proposed."""
    before, proposed = board.notice, board.proposed
    known = before or proposed
    incident_id = (before.incident_id if before else None) or (proposed.incident_id if proposed else None)
    until = before.until if before else now - (now - datetime.min.replace(tzinfo=UTC)) % QUARTER + USUALLY
    asked = (
        fields.long_text(
            TEXT,
            "What people read",
            initial=text or (known.text if known else ""),
            hint="What is wrong, and what happens by itself.",
            longest=LONGEST_TEXT,
        ),
        _until_input(until),
        _articles_input(library, known.articles if known else ()),
        blocks.context(EVERYBODY),
    )
    view = blocks.modal(
        Message("", asked),
        submit="Change it" if before else "Set it",
        callback_id=blocks.NOTICE_VIEW,
        private_metadata=Subject(incident=incident_id).packed(),
    )
    return fields.titled(view, TITLE)


def _until_input(until: datetime) -> Block:
    """Slack asks for a moment in the reader's own time, and tells it in seconds since 1970."""
    element = {"type": "datetimepicker", "action_id": fields.GIVEN, "initial_date_time": int(until.timestamp())}
    return fields.labelled(UNTIL, "Until", element, hint="It goes away by itself then. 7 days at most.")


def _articles_input(library: Library, chosen: tuple[str, ...]) -> Block:
    options = [_option(slug, article.title) for slug, article in library.articles.items()][:MOST_OPTIONS]
    initial = [option for option in options if option["value"] in chosen]
    element = {"type": "multi_static_select", "action_id": fields.GIVEN, "options": options}
    return fields.labelled(
        ARTICLES,
        "Articles it is about",
        element | ({"initial_options": initial} if initial else {}),
        hint="None chosen: it stands on top of every answer and every help page.",
        optional=True,
    )


def _option(slug: str, title: str) -> Block:
    return {"text": {"type": "plain_text", "text": blocks.cut(title, blocks.BUTTON_LIMIT)}, "value": slug}


def _changing(desk: Desk, body: Body, context: BoltContext, client: WebClient) -> Block:
    asker = asker_of(desk, body, context, client)
    if not asker.is_staff:
        return blocks.modal(blocks.plain(STAFF_ONLY))
    return form(desk.library, _service(desk).board(asker.behalf), desk.clock())


def _submit(desk: Desk, ack: Ack, body: Body, context: BoltContext, client: WebClient) -> BoltResponse:
    """Set it, or leave the form open with all that was typed and say why not."""
    subject = Subject.unpacked(body["view"]["private_metadata"])
    until = datetime.fromtimestamp(int(fields.state(body, UNTIL)["selected_date_time"]), UTC)
    chosen = tuple(str(one["value"]) for one in fields.state(body, ARTICLES).get("selected_options") or ())
    try:
        asker = asker_of(desk, body, context, client)
        if not asker.is_staff:
            return fields.refuse(ack, TEXT, STAFF_ONLY)
        standing = _service(desk).set(asker.behalf, fields.text_of(body, TEXT), until, chosen, subject.incident)
    except NotToldBySlack as error:
        return fields.refuse(ack, TEXT, error.said)
    except ServiceError as error:
        log.warning("a notice was not set: %s", error)
        return fields.refuse(ack, *_why_not(error))
    return ack(response_action="update", view=fields.titled(blocks.modal(card(desk, standing, asker)), TITLE))


def _why_not(error: ServiceError) -> tuple[str, str]:
    """The input at fault, and what is said beside it."""
    if isinstance(error, Refused) and error.field in (TEXT, UNTIL, ARTICLES):
        return error.field, error.remedy or words_for(error, SET)
    return TEXT, words_for(error, SET)


def _lift(desk: Desk, body: Body, context: BoltContext, client: WebClient) -> Message:
    asker = asker_of(desk, body, context, client)
    if not asker.is_staff:
        return blocks.plain(STAFF_ONLY)
    if _service(desk).board(asker.behalf).notice is None:
        return blocks.plain(OVER)
    _service(desk).lift(asker.behalf)
    return blocks.plain(LIFTED)


def below(topic: str, data: Mapping[str, Any]) -> tuple[Block, ...]:
    """The buttons under what the service tells the staff about an incident or a notice."""
    if topic == "notice_set" or data.get("notice_stands"):
        return _buttons()
    if topic == "incident" and not data.get("ended_at"):
        return (blocks.button("Set a notice…", blocks.CHANGE_NOTICE, Subject().packed()),)
    return ()


def _buttons() -> tuple[Block, ...]:
    asked = blocks.confirm("Lift the notice?", "Nobody reads it any more from then on.", "Lift it", "Keep it")
    return (
        blocks.button("Change…", blocks.CHANGE_NOTICE, Subject().packed()),
        blocks.button("Lift it", blocks.LIFT_NOTICE, Subject().packed(), confirm=asked),
    )


def _service(desk: Desk) -> IncidentService:
    return tenancy_of(desk).integration.incidents
