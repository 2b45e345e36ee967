"""What requests about tenants, workspaces and people carry, and what they are answered."""

from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel, Field

from integration.fields import Name
from integration.policy import Role
from integration.tenants.fields import Slug
from integration.tenants.models import Person, Tenant


class TenantView(BaseModel):
    id: str
    name: str
    zoom_enabled: bool
    domains: list[str]
    time_zone: str
    created_at: datetime
    score: float | None = Field(default=None, description="How well it fits `query`: 1 is the very one, 0 not at all.")

    @classmethod
    def of(cls, tenant: Tenant, score: float | None = None) -> Self:
        """The tenant as it is shown; `score` when it was looked for."""
        return cls(
            id=tenant.id,
            name=tenant.name,
            zoom_enabled=tenant.zoom_enabled,
            domains=tenant.domains,
            time_zone=tenant.time_zone,
            created_at=tenant.created_at,
            score=score,
        )


class TenantList(BaseModel):
    tenants: list[TenantView]


class WorkspaceLink(BaseModel):
    tenant: Slug | None = None
    staff: bool | None = Field(default=None, description="Is it Retain's own? Left out, it stays as it is.")
    name: Name | None = Field(default=None, description="The workspace's. Left out, it stays as it is.")


class WorkspaceSeen(BaseModel):
    name: Name | None = None


class WorkspaceView(BaseModel):
    team: str
    tenant: str | None
    name: str | None = Field(description="The tenant's.")
    time_zone: str | None = Field(description="The tenant's: whose days and months its hours are in.")
    workspace_name: str | None
    staff: bool = Field(description="Is it Retain's own?")
    role: Role = Field(description="What X-Actor is there: X-Role, or more when Retain lists them.")


class Listing(BaseModel):
    actor: Name
    tenant: Slug | None = Field(default=None, description="Whose admin; none for staff.")
    role: Literal[Role.ADMIN, Role.STAFF, Role.MEMBER] = Field(description="`member` takes a person off the list.")

    @classmethod
    def of(cls, person: Person) -> Self:
        """The person as they are listed."""
        return cls.model_validate({"actor": person.actor, "tenant": person.tenant_id, "role": person.role})


class ListedPeople(BaseModel):
    people: list[Listing]


class Removed(BaseModel):
    tenant: str
    deleted: dict[str, int] = Field(description="How many rows, by table.")
    at: datetime
    revoked: bool = Field(description="Has Zoom confirmed that our permission is withdrawn? If not, it stays owed.")
