"""`/healthz`: the process answers. `/readyz`: it can do its work, or what keeps it from it. `/metrics`: in numbers."""

import logging
from collections.abc import Callable, Mapping

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from integration import migrations
from integration.auth import require_caller
from integration.errors import IntegrationError, VaultError
from integration.metrics import render
from integration.problems import PROBLEM_RESPONSES
from integration.runtime import Runtime, runtime_of
from kb.encoder import encoder_lacks
from kb.errors import KbError

log = logging.getLogger(__name__)

router = APIRouter()


class Health(BaseModel):
    status: str


class Check(BaseModel):
    ok: bool
    detail: str
    remedy: str | None


class Readiness(BaseModel):
    ready: bool
    checks: dict[str, Check]


def _database(runtime: Runtime) -> str:
    with runtime.database.reading() as session:
        session.execute(text("SELECT 1"))
    return "The database answers."


def _migrations(runtime: Runtime) -> str:
    if not migrations.at_head(runtime.database):
        raise IntegrationError("The database's tables are not those of this version.")
    return "The database has this version's tables."


def _encryption(runtime: Runtime) -> str:
    place = {"table": "readyz", "column": "probe", "row": "0"}
    if runtime.vault.open(runtime.vault.seal("probe", **place), **place) != "probe":
        raise VaultError("What was sealed did not open to the same text.")
    return "Texts can be sealed and opened."


def _knowledge_base(runtime: Runtime) -> str:
    lacking = encoder_lacks()
    hint = f" {lacking} – and restart this process." if lacking else ""
    return f"{len(runtime.library.articles)} articles are loaded.{hint}"


CHECKS: Mapping[str, tuple[Callable[[Runtime], str], str]] = {
    "database": (_database, "Check DATABASE_URL, and that the database runs and can be reached from here."),
    "migrations": (_migrations, "Run: python -m integration db upgrade"),
    "encryption": (_encryption, "Check ENCRYPTION_KEYS; `python -m integration keys generate` makes an entry."),
    "knowledge_base": (_knowledge_base, "Run: python -m kb check"),
}


@router.head("/healthz", include_in_schema=False)
@router.get("/healthz", summary="Is the process alive?")
def healthz() -> Health:
    return Health(status="ok")


@router.head("/readyz", include_in_schema=False)
@router.get(
    "/readyz",
    summary="Can it do its work?",
    responses={503: {"model": Readiness, "description": "Something is missing; each check says what to do"}},
)
def readyz(request: Request, response: Response) -> Readiness:
    runtime = runtime_of(request)
    checks = {name: check(name, runtime) for name in CHECKS}
    ready = all(one.ok for one in checks.values())
    if not ready:
        response.status_code = 503
    return Readiness(ready=ready, checks=checks)


def check(name: str, runtime: Runtime) -> Check:
    """What one of CHECKS finds."""
    look, remedy = CHECKS[name]
    try:
        return Check(ok=True, detail=look(runtime), remedy=None)
    except SQLAlchemyError:
        # Its words may name hosts and users: they are for the log.
        log.warning("readiness check %s failed", name, exc_info=True)
        return Check(ok=False, detail="The database does not answer.", remedy=remedy)
    except (IntegrationError, KbError) as error:
        log.warning("readiness check %s failed: %s", name, error)
        return Check(ok=False, detail=error.message, remedy=remedy)


@router.get(
    "/metrics",
    summary="What was done and what waits, for Prometheus",
    dependencies=[Depends(require_caller)],
    response_class=PlainTextResponse,
    responses={401: PROBLEM_RESPONSES[401]},
)
def metrics(request: Request) -> Response:
    runtime = runtime_of(request)
    return Response(render(runtime.metrics, runtime.database, runtime.clock), media_type=CONTENT_TYPE_PLAIN_0_0_4)
