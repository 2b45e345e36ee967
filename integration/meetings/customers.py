"""A tenant's customers: found in events by their people's addresses, named and put together by the tenant."""

import json
import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, insert, select, update
from sqlalchemy.orm import Session

from integration.batches import batches
from integration.db import take_turns
from integration.errors import Invalid, VaultError
from integration.meetings import attending
from integration.meetings.attending import drop_idle, find_customers, sort_events
from integration.meetings.models import DOMAIN, CalendarEvent, Customer, CustomerDomain
from integration.tenants.finding import tenant_of
from integration.tenants.models import Tenant
from integration.vault import Vault

log = logging.getLogger(__name__)

BATCH = 500  # events


@dataclass(frozen=True)
class Known:
    """A customer: what it is called, and whose domains and addresses are its people's."""

    id: str
    name: str
    domains: list[str]


def list_customers(session: Session, vault: Vault, tenant_id: str) -> list[Known]:
    """A tenant's customers by name. Raises NotFound."""
    tenant_of(session, tenant_id)
    domains: dict[str, list[str]] = defaultdict(list)
    for row in session.scalars(select(CustomerDomain).where(CustomerDomain.tenant_id == tenant_id)):
        domains[row.customer_id].append(_domain(vault, row))
    customers = session.scalars(select(Customer).where(Customer.tenant_id == tenant_id))
    found = [Known(row.id, _name(vault, row), sorted(domains[row.id])) for row in customers]
    return sorted(found, key=lambda one: (one.name.casefold(), one.name))


def name_customers(session: Session, vault: Vault, tenant_id: str, names: Mapping[str, Sequence[str]]) -> bool:
    """Say who has these domains and addresses (see `fields.customer_domain`); what is not named here stays as it is.

    A customer of that name gets them besides its own. One that has no others is called so from now on; else events
    follow in the background (`resort_events`). False when all was so already. Raises NotFound, Invalid.
    """
    tenant = tenant_of(session, tenant_id)
    take_turns(session, [tenant_id])
    _check(tenant, names)
    rows = _domains(session, vault, tenant_id, [domain for domains in names.values() for domain in domains])
    owners = {row.customer_id for row in rows.values()}
    targets, renamed = _targets(session, vault, tenant_id, names, rows)
    moved = named = 0
    fresh = []
    for name, domains in names.items():
        for domain in domains:
            row = rows.get(domain)
            if row is None:
                fresh.append(attending.new_domain(vault, tenant_id, domain, targets[name], named=True))
                continue
            moved += row.customer_id != targets[name]
            named += not row.named
            row.customer_id, row.named = targets[name], True
    session.flush()
    if fresh:
        session.execute(insert(CustomerDomain), fresh)
    if moved or fresh:
        rules_changed(session, tenant_id)
    drop_idle(session, owners - set(targets.values()))
    return bool(moved or named or fresh or renamed)


def rules_changed(session: Session, tenant_id: str) -> None:
    """Have the tenant's events told apart anew, in the background: who is a customer has changed."""
    raised = update(Tenant).where(Tenant.id == tenant_id).values(customer_rules=Tenant.customer_rules + 1)
    session.execute(raised)


def resort_events(session: Session, vault: Vault, _now: datetime) -> int:
    """A worker's duty: tell apart anew who is in some of the events that older rules were used for. Returns how many.

    Each time it goes on where it was; a tenant's events are done by one worker at a time.
    """
    older = exists().where(CalendarEvent.tenant_id == Tenant.id, CalendarEvent.customer_rules < Tenant.customer_rules)
    tenant_id = session.scalar(select(Tenant.id).where(older).limit(1))
    if tenant_id is None:
        return 0
    take_turns(session, [tenant_id])
    tenant = tenant_of(session, tenant_id)
    table = CalendarEvent
    due = select(table.id, table.details, table.all_day, table.cancelled).where(
        table.tenant_id == tenant_id, table.customer_rules < tenant.customer_rules
    )
    rows = session.execute(due.limit(BATCH)).all()
    people = {row.id: found for row in rows if (found := _people(vault, row)) is not None}
    sort_events(session, vault, tenant, people)
    if damaged := [row.id for row in rows if row.id not in people]:
        session.execute(update(table).where(table.id.in_(damaged)).values(customer_rules=tenant.customer_rules))
    if len(rows) < BATCH:
        _forget_own(session, vault, tenant)
    return len(rows)


def _forget_own(session: Session, vault: Vault, tenant: Tenant) -> None:
    """Take the tenant's own domains from its customers: what was a customer's may have become theirs."""
    rows = session.scalars(select(CustomerDomain).where(CustomerDomain.tenant_id == tenant.id)).all()
    own = [row for row in rows if _opens_as_own(vault, row, tenant)]
    for row in own:
        session.delete(row)
    session.flush()
    drop_idle(session, {row.customer_id for row in own})


def _opens_as_own(vault: Vault, row: CustomerDomain, tenant: Tenant) -> bool:
    try:
        return _is_own(_domain(vault, row), tenant)
    except VaultError as error:
        log.error("a customer's domain does not open: %s", error.message, extra={"domain": row.id})
        return False


def _people(vault: Vault, row: Any) -> Sequence[str] | None:
    """The addresses in an event; None where it does not open: its customers stay as they are."""
    if row.all_day or row.cancelled:
        return ()
    try:
        details = json.loads(vault.open(row.details, table=CalendarEvent.__tablename__, column="details", row=row.id))
    except VaultError as error:
        log.error("a calendar event does not open: %s", error.message, extra={"event": row.id})
        return None
    return tuple(details.get("attendees", ()))


def _name(vault: Vault, row: Customer) -> str:
    return vault.open(row.name, table=row.__tablename__, column="name", row=row.id)


def _domain(vault: Vault, row: CustomerDomain) -> str:
    return vault.open(row.domain, table=row.__tablename__, column="domain", row=row.id)


def _is_own(domain: str, tenant: Tenant) -> bool:
    """Is a customer's domain or address one of the tenant's?"""
    return attending.whose(f"anybody@{domain.rpartition('@')[2]}", tenant.domains) is None


def _check(tenant: Tenant, names: Mapping[str, Sequence[str]]) -> None:
    """Raises Invalid for a domain that is the tenant's own, or that two names want."""
    often = Counter(domain for domains in names.values() for domain in set(domains))
    for domain, count in often.items():
        if _is_own(domain, tenant):
            remedy = "Name domains of other organisations; `tenants change` changes one's own."
            raise Invalid(f"{domain} is {tenant.name}'s own.", field="customers", remedy=remedy)
        if count > 1:
            raise Invalid(f"{domain} is named twice.", field="customers", remedy="Give each domain to one customer.")


def _domains(session: Session, vault: Vault, tenant_id: str, domains: Sequence[str]) -> dict[str, CustomerDomain]:
    found: dict[str, CustomerDomain] = {}
    for batch in batches(domains):
        by_hash = {known: domain for domain in batch for known in vault.lookup_hashes(DOMAIN, domain)}
        theirs = select(CustomerDomain).where(
            CustomerDomain.tenant_id == tenant_id, CustomerDomain.domain_hash.in_(by_hash)
        )
        found |= {by_hash[row.domain_hash]: row for row in session.scalars(theirs)}
    return found


def _targets(
    session: Session,
    vault: Vault,
    tenant_id: str,
    names: Mapping[str, Sequence[str]],
    rows: Mapping[str, CustomerDomain],
) -> tuple[dict[str, str], int]:
    """The customers' ids by name: those that are there, those that are called so from now on, and new ones.

    Also how many were renamed."""
    targets = find_customers(session, vault, tenant_id, names)
    sizes = _sizes(session, {row.customer_id for row in rows.values()})
    renamed = 0
    for name, domains in names.items():
        if name in targets:
            continue
        here = Counter(rows[domain].customer_id for domain in dict.fromkeys(domains) if domain in rows)
        whole = (one for one, count in here.items() if count == sizes[one] and one not in targets.values())
        customer_id = next(whole, None)
        if customer_id is None:
            row = attending.new_customer(vault, tenant_id, name)
            session.execute(insert(Customer), [row])
            targets[name] = row["id"]
        else:
            called = attending.naming(vault, customer_id, name)
            session.execute(update(Customer).where(Customer.id == customer_id).values(called))
            targets[name] = customer_id
            renamed += 1
    return targets, renamed


def _sizes(session: Session, customer_ids: Iterable[str]) -> dict[str, int]:
    """How many domains these customers have."""
    counted = select(CustomerDomain.customer_id, func.count()).group_by(CustomerDomain.customer_id)
    found: dict[str, int] = {}
    for batch in batches(customer_ids):
        found |= dict(session.execute(counted.where(CustomerDomain.customer_id.in_(batch))).all())
    return found
