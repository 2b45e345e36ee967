"""`/v2`: what the product reads about people."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from integration.zoom.sandbox import scopes, users
from integration.zoom.sandbox.answers import json_answer
from integration.zoom.sandbox.door import lacks_scope, limit_headers, through, world_of
from integration.zoom.sandbox.errors import api_error
from integration.zoom.sandbox.model import Json, User
from integration.zoom.sandbox.world import World

DEFAULT_PAGE, LARGEST_PAGE = 30, 2000
STATUSES = ("active", "inactive", "pending")
Look = Callable[[World, Request, User], Json]


async def one_user(request: Request) -> Response:
    return await _read(request, "me" if _is_me(request) else "user", _user)


async def permissions(request: Request) -> Response:
    return await _read(request, "permissions", _permissions)


async def list_users(request: Request) -> Response:
    return await _read(request, "users", _users)


async def unknown(request: Request) -> Response:
    return await _read(request, "other", _not_here)


async def _read(request: Request, call: str, look: Look) -> Response:
    """Checks the bearer token and its scopes, and answers with what `look` finds."""
    world, token = world_of(request), _bearer(request)

    def work(_without: frozenset[str]) -> Response:
        pair = world.tokens.bearer(token)
        enough = scopes.NEEDED.get(call, ())
        if enough and not pair.scopes.intersection(enough):
            raise lacks_scope(enough[0])
        return json_answer(look(world, request, pair.grant.user), headers=_headers(world, call))

    return await through(request, call, world.tokens.user_of(access=token), work)


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _headers(world: World, call: str) -> dict[str, str]:
    category = scopes.CATEGORY.get(call, "Light")
    if world.habits["limit_headers"] == "category":
        return {"X-RateLimit-Category": category}
    limit = scopes.LIMIT[category]
    return limit_headers(category, "QPS", limit, limit - 1)


def _user(world: World, request: Request, caller: User) -> Json:
    return users.whole(_asked_for(world, request, caller))


def _permissions(world: World, request: Request, caller: User) -> Json:
    return {"permissions": list(_asked_for(world, request, caller).role.permissions)}


def _users(world: World, request: Request, caller: User) -> Json:
    _require_permission(caller)
    query = request.query_params
    status, role = query.get("status", "active"), query.get("role_id")
    size = query.get("page_size", str(DEFAULT_PAGE))
    if status not in STATUSES:
        raise _invalid("status")
    if not (size.isascii() and size.isdigit() and 1 <= int(size) <= LARGEST_PAGE):
        raise _invalid("page_size")
    found = [user for user in world.users_of(caller.account) if user.status == status and role in (None, user.role.id)]
    about = f"{caller.account.slug}/{status}/{role}/{size}"
    token = query.get("next_page_token")
    return users.page(world, found, about, int(size), world.page_offset(token, about) if token else 0)


def _not_here(_world: World, _request: Request, _caller: User) -> Json:
    raise api_error(2300, "This API endpoint is not recognized.")


def _is_me(request: Request) -> bool:
    return str(request.path_params["user"]) == "me"


def _asked_for(world: World, request: Request, caller: User) -> User:
    """Oneself, or someone of the same account by id or e-mail."""
    asked = str(request.path_params["user"])
    if asked in ("me", caller.id, caller.email):
        return caller
    _require_permission(caller)
    for user in world.users_of(caller.account):
        if asked in (user.id, user.email):
            return user
    raise api_error(1001, f"User does not exist: {asked}.", status=404)


def _require_permission(caller: User) -> None:
    if scopes.PERMISSION not in caller.role.permissions:
        raise api_error(200, "No permission.")


def _invalid(field: str) -> Exception:
    refused = api_error(300, "Validation Failed.")
    refused.body["errors"] = [{"field": field, "message": "Invalid field."}]
    return refused


ROUTES = (
    Route("/v2/users", list_users, methods=["GET"]),
    Route("/v2/users/{user}/permissions", permissions, methods=["GET"]),
    Route("/v2/users/{user}", one_user, methods=["GET"]),
    Route("/v2/{path:path}", unknown, methods=["GET"]),
)
