"""The links on top of signed-in pages, and who reads them."""

from datetime import UTC, datetime

import pytest

from integration.policy import Role
from integration.signing_in.places import section_of
from integration.signing_in.service import Reader


def reader(role: Role, tenant: str | None = "acme") -> Reader:
    return Reader(actor="slack:T1/U1", role=role, tenant=tenant, signed_in_until=datetime(2025, 1, 17, tzinfo=UTC))


def test_each_sees_what_the_policy_opens_to_them() -> None:
    assert [place.name for place in reader(Role.MEMBER).places()] == ["Integrations"]
    assert [place.name for place in reader(Role.ADMIN).places()] == ["Integrations", "Meeting hours"]
    staff = [place.name for place in reader(Role.STAFF, None).places()]
    assert staff == ["Overview", "Queue", "Organisations", "Meeting hours", "Gaps", "Response times"]
    assert reader(Role.NOBODY).places() == []


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("/staff", "/staff"),
        ("/staff/queue/0123", "/staff/queue"),
        ("/reports/duration", "/reports/meeting-hours"),
        ("/integrations/disconnect", "/integrations"),
        ("/help/connect-zoom", None),
    ],
)
def test_a_page_belongs_to_one_of_them(path: str, section: str | None) -> None:
    assert section_of(path) == section


def test_people_are_told_as_what_they_are_signed_in() -> None:
    assert reader(Role.ADMIN).known_as == "Signed in as an admin"
    assert reader(Role.NOBODY).known_as == "Signed in"
