"""Zoom's OAuth 2.0: consent page, exchange, refresh, revoke (https://developers.zoom.us/docs/integrations/oauth/)."""

import base64
import hashlib
import random
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

import requests
from pydantic import BaseModel, ConfigDict, SecretStr, StringConstraints, ValidationError

from integration.zoom.causes import Call, cause
from integration.zoom.errors import ZoomError
from integration.zoom.patience import Patience
from integration.zoom.wire import Answer, Timeouts, Wire, uncounted

USUAL_LIFE_SECONDS = 3600


@dataclass(frozen=True)
class TokenPair:
    """What lets us act for one Zoom user. `expires_at` (UTC) is the access token's."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime
    scopes: frozenset[str]


# They become a header: nothing but visible ASCII.
_Token = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,8192}$")]


class _TokenAnswer(BaseModel):
    """As lenient as can be: a pair that Zoom has made and we do not keep is lost."""

    model_config = ConfigDict(hide_input_in_errors=True)

    access_token: _Token
    refresh_token: _Token | None = None
    expires_in: Any = None
    scope: Any = None


class ZoomOAuth:
    """The app's own side of OAuth. Every call raises ZoomError; exchange and refresh are sent once, never again."""

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: SecretStr,
        oauth_url: str,
        http: requests.Session,
        clock: Callable[[], datetime],
        sleep: Callable[[float], object] = time.sleep,
        rng: random.Random | None = None,
        timeouts: Timeouts = Timeouts(),  # noqa: B008 - it is frozen
        count: Callable[[str, str], object] = uncounted,
    ) -> None:
        self._client_id = client_id
        self._basic = (client_id.encode(), client_secret.get_secret_value().encode())
        self._url = oauth_url.rstrip("/")
        self._clock = clock
        self._wire = Wire(http, clock, timeouts, count)
        self._patience = Patience(clock, sleep, rng or random.Random())  # noqa: S311 - jitter needs no secrecy

    def authorize_url(self, *, state: str, code_challenge: str, redirect_uri: str) -> str:
        """Where the browser is sent to ask for consent. Scopes are the app's, as set at Zoom."""
        query = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": redirect_uri,
            "state": state,
            "code_challenge": code_challenge,
            "code_challenge_method": "S256",  # without it Zoom takes the challenge as plain
        }
        return f"{self._url}/oauth/authorize?{urlencode(query)}"

    def exchange(self, *, code: str, verifier: str, redirect_uri: str) -> TokenPair:
        """The first pair, for a code (one use, 5 minutes)."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        return self._pair("exchange", form, kept_refresh_token=None)

    def refresh(self, refresh_token: str) -> TokenPair:
        """A new pair; the old one may be dead from here on, so the new one must be stored before it is used.

        With the cause `zoom_unavailable` nobody knows whether Zoom made a new pair: the answer may be what got lost.
        """
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        return self._pair("refresh", form, kept_refresh_token=refresh_token)

    def revoke(self, access_token: str) -> None:
        """End the pair that this access token belongs to. One that is dead already is no error."""
        try:
            self._patience.with_(lambda: self._post("revoke", "/oauth/revoke", {"token": access_token}))
        except ZoomError as error:
            if error.cause.code != "grant_revoked":
                raise

    def _pair(self, call: Call, form: dict[str, str], *, kept_refresh_token: str | None) -> TokenPair:
        asked_at = self._clock()
        answer = self._post(call, "/oauth/token", form)
        pair = self._read(answer, asked_at, kept_refresh_token)
        if pair is None:
            raise ZoomError(cause("zoom_unavailable"), call=call, status=answer.status)
        return pair

    def _post(self, call: Call, path: str, form: dict[str, str]) -> Answer:
        needs_body = call != "revoke"
        return self._wire.ask(call, "POST", f"{self._url}{path}", needs_body=needs_body, data=form, auth=self._basic)

    def _read(self, answer: Answer, asked_at: datetime, kept_refresh_token: str | None) -> TokenPair | None:
        try:
            tokens = _TokenAnswer.model_validate(answer.body)
        except ValidationError:
            return None
        refresh_token = tokens.refresh_token or kept_refresh_token
        if refresh_token is None:
            return None
        return TokenPair(
            access_token=tokens.access_token,
            refresh_token=refresh_token,
            expires_at=asked_at + timedelta(seconds=_life(tokens.expires_in)),
            scopes=frozenset(tokens.scope.split()) if isinstance(tokens.scope, str) else frozenset(),
        )


def _life(given: object) -> int:
    """Seconds that an access token lives: as Zoom says, in a number or in digits, else an hour."""
    text = str(given)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else USUAL_LIFE_SECONDS


def new_verifier() -> str:
    """A PKCE verifier (RFC 7636): 43 characters, to be kept until the code is exchanged."""
    return secrets.token_urlsafe(32)


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode("ascii")
