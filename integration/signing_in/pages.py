"""`POST /v1/page-links`, the page of such a link, signing in and out.

Opening a link (GET) never spends it: Slack, mail scanners and browsers fetch links ahead of people, and some of them
run scripts, so no script presses the button either. Nobody is signed in by another site: the browser says where a form
was sent from, and the page says whose numbers one is about to see.
"""

from collections.abc import Mapping
from datetime import datetime

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from integration.auth import TheCaller, v1_router
from integration.fields import Name
from integration.pages.cookies import SIGNED_IN
from integration.pages.forms import TheForm, TheSent, is_of_this_browser, of_this_browser
from integration.pages.throttle import NotTooOften
from integration.pages.views import READ, private_page, rendered
from integration.runtime import Now, TheVault, WritingSession, runtime_of
from integration.signing_in import service as signing_in
from integration.signing_in.service import Asked
from integration.tenants.fields import Address
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


class NewPageLink(BaseModel):
    page: str = Field(
        pattern=PAGE,
        max_length=MAX_PAGE,
        description="A path of this service under /reports, /integrations or /staff, with its query.",
    )
    email: Address | None = Field(default=None, description="Theirs, for a connect link that they ask for on a page.")
    name: Name | None = Field(default=None, description="Shown on the page of such a link.")


class MadePageLink(BaseModel):
    url: str = Field(description="Signs one person in, once. Told this once; only a hash of it is kept.")
    expires_at: datetime


@api.post("/page-links", status_code=201, summary="Make a private link that signs one person in to a page")
def make(
    request: Request, body: NewPageLink, principal: TheCaller, session: WritingSession, vault: TheVault, now: Now
) -> MadePageLink:
    """For the person of X-Actor, as X-Role of X-Tenant. What they may see there is decided on every page anew."""
    asked = Asked(
        page=body.page,
        actor=principal.person("a link is for a person"),
        role=principal.said,
        tenant=principal.tenant,
        email=body.email,
        name=body.name,
    )
    made = signing_in.make_link(session, vault, asked, now)
    return MadePageLink(
        url=f"{runtime_of(request).settings.public_url}/sign-in/{made.token}", expires_at=made.expires_at
    )


@router.api_route("/sign-in/{token}", methods=READ, dependencies=[NotTooOften])
def show(request: Request, token: str) -> Response:
    """The page with the button."""
    runtime = runtime_of(request)
    now, cookie = runtime.clock(), SIGNED_IN.read(request)
    with runtime.database.reading() as session:
        if page := signing_in.opened_again(session, runtime.vault, token, cookie, now):
            return RedirectResponse(page, 303, headers=dict(PRIVATE))
        link = signing_in.usable(session, token, now)
        tenant = session.get(Tenant, link.tenant_id) if link.tenant_id else None
        name = tenant.name if tenant else None
    html = rendered(request, "sign_in.html", action=f"/sign-in/{token}", tenant=name)
    return private_page(request, html, headers=PRIVATE)


@router.post("/sign-in/{token}", dependencies=[NotTooOften])
def sign_in(request: Request, token: str, sent: TheSent) -> Response:
    """The button: on to the page that the link is for. Pressed twice, it leads there too."""
    runtime = runtime_of(request)
    now, known = runtime.clock(), SIGNED_IN.read(request)
    with runtime.database.writing() as session:
        if page := signing_in.opened_again(session, runtime.vault, token, known, now):
            return RedirectResponse(page, 303, headers=dict(PRIVATE))
        if not is_of_this_browser(request, sent):
            signing_in.usable(session, token, now)
            return RedirectResponse(f"/sign-in/{token}", 303, headers=dict(PRIVATE))
        cookie = of_this_browser(request, f"sign-in:{token}")
        page = signing_in.sign_in(session, runtime.vault, token, cookie, now)
        response = RedirectResponse(page, 303, headers=dict(PRIVATE))
    SIGNED_IN.keep(response, runtime, cookie, signing_in.SIGNED_IN_FOR)
    return response


@router.post("/sign-out")
def sign_out(request: Request, _sent: TheForm) -> Response:
    """The button on every signed-in page."""
    runtime = runtime_of(request)
    with runtime.database.writing() as session:
        signing_in.sign_out(session, SIGNED_IN.read(request), runtime.clock())
    response = RedirectResponse("/signed-out", 303, headers=dict(PRIVATE))
    SIGNED_IN.drop(response, runtime)
    return response


@router.api_route("/signed-out", methods=READ)
def signed_out(request: Request) -> Response:
    return private_page(request, rendered(request, "signed_out.html"), headers=PRIVATE)
