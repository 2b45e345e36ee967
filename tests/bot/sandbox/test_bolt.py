"""A real Bolt app over a real socket: what people do reaches it, what it does reaches people."""

import pytest
from slack_bolt import Ack, Respond, Say
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.driver import Driver
from tests.bot.sandbox.conftest import Body, Probe, connect


def test_a_direct_message_is_answered(slack: Driver, probe: Probe) -> None:
    @probe.app.event("message")
    def answer(event: Body, say: Say) -> None:
        say(f"You said: {event['text']}")

    slack.say("maya", "dm", "Why again?")
    assert slack.wait_for_message("dm", "You said: Why again?", viewer="maya").user == "U0BOTACME"
    event = probe.wait()["event"]
    assert event["channel_type"] == "im"
    assert event["team"] == "T0ACME"
    assert event["client_msg_id"]


def test_a_mention_carries_the_app_as_an_id_and_is_answered_in_its_thread(slack: Driver, probe: Probe) -> None:
    @probe.app.event("app_mention")
    def answer(event: Body, say: Say) -> None:
        say("Here", thread_ts=event["ts"])

    asked = slack.say("maya", "#general", "@Retain why <again> & again?")
    reply = slack.wait_for_message("#general", "Here", viewer="maya")
    assert reply.thread_ts == asked.ts
    assert probe.wait()["event"]["text"] == "<@U0BOTACME> why &lt;again&gt; &amp; again?"


def test_a_message_without_a_mention_stays_unheard(slack: Driver, probe: Probe) -> None:
    slack.say("maya", "#general", "good morning")
    slack.wait_until_idle()
    assert probe.bodies == []


def test_a_command_is_acknowledged_with_text_and_answered_later(slack: Driver, probe: Probe) -> None:
    @probe.app.command("/retain")
    def command(ack: Ack, respond: Respond, command: Body) -> None:
        ack("One moment")
        respond(f"You asked: {command['text']}")

    slack.command("maya", "#general", "/retain", "ask @jonas why")
    slack.wait_for_message("#general", "One moment", viewer="maya")
    slack.wait_for_message("#general", "You asked: ask <@U0JONAS|jonas> why", viewer="maya")
    assert slack.messages("#general", viewer="jonas") == []
    assert probe.wait()["is_enterprise_install"] == "false"


def test_a_command_that_does_not_ask_for_ids_gets_names(slack: Driver, probe: Probe) -> None:
    probe.app.command("/raw")(lambda ack: ack())
    slack.command("maya", "#general", "/raw", "who is @jonas?")
    assert probe.wait()["text"] == "who is @jonas?"


def test_a_public_answer_is_seen_by_all(slack: Driver, probe: Probe) -> None:
    @probe.app.command("/retain")
    def command(ack: Ack, respond: Respond) -> None:
        ack()
        respond("Everyone", response_type="in_channel")

    slack.command("maya", "#general", "/retain")
    slack.wait_for_message("#general", "Everyone", viewer="jonas")


BUTTONS: list[Body] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "Was this helpful?"}},
    {
        "type": "actions",
        "elements": [
            {"type": "button", "action_id": "yes", "text": {"type": "plain_text", "text": "Yes"}, "value": "1"},
            {"type": "button", "action_id": "no", "text": {"type": "plain_text", "text": "No"}, "value": "0"},
        ],
    },
]


def test_a_button_is_found_by_its_label_and_its_message_can_be_replaced(slack: Driver, probe: Probe) -> None:
    @probe.app.event("message")
    def ask(say: Say) -> None:
        say("Was this helpful?", blocks=BUTTONS)

    @probe.app.action("yes")
    def yes(ack: Ack, respond: Respond) -> None:
        ack()
        respond("Thank you", replace_original=True)

    slack.say("maya", "dm", "hi")
    shown = slack.wait_for_message("dm", "Was this helpful?", viewer="maya")
    assert slack.click("maya", shown, "Yes")
    changed = slack.wait_for_message("dm", "Thank you", viewer="maya")
    assert changed.ts == shown.ts
    body = probe.wait(lambda b: b.get("type") == "block_actions")
    assert body["user"]["team_id"] == "T0ACME"
    assert body["actions"][0]["value"] == "1"
    assert body["container"]["message_ts"] == shown.ts


def test_an_ephemeral_message_is_for_one_person_and_is_left_out_of_the_click(slack: Driver, probe: Probe) -> None:
    @probe.app.event("app_mention")
    def ask(event: Body, client: WebClient) -> None:
        client.chat_postEphemeral(channel=event["channel"], user=event["user"], text="Psst", blocks=BUTTONS)

    @probe.app.action("no")
    def no(ack: Ack, respond: Respond) -> None:
        ack()
        respond(delete_original=True)

    slack.say("maya", "#general", "@Retain hi")
    shown = slack.wait_for_message("#general", "Psst", viewer="maya")
    assert [m.text for m in slack.messages("#general", viewer="jonas") if m.bot_id] == []
    slack.click("maya", shown, "No")
    slack.wait_until_idle()
    assert [m for m in slack.messages("#general", viewer="maya") if m.bot_id] == []
    body = probe.wait(lambda b: b.get("type") == "block_actions")
    assert body["container"]["is_ephemeral"]
    assert "message" not in body


def test_a_message_shortcut_carries_the_message(slack: Driver, probe: Probe) -> None:
    @probe.app.shortcut("ask_retain")
    def answer(ack: Ack, respond: Respond, shortcut: Body) -> None:
        ack()
        respond(f"About: {shortcut['message']['text']}")

    said = slack.say("jonas", "#general", "Zoom asks me again")
    assert slack.shortcut("maya", said, "Ask Retain")
    slack.wait_for_message("#general", "About: Zoom asks me again", viewer="maya")
    assert probe.wait()["type"] == "message_action"


MODAL: Body = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "Talk to a person"},
    "submit": {"type": "plain_text", "text": "Send"},
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "about",
            "label": {"type": "plain_text", "text": "What is it about?"},
            "element": {"type": "plain_text_input", "action_id": "text", "multiline": True},
        },
        {
            "type": "input",
            "block_id": "urgency",
            "optional": True,
            "label": {"type": "plain_text", "text": "How urgent?"},
            "element": {
                "type": "static_select",
                "action_id": "level",
                "options": [
                    {"text": {"type": "plain_text", "text": "Today"}, "value": "today"},
                    {"text": {"type": "plain_text", "text": "Whenever"}, "value": "whenever"},
                ],
            },
        },
    ],
}


def open_form(probe: Probe) -> None:
    @probe.app.shortcut("open_form")
    def open_it(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=MODAL)


def test_a_modal_says_what_is_wrong_and_closes_when_all_is_right(slack: Driver, probe: Probe) -> None:
    open_form(probe)

    @probe.app.view("form")
    def submitted(ack: Ack, view: Body) -> None:
        text = view["state"]["values"]["about"]["text"]["value"]
        if len(text) < 5:
            ack(response_action="errors", errors={"about": "A little more, please."})
        else:
            ack()

    slack.shortcut("maya", None, "open_form")
    modal = slack.wait_for_modal("maya", "Talk to a person")
    empty = slack.submit("maya", modal)
    assert empty is not None
    assert empty.errors == {"about": "Please complete this required field."}
    short = slack.submit("maya", modal, {"What is it about?": "hm"})
    assert short is not None
    assert short.errors == {"about": "A little more, please."}
    assert slack.submit("maya", modal, {"What is it about?": "Zoom asks again", "How urgent?": "Today"}) is None
    values = probe.wait(lambda b: b.get("type") == "view_submission", count=2)["view"]["state"]["values"]
    assert values["urgency"]["level"]["selected_option"]["value"] == "today"


def test_a_modal_is_updated_by_its_submission(slack: Driver, probe: Probe) -> None:
    open_form(probe)
    done: Body = {"type": "modal", "title": {"type": "plain_text", "text": "Sent"}, "blocks": BUTTONS[:1]}

    @probe.app.view("form")
    def submitted(ack: Ack) -> None:
        ack(response_action="update", view=done)

    slack.shortcut("maya", None, "open_form")
    modal = slack.wait_for_modal("maya")
    shown = slack.submit("maya", modal, {"text": "Zoom"})
    assert shown is not None
    assert (shown.title, shown.id) == ("Sent", modal.id)


def test_a_closed_modal_is_told_to_the_app_that_asked(slack: Driver, probe: Probe) -> None:
    open_form(probe)
    probe.app.view_closed("form")(lambda ack: ack())
    slack.shortcut("maya", None, "open_form")
    slack.wait_for_modal("maya")
    slack.close_modal("maya")
    assert slack.modal("maya") is None
    assert probe.wait(lambda b: b.get("type") == "view_closed")["is_cleared"] is False


def test_the_home_is_published_and_its_buttons_work(slack: Driver, probe: Probe) -> None:
    @probe.app.event("app_home_opened")
    def home(event: Body, client: WebClient) -> None:
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": BUTTONS})

    @probe.app.action("yes")
    def yes(ack: Ack, body: Body, client: WebClient) -> None:
        ack()
        client.chat_postMessage(channel=body["user"]["id"], text="From home")

    slack.open_home("maya")
    home_view = slack.wait_for_home("maya", "Was this helpful?")
    assert slack.click("maya", home_view, "yes")
    slack.wait_for_message("dm", "From home", viewer="maya")
    click = probe.wait(lambda b: b.get("type") == "block_actions")
    assert click["container"] == {"type": "view", "view_id": home_view.id}
    assert "response_url" not in click


def test_two_workspaces_do_not_see_each_other(slack: Driver, probe: Probe) -> None:
    globex = connect(slack, "globex")
    for one in (probe, globex):
        one.app.event("message")(lambda: None)
    try:
        slack.say("maya", "dm", "from acme")
        slack.say("haruka", "dm", "from globex")
        slack.wait_until_idle()
        assert [body["event"]["text"] for body in probe.bodies] == ["from acme"]
        assert [body["event"]["text"] for body in globex.bodies] == ["from globex"]
        foreign = WebClient(slack.bot_token("globex"), base_url=slack.api_url)
        with pytest.raises(SlackApiError, match="channel_not_found"):
            foreign.chat_postMessage(channel=slack.dm("maya"), text="hi")
    finally:
        globex.close()
