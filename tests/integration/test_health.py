from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import URL

import integration.runtime
from integration.app import create_app
from kb.encoder import model_folder
from kb.errors import ArticleError, KbError
from kb.library import load_library
from kb.search import Search
from tests.integration.conftest import make_settings


def checks(url: URL, status: int) -> dict[str, dict[str, object]]:
    with TestClient(create_app(make_settings(url))) as client:
        response = client.get("/readyz")
    assert response.status_code == status
    assert response.json()["ready"] is (status == 200)
    found: dict[str, dict[str, object]] = response.json()["checks"]
    assert all(bool(check["remedy"]) is not check["ok"] for check in found.values())
    return found


def test_a_process_that_answers_is_alive(pages: TestClient) -> None:
    assert pages.get("/healthz").json() == {"status": "ok"}
    assert pages.head("/healthz").status_code == 200


def test_it_is_ready_when_everything_is(database_url: URL) -> None:
    assert all(check["ok"] for check in checks(database_url, 200).values())


def test_a_database_without_tables_is_named_with_the_command(empty_database_url: URL) -> None:
    found = checks(empty_database_url, 503)
    assert found["database"]["ok"]
    assert not found["migrations"]["ok"]
    assert "python -m integration db upgrade" in str(found["migrations"]["remedy"])


def test_a_database_of_another_version_is_not_ready(database_url: URL) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'later'"))
    engine.dispose()
    assert not checks(database_url, 503)["migrations"]["ok"]


@pytest.mark.parametrize(
    "url", ["sqlite:////nonexistent/folder/x.db", "postgresql+psycopg://u:pass-word@127.0.0.1:1/db-name"]
)
def test_a_database_that_is_away_is_named_without_its_secrets(url: str) -> None:
    found = checks(make_url(url), 503)
    assert not found["database"]["ok"]
    assert "DATABASE_URL" in str(found["database"]["remedy"])
    assert "pass-word" not in str(found)


def test_an_article_that_is_broken_is_named(pages: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ArticleError("The front matter is not closed.", path=Path("kb/articles/x.md"), line=3)

    monkeypatch.setattr(integration.runtime, "load_library", broken)
    found = pages.get("/readyz").json()["checks"]["knowledge_base"]
    assert "not closed" in found["detail"]
    assert found["remedy"] == "Run: python -m kb check"
    page = pages.get("/")
    assert page.status_code == 503
    assert "cannot be shown just now" in page.text


def test_what_the_search_must_do_without_is_said_with_what_to_do(
    database_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    search = Search(load_library())
    model_folder().mkdir(parents=True)  # what comes later helps only after a restart
    detail = str(checks(database_url, 200)["knowledge_base"]["detail"])
    assert search.comparer.kinds == 1
    assert "The sentence encoder is not installed. The search goes by words alone" in detail
    assert detail.endswith("Remedy: python -m kb model install – and restart this process.")


def test_the_error_of_the_knowledge_base_is_one_that_pages_know() -> None:
    assert issubclass(ArticleError, KbError)
