"""The signed HTTP mode: Slack posts events, commands and clicks to `/slack/events`."""

from collections.abc import Sequence

from fastapi import FastAPI, Request, Response
from slack_bolt import App, BoltRequest
from starlette.concurrency import run_in_threadpool
from starlette.middleware.body_limit import RequestBodyLimitMiddleware

MOST_BYTES = 1024 * 1024  # Slack sends far less; it is read before its signature is known


def create_web(app: App) -> FastAPI:
    """A web application around the Bolt app, which verifies each signature on the raw body.

    Bolt's own adapter runs listeners' middleware on the event loop, where one slow claim would hold up all others.
    """
    web = FastAPI(title="Retain bot", docs_url=None, redoc_url=None, openapi_url=None)
    web.add_middleware(RequestBodyLimitMiddleware, max_body_size=MOST_BYTES)

    @web.post("/slack/events")
    async def events(request: Request) -> Response:
        body = (await request.body()).decode("utf-8", errors="replace")  # a wrong byte fails the signature
        headers: dict[str, str | Sequence[str]] = dict(request.headers.items())
        answer = await run_in_threadpool(app.dispatch, BoltRequest(body=body, headers=headers))
        return Response(answer.body, answer.status, headers=answer.first_headers_without_set_cookie())

    @web.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    return web
