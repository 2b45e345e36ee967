"""Who did something: drawn by Slack where it knows the person, never an id of elsewhere."""

import pytest

from bot.inquiry import Actor
from bot.naming import CUSTOMER, SOMEBODY, SUPPORT, by_whom
from bot.staff import Staff
from tests.bot.scene import texts

STAFF = Staff(team="T0RETAIN")


@pytest.mark.parametrize(
    ("actor", "said"),
    [
        ("slack:T0ACME/U0JONAS", "By <@U0JONAS>"),
        ("slack:T0RETAIN/U0SAM", f"By {SUPPORT}"),
        ("slack:T0GLOBEX/U0CARLOS", f"By {SOMEBODY}"),
        ("a command", f"By {SUPPORT}"),
    ],
)
def test_people_of_the_own_workspace_are_named(actor: str, said: str) -> None:
    told = by_whom(actor, Actor("T0ACME", "U0MAYA"), STAFF)
    assert told is not None
    assert texts(told) == said


def test_staff_read_that_it_was_the_customers_doing() -> None:
    told = by_whom("slack:T0ACME/U0JONAS", Actor("T0RETAIN", "U0SAM"), STAFF)
    assert told is not None
    assert texts(told) == f"By {CUSTOMER}"


def test_what_happened_by_itself_was_nobodys_doing() -> None:
    assert by_whom(None, Actor("T0ACME", "U0MAYA"), STAFF) is None
