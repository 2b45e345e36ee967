"""The pages of a connect link: the one with the button, and all that one can come back to from Zoom.

None of them is kept by browsers or listed by search engines, none tells other sites where it stands, and none says
anything about a connection that is there already.
"""

from datetime import datetime
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from integration.connecting import callback, links, oauth_state, sealed, starting
from integration.connecting.callback import Outcome, Returned
from integration.connecting.links import Standing
from integration.connecting.models import ConnectLink, LinkState
from integration.connecting.oauth_state import Browser
from integration.connecting.outcomes import KINDS, Words, words_of
from integration.connecting.starting import CALLBACK_PATH, Started, link_url
from integration.envelope import SECURITY_HEADERS
from integration.pages.cookies import CONNECTING
from integration.pages.forms import NOT_TAKEN, TheSent, is_of_this_browser
from integration.pages.throttle import count_guess
from integration.pages.views import NOT_KEPT_NOR_REFERRED, READ, private_page, rendered, see_other
from integration.runtime import Runtime, runtime_of
from integration.signing_in.service import if_signed_in
from integration.tenants.models import Tenant
from integration.tokens import token_hash

router = APIRouter(include_in_schema=False)

ZOOM_DOMAINS = ("zoom.us", "zoomgov.com")


@router.api_route("/connect/{token}", methods=READ)
def show(request: Request, token: str, again: str | None = None) -> Response:
    """The page with the button. Slack, mail scanners and browsers fetch it ahead of people: it changes nothing."""
    runtime = runtime_of(request)
    with runtime.database.reading() as session:
        link, standing = _opened(request, session, token)
        if link is None or standing is not Standing.OPEN:
            return _page(request, _of_link(standing, link, _browser(request)), link)
        reader = if_signed_in(request)
        html = rendered(
            request,
            "connect.html",
            reader=reader,
            is_mine=reader is not None and reader.actor == link.requested_by,
            tenant=session.get_one(Tenant, link.tenant_id).name,
            requester=links.requester(runtime.vault, link),
            until=link.expires_at,
            action=f"/connect/{token}",
            forward=links.forward(session, runtime.vault, link, link_url(runtime, token)),
            trouble=NOT_TAKEN if again else None,
            app_name=runtime.site.zoom_app_name,
            started=link.started_at if link.state == LinkState.STARTED else None,
        )
    return private_page(request, html, headers={**NOT_KEPT_NOR_REFERRED, "Content-Security-Policy": _policy(runtime)})


@router.post("/connect/{token}")
def press(request: Request, token: str, sent: TheSent) -> Response:
    """The button: on to Zoom. Another site cannot press it for somebody who has not seen whose link it is."""
    runtime = runtime_of(request)
    if not is_of_this_browser(request, sent):
        return _without_a_press(request, token)
    started = starting.start(runtime, token, _browser(request))
    if not isinstance(started, Started):
        return _without_a_press(request, token)
    response = see_other(started.url, NOT_KEPT_NOR_REFERRED)
    _remember(response, runtime, started.browser)
    return response


@router.get(CALLBACK_PATH)
def come_back(
    request: Request, state: str | None = None, code: str | None = None, error: str | None = None
) -> Response:
    """Where Zoom sends the browser. Loaded again, it shows how things stand."""
    outcome = callback.come_back(runtime_of(request), Returned(state, code, error), _browser(request))
    return _page(request, outcome)


def _without_a_press(request: Request, token: str) -> Response:
    """Why the link has no button any more; the page with the button, if it has one."""
    with runtime_of(request).database.reading() as session:
        link, standing = _opened(request, session, token)
        if standing is not Standing.OPEN:
            return _page(request, _of_link(standing, link, _browser(request)), link)
    return see_other(f"/connect/{token}?again=1", NOT_KEPT_NOR_REFERRED)


def _opened(request: Request, session: Session, token: str) -> tuple[ConnectLink | None, Standing | None]:
    """The link of this address, and how it stands; where there is none, somebody may be guessing."""
    link = links.by_token(session, token)
    if link is None:
        count_guess(request)
        return None, None
    return link, links.standing(session, link, runtime_of(request).clock())


def _of_link(standing: Standing | None, link: ConnectLink | None, browser: Browser | None) -> Outcome:
    """What the page of a link says when it has no button. A link that connected is a used one to whoever opens it,
    except in the browser that connected with it: there somebody may wait for just that.
    """
    if standing is None or link is None:
        return Outcome("unknown")
    if standing is not Standing.CONNECTED:
        return Outcome(standing)
    if browser is not None and token_hash(browser.name) == link.browser_hash:
        return Outcome(standing, link_id=link.id)
    return Outcome("used")


def _page(request: Request, outcome: Outcome, link: ConnectLink | None = None) -> Response:
    """`link`: the one that was opened. Whoever has its address may go back to where it was asked for."""
    told = words_of(outcome.page, outcome.cause)
    more = _for_the_same_browser(request, outcome)
    if link is not None:
        more["back"] = sealed.back_of(runtime_of(request).vault, link)
    html = rendered(request, "connect_outcome.html", told=told, kind=KINDS[told.kind], page=outcome.page, **more)
    return private_page(request, html, status=told.status, headers={**NOT_KEPT_NOR_REFERRED, **_refresh(told)})


def _for_the_same_browser(request: Request, outcome: Outcome) -> dict[str, str | datetime | None]:
    """Who began the sign-in may be told more: for whom it was, and the way back to a link that still works."""
    more: dict[str, str | datetime | None] = dict.fromkeys(("tenant", "requester", "again", "until", "forward", "back"))
    runtime, browser = runtime_of(request), _browser(request)
    if outcome.link_id is None or browser is None:
        return more
    with runtime.database.reading() as session:
        link = links.by_id(session, outcome.link_id)
        tenant = session.get_one(Tenant, link.tenant_id)
        more |= {"tenant": tenant.name, "requester": links.requester(runtime.vault, link)}
        more["back"] = sealed.back_of(runtime.vault, link)
        is_open = links.standing(session, link, runtime.clock()) is Standing.OPEN
        if is_open and browser.token and token_hash(browser.token) == link.token_hash:
            url = link_url(runtime, browser.token)
            more |= {"again": url, "until": link.expires_at}
            more["forward"] = links.forward(session, runtime.vault, link, url) if outcome.cause == "not_admin" else None
    return more


def _refresh(told: Words) -> dict[str, str]:
    return {"Refresh": str(told.follow)} if told.follow is not None else {}


def _policy(runtime: Runtime) -> str:
    """Chromium holds every redirect after a form against form-action, so Zoom's own addresses must be in it."""
    zoom = urlsplit(runtime.settings.zoom_oauth_url)
    allowed = f"{zoom.scheme}://{zoom.netloc}"
    if domain := next((one for one in ZOOM_DOMAINS if f".{zoom.hostname}".endswith(f".{one}")), None):
        allowed += f" https://*.{domain}"  # consent may be asked for on marketplace.zoom.us
    usual = SECURITY_HEADERS["Content-Security-Policy"]
    return usual.replace("form-action 'self'", f"form-action 'self' {allowed}")


def _browser(request: Request) -> Browser | None:
    return oauth_state.browser_of(CONNECTING.read(request))


def _remember(response: Response, runtime: Runtime, browser: Browser) -> None:
    CONNECTING.keep(response, runtime, browser.cookie, oauth_state.COOKIE_LIFE)
