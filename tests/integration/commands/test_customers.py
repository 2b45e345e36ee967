"""`customers`: whom a tenant meets, and what they are called."""

import pytest

from integration.runtime import Runtime
from tests.integration.commands.conftest import Command
from tests.integration.meetings.planning import Books, google_event


@pytest.fixture
def books(runtime: Runtime) -> Books:
    return Books(runtime)


def test_customers_are_shown_with_their_domains(command: Command, books: Books) -> None:
    books.put(google_event(people=["hank@globex.example", "jo@gmail.com"]))
    said = command("customers", "list", "acme")
    assert said.code == 0
    assert [line.split() for line in said.text.splitlines()] == [
        ["CUSTOMER", "DOMAINS"],
        ["globex.example", "globex.example"],
        ["jo@gmail.com", "jo@gmail.com"],
    ]


def test_domains_are_given_a_name_once(command: Command, books: Books) -> None:
    books.put(google_event())
    for expected in ("named", "was so already"):
        said = command("customers", "name", "acme", "Globex", "Globex.example", "globex.de")
        assert said.code == 0
        assert expected in said.text
    assert books.customers() == {"Globex": ["globex.de", "globex.example"]}


@pytest.mark.parametrize(
    ("domain", "code", "words"),
    [("gmail.com", 2, "whole addresses"), ("nonsense", 2, "not a domain"), ("acme.example", 1, "own")],
)
def test_what_is_no_customer_s_domain_is_said(
    command: Command, books: Books, domain: str, code: int, words: str
) -> None:
    said = command("customers", "name", "acme", "Globex", domain)
    assert said.code == code
    assert words in said.text
    assert "--domain" not in said.text
    assert books.customers() == {}


def test_a_tenant_that_is_not_there_is_said(command: Command) -> None:
    said = command("customers", "list", "nobody")
    assert said.code == 1
    assert "no tenant nobody" in said.text
