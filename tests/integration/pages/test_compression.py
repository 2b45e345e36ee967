import pytest
from fastapi.testclient import TestClient

GZIP = {"Accept-Encoding": "gzip"}


@pytest.mark.parametrize("path", ["/", "/?q=zoom", "/help/connect-zoom", "/search?q=zoom", "/static/design.css"])
def test_what_is_the_same_for_everybody_is_sent_small(pages: TestClient, path: str) -> None:
    whole, small = pages.get(path, headers={"Accept-Encoding": "identity"}), pages.get(path, headers=GZIP)
    assert small.headers["Content-Encoding"] == "gzip"
    assert int(small.headers["Content-Length"]) < len(whole.content) / 2
    assert len(small.content) == len(whole.content)
    assert "Accept-Encoding" in small.headers["Vary"]


@pytest.mark.parametrize("path", ["/support", "/sign-in/abc", "/integrations", "/staff/queue", "/v1/promise"])
def test_what_may_hold_a_secret_is_sent_as_it_is(pages: TestClient, path: str) -> None:
    assert "Content-Encoding" not in pages.get(path, headers=GZIP).headers


def test_neither_is_what_a_form_is_answered_with(pages: TestClient) -> None:
    assert "Content-Encoding" not in pages.post("/help/connect-zoom/vote", headers=GZIP).headers
