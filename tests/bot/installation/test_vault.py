"""What the bot's vault seals opens in its own place only, with the right key only."""

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import integration.errors as services
from bot.errors import VaultError
from bot.installation.vault import EncryptionKeys, Vault
from integration import vault as service

FIRST = "k1:kdW5b0hzr2sM0m2xg2x1w1l8QyXyN3pVb0q7uTgJ5aE="
SECOND = "k2:UEVPiniljsYZsBuHHH3ItA841sIX73cZR2ZlYJ6vPAc="
PLACE = {"table": "slack_bots", "column": "bot_token", "row": "T1"}
TOKEN = "xoxb-of-a-workspace"
LETTERS = f"{string.ascii_letters}{string.digits}-_"


def vault(keys: str = FIRST) -> Vault:
    return Vault(EncryptionKeys.parse(keys))


def services_vault() -> service.Vault:
    return service.Vault(service.EncryptionKeys.parse(FIRST))


@given(st.text())
def test_what_was_sealed_opens(text: str) -> None:
    assert vault().open(vault().seal(text, **PLACE), **PLACE) == text


def test_a_sealed_text_names_its_form_and_key_and_is_never_the_same_twice() -> None:
    sealed = vault().seal(TOKEN, **PLACE)
    assert sealed.startswith("v1.k1.")
    assert TOKEN not in sealed
    assert sealed != vault().seal(TOKEN, **PLACE)


@pytest.mark.parametrize("elsewhere", [{"table": "other"}, {"column": "other"}, {"row": "T2"}])
def test_in_another_place_it_does_not_open(elsewhere: dict[str, str]) -> None:
    with pytest.raises(VaultError, match="does not open"):
        vault().open(vault().seal(TOKEN, **PLACE), **(PLACE | elsewhere))


def test_a_new_first_key_seals_and_the_old_one_still_opens() -> None:
    old = vault().seal(TOKEN, **PLACE)
    both = vault(f"{SECOND},{FIRST}")
    assert not both.is_on_newest_key(old)
    assert both.is_on_newest_key(both.seal(TOKEN, **PLACE))
    assert both.open(old, **PLACE) == TOKEN
    assert both.seal(TOKEN, **PLACE).startswith("v1.k2.")


def test_a_key_that_is_gone_is_named_with_the_remedy() -> None:
    with pytest.raises(VaultError, match=r"the key k1.*BOT_ENCRYPTION_KEYS") as caught:
        vault(SECOND).open(vault().seal(TOKEN, **PLACE), **PLACE)
    assert caught.value.field == "BOT_ENCRYPTION_KEYS"


@given(st.data())
def test_a_changed_text_does_not_open_and_is_not_shown(data: st.DataObject) -> None:
    sealed = vault().seal(TOKEN, **PLACE)
    index = data.draw(st.integers(0, len(sealed) - 1))
    changed = sealed[:index] + ("A" if sealed[index] != "A" else "B") + sealed[index + 1 :]
    with pytest.raises(VaultError) as caught:
        vault().open(changed, **PLACE)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(("open_vault", "error"), [(vault, VaultError), (services_vault, services.VaultError)])
@pytest.mark.parametrize("length", range(3))
def test_both_vaults_take_one_spelling_only(open_vault: Any, error: type[Exception], length: int) -> None:
    """The two are alike and share no code: these are the same vectors for both."""
    sealed = open_vault().seal("x" * length, **PLACE)
    assert open_vault().open(sealed, **PLACE) == "x" * length
    others = {f"{sealed[:-1]}{last}" for last in LETTERS} | {f"{sealed}=", f"{sealed}==", f"{sealed} ", f"{sealed}A"}
    for other in others - {sealed}:
        with pytest.raises(error):
            open_vault().open(other, **PLACE)


@pytest.mark.parametrize("plain", [TOKEN, "", "v1.k1.", "v1.k1.AAAA", "v2.k1.AAAA"])
def test_a_text_that_was_never_sealed_does_not_open(plain: str) -> None:
    with pytest.raises(VaultError, match="does not hold a sealed text"):
        vault().open(plain, **PLACE)


@pytest.mark.parametrize(
    ("keys", "named"),
    [
        ("", "entry 1"),
        ("nocolon", "entry 1"),
        (f"{FIRST},k2:c2hvcnQ=", "the key k2"),
        ("k1:" + "A" * 43 + "=", "the key k1"),
        (f"{FIRST},{FIRST}", "the key k1"),
        (f"{FIRST},k2:{FIRST[3:]}", "the key k2"),
    ],
)
def test_keys_that_cannot_be_used_are_named_and_not_shown(keys: str, named: str) -> None:
    with pytest.raises(ValueError, match=named) as caught:
        EncryptionKeys.parse(keys)
    assert FIRST[3:] not in str(caught.value)


def test_keys_show_in_no_repr() -> None:
    keys = EncryptionKeys.parse(FIRST)
    assert "k1" not in repr(keys)
    assert repr(Vault(keys)) == "Vault(keys=['k1'])"
