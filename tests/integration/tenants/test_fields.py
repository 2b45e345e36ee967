import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.tenants.fields import FREE_MAIL, known_zone, mail_domain, own_domain, own_domains, slug, team_id


@pytest.mark.parametrize(
    ("given_text", "domain"),
    [
        ("acme.example", "acme.example"),
        (" @Acme.Example. ", "acme.example"),
        ("Ada@Mail.Acme.example", "mail.acme.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
    ],
)
def test_a_domain_has_one_spelling(given_text: str, domain: str) -> None:
    assert own_domain(given_text) == domain
    assert own_domain(domain) == domain


@pytest.mark.parametrize("text", ["", "acme", "@", "a..b", "-acme.example", "a b.example", "1.2.3.4", "acme.example/x"])
def test_what_is_no_domain_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a domain"):
        own_domain(text)


@pytest.mark.parametrize("text", ["gmail.com", "someone@GMAIL.com", "web.de"])
def test_a_domain_of_everybody_cannot_be_a_tenants_own(text: str) -> None:
    with pytest.raises(ValueError, match=r"open to everybody.*leave it out"):
        own_domain(text)


def test_the_domains_of_everybody_are_spelled_as_they_are_compared() -> None:
    assert {mail_domain(domain) for domain in FREE_MAIL} == FREE_MAIL


def test_each_domain_is_kept_once_in_the_order_given() -> None:
    assert own_domains(["b.example", "A.example", "@b.example"]) == ["b.example", "a.example"]


def test_too_many_domains_are_refused() -> None:
    with pytest.raises(ValueError, match="more than 50"):
        own_domains([f"a{number}.example" for number in range(51)])


@given(st.text(max_size=60))
def test_any_text_is_a_domain_or_refused(text: str) -> None:
    try:
        domain = mail_domain(text)
    except ValueError:
        return
    assert domain == domain.lower()
    assert domain.isascii()
    assert "@" not in domain


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Europe/Berlin", "UTC"])
def test_a_zone_of_the_iana_database_is_taken(zone: str) -> None:
    assert known_zone(zone) == zone


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("berlin", "did you mean Europe/Berlin"),
        ("los angeles", "did you mean America/Los_Angeles"),
        ("localtime", "not a zone"),
        ("../../etc/passwd", "not a zone"),
        ("", "not a zone"),
    ],
)
def test_another_zone_is_refused_with_the_nearest(text: str, hint: str) -> None:
    with pytest.raises(ValueError, match=hint):
        known_zone(text)


@pytest.mark.parametrize("text", ["acme", "a", "acme-europe", "4you", "a" * 63])
def test_a_slug_is_taken(text: str) -> None:
    assert slug(text) == text


@pytest.mark.parametrize(
    "text", ["", "Acme", "acme_corp", "-acme", "acme-", "a--b", "acme corp", "a" * 64, "acme\n", "é"]
)
def test_what_is_no_slug_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a slug"):
        slug(text)


@pytest.mark.parametrize("text", ["", "T 1", "T1/U1", "T1\n", "T" * 51])
def test_what_is_no_workspaces_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a workspace's id"):
        team_id(text)
