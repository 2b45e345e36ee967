"""The pages that a sign-in can end on."""

import pytest

from integration.connecting.outcomes import PAGES, words_of
from integration.zoom.causes import CAUSES
from kb.library import load_library


@pytest.mark.parametrize("name", PAGES)
def test_a_page_leads_to_an_article_that_exists_and_says_what_to_do_next(name: str) -> None:
    page = PAGES[name]
    assert page.article is None or page.article in load_library().articles
    assert page.title
    assert page.next_step.endswith(".")


@pytest.mark.parametrize("code", [one.code for one in CAUSES.values() if one.ours])
def test_who_signs_in_hears_nothing_of_what_is_wrong_on_our_side_and_keeps_the_link(code: str) -> None:
    page = words_of("failed", code)
    assert page.text == "Zoom was not connected: something is wrong on our side."
    assert page.next_step.startswith("Keep this link")


@pytest.mark.parametrize("code", ["consent_denied", "scopes_changed", "app_removed", "self_test_failed"])
def test_a_link_that_still_works_is_not_replaced(code: str) -> None:
    assert words_of("failed", code).next_step.startswith("You can try again with the same link.")
