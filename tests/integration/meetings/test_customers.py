"""Who a tenant's customers are: by their people's addresses, until the tenant says more."""

import threading
from collections.abc import Mapping, Sequence

import pytest
from sqlalchemy import text

from integration.errors import Invalid, NotFound
from integration.meetings import customers
from integration.meetings.attending import whose
from integration.meetings.customers import list_customers, name_customers, resort_events
from integration.runtime import Runtime
from integration.tenants import service
from integration.tenants.service import TenantChanges
from integration.work import HERE
from tests.integration.meetings.planning import NOW, Books, google_event


@pytest.fixture
def books(runtime: Runtime) -> Books:
    return Books(runtime)


def meet(books: Books, *people: str, event_id: str = "e1", start: int = 0, updated: int = 0) -> None:
    books.put(google_event(event_id, start, start + 30, people=people, updated=updated))


def name(books: Books, names: Mapping[str, Sequence[str]]) -> bool:
    with books.runtime.database.writing() as session:
        return name_customers(session, books.runtime.vault, books.tenant_id, names)


def own_domains(books: Books, *domains: str) -> None:
    with books.runtime.database.writing() as session:
        service.change(session, books.runtime.vault, books.tenant_id, TenantChanges(domains=list(domains)), NOW)


def resort(books: Books) -> int:
    """Do the duty until nothing is left; how many events it went through."""
    done = 0
    while found := _once(books):
        done += found
    return done


def _once(books: Books) -> int:
    with books.runtime.database.writing() as session:
        return resort_events(session, books.runtime.vault, NOW)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("hank@globex.example", "globex.example"),
        ("hank@eu.globex.example", "eu.globex.example"),
        ("jo@gmail.com", "jo@gmail.com"),
        ("hank@bücher.example", "xn--bcher-kva.example"),
        ("jonas@acme.example", None),
        ("jonas@eu.acme.example", None),
        ("jonas@notacme.example", "notacme.example"),
        ("hank@localhost", None),
        ("hank@exa mple.com", None),
    ],
)
def test_a_domain_tells_whose_person_it_is_and_at_free_mail_the_address(address: str, key: str | None) -> None:
    found = whose(address, ["acme.example"])
    assert (found.key if found else None) == key


def test_customers_are_found_in_events_in_order_and_once_each(books: Books) -> None:
    meet(books, "jonas@acme.example", "z@zeta.example", "hank@globex.example", "y@zeta.example", "jo@gmail.com")
    assert books.customers_in(books.row()) == ["zeta.example", "globex.example", "jo@gmail.com"]
    assert books.customers() == {one: [one] for one in ("globex.example", "jo@gmail.com", "zeta.example")}


def test_nobody_from_outside_is_no_customer(books: Books) -> None:
    meet(books, "jonas@acme.example", "maya@eu.acme.example")
    assert books.row().customers == 0
    assert books.customers() == {}


def test_an_organizer_from_outside_is_one_of_them(books: Books) -> None:
    books.put(google_event(people=["jonas@acme.example"]) | {"organizer": {"email": "hank@globex.example"}})
    assert books.customers_in(books.row()) == ["globex.example"]


def test_a_customer_who_is_in_no_event_any_more_goes(books: Books) -> None:
    meet(books, "hank@globex.example", "z@zeta.example")
    meet(books, "hank@globex.example", event_id="e2", start=60)
    meet(books, "jo@gmail.com", updated=1)
    assert list(books.customers()) == ["globex.example", "jo@gmail.com"]
    books.put({"id": "e2", "status": "cancelled"})
    assert list(books.customers()) == ["jo@gmail.com"]


def test_a_name_is_there_at_once_where_all_of_a_customer_gets_it(books: Books) -> None:
    meet(books, "hank@globex.example")
    assert name(books, {"Globex": ["globex.example"]})
    assert books.customers_in(books.row()) == ["Globex"]
    assert not name(books, {"Globex": ["globex.example"]})
    assert name(books, {"Globex Corp": ["globex.example"]})
    assert books.customers() == {"Globex Corp": ["globex.example"]}
    assert resort(books) == 0


def test_several_domains_can_be_one_customer(books: Books) -> None:
    meet(books, "hank@globex.example", "anna@globex.de")
    meet(books, "anna@globex.de", event_id="e2", start=60)
    name(books, {"Globex": ["globex.example", "globex.de", "globex.fr"]})
    assert resort(books) == 2
    assert [books.customers_in(row) for row in books.rows()] == [["Globex"], ["Globex"]]
    assert books.customers() == {"Globex": ["globex.de", "globex.example", "globex.fr"]}
    meet(books, "luc@globex.fr", event_id="e3", start=120)
    assert books.customers_in(books.rows()[2]) == ["Globex"]


def test_a_domain_can_be_taken_out_again(books: Books) -> None:
    meet(books, "hank@globex.example", "anna@globex.de")
    name(books, {"Globex": ["globex.example", "globex.de"]})
    resort(books)
    assert name(books, {"globex.de": ["globex.de"]})
    assert resort(books) == 1
    assert books.customers_in(books.row()) == ["Globex", "globex.de"]
    assert books.customers() == {"Globex": ["globex.example"], "globex.de": ["globex.de"]}


def test_names_can_be_exchanged(books: Books) -> None:
    meet(books, "hank@globex.example", "z@zeta.example")
    name(books, {"Globex": ["globex.example"], "Zeta": ["zeta.example"]})
    name(books, {"Globex": ["zeta.example"], "Zeta": ["globex.example"]})
    resort(books)
    assert books.customers() == {"Globex": ["zeta.example"], "Zeta": ["globex.example"]}
    assert books.customers_in(books.row()) == ["Zeta", "Globex"]


def test_an_address_goes_before_its_domain(books: Books) -> None:
    meet(books, "jo@gmail.com", "consultant@bigfirm.example", "other@bigfirm.example")
    name(books, {"Field Ltd": ["jo@gmail.com", "consultant@bigfirm.example"]})
    resort(books)
    assert books.customers_in(books.row()) == ["Field Ltd", "bigfirm.example"]


def test_a_named_customer_stays_without_events(books: Books) -> None:
    name(books, {"Globex": ["globex.example"]})
    meet(books, "hank@globex.example")
    books.put({"id": "e1", "status": "cancelled"})
    assert books.customers() == {"Globex": ["globex.example"]}


def test_a_name_like_a_domain_that_comes_later_is_the_same_customer(books: Books) -> None:
    name(books, {"globex.example": ["globex.de"]})
    meet(books, "hank@globex.example", "anna@globex.de")
    assert books.customers_in(books.row()) == ["globex.example"]


def test_one_s_own_domains_and_a_domain_for_two_are_refused(books: Books) -> None:
    for names in (
        {"We": ["acme.example"]},
        {"We": ["jonas@eu.acme.example"]},
        {"A": ["globex.example"], "B": ["globex.example"]},
    ):
        with pytest.raises(Invalid) as refused:
            name(books, names)
        assert refused.value.remedy
    assert books.customers() == {}
    with books.runtime.database.reading() as session, pytest.raises(NotFound):
        list_customers(session, books.runtime.vault, "nobody")


def test_other_own_domains_tell_apart_anew(books: Books) -> None:
    meet(books, "hank@globex.example", "anna@acme.de")
    own_domains(books, "acme.example", "acme.de")
    meet(books, "anna@acme.de", event_id="e2", start=60)
    assert [row.customers for row in books.rows()] == [2, 0]
    assert resort(books) == 1
    assert [row.customers for row in books.rows()] == [1, 0]
    assert list(books.customers()) == ["globex.example"]
    own_domains(books, "acme.example", "acme.de")
    assert resort(books) == 0
    own_domains(books)
    assert resort(books) == 2
    assert books.customers_in(books.rows()[0]) == ["acme.example", "globex.example", "acme.de"]


def test_a_named_domain_that_becomes_one_s_own_is_no_customer_s_any_more(books: Books) -> None:
    meet(books, "hank@globex.example", "anna@globex.de")
    name(books, {"Globex": ["globex.example", "globex.de"], "Zeta": ["zeta.example"]})
    own_domains(books, "acme.example", "globex.de", "zeta.example")
    resort(books)
    assert books.customers() == {"Globex": ["globex.example"]}


def test_the_background_goes_on_where_it_was_and_does_one_tenant_after_the_other(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(customers, "BATCH", 2)
    other = Books(books.runtime, "zeta", ["zeta.example"])
    for one in (books, other):
        for number in range(3):
            meet(one, "anna@acme.de", event_id=f"e{number}", start=number * 60)
        own_domains(one, "acme.de")
    assert [_once(books) for _ in range(5)] == [2, 1, 2, 1, 0]
    assert {row.customers for row in books.rows()} == {1}  # the old own domain is a customer's now


def test_workers_at_once_and_new_events_disturb_nothing(books: Books) -> None:
    people = ["hank@globex.example", "anna@globex.de"]
    books.put(*(google_event(f"e{number}", number, number + 5, people=people) for number in range(40)))
    name(books, {"Globex": ["globex.example", "globex.de"]})
    busy = [threading.Thread(target=resort, args=(books,)) for _ in range(2)]
    busy.append(threading.Thread(target=meet, args=(books, "anna@globex.de"), kwargs={"event_id": "new", "start": 99}))
    for thread in busy:
        thread.start()
    for thread in busy:
        thread.join()
    assert books.customers() == {"Globex": ["globex.de", "globex.example"]}
    assert all(books.customers_in(row) == ["Globex"] for row in books.rows()[::10])


def test_an_event_that_does_not_open_keeps_its_customers_and_holds_up_no_others(books: Books) -> None:
    meet(books, "hank@globex.example")
    with books.runtime.database.writing() as session:
        session.execute(text("UPDATE calendar_events SET details = 'v1.k1.' || details"))
    meet(books, "anna@acme.de", event_id="e2", start=60)
    own_domains(books, "acme.example", "acme.de")
    assert resort(books) == 2
    assert [row.customers for row in books.rows()] == [1, 0]


def test_a_worker_does_it() -> None:
    assert any("customers" in duty.name for duty in HERE)
