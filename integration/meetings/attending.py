"""Which customers were in an event, by the addresses of its people. The caller has its turn (`db.take_turns`)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import uuid4

from sqlalchemy import Select, delete, exists, insert, select, update
from sqlalchemy.orm import Session

from integration.batches import batches
from integration.meetings.models import CUSTOMER, DOMAIN, CalendarEvent, Customer, CustomerDomain, EventCustomer
from integration.tenants.fields import FREE_MAIL, mail_domain
from integration.tenants.models import Tenant
from integration.vault import Vault

UNSEEN = {"synchronize_session": False}  # none of these rows is loaded


@dataclass(frozen=True)
class Whose:
    """What tells whose person somebody is: their address goes before its domain, where the tenant has named it."""

    address: str
    domain: str

    @property
    def key(self) -> str:
        """What a customer is called until the tenant names it: the domain, or the whole address at free mail."""
        return self.address if self.domain in FREE_MAIL else self.domain


@lru_cache(maxsize=10_000)
def _spelled(domain: str) -> str | None:
    try:
        return mail_domain(domain)
    except ValueError:
        return None


def whose(address: str, own: Iterable[str]) -> Whose | None:
    """Whose person has this address? None: the tenant's (at one of their `own` domains, or below one), or nobody's."""
    local, _, given = address.rpartition("@")
    domain = _spelled(given)
    if domain is None or any(domain == one or domain.endswith(f".{one}") for one in own):
        return None
    return Whose(f"{local}@{domain}", domain)


def sort_events(session: Session, vault: Vault, tenant: Tenant, people: Mapping[str, Sequence[str]]) -> None:
    """Store which customers are in these events: by event id the addresses of the people there.

    Customers who were nowhere before are made; those who are nowhere any more go.
    """
    outside = {one: found for every in people.values() for one in every if (found := whose(one, tenant.domains))}
    sought = {key for one in outside.values() for key in (one.address, one.key)}
    named = find_named(session, vault, tenant.id, sought)
    unknown = {one.key for one in outside.values() if not {one.address, one.key} & named.keys()}
    named |= _make(session, vault, tenant.id, unknown)
    of = {given: named.get(one.address) or named[one.key] for given, one in outside.items()}
    wanted = {key: list(dict.fromkeys(of[one] for one in every if one in of)) for key, every in people.items()}
    gone = _store(session, wanted)
    _count(session, wanted, tenant.customer_rules)
    drop_idle(session, gone)


def find_named(session: Session, vault: Vault, tenant_id: str, keys: Collection[str]) -> dict[str, str]:
    """The customers that these domains and addresses belong to, as far as there are any."""
    columns = CustomerDomain.domain_hash, CustomerDomain.customer_id
    return _found(session, vault, select(*columns).where(CustomerDomain.tenant_id == tenant_id), DOMAIN, keys)


def find_customers(session: Session, vault: Vault, tenant_id: str, names: Collection[str]) -> dict[str, str]:
    """The ids of the customers of these names, as far as there are any."""
    columns = Customer.name_hash, Customer.id
    return _found(session, vault, select(*columns).where(Customer.tenant_id == tenant_id), CUSTOMER, names)


def _found(
    session: Session, vault: Vault, rows: Select[str, str], purpose: str, texts: Collection[str]
) -> dict[str, str]:
    """By text, what stands beside its look-up hash, which is the first column of `rows`, on whatever key."""
    found: dict[str, str] = {}
    for batch in batches(texts):
        by_hash = {known: text for text in batch for known in vault.lookup_hashes(purpose, text)}
        theirs = rows.where(rows.selected_columns[0].in_(by_hash))
        found |= {by_hash[known]: customer for known, customer in session.execute(theirs)}
    return found


def new_customer(vault: Vault, tenant_id: str, name: str) -> dict[str, Any]:
    """A row for a customer."""
    row_id = uuid4().hex
    return {"id": row_id, "tenant_id": tenant_id, **naming(vault, row_id, name)}


def naming(vault: Vault, row_id: str, name: str) -> dict[str, str]:
    """The columns that hold a customer's name."""
    sealed = vault.seal(name, table=Customer.__tablename__, column="name", row=row_id)
    return {"name": sealed, "name_hash": vault.lookup_hash(CUSTOMER, name)}


def new_domain(vault: Vault, tenant_id: str, domain: str, customer_id: str, *, named: bool) -> dict[str, Any]:
    """A row for a customer's domain or address."""
    row_id = uuid4().hex
    return {
        "id": row_id,
        "tenant_id": tenant_id,
        "domain": vault.seal(domain, table=CustomerDomain.__tablename__, column="domain", row=row_id),
        "domain_hash": vault.lookup_hash(DOMAIN, domain),
        "customer_id": customer_id,
        "named": named,
    }


def drop_idle(session: Session, customer_ids: Collection[str]) -> None:
    """Delete those of these customers that are in no event, unless the tenant has named them."""
    for batch in batches(customer_ids):
        session.execute(
            delete(Customer).where(
                Customer.id.in_(batch),
                ~exists().where(EventCustomer.customer_id == Customer.id),
                ~exists().where(CustomerDomain.customer_id == Customer.id, CustomerDomain.named),
            ),
            execution_options=UNSEEN,
        )


def _make(session: Session, vault: Vault, tenant_id: str, keys: Collection[str]) -> dict[str, str]:
    """Customers that are called by their domain or address, for nobody has named them yet."""
    there = find_customers(session, vault, tenant_id, keys)
    fresh = {key: new_customer(vault, tenant_id, key) for key in sorted(keys - there.keys())}
    made = there | {key: row["id"] for key, row in fresh.items()}
    if fresh:
        session.execute(insert(Customer), list(fresh.values()))
    if made:
        rows = [new_domain(vault, tenant_id, key, customer, named=False) for key, customer in made.items()]
        session.execute(insert(CustomerDomain), rows)
    return made


def _store(session: Session, wanted: Mapping[str, Sequence[str]]) -> set[str]:
    """Write where it differs who is in the events; returns the customers who are not in one any more."""
    there = _stored(session, wanted)
    changed = [event_id for event_id, customers in wanted.items() if there[event_id] != customers]
    for batch in batches([event_id for event_id in changed if there[event_id]]):
        session.execute(delete(EventCustomer).where(EventCustomer.event_id.in_(batch)), execution_options=UNSEEN)
    rows = [
        {"event_id": event_id, "customer_id": customer, "position": position}
        for event_id in changed
        for position, customer in enumerate(wanted[event_id])
    ]
    if rows:
        session.execute(insert(EventCustomer), rows)
    return {customer for event_id in changed for customer in there[event_id]}


def _stored(session: Session, event_ids: Iterable[str]) -> dict[str, list[str]]:
    """By event the customers in it, in their order."""
    found: dict[str, list[str]] = defaultdict(list)
    for batch in batches(event_ids):
        rows = select(EventCustomer.event_id, EventCustomer.customer_id).where(EventCustomer.event_id.in_(batch))
        for event_id, customer in session.execute(rows.order_by(EventCustomer.event_id, EventCustomer.position)):
            found[event_id].append(customer)
    return found


def _count(session: Session, wanted: Mapping[str, Sequence[str]], rules: int) -> None:
    by_number: dict[int, list[str]] = defaultdict(list)
    for event_id, customers in wanted.items():
        by_number[len(customers)].append(event_id)
    for number, event_ids in by_number.items():
        for batch in batches(event_ids):
            stored = update(CalendarEvent).where(CalendarEvent.id.in_(batch))
            session.execute(stored.values(customers=number, customer_rules=rules), execution_options=UNSEEN)
