"""What every read of `/v2` passes: the token, its scopes, the reader's role; and what may be wrong with a question."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response

from integration.zoom.sandbox import scopes
from integration.zoom.sandbox.answers import json_answer
from integration.zoom.sandbox.door import lacks_scope, limit_headers, through, world_of
from integration.zoom.sandbox.errors import Refused, api_error
from integration.zoom.sandbox.model import Json, User
from integration.zoom.sandbox.world import World

Look = Callable[[World, Request, User], Json]
Item = TypeVar("Item")
DEFAULT_PAGE, LARGEST_PAGE = 30, 300


async def read(request: Request, call: str, look: Look) -> Response:
    """Checks the bearer token and its scopes, and answers with what `look` finds."""
    world, token = world_of(request), _bearer(request)

    def work(_without: frozenset[str]) -> Response:
        pair = world.tokens.bearer(token)
        enough = scopes.NEEDED.get(call, ())
        if enough and not pair.scopes.intersection(enough):
            raise lacks_scope(enough[0])
        return json_answer(look(world, request, pair.grant.user), headers=_headers(world, call))

    return await through(request, call, world.tokens.user_of(access=token), work)


def not_here(_world: World, _request: Request, _caller: User) -> Json:
    """What Zoom says of a path that it does not know."""
    raise api_error(2300, "This API endpoint is not recognized.")


def require(caller: User, permission: str) -> None:
    """Raises Refused with Zoom's code 200 when the caller's role lacks the privilege."""
    if permission not in caller.role.permissions:
        raise api_error(200, "No permission.")


def page_size(request: Request, largest: int = LARGEST_PAGE) -> int:
    """Raises Refused with Zoom's code 300."""
    size = request.query_params.get("page_size", str(DEFAULT_PAGE))
    if not (size.isascii() and size.isdigit() and 1 <= int(size) <= largest):
        raise invalid("page_size")
    return int(size)


def one_page(world: World, request: Request, found: Sequence[Item], about: str, size: int) -> tuple[list[Item], Json]:
    """The page that was asked for, and what Zoom says beside it; `about` is the question that it belongs to."""
    token = request.query_params.get("next_page_token")
    offset = world.page_offset(token, about) if token else 0
    after = offset + size
    beside = {"page_size": size, "next_page_token": world.new_page(about, after) if after < len(found) else ""}
    return list(found[offset:after]), beside


def day(request: Request, name: str) -> date:
    """A day in the form `2026-11-22`. Raises Refused with Zoom's code 300."""
    try:
        return date.fromisoformat(request.query_params.get(name, ""))
    except ValueError:
        raise api_error(300, f"Invalid parameter: {name}.") from None


def invalid(field: str) -> Refused:
    refused = api_error(300, "Validation Failed.")
    refused.body["errors"] = [{"field": field, "message": "Invalid field."}]
    return refused


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _headers(world: World, call: str) -> dict[str, str]:
    category = scopes.CATEGORY.get(call, "Light")
    if world.habits["limit_headers"] == "category":
        return {"X-RateLimit-Category": category}
    limit = scopes.LIMIT[category]
    return limit_headers(category, "QPS", limit, limit - 1)
