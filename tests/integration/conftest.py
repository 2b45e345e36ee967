"""Every test that touches the database runs on SQLite and on PostgreSQL."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import NullPool

from integration import migrations
from integration.app import create_app, equip
from integration.config import Settings
from integration.db import Base
from integration.runtime import Runtime, make_runtime
from tests.support.postgres import PostgresUnavailable, shared_cluster
from tests.support.settings import SETTINGS

API_KEY = "test-key-of-the-bot-0123456789"
KEY_ENTRY = str(SETTINGS["encryption_keys"])


class TestClock:
    """A clock that stands still until it is told to move."""

    __test__ = False

    def __init__(self) -> None:
        self.now = datetime(2025, 1, 14, 18, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[URL]:
    """The address of a running server's maintenance database."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent  # each worker has its own folder in that of the run
    try:
        with shared_cluster(root / "postgres") as socket:
            yield URL.create("postgresql+psycopg", "postgres", database="postgres", query={"host": str(socket)})
    except PostgresUnavailable as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI must test on PostgreSQL: {error}")
        pytest.skip(f"not tested on PostgreSQL: {error}")


@pytest.fixture(scope="session")
def new_postgres_database(postgres: URL) -> Iterator[Callable[[str], URL]]:
    """Make databases, as copies of another one; all are dropped at the end."""
    engine = create_engine(postgres, isolation_level="AUTOCOMMIT")
    made: list[str] = []

    def make(template: str = "template1") -> URL:
        made.append(f"test_{uuid4().hex}")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {made[-1]} TEMPLATE {template} STRATEGY file_copy"))
        return postgres.set(database=made[-1])

    yield make
    with engine.connect() as connection:
        for name in made:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture(scope="session")
def postgres_template(new_postgres_database: Callable[[str], URL]) -> str:
    url = new_postgres_database("template1")
    migrations.upgrade(url)
    assert url.database is not None
    return url.database


@pytest.fixture(scope="session")
def emptied_postgres(new_postgres_database: Callable[[str], URL], postgres_template: str) -> Callable[[], URL]:
    """This process's own database, each time without rows: that costs a tenth of a copy."""
    kept: list[URL] = []

    def emptied() -> URL:
        if not kept or not _emptied(kept[0]):
            kept[:] = [new_postgres_database(postgres_template)]
        return kept[0]

    return emptied


def _emptied(url: URL) -> bool:
    """False when the last test left other tables than it found."""
    engine = create_engine(url, poolclass=NullPool)
    tables = [table.name for table in reversed(Base.metadata.sorted_tables)]
    others = "pid <> pg_backend_pid() AND datname = current_database()"
    try:
        with engine.begin() as connection:
            connection.execute(text(f"SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE {others}"))
            connection.execute(text(";".join(f"DELETE FROM {table}" for table in tables)))
            same: bool = connection.scalar(text("SELECT version_num FROM alembic_version")) == migrations.head()
    except ProgrammingError:
        return False
    return same


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "empty.db"
    migrations.upgrade(make_url(f"sqlite:///{path}"))
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> URL:
    """A database without tables, on each engine in turn."""
    if request.param == "sqlite":
        return make_url(f"sqlite:///{tmp_path / 'empty.db'}")
    url: URL = request.getfixturevalue("new_postgres_database")("template1")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> URL:
    """A migrated, empty database of the test's own, on each engine in turn."""
    if request.param == "sqlite":
        path = tmp_path / "retain.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return make_url(f"sqlite:///{path}")
    url: URL = request.getfixturevalue("emptied_postgres")()
    return url


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def module_database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> URL:
    """A migrated, empty database for all of a module's tests, on each engine in turn."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("module") / "retain.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return make_url(f"sqlite:///{path}")
    url: URL = request.getfixturevalue("new_postgres_database")(request.getfixturevalue("postgres_template"))
    return url


def make_settings(database_url: URL, **changes: object) -> Settings:
    own = {
        "api_keys": f"bot:{API_KEY},other:another-key-0123456789abcdef",
        "database_url": database_url.render_as_string(hide_password=False),
    }
    return Settings.model_validate({**SETTINGS, **own, **changes})


@pytest.fixture
def settings(database_url: URL) -> Settings:
    return make_settings(database_url)


@pytest.fixture
def runtime(settings: Settings, clock: TestClock) -> Iterator[Runtime]:
    """What a worker holds: the same database and clock as `client`."""
    made = make_runtime(settings, clock)
    yield made
    made.database.close()


@pytest.fixture(scope="session")
def built_app() -> FastAPI:
    """Building it takes longer than most tests do. Nothing of it belongs to a test but what `serving_for` puts in."""
    return create_app(make_settings(make_url("sqlite:////nowhere/app.db")))


def serving_for(runtime: Runtime, app: FastAPI) -> FastAPI:
    """The app, with this test's settings, database and clock. `public_url` must be on http."""
    equip(app, runtime)
    return app


@pytest.fixture
def anonymous(settings: Settings, clock: TestClock, built_app: FastAPI) -> Iterator[TestClient]:
    app = serving_for(make_runtime(settings, clock), built_app)
    with TestClient(app, base_url="http://localhost:8000") as client:
        yield client


@pytest.fixture
def client(anonymous: TestClient) -> TestClient:
    """A client with the bot's API key."""
    anonymous.headers["Authorization"] = f"Bearer {API_KEY}"
    return anonymous


@pytest.fixture
def pages(tmp_path: Path, sqlite_template: Path, clock: TestClock, built_app: FastAPI) -> Iterator[TestClient]:
    """For what never touches the database."""
    path = tmp_path / "pages.db"
    shutil.copy(sqlite_template, path)
    app = serving_for(make_runtime(make_settings(make_url(f"sqlite:///{path}")), clock), built_app)
    with TestClient(app, base_url="http://localhost:8000") as client:
        yield client
