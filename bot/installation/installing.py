"""Installing the app in a workspace (Slack's OAuth), and its removal.

`/slack/install` leads to Slack, which asks the person and sends them back to `/slack/oauth_redirect` with a code. A
random state travels along; the browser keeps it in a cookie, so that a code that somebody else began with is refused.
"""

import hmac
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin

import yaml
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.oauth import AuthorizeUrlGenerator
from slack_sdk.oauth.installation_store import Bot
from sqlalchemy.exc import SQLAlchemyError

from bot.config import Settings
from bot.installation import install_pages as pages
from bot.installation.announcing import Announcer
from bot.installation.install_pages import Page
from bot.installation.installations import Installations
from bot.installation.workspaces import Workspaces
from bot.slack_client import is_loopback
from kb.clock import Clock, real_clock

log = logging.getLogger(__name__)

REDIRECT_PATH = "/slack/oauth_redirect"
COOKIE = "retain_install"
STATE_SECONDS = 600  # as long as Slack's code lives
EXCHANGE_SECONDS = 10
MANIFEST = Path(__file__).parents[1] / "manifest.yaml"
# https://docs.slack.dev/reference/methods/oauth.v2.access#errors
SPENT_CODES = frozenset(("invalid_code", "code_already_used", "code_expired"))
SLACKS_TROUBLE = frozenset(("fatal_error", "internal_error", "ratelimited", "request_timeout", "service_unavailable"))


class _Named(BaseModel):
    id: str
    name: str


class _Granted(BaseModel):
    """What Slack gives for a code: https://docs.slack.dev/reference/methods/oauth.v2.access"""

    model_config = ConfigDict(hide_input_in_errors=True)

    access_token: SecretStr
    app_id: str
    bot_user_id: str
    scope: str = ""
    team: _Named | None = None
    enterprise: _Named | None = None
    is_enterprise_install: bool = False
    refresh_token: SecretStr | None = None


class _Refused(Exception):
    """The installation ends with this page."""

    def __init__(self, page: Page) -> None:
        super().__init__(page.title)
        self.page = page


@dataclass(frozen=True)
class Installer:
    """What an installation needs. `client` has no token; it calls Slack once, for a code is good for one call."""

    client_id: str
    client_secret: str
    client: WebClient
    installations: Installations
    announcer: Announcer
    clock: Clock

    @classmethod
    def of(
        cls, settings: Settings, installations: Installations, announcer: Announcer, clock: Clock = real_clock
    ) -> "Installer":
        """The installer of an app of several workspaces."""
        secret = settings.slack_client_secret
        client = WebClient(base_url=settings.slack_api_url, timeout=EXCHANGE_SECONDS, retry_handlers=[])
        return cls(
            settings.slack_client_id or "",
            secret.get_secret_value() if secret else "",
            client,
            installations,
            announcer,
            clock,
        )

    def authorize_url(self, state: str) -> str:
        """Slack's page that asks the person. Its redirect goes to the first redirect URL of the app's settings."""
        generator = AuthorizeUrlGenerator(
            client_id=self.client_id, scopes=scopes(), authorization_url=self._slack("oauth/v2/authorize")
        )
        return generator.generate(state)

    def install(self, code: str) -> Page:
        """Exchange the code, keep the installation, tell the service. Raises _Refused with the page that says why."""
        bot = self._exchange(code)
        try:
            self.installations.save(bot)
        except SQLAlchemyError as error:
            raise _ours(f"the database: {type(error).__name__}") from None
        team, name = str(bot.team_id), str(bot.team_name)
        log.info("installed in the workspace %s", team)
        linked = self.announcer.tell(team, name)
        app = urlencode({"app": bot.app_id, "team": team})
        return pages.installed(name, self._slack(f"app_redirect?{app}"), linked=linked)

    def _exchange(self, code: str) -> Bot:
        try:
            answer = self.client.oauth_v2_access(client_id=self.client_id, client_secret=self.client_secret, code=code)
            granted = _Granted.model_validate(answer.data)
            token = granted.access_token.get_secret_value()
            bot_id = str(self.client.auth_test(token=token).get("bot_id"))  # and the token is seen to work
        except SlackApiError as error:
            raise _Refused(_page_of(error)) from None
        except ValidationError as error:
            raise _ours(f"Slack's answer had another form than expected: {error.error_count()} errors") from None
        except (SlackClientError, HTTPException, OSError):
            raise _Refused(pages.SLACK_DOWN) from None
        if granted.team is None or granted.is_enterprise_install:
            raise _Refused(pages.WHOLE_ORGANISATION)
        if granted.refresh_token is not None:
            raise _ours("the Slack app has token rotation on; make it anew from bot/manifest.yaml, without")
        return Bot(
            app_id=granted.app_id,
            enterprise_id=granted.enterprise.id if granted.enterprise else None,
            team_id=granted.team.id,
            team_name=granted.team.name,
            bot_token=token,
            bot_id=bot_id,
            bot_user_id=granted.bot_user_id,
            bot_scopes=granted.scope,
            installed_at=self.clock().timestamp(),
        )

    def _slack(self, path: str) -> str:
        """An address beside Slack's Web API."""
        return urljoin(self.client.base_url, f"../{path}")


def routes(installer: Installer, support_email: str | None) -> APIRouter:
    """The two addresses of an installation, and what their pages need."""
    router = pages.assets()

    @router.get(pages.INSTALL_PATH)
    def begin(request: Request) -> Response:
        state = secrets.token_urlsafe(32)
        response = RedirectResponse(installer.authorize_url(state), 302, headers=pages.HEADERS)
        name, secure = _cookie(request)
        response.set_cookie(name, state, max_age=STATE_SECONDS, secure=secure, httponly=True, samesite="lax")
        return response

    @router.get(REDIRECT_PATH)
    def come_back(request: Request, state: str = "", code: str = "", error: str = "") -> Response:
        name, secure = _cookie(request)
        try:
            page = _finished(installer, request.cookies.get(name, ""), state, code, error)
        except _Refused as refused:
            page = refused.page
        response = pages.shown(page, support_email)
        response.delete_cookie(name, secure=secure, httponly=True, samesite="lax")
        return response

    return router


def register(app: App, workspaces: Workspaces) -> None:
    """Add the listeners for the app's removal. Events come at least once, and late ones in any order."""

    def forget(body: dict[str, Any], next_: Callable[[], Any]) -> None:
        # Before the acknowledgement: what fails here, Slack sends again.
        event = body["event"]
        if event["type"] == "app_uninstalled" or (event.get("tokens") or {}).get("bot"):
            workspaces.removed(str(body["team_id"]), datetime.fromtimestamp(int(body["event_time"]), UTC))
        next_()

    for event in ("app_uninstalled", "tokens_revoked"):
        app.event(event, middleware=[forget])(_nothing_more)


def scopes() -> list[str]:
    """What the app asks a workspace for: the manifest says it, once."""
    manifest = yaml.safe_load(MANIFEST.read_text("utf-8"))
    return list(manifest["oauth_config"]["scopes"]["bot"])


def _nothing_more() -> None:
    """The listener of an event that a middleware has dealt with."""


def _finished(installer: Installer, kept: str, state: str, code: str, error: str) -> Page:
    """The page at the end of an installation. Raises _Refused where nothing was installed."""
    if not kept or not hmac.compare_digest(kept.encode(), state.encode()):
        raise _Refused(pages.WRONG_BROWSER)
    if error == "access_denied":
        raise _Refused(pages.CANCELLED)
    if error or not code:
        raise _ours(f"Slack sent the person back without a code ({error[:60]!r})")
    return installer.install(code)


def _cookie(request: Request) -> tuple[str, bool]:
    """The cookie's name and whether it wants https: it does, except on this machine."""
    local = is_loopback(request.url.hostname or "")
    return (COOKIE, False) if local else (f"__Host-{COOKIE}", True)


def _page_of(error: SlackApiError) -> Page:
    reason = str(error.response.get("error") or "")[:60]
    if reason in SPENT_CODES:
        return pages.CODE_SPENT
    if reason in SLACKS_TROUBLE or not reason:
        return pages.SLACK_DOWN
    return _ours(f"Slack refused it ({reason}); see SLACK_CLIENT_ID, SLACK_CLIENT_SECRET and the redirect URL").page


def _ours(reason: str) -> _Refused:
    """The inside goes to the log, under a reference that the page names."""
    reference = secrets.token_hex(4)
    log.error("installation failed, reference %s: %s", reference, reason)
    return _Refused(replace(pages.OUR_FAULT, reference=reference))
