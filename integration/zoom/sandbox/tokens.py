"""Codes and pairs of tokens: one use, five minutes, an hour, ninety days, rotation, one live pair per person."""

import base64
import hashlib
import hmac
import secrets
from collections import Counter
from datetime import datetime, timedelta

from integration.zoom.sandbox.errors import api_error, dead_refresh_token, oauth_error
from integration.zoom.sandbox.habits import LINGERS_SECONDS, Habits
from integration.zoom.sandbox.model import Clock, Code, Grant, Pair, User
from integration.zoom.sandbox.scopes import APP_SCOPES

CODE_LIVES = timedelta(minutes=5)
ACCESS_LIVES = timedelta(hours=1)
REFRESH_LIVES = timedelta(days=90)
REMEMBERED = 20  # pairs of one grant; an older one is as unknown as a forged one
ALL_SCOPES = frozenset(APP_SCOPES)
NOTHING: frozenset[str] = frozenset()


class Tokens:
    """All that was handed out. `refreshes` counts the rotations by the person's key."""

    def __init__(self, clock: Clock, habits: Habits) -> None:
        self._clock, self._habits = clock, habits
        self.grants: dict[str, Grant] = {}
        self.refreshes: Counter[str] = Counter()
        self._codes: dict[str, Code] = {}
        self._by_access: dict[str, Pair] = {}
        self._by_refresh: dict[str, Pair] = {}

    def new_code(self, user: User, redirect_uri: str, challenge: str) -> str:
        code = secrets.token_urlsafe(24)
        self._codes[code] = Code(user, redirect_uri, challenge, self._clock() + CODE_LIVES)
        return code

    def exchange(self, code: str, verifier: str, redirect_uri: str, without: frozenset[str] = NOTHING) -> Pair:
        """A first pair; whatever the person's earlier ones were, they are dead. Raises Refused."""
        found = self._codes.get(code)
        if found is None or found.used:
            raise oauth_error("Invalid authorization code", "invalid_grant", code=4734)
        found.used = True
        if self._clock() > found.until:
            raise oauth_error("The authorization code is expired.", "invalid_grant", code=4733)
        if redirect_uri != found.redirect_uri:
            raise oauth_error("Redirect URI mismatch.", "invalid_request", code=4709)
        if not hmac.compare_digest(challenge_of(verifier).encode(), found.challenge.encode()):
            raise oauth_error("Invalid code verifier.", "invalid_grant")
        return self.authorize(found.user, ALL_SCOPES, without)

    def authorize(self, user: User, scopes: frozenset[str] = ALL_SCOPES, without: frozenset[str] = NOTHING) -> Pair:
        """What a consent comes to, without the browser."""
        self.kill(user, "replaced")
        grant = self.grants[user.key] = Grant(user, scopes, self._clock())
        return self._new_pair(grant, without)

    def refresh(self, token: str, without: frozenset[str] = NOTHING) -> Pair:
        """The next pair, with the granted scopes but those in `without`. Raises Refused."""
        pair = self._by_refresh.get(token)
        now = self._clock()
        if pair is None or pair.grant.dead or now > pair.refresh_until or not self._may_refresh(pair, now):
            raise dead_refresh_token(self._habits["dead_refresh"])
        pair.rotated_at = pair.rotated_at or now
        self.refreshes[pair.grant.user.key] += 1
        return self._new_pair(pair.grant, without)

    def bearer(self, token: str) -> Pair:
        """The pair of a living access token. Raises Refused."""
        pair = self._by_access.get(token)
        status = int(self._habits["dead_access"])
        if pair is None or (pair.rotated_at and self._habits["old_access"] == "dies"):
            raise api_error(124, "Invalid access token.", status=status)
        if pair.grant.dead in ("replaced", "revoked"):
            raise api_error(4741, "The access token has been revoked.", status=status)
        if pair.grant.dead:
            raise api_error(124, "Invalid access token.", status=status)
        if self._clock() > pair.access_until:
            raise api_error(124, "Access token is expired.", status=status)
        return pair

    def revoke(self, access: str) -> None:
        """Kills the token and all that belong to the same consent. Raises Refused."""
        self.kill(self.bearer(access).grant.user, "revoked")

    def kill(self, user: User, why: str) -> None:
        """Whatever this person's tokens are, none works any more."""
        grant = self.grants.get(user.key)
        if grant and (grant.dead is None or why == "uninstalled"):
            grant.dead = why

    def user_of(self, *, code: str = "", access: str = "", refresh: str = "") -> User | None:
        """Whose this is, dead or alive."""
        if found := self._codes.get(code):
            return found.user
        pair = self._by_access.get(access) or self._by_refresh.get(refresh)
        return pair.grant.user if pair else None

    def restore(self, grant: Grant) -> None:
        """Goes on with a consent of before a restart."""
        self.grants[grant.user.key] = grant
        for pair in grant.recent:
            self._by_access[pair.access] = self._by_refresh[pair.refresh] = pair

    def live(self) -> list[Pair]:
        """The newest pair of each person that can still be refreshed."""
        now = self._clock()
        newest = [grant.recent[-1] for grant in self.grants.values() if not grant.dead]
        return [pair for pair in newest if now <= pair.refresh_until]

    def _may_refresh(self, pair: Pair, now: datetime) -> bool:
        if pair.rotated_at is None:
            return True
        lingers = self._habits["old_refresh"] == "lingers"
        return lingers and now - pair.rotated_at <= timedelta(seconds=LINGERS_SECONDS)

    def _new_pair(self, grant: Grant, without: frozenset[str]) -> Pair:
        now = self._clock()
        access, refresh = f"zoom-access-{secrets.token_urlsafe(48)}", f"zoom-refresh-{secrets.token_urlsafe(48)}"
        pair = Pair(grant, access, refresh, grant.scopes - without, now + ACCESS_LIVES, now + REFRESH_LIVES)
        self._by_access[access] = self._by_refresh[refresh] = pair
        grant.recent.append(pair)
        if len(grant.recent) > REMEMBERED:
            oldest = grant.recent.popleft()
            del self._by_access[oldest.access], self._by_refresh[oldest.refresh]
        return pair


def challenge_of(verifier: str) -> str:
    """RFC 7636, S256."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
