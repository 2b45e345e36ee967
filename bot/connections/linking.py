"""Staff say whose workspace a new one is: by a button of the notice about it, or after a search."""

import logging
import re
from typing import Any

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from bot import blocks, finding
from bot.acting import NOT_OPEN, asker_of, attempt, attempt_view, service_of, tenancy_of
from bot.asking import Desk
from bot.blocks import Block, Message
from bot.carried import Subject
from bot.connections.disconnecting import waiting
from bot.connections.status_card import enable_button
from bot.errors import ServiceError
from bot.moments import moment
from bot.posting import update
from bot.surfaces import Body, acknowledge, open_form, tell, update_view
from bot.tenancy import Asker

log = logging.getLogger(__name__)

QUERY_BLOCK, CHOICE_BLOCK, INPUT = "query", "choice", "given"
DOING = "link the workspace"
WAITING = "⏳ Linking the workspace."
NOTHING_FOUND = (
    "I know no organisation by a name like that. Try another part of the name. Not there yet? Add it first:"
    ' python -m integration tenants add initech "Initech"'
)
CONSEQUENCE = "The people of this workspace will see that organisation's Zoom connection; its admins can change it."


def register(app: App, desk: Desk) -> None:
    """Add the listeners."""

    def link(body: Body, context: BoltContext, client: WebClient, respond: Respond) -> None:
        subject = Subject.unpacked(body["actions"][0].get("value"))
        place = (str(body["channel"]["id"]), str(body["message"]["ts"]))
        tell(body, client, respond, attempt(lambda: _link(desk, subject, place, body, context, client), DOING))

    def ask_whose(body: Body, context: BoltContext, client: WebClient) -> None:
        subject = Subject.unpacked(body["actions"][0].get("value"))
        where = subject.model_copy(update={"channel": body["channel"]["id"], "ts": body["message"]["ts"]})
        open_form(body, client, attempt_view(lambda: _search_form(desk, where, body, context, client), DOING))

    def search(ack: Ack, body: Body, context: BoltContext, client: WebClient) -> None:
        found = attempt_view(lambda: _choice_form(desk, body, context, client), DOING)
        if found.get("response_action"):
            ack(**found)
        else:
            ack(response_action="update", view=found)

    def link_chosen(body: Body, context: BoltContext, client: WebClient) -> None:
        subject = Subject.unpacked(body["view"]["private_metadata"])
        chosen = _given(body, CHOICE_BLOCK)["selected_option"]["value"]
        whose = subject.model_copy(update={"tenant": chosen})
        place = (subject.needed("channel"), subject.needed("ts"))
        update_view(body, client, attempt(lambda: _link(desk, whose, place, body, context, client), DOING))

    app.action(re.compile(rf"^{blocks.LINK_WORKSPACE}\d+$"), middleware=[acknowledge])(link)
    app.action(blocks.FIND_TENANT, middleware=[acknowledge])(ask_whose)
    app.view(blocks.FIND_TENANT_VIEW)(search)
    app.view(blocks.CHOOSE_TENANT_VIEW, middleware=[waiting(WAITING)])(link_chosen)


def _link(
    desk: Desk, subject: Subject, place: tuple[str, str], body: Body, context: BoltContext, client: WebClient
) -> Message:
    asker = asker_of(desk, body, context, client)
    team = subject.needed("team")
    linked = service_of(desk).link_workspace(asker.behalf, team, subject.needed("tenant"))
    when = moment(desk.clock(), None)
    said = f"The workspace {linked.workspace_name or team} is linked to {linked.name or linked.tenant}"
    update(client, *place, blocks.plain(f"✅ {said}, by {asker.identity.name or 'the staff'}, {when}."))
    return blocks.joined(blocks.plain(f"{said}."), _enabling(desk, asker, subject.needed("tenant")))


def _enabling(desk: Desk, asker: Asker, tenant: str) -> Message | None:
    """What comes next where Zoom is not enabled for the organisation."""
    try:
        status = service_of(desk).status(asker.behalf, tenant)
    except ServiceError as error:  # linked it is all the same
        log.info("what comes after linking was not looked up: %s", error)
        return None
    if "enable_zoom" not in status.may:
        return None
    button = enable_button(status.name, blocks.ENABLE_ZOOM, Subject(tenant=tenant).packed())
    return blocks.joined(blocks.plain("Zoom is not enabled yet."), blocks.pressing(button))


def _search_form(desk: Desk, subject: Subject, body: Body, context: BoltContext, client: WebClient) -> Block:
    if not asker_of(desk, body, context, client).is_staff:
        return blocks.modal(blocks.plain(NOT_OPEN))
    element = {"type": "plain_text_input", "action_id": INPUT, "max_length": finding.LONGEST_QUERY}
    asked = Message("", (_input(QUERY_BLOCK, "Name of the organisation", element),))
    return blocks.modal(asked, submit="Search", callback_id=blocks.FIND_TENANT_VIEW, private_metadata=subject.packed())


def _choice_form(desk: Desk, body: Body, context: BoltContext, client: WebClient) -> Block:
    """The organisations found, to choose from; or what Slack shows beside the input when there are none."""
    subject = Subject.unpacked(body["view"]["private_metadata"])
    asker = asker_of(desk, body, context, client)
    found = finding.find(tenancy_of(desk), asker, str(_given(body, QUERY_BLOCK).get("value") or ""))
    if not found:
        return {"response_action": "errors", "errors": {QUERY_BLOCK: NOTHING_FOUND}}
    options = [
        {"text": {"type": "plain_text", "text": blocks.cut(one.name, 75)}, "value": one.id}
        for one in found[: finding.MOST_OFFERED * 2]
    ]
    element = {"type": "radio_buttons", "action_id": INPUT, "options": options}
    asked = Message("", (_input(CHOICE_BLOCK, "Organisation", element), blocks.context(CONSEQUENCE)))
    return blocks.modal(asked, submit="Link", callback_id=blocks.CHOOSE_TENANT_VIEW, private_metadata=subject.packed())


def _input(block_id: str, label: str, element: Block) -> Block:
    shown = {"type": "plain_text", "text": label}
    return {"type": "input", "block_id": block_id, "label": shown, "element": element}


def _given(body: Body, block_id: str) -> dict[str, Any]:
    given: dict[str, Any] = body["view"]["state"]["values"][block_id][INPUT]
    return given
