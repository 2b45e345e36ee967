"""What people are called: as they called themselves last, to each reader as far as they may know."""

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from integration.policy import Role
from integration.runtime import Runtime
from integration.signing_in import service
from integration.signing_in.models import PageLink
from integration.tenants import calling
from integration.tenants.models import Workspace

SAM, LENA, JONAS = "slack:T0RETAIN/USAM", "slack:T0ACME/ULENA", "slack:T0ACME/UJONAS"


def opened(session: Session, runtime: Runtime, actor: str, name: str, role: Role = Role.STAFF) -> None:
    asked = service.Asked("/staff", actor, role, None, email="x@x.example", name=name)
    service.make_link(session, runtime.vault, asked, runtime.clock())


@pytest.fixture
def known(runtime: Runtime) -> Runtime:
    with runtime.database.writing() as session:
        session.add(Workspace(team="T0RETAIN", staff=True, first_seen_at=runtime.clock()))
        opened(session, runtime, SAM, "Sam Okafor")
        opened(session, runtime, LENA, "Lena Fischer")
    return runtime


def called(runtime: Runtime, reader: str, *, by_staff: bool) -> list[str]:
    with runtime.database.reading() as session:
        actors = (None, SAM, LENA, JONAS, "cli")
        names = calling.names(session, runtime.vault, actors, reader, by_staff=by_staff, organisation="Acme")
        return [names.called(actor) for actor in actors]


def test_staff_read_names_and_ids(known: Runtime) -> None:
    assert called(known, SAM, by_staff=True) == [
        "",
        "you",
        "Lena Fischer",
        "somebody of Acme (UJONAS)",
        calling.SUPPORT,
    ]
    assert called(known, "slack:T0RETAIN/UKIM", by_staff=True)[1] == "Sam Okafor"


def test_customers_read_their_own_names_and_of_retains_people_none(known: Runtime) -> None:
    assert called(known, JONAS, by_staff=False) == ["", calling.SUPPORT, "Lena Fischer", "you", calling.SUPPORT]
    assert called(known, LENA, by_staff=False)[3] == calling.COLLEAGUE


def test_a_name_that_does_not_open_is_left_out(known: Runtime) -> None:
    with known.database.writing() as session:
        session.execute(update(PageLink).where(PageLink.actor == LENA).values(name="not sealed by us"))
    assert called(known, JONAS, by_staff=False)[1:3] == [calling.SUPPORT, calling.COLLEAGUE]
