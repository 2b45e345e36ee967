"""What pages load, and for how long browsers keep it."""

import re

from fastapi.testclient import TestClient


def test_the_style_sheet_has_a_new_address_when_it_changes_and_may_be_kept(pages: TestClient) -> None:
    address = re.search(r'href="(/static/design\.css\?v=\w{12})"', pages.get("/").text)
    assert address
    assert "immutable" in pages.get(address[1]).headers["Cache-Control"]


def test_what_is_asked_for_without_its_version_is_asked_for_again(pages: TestClient) -> None:
    for address in ("/static/design.css", "/static/help.css?v=of-yesterday"):
        response = pages.get(address)
        assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-cache")
        assert response.headers["ETag"]
