import pytest
from sqlalchemy.engine import URL

from integration.runtime import make_runtime
from tests.integration.commands.conftest import Command
from tests.integration.conftest import make_settings
from tests.integration.gaps.rows import Asking

ADA = "slack:TACME/UADA"
SAM = "slack:TR/USAM"


@pytest.fixture
def acme(command: Command) -> str:
    command("tenants", "add", "acme", "Acme Corp")
    return "acme"


def test_a_person_is_listed_once_and_taken_off_again(command: Command, acme: str) -> None:
    listing = ("people", "set", ADA, "--tenant", "acme", "--role", "admin")
    assert [command(*listing).text for _ in range(2)] == [
        f"{ADA}: is listed as admin of acme now.\n",
        f"{ADA}: is listed as admin of acme already. Nothing changed.\n",
    ]
    assert f"{ADA}  admin  acme\n" in command("people", "list", "--tenant", "acme").text
    assert command("people", "set", ADA, "--role", "member").text == f"{ADA}: is not listed now.\n"
    assert command("people", "list").text == "ACTOR  ROLE  TENANT\n"


def test_staff_belong_to_no_tenant(command: Command, acme: str) -> None:
    command("workspaces", "link", "TR", "--staff")
    assert command("people", "set", SAM, "--role", "staff").text == f"{SAM}: is listed as staff now.\n"
    said = command("people", "set", SAM, "--role", "staff", "--tenant", "acme")
    assert (said.code, said.text.startswith("Staff are Retain's own people")) == (1, True)


def test_staff_are_of_retains_own_workspace(command: Command, acme: str) -> None:
    said = command("people", "set", ADA, "--role", "staff")
    assert (said.code, said.text.startswith(f"{ADA} is in no workspace of Retain's own")) == (1, True)
    assert "workspaces link TEAM --staff" in said.text


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--role", "admin"), 1, "An admin is one of a tenant"),
        (("--role", "nobody"), 1, "--role: Nobody is"),
        (("--role", "owner"), 2, "--role"),
        (("--role", "admin", "--tenant", "No Slug"), 2, "--tenant"),
        ((), 2, "--role"),
    ],
)
def test_what_cannot_be_listed_says_why(
    command: Command, acme: str, arguments: tuple[str, ...], code: int, words: str
) -> None:
    said = command("people", "set", ADA, *arguments)
    assert said.code == code
    assert words in said.text


def test_what_is_kept_of_a_person_is_deleted_once_and_not_without_asking(command: Command, database_url: URL) -> None:
    runtime = make_runtime(make_settings(database_url))
    Asking(runtime)("What does it cost?", by=ADA)
    runtime.database.close()
    refused = command("people", "forget", ADA, typed="n\n")
    assert (refused.code, "Nothing was deleted." in refused.text) == (1, True)
    said = command("people", "forget", ADA, typed="y\n")
    assert (said.code, "questions  1\n" in said.text, f"{ADA}: deleted.\n" in said.text) == (0, True, True)
    assert command("people", "forget", ADA, "--yes").text == f"{ADA}: nothing is kept of this person.\n"
