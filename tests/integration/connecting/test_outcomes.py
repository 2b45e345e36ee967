"""The pages that a sign-in can end on."""

import pytest

from integration.connecting.outcomes import PAGES
from kb.library import load_library


@pytest.mark.parametrize("name", PAGES)
def test_a_page_leads_to_an_article_that_exists_and_says_what_to_do_next(name: str) -> None:
    page = PAGES[name]
    assert page.article is None or page.article in load_library().articles
    assert page.title
    assert page.next_step.endswith(".")
