"""What others see of us, and what they say to our credentials: the public address, Zoom, Slack, their clocks."""

import json
import secrets
import socket
from collections.abc import Iterable
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import requests
import yaml

from integration.connecting.starting import redirect_uri
from integration.doctor.finding import Finding, Patient, fail, json_of, ok, skip, warn
from integration.zoom.errors import ZoomError
from integration.zoom.oauth import new_verifier
from integration.zoom.signature import sign, validation_answer

SLACK_API = "https://slack.com/api/"
MANIFEST = Path(__file__).parents[2] / "bot" / "manifest.yaml"
ZOOM_APP = "Zoom App Marketplace > Manage > your app"
WARN_SKEW, FAIL_SKEW = timedelta(seconds=30), timedelta(minutes=5)


def public_address(patient: Patient) -> Finding:
    """Does PUBLIC_URL lead to the web process, over https?"""
    url = patient.runtime.settings.public_url
    parts = urlsplit(url)
    try:
        socket.getaddrinfo(parts.hostname, parts.port or parts.scheme)
    except OSError:
        return fail(f"{parts.hostname} has no address.", "Correct PUBLIC_URL, or add the name to your DNS.")
    answer = patient.ask("GET", f"{url}/healthz")
    if answer is None:
        return fail(
            f"{url} does not answer.",
            "Start the web process, and check the proxy in front of it, its certificate and the firewall.",
        )
    if json_of(answer) != {"status": "ok"}:
        return fail(
            f"{url}/healthz answers with status {answer.status_code}, and not as the web process does.",
            "Point PUBLIC_URL, or the proxy behind it, to the web process.",
        )
    if parts.scheme == "http":
        return warn(
            f"{url} answers, to this machine alone.", "For others to use it, set PUBLIC_URL to an https address."
        )
    return ok(f"{url} answers over https.")


def webhooks(patient: Patient) -> Finding:
    """Is what Zoom signs taken at the public address? Sends what Zoom sends to validate it."""
    settings = patient.runtime.settings
    secret, token = settings.zoom_webhook_secret.get_secret_value(), secrets.token_urlsafe(16)
    url = f"{settings.public_url}/webhooks/zoom"
    body = json.dumps({"event": "endpoint.url_validation", "payload": {"plainToken": token}}).encode()
    stamp = str(int(patient.runtime.clock().timestamp()))
    headers = {
        "Content-Type": "application/json",
        "x-zm-request-timestamp": stamp,
        "x-zm-signature": sign(secret, stamp, body),
    }
    answer = patient.ask("POST", url, data=body, headers=headers)
    if answer is None:
        return fail(f"{url} does not answer.", "See what is said about the public address.")
    if answer.status_code == HTTPStatus.UNAUTHORIZED:
        return fail(
            "The web process does not take our signature: its ZOOM_WEBHOOK_SECRET or its clock differs.",
            f"Set it to the Secret Token ({ZOOM_APP} > Access), and restart web.",
        )
    if json_of(answer) != validation_answer(secret, token):
        return fail(
            f"{url} answers with status {answer.status_code}, and not as Zoom needs it.",
            "Let POST requests to /webhooks/zoom through to the web process as they are.",
        )
    return ok(f"Events are taken. Their address at Zoom ({ZOOM_APP} > Access > Event Subscriptions): {url}")


def zoom(patient: Patient) -> Finding:
    """Does Zoom know our client id and secret? Asked with a code that cannot be: it tells the one from the other."""
    settings = patient.runtime.settings
    redirect = redirect_uri(patient.runtime)
    patient.ask("HEAD", settings.zoom_oauth_url)  # for its clock
    try:
        patient.runtime.zoom_oauth.exchange(code="doctor", verifier=new_verifier(), redirect_uri=redirect)
    except ZoomError as error:
        return _read_refusal(error, redirect)
    return warn("Zoom took a code that cannot be.", "Check ZOOM_OAUTH_URL: this does not behave as Zoom does.")


def _read_refusal(error: ZoomError, redirect: str) -> Finding:
    register = f"Register it as the app's redirect address ({ZOOM_APP} > Basic Information > OAuth): {redirect}"
    if error.cause.code == "invalid_client":
        return fail(
            "Zoom does not know this client id and secret.",
            f"Copy ZOOM_CLIENT_ID and ZOOM_CLIENT_SECRET anew ({ZOOM_APP} > App Credentials), the production ones.",
        )
    if error.cause.code == "redirect_mismatch":
        return fail("Zoom does not know our redirect address.", register)
    if error.cause.code == "code_expired":
        return ok(f"Zoom knows our client id and secret. {register}")
    if error.cause.final:
        return fail(f"Zoom refuses our app ({error.cause.code}, {error.code}).", f"Look at its state: {ZOOM_APP}.")
    return warn("Zoom does not answer properly just now.", "Try later; check ZOOM_OAUTH_URL and the way to it.")


def slack(patient: Patient) -> Finding:
    """Does Slack know the bot's token, and has it the scopes of the manifest?"""
    token = patient.env.get("SLACK_BOT_TOKEN", "").strip()
    if not token:
        return skip("SLACK_BOT_TOKEN is not set here: nothing to check.")
    api = patient.env.get("SLACK_API_URL", "").strip() or SLACK_API
    answer = patient.ask("POST", f"{api.rstrip('/')}/auth.test", headers={"Authorization": f"Bearer {token}"})
    if answer is None or answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return warn("Slack does not answer just now.", "Try again later; check the way to the internet.")
    said = json_of(answer)
    if not said.get("ok"):
        return fail(
            f"Slack does not take SLACK_BOT_TOKEN ({said.get('error', answer.status_code)}).",
            "Copy it anew: Slack app settings > OAuth & Permissions > Bot User OAuth Token.",
        )
    missing = _missing_scopes(answer)
    if missing:
        return fail(
            f"The bot's token lacks {', '.join(missing)}.",
            "Paste bot/manifest.yaml into the app's settings > App Manifest, and install the app again.",
        )
    return ok(f"Slack knows the bot in {said.get('team', 'its workspace')}, with all scopes it needs.")


def _missing_scopes(answer: requests.Response) -> list[str]:
    given = {scope.strip() for scope in answer.headers.get("x-oauth-scopes", "").split(",")}
    return sorted(set(_wanted_scopes()) - given)


def _wanted_scopes() -> Iterable[str]:
    """Those of the manifest, where the bot is installed beside us."""
    if not MANIFEST.is_file():
        return ()
    scopes: list[str] = yaml.safe_load(MANIFEST.read_text("utf-8"))["oauth_config"]["scopes"]["bot"]
    return scopes


def clock(patient: Patient) -> Finding:
    """Is our clock that of the others? Signatures and tokens are only good for a while."""
    if not patient.skews:
        return warn("Nobody told the time.", "See the lines above: nobody answered.")
    url, skew = max(patient.skews.items(), key=lambda one: abs(one[1]))
    if abs(skew) <= WARN_SKEW:
        return ok("This machine's clock agrees with the others'.")
    off = f"{round(abs(skew).total_seconds())} seconds {'behind' if skew > timedelta() else 'ahead'}"
    text = f"This machine's clock is {off}, by {urlsplit(url).hostname}."
    remedy = "Set it by NTP, such as with: timedatectl set-ntp true"
    return fail(text, remedy) if abs(skew) > FAIL_SKEW else warn(text, remedy)
