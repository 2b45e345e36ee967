"""The cast, the driver's names, the manifest: what is there, and what is said when it is not."""

from pathlib import Path

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.driver import Driver, running_sandbox
from bot.sandbox.errors import ActionError, SettingError, WaitError
from bot.sandbox.manifest import read_manifest
from bot.sandbox.model import Tokens
from bot.sandbox.world import make_world
from tests.bot.sandbox.conftest import MANIFEST

PRODUCT = Path(__file__).parents[3] / "bot/manifest.yaml"


def test_tokens_are_random_or_given() -> None:
    given = Tokens.random()
    first, second = make_world({"acme": given}), make_world({"T0ACME": given})
    assert first.app_of("T0ACME").tokens == second.app_of("T0ACME").tokens == given
    assert first.app_of("T0GLOBEX").tokens.bot != second.app_of("T0GLOBEX").tokens.bot


def test_there_is_someone_of_each_kind_in_several_time_zones() -> None:
    people = make_world().people.values()
    assert {person.role for person in people} == {"customer", "admin", "guest", "external", "colleague", "staff"}
    assert {person.zone for person in people} == {
        "America/Los_Angeles", "America/New_York", "Europe/Berlin", "Asia/Tokyo",
    }  # fmt: skip
    assert [person.handle for person in people if person.is_stranger] == ["vera"]


def test_timestamps_are_unique_and_rise() -> None:
    world = make_world()
    stamps = [world.next_ts() for _ in range(1000)]
    assert stamps == sorted(set(stamps))


def test_the_products_manifest_is_read() -> None:
    manifest = read_manifest(PRODUCT)
    assert manifest.name == "Retain"
    assert [command.name for command in manifest.commands] == ["/retain"]
    assert manifest.prompts
    assert "chat:write" in manifest.scopes


def test_unknown_names_are_answered_with_the_known_ones(slack: Driver) -> None:
    with pytest.raises(ActionError, match="Use one of maya"):
        slack.say("nobody", "dm", "hi")
    with pytest.raises(ActionError, match="acme, globex, retain"):
        slack.bot_token("hooli")
    with pytest.raises(ActionError, match="not installed in Initech"):
        slack.bot_token("initech")
    with pytest.raises(ActionError, match=r"slack\.channel"):
        slack.messages("#general")
    with pytest.raises(ActionError, match="no direct message"):
        slack.dm("vera")
    with pytest.raises(ActionError, match="not in #general"):
        slack.say("omar", "#general", "hi")


def test_a_wait_that_fails_says_what_happened(slack: Driver) -> None:
    with pytest.raises(WaitError, match="No app connected"):
        slack.wait_for_message("dm", "never", viewer="maya", timeout=0.05)


def test_a_reset_forgets_what_was_said(slack: Driver) -> None:
    slack.say("maya", "dm", "hi")
    slack.faults.fail("auth.test")
    slack.call(slack.world.reset)
    assert slack.messages("dm", viewer="maya") == []
    assert slack.deliveries == []
    assert slack.world.faults.waiting == []


def test_a_person_sees_their_own_workspace_only(slack: Driver) -> None:
    slack.say("maya", "#general", "secret of acme")
    assert slack.messages("#general", viewer="haruka") == []
    assert slack.messages(slack.channel("acme", "#general"), viewer="haruka") == []


def test_external_people_have_no_commands_and_no_shortcuts(slack: Driver) -> None:
    slack.command("vera", "#acme-initech", "/retain")
    assert "of this workspace only" in slack.messages("#acme-initech", viewer="vera")[-1].text
    with pytest.raises(ActionError, match="of this workspace only"):
        slack.shortcut("vera", None, "open_form")


def test_a_broken_manifest_is_named_with_a_remedy(tmp_path: Path) -> None:
    broken = tmp_path / "manifest.yaml"
    broken.write_text("features: {slash_commands: [{}]}\ndisplay_information: {name: X}\n")
    with pytest.raises(SettingError, match=r"manifest\.yaml.*'command'") as raised:
        read_manifest(broken)
    assert raised.value.field == "manifest"


def test_a_manifest_may_be_given_as_a_mapping() -> None:
    assert {command.name for command in read_manifest(MANIFEST).commands} == {"/retain", "/raw"}


def test_who_somebody_is_can_change(slack: Driver) -> None:
    with pytest.raises(SlackApiError, match="missing_scope"):  # the test's manifest does not ask for it
        WebClient(slack.bot_token("retain"), base_url=slack.api_url).usergroups_users_list(usergroup="S0SUPPORT")
    with running_sandbox() as product:
        product.change_usergroup("S0SUPPORT", "tom", "sam")
        product.change_person("sam", deleted=True)
        client = WebClient(product.bot_token("retain"), base_url=product.api_url)
        assert client.usergroups_users_list(usergroup="S0SUPPORT")["users"] == ["U0TOM"]
        assert client.users_info(user="U0SAM")["user"]["deleted"] is True
