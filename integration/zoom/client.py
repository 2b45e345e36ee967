"""Zoom's API (https://developers.zoom.us/docs/api/): reading, with patience.

Every method takes the access token first and raises ZoomError. What it reads may be asked for again: a network error,
a 5xx, a half answer and a limit per second are tried again for some seconds.
"""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

import requests
from pydantic import ValidationError

from integration.zoom.causes import cause
from integration.zoom.errors import ZoomError
from integration.zoom.patience import Patience
from integration.zoom.users import OWNER_ROLE, ZoomUser, is_admin_level, missing_scopes
from integration.zoom.wire import Timeouts, Wire, uncounted

__all__ = ["ZoomClient", "ZoomUser", "is_admin_level", "missing_scopes", "path_uuid"]

PAGE_SIZE = 300
FIRST_PAGE_SIZE = 10
MAX_PAGES = 1_000
# What these codes say about the token's own user where it is read what every connection must be able to read
# (https://developers.zoom.us/docs/api/errors/): they left the account; their role does not allow it.
OF_OURSELVES: Mapping[str, str] = {"1001": "user_removed", "200": "not_admin"}


class ZoomClient:
    """Reads from one API address; safe for several threads. It keeps no token."""

    def __init__(
        self,
        *,
        api_url: str,
        http: requests.Session,
        clock: Callable[[], datetime],
        sleep: Callable[[float], object] = time.sleep,
        rng: random.Random | None = None,
        timeouts: Timeouts = Timeouts(),  # noqa: B008 - it is frozen
        patience_seconds: float = 6.0,
        count: Callable[[str, str], object] = uncounted,
    ) -> None:
        self._url = api_url.rstrip("/")
        self._wire = Wire(http, clock, timeouts, count)
        jitter = rng or random.Random()  # noqa: S311 - jitter needs no secrecy
        self._patience = replace(Patience(clock, sleep, jitter), seconds=patience_seconds)

    def get(self, access_token: str, path: str, **params: str | int | None) -> Mapping[str, Any]:
        """One JSON object. `path` begins with `/`; parameters that are None are left out."""
        # As bytes: text that no token can be made of is for Zoom to refuse, not a fault here.
        bearer = f"Bearer {access_token}".encode("utf-8", "replace")
        headers = {"Authorization": bearer, "Accept": b"application/json"}
        return self._patience.with_(lambda: self._get(path, headers, params))

    def _get(self, path: str, headers: Mapping[str, bytes], params: Mapping[str, object]) -> Mapping[str, Any]:
        answer = self._wire.ask("api", "GET", f"{self._url}{path}", needs_body=True, headers=headers, params=params)
        return answer.body or {}

    def pages(
        self, access_token: str, path: str, *, items: str, **params: str | int | None
    ) -> Iterator[Mapping[str, Any]]:
        """Every entry of the list called `items`, page after page, read as it is consumed.

        A page token lives 15 minutes: who takes longer gets ZoomError with the cause `page_expired`, and begins anew.
        """
        token, seen = "", set[str]()
        while True:
            body = self.get(access_token, path, **params, next_page_token=token or None)
            yield from _entries(body.get(items))
            token = str(body.get("next_page_token") or "")
            if not token:
                return
            if token in seen or len(seen) >= MAX_PAGES:  # or it would never end
                raise _unreadable()
            seen.add(token)

    def me(self, access_token: str) -> ZoomUser:
        """Whose token this is. Their `account_id` is there."""
        user = _user(self._basic(access_token, "/users/me"))
        if not user.account_id:
            raise _unreadable()
        return user

    def permissions(self, access_token: str) -> frozenset[str]:
        """What this user may do in their account, as `User:Read`; `is_admin_level` judges it."""
        found = self._basic(access_token, "/users/me/permissions").get("permissions")
        if not isinstance(found, list):
            raise _unreadable()
        return frozenset(one for one in found if isinstance(one, str))

    def users(self, access_token: str, *, role_id: str | None = None) -> Iterator[ZoomUser]:
        """The account's active users (of one role), page after page."""
        pages = self.pages(access_token, "/users", items="users", page_size=PAGE_SIZE, status="active", role_id=role_id)
        return (_user(entry) for entry in pages)

    def user(self, access_token: str, user_id: str) -> ZoomUser:
        """One of the account's users, with what lists leave out: the personal link, for one."""
        return _user(self.get(access_token, f"/users/{quote(user_id, safe='')}"))

    def first_users(self, access_token: str) -> list[ZoomUser]:
        """A few of the account's users, in one request: proof that the product's kind of reading works."""
        body = self._basic(access_token, "/users", page_size=FIRST_PAGE_SIZE, status="active")
        if not isinstance(body.get("users"), list):
            raise _unreadable()
        return [_user(entry) for entry in _entries(body["users"])]

    def owner(self, access_token: str) -> ZoomUser | None:
        """The account's owner, or None where Zoom does not say."""
        return next((user for user in self.users(access_token, role_id=OWNER_ROLE) if user.role_id == OWNER_ROLE), None)

    def _basic(self, access_token: str, path: str, **params: str | int) -> Mapping[str, Any]:
        """What every connection must be able to read: a refusal is one of the token's own user."""
        try:
            return self.get(access_token, path, **params)
        except ZoomError as error:
            meant = OF_OURSELVES.get(error.code or "")
            if meant is None:
                raise
            raise ZoomError(cause(meant), call="api", status=error.status, code=error.code) from None


def path_uuid(uuid: str) -> str:
    """A meeting's uuid as part of a path: encoded twice where it begins with `/` or holds `//`, as Zoom asks."""
    once = quote(uuid, safe="")
    return quote(once, safe="") if uuid.startswith("/") or "//" in uuid else once


def _entries(found: object) -> Iterator[Mapping[str, Any]]:
    return (one for one in found if isinstance(one, dict)) if isinstance(found, list) else iter(())


def _user(entry: Mapping[str, Any]) -> ZoomUser:
    try:
        return ZoomUser.model_validate(entry)
    except ValidationError:
        pass
    raise _unreadable()


def _unreadable() -> ZoomError:
    return ZoomError(cause("zoom_unavailable"), call="api", status=200)
