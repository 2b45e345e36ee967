import pytest

from tests.integration.commands.conftest import Command


@pytest.fixture
def acme(command: Command) -> str:
    command("tenants", "add", "acme", "Acme Corp")
    return "acme"


def test_a_workspace_is_linked_once_and_unlinked(command: Command, acme: str) -> None:
    said = [command("workspaces", "link", "TACME", "acme").text for _ in range(2)]
    assert said == [
        "TACME: is linked to acme now.\n",
        "TACME: is linked to acme already. Nothing changed.\n",
    ]
    assert command("workspaces", "unlink", "TACME").text == "TACME: is linked to nobody now.\n"


def test_a_workspace_is_made_retains_own(command: Command, acme: str) -> None:
    assert command("workspaces", "link", "TR", "--staff").text == "TR: is Retain's own now.\n"
    refused = command("workspaces", "link", "TR", "acme")
    assert refused.code == 1
    assert refused.text.startswith("--staff: The workspace TR would be Retain's own and a tenant's at once.")
    assert command("workspaces", "link", "TR", "acme", "--no-staff").text == "TR: is linked to acme now.\n"


@pytest.mark.parametrize("arguments", [("T1",), ("T1", "acme", "--staff"), ("T 1", "acme"), ("T1", "No Slug")])
def test_what_cannot_be_is_refused_before_anything_happens(
    command: Command, acme: str, arguments: tuple[str, ...]
) -> None:
    assert command("workspaces", "link", *arguments).code == 2
    assert command("workspaces", "list").text == "TEAM  WORKSPACE  BELONGS TO\n"


def test_a_tenant_that_does_not_exist_is_named(command: Command, acme: str) -> None:
    said = command("workspaces", "link", "T1", "acmee")
    assert (said.code, said.text) == (1, "There is no tenant acmee. Did you mean acme?\n")


def test_those_that_wait_for_a_link_are_listed_first(command: Command, acme: str) -> None:
    command("workspaces", "link", "TACME", "acme")
    command("workspaces", "link", "TR", "--staff")
    command("workspaces", "unlink", "TNEW")
    rows = [line.split("  ")[-1].strip() for line in command("workspaces", "list").text.splitlines()[1:]]
    assert rows[0] == "nobody yet: link it"
    assert set(rows[1:]) == {"acme (Acme Corp)", "Retain"}
