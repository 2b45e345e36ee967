"""What calendars bring, and who a tenant's customers are."""

from collections import defaultdict
from dataclasses import asdict
from typing import Any

from fastapi import Request
from pydantic import BaseModel, Field

from integration.auth import v1_router
from integration.errors import Invalid
from integration.meetings.customers import list_customers, name_customers
from integration.meetings.events import MOST_ITEMS, put_events
from integration.runtime import Now, TheVault, WritingSession, runtime_of
from integration.tenants.fields import CustomerDomains, TenantId, TenantName

router = v1_router("/tenants/{tenant}")

MOST_NAMED = 500


class CalendarItems(BaseModel):
    items: list[Any] = Field(
        description="Google Calendar `events` resources as they are; of series the instances (singleEvents=true).",
        json_schema_extra={"maxItems": MOST_ITEMS},
    )
    calendar: str | None = Field(
        None,
        max_length=1024,
        description="Whose calendar they are from, an address. One who leaves a meeting does not cancel it for the "
        "others; needed where Google gives no more than the id of a cancelled event.",
    )


class ItemErrorView(BaseModel):
    """Why one item was not stored."""

    index: int = Field(description="Its place in `items`, from 0.")
    id: str | None = Field(description="The event's id, where it has one.")
    field: str
    detail: str
    remedy: str


class StoredView(BaseModel):
    stored: int = Field(description="How many items changed something.")
    unchanged: int = Field(description="How many said nothing new: repeated, older, or a copy of the same meeting.")
    errors: list[ItemErrorView] = Field(description="The others; send these again when they are mended.")


class CustomerView(BaseModel):
    id: str
    name: str = Field(description="A domain or an address until it is given another one.")
    domains: list[str] = Field(description="And addresses, at free mail for one.")


class CustomerList(BaseModel):
    customers: list[CustomerView]


class NamedCustomer(BaseModel):
    name: TenantName
    domains: CustomerDomains = Field(description="Or whole addresses.")


class CustomerNames(BaseModel):
    customers: list[NamedCustomer] = Field(max_length=MOST_NAMED)


@router.put("/calendar-events", summary="Store calendar events; repeatable, in any order")
def store_events(
    tenant: TenantId, body: CalendarItems, session: WritingSession, vault: TheVault, now: Now
) -> StoredView:
    """For a calendar sync, which acts for itself, and for staff. Items that cannot be stored do not hold up others."""
    if len(body.items) > MOST_ITEMS:
        raise Invalid(
            f"items: there are {len(body.items)}, more than {MOST_ITEMS:,}.",
            field="items",
            remedy=f"Send up to {MOST_ITEMS:,} at a time.",
        )
    return StoredView.model_validate(asdict(put_events(session, vault, tenant, body.items, now, body.calendar)))


@router.get("/customers", summary="Whom the tenant meets, by name")
def read_customers(tenant: TenantId, request: Request) -> CustomerList:
    runtime = runtime_of(request)
    with runtime.database.reading() as session:
        found = list_customers(session, runtime.vault, tenant)
    return CustomerList(customers=[CustomerView.model_validate(asdict(one)) for one in found])


@router.put("/customers", summary="Say who has which domains; customers that are left out stay as they are")
def write_customers(tenant: TenantId, body: CustomerNames, session: WritingSession, vault: TheVault) -> CustomerList:
    """A customer keeps the domains it has. Reports follow within a minute or two, where events must be gone through."""
    names: dict[str, list[str]] = defaultdict(list)
    for one in body.customers:
        names[one.name] += one.domains
    name_customers(session, vault, tenant, names)
    found = list_customers(session, vault, tenant)
    return CustomerList(customers=[CustomerView.model_validate(asdict(one)) for one in found])
