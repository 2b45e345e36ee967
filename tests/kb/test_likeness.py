import pytest

from kb.likeness import LEAST_ALIKE, likeness


@pytest.mark.parametrize("typed", ["Globex", "globex", " GLOBEX! ", "globex.de"])
def test_the_very_name_is_one(typed: str) -> None:
    assert likeness(typed, ["Globex", "globex.de"]) == 1


@pytest.mark.parametrize("typed", ["globx", "glo", "Globex Germany", "globex.com"])
def test_what_is_mistyped_or_shortened_is_alike_and_not_the_very_name(typed: str) -> None:
    assert LEAST_ALIKE <= likeness(typed, ["Globex GmbH", "globex.de"]) < 1


@pytest.mark.parametrize("typed", ["", "?!", "g", "Initech"])
def test_nothing_a_letter_and_another_name_are_not_alike(typed: str) -> None:
    assert likeness(typed, ["Globex"]) < LEAST_ALIKE
