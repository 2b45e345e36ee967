"""The chat page keeps one's place: drafts, focus, threads, names, and whose fault a failure is."""

import pytest
from playwright.sync_api import Page, expect
from slack_bolt import Ack, Respond, Say
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.driver import Driver
from tests.bot.sandbox.conftest import OpenPage, Probe, channel, send


def answer_in_thread(probe: Probe) -> None:
    probe.app.event("message")(lambda event, say: say(f"About {event['text']}", thread_ts=event["ts"]))


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("@Jonas Weber, look", "<@U0JONAS>, look"),
        ("(@jonas weber)", "(<@U0JONAS>)"),
        ("@Jonas Webers book", "<@U0JONAS> Webers book"),
        ("@Jonas and @Maya", "<@U0JONAS> and <@U0MAYA>"),
        ("https://a.example/@Jonas", "<https://a.example/@Jonas>"),
    ],
)
def test_a_person_is_mentioned_by_the_longest_of_their_names(slack: Driver, typed: str, sent: str) -> None:
    assert slack.say("maya", "#general", typed).text == sent


def test_a_command_mentions_by_full_name_only_where_names_are_escaped(slack: Driver, probe: Probe) -> None:
    for name in ("/retain", "/raw"):
        probe.app.command(name)(lambda ack: ack())
        slack.command("maya", "#general", name, "ask @Jonas Weber")
    texts = [body["text"] for body in probe.bodies if "command" in body]
    assert texts == ["ask <@U0JONAS|jonas>", "ask @Jonas Weber"]


def test_a_draft_stays_in_its_conversation(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_role("textbox", name="Message Retain").fill("half a question")
    channel(page, "general")
    box = page.get_by_role("textbox", name="Message #general")
    expect(box).to_have_value("")
    box.fill("half a greeting")
    page.get_by_role("button", name="You are Maya Chen").click()
    page.get_by_role("dialog").get_by_role("button", name="Jonas Weber").click()
    expect(page.get_by_role("textbox", name="Message Retain")).to_have_value("")
    page.get_by_role("button", name="You are Jonas Weber").click()
    page.get_by_role("dialog").get_by_role("button", name="Maya Chen").click()
    expect(page.get_by_role("textbox", name="Message Retain")).to_have_value("half a question")
    channel(page, "general")
    expect(box).to_have_value("half a greeting")


def test_each_thread_has_a_draft_of_its_own(open_page: OpenPage, slack: Driver) -> None:
    for word in ("first", "second"):
        said = slack.say("jonas", "#general", word)
        slack.say("jonas", "#general", f"more on {word}", thread_ts=said.ts)
    page = open_page()
    channel(page, "general")
    box = page.get_by_role("textbox", name="Reply in thread")
    page.get_by_role("button", name="1 reply").first.click()
    box.fill("half a reply")
    page.get_by_role("button", name="1 reply").last.click()
    expect(page.get_by_role("complementary")).to_contain_text("more on second")
    expect(box).to_have_value("")
    page.get_by_role("button", name="1 reply").first.click()
    expect(box).to_have_value("half a reply")


def test_failures_that_one_made_oneself_are_marked(open_page: OpenPage, client: WebClient) -> None:
    page = open_page()
    for trouble in ("Fail its next message", "Rate-limit its next message"):
        page.get_by_text("Make trouble").click()
        with page.expect_response("**/sandbox/trouble"):
            page.get_by_role("button", name=trouble).click()
    for _ in range(3):
        with pytest.raises(SlackApiError):
            client.chat_postMessage(channel="C0NOWHERE", text="hi")
    page.get_by_role("button", name="Failed calls 3").click()
    dialog = page.get_by_role("dialog", name="Failed calls")
    for error, count in {"internal_error": 1, "ratelimited": 1, "channel_not_found": 0}.items():
        entry = dialog.get_by_role("listitem").filter(has_text=error)
        expect(entry.get_by_text("Made by you in Make trouble")).to_have_count(count)


def focused(page: Page) -> str:
    return str(page.evaluate("() => document.activeElement.textContent"))


def feedback(probe: Probe, after: list[str]) -> None:
    """An app that asks, and puts the buttons `after` in place of the pressed one."""

    def buttons(labels: list[str]) -> list[dict[str, object]]:
        elements = [
            {"type": "button", "action_id": one.lower(), "text": {"type": "plain_text", "text": one}} for one in labels
        ]
        return [{"type": "actions", "elements": elements}] if labels else []

    @probe.app.event("message")
    def ask(say: Say) -> None:
        say("Well?", blocks=buttons(["Yes", "No", "Ask"]))

    @probe.app.action("yes")
    def pressed(ack: Ack, respond: Respond) -> None:
        ack()
        note = {"type": "section", "text": {"type": "mrkdwn", "text": "Noted"}}
        respond("Noted", blocks=[note, *buttons(after)], replace_original=True)


@pytest.mark.parametrize(("after", "next_one"), [(["Ask"], "Ask"), (["Yes", "No"], "Yes")])
def test_the_focus_stays_in_a_message_that_is_updated(
    open_page: OpenPage, probe: Probe, after: list[str], next_one: str
) -> None:
    feedback(probe, after)
    page = open_page()
    send(page, "hi")
    page.get_by_role("button", name="Yes").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Noted")).to_be_visible()
    expect(page.get_by_role("button", name=next_one, exact=True)).to_be_focused()


def test_the_focus_stays_in_a_message_without_buttons_of_its_own(open_page: OpenPage, probe: Probe) -> None:
    feedback(probe, [])
    page = open_page()
    send(page, "hi")
    page.get_by_role("button", name="Yes").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Noted")).to_be_visible()
    inside = "() => Boolean(document.activeElement.closest('[data-app]'))"
    assert page.evaluate(inside), focused(page)


def test_escape_closes_the_thread_but_first_what_is_on_top(open_page: OpenPage, probe: Probe) -> None:
    answer_in_thread(probe)
    page = open_page()
    send(page, "this")
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread).to_be_visible()
    page.get_by_text("Make trouble").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Forget all messages")).to_be_hidden()
    page.get_by_role("button", name="Failed calls").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(thread).to_be_visible()
    page.keyboard.press("Escape")
    expect(thread).to_be_hidden()
    expect(page.get_by_role("textbox", name="Message Retain")).to_be_focused()


def test_an_external_person_is_told_where_the_app_is(open_page: OpenPage) -> None:
    page = open_page("vera")
    expect(page.get_by_text("You reach the app in shared channels only.")).to_be_visible()
    expect(page.get_by_text("Mention @Retain in a message.", exact=True)).to_be_visible()
    expect(open_page("priya").get_by_text("You reach the app in shared channels only.")).to_be_hidden()


def test_a_phone_opens_the_answer_to_what_one_asked_the_app(open_page: OpenPage, probe: Probe) -> None:
    answer_in_thread(probe)
    page = open_page(width=390, touch=True)
    send(page, "this")
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.get_by_text("About this")).to_be_visible()
    page.go_back()
    expect(thread).to_be_hidden()
    expect(page.get_by_role("button", name="1 reply")).to_be_focused()
    send(page, "that")
    expect(thread.get_by_text("About that")).to_be_visible()
    page.reload()
    expect(thread.get_by_text("About that")).to_be_visible()
    page.get_by_role("button", name="Close the thread").click()
    expect(thread).to_be_hidden()
    expect(page.get_by_role("textbox", name="Message Retain")).to_be_visible()


def test_a_phone_leaves_a_channel_and_a_half_written_message_in_sight(open_page: OpenPage, slack: Driver) -> None:
    page = open_page(width=390, touch=True)
    box = page.get_by_role("textbox", name="Message Retain")
    send(page, "this")
    asked = slack.wait_for_message("dm", "this", viewer="maya", from_apps=False)
    box.fill("and")
    WebClient(slack.bot_token(), base_url=slack.api_url).chat_postMessage(
        channel=slack.dm("maya"), text="About this", thread_ts=asked.ts
    )
    expect(page.get_by_role("button", name="1 reply")).to_be_visible()
    expect(box).to_be_focused()
    expect(box).to_have_value("and")
