"""What a running process holds: settings, database, vault, clock, knowledge base. Built once, passed along."""

import logging
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Annotated, cast

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from integration.config import Settings
from integration.db import Database, utcnow
from integration.metrics import Metrics
from integration.vault import Vault
from integration.zoom.client import ZoomClient
from integration.zoom.oauth import ZoomOAuth
from integration.zoom.wire import make_http
from kb.article import Article
from kb.clock import clock_from
from kb.errors import KbError
from kb.library import Library, load_library
from kb.settings import SiteSettings

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Runtime:
    """Everything that endpoints and duties need from their process."""

    settings: Settings
    database: Database
    vault: Vault
    clock: Clock
    site: SiteSettings
    zoom_oauth: ZoomOAuth
    zoom: ZoomClient
    metrics: Metrics

    @cached_property
    def library(self) -> Library:
        """The articles, read on first use. Raises KbError when one is broken (and tries again next time)."""
        return load_library()

    def article(self, slug: str | None) -> Article | None:
        """For what goes on without it: None where there is none, and where the articles cannot be read, too."""
        try:
            return self.library.articles.get(slug or "")
        except KbError as error:
            log.error("it goes on without articles: %s", error)
            return None


def make_runtime(settings: Settings, clock: Clock = utcnow) -> Runtime:
    """Build the runtime of one process. Connects to nothing yet."""
    metrics = Metrics()

    def count(call: str, outcome: str) -> None:
        metrics.zoom_calls.labels(call, outcome).inc()

    return Runtime(
        settings=settings,
        database=Database(settings.database_url),
        vault=Vault(settings.encryption_keys),
        clock=clock,
        site=SiteSettings.from_env({**os.environ, "PUBLIC_URL": settings.public_url}),
        zoom_oauth=ZoomOAuth(
            client_id=settings.zoom_client_id,
            client_secret=settings.zoom_client_secret,
            oauth_url=settings.zoom_oauth_url,
            http=make_http(settings.zoom_oauth_url),
            clock=clock,
            count=count,
        ),
        zoom=ZoomClient(api_url=settings.zoom_api_url, http=make_http(settings.zoom_api_url), clock=clock, count=count),
        metrics=metrics,
    )


def clock_or_exit() -> Clock:
    """The clock of a process that starts now; where the environment names one that cannot be, it ends and says why."""
    try:
        return clock_from(os.environ)
    except KbError as error:
        print(error, file=sys.stderr)  # noqa: T201 - logging is not set up yet
        raise SystemExit(2) from None


def runtime_of(request: Request) -> Runtime:
    """The runtime of the app that answers this request."""
    return cast("Runtime", request.app.state.runtime)


def _writing_session(request: Request) -> Iterator[Session]:
    with runtime_of(request).database.writing() as session:
        yield session


# Asynchronous, as they wait for nothing: others run in a thread of the pool, which costs more than they do.
async def _vault(request: Request) -> Vault:
    return runtime_of(request).vault


async def _now(request: Request) -> datetime:
    return runtime_of(request).clock()


# scope="function": a plain `yield` dependency would commit only after the reply was sent.
WritingSession = Annotated[Session, Depends(_writing_session, scope="function")]
TheVault = Annotated[Vault, Depends(_vault)]
Now = Annotated[datetime, Depends(_now)]
