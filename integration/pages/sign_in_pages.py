"""`POST /v1/page-links`, the page of such a link, signing in and out.

Opening a link (GET) never spends it: Slack, mail scanners and browsers fetch links ahead of people, and some of them
run scripts, so no script presses the button either. Nobody is signed in by another site: the browser says where a form
was sent from, and the page says whose numbers one is about to see.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import BaseModel, Field

from integration.auth import TheCaller, v1_router
from integration.errors import Forbidden
from integration.pages import signing_in
from integration.pages.signing_in import cookie_name, is_https
from integration.pages.views import rendered
from integration.runtime import Now, TheVault, WritingSession, runtime_of
from integration.tenants.models import Tenant

api = v1_router("")
router = APIRouter(include_in_schema=False)

# A path of ours that people sign in for, and what it may ask for; nothing that browsers read as another site.
PAGE = r"^/(reports|integrations|staff)(/[a-z0-9-]+)*(\?[A-Za-z0-9=&%+.,:_~@/-]*)?$"
MAX_PAGE = 2000
PRIVATE: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
FROM_HERE = ("same-origin", "none")
# What the cookie's own rule (SameSite=Lax) leaves to be said: where the form was sent from.
FetchSite = Annotated[str, Header(alias="sec-fetch-site", max_length=40)]


class NewPageLink(BaseModel):
    page: str = Field(
        pattern=PAGE,
        max_length=MAX_PAGE,
        description="A path of this service under /reports, /integrations or /staff, with its query.",
    )


class MadePageLink(BaseModel):
    url: str = Field(description="Signs one person in, once. Told this once; only a hash of it is kept.")
    expires_at: datetime


@api.post("/page-links", status_code=201, summary="Make a private link that signs one person in to a page")
def make(
    request: Request, body: NewPageLink, principal: TheCaller, session: WritingSession, vault: TheVault, now: Now
) -> MadePageLink:
    """For the person of X-Actor, as X-Role of X-Tenant. What they may see there is decided on every page anew."""
    actor = principal.person("a link is for a person")
    made = signing_in.make_link(
        session, vault, page=body.page, actor=actor, role=principal.said, tenant=principal.tenant, now=now
    )
    return MadePageLink(
        url=f"{runtime_of(request).settings.public_url}/sign-in/{made.token}", expires_at=made.expires_at
    )


@router.api_route("/sign-in/{token}", methods=["GET", "HEAD"])
def show(request: Request, token: str) -> Response:
    """The page with the button."""
    runtime = runtime_of(request)
    now, cookie = runtime.clock(), request.cookies.get(cookie_name(runtime))
    with runtime.database.reading() as session:
        if page := signing_in.opened_again(session, runtime.vault, token, cookie, now):
            return RedirectResponse(page, 303, headers=dict(PRIVATE))
        link = signing_in.usable(session, token, now)
        tenant = session.get(Tenant, link.tenant_id) if link.tenant_id else None
        html = rendered(request, "sign_in.html", action=f"/sign-in/{token}", tenant=tenant.name if tenant else None)
    return HTMLResponse(html, headers=dict(PRIVATE))


@router.post("/sign-in/{token}")
def sign_in(request: Request, token: str, sec_fetch_site: FetchSite = "none") -> Response:
    """The button: on to the page that the link is for. Pressed twice, it leads there too."""
    if sec_fetch_site not in FROM_HERE:
        return RedirectResponse(f"/sign-in/{token}", 303, headers=dict(PRIVATE))
    runtime = runtime_of(request)
    now, name = runtime.clock(), cookie_name(runtime)
    with runtime.database.writing() as session:
        if page := signing_in.opened_again(session, runtime.vault, token, request.cookies.get(name), now):
            return RedirectResponse(page, 303, headers=dict(PRIVATE))
        page, cookie = signing_in.sign_in(session, runtime.vault, token, now)
        response = RedirectResponse(page, 303, headers=dict(PRIVATE))
    response.set_cookie(
        name,
        cookie,
        max_age=int(signing_in.SIGNED_IN_FOR.total_seconds()),
        path="/",
        secure=is_https(runtime),
        httponly=True,
        samesite="lax",
    )
    return response


@router.post("/sign-out")
def sign_out(request: Request, sec_fetch_site: FetchSite = "none") -> Response:
    """The button on every signed-in page. Another site's form comes without the cookie, and is not listened to."""
    if sec_fetch_site not in FROM_HERE:
        raise Forbidden("This came from another site.", remedy="Use the button on our own page.")
    runtime = runtime_of(request)
    name = cookie_name(runtime)
    with runtime.database.writing() as session:
        signing_in.sign_out(session, request.cookies.get(name), runtime.clock())
    response = RedirectResponse("/signed-out", 303, headers=dict(PRIVATE))
    response.delete_cookie(name, path="/", secure=is_https(runtime), httponly=True, samesite="lax")
    return response


@router.api_route("/signed-out", methods=["GET", "HEAD"])
def signed_out(request: Request) -> Response:
    return HTMLResponse(rendered(request, "signed_out.html"), headers=dict(PRIVATE))
