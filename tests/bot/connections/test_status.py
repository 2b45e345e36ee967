"""How a connection stands, for every kind of person, on every surface, and when nobody can say."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from bot.connections import status
from bot.identity import A_GUEST, OUTSIDE
from bot.sandbox.model import Message, UserGroup
from bot.tenancy import NO_TENANT_HERE, NOT_LINKED
from integration.tenants.models import Workspace
from tests.bot.scene import JONAS, PATIENCE, Scene, a_scene, bots, labels, texts

CONNECTED, BELIEVED = "🟢 Acme Corp: Zoom is connected and works", "🟡 Acme Corp: Zoom is connected"
BROKEN = "🔴 Acme Corp: Zoom has to be connected again"
LIVE = "Acme Corp: Zoom"
FRESH_SECONDS = 11 * 60


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    with a_scene(tmp_path) as made, bots(made, "acme") as ready:
        yield ready


@pytest.fixture
def staffed(tmp_path: Path) -> Iterator[Scene]:
    with a_scene(tmp_path) as made, bots(made, "acme", "retain") as ready:
        yield ready


def ask(scene: Scene, person: str, words: str = "status", channel: str = "dm") -> str:
    """Types the command; the channel in which the answer comes."""
    at = scene.slack.dm(person) if channel == "dm" else channel
    scene.slack.command(person, at, "/retain", words)
    return at


def shown(scene: Scene, person: str, text: str, words: str = "status", channel: str = "dm") -> Message:
    return scene.wait_ephemeral(person, ask(scene, person, words, channel), text)


def revoke(scene: Scene) -> None:
    """Zoom will not renew the permission, and it is time to renew it."""
    scene.zoom.faults.switch_on("invalid_grant", where="refresh")
    scene.service.clock.forward(4000)


def test_an_admin_sees_it_all_and_what_can_be_done(scene: Scene) -> None:
    scene.connect()
    card = shown(scene, "jonas", CONNECTED)
    assert "Verified" in texts(card)
    assert "jonas@acme.example" in texts(card)
    assert labels(card) == ["Verify now", "Send connect link", "History", "Disconnect", "Open the page"]


def test_a_member_sees_the_state_and_neither_who_connected_nor_buttons(scene: Scene) -> None:
    scene.connect()
    card = shown(scene, "maya", CONNECTED)
    assert "jonas" not in texts(card)
    assert labels(card) == ["Open the page"]


def test_a_member_sees_the_cause_who_must_act_and_since_when(scene: Scene) -> None:
    card = shown(scene, "maya", "⚪ Acme Corp: Zoom is not connected yet")
    for words in ("Since <!date^", "*Why:*", "*Who must act:* an admin of your organisation", "*Next step:*"):
        assert words in texts(card)


@pytest.mark.parametrize("person", ["priya", "omar"])
def test_guests_see_nothing_live_and_read_why(scene: Scene, person: str) -> None:
    scene.connect()
    told = shown(scene, person, A_GUEST)
    assert LIVE not in texts(told)


def test_an_external_person_gets_nothing_live_from_a_button(scene: Scene) -> None:
    scene.connect()
    shared = scene.slack.channel("acme", "acme-initech")
    scene.slack.say("maya", "#acme-initech", "@Retain I'm being asked to authorize the Zoom app again. Why?")
    answer = scene.slack.wait_for_message(shared, "Was this helpful?", PATIENCE)
    assert LIVE not in texts(answer)
    scene.slack.click("vera", answer, "Show my status")
    told = scene.wait_ephemeral("vera", shared, OUTSIDE)
    assert LIVE not in texts(told)


def test_in_a_channel_live_facts_are_for_one_persons_eyes(scene: Scene) -> None:
    scene.connect()
    general = scene.slack.channel("acme", "general")
    scene.slack.say("maya", "#general", "@Retain I'm being asked to authorize the Zoom app again. Why?")
    answer = scene.slack.wait_for_message(general, "Was this helpful?", PATIENCE)
    assert LIVE not in texts(answer)
    scene.slack.click("jonas", answer, "Show my status")
    card = scene.wait_ephemeral("jonas", general, CONNECTED)
    assert not [m for m in scene.slack.messages(general, viewer="maya") if LIVE in texts(m)]
    scene.slack.click("jonas", card, "Verify now")
    scene.wait_ephemeral("jonas", general, "Verified just now")


def test_a_person_of_another_organisation_sees_theirs_only(tmp_path: Path) -> None:
    with a_scene(tmp_path) as made, bots(made, "acme", "globex") as scene:
        scene.connect()
        card = shown(scene, "carlos", "⚪ Globex: Zoom is not connected yet", words="status acme")
        assert status.OWN_ONLY in texts(card)
        assert LIVE not in texts(card)


def test_what_was_verified_lately_is_green_and_what_was_not_is_believed(scene: Scene) -> None:
    scene.connect()
    scene.service.clock.forward(FRESH_SECONDS)
    card = shown(scene, "jonas", BELIEVED)
    assert "Believed connected; last verified <!date^" in texts(card)
    assert "🟢" not in texts(card)


def test_verify_now_says_that_it_checks_and_updates_the_card_in_place(scene: Scene) -> None:
    scene.connect()
    scene.service.clock.forward(FRESH_SECONDS)
    card = shown(scene, "jonas", BELIEVED)
    scene.slack.click("jonas", card, "Verify now")
    after = scene.wait_ephemeral("jonas", scene.slack.dm("jonas"), CONNECTED)
    assert after.ts == card.ts
    sent = [str(call.args) for call in scene.slack.calls_of("response_url")]
    assert any(status.CHECKING in one for one in sent)


def test_a_check_that_fails_shows_the_cause_and_the_next_step(scene: Scene) -> None:
    scene.connect()
    revoke(scene)
    scene.slack.click("jonas", shown(scene, "jonas", BELIEVED), "Verify now")
    card = scene.wait_ephemeral("jonas", scene.slack.dm("jonas"), BROKEN)
    assert "Checked just now" in texts(card)
    assert "*Next step:*" in texts(card)


def test_trouble_of_zooms_never_asks_anybody_to_connect_again(scene: Scene) -> None:
    scene.connect()
    scene.zoom.faults.switch_on("server_error")
    scene.service.clock.forward(4000)
    scene.slack.click("jonas", shown(scene, "jonas", BELIEVED), "Verify now")
    card = scene.wait_ephemeral("jonas", scene.slack.dm("jonas"), "🟠 Acme Corp", 30)
    assert "You need not do anything" in texts(card)
    assert "has to be connected again" not in texts(card)


def test_the_history_is_told_in_plain_words(scene: Scene) -> None:
    scene.connect()
    scene.slack.click("jonas", shown(scene, "jonas", CONNECTED), "History")
    told = texts(scene.wait_modal("jonas", "What happened"))
    assert told.index("By <@U0JONAS>") < told.index("Zoom was enabled")
    assert "<!date^" in told


def test_what_happened_again_and_again_takes_one_line_of_the_history(scene: Scene) -> None:
    scene.connect()
    for _ in range(2):
        scene.api("GET", "/v1/tenants/acme/zoom/status?live=true")
    scene.slack.click("jonas", shown(scene, "jonas", CONNECTED), "History")
    told = texts(scene.wait_modal("jonas", "What happened"))
    assert told.count("(2 times; this is the last)") == 1
    assert "By Retain's support" in told


def test_while_the_service_is_down_it_says_what_it_could_not_look_up(scene: Scene) -> None:
    scene.connect()
    card = shown(scene, "jonas", CONNECTED)
    scene.service.stop()
    failed = shown(scene, "jonas", "I could not look up the connection just now")
    assert labels(failed) == ["Try again"]
    scene.slack.click("jonas", card, "Verify now")
    again = scene.wait_ephemeral("jonas", scene.slack.dm("jonas"), "Try again")
    scene.service.start()
    scene.slack.click("jonas", again, "Try again")
    scene.wait_ephemeral("jonas", scene.slack.dm("jonas"), "Verified just now")


def test_while_slack_does_not_say_who_somebody_is_they_are_nobody(scene: Scene) -> None:
    scene.connect()
    scene.slack.faults.fail("users.info", status=200, error="internal_error", times=9)
    told = shown(scene, "jonas", "Slack did not tell me who you are")
    assert LIVE not in texts(told)


def test_a_workspace_that_nobody_linked_gets_a_friendly_word_and_staff_a_notice(tmp_path: Path) -> None:
    with a_scene(tmp_path) as scene:
        scene.api("PUT", "/v1/workspaces/T0ACME", {"tenant": None})
        with bots(scene, "acme"):
            shown(scene, "jonas", NOT_LINKED)


def test_the_service_hears_of_a_workspace_that_it_does_not_know(scene: Scene) -> None:
    with scene.service.runtime.database.writing() as session:
        session.execute(delete(Workspace).where(Workspace.team == "T0ACME"))
    shown(scene, "jonas", NOT_LINKED)
    workspace = scene.api("GET", "/v1/workspaces/T0ACME")
    assert (workspace["tenant"], workspace["workspace_name"]) == (None, "Acme Corp")


def test_staff_see_any_organisation_by_its_name_and_enable_zoom(staffed: Scene) -> None:
    scene = staffed
    scene.api("PATCH", "/v1/tenants/acme", {"zoom_enabled": False})
    card = shown(scene, "sam", "⚪ Acme Corp: Zoom is not enabled", words="status acme")
    scene.slack.click("sam", card, "Enable Zoom for Acme Corp")
    scene.wait_ephemeral("sam", scene.slack.dm("sam"), "⚪ Acme Corp: Zoom is not connected yet")


def test_staff_are_asked_whom_they_mean(staffed: Scene) -> None:
    scene = staffed
    shown(scene, "sam", status.USAGE)
    shown(scene, "sam", "I know no organisation by a name like", words="status zzzzqqq")
    scene.api("POST", "/v1/tenants", {"id": "acme-labs", "name": "Acme Labs", "zoom_enabled": True, "domains": []})
    asked = shown(scene, "sam", "Which organisation do you mean?", words="status acmee")
    scene.slack.click("sam", asked, "Acme Corp")
    card = scene.wait_ephemeral("sam", scene.slack.dm("sam"), "Acme Corp: Zoom is not connected yet")
    assert card.ts == asked.ts


def test_a_colleague_who_is_not_staff_sees_no_customer(staffed: Scene) -> None:
    scene = staffed
    told = shown(scene, "tom", NO_TENANT_HERE, words="status acme")
    assert LIVE not in texts(told)


def test_who_leaves_the_staff_loses_sight_at_once(staffed: Scene) -> None:
    scene = staffed
    card = shown(scene, "sam", LIVE, words="status acme")
    without_sam = UserGroup("S0SUPPORT", "T0RETAIN", "support", "Support", ("U0ELLIE",))
    scene.slack.call(lambda: setattr(scene.slack.world, "usergroups", (without_sam,)))
    scene.slack.click("sam", card, "Send connect link")
    scene.wait_ephemeral("sam", scene.slack.dm("sam"), NO_TENANT_HERE)
    assert not [m for m in scene.slack.messages(scene.slack.dm("sam")) if "/connect/" in texts(m)]


def test_a_listed_admin_is_one_without_being_a_workspace_admin(scene: Scene) -> None:
    scene.connect()
    scene.api("PUT", "/v1/people", {"actor": "slack:T0ACME/U0MAYA", "tenant": "acme", "role": "admin"})
    assert "Disconnect" in labels(shown(scene, "maya", CONNECTED))


def test_home_has_it_in_one_line_with_buttons(scene: Scene) -> None:
    scene.connect()
    scene.slack.open_home("jonas")
    home = scene.slack.wait_for_home("jonas", CONNECTED, PATIENCE)
    scene.slack.click("jonas", home, "Show my status")
    card = scene.wait_modal("jonas", CONNECTED)
    scene.slack.click("jonas", card, "History")
    scene.wait_modal("jonas", "What happened to the connection")


def test_what_begins_with_our_words_and_is_a_question_is_answered(scene: Scene) -> None:
    shown(scene, "maya", "Was this helpful?", words="connect button is greyed out on my integrations page, why?")


def test_a_forged_button_shows_no_other_organisation(scene: Scene) -> None:
    scene.connect()
    card = shown(scene, "jonas", CONNECTED)

    def forge() -> None:
        live = next(m for m in scene.slack.world.messages[card.channel] if m.ts == card.ts)
        for block in live.blocks:
            for element in block.get("elements", []):
                if element.get("value"):
                    element["value"] = '{"n":"globex"}'

    scene.slack.call(forge)
    scene.slack.click("jonas", card, "Verify now")
    told = scene.wait_ephemeral("jonas", scene.slack.dm("jonas"), "That is not open to you")
    assert "Globex" not in texts(told)


def test_the_service_hears_of_everybody_by_their_own_name(scene: Scene) -> None:
    scene.connect()
    scene.slack.click("jonas", shown(scene, "jonas", CONNECTED), "Verify now")
    scene.wait_ephemeral("jonas", scene.slack.dm("jonas"), "Verified just now")
    events = scene.api("GET", "/v1/tenants/acme/zoom/events")["events"]
    assert JONAS in {event["actor"] for event in events}
