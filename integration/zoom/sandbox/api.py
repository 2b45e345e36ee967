"""`/v2`: what the product reads about people."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from integration.zoom.sandbox import scopes, users
from integration.zoom.sandbox.errors import api_error
from integration.zoom.sandbox.model import Json, User
from integration.zoom.sandbox.reading import invalid, not_here, page_size, read, require
from integration.zoom.sandbox.world import World

LARGEST_PAGE = 2000
STATUSES = ("active", "inactive", "pending")


async def one_user(request: Request) -> Response:
    return await read(request, "me" if _is_me(request) else "user", _user)


async def permissions(request: Request) -> Response:
    return await read(request, "permissions", _permissions)


async def list_users(request: Request) -> Response:
    return await read(request, "users", _users)


async def unknown(request: Request) -> Response:
    return await read(request, "other", not_here)


def _user(world: World, request: Request, caller: User) -> Json:
    return users.whole(_asked_for(world, request, caller))


def _permissions(world: World, request: Request, caller: User) -> Json:
    return {"permissions": list(_asked_for(world, request, caller).role.permissions)}


def _users(world: World, request: Request, caller: User) -> Json:
    require(caller, scopes.USER_READ)
    query = request.query_params
    status, role = query.get("status", "active"), query.get("role_id")
    if status not in STATUSES:
        raise invalid("status")
    size = page_size(request, LARGEST_PAGE)
    found = [user for user in world.users_of(caller.account) if user.status == status and role in (None, user.role.id)]
    about = f"{caller.account.slug}/{status}/{role}/{size}"
    token = query.get("next_page_token")
    return users.page(world, found, about, size, world.page_offset(token, about) if token else 0)


def _is_me(request: Request) -> bool:
    return str(request.path_params["user"]) == "me"


def _asked_for(world: World, request: Request, caller: User) -> User:
    """Oneself, or someone of the same account by id or e-mail."""
    asked = str(request.path_params["user"])
    if asked in ("me", caller.id, caller.email):
        return caller
    require(caller, scopes.USER_READ)
    for user in world.users_of(caller.account):
        if asked in (user.id, user.email):
            return user
    raise api_error(1001, f"User does not exist: {asked}.", status=404)


ROUTES = (
    Route("/v2/users", list_users, methods=["GET"]),
    Route("/v2/users/{user}/permissions", permissions, methods=["GET"]),
    Route("/v2/users/{user}", one_user, methods=["GET"]),
    Route("/v2/{path:path}", unknown, methods=["GET"]),
)
