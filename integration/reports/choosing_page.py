"""The staff's first page of every report: whose is it to be?"""

from fastapi import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from integration.meetings.knowledge import AnyRow
from integration.pages.shown_tables import shown
from integration.pages.tables import Column, Table
from integration.pages.views import private_page, rendered
from integration.reports.visiting import Asked
from integration.runtime import runtime_of
from integration.tenants import finding
from integration.tenants.models import Tenant


def choose_tenant(asked: Asked) -> Response:
    """All tenants by name, some at a time; those that somebody looks for."""
    request = asked.request
    table: Table[AnyRow] = Table(
        path=request.url.path,
        columns=(Column("name", "Organisation", lambda one: one.name),),
        sort="name",
        texts=lambda one: (one.name, one.id, *one.domains),
    )
    choice = table.asked(request.query_params)
    with runtime_of(request).database.reading() as session:
        found = shown(table, choice, _every(session))
        alike = finding.search(session, choice.q) if choice.q and not found.found else []
    html = rendered(
        request, "report_tenants.html", table=found, alike=[one.tenant for one in alike], reader=asked.reader
    )
    return private_page(request, html)


def _every(session: Session) -> list[AnyRow]:
    return list(session.connection().execute(select(Tenant.id, Tenant.name, Tenant.domains).order_by(Tenant.id)))
