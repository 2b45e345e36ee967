"""The chat page in a real browser: what a person sees, does and is spared."""

import re

import pytest
import requests
from playwright.sync_api import Browser, expect
from slack_bolt import Ack, Respond, Say
from slack_sdk import WebClient

from bot.sandbox.driver import Driver, running_sandbox
from tests.bot.sandbox.conftest import MANIFEST, Body, OpenPage, Probe, channel, send


def button(label: str, **more: object) -> Body:
    return {"type": "button", "action_id": label.lower(), "text": {"type": "plain_text", "text": label}, **more}


def answer_with(probe: Probe, *elements: Body) -> None:
    @probe.app.event("message")
    def answer(say: Say) -> None:
        say("Here you are", blocks=[{"type": "actions", "elements": list(elements)}])


def test_a_button_that_is_redrawn_while_it_is_pressed_is_pressed_all_the_same(
    slack: Driver, probe: Probe, client: WebClient
) -> None:
    probe.app.action("yes")(lambda ack: ack())
    channel_id, blocks = slack.dm("maya"), [{"type": "actions", "elements": [button("Yes"), button("No")]}]
    posted = client.chat_postMessage(channel=channel_id, text="?", blocks=blocks)
    (seen,) = slack.messages(channel_id)
    client.chat_update(channel=channel_id, ts=posted["ts"], text="?", blocks=blocks)
    click = {"person": "maya", "channel": channel_id, "ts": posted["ts"], "block_id": seen.blocks[0]["block_id"]}
    for label, status in (("yes", 200), ("gone", 400)):
        given = click | {"action_id": label}
        assert requests.post(f"{slack.base_url}/sandbox/click", json=given, timeout=10).status_code == status
    assert probe.wait(lambda body: "actions" in body)["actions"][0]["text"]["text"] == "Yes"


def test_an_answer_appears_by_itself(open_page: OpenPage, probe: Probe) -> None:
    probe.app.event("message")(lambda event, say: say(f"*You* said: {event['text']}"))
    page = open_page()
    send(page, "why & how?")
    expect(page.get_by_role("log").get_by_text("said: why & how?")).to_be_visible()
    expect(page.locator("[data-app] strong", has_text=re.compile("^You$"))).to_be_visible()


def test_shift_and_enter_start_a_new_line(open_page: OpenPage, slack: Driver) -> None:
    page = open_page()
    box = page.get_by_role("textbox", name="Message Retain")
    box.fill("one")
    box.press("Shift+Enter")
    box.type("two")
    assert slack.messages("dm", viewer="maya") == []
    box.press("Enter")
    slack.wait_for_message("dm", lambda m: m.text == "one\ntwo", viewer="maya", from_apps=False)
    expect(box).to_have_value("")


def test_an_answer_in_a_thread_opens_it(open_page: OpenPage, probe: Probe) -> None:
    probe.app.event("message")(lambda event, say: say(f"About {event['text']}", thread_ts=event["ts"]))
    page = open_page()
    for text in ("this", "that"):
        send(page, text)
        expect(page.get_by_role("complementary").get_by_text(f"About {text}")).to_be_visible()
    expect(page.get_by_role("button", name="1 reply").first).to_be_visible()
    send(page, "thanks", "Reply in thread")
    expect(page.get_by_role("complementary").get_by_text("thanks", exact=True)).to_be_visible()


def test_commands_and_mentions_are_offered_while_typing(open_page: OpenPage, slack: Driver) -> None:
    page = open_page()
    channel(page, "general")
    box = page.get_by_role("textbox", name="Message #general")
    box.type("/re")
    expect(page.get_by_role("option", name="/retain")).to_be_visible()
    box.press("Tab")
    expect(box).to_have_value("/retain ")
    box.fill("")
    box.type("hi @Ret")
    box.press("Enter")
    expect(box).to_have_value("hi @Retain ")
    box.press("Enter")
    slack.wait_for_message("#general", "<@U0BOTACME>", viewer="maya", from_apps=False)


def test_an_ephemeral_message_is_marked_and_seen_by_one(open_page: OpenPage, probe: Probe) -> None:
    probe.app.command("/retain")(lambda ack: ack("For you alone"))
    page = open_page()
    channel(page, "general")
    send(page, "/retain help", "Message #general")
    expect(page.get_by_text("Only visible to you")).to_be_visible()
    other = open_page("jonas")
    channel(other, "general")
    expect(other.get_by_text("Nothing here yet in #general")).to_be_visible()


def test_a_button_may_ask_first_and_may_open_a_page(open_page: OpenPage, slack: Driver, probe: Probe) -> None:
    confirm = {
        "title": {"type": "plain_text", "text": "Sure?"},
        "text": {"type": "plain_text", "text": "It cannot be undone."},
        "confirm": {"type": "plain_text", "text": "Do it"},
        "deny": {"type": "plain_text", "text": "Keep it"},
    }
    answer_with(
        probe,
        button("Remove", style="danger", confirm=confirm),
        button("Open", url=f"{slack.base_url}/static/icon.svg"),
    )
    for action in ("remove", "open"):
        probe.app.action(action)(lambda ack: ack())
    page = open_page()
    send(page, "hi")
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Do it").click()
    probe.wait(lambda body: body.get("type") == "block_actions")
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Open").click()
    assert opened.value.url.endswith("icon.svg")
    probe.wait(lambda body: body.get("type") == "block_actions", count=2)
    assert [b["actions"][0]["action_id"] for b in probe.bodies if "actions" in b] == ["remove", "open"]


def test_a_modal_is_filled_and_corrected_by_keyboard(open_page: OpenPage, slack: Driver, probe: Probe) -> None:
    answer_with(probe, button("Form"))
    field = {"type": "plain_text_input", "action_id": "t"}
    label = {"type": "plain_text", "text": "What is it about?"}
    view = {
        "type": "modal",
        "callback_id": "form",
        "title": {"type": "plain_text", "text": "Ask a person"},
        "submit": {"type": "plain_text", "text": "Send it"},
        "blocks": [{"type": "input", "block_id": "about", "label": label, "element": field}],
    }

    @probe.app.action("form")
    def open_form(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=view)

    @probe.app.view("form")
    def submitted(ack: Ack, view: Body) -> None:
        given = view["state"]["values"]["about"]["t"]["value"]
        ack() if len(given) > 3 else ack(response_action="errors", errors={"about": "A little more, please."})

    page = open_page()
    send(page, "hi")
    page.get_by_role("button", name="Form").click()
    box = page.get_by_role("dialog").get_by_role("textbox", name="What is it about?")
    expect(box).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Please complete this required field.")).to_be_visible()
    page.keyboard.type("hm")
    page.keyboard.press("Enter")
    expect(page.get_by_text("A little more, please.")).to_be_visible()
    expect(box).to_have_value("hm")
    page.keyboard.type(" much more")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.get_by_role("button", name="Form").click()
    expect(box).to_be_visible()
    page.keyboard.press("Escape")
    slack.wait_for(lambda: not slack.world.modals.get("U0MAYA") or None, "the modal to close")


def test_a_shortcut_is_offered_beside_a_message(open_page: OpenPage, slack: Driver, probe: Probe) -> None:
    @probe.app.shortcut("ask_retain")
    def answer(ack: Ack, respond: Respond) -> None:
        ack()
        respond("Answered below")

    slack.say("jonas", "#general", "Zoom asks me again")
    page = open_page()
    channel(page, "general")
    page.get_by_role("article", name="Jonas Weber").hover()
    page.get_by_role("button", name="Ask Retain").click()
    expect(page.get_by_text("Answered below")).to_be_visible()


def test_what_slack_refuses_is_shown_to_the_developer(open_page: OpenPage, slack: Driver) -> None:
    bad = [{"type": "header", "text": {"type": "mrkdwn", "text": "*no*"}}]
    with pytest.raises(Exception, match="invalid_blocks"):
        WebClient(slack.bot_token(), base_url=slack.api_url).chat_postMessage(
            channel=slack.dm("maya"), text="x", blocks=bad
        )
    page = open_page()
    page.get_by_role("button", name="Failed calls").click()
    expect(page.get_by_role("dialog")).to_contain_text("invalid_blocks")
    expect(page.get_by_role("dialog")).to_contain_text("/blocks/0/text/type")


def test_one_may_be_someone_else_and_sees_what_is_unread(open_page: OpenPage, slack: Driver) -> None:
    page = open_page()
    expect(page.get_by_text("not connected to Acme Corp")).to_be_visible()
    slack.say("jonas", "#general", "Lunch is here")
    row = page.get_by_role("navigation").get_by_role("button", name="general")
    expect(row.get_by_role("img", name="unread")).to_be_visible()
    row.click()
    expect(page.get_by_text("Lunch is here")).to_be_visible()
    expect(row.get_by_role("img", name="unread")).to_be_hidden()
    page.get_by_role("button", name="You are Maya Chen").click()
    page.get_by_role("dialog").get_by_role("button", name="Haruka Sato").click()
    expect(page.get_by_role("navigation")).to_contain_text("Globex")
    page.reload()
    expect(page.get_by_role("button", name="You are Haruka Sato")).to_be_visible()


def test_trouble_can_be_made_from_the_page(open_page: OpenPage, probe: Probe) -> None:
    probe.app.event("message")(lambda: None)
    page = open_page()
    page.get_by_text("Make trouble").click()
    page.get_by_role("button", name="Deliver the next event three times").click()
    expect(page.get_by_role("alert")).to_contain_text("three times")
    send(page, "hi")
    probe.wait(lambda body: body["event"].get("text") == "hi", count=3)


def test_a_phone_shows_it_all_without_sideways_scrolling(open_page: OpenPage, slack: Driver) -> None:
    said = slack.say("maya", "#general", "a" * 300)
    slack.say("jonas", "#general", "reply", thread_ts=said.ts)
    page = open_page(width=360, touch=True)
    page.get_by_role("button", name="Show channels").click()
    channel(page, "general")
    page.get_by_role("button", name="1 reply").click()
    expect(page.get_by_text("reply", exact=True)).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360


def test_the_page_comes_back_after_the_sandbox_was_restarted(browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    with running_sandbox(manifest=MANIFEST) as first:
        port = int(first.base_url.rpartition(":")[2])
        page.goto(first.base_url)
        send(page, "before")
        expect(page.get_by_role("log").get_by_text("before")).to_be_visible()
    expect(page.get_by_text("The sandbox is not running")).to_be_visible()
    with running_sandbox(manifest=MANIFEST, port=port) as second:
        expect(page.get_by_text("Ask Retain anything")).to_be_visible(timeout=15_000)
        send(page, "after")
        second.wait_for_message("dm", "after", viewer="maya", from_apps=False)
    context.close()


def test_a_form_takes_moments_in_ones_own_zone_and_several_choices(open_page: OpenPage, probe: Probe) -> None:
    answer_with(probe, button("Form"))
    until = {"type": "datetimepicker", "action_id": "at", "initial_date_time": 1_795_430_400}  # 11:40 in Berlin
    options = [{"text": {"type": "plain_text", "text": word}, "value": word} for word in ("one", "two", "three")]
    several = {"type": "multi_static_select", "action_id": "of", "options": options, "max_selected_items": 2}
    fields = {"until": ("Until when?", until), "which": ("Which ones?", several)}
    view = {
        "type": "modal",
        "callback_id": "form",
        "title": {"type": "plain_text", "text": "A notice"},
        "submit": {"type": "plain_text", "text": "Set it"},
        "blocks": [
            {"type": "input", "block_id": name, "label": {"type": "plain_text", "text": label}, "element": element}
            for name, (label, element) in fields.items()
        ],
    }

    @probe.app.action("form")
    def open_form(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=view)

    probe.app.view("form")(lambda ack: ack())
    page = open_page()
    send(page, "hi")
    page.get_by_role("button", name="Form").click()
    form = page.get_by_role("dialog")
    expect(form.get_by_label("Until when?")).to_have_value("2026-11-23T11:40")
    form.get_by_label("Until when?").fill("2026-11-24T09:00")
    form.get_by_label("Which ones?").select_option(["one", "two", "three"])
    form.get_by_role("button", name="Set it").click()
    expect(form.get_by_text("Please choose at most 2.")).to_be_visible()
    expect(form.get_by_label("Until when?")).to_have_value("2026-11-24T09:00")
    form.get_by_label("Which ones?").select_option(["one", "three"])
    form.get_by_role("button", name="Set it").click()
    values = probe.wait(lambda body: body.get("type") == "view_submission")["view"]["state"]["values"]
    assert values["until"]["at"]["selected_date_time"] == 1_795_507_200
    assert [option["value"] for option in values["which"]["of"]["selected_options"]] == ["one", "three"]


def test_somebody_leaves_and_a_channel_is_archived_from_the_page(open_page: OpenPage, slack: Driver) -> None:
    page = open_page()
    channel(page, "general")
    page.get_by_text("Make trouble").click()
    page.get_by_role("button", name="Archive this channel").click()
    expect(page.get_by_role("navigation").get_by_text("archived")).to_be_visible()
    page.get_by_text("Make trouble").click()
    page.get_by_role("button", name="Leave the company").click()
    expect(page.get_by_role("button", name="You are Jonas Weber")).to_be_visible()
    page.get_by_role("button", name="You are Jonas Weber").click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Maya Chen")).to_be_disabled()
    assert slack.world.person("maya").deleted
