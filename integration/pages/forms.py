"""Forms of our pages. Each carries a token (field `form_token`) that only a page of ours can have given.

Where somebody is signed in, or about to be, the token belongs to their browser: it is made from the cookie that signs
them in, or from one that the page with the form sets. Forms for everybody stand on pages that are kept and shared, and
send nothing in anybody's name: theirs is signed, and good for a day.
Beyond that, browsers say where a form was sent from (Sec-Fetch-Site), and another site's is not listened to.
"""

import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Request, Response
from itsdangerous import Signer
from starlette.exceptions import HTTPException

from integration.errors import BadRequest, Forbidden
from integration.pages.cookies import FORMS, SIGNED_IN
from integration.runtime import runtime_of
from integration.tokens import TOKEN, new_token

FIELD = "form_token"
MOST_FIELDS = 50
KEY = re.compile(r"[0-9a-f]{32}")  # by which what was sent twice is known
FROM_HERE = ("same-origin", "none")

# Why a button led back to its own page.
NOT_TAKEN = (
    "That did not work. This browser must allow cookies of this site: allow them, and press the button again, "
    "or open the link in another browser."
)

Sent = Mapping[str, str]


class NotFromHere(Forbidden):
    """The form did not come from a page of ours, or the page had stood open for too long."""

    kind, title = "not-from-here", "Please send it again"

    def __init__(self) -> None:
        super().__init__(
            "This form was not sent from a page that is open in this browser now.",
            remedy="Go back, load the page again, and send it once more. Cookies of this site must be allowed.",
        )


def token(request: Request) -> str:
    """For a form that acts for whoever has this browser. Pages with it are made by `views.private_page`."""
    known = _browsers(request)
    if known:
        return _of_browser(request, known[0])
    if not hasattr(request.state, "form_cookie"):
        request.state.form_cookie = new_token()
    return _of_browser(request, request.state.form_cookie)


def dated_token(request: Request) -> str:
    """For a form that is the same for everybody. It changes once a day."""
    return _signed(request, _of_day(runtime_of(request).clock()))


def of_this_browser(request: Request, what: str) -> str:
    """A secret that only this browser gets for `what`, and gets each time, when it has sent a form of ours."""
    return _signed(request, f"secret:{_browsers(request)[-1]}:{what}")


def keep_browser(request: Request, response: Response) -> None:
    """Set the cookie that `token` went by, if the browser has none yet."""
    made = getattr(request.state, "form_cookie", None)
    if made is not None:
        FORMS.keep(response, runtime_of(request), made)


def text_of(sent: Sent, name: str, longest: int | None = None) -> str:
    """What somebody typed into a field. Browsers send lines with CR LF; PostgreSQL takes no NUL."""
    return sent.get(name, "").replace("\r\n", "\n").replace("\0", "").strip()[:longest]


async def _sent(request: Request) -> dict[str, str]:
    try:
        body = (await request.body()).decode("utf-8", "replace")
        sent = dict(parse_qsl(body, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise BadRequest("This form cannot be read.", remedy="Open it again from our own page.") from None
    request.state.sent = sent
    return sent


# What a form sent, whoever did: for those that are shown again, with what was typed, where it is not genuine.
TheSent = Annotated[Sent, Depends(_sent)]


async def sent_from_here(request: Request) -> Sent:
    """What a page of ours sent with a request that went wrong, as far as it can be read; nothing of another site's."""
    if request.method != "POST" or not _is_from_here(request):
        return {}
    try:
        return await _sent(request)
    except (BadRequest, HTTPException):  # the latter: it is too large
        return {}


def read_before(request: Request) -> Sent:
    """The same where nothing can be read any more: what was, before a bug."""
    sent: Sent = getattr(request.state, "sent", {})
    return sent if _is_from_here(request) else {}


def is_of_this_browser(request: Request, sent: Sent) -> bool:
    """Was it sent by a form with `token`, from a page that this browser opened?"""
    return _is_among(request, sent, (_of_browser(request, one) for one in _browsers(request)))


def is_of_these_days(request: Request, sent: Sent) -> bool:
    """Was it sent by a form with `dated_token`, from a page of today or yesterday?"""
    now = runtime_of(request).clock()
    return _is_among(request, sent, (_signed(request, _of_day(day)) for day in (now, now - timedelta(days=1))))


def require_of_this_browser(request: Request, sent: Sent) -> None:
    """Raises NotFromHere."""
    if not is_of_this_browser(request, sent):
        raise NotFromHere


async def _of_this_browser(request: Request, sent: TheSent) -> Sent:
    require_of_this_browser(request, sent)
    return sent


# What a form of this browser sent. Raises BadRequest and NotFromHere.
TheForm = Annotated[Sent, Depends(_of_this_browser)]


def _is_among(request: Request, sent: Sent, genuine: Iterable[str]) -> bool:
    given = sent.get(FIELD, "").encode()
    return _is_from_here(request) and any(secrets.compare_digest(given, one.encode()) for one in genuine)


def _is_from_here(request: Request) -> bool:
    return request.headers.get("sec-fetch-site", "none") in FROM_HERE


def _of_day(now: datetime) -> str:
    return f"day:{now.astimezone(UTC):%Y-%m-%d}"


def _browsers(request: Request) -> list[str]:
    """What this browser is known by: the cookie that signs it in, and the one for forms alone."""
    known = (cookie.read(request) or "" for cookie in (SIGNED_IN, FORMS))
    return [one for one in known if TOKEN.fullmatch(one)]


def _of_browser(request: Request, browser: str) -> str:
    return _signed(request, f"browser:{browser}")


def _signed(request: Request, what: str) -> str:
    key = runtime_of(request).settings.secret_key.get_secret_value()
    signer = Signer(key, salt="retain.pages.forms.v1", key_derivation="hmac", digest_method=hashlib.sha256)
    return signer.get_signature(what).decode()
