"""Where a person lets the app into a workspace: Slack's `/oauth/v2/authorize`, and the ways to it and back."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from bot.sandbox import methods_oauth
from bot.sandbox.model import Person, Workspace
from bot.sandbox.world import World

TEMPLATES = Path(__file__).with_name("templates")
VISITOR = "sandbox_person"  # the cookie that remembers who looks at the chat page


def routes(world: World) -> APIRouter:
    """`/oauth/v2/authorize`, `/app_redirect` (opens the app in Slack), `/sandbox/install` (the page's own link)."""
    router = APIRouter(include_in_schema=False)

    @router.get("/oauth/v2/authorize")
    async def ask(request: Request) -> Response:
        problem = _problem(world, dict(request.query_params))
        return _page(world, problem, request.cookies.get(VISITOR, ""))

    @router.post("/oauth/v2/authorize")
    async def decide(request: Request) -> Response:
        given = dict(request.query_params)
        if problem := _problem(world, given):
            return _page(world, problem)
        form = parse_qs((await request.body()).decode("utf-8", "replace"))
        redirect_url, back = _redirect_url(world, given), {"state": given.get("state", "")}
        if form.get("answer") == ["allow"]:
            person = world.person(form.get("person", [""])[0])
            if not _may_install(person):
                return _page(world, f"{person.name} is a guest, and may not install apps.")
            back["code"] = methods_oauth.allow(world, person, redirect_url, _granted(world, form))
        else:
            back["error"] = "access_denied"
        return RedirectResponse(f"{redirect_url}?{urlencode(back)}", 302)

    @router.get("/app_redirect")
    async def open_app() -> Response:
        return RedirectResponse("/", 302)

    @router.get("/sandbox/install")
    async def to_install(person: str) -> Response:
        answer = RedirectResponse(world.registration.install_url or "/", 302)
        answer.set_cookie(VISITOR, world.person(person).handle, httponly=True, samesite="lax")
        return answer

    return router


def _redirect_url(world: World, given: dict[str, str]) -> str:
    return given.get("redirect_uri") or str(world.registration.redirect_url)


def _granted(world: World, form: Mapping[str, Sequence[str]]) -> frozenset[str]:
    return world.manifest.optional.intersection(form.get("optional", ()))


def _problem(world: World, given: dict[str, str]) -> str:
    """What is wrong with how the app asks, in words; empty when nothing is."""
    registration = world.registration
    if given.get("client_id") != registration.client_id:
        return "Invalid client_id: no app has this id."
    if registration.redirect_url is None or _redirect_url(world, given) != registration.redirect_url:
        return "redirect_uri did not match any configured URIs of the app."
    wanted = set(filter(None, given.get("scope", "").split(",")))
    if not wanted:
        return "The app asks for no scopes."
    if unknown := wanted - world.manifest.scopes - world.manifest.optional:
        return f"Invalid permissions requested: {', '.join(sorted(unknown))}."
    return ""


def _page(world: World, problem: str, chosen: str = "") -> Response:
    app = world.manifest.name
    html = _template().render(
        title="Something went wrong" if problem else f"{app} asks to be let into a workspace",
        problem=problem,
        app=app,
        choices=_choices(world),
        chosen=chosen,
        scopes=sorted(world.manifest.scopes),
        optional=sorted(world.manifest.optional),
    )
    answer = HTMLResponse(html, 400 if problem else 200, headers={"Cache-Control": "no-store"})
    # A browser holds the answer to a form against this policy as well: it leads back to the app.
    origin = urlsplit(world.registration.redirect_url or "")
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self' {origin.scheme}://{origin.netloc}"
    )
    answer.headers["Referrer-Policy"] = "same-origin"  # with none at all, browsers send forms from "null"
    return answer


def _may_install(person: Person) -> bool:
    """Everyone but guests and external people may."""
    return not (person.is_restricted or person.is_stranger or person.deleted)


def _choices(world: World) -> list[tuple[Workspace, list[Person]]]:
    people = [person for person in world.people.values() if _may_install(person)]
    return [(w, [p for p in people if p.workspace == w.id]) for w in world.workspaces.values()]


@cache
def _template() -> Template:
    loader = FileSystemLoader(TEMPLATES)
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("consent.html")
