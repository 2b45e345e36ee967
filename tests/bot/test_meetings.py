"""`/retain duration` and `/retain hours`, for every kind of person, and when nobody can say."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.identity import A_GUEST
from bot.meetings import duration, hours, hours_card, which_meeting
from bot.meetings.duration_card import CHOOSE
from bot.sandbox.model import Message
from integration.meetings.models import Evidence
from integration.meetings.sessions import Seen, record
from integration.meetings.settling import settle
from tests.bot.scene import PATIENCE, Scene, a_scene, bots, labels, texts

KICKOFF, WEEKLY = "93201235621", "81234567890"
LINKED = f"<https://zoom.us/j/{KICKOFF}?pwd=a&amp;b=1|zoom.us/j/{KICKOFF}>"
# Noon in Los Angeles, some days ago: so all of it was on the same day there.
NOON = datetime.now(UTC).replace(hour=20, minute=0, second=0, microsecond=0) - timedelta(days=3)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Acme held a kickoff that ended early, and a weekly twice, of which nobody has told us."""
    with a_scene(tmp_path_factory.mktemp("meetings")) as made, bots(made, "acme", "retain") as ready:
        items = [
            event("kickoff", "Kickoff", NOON, KICKOFF, "ada@initech.example"),
            event("w1", "Weekly", NOON + timedelta(hours=1), WEEKLY, "bo@hooli.example"),
            event("w2", "Weekly", NOON - timedelta(days=7), WEEKLY, "bo@hooli.example"),
        ]
        told = ready.api("PUT", "/v1/tenants/acme/calendar-events", {"items": items})
        assert (told["stored"], told["errors"]) == (3, [])
        ready.api(
            "PUT", "/v1/tenants/acme/customers", {"customers": [{"name": "Initech", "domains": ["initech.example"]}]}
        )
        hold(ready, KICKOFF, (0, 25), (30, 50))
        yield ready


def event(google_id: str, title: str, start: datetime, meeting: str, guest: str) -> dict[str, Any]:
    return {
        "id": google_id, "iCalUID": f"{google_id}@google.com", "summary": title, "status": "confirmed",
        "start": {"dateTime": start.isoformat()}, "end": {"dateTime": (start + timedelta(hours=1)).isoformat()},
        "organizer": {"email": "jonas@acme.example"}, "location": f"https://zoom.us/j/{meeting}",
        "attendees": [{"email": "jonas@acme.example"}, {"email": guest}],
    }  # fmt: skip


def hold(scene: Scene, meeting: str, *minutes: tuple[int, int]) -> None:
    """Calls from and until these minutes after noon."""
    runtime, by = scene.service.runtime, Evidence.REPORTED
    seen = [
        Seen(f"{'A' * 20}{number}A==", meeting, NOON + timedelta(minutes=a), NOON + timedelta(minutes=b), by)
        for number, (a, b) in enumerate(minutes)
    ]
    with runtime.database.writing() as session:
        settle(session, runtime.vault, record(session, runtime.vault, "acme", seen, runtime.clock()).spans)


def ask(scene: Scene, person: str, words: str, expected: str, channel: str = "dm") -> Message:
    at = scene.slack.dm(person) if channel == "dm" else channel
    seen = {m.ts for m in scene.slack.messages(at, viewer=person)}
    scene.slack.command(person, at, "/retain", words)
    found = scene.slack.wait_for_message(
        at, lambda m: m.ts not in seen and expected in texts(m), PATIENCE, viewer=person
    )
    scene.slack.wait_until_idle(0.05)
    return found


def becomes(scene: Scene, person: str, message: Message, expected: str, gone: str = "⏳") -> Message:
    """Another message in the place of that one."""

    def fits(found: Message) -> bool:
        return found.ts == message.ts and expected in texts(found) and gone not in str(found.blocks)

    return scene.slack.wait_for_message(message.channel, fits, PATIENCE, viewer=person)


@pytest.mark.parametrize("typed", [KICKOFF, "932 0123 5621", LINKED, f"{KICKOFF} last 30 days"])
def test_an_admin_reads_what_counts_and_the_proof(scene: Scene, typed: str) -> None:
    shown = texts(ask(scene, "jonas", f"duration {typed}", "“Kickoff” counts as 45 min"))
    for words in (
        "15 min less than scheduled",
        "(25 min)",
        "(5 min): nobody was in a call",
        "In the hours of Initech.",
    ):
        assert words in shown
    assert (duration.ONE_DAY in shown) == ("30 days" in typed)


def test_the_proof_is_for_one_persons_eyes_and_its_page_belongs_to_them(scene: Scene) -> None:
    general = scene.slack.channel("acme", "general")
    shown = ask(scene, "jonas", f"duration {KICKOFF}", "counts as 45 min", general)
    assert not [m for m in scene.slack.messages(general, viewer="maya") if "Kickoff" in texts(m)]
    [page] = [e["url"] for b in shown.blocks if b["type"] == "actions" for e in b["elements"] if e.get("url")]
    assert "/sign-in/" in page
    assert "/sign-in/" not in shown.text
    assert scene.slack.click("jonas", shown, "Show it drawn")


def test_another_time_is_chosen_from_the_menu(scene: Scene) -> None:
    shown = ask(scene, "jonas", f"duration {WEEKLY}", "“Weekly” counts as 1 h, as scheduled")
    [menu] = [e for b in shown.blocks if b["type"] == "actions" for e in b["elements"] if e["type"] == "static_select"]
    earlier = menu["options"][0]["text"]["text"]
    scene.slack.click("jonas", shown, CHOOSE, earlier)

    told = becomes(scene, "jonas", shown, "“Weekly” counts as 1 h", gone=earlier)
    assert CHOOSE in texts(told)


def test_with_nothing_typed_the_latest_meetings_are_there_to_choose_from(scene: Scene) -> None:
    shown = ask(scene, "jonas", "duration", which_meeting.LATEST)
    [menu] = [b["elements"][0] for b in shown.blocks if b["type"] == "actions"]
    [kickoff] = [o["text"]["text"] for o in menu["options"] if "Kickoff" in o["text"]["text"]]
    scene.slack.click("jonas", shown, which_meeting.CHOOSE, kickoff)
    becomes(scene, "jonas", shown, "“Kickoff” counts as 45 min")


def test_a_title_offers_the_meetings_that_are_called_so(scene: Scene) -> None:
    shown = ask(scene, "jonas", "duration kick-off", which_meeting.CALLED_SO)
    assert "Weekly" not in str(shown.blocks)


def test_on_a_day_without_it_the_others_are_offered(scene: Scene) -> None:
    shown = ask(
        scene, "jonas", f"duration {KICKOFF} yesterday", "No calendar event of that day has this meeting's link"
    )
    assert CHOOSE in texts(shown)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("duration", "Which meeting?"),
        ("duration standup", "“standup” is neither a meeting id nor a Zoom link."),
        ("duration https://meet.google.com/abc-defg-hij", which_meeting.NOT_ZOOM),
        ("duration 999 888 777", "No calendar event has this meeting's link"),
        (f"duration {KICKOFF} 2099-01-01", duration.TO_COME),
        (f"duration {KICKOFF} lasst", "I did not understand “lasst”."),
        ("duration of my meeting?", "Was this helpful?"),
        ("hours of support", "Was this helpful?"),
        ("hours 2099-01", hours_card.NOT_YET),
        ("hours 2000-01-01 today", hours.TOO_FAR),
        ("hours zzzzqqq", "I know no customer by a name like “zzzzqqq”"),
        ("hours 2001-01", hours_card.NO_MEETINGS),
        ("hours 2026-10-32", "I cannot read “2026-10-32” as a date"),
        (f"duration {KICKOFF} 2026-10-32", "I cannot read “2026-10-32” as a date"),
        (f"duration {KICKOFF} next week", duration.TO_COME),
        ("hours next month", hours_card.NOT_YET),
    ],
)
def test_what_cannot_be_answered_says_what_to_do(scene: Scene, typed: str, expected: str) -> None:
    ask(scene, "jonas", typed, expected)


@pytest.mark.parametrize("typed", [f"duration {KICKOFF}", "duration", "hours"])
def test_a_member_is_told_who_sees_it_and_whom_to_ask(scene: Scene, typed: str) -> None:
    shown = ask(scene, "maya", typed, "shown to admins of Acme Corp and to Retain's support. Ask an admin of yours")
    assert labels(shown) == ["Talk to a person"]
    assert "Kickoff" not in texts(shown)


@pytest.mark.parametrize("typed", [f"duration {KICKOFF}", "hours"])
def test_guests_read_why_they_see_nothing(scene: Scene, typed: str) -> None:
    ask(scene, "priya", typed, A_GUEST)


def test_staff_name_the_organisation(scene: Scene) -> None:
    assert "45 min" in texts(ask(scene, "sam", "duration acme 932 0123 5621", "“Kickoff”"))
    ask(scene, "sam", f"duration {KICKOFF}", "Whose meeting?")
    ask(scene, "sam", "hours", "Whose hours?")
    ask(scene, "sam", "hours acme last 30 days", "Meeting hours of Acme Corp: ")
    ask(scene, "sam", "hours acme: initech last 30 days", "Meeting hours with Initech")
    ask(scene, "sam", "hours last 30 days  acme   initech", "Meeting hours with Initech")
    ask(scene, "sam", "hours acme   corp last month", "Meeting hours of Acme Corp")
    ask(scene, "sam", "hours acme zzzzqqq", "I know no customer by a name like “zzzzqqq”")
    ask(scene, "sam", "hours globex", "Meeting hours of Globex: ")


def test_staff_who_are_not_sure_choose(scene: Scene) -> None:
    scene.api("POST", "/v1/tenants", {"id": "acme-labs", "name": "Acme Labs", "zoom_enabled": True, "domains": []})
    asked = ask(scene, "sam", f"duration acmee {KICKOFF}", "Which organisation do you mean?")
    scene.slack.click("sam", asked, "Acme Corp")
    scene.wait_ephemeral("sam", scene.slack.dm("sam"), "“Kickoff” counts as 45 min")
    asked = ask(scene, "sam", "hours globx acmee last 30 days", "Which organisation do you mean?")
    scene.slack.click("sam", asked, "Globex")
    scene.wait_ephemeral("sam", scene.slack.dm("sam"), "I know no customer by a name like “acmee”")


def test_hours_are_told_by_customer_with_the_reasons(scene: Scene) -> None:
    card = ask(scene, "jonas", "hours last 5 days", "Meeting hours of Acme Corp")
    assert labels(card) == ["Send connect link", "Show status", "Open the report"]
    shown = texts(card)
    for words in (
        "Counted: 1 h 45 min in 2 meetings, 15 min less than scheduled.",
        "• *hooli.example*: 1 h, 1 meeting",
        "• *Initech*: 45 min (scheduled 1 h), 1 meeting",
        "• 1 meeting: Zoom was not connected",
        "⚪ Acme Corp: Zoom is not connected yet",
        "Los Angeles time",
    ):
        assert words in shown


@pytest.mark.parametrize("typed", ["Initech", "initech.example", "for initch last 30 days", "last 30 days initech"])
def test_one_customer_is_told_by_month(scene: Scene, typed: str) -> None:
    shown = ask(scene, "jonas", f"hours {typed}", "Meeting hours with Initech: ")
    assert "Counted: 45 min in 1 meeting" in texts(shown)
    assert "Open the report" in labels(shown)


def test_a_customer_who_may_be_meant_is_chosen(scene: Scene) -> None:
    asked = ask(scene, "jonas", "hours hooli and initech last 30 days", "Which customer do you mean?")
    assert sorted(labels(asked)) == ["Initech", "hooli.example"]
    scene.slack.click("jonas", asked, "Initech")
    scene.wait_ephemeral("jonas", scene.slack.dm("jonas"), "Meeting hours with Initech: ")


def test_dates_are_read_as_they_are_written_there(scene: Scene) -> None:
    ask(scene, "jonas", "hours 10/01/2025 10/15/2025", "Meeting hours of Acme Corp: 1 to 15 October 2025")
    ask(scene, "jonas", f"duration {KICKOFF} {NOON:%m/%d/%Y}", "“Kickoff” counts as 45 min")


def test_a_forged_button_shows_no_other_organisation(scene: Scene) -> None:
    shown = ask(scene, "jonas", f"duration {WEEKLY}", "Weekly")

    def forge() -> None:
        live = next(m for m in scene.slack.world.messages[shown.channel] if m.ts == shown.ts)
        for block in live.blocks:
            for element in block.get("elements", []):
                if element["type"] == "static_select":
                    element["options"][0]["value"] = '{"n":"globex","o":"1"}'
                    element["options"][0]["text"]["text"] = "forged"

    scene.slack.call(forge)
    scene.slack.click("jonas", shown, CHOOSE, "forged")
    told = scene.wait_ephemeral("jonas", scene.slack.dm("jonas"), "shown to admins of that organisation")
    assert told.ts == shown.ts


def test_hours_are_a_click_away_from_home_for_admins(scene: Scene) -> None:
    scene.slack.open_home("jonas")
    home = scene.slack.wait_for_home("jonas", "Common questions", PATIENCE)
    scene.slack.click("jonas", home, "Meeting hours")
    scene.wait_modal("jonas", "Meeting hours of Acme Corp")


def test_while_the_service_is_down_it_is_said_and_tried_again(scene: Scene) -> None:
    scene.service.stop()
    try:
        failed = ask(scene, "jonas", f"duration {KICKOFF}", "I could not look up the meeting just now")
        ask(scene, "jonas", "hours", "I could not look up the meeting hours just now")
    finally:
        scene.service.start()
    scene.slack.click("jonas", failed, "Try again")
    becomes(scene, "jonas", failed, "“Kickoff” counts as 45 min")
