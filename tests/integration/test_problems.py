"""Every error is a problem with a remedy, and a page where people look."""

import json
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from jsonschema import validate
from sqlalchemy import engine
from sqlalchemy.exc import OperationalError

from integration.app import create_app
from integration.problems import Problem
from integration.questions import service
from tests.integration.conftest import API_KEY, make_settings

QUESTION = {"key": "Ev1", "text": "Why?", "actor": "slack:T1/U1", "place": "slack:T1/C1"}
URL = "/v1/questions"


@pytest.fixture
def bot(pages: TestClient) -> TestClient:
    pages.headers["Authorization"] = f"Bearer {API_KEY}"
    return pages


def problem(response: object, status: int) -> dict[str, object]:
    assert response.status_code == status  # type: ignore[attr-defined]
    assert response.headers["content-type"] == "application/problem+json"  # type: ignore[attr-defined]
    body: dict[str, object] = response.json()  # type: ignore[attr-defined]
    validate(body, Problem.model_json_schema())
    assert body["status"] == status
    assert body["remedy"]
    assert body["request_id"] == response.headers["x-request-id"]  # type: ignore[attr-defined]
    return body


@pytest.mark.parametrize("body", ["{", "not json", '{"key": }', b"\xff\xfe", "[" * 100_000, "1" * 5_000, "NaN,"])
def test_a_body_that_is_not_json_is_refused_with_a_remedy(bot: TestClient, body: str | bytes) -> None:
    refused = problem(bot.post(URL, content=body, headers={"Content-Type": "application/json"}), 400)
    assert refused["field"] == "body"
    assert "JSON" in str(refused["remedy"])


@pytest.mark.parametrize("body", ["[]", "null", "1", '"text"', "NaN", ""])
def test_json_that_is_no_object_is_refused(bot: TestClient, body: str) -> None:
    refused = problem(bot.post(URL, content=body, headers={"Content-Type": "application/json"}), 422)
    assert refused["field"] == "body"


def test_a_body_of_another_type_is_refused_with_the_header_to_send(bot: TestClient) -> None:
    refused = problem(bot.post(URL, content=json.dumps(QUESTION), headers={"Content-Type": "text/plain"}), 422)
    assert "application/json" in str(refused["remedy"])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": " \n\t"}, "text"),
        ({"text": "x" * 40_001}, "text"),
        ({"text": None}, "text"),
        ({"text": 7}, "text"),
        ({"key": ""}, "key"),
        ({"key": "k" * 256}, "key"),
        ({"key": "a\0b"}, "key"),
        ({"actor": "a\0b"}, "actor"),
        ({"place": ["x"]}, "place"),
    ],
)
def test_a_value_that_is_not_acceptable_is_named(bot: TestClient, changes: dict[str, object], field: str) -> None:
    refused = problem(bot.post(URL, json=QUESTION | changes), 422)
    assert refused["field"] == field
    assert field in str(refused["detail"])


def test_half_a_surrogate_pair_is_refused(bot: TestClient) -> None:
    body = json.dumps(QUESTION).replace("Why?", "\\ud800")
    refused = problem(bot.post(URL, content=body, headers={"Content-Type": "application/json"}), 422)
    assert refused["field"] == "text"


def test_all_faults_are_listed_and_what_was_sent_is_not_repeated(bot: TestClient) -> None:
    response = bot.post(URL, json={"key": "k" * 300, "text": " ", "actor": "confidential\0"})
    refused = problem(response, 422)
    errors = refused["errors"]
    assert isinstance(errors, list)
    assert {one["field"] for one in errors} == {"key", "text", "actor", "place"}
    assert "kkk" not in response.text
    assert "confidential" not in response.text


def test_a_body_over_256_kib_is_refused_by_its_declared_length(bot: TestClient) -> None:
    refused = problem(bot.post(URL, json=QUESTION | {"text": "x" * 300_000}), 413)
    assert "256 KiB" in str(refused["detail"])


def test_a_body_over_256_kib_is_refused_while_it_is_read(bot: TestClient) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(6):
            yield b" " * 65_536

    problem(bot.post(URL, content=chunks(), headers={"Content-Type": "application/json"}), 413)


def test_an_unknown_address_of_the_api_is_a_problem(bot: TestClient) -> None:
    problem(bot.get("/v1/nothing"), 404)
    problem(bot.post("/v1/questions/%00/answered", json={"status": "unknown"}), 404)
    problem(bot.post("/v1/questions/../answered", json={"status": "unknown"}), 404)


def test_a_method_that_is_not_possible_names_the_one_that_is(bot: TestClient) -> None:
    response = bot.get(URL)
    refused = problem(response, 405)
    assert response.headers["Allow"] == "POST"
    assert "POST" in str(refused["remedy"])


def test_a_bug_shows_nothing_of_its_inside_and_is_logged_with_the_request_id(
    bot: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> str:
        raise RuntimeError("inside")

    monkeypatch.setattr(service, "claim", broken)
    response = bot.post(URL, json=QUESTION, headers={"X-Request-ID": "request-of-mine"})
    assert problem(response, 500)["request_id"] == "request-of-mine"
    assert "inside" not in response.text
    assert "inside" in caplog.text


def test_a_database_that_is_away_is_said_so_without_its_words(bot: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> str:
        raise OperationalError("SELECT", {}, Exception("host db-7.internal refused"))

    monkeypatch.setattr(service, "claim", away)
    response = bot.post(URL, json=QUESTION)
    assert "db-7" not in response.text
    assert "readyz" in str(problem(response, 503)["remedy"])
    assert response.headers["Retry-After"]


@pytest.mark.parametrize("path", ["/nothing", "/help/nothing", "/static/nothing.css", "/help/%00", "/v1x"])
def test_people_get_a_page_that_leads_on(pages: TestClient, path: str) -> None:
    response = pages.get(path)
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")
    assert "See all topics" in response.text
    assert "Talk to a person" in response.text


def test_errors_are_described_as_problems(pages: TestClient) -> None:
    document = pages.get("/openapi.json").json()
    again = pages.get("/openapi.json").json()
    assert again == document
    responses = document["paths"]["/v1/questions"]["post"]["responses"]
    assert {"201", "400", "401", "409", "413", "422", "503"} <= set(responses)
    assert list(responses["401"]["content"]) == ["application/problem+json"]
    assert list(responses["201"]["content"]) == ["application/json"]


def test_a_database_without_tables_is_unavailable_and_no_bug(empty_database_url: engine.URL) -> None:
    with TestClient(create_app(make_settings(empty_database_url))) as client:
        response = client.post(URL, json=QUESTION, headers={"Authorization": f"Bearer {API_KEY}"})
    assert "/readyz" in str(problem(response, 503)["remedy"])
