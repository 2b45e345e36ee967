"""The button on the link's page: from there to Zoom."""

import logging
from dataclasses import dataclass, field, replace

from integration.connecting import links, oauth_state
from integration.connecting.links import Standing
from integration.connecting.models import ConnectLink, LinkState
from integration.connecting.oauth_state import Browser
from integration.runtime import Runtime
from integration.tokens import new_token, token_hash
from integration.zoom.oauth import challenge_of, new_verifier

log = logging.getLogger(__name__)

CALLBACK_PATH = "/oauth/zoom/callback"


@dataclass(frozen=True)
class Started:
    """Where the browser goes, and what its cookie must be."""

    url: str = field(repr=False)
    browser: Browser


def redirect_uri(runtime: Runtime) -> str:
    """Where Zoom sends the browser back to; it must be registered with the app there."""
    return f"{runtime.settings.public_url}{CALLBACK_PATH}"


def link_url(runtime: Runtime, token: str) -> str:
    """The address of the link of this token, which whoever connects opens."""
    return f"{runtime.settings.public_url}/connect/{token}"


def start(runtime: Runtime, token: str, browser: Browser | None) -> Started | Standing | None:
    """Begin a sign-in with the link of this token. What was begun with it before does not count any more.

    Where the link cannot be used its standing is returned, and None where there is no such link.
    """
    now, nonce, verifier = runtime.clock(), new_token(), new_verifier()
    browser = replace(browser or oauth_state.new_browser(), token=token)
    with runtime.database.writing() as session:
        link = links.by_token(session, token, lock=True)
        if link is None:
            return None
        standing = links.standing(session, link, now)
        if standing is not Standing.OPEN:
            return standing
        link.nonce_hash, link.browser_hash = token_hash(nonce), token_hash(browser.name)
        link.verifier = runtime.vault.seal(verifier, table=links.TABLE, column="verifier", row=link.id)
        link.started_at, link.returned_at = now, None
        links.change(session, runtime.vault, link, LinkState.STARTED, now)
        link_id = link.id
        log.info("sign-in started", extra=facts(link))
    state = oauth_state.sign(runtime.settings.secret_key, link_id, nonce, now)
    url = runtime.zoom_oauth.authorize_url(
        state=state, code_challenge=challenge_of(verifier), redirect_uri=redirect_uri(runtime)
    )
    return Started(url, browser)


def facts(link: ConnectLink) -> dict[str, str]:
    """What the log may say about a link."""
    return {"link": link.id, "tenant": link.tenant_id}
