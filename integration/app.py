"""The web process: `uvicorn --factory integration.app:create_app`."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from types import FrameType
from typing import Any

from fastapi import FastAPI

from integration import health, logs, problems
from integration.auth import check_routes
from integration.backfill import endpoints as backfill
from integration.config import Settings, settings_or_exit
from integration.connecting import endpoints as connecting
from integration.connecting import pages as connecting_pages
from integration.connections import endpoints as connections
from integration.db import utcnow
from integration.desk import endpoints as desk
from integration.desk import queue_page, request_page, sla_page, start_page
from integration.desk import sla_endpoints as sla
from integration.envelope import BodyLimit, Envelope
from integration.gaps import endpoints as gaps
from integration.gaps import opinions_page
from integration.gaps import pages as gaps_pages
from integration.help_centre import offline_pages, pages, support_pages, vote_pages
from integration.help_centre.around import Surroundings
from integration.help_centre.centre import HelpCentre
from integration.incidents import endpoints as incidents
from integration.integrations import pages as integrations_pages
from integration.meetings import calendar_endpoints as calendar
from integration.meetings import endpoints as meetings
from integration.notifications import endpoints as notifications
from integration.pages.compression import Compression
from integration.pages.files import KeptFiles
from integration.pages.throttle import throttles
from integration.questions import endpoints as questions
from integration.reports import endpoints as reports
from integration.reports import pages as report_pages
from integration.runtime import Clock, Runtime, clock_or_exit, make_runtime
from integration.signing_in import pages as sign_in_pages
from integration.staff import tenant_page, tenants_page
from integration.tenants import endpoints as tenants
from integration.tenants import personal_data_endpoints as personal_data
from integration.tenants import preferences_endpoints as preferences
from integration.webhooks import endpoints as webhooks

# In the order in which they are tried: what is asked most comes first.
ROUTERS = (
    webhooks.router,
    connections.router,
    incidents.router,
    notifications.router,
    questions.router,
    sla.router,
    desk.router,
    tenants.router,
    personal_data.router,
    gaps.router,
    gaps_pages.router,
    opinions_page.router,
    preferences.router,
    connecting.router,
    meetings.router,
    reports.router,
    calendar.router,
    backfill.router,
    health.router,
    connecting_pages.router,
    integrations_pages.router,
    sign_in_pages.api,
    sign_in_pages.router,
    report_pages.router,
    sla_page.router,
    start_page.router,
    queue_page.router,
    request_page.router,
    tenants_page.router,
    tenant_page.router,
    support_pages.router,
    vote_pages.router,
    offline_pages.router,
    pages.router,
)


class Service(FastAPI):
    """FastAPI whose OpenAPI document says that errors are problem details."""

    def openapi(self) -> dict[str, Any]:
        schema = super().openapi()
        for operation in (one for path in schema["paths"].values() for one in path.values()):
            for response in operation["responses"].values():
                content = response.get("content", {})
                model = content.get("application/json", {}).get("schema", {}).get("$ref", "")
                if model.endswith("Problem"):
                    content[problems.MEDIA_TYPE] = content.pop("application/json")
        return schema


def create_app(settings: Settings | None = None, *, clock: Clock = utcnow) -> FastAPI:
    """The service as an ASGI app.

    Without `settings` they come from the environment, and a process that cannot have them ends (exit code 2) with
    a message; it also takes over the process's log. `clock` gives the time, aware and in UTC; without `settings` it
    comes from the environment, too.
    """
    if settings is None:
        settings, clock = settings_or_exit(), clock_or_exit()
        logs.configure(settings.log_level)
    app = Service(
        title="Retain's Zoom support: integration service",
        docs_url=None,  # they load scripts from elsewhere, which our pages never do
        redoc_url=None,
        lifespan=_lifespan,
    )
    equip(app, make_runtime(settings, clock))
    for router in ROUTERS:
        check_routes(router.routes)
        app.include_router(router)
    app.mount("/static", KeptFiles(), name="static")
    problems.register(app)
    # Added last is outermost. A body that declares too much is answered by the envelope: the limiter uses plain text.
    app.add_middleware(Compression)
    app.add_middleware(BodyLimit)
    app.add_middleware(Envelope, https=settings.public_url.startswith("https:"))
    return app


def equip(app: FastAPI, runtime: Runtime) -> None:
    """Give the app what its process works with and keeps in memory, in the place of what it had."""
    app.state.runtime = runtime
    app.state.stopping = asyncio.Event()
    app.state.help_centre = HelpCentre(runtime)
    app.state.surroundings = Surroundings()
    app.state.throttles = throttles()


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    with _told_of_stop(asyncio.get_running_loop(), app.state.stopping):
        yield
    app.state.runtime.database.close()


@contextmanager
def _told_of_stop(loop: asyncio.AbstractEventLoop, stopping: asyncio.Event) -> Iterator[None]:
    """Set `stopping` as soon as a signal asks the process to end.

    The server tells an app so only after the last request is answered: a bot that waits for notifications would
    hold it up for half a minute. So the server's own handler is called after ours.
    """

    def listen(number: int) -> None:
        server_handler = signal.getsignal(number)

        def handle(received: int, frame: FrameType | None) -> None:
            loop.call_soon_threadsafe(stopping.set)
            if callable(server_handler):
                server_handler(received, frame)

        restore[number] = server_handler
        signal.signal(number, handle)

    restore: dict[int, Any] = {}
    try:
        for asked_to_end in (signal.SIGTERM, signal.SIGINT):
            listen(asked_to_end)
    except ValueError:
        # Not the main thread, as in tests: whoever started the server there also ends it.
        restore.clear()
    try:
        yield
    finally:
        stopping.set()
        for number, handler in restore.items():
            signal.signal(number, handler)
