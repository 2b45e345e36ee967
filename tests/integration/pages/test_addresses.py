"""Addresses of our own pages: what is asked stands in them, escaped."""

from integration.pages.addresses import address


def test_what_is_asked_stands_in_it_and_what_is_none_does_not() -> None:
    assert address("/reports/meetings") == "/reports/meetings"
    assert address("/reports/meetings", {"from": 1, "customer": None}) == "/reports/meetings?from=1"
    assert (
        address("/staff", {"q": "a&b c", "zone": "Europe/Berlin"}, "top") == "/staff?q=a%26b+c&zone=Europe%2FBerlin#top"
    )
    assert address("/staff", {"q": None}, "top") == "/staff#top"
