"""`/v1/tenants`, `/v1/workspaces`, `/v1/people`: whom Retain serves, where they write from, and who they are."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Query, Request, Response
from sqlalchemy.orm import Session

from integration.auth import Principal, TheCaller, v1_router
from integration.fields import MAX_NAME
from integration.problems import Problem
from integration.runtime import Now, TheVault, WritingSession, runtime_of
from integration.tenants import export, finding, people, removal, service, workspaces
from integration.tenants.fields import Slug, TeamId, TenantId
from integration.tenants.service import NewTenant, TenantChanges
from integration.tenants.views import (
    ListedPeople,
    Listing,
    Removed,
    TenantList,
    TenantView,
    WorkspaceLink,
    WorkspaceSeen,
    WorkspaceView,
)
from integration.tenants.workspaces import Linking

router = v1_router("")


@router.post(
    "/tenants",
    status_code=201,
    summary="Add a tenant",
    responses={
        200: {"model": TenantView, "description": "It is there already, just so"},
        409: {"model": Problem, "description": "The id is taken by a tenant that differs"},
    },
)
def add_tenant(
    body: NewTenant, principal: TheCaller, session: WritingSession, vault: TheVault, now: Now, response: Response
) -> TenantView:
    if not service.add(session, vault, body, now, actor=principal.actor):
        response.status_code = 200
    return TenantView.of(finding.tenant_of(session, body.id))


@router.get("/tenants", summary="The tenants that a name, id or domain may mean, best first; without `query`, all")
def find_tenants(request: Request, query: Annotated[str | None, Query(max_length=MAX_NAME)] = None) -> TenantList:
    with runtime_of(request).database.reading() as session:
        if query is None:
            return TenantList(tenants=[TenantView.of(tenant) for tenant in finding.every(session)])
        return TenantList(
            tenants=[TenantView.of(found.tenant, found.score) for found in finding.search(session, query)]
        )


@router.get("/tenants/{tenant}", summary="A tenant")
def read_tenant(tenant: TenantId, request: Request) -> TenantView:
    with runtime_of(request).database.reading() as session:
        return TenantView.of(finding.tenant_of(session, tenant))


@router.patch("/tenants/{tenant}", summary="Change a tenant; what is left out stays")
def change_tenant(
    tenant: TenantId, body: TenantChanges, principal: TheCaller, session: WritingSession, vault: TheVault, now: Now
) -> TenantView:
    service.change(session, vault, tenant, body, now, actor=principal.actor)
    return TenantView.of(finding.tenant_of(session, tenant))


@router.delete(
    "/tenants/{tenant}", summary="Withdraw our permission at Zoom, and delete all that is kept of the tenant"
)
def delete_tenant(tenant: TenantId, request: Request, principal: TheCaller) -> Removed:
    return Removed.model_validate(asdict(removal.remove(runtime_of(request), tenant, actor=principal.actor)))


@router.get("/tenants/{tenant}/export", summary="All that is kept of the tenant, opened; never tokens")
def export_tenant(tenant: TenantId, request: Request) -> dict[str, Any]:
    runtime = runtime_of(request)
    with runtime.database.reading() as session:
        return export.export(session, runtime.vault, tenant, runtime.clock())


@router.get("/workspaces/{team}", summary="Whose workspace it is, and what X-Actor is there")
def read_workspace(team: TeamId, request: Request, principal: TheCaller) -> WorkspaceView:
    with runtime_of(request).database.reading() as session:
        return _workspace(session, team, principal)


@router.put("/workspaces/{team}", summary="Link a workspace to a tenant, or mark it as Retain's own")
def link_workspace(
    team: TeamId, body: WorkspaceLink, principal: TheCaller, session: WritingSession, vault: TheVault, now: Now
) -> WorkspaceView:
    workspaces.link(session, vault, team, Linking(body.tenant, body.staff, body.name), now)
    return _workspace(session, team, principal)


@router.post("/workspaces/{team}/seen", summary="Say that a workspace uses the bot; staff hear of a new one, once")
def workspace_seen(
    team: TeamId, body: WorkspaceSeen, principal: TheCaller, session: WritingSession, vault: TheVault, now: Now
) -> WorkspaceView:
    workspaces.seen(session, vault, team, body.name, now)
    return _workspace(session, team, principal)


@router.get("/people", summary="Whom Retain lists as admin or staff")
def list_people(request: Request, tenant: Annotated[Slug | None, Query()] = None) -> ListedPeople:
    with runtime_of(request).database.reading() as session:
        return ListedPeople(people=[Listing.of(person) for person in people.every(session, tenant)])


@router.put("/people", summary="List a person as admin of a tenant or as staff; as member, no more")
def list_person(body: Listing, session: WritingSession, vault: TheVault, now: Now) -> Listing:
    people.set_role(session, vault, body.actor, body.tenant, body.role, now)
    return body


def _workspace(session: Session, team: str, principal: Principal) -> WorkspaceView:
    workspace, tenant = workspaces.workspace_of(session, team)
    return WorkspaceView(
        team=team,
        tenant=workspace.tenant_id,
        name=tenant.name if tenant else None,
        time_zone=tenant.time_zone if tenant else None,
        workspace_name=workspace.name,
        staff=workspace.staff,
        role=people.effective_role(session, principal.actor, principal.said, workspace.tenant_id),
    )
