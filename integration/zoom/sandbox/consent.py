"""`/oauth/authorize`: who are you, and may the app in?"""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from integration.zoom.sandbox.door import world_of
from integration.zoom.sandbox.errors import NotPossible
from integration.zoom.sandbox.model import Call, User
from integration.zoom.sandbox.oauth import form_of
from integration.zoom.sandbox.scopes import APP_SCOPES
from integration.zoom.sandbox.views import page
from integration.zoom.sandbox.world import App, World

LOOPBACK = ("127.0.0.1", "localhost", "::1")
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


class Refusal(Exception):
    """Consent cannot even be asked for: Zoom shows a page with a code, and sends nobody back."""

    def __init__(self, code: int, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


async def authorize(request: Request) -> Response:
    """The page (GET), and what the person decided (POST): back to the app with a code, or with an error."""
    world, query = world_of(request), dict(request.query_params)
    try:
        _check(world.app, query)
        if request.method == "POST":
            return await _decided(request, world, query)
    except Refusal as refusal:
        _record(world, request, 400, None)
        return page(request, "refusal.html", 400, refusal=refusal)
    _record(world, request, 200, None)
    return _ask(request, query)


def _ask(request: Request, query: dict[str, str], problem: str = "") -> Response:
    target = urlsplit(query["redirect_uri"])
    return page(
        request,
        "consent.html",
        400 if problem else 200,
        problem=problem,
        action=f"/oauth/authorize?{urlencode(query)}",
        goes_to=target.netloc,
        scopes=APP_SCOPES.values(),
        form_action=f"'self' {target.scheme}://{target.netloc}",  # browsers hold redirects after a post against it
    )


async def _decided(request: Request, world: World, query: dict[str, str]) -> Response:
    form = await form_of(request)
    if form.get("decision") == "deny":
        _record(world, request, 302, None)
        return _back(query, error="access_denied")
    try:
        user = world.user(form.get("person", ""))
    except NotPossible:
        return _ask(request, query, "Choose who you are first.")
    with world.lock:
        if world.faults.is_on("app_disabled", user.account.slug):
            raise Refusal(4717, "The app has been disabled.", f"An admin of {user.account.name} disabled it.")
        code = world.tokens.new_code(user, query["redirect_uri"], query["code_challenge"])
    _record(world, request, 302, user)
    return _back(query, code=code)


def _back(query: dict[str, str], **answer: str) -> Response:
    """To the app's address, whatever its query was, with the answer and the state as it came."""
    if "state" in query:
        answer["state"] = query["state"]
    target = urlsplit(query["redirect_uri"])
    whole = urlencode([*parse_qsl(target.query, keep_blank_values=True), *answer.items()])
    return RedirectResponse(urlunsplit(target._replace(query=whole)), 302, {"Cache-Control": "no-store"})


def _check(app: App, query: dict[str, str]) -> None:
    """Raises Refusal, with Zoom's code where one is documented."""
    if query.get("client_id") != app.client_id:
        raise Refusal(4702, "Invalid client.", "The client_id is not that of an app known here.")
    if not _may_go_to(app, query.get("redirect_uri", "")):
        raise Refusal(4709, "Redirect URI mismatch.", "The redirect_uri is not the one registered for the app.")
    if query.get("response_type") != "code":
        raise Refusal(4700, "Invalid response type.", "response_type must be code.")
    if query.get("code_challenge_method") != "S256" or not CHALLENGE.fullmatch(query.get("code_challenge", "")):
        # Zoom itself would let it pass, or take the verifier for plain text.
        raise Refusal(4700, "PKCE with S256 is missing.", "Send code_challenge and code_challenge_method=S256.")


def _may_go_to(app: App, address: str) -> bool:
    if app.redirect_uri is not None:
        return address == app.redirect_uri
    try:
        target = urlsplit(address)
    except ValueError:
        return False
    return not target.fragment and (
        (target.scheme == "https" and bool(target.netloc)) or (target.scheme == "http" and target.hostname in LOOPBACK)
    )


def _record(world: World, request: Request, status: int, user: User | None) -> None:
    with world.lock:
        person = user.key if user else None
        world.record(Call(world.clock(), "consent", request.method, request.url.path, status, person))


ROUTES = (Route("/oauth/authorize", authorize, methods=["GET", "POST"]),)
