"""What browsers keep so that help is readable without a connection."""

import re
from pathlib import Path

from fastapi.testclient import TestClient

from integration.pages.views import STATIC
from kb.looks import DESIGN


def test_the_service_worker_looks_after_all_addresses_and_is_asked_for_anew(pages: TestClient) -> None:
    response = pages.get("/sw.js?v=0123456789ab")
    assert response.headers["content-type"].startswith("text/javascript")
    assert response.headers["Cache-Control"] == "no-cache"
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]


def test_what_it_keeps_beforehand_is_there(pages: TestClient) -> None:
    names = re.search(r"const NAMES = \[(.*?)\]", (STATIC / "sw.js").read_text("utf-8"))
    assert names
    for name in re.findall(r'"([\w.]+)"', names[1]):
        assert (STATIC / name).is_file() or (DESIGN / name).is_file(), name
        assert pages.get(f"/static/{name}").status_code == 200


def test_the_page_for_it_says_what_to_do_and_belongs_to_nobody(pages: TestClient) -> None:
    response = pages.get("/offline")
    assert "You are offline" in response.text
    assert "Try again" in response.text
    assert "Set-Cookie" not in response.headers
    assert "Closed; opens" not in response.text  # it would be of the day on which it was kept
    loaded = re.findall(r'(?:href|src)="/static/([\w.]+)\?v=', response.text)
    assert {Path(one).suffix for one in loaded} == {".css", ".js", ".svg"}
    worker = (STATIC / "sw.js").read_text("utf-8")
    assert all(f'"{one}"' in worker for one in loaded)
