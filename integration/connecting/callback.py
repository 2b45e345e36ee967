"""The way back from Zoom. Nothing is exchanged unless the state is ours, the latest, unspent, and of this browser.

The state is spent before the code is exchanged, and what Zoom gives is stored before it is looked at. Killed between
the two, the person presses the button once more; killed anywhere later, a worker goes on.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from integration.connecting import grants, links, oauth_state
from integration.connecting.advancing import advance
from integration.connecting.links import Standing
from integration.connecting.models import ConnectLink, LinkState
from integration.connecting.oauth_state import Browser, State
from integration.connecting.starting import facts, redirect_uri
from integration.connections import revocations
from integration.connections.revocations import Unwanted
from integration.notifications.staff import tell_staff
from integration.runtime import Runtime
from integration.tokens import token_hash
from integration.zoom.causes import Cause
from integration.zoom.errors import ZoomError
from integration.zoom.oauth import TokenPair

log = logging.getLogger(__name__)

EXCHANGE_TAKES = timedelta(seconds=60)  # at most; a state spent longer ago with nothing to show was cut off

# A sign-in is not tried again by us: a code can be used once. So what passes elsewhere has another name here.
AT_SIGN_IN: Mapping[str, str] = {
    "zoom_unavailable": "sign_in_cut_off",
    "rate_limited": "sign_in_cut_off",
    "rate_limited_today": "sign_in_cut_off",
}


@dataclass(frozen=True)
class Returned:
    """What Zoom sent the browser back with."""

    state: str | None = field(repr=False)
    code: str | None = field(repr=False)
    error: str | None


@dataclass(frozen=True)
class Outcome:
    """`page` names what to show (integration/connecting/outcomes.py); with "failed" goes the `cause`.

    `link_id` is set when this is the browser that began, so that it may be told more.
    """

    page: str
    cause: str | None = None
    link_id: str | None = None


@dataclass(frozen=True)
class _Exchange:
    link_id: str
    tenant_id: str
    nonce_hash: str
    verifier: str = field(repr=False)


def come_back(runtime: Runtime, returned: Returned, browser: Browser | None) -> Outcome:
    """Take what Zoom sent as far as it goes now. Repeating it with the same address shows how things stand."""
    if not returned.state:
        return Outcome("state_missing")
    state = oauth_state.read(runtime.settings.secret_key, returned.state)
    if state is None:
        return Outcome("state_forged")
    with runtime.database.writing() as session:
        step = _examine(session, runtime, state, returned, browser)
    if isinstance(step, Outcome):
        return step
    return _exchange(runtime, step, returned.code or "")


def _examine(
    session: Session, runtime: Runtime, state: State, returned: Returned, browser: Browser | None
) -> Outcome | _Exchange:
    """Spends the state if all is well with it."""
    now, link = runtime.clock(), session.get(ConnectLink, state.link_id, with_for_update=True)
    if link is None or link.nonce_hash != token_hash(state.nonce):
        return Outcome("older_attempt")
    if browser is None or token_hash(browser.name) != link.browser_hash:
        return Outcome("wrong_browser")
    if link.returned_at is not None:
        return result(session, link, now)
    if now >= state.until:
        return Outcome("state_expired", link_id=link.id)
    standing = links.standing(session, link, now)
    if standing is not Standing.OPEN:
        return Outcome("used" if standing is Standing.CONNECTED else standing, link_id=link.id)
    if returned.error or not returned.code:
        return _without_code(session, runtime, link, returned, now)
    link.returned_at = now
    verifier = runtime.vault.open(link.verifier or "", table=links.TABLE, column="verifier", row=link.id)
    link.verifier = None
    return _Exchange(link.id, link.tenant_id, link.nonce_hash, verifier)


def _without_code(session: Session, runtime: Runtime, link: ConnectLink, returned: Returned, now: datetime) -> Outcome:
    if not returned.error:
        return Outcome("no_code", link_id=link.id)
    cause = "consent_denied" if returned.error == "access_denied" else "unknown"
    link.returned_at, link.verifier = now, None
    links.change(session, runtime.vault, link, LinkState.FAILED, now, cause)
    log.info("zoom sent no code", extra=facts(link) | {"cause": cause})
    return result(session, link, now)


def _exchange(runtime: Runtime, exchange: _Exchange, code: str) -> Outcome:
    try:
        pair = runtime.zoom_oauth.exchange(code=code, verifier=exchange.verifier, redirect_uri=redirect_uri(runtime))
    except ZoomError as error:
        return _not_exchanged(runtime, exchange, error)
    grant_id = _store(runtime, exchange, pair)
    if grant_id is None:
        return Outcome("older_attempt")
    advance(runtime, grant_id)
    return outcome_of(runtime, exchange.link_id)


def _store(runtime: Runtime, exchange: _Exchange, pair: TokenPair) -> str | None:
    """The id of the grant; None when the link is gone with its tenant, and Zoom is to be told that we let go."""
    now = runtime.clock()
    with runtime.database.writing() as session:
        link = session.get(ConnectLink, exchange.link_id, with_for_update=True)
        if link is not None:
            return grants.new_row(session, runtime.vault, link, pair, now).id
        revocations.owe(session, runtime.vault, exchange.tenant_id, Unwanted(pair, user_id=None), now)
        return None


def _not_exchanged(runtime: Runtime, exchange: _Exchange, error: ZoomError) -> Outcome:
    cause, now = AT_SIGN_IN.get(error.cause.code, error.cause.code), runtime.clock()
    with runtime.database.writing() as session:
        link = links.by_id(session, exchange.link_id, lock=True)
        log.warning("exchange failed: %s", error, extra=facts(link))
        if link.nonce_hash == exchange.nonce_hash and link.state == LinkState.STARTED:
            links.change(session, runtime.vault, link, LinkState.FAILED, now, cause)
        if error.cause.ours:
            _tell_staff(session, runtime, link, error.cause, now)
    return Outcome("failed", cause, exchange.link_id)


def _tell_staff(session: Session, runtime: Runtime, link: ConnectLink, cause: Cause, now: datetime) -> None:
    tell_staff(
        session,
        runtime.vault,
        topic="connection",
        title="Zoom refuses our app when people connect",
        text=f"A sign-in ended with {cause.code}. `python -m integration doctor` checks the app's settings.",
        about=f"exchange/{cause.code}/{now:%Y-%m-%d}",  # once a day
        now=now,
        tenant=link.tenant_id,
        data={"cause": cause.code},
    )


def outcome_of(runtime: Runtime, link_id: str) -> Outcome:
    """How things stand, for the browser that began."""
    with runtime.database.reading() as session:
        return result(session, links.by_id(session, link_id), runtime.clock())


def result(session: Session, link: ConnectLink, now: datetime) -> Outcome:
    """What came of the latest start, for the browser that made it."""
    if link.state == LinkState.FAILED:
        return Outcome("failed", link.cause, link.id)
    standing = links.standing(session, link, now)
    if standing is not Standing.OPEN:
        return Outcome(standing, link_id=link.id)
    recent = link.returned_at is not None and now - link.returned_at < EXCHANGE_TAKES
    return Outcome("checking" if recent else "interrupted", link_id=link.id)
