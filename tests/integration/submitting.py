"""Sending a form as a browser does: it opens the page first, which gives it the form's token."""

import html
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

import httpx2 as httpx
from fastapi.testclient import TestClient

TOKEN = re.compile(r'name="form_token" value="([^"]*)"')


def token_on(page: httpx.Response) -> str:
    """The token of the page's first form; empty where it has none."""
    return token_in(page.text)


def token_in(page: str) -> str:
    """The same, of a page's HTML."""
    found = TOKEN.search(page)
    return html.unescape(found[1]) if found else ""


def submit(
    browser: TestClient,
    page: str,
    data: Mapping[str, str] | None = None,
    *,
    to: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    """Open `page` (a path or a whole address of ours), and send its form, to `to` if it goes elsewhere."""
    path = page.removeprefix("http://localhost:8000")
    token = token_on(browser.get(path))
    address = urlsplit(to or path).geturl()
    return browser.post(
        address, data={"form_token": token, **(data or {})}, headers=dict(headers or {}), follow_redirects=False
    )
