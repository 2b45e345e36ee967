"""Errors as answers: problem details (RFC 9457) for programs, a page for people."""

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import ProgrammingError
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import MAX_BODY_SIZE_SCOPE_KEY

from integration import errors
from integration.db import DATABASE_AWAY
from integration.errors import RequestError
from integration.logs import request_id
from integration.pages.error_pages import error_page, typed_in
from integration.pages.forms import read_before, sent_from_here
from integration.signing_in.service import if_signed_in

log = logging.getLogger(__name__)

PROGRAMS = ("/v1", "/webhooks", "/healthz", "/readyz", "/metrics", "/openapi.json")
MEDIA_TYPE = "application/problem+json"
UNDEFINED = ("42P01", "42703")  # PostgreSQL: no such table, no such column; SQLite has an OperationalError for them


class Problem(BaseModel):
    """What went wrong (RFC 9457), with what to do about it."""

    type: str
    title: str
    status: int
    detail: str
    field: str | None = Field(description="The field, parameter or header at fault.")
    remedy: str | None = Field(description="What to do next.")
    request_id: str = Field(description="Name it when you ask for help.")


class ClaimedProblem(Problem):
    """The key was claimed before."""

    id: str = Field(description="The question that was recorded for this key.")
    answered: bool
    support_request: str | None = Field(description="The request in whose conversation it was written.")


PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": description}
    for status, description in {
        400: "The body cannot be read",
        401: "No known API key",
        403: "The policy does not allow it to this person",
        404: "There is no such thing",
        413: "The body is too large",
        422: "A value is not acceptable",
        503: "The database cannot be reached",
    }.items()
}


def is_for_programs(path: str) -> bool:
    """Is this an address that programs call? All others are pages."""
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in PROGRAMS)


def answer(request: Request, error: RequestError, typed: Sequence[str] = (), *, plainly: bool = False) -> Response:
    """The response for `error`: a page or a problem, by the address that was asked for.

    A page shows again what somebody `typed`, and (`plainly`) other words where those of the error are for programs.
    """
    if not is_for_programs(request.url.path):
        return error_page(request, error, request_id.get(), typed, plainly=plainly)
    body = {
        "type": f"urn:retain:problem:{error.kind}",
        "title": error.title,
        "status": error.status,
        "detail": error.message,
        "field": error.field,
        "remedy": error.remedy,
        "request_id": request_id.get(),
    }
    return JSONResponse(error.extra | body, status_code=error.status, headers=error.headers, media_type=MEDIA_TYPE)


def register(app: FastAPI) -> None:
    """Make the app answer every error in one way. Bugs are caught further out, by the envelope."""
    app.add_exception_handler(RequestError, _known)
    app.add_exception_handler(RequestValidationError, _unacceptable)
    app.add_exception_handler(HTTPException, _from_framework)
    for database_is_away in DATABASE_AWAY:
        app.add_exception_handler(database_is_away, _database_away)
    app.add_exception_handler(ProgrammingError, _not_migrated)


async def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestError)  # noqa: S101 - Starlette looks handlers up by this class
    return await _answer_with_words(request, error)


async def _answer_with_words(request: Request, error: RequestError, *, plainly: bool = False) -> Response:
    """The answer to what a route raised; on a page, with what was typed into its form."""
    if is_for_programs(request.url.path):
        return answer(request, error)
    return answer(request, error, typed_in(await sent_from_here(request)), plainly=plainly)


def _from_framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - Starlette looks handlers up by this class
    if error.status_code == HTTPStatus.NOT_FOUND:
        _find_reader(request)
        return answer(request, not_found(request))
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = (error.headers or {}).get("Allow", "another method")
        refused = errors.MethodNotAllowed(
            f"{request.method} is not possible here.", remedy=f"Use {allowed} at this address."
        )
        response = answer(request, refused, plainly=True)
        response.headers["Allow"] = allowed
        return response
    if error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return refuse_size(request, request.scope[MAX_BODY_SIZE_SCOPE_KEY])
    return answer(request, unreadable(), plainly=True)


def _find_reader(request: Request) -> None:
    """Whoever is signed in finds the way to their pages on that of an error, too."""
    if not is_for_programs(request.url.path):
        with suppress(*DATABASE_AWAY):
            if_signed_in(request)


async def _not_migrated(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProgrammingError)  # noqa: S101 - Starlette looks handlers up by this class
    if getattr(error.orig, "sqlstate", None) not in UNDEFINED:
        raise error
    return await _database_away(request, error)


def not_found(request: Request) -> RequestError:
    if is_for_programs(request.url.path):
        return errors.NotFound(
            "There is nothing at this address.", remedy="Check the address; /openapi.json lists all of them."
        )
    return errors.NotFound(
        "There is no page at this address.",
        remedy="The link may be old, or a letter got lost on the way. Look for it in the list of all topics.",
    )


def refuse_size(request: Request, limit: int) -> Response:
    """The answer to a body of more than `limit` bytes."""
    size = f"{limit // 2**20} MiB" if limit >= 2**20 else f"{limit // 2**10} KiB"
    refused = errors.TooLarge(f"The body is larger than {size}.", field="body", remedy="Send less in one request.")
    return answer(request, refused, plainly=True)


def unreadable() -> RequestError:
    return errors.BadRequest(
        "The body is not valid JSON.",
        field="body",
        remedy="Send one JSON object in UTF-8, with `Content-Type: application/json`.",
    )


def _unacceptable(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - Starlette looks handlers up by this class
    faults = error.errors()
    if any(fault["loc"][0] == "path" for fault in faults):
        return answer(request, not_found(request))
    if any(fault["type"] == "json_invalid" for fault in faults):
        return answer(request, unreadable(), plainly=True)
    return answer(request, _invalid(faults), plainly=True)


def _invalid(faults: Sequence[Mapping[str, Any]]) -> RequestError:
    """The first fault as the problem itself, and all of them as `errors`. What was sent is never repeated."""
    found = [{"field": _field(fault), "message": _message(fault)} for fault in faults]
    first = found[0]
    return errors.Invalid(
        f"{first['field']}: {first['message']}.",
        field=first["field"],
        remedy=_remedy(faults[0], first["field"]),
        extra={"errors": found} if len(found) > 1 else None,
    )


def _field(fault: Mapping[str, Any]) -> str:
    where, *names = (str(part) for part in fault["loc"])
    return ".".join(names) or where


def _message(fault: Mapping[str, Any]) -> str:
    message = str(fault["msg"]).removeprefix("Value error, ")
    return message[:1].lower() + message[1:]


def _remedy(fault: Mapping[str, Any], field: str) -> str:
    if field == "body":
        return "Send a JSON object with `Content-Type: application/json`; /openapi.json gives its fields."
    if fault["type"] == "missing":
        return f"Add {field}; /openapi.json says what it holds."
    limits = fault.get("ctx", {})
    if "max_length" in limits:
        return f"Shorten {field} to {limits['max_length']} characters."
    return f"Send another value for {field}; /openapi.json says which are accepted."


async def _database_away(request: Request, error: Exception) -> Response:
    # The driver's words may name hosts and users: they are for the log.
    log.error("the database did not answer", exc_info=error)
    away = errors.Unavailable(
        "The database cannot be reached just now.",
        remedy="Try again in a few seconds. If it lasts, whoever runs the service should look at /readyz.",
    )
    return await _answer_with_words(request, away, plainly=True)


def broken(request: Request) -> Response:
    """The answer to a bug: nothing about its inside, and the id under which it was logged."""
    bug = RequestError(
        "Something went wrong on our side.",
        remedy="Try again; if it happens again, tell whoever runs the service the request id.",
    )
    return answer(request, bug, typed_in(read_before(request)), plainly=True)
