import io
import json
import logging
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import make_url

from integration.app import create_app
from integration.envelope import MAX_CALENDAR_BYTES
from integration.logs import OneLine
from tests.integration.conftest import API_KEY, make_settings


def test_a_sane_request_id_is_kept_and_another_is_replaced(pages: TestClient) -> None:
    assert pages.get("/healthz", headers={"X-Request-ID": "abc-123.DEF_4"}).headers["X-Request-ID"] == "abc-123.DEF_4"
    for strange in ("short", "x" * 65, "a b c d e f", "<script>alert", 'quote"quote', ""):
        given = pages.get("/healthz", headers={"X-Request-ID": strange}).headers["X-Request-ID"]
        assert given != strange
        assert len(given) == 32


@pytest.mark.parametrize("path", ["/", "/healthz", "/help/nothing", "/static/design.css", "/v1/questions"])
def test_every_answer_has_the_security_headers(pages: TestClient, path: str) -> None:
    headers = pages.get(path).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_https_alone_is_announced_where_people_come_by_https() -> None:
    unused = make_url("sqlite:////nonexistent/unused.db")
    for address, announced in {"https://support.example.com": True, "http://localhost:8000": False}.items():
        client = TestClient(create_app(make_settings(unused, public_url=address)))
        assert ("Strict-Transport-Security" in client.get("/healthz").headers) is announced


def test_answers_to_programs_are_not_kept(pages: TestClient) -> None:
    assert pages.get("/healthz").headers["Cache-Control"] == "no-store"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """The service's own log as it is written."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(OneLine())
    ours = logging.getLogger("integration")
    before = ours.level
    ours.addHandler(handler)
    ours.setLevel(logging.DEBUG)
    yield stream
    ours.removeHandler(handler)
    ours.setLevel(before)


def test_a_request_is_one_line_without_what_it_carried(client: TestClient, log: io.StringIO) -> None:
    secret = "5ecret" * 5 + "00"
    body = {"status": "answered", "article": "words-of-theirs"}
    client.post(f"/v1/questions/{secret}/answered?token={secret}", json=body, headers={"X-Secret": secret})
    (line,) = [json.loads(line) for line in log.getvalue().splitlines()]
    assert (line["message"], line["method"], line["status"]) == ("request", "POST", 404)
    assert line["path"] == "/v1/questions/{id}/answered"
    assert line["caller"] == "bot"
    assert len(line["request_id"]) == 32
    for kept_out in (secret, "words-of-theirs", API_KEY):
        assert kept_out not in log.getvalue()


CALENDAR = "/v1/tenants/nobody/calendar-events"
BIG = json.dumps({"items": [{"description": "x" * 300_000}]}).encode()


def test_only_calendars_of_callers_we_know_may_be_large(client: TestClient) -> None:
    client.headers["Content-Type"] = "application/json"
    assert client.put(CALENDAR, content=BIG).status_code == 404  # it was read, and there is no such tenant
    for method, path in (("POST", CALENDAR), ("PUT", "/v1/tenants/nobody/customers"), ("PUT", f"{CALENDAR}/x")):
        assert client.request(method, path, content=BIG).status_code == 413
    assert client.put(CALENDAR, content=BIG, headers={"Authorization": "Bearer somebody"}).status_code == 413


def test_a_calendar_over_32_mib_is_refused_whether_it_says_so_or_not(client: TestClient) -> None:
    declared = client.put(CALENDAR, content=b"{}", headers={"Content-Length": str(MAX_CALENDAR_BYTES + 1)})
    streamed = client.put(CALENDAR, content=(b" " * 2**20 for _ in range(33)))
    for refused in (declared, streamed):
        assert refused.status_code == 413
        assert "32 MiB" in refused.json()["detail"]
