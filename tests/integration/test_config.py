import pytest

from integration.config import Settings, load_settings, parse_database_url, parse_public_url
from integration.errors import SettingsError
from tests.integration.conftest import API_KEY, KEY_ENTRY

SECRET = "a-secret-key-of-some-length-0123456789"
COMPLETE = {
    "PUBLIC_URL": "https://support.example.com/",
    "SECRET_KEY": SECRET,
    "ENCRYPTION_KEYS": KEY_ENTRY,
    "API_KEYS": f"bot:{API_KEY}",
    "ZOOM_CLIENT_ID": "a-client",
    "ZOOM_CLIENT_SECRET": "a-client-secret-0123456789",
    "ZOOM_WEBHOOK_SECRET": "a-webhook-secret-0123456789",
}
REQUIRED = tuple(COMPLETE)


@pytest.fixture
def env(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in (*REQUIRED, "DATABASE_URL", "LOG_LEVEL", "SUPPORT_EMAIL", "HELP_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in COMPLETE.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_the_required_settings_are_enough(env: pytest.MonkeyPatch) -> None:
    settings = load_settings()
    assert settings.public_url == "https://support.example.com"
    assert str(settings.database_url) == "sqlite:///retain.db"
    assert settings.log_level == "INFO"


def test_everything_that_is_missing_is_named_at_once_with_where_to_get_it(env: pytest.MonkeyPatch) -> None:
    for name in REQUIRED:
        env.delenv(name)
    env.setenv("SUPPORT_EMAIL", "not an address")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    message = str(caught.value)
    assert all(f"{name} is missing" in message for name in REQUIRED)
    assert "SUPPORT_EMAIL" in message
    for command in ("keys secret", "keys generate", "keys api bot"):
        assert f"python -m integration {command}" in message


def test_a_setting_left_empty_counts_as_missing_or_default(env: pytest.MonkeyPatch) -> None:
    env.setenv("DATABASE_URL", "")
    env.setenv("LOG_LEVEL", "")
    assert load_settings().log_level == "INFO"
    env.setenv("SECRET_KEY", "")
    with pytest.raises(SettingsError, match="SECRET_KEY is missing"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PUBLIC_URL", "http://support.example.com"),
        ("SECRET_KEY", "short-secret"),
        ("ENCRYPTION_KEYS", "k1:c2hvcnQtc2VjcmV0"),
        ("API_KEYS", "bot:short-secret"),
        ("DATABASE_URL", "mysql://user:short-secret@host/db"),
        ("LOG_LEVEL", "loud"),
        ("HELP_URL", "nowhere"),
    ],
)
def test_an_unusable_setting_is_named_without_its_value(env: pytest.MonkeyPatch, name: str, value: str) -> None:
    env.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert caught.value.field == name
    assert name in str(caught.value)
    assert value not in str(caught.value)
    assert "short-secret" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_no_secret_shows_in_the_settings(env: pytest.MonkeyPatch) -> None:
    env.setenv("DATABASE_URL", "postgres://user:pass-word@host/db")
    settings: Settings = load_settings()
    shown = repr(settings) + str(settings) + repr(settings.database_url)
    for secret in (SECRET, KEY_ENTRY[3:], API_KEY, "pass-word"):
        assert secret not in shown


@pytest.mark.parametrize(
    "url", ["http://localhost:8000", "http://127.0.0.1", "http://[::1]:9", "https://x.example", "http://web.localhost"]
)
def test_a_public_address_is_https_or_on_this_machine(url: str) -> None:
    assert parse_public_url(f"{url}/") == url


@pytest.mark.parametrize(
    "url",
    [
        "http://x.example",
        "http://127.0.0.1.example.com",
        "http://localhost.example",
        "ftp://x",
        "x.example",
        "",
        "https://",
        "https://x/a",
        "https://x?y",
        "https://me:pw@x",
        "https://[",
        "https://x:port",
    ],
)
def test_any_other_public_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"is not|must"):
        parse_public_url(url)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_hosts_may_spell_postgresql_as_they_like(scheme: str) -> None:
    url = parse_database_url(f"{scheme}://user:pw@host:5433/db?sslmode=require")
    assert url.render_as_string(hide_password=False) == "postgresql+psycopg://user:pw@host:5433/db?sslmode=require"


@pytest.mark.parametrize("url", ["", "nonsense", "sqlite://", "sqlite:///:memory:", "mysql://h/d", "postgres:host"])
def test_any_other_database_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"is not|names|must"):
        parse_database_url(url)
