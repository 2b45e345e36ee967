"""Signed HTTP: the other way to an app, when it has a request URL."""

import asyncio
import json
import secrets
from typing import Any
from urllib.parse import urlencode

import requests
from slack_sdk.signature import SignatureVerifier

from bot.sandbox.model import App, Json
from bot.sandbox.socket_hub import NotAcknowledged
from bot.sandbox.world import World

USER_AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"


async def send(world: World, app: App, kind: str, payload: Json, attempt: int, reason: str) -> Json | None:
    """POSTs a payload to the app's request URL; returns what its answer carried.

    Raises NotAcknowledged on anything but 2xx within three seconds.
    """
    body, content_type = encode(kind, payload)
    headers = sign(world, body, str(int(world.clock().timestamp()))) | {"Content-Type": content_type}
    if attempt:
        headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
    try:
        response = await asyncio.to_thread(_post, str(world.request_url(app)), body, headers, world.timing.ack)
    except requests.Timeout as error:
        raise NotAcknowledged("http_timeout") from error
    except requests.RequestException as error:
        raise NotAcknowledged("connection_failed") from error
    if not response.ok:
        raise NotAcknowledged("http_error", retry=response.headers.get("x-slack-no-retry") != "1")
    return _answer(response)


def encode(kind: str, payload: Json) -> tuple[bytes, str]:
    """The body and content type: JSON for events, a form for commands, `payload=` for interactions."""
    if kind == "event":
        return json.dumps(payload).encode(), "application/json"
    fields: dict[str, Any] = {"payload": json.dumps(payload)} if kind == "interaction" else payload
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def sign(world: World, body: bytes, timestamp: str) -> dict[str, str]:
    """The two signature headers, as slack_sdk's SignatureVerifier checks them."""
    signature = SignatureVerifier(world.registration.signing_secret).generate_signature(timestamp=timestamp, body=body)
    return {
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": str(signature),
        "User-Agent": USER_AGENT,
    }


async def verify_url(world: World, app: App) -> bool:
    """Slack's check of a new request URL: the app must send the challenge back."""
    challenge = secrets.token_hex(16)
    payload = {"token": "sandbox", "challenge": challenge, "type": "url_verification"}
    try:
        answer = await send(world, app, "event", payload, 0, "")
    except NotAcknowledged:
        return False
    return bool(answer) and challenge in (answer or {}).values()


def _post(url: str, body: bytes, headers: dict[str, str], timeout: float) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False  # the app is on this machine: no proxy
        return session.post(url, data=body, headers=headers, timeout=timeout, allow_redirects=False)


def _answer(response: requests.Response) -> Json | None:
    """JSON as it is, other text as `{"text": …}`, as Socket Mode acknowledgements carry it."""
    if not response.text.strip():
        return None
    try:
        found = response.json()
    except requests.JSONDecodeError:
        return {"text": response.text}
    return found if isinstance(found, dict) else None
