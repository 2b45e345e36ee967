"""`/integrations`: the page itself, connecting, checking, and disconnecting with its receipt.

Without a sign-in it is a page of the help centre, which says how to open one's own.
"""

import logging

from fastapi import APIRouter, Request, Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from integration.connecting import making
from integration.connecting.pending import pending
from integration.connecting.starting import link_url
from integration.connections import history
from integration.connections.chronicle import chronicle, deleted_words
from integration.connections.disconnect import disconnect, receipt_of
from integration.connections.models import ConnectionState
from integration.connections.status_view import Checked
from integration.connections.verify import verify_once
from integration.connections.views import ReceiptView
from integration.connections.wording import WHO, is_fine, withdrawn
from integration.errors import Conflict, VaultError
from integration.help_centre.shared_pages import shared_page
from integration.integrations.looking import Look, PerhapsALook, TheLook, ThePress
from integration.integrations.tile import seat_of, tile_of
from integration.meetings.duration import spoken
from integration.meetings.models import MeetingSession
from integration.pages.views import READ, see_other
from integration.signing_in.service import contact_of

log = logging.getLogger(__name__)
router = APIRouter(include_in_schema=False)

HERE, ENDING, ENDED = "/integrations", "/integrations/disconnect", "/integrations/disconnected"
TENANTS = "/staff/tenants"
NO_EMAIL = "We know no e-mail address of yours, and whoever signs in at Zoom is compared with it."


@router.api_route(HERE, methods=READ)
def integrations(request: Request, look: PerhapsALook) -> Response:
    """How Zoom stands. Articles link here unless INTEGRATIONS_URL names another page."""
    if look is None:
        return shared_page(request, "integrations_public.html", slug="connect-zoom", mine=True)
    if look.tenant is None and look.by_staff:
        return see_other(TENANTS)
    return _page(look)


@router.post("/integrations/connect")
def connect(request: Request, look: ThePress) -> Response:
    """The button: a new connect link for whoever presses it, opened at once."""
    runtime, now, tenant = look.runtime, look.now, look.require("connect")
    with runtime.database.writing() as session:
        email, name = _contact(request, session)
        if email is None:
            raise Conflict(NO_EMAIL, remedy="Add one to your Slack profile, and type /retain connect in Slack.")
        actor = look.reader.actor
        asked = making.Asked(tenant, requested_by=actor, made_by=actor, email=email, name=name, on_page=True)
        made = making.make(session, runtime.vault, asked, now)
    return see_other(link_url(runtime, made.token))


def _contact(request: Request, session: Session) -> tuple[str | None, str | None]:
    try:
        return contact_of(request, session)
    except VaultError as error:
        log.error("e-mail and name do not open: %s", error)
        return None, None


@router.post("/integrations/check")
def check(look: ThePress) -> Response:
    """The button "Check now": the same page, with what came of it."""
    tenant = look.require("status_details")
    return _page(look, verify_once(look.runtime, tenant, actor=look.reader.actor), just_checked=True)


@router.api_route(ENDING, methods=READ)
def ask_first(look: TheLook) -> Response:
    """What will be deleted, and the button."""
    tenant = look.require("connect")
    with look.runtime.database.reading() as session:
        status = look.status(session)
        calls = session.scalar(select(func.count()).where(MeetingSession.tenant_id == tenant)) or 0
    if "disconnect" not in status.may:
        return see_other(look.address())
    return look.page("integrations_disconnect.html", status=status, calls=calls)


@router.post(ENDING)
def end(look: ThePress) -> Response:
    """The button: on to the receipt. Pressed twice, it leads there too."""
    disconnect(look.runtime, look.require("connect"), cause="disconnected", actor=look.reader.actor)
    return see_other(look.address(ENDED))


@router.api_route(ENDED, methods=READ)
def ended(look: TheLook) -> Response:
    """The receipt of the last disconnection, as long as it was not connected again."""
    tenant = look.require("status_details")
    with look.runtime.database.reading() as session:
        status = look.status(session)
        event = history.last_state(session, tenant, ConnectionState.DEAUTHORIZED)
        if status.state != ConnectionState.DEAUTHORIZED or event is None:
            return see_other(look.address())
        receipt = ReceiptView.of(receipt_of(session, look.runtime.vault, event))
    told = {"deleted": deleted_words(receipt), "withdrawn": withdrawn(revoked=receipt.revoked)}
    return look.page("integrations_disconnected.html", status=status, receipt=receipt, **told)


def _page(look: Look, checked: Checked | None = None, *, just_checked: bool = False) -> Response:
    runtime, now = look.runtime, look.now
    with runtime.database.reading() as session:
        status = look.status(session, checked)
        seat = seat_of(status, look.reader.actor, staff=look.by_staff)
        shown = "history" in status.may
        events = chronicle(session, runtime.vault, status.tenant) if shown else []
        waits = pending(session, runtime.vault, status.tenant, now)
        actors = [one.actor for one in events] + [waits.actor if waits else None]
        return look.page(
            "integrations.html",
            status=status,
            seat=seat,
            tile=tile_of(status, seat, now, waits=waits is not None),
            waits=waits,
            fine=is_fine(status),
            must_act=WHO["staff" if look.by_staff else "own"][status.who_must_act],
            just_checked=just_checked,
            events=events,
            names=look.names(session, actors, status.name),
            shown=shown,
            spoken=spoken,
        )
