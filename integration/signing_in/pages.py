"""`POST /v1/page-links`, the page of such a link, signing in and out.

Opening a link (GET) never spends it: Slack, mail scanners and browsers fetch links ahead of people, and some of them
run scripts, so no script presses the button either. Nobody is signed in by another site: the browser says where a form
was sent from, and the page says whose numbers one is about to see.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from integration.auth import TheCaller, v1_router
from integration.errors import NotFound
from integration.fields import Name
from integration.pages.cookies import SIGNED_IN
from integration.pages.forms import NOT_TAKEN, TheSent, is_of_this_browser, of_this_browser, require_of_this_browser
from integration.pages.throttle import count_guess
from integration.pages.views import NOT_KEPT_NOR_REFERRED, READ, private_page, rendered, see_other
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


@router.api_route("/sign-in/{token}", methods=READ)
def show(request: Request, token: str, again: str = "") -> Response:
    """The page with the button; with `again` where it was pressed and nothing came of it."""
    runtime = runtime_of(request)
    now, cookie = runtime.clock(), SIGNED_IN.read(request)
    with runtime.database.reading() as session, _guesses_counted(request):
        if page := signing_in.opened_again(session, runtime.vault, token, cookie, now):
            return see_other(page, NOT_KEPT_NOR_REFERRED)
        link = signing_in.usable(session, runtime.vault, token, now)
        tenant = session.get(Tenant, link.tenant_id) if link.tenant_id else None
        name = tenant.name if tenant else None
        other = signing_in.whom_it_replaces(session, link, cookie, now)
    html = rendered(
        request,
        "sign_in.html",
        action=f"/sign-in/{token}",
        tenant=name,
        other=other,
        trouble=NOT_TAKEN if again else None,
    )
    return private_page(request, html, headers=NOT_KEPT_NOR_REFERRED)


@router.post("/sign-in/{token}")
def sign_in(request: Request, token: str, sent: TheSent) -> Response:
    """The button: on to the page that the link is for. Pressed twice, it leads there too."""
    runtime = runtime_of(request)
    now, known = runtime.clock(), SIGNED_IN.read(request)
    with runtime.database.writing() as session, _guesses_counted(request):
        if page := signing_in.opened_again(session, runtime.vault, token, known, now):
            return see_other(page, NOT_KEPT_NOR_REFERRED)
        if not is_of_this_browser(request, sent):
            signing_in.usable(session, runtime.vault, token, now)
            return see_other(f"/sign-in/{token}?again=1", NOT_KEPT_NOR_REFERRED)
        cookie = of_this_browser(request, f"sign-in:{token}")
        page = signing_in.sign_in(session, runtime.vault, token, cookie, now)
        response = see_other(page, NOT_KEPT_NOR_REFERRED)
    SIGNED_IN.keep(response, runtime, cookie, signing_in.SIGNED_IN_FOR)
    return response


@router.post("/sign-out")
def sign_out(request: Request, sent: TheSent) -> Response:
    """The button on every signed-in page. Where the half hour is over it has nothing to do, and says so as well."""
    runtime = runtime_of(request)
    with runtime.database.writing() as session:
        cookie, now = SIGNED_IN.read(request), runtime.clock()
        if signing_in.is_signed_in(session, cookie, now):
            require_of_this_browser(request, sent)
            signing_in.sign_out(session, cookie, now)
    response = see_other("/signed-out", NOT_KEPT_NOR_REFERRED)
    SIGNED_IN.drop(response, runtime)
    return response


@router.api_route("/signed-out", methods=READ)
def signed_out(request: Request) -> Response:
    return private_page(request, rendered(request, "signed_out.html"), headers=NOT_KEPT_NOR_REFERRED)


@contextmanager
def _guesses_counted(request: Request) -> Iterator[None]:
    try:
        yield
    except NotFound:
        count_guess(request)
        raise
