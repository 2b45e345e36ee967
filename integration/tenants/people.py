"""People whom Retain has listed: admins of a tenant who are not workspace admins, and staff."""

from sqlalchemy.orm import Session

from integration.policy import Role
from integration.tenants.models import Person


def listed_role(session: Session, actor: str, tenant: str | None) -> Role:
    """The role in which `actor` is listed, for `tenant`; nobody when they are not."""
    person = session.get(Person, actor)
    if person is None:
        return Role.NOBODY
    if person.role == Role.STAFF:
        return Role.STAFF
    return Role(person.role) if tenant is not None and person.tenant_id == tenant else Role.NOBODY
