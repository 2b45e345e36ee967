"""The help centre's form: a question to people. It works without any script, and loses nothing that was typed.

Sent twice it is one request. Who sends it says who they are: it is believed no further than as where to answer. Who
is signed in is known: their request is theirs and their organisation's, and its answer reaches them in Slack.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from integration.db import DATABASE_AWAY
from integration.desk import clocks, opening
from integration.desk.models import Ending, ResponseClock, SupportRequest
from integration.desk.opening import Contact, NewRequest
from integration.errors import NotFound, VaultError
from integration.fields import RowId
from integration.help_centre import support_form
from integration.help_centre.around import around
from integration.help_centre.support_form import Form
from integration.pages.forms import TheSent, is_of_these_days, is_of_this_browser
from integration.pages.throttle import let_through
from integration.pages.views import READ, private_page, rendered, see_other
from integration.policy import Role
from integration.runtime import Runtime, runtime_of
from integration.signing_in.service import contact_of, if_signed_in
from integration.tenants.models import Tenant
from integration.vault import Vault
from kb import support_hours

log = logging.getLogger(__name__)

router = APIRouter(include_in_schema=False)

FOR_ANYBODY: Mapping[str, str] = {"Cache-Control": "no-store"}  # search engines may list it
TOO_MANY = "We get more messages than we can take just now. Nothing you wrote is lost: please try again in 10 minutes."
NOT_FROM_HERE = "This page had stood open for long. Nothing is sent yet, and nothing is lost: please send it once more."
AWAY = "We could not take it just now. Nothing you wrote is lost: please send it again in a minute."


@router.api_route("/support", methods=READ)
def show(request: Request) -> Response:
    """The form, with what its address says of where somebody comes from."""
    return _form(request, support_form.empty(request.query_params), _known(request))


@dataclass(frozen=True)
class Known:
    """Who is signed in here, and need not say who they are. Without a tenant theirs is not linked any more."""

    actor: str
    name: str | None = field(repr=False)
    tenant: str | None
    organisation: str | None


def _known(request: Request) -> Known | None:
    """None where nobody is, or where that cannot be read just now: the form is there for everybody."""
    try:
        reader = if_signed_in(request)
        if reader is None:
            return None
        with runtime_of(request).database.reading() as session:
            _, name = contact_of(request, session)
            theirs = reader.tenant if reader.role != Role.NOBODY else None
            tenant = session.get(Tenant, theirs) if theirs else None
    except (*DATABASE_AWAY, VaultError) as error:
        log.warning("the form opens for anybody: %s", type(error).__name__)
        return None
    return Known(reader.actor, name, tenant.id if tenant else None, tenant.name if tenant else None)


@router.post("/support")
def send(request: Request, sent: TheSent) -> Response:
    """The button: on to when a person answers. Another site's form is not listened to."""
    form, known = support_form.read(sent), _known(request)
    if not (is_of_this_browser(request, sent) if known else is_of_these_days(request, sent)):
        return _form(request, form, known, trouble=NOT_FROM_HERE, status=HTTPStatus.FORBIDDEN)
    if wrong := support_form.faults(form, is_known=known is not None):
        return _form(request, form, known, wrong, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    runtime = runtime_of(request)
    if not let_through(request, "support"):
        return _form(request, form, known, trouble=TOO_MANY, status=HTTPStatus.TOO_MANY_REQUESTS)
    try:
        request_id = _open(runtime, form, known)
    except DATABASE_AWAY:
        log.exception("a form was not taken")
        return _form(request, form, known, trouble=AWAY, status=HTTPStatus.SERVICE_UNAVAILABLE)
    return see_other(f"/support/{request_id}")


def _open(runtime: Runtime, form: Form, known: Known | None) -> str:
    typed = Contact(name=form.name or None, email=form.email, organisation=form.organisation or None)
    new = NewRequest(
        key=form.request_key,
        via="web",
        text=form.question,
        more=form.more or None,
        actor=known.actor if known else None,
        tenant=known.tenant if known else None,
        contact=Contact(name=known.name) if known else typed,
        time_zone=form.zone or None,
        article=article.slug if (article := runtime.article(form.about)) else None,
    )
    with runtime.database.writing() as session:
        opened, _ = opening.open_request(session, runtime.vault, new, runtime.clock())
        return opened.id


@router.api_route("/support/{request_id}", methods=READ)
def received(request: Request, request_id: RowId) -> Response:
    """When a person answers. Its address is known to nobody else, and it repeats nothing of what was written."""
    runtime = runtime_of(request)
    now = runtime.clock()
    with runtime.database.reading() as session:
        found = session.get(SupportRequest, request_id)
        clock = clocks.latest(session, request_id) if found is not None and found.via == "web" else None
    if found is None or clock is None:
        raise NotFound("There is no such request.", remedy="If you asked us something, we answer you by e-mail.")
    zone = ZoneInfo(found.time_zone) if found.time_zone else None
    html = rendered(
        request,
        "support_received.html",
        due=support_hours.describe_moment(clock.respond_by, now, zone),
        due_at=clock.respond_by,
        zone=zone,
        hours=support_hours.describe(now, zone),
        is_open=support_hours.is_open(now),
        state=_state(clock, now),
        in_slack=found.actor is not None,
        email=_hint(runtime.vault, found) if found.actor is None else None,
    )
    return private_page(request, html)


def _state(clock: ResponseClock, now: datetime) -> Literal["answered", "closed", "overdue", "waiting"]:
    if clock.stopped_at is not None:
        return "closed" if clock.ended == Ending.CLOSED else "answered"
    return "overdue" if now > clock.respond_by else "waiting"


def _hint(vault: Vault, found: SupportRequest) -> str | None:
    """Enough of the e-mail address for whoever typed it to see a slip; None once we have forgotten it."""
    if found.contact is None:
        return None
    contact = json.loads(vault.open(found.contact, table="support_requests", column="contact", row=found.id))
    name, _, domain = str(contact["email"]).rpartition("@")
    return f"{name[:1]}…@{domain}"


def _form(
    request: Request,
    form: Form,
    known: Known | None,
    wrong: Mapping[str, str] | None = None,
    *,
    trouble: str = "",
    status: int = HTTPStatus.OK,
) -> Response:
    runtime, beside = runtime_of(request), around(request, None)
    html = rendered(
        request,
        "support.html",
        form=form,
        known=known,
        wrong=wrong or {},
        trouble=trouble,
        labels=support_form.LABELS,
        zones=support_form.ZONES,
        article=runtime.article(form.about),
        due=support_hours.respond_by(runtime.clock()),
        staff_notice=beside.notice,
        promise=beside.promise,
    )
    return private_page(request, html, status=status) if known else HTMLResponse(html, status, dict(FOR_ANYBODY))
