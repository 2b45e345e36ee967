"""Which customer is meant by what was typed."""

import pytest

from bot.finding import the_one
from bot.meetings.customers import meant, offered, search
from bot.service.meetings_api import Customer

KNOWN = [
    Customer(id="1", name="Initech", domains=("initech.example",)),
    Customer(id="2", name="Initrode", domains=("initrode.example",)),
    Customer(id="3", name="Blue Monday", domains=("blue.example",)),
    Customer(id="4", name="ada@mail.example", domains=("ada@mail.example",)),
]


@pytest.mark.parametrize(
    ("typed", "name"),
    [("Initech", "Initech"), ("INITECH", "Initech"), ("initech.example", "Initech"), ("blue monday", "Blue Monday"),
     ("ada@mail.example", "ada@mail.example"), ("initch", "Initech")],
)  # fmt: skip
def test_one_that_is_surely_meant_is_found(typed: str, name: str) -> None:
    found = meant(KNOWN, typed)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("typed", ["", "?", "zzzzqqq"])
def test_nobody_is_made_up(typed: str) -> None:
    assert search(KNOWN, typed) == []


def test_those_who_may_be_meant_come_best_first() -> None:
    found = search(KNOWN, "initr")
    assert found[0].name == "Initrode"
    assert the_one(search(KNOWN, "init")) is None


def test_of_two_names_both_are_offered_and_none_is_taken() -> None:
    found = offered(KNOWN, "initech and blue monday")
    assert {"Initech", "Blue Monday"} <= {one.name for one in found}
    assert meant(KNOWN, "initech and blue monday") is None
    assert meant(KNOWN, "initech blue") is None
