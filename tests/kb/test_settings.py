import pytest

from kb.errors import SettingsError
from kb.settings import FALLBACK_WORDS, SiteSettings


def test_without_an_environment_only_zooms_own_pages_are_known() -> None:
    settings = SiteSettings.from_env({})
    assert settings == SiteSettings()
    assert settings.zoom_marketplace_url == "https://marketplace.zoom.us"
    assert settings.zoom_account_url == "https://zoom.us/account"
    assert settings.zoom_app_name == "Retain"
    assert settings.help_url is None


def test_addresses_follow_from_the_public_url_and_contact_from_the_support_email() -> None:
    settings = SiteSettings.from_env({"PUBLIC_URL": "https://x.example/", "SUPPORT_EMAIL": "help@x.example"})
    assert settings.help_url == "https://x.example"
    assert settings.integrations_url == "https://x.example/integrations"
    assert settings.representative_contact == "help@x.example"


def test_a_setting_of_its_own_wins() -> None:
    settings = SiteSettings.from_env(
        {
            "PUBLIC_URL": "https://x.example",
            "HELP_URL": "https://help.example/",
            "INTEGRATIONS_URL": "http://127.0.0.1:8000/i",
            "SUPPORT_EMAIL": "help@x.example",
            "REPRESENTATIVE_CONTACT": "https://x.example/people",
            "ZOOM_APP_NAME": "Retain (beta)",
        }
    )
    assert settings.help_url == "https://help.example"
    assert settings.integrations_url == "http://127.0.0.1:8000/i"
    assert settings.representative_contact == "https://x.example/people"
    assert settings.zoom_app_name == "Retain (beta)"


def test_a_blank_value_is_unset() -> None:
    assert SiteSettings.from_env({"HELP_URL": "  ", "ZOOM_APP_NAME": ""}) == SiteSettings()


@pytest.mark.parametrize("name", ["PUBLIC_URL", "HELP_URL", "INTEGRATIONS_URL", "ZOOM_MARKETPLACE_URL"])
@pytest.mark.parametrize("value", ["x.example", "javascript:alert(1)", "https://", "https://[x", "https://a b"])
def test_an_address_that_is_none_is_refused_with_a_remedy(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        SiteSettings.from_env({name: value})
    assert caught.value.field == name
    assert "https://" in str(caught.value.remedy)


@pytest.mark.parametrize("value", ["help", "help me@x.example"])
def test_an_email_address_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        SiteSettings.from_env({"SUPPORT_EMAIL": value})
    assert caught.value.field == "SUPPORT_EMAIL"


def test_every_placeholder_has_a_value_or_words() -> None:
    settings = SiteSettings(*(["set"] * len(FALLBACK_WORDS)))
    assert {name: settings.value(name) for name in FALLBACK_WORDS} == dict.fromkeys(FALLBACK_WORDS, "set")
    assert all(FALLBACK_WORDS.values())
    assert settings.value("SECRET_KEY") is None
