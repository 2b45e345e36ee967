"""`/oauth/token` and `/oauth/revoke`: Basic authentication, a form, JSON."""

import base64
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from integration.zoom.sandbox.answers import json_answer
from integration.zoom.sandbox.door import through, world_of
from integration.zoom.sandbox.errors import Refused, invalid_client, oauth_error
from integration.zoom.sandbox.model import Json, Pair
from integration.zoom.sandbox.world import World

EXPIRES_IN = 3599  # seen in real answers; documented as 3600


async def token(request: Request) -> Response:
    """A first pair for a code, or the next pair for a refresh token."""
    world, form = world_of(request), await form_of(request)
    if form.get("grant_type") == "refresh_token":
        offered = form.get("refresh_token", "")

        def refresh(without: frozenset[str]) -> Response:
            _require_app(world, request)
            return json_answer(pair_answer(world, world.tokens.refresh(offered, without)))

        return await through(request, "refresh", world.tokens.user_of(refresh=offered), refresh)

    def exchange(without: frozenset[str]) -> Response:
        _require_app(world, request)
        if form.get("grant_type") != "authorization_code":
            raise oauth_error("Grant type is not supported from token endpoint.", "unsupported_grant_type", code=4705)
        verifier, redirect_uri = form.get("code_verifier", ""), form.get("redirect_uri", "")
        return json_answer(
            pair_answer(world, world.tokens.exchange(form.get("code", ""), verifier, redirect_uri, without))
        )

    return await through(request, "exchange", world.tokens.user_of(code=form.get("code", "")), exchange)


async def revoke(request: Request) -> Response:
    """Kills the access token and its refresh token."""
    world, form = world_of(request), await form_of(request)
    access = form.get("token", "")

    def work(_without: frozenset[str]) -> Response:
        _require_app(world, request)
        try:
            world.tokens.revoke(access)
        except Refused as error:
            raise oauth_error("Invalid Token!", "invalid_request") from error
        return json_answer({"status": "success"})

    return await through(request, "revoke", world.tokens.user_of(access=access), work)


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a posted form; of several with one name the last."""
    return dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))


def pair_answer(world: World, pair: Pair) -> Json:
    """What the token endpoint says of a pair."""
    body = {
        "access_token": pair.access,
        "token_type": "bearer",
        "refresh_token": pair.refresh,
        "expires_in": EXPIRES_IN,
        "scope": " ".join(sorted(pair.scopes)),
    }
    return body | ({"api_url": world.base_url} if world.habits["api_url"] == "yes" else {})


def _require_app(world: World, request: Request) -> None:
    scheme, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        client_id, _, client_secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:  # not base64, or no text in it
        raise invalid_client() from None
    if scheme.lower() != "basic" or not world.app.accepts(client_id, client_secret):
        raise invalid_client()


ROUTES = (
    Route("/oauth/token", token, methods=["POST"]),
    Route("/oauth/revoke", revoke, methods=["POST"]),
)
