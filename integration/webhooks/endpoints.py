"""`POST /webhooks/zoom`: where Zoom tells us what happened. Verified on the raw bytes, stored, answered; no more.

Zoom tries again only after a 5xx, and waits 3 seconds: what is wrong on our side must never be answered with a 4xx.
"""

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.requests import ClientDisconnect

from integration.errors import RequestError
from integration.problems import PROBLEM_RESPONSES, unreadable
from integration.runtime import Runtime, runtime_of
from integration.webhooks import acting, service
from integration.webhooks.delivery import Delivery, read_delivery
from integration.zoom.signature import validation_answer, verify

router = APIRouter()

VALIDATION = "endpoint.url_validation"
# Of other events nothing is kept: they may be full of people's data, and we have no use for them. What cannot be read
# is kept for a person to see.
KEPT = acting.KNOWN | {service.UNREADABLE}


class BadSignature(RequestError):
    """The request does not come from Zoom, or the secret differs."""

    status, kind, title = 401, "bad-signature", "The signature does not fit"
    headers: ClassVar = {"WWW-Authenticate": 'Signature realm="zoom"'}


class ValidationAnswer(BaseModel):
    plainToken: str  # noqa: N815 - Zoom's name
    encryptedToken: str  # noqa: N815 - Zoom's name


@dataclass(frozen=True)
class Arrived:
    """The bytes as they came, for those were signed, and the headers that say so."""

    body: bytes
    timestamp: str | None
    signature: str | None


async def arrived(request: Request) -> Arrived:
    """Read by hand: two parameters of FastAPI take longer than verifying, reading and sealing together."""
    try:
        body = await request.body()
    except ClientDisconnect:
        raise unreadable() from None
    return Arrived(body, *(request.headers.get(name) for name in HEADERS))


EVENT = {"schema": {"type": "object", "properties": {"event": {"type": "string"}, "payload": {"type": "object"}}}}
RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"model": ValidationAnswer, "description": f"The answer to `{VALIDATION}`; empty for events of no use to us"},
    204: {"description": "Stored; the work follows"},
    401: {"model": PROBLEM_RESPONSES[401]["model"], "description": "The signature does not fit"},
    **{status: PROBLEM_RESPONSES[status] for status in (400, 413, 503)},
}
HEADERS = ("x-zm-request-timestamp", "x-zm-signature")
OPENAPI = {
    "requestBody": {"required": True, "content": {"application/json": EVENT}},
    "parameters": [
        {"name": name, "in": "header", "schema": {"type": "string"}, "description": "As Zoom sends it."}
        for name in HEADERS
    ],
}


@router.post(
    "/webhooks/zoom",
    status_code=204,
    response_class=Response,
    responses=RESPONSES,
    openapi_extra=OPENAPI,
    summary="Zoom says that something happened",
)
def receive(request: Request, given: Annotated[Arrived, Depends(arrived)]) -> Response:
    runtime = runtime_of(request)
    unsigned = given.timestamp is None and given.signature is None
    signed = verify(
        runtime.settings.zoom_webhook_secret.get_secret_value(),
        timestamp=given.timestamp,
        signature=given.signature,
        body=given.body,
        now=runtime.clock(),
    )
    delivery = read_delivery(given.body) if signed or unsigned else None
    if delivery is not None and delivery.event == VALIDATION and _may_be_answered(delivery, signed=signed):
        return _counted(request, "validated", _validated(runtime, delivery))
    if not signed:
        _count(request, "bad_signature")
        raise BadSignature(
            "This was not signed by Zoom with our secret, or too long ago.",
            field="x-zm-signature",
            remedy="Compare ZOOM_WEBHOOK_SECRET with the app's Secret Token at Zoom, and check this machine's clock.",
        )
    event = service.UNREADABLE if delivery is None else delivery.event
    if event not in KEPT:
        return _counted(request, "unknown", Response(status_code=200))
    return _counted(request, _store(runtime, given.body, event), Response(status_code=204))


def _may_be_answered(delivery: Delivery, *, signed: bool) -> bool:
    """Answering means signing what the other side chose. What Zoom signs itself holds colons (`v0:time:body`), and
    its tokens hold none: whoever is not known gets no signature for a webhook of their own out of us.
    """
    token = delivery.payload.plain_token
    return token is not None and (signed or ":" not in token)


def _validated(runtime: Runtime, delivery: Delivery) -> Response:
    secret = runtime.settings.zoom_webhook_secret.get_secret_value()
    return JSONResponse(validation_answer(secret, delivery.payload.plain_token or ""))


def _store(runtime: Runtime, body: bytes, event: str) -> str:
    with runtime.database.engine.begin() as connection:
        fresh = service.store(connection, runtime.vault, body, event=event, now=runtime.clock())
    return "stored" if fresh else "repeated"


def _counted(request: Request, result: str, response: Response) -> Response:
    _count(request, result)
    return response


def _count(request: Request, result: str) -> None:
    runtime_of(request).metrics.webhooks.labels(result).inc()
