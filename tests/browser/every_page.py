"""What holds for every page in every state. A test class names its places, and each of these is asked of each place."""

from collections.abc import Sequence
from typing import ClassVar

from tests.browser.looking import Look

MOST_BYTES = 100_000


class EveryPage:
    """`look` is one look at one of PLACES."""

    PLACES: ClassVar[Sequence[object]]

    def test_it_says_what_people_come_for(self, look: Look) -> None:
        assert look.status == look.place.status
        assert look.place.sees in look.text

    def test_it_says_so_without_script(self, look: Look) -> None:
        assert look.place.sees in look.text_without_script

    def test_axe_finds_no_violation_in_light_in_dark_and_on_a_phone(self, look: Look) -> None:
        assert look.violations == []

    def test_nothing_stands_out_at_the_side_of_any_screen(self, look: Look) -> None:
        assert look.too_wide == []

    def test_the_browser_complains_of_nothing(self, look: Look) -> None:
        assert look.problems == []

    def test_no_other_host_is_asked_for_anything(self, look: Look) -> None:
        assert look.elsewhere == []

    def test_it_weighs_less_than_a_picture(self, look: Look) -> None:
        assert 0 < look.weight < MOST_BYTES

    def test_it_prints_dark_on_white_and_nothing_to_press(self, look: Look) -> None:
        assert look.in_print == []
