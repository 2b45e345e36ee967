import base64

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from integration.errors import VaultError
from integration.vault import EncryptionKeys, Vault
from tests.integration.conftest import KEY_ENTRY

OTHER_ENTRY = "k2:" + base64.b64encode(bytes(range(100, 132))).decode()
PLACE = {"table": "questions", "column": "text", "row": "7"}
VAULT = Vault(EncryptionKeys.parse(KEY_ENTRY))

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


@given(words)
def test_what_was_sealed_opens_to_the_same_text(text: str) -> None:
    assert VAULT.open(VAULT.seal(text, **PLACE), **PLACE) == text


def test_the_same_text_is_never_sealed_alike() -> None:
    assert VAULT.seal("why?", **PLACE) != VAULT.seal("why?", **PLACE)


def test_what_was_stored_by_earlier_versions_still_opens_and_is_found() -> None:
    assert VAULT.open("v1.k1.AAAAAAAAAAAAAAAAI5k83_OyxhXvXYOBThtNalhRiWc", **PLACE) == "why?"
    assert VAULT.lookup_hash("account", "A1") == "k1.OnM-q5KLURJdVAeohytAqf8ZqkNPyvw09KwNHQum394"


@pytest.mark.parametrize("elsewhere", [{"row": "8"}, {"column": "comment"}, {"table": "feedback"}])
def test_a_text_does_not_open_in_another_place(elsewhere: dict[str, str]) -> None:
    sealed = VAULT.seal("why?", **PLACE)
    with pytest.raises(VaultError, match="does not open") as caught:
        VAULT.open(sealed, **(PLACE | elsewhere))
    assert sealed not in str(caught.value)
    assert caught.value.remedy


@given(st.data())
def test_a_text_that_was_changed_anywhere_does_not_open(data: st.DataObject) -> None:
    sealed = VAULT.seal("Why must I connect again?", **PLACE)
    at = data.draw(st.integers(0, len(sealed) - 1))
    other = data.draw(st.sampled_from("Aa0-_.xX"))
    assume(sealed[at] != other)
    with pytest.raises(VaultError):
        VAULT.open(sealed[:at] + other + sealed[at + 1 :], **PLACE)


@given(st.text(max_size=80))
def test_anything_else_is_refused_as_not_a_sealed_text(junk: str) -> None:
    with pytest.raises(VaultError):
        VAULT.open(junk, **PLACE)


def test_the_first_key_seals_and_all_of_them_open() -> None:
    both = Vault(EncryptionKeys.parse(f"{OTHER_ENTRY},{KEY_ENTRY}"))
    assert both.open(VAULT.seal("old", **PLACE), **PLACE) == "old"
    with pytest.raises(VaultError, match="k2"):
        VAULT.open(both.seal("new", **PLACE), **PLACE)


def test_a_key_that_is_gone_is_named_with_the_remedy() -> None:
    sealed = Vault(EncryptionKeys.parse(OTHER_ENTRY)).seal("text", **PLACE)
    with pytest.raises(VaultError, match="k2") as caught:
        VAULT.open(sealed, **PLACE)
    assert caught.value.remedy is not None
    assert "ENCRYPTION_KEYS" in caught.value.remedy


def test_look_up_hashes_find_equal_texts_of_one_purpose_only() -> None:
    other = Vault(EncryptionKeys.parse(OTHER_ENTRY))
    assert VAULT.lookup_hash("account", "A1") == VAULT.lookup_hash("account", "A1")
    hashes = [VAULT.lookup_hash("account", "A1"), VAULT.lookup_hash("account", "A2")]
    hashes += [VAULT.lookup_hash("meeting", "A1"), other.lookup_hash("account", "A1")]
    assert len(set(hashes)) == 4
    assert all("A1" not in one for one in hashes)


def test_neither_vault_nor_keys_show_a_key() -> None:
    keys = EncryptionKeys.parse(KEY_ENTRY)
    shown = repr(keys) + repr(Vault(keys)) + str(keys)
    assert KEY_ENTRY.split(":")[1][:8] not in shown
    assert repr(next(iter(keys.by_id.values())))[2:10] not in shown


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "entry 1"),
        ("no-colon", "entry 1"),
        (f"{KEY_ENTRY},", "entry 2"),
        ("k1:c2hvcnQ=", "k1 is not 32 bytes"),
        ("k1:" + "!" * 44, "k1 is not 32 bytes"),
        (f"{KEY_ENTRY},{KEY_ENTRY}", "k1 is used twice"),
        (f"{KEY_ENTRY},{KEY_ENTRY.replace('k1', 'k2')}", "k2 is the same"),
        ("k1:" + base64.b64encode(bytes(32)).decode(), "k1 is not random"),
        ("k 1:" + KEY_ENTRY[3:], "entry 1"),
    ],
)
def test_keys_that_cannot_be_used_are_refused_without_being_shown(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint) as caught:
        EncryptionKeys.parse(text)
    assert KEY_ENTRY[3:] not in str(caught.value)


@given(st.text(max_size=60))
def test_no_text_at_all_breaks_the_reading_of_keys(text: str) -> None:
    with pytest.raises(ValueError, match=r"entry|key"):
        EncryptionKeys.parse(text)
