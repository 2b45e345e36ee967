"""Whatever is sent, the answer is never a server error, and every refusal is a problem."""

import json
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import URL

from integration.app import create_app
from tests.integration.conftest import API_KEY, make_settings

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
plausible = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300)
question = st.fixed_dictionaries({}, optional=dict.fromkeys(("key", "text", "actor", "place"), plausible | anything))
answer = st.fixed_dictionaries(
    {"status": st.sampled_from(["answered", "unknown"]) | anything},
    optional={"article": plausible | anything, "confidence": st.floats() | anything},
)
opinion = st.fixed_dictionaries(
    {"actor": plausible, "helpful": st.booleans() | anything}, optional={"comment": anything}
)
outcome = st.fixed_dictionaries({"outcome": st.just("delivered") | anything}, optional={"reason": plausible | anything})


@pytest.fixture(scope="module")
def fuzzed(module_database_url: URL) -> Iterator[TestClient]:
    """One client for all examples: hypothesis makes many of them for one test."""
    app = create_app(make_settings(module_database_url))
    with TestClient(app, headers={"Authorization": f"Bearer {API_KEY}"}) as client:
        yield client


def send(client: TestClient, path: str, body: object) -> int:
    # allow_nan: the other side reads NaN and Infinity, as Python's json does.
    response = client.post(path, content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert response.status_code < 500, response.text
    if response.status_code >= 400:
        problem = response.json()
        assert problem["status"] == response.status_code
        assert problem["remedy"]
        assert problem["field"]
    return int(response.status_code)


@settings(deadline=None, max_examples=120)
@given(body=question | anything)
def test_a_question_is_recorded_or_refused(fuzzed: TestClient, body: object) -> None:
    assert send(fuzzed, "/v1/questions", body) in (201, 409, 422)


@settings(deadline=None, max_examples=60)
@given(key=st.uuids(), answer=answer, opinion=opinion)
def test_answers_and_opinions_are_recorded_or_refused(
    fuzzed: TestClient, key: object, answer: object, opinion: object
) -> None:
    body = {"key": str(key), "text": "Why?", "actor": "a", "place": "p"}
    question_id = fuzzed.post("/v1/questions", json=body).json()["id"]
    assert send(fuzzed, f"/v1/questions/{question_id}/answered", answer) in (204, 422)
    assert send(fuzzed, f"/v1/questions/{question_id}/feedback", opinion) in (204, 422)


@settings(deadline=None, max_examples=40)
@given(body=outcome | anything)
def test_an_acknowledgement_of_nothing_is_refused(fuzzed: TestClient, body: object) -> None:
    assert send(fuzzed, f"/v1/notifications/{'0' * 32}/ack", body) in (404, 422)


@settings(deadline=None, max_examples=60)
@given(raw=st.binary(max_size=200), kind=st.sampled_from(["application/json", "text/plain", "application/x"]))
def test_any_bytes_are_refused(fuzzed: TestClient, raw: bytes, kind: str) -> None:
    response = fuzzed.post("/v1/questions", content=raw, headers={"Content-Type": kind})
    assert response.status_code in (400, 422)
    assert response.headers["content-type"] == "application/problem+json"


@settings(deadline=None, max_examples=60)
@given(path=st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=10), max_size=4))
def test_no_address_is_a_server_error(fuzzed: TestClient, path: list[str]) -> None:
    address = "/" + "/".join(quote(part, safe="") for part in path)
    assert fuzzed.get(f"http://testserver{address}").status_code < 500
