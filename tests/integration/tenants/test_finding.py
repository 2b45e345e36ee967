from datetime import UTC, datetime

import pytest

from integration.errors import NotFound
from integration.runtime import Runtime
from integration.tenants import finding
from integration.tenants.models import Tenant

NOW = datetime(2025, 1, 14, 18, 30, tzinfo=UTC)
TENANTS = {
    "acme": ("Acme Corp", ["acme.example"]),
    "acme-europe": ("Acme Europe GmbH", ["acme.de"]),
    "globex": ("Globex", ["globex.example", "globex.co.uk"]),
    "initech": ("Initech Systems", []),
    "umbrella": ("Café Umbrella", ["umbrella.example"]),
}


@pytest.fixture
def known(runtime: Runtime) -> Runtime:
    with runtime.database.writing() as session:
        for tenant_id, (name, domains) in TENANTS.items():
            session.add(Tenant(id=tenant_id, name=name, domains=domains, created_at=NOW))
    return runtime


def found(runtime: Runtime, query: str) -> list[tuple[str, float]]:
    with runtime.database.reading() as session:
        return [(one.tenant.id, one.score) for one in finding.search(session, query)]


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("acme", "acme"),
        ("Acme Corp", "acme"),
        ("ACME corporation", "acme"),
        ("europe acme", "acme-europe"),
        ("acme.de", "acme-europe"),
        ("globx", "globex"),
        ("Glbex", "globex"),
        ("globex.co.uk", "globex"),
        ("initech system", "initech"),
        ("inittech", "initech"),
        ("cafe umbrela", "umbrella"),
    ],
)
def test_who_was_meant_comes_first(known: Runtime, query: str, best: str) -> None:
    assert found(known, query)[0][0] == best


@pytest.mark.parametrize("query", ["acme", "Acme Corp", "acme corp", "acme.example"])
def test_the_very_one_has_the_full_score_and_nobody_else(known: Runtime, query: str) -> None:
    (first, score), *others = found(known, query)
    assert (first, score) == ("acme", 1)
    assert all(other < 1 for _, other in others)


@pytest.mark.parametrize("query", ["zzzzz", "", "  ", "!?", "x", "qq"])
def test_what_nobody_is_called_finds_nothing(known: Runtime, query: str) -> None:
    assert found(known, query) == []


def test_a_letter_does_not_find_all_who_have_it(known: Runtime) -> None:
    assert found(known, "a") == []


def test_scores_fall(known: Runtime) -> None:
    scores = [score for _, score in found(known, "acme europe")]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_a_tenant_that_does_not_exist_is_refused_with_those_it_may_be(known: Runtime) -> None:
    with known.database.reading() as session, pytest.raises(NotFound) as caught:
        finding.tenant_of(session, "globx")
    assert caught.value.field == "tenant"
    assert caught.value.remedy == "Did you mean globex?"


def test_a_tenant_unlike_all_others_is_refused_with_how_to_add_one(known: Runtime) -> None:
    with known.database.reading() as session, pytest.raises(NotFound, match="tenants add"):
        finding.tenant_of(session, "zzzzz")
