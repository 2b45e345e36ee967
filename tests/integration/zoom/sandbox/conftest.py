"""A stand-in of each test's own, its time, and a client that speaks plain HTTP, as a foreign program would."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jsonschema
import pytest
import requests
from playwright.sync_api import Browser, Page

from integration.zoom.sandbox.driver import ZoomStandIn
from tests.support import http_server
from tests.support.browser import require_chromium, running_browser
from tests.support.zoom import running_zoom

Json = dict[str, Any]
OpenPage = Callable[..., Page]
VERIFIER = "v" * 43
CALLBACK = "http://127.0.0.1:9/oauth/zoom/callback"
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class Program:
    """Zoom's customer: it knows addresses and credentials, and nothing of the stand-in."""

    zoom: ZoomStandIn
    http: requests.Session

    @property
    def basic(self) -> tuple[str, str]:
        return self.zoom.client_id, self.zoom.client_secret

    def consent_url(self, changes: Mapping[str, str | None] | None = None, verifier: str = VERIFIER) -> str:
        """The consent page's address; a change of None leaves a parameter out."""
        digest = hashlib.sha256(verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self.zoom.client_id,
            "redirect_uri": CALLBACK,
            "state": "a state/with?signs&=",
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        kept = {key: value for key, value in {**query, **(changes or {})}.items() if value is not None}
        return f"{self.zoom.oauth_url}/oauth/authorize?{urlencode(kept)}"

    def code(self, person: str = "jonas", verifier: str = VERIFIER) -> str:
        back = self.zoom.authorize_as(person, self.consent_url(verifier=verifier))
        return parse_qs(urlsplit(back).query)["code"][0]

    def token(self, form: Mapping[str, str], timeout: float = 10) -> requests.Response:
        return self.http.post(f"{self.zoom.oauth_url}/oauth/token", data=form, auth=self.basic, timeout=timeout)

    def exchange(self, code: str, verifier: str = VERIFIER, **changes: str) -> requests.Response:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "code_verifier": verifier}
        return self.token({**form, **changes})

    def connected(self, person: str = "jonas") -> Json:
        """What the token endpoint said, after a consent with everything that belongs to it."""
        verifier = secrets.token_urlsafe(48)
        answer = self.exchange(self.code(person, verifier), verifier)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def refresh(self, pair: Json, timeout: float = 10) -> requests.Response:
        return self.token({"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}, timeout)

    def revoke(self, access_token: str) -> requests.Response:
        url = f"{self.zoom.oauth_url}/oauth/revoke"
        return self.http.post(url, data={"token": access_token}, auth=self.basic, timeout=10)

    def get(
        self, pair: Json, path: str, query: Mapping[str, str] | None = None, timeout: float = 10
    ) -> requests.Response:
        headers = {"Authorization": f"Bearer {pair['access_token']}"}
        return self.http.get(f"{self.zoom.api_url}{path}", params=query, headers=headers, timeout=timeout)


@dataclass
class Documented:
    """Zoom's own document of its API."""

    paths: Json

    def check(self, path: str, body: Json) -> None:
        """Fits the documented shape, and says nothing that is not documented."""
        schema = self.paths[path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.validate(body, schema, format_checker=jsonschema.FormatChecker())
        known = _properties(schema)
        assert body.keys() <= known.keys()
        for list_of in LISTS & body.keys():
            for item in body[list_of]:
                assert item.keys() <= _properties(known[list_of]["items"]).keys()

    def check_refusal(self, path: str, answer: requests.Response) -> None:
        """Its code and its words are documented for its status."""
        said = self.paths[path]["get"]["responses"][str(answer.status_code)]["description"]
        assert f"`{answer.json()['code']}`" in said
        words = answer.json()["message"].replace(" nobody ", " {userId} ")
        assert words.split(":")[0].rstrip(".") in said


LISTS = {"users", "meetings", "participants", "history_meetings"}


def _properties(schema: Json) -> Json:
    found: Json = dict(schema.get("properties", {}))
    for part in schema.get("allOf", []):
        found |= _properties(part)
    return found


@pytest.fixture(scope="session")
def documented(shared: Path) -> Documented:
    return Documented(json.loads((shared / "facts" / "zoom-api.openapi.json").read_text("utf-8"))["paths"])


@pytest.fixture
def zoom() -> Iterator[ZoomStandIn]:
    """Its clock stands still until `forward`."""
    with running_zoom(lambda: START) as running:
        yield running


@pytest.fixture
def program(zoom: ZoomStandIn) -> Iterator[Program]:
    with requests.Session() as http:
        http.trust_env = False
        yield Program(zoom, http)


@dataclass
class Listener:
    """An app's webhook address: what came, and what it answers."""

    url: str
    status: int = 204
    answer: bytes = b""
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def bodies(self) -> list[Json]:
        return [json.loads(body) for _, body in self.received]


@pytest.fixture
def listener(zoom: ZoomStandIn) -> Iterator[Listener]:
    """Where the stand-in's events go to."""
    state = Listener("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.received.append(({key.lower(): value for key, value in self.headers.items()}, body))
            if state.answer == b"echo":
                plain = json.loads(body)["payload"]["plainToken"]
                secret = zoom.webhook_secret.encode()
                encrypted = hmac.new(secret, plain.encode(), hashlib.sha256).hexdigest()
                answer = json.dumps({"plainToken": plain, "encryptedToken": encrypted}).encode()
            else:
                answer = state.answer
            self.send_response(state.status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    with http_server.serving(Handler) as address:
        state.url = f"{address}/webhooks/zoom"
        zoom.aim_webhooks(state.url)
        yield state


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    require_chromium()
    with running_browser() as chromium:
        yield chromium


@pytest.fixture
def open_page(zoom: ZoomStandIn, browser: Browser) -> Iterator[OpenPage]:
    """Opens a path; nothing may go wrong on it but the answers of the app's own address, where nobody is."""
    contexts, problems = [], []

    def opening(path: str, width: int = 1100) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800})
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if "Content Security" in said.text else None)
        page.goto(path if path.startswith("http") else zoom.oauth_url + path)
        return page

    yield opening
    for context in contexts:
        context.close()
    assert problems == []
