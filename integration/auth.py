"""Every route under /v1 needs an API key."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from integration.errors import NotRecognised
from integration.problems import PROBLEM_RESPONSES
from integration.runtime import runtime_of

_bearer = HTTPBearer(auto_error=False, description="A key of `API_KEYS`.")


def require_caller(request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> str:
    """The calling program's name, from `Authorization: Bearer <key>`. Raises NotRecognised (401)."""
    caller = runtime_of(request).settings.api_keys.caller(given.credentials) if given else None
    if caller is None:
        raise NotRecognised(
            "The Authorization header is missing." if given is None else "This API key is not known here.",
            field="Authorization",
            remedy="Send `Authorization: Bearer <key>` with a key of API_KEYS; "
            "`python -m integration keys api NAME` makes one.",
        )
    request.state.caller = caller
    return caller


def v1_router(path: str) -> APIRouter:
    """A router under `/v1` whose every route needs an API key: the only way routes get there."""
    return APIRouter(prefix=f"/v1{path}", dependencies=[Depends(require_caller)], responses=PROBLEM_RESPONSES)
