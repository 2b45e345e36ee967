"""People leave, channels are archived, scopes are withheld, posts are too many, calls are held."""

import threading
from collections.abc import Iterator

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.driver import Driver, running_sandbox
from bot.sandbox.errors import ActionError
from bot.sandbox.rates import POSTS, POSTS_OF_WORKSPACE, Rates
from tests.bot.sandbox.conftest import MANIFEST, refused

OPTIONAL = {"scopes": MANIFEST["oauth_config"]["scopes"] | {"bot_optional": ["channels:history"]}}


@pytest.fixture
def slack() -> Iterator[Driver]:
    with running_sandbox(manifest=MANIFEST | {"oauth_config": OPTIONAL}) as running:
        yield running


def test_who_left_is_in_no_channel_but_can_be_written_to(slack: Driver, client: WebClient) -> None:
    """https://github.com/slackapi/python-slack-sdk/issues/1156"""
    slack.leave("maya")
    assert client.users_info(user="U0MAYA")["user"]["deleted"] is True
    assert refused(client, "conversations.open", users="U0MAYA")["error"] == "user_disabled"
    assert client.chat_postMessage(channel=slack.dm("maya"), text="Are you there?")["ok"]
    with pytest.raises(ActionError):
        slack.say("maya", "#general", "Hello")
    slack.call(slack.world.reset)
    slack.say("maya", "#general", "Back again")


def test_nobody_posts_in_an_archived_channel(slack: Driver, client: WebClient) -> None:
    general = slack.channel("acme", "general")
    posted = client.chat_postMessage(channel=general, text="Before")
    slack.archive(general)
    assert refused(client, "chat.postMessage", channel=general, text="x")["error"] == "is_archived"
    assert refused(client, "chat.postEphemeral", channel=general, user="U0MAYA", text="x")["error"] == "is_archived"
    assert refused(client, "chat.update", channel=general, ts=posted["ts"], text="x")["error"] == "is_inactive"
    with pytest.raises(ActionError):
        slack.say("maya", general, "Hello")
    slack.archive(general, archived=False)
    assert client.chat_postMessage(channel=general, text="After")["ok"]


def test_an_optional_scope_is_granted_unless_it_is_withheld(slack: Driver, client: WebClient) -> None:
    general = slack.channel("acme", "general")
    assert client.conversations_history(channel=general)["ok"]
    slack.withhold("acme", "channels:history")
    assert refused(client, "conversations.history", channel=general)["error"] == "missing_scope"


def test_a_workspace_takes_a_few_hundred_posts_a_minute_and_a_channel_one_a_second() -> None:
    rates = Rates()
    assert [rates.check("T", POSTS, 50, "C", 0.0) for _ in range(6)] == [0, 0, 0, 0, 0, 5]
    fits = [rates.check("T", POSTS, 50, f"C{number}", 1.0) for number in range(POSTS_OF_WORKSPACE)]
    assert fits.count(0) == POSTS_OF_WORKSPACE - 5
    assert fits[-1] == 59
    assert rates.check("U", POSTS, 50, "C", 1.0) == 0
    assert rates.check("T", POSTS, 50, "C", 61.5) == 0


def test_a_refused_post_counts_against_nothing() -> None:
    rates = Rates()
    for _ in range(50):
        rates.check("T", POSTS, 50, "C", 0.0)
    assert rates.check("T", POSTS, 50, "C", 5.5) == 0


@pytest.mark.parametrize(("after", "stands"), [(False, False), (True, True)])
def test_a_call_is_held_before_or_after_its_effect(slack: Driver, client: WebClient, after: bool, stands: bool) -> None:
    held = slack.faults.hold("chat.postMessage", after=after)
    answers: list[object] = []

    def post() -> None:
        try:
            answers.append(client.chat_postMessage(channel=slack.dm("maya"), text="Hello")["ok"])
        except SlackApiError as error:
            answers.append(error.response.status_code)

    thread = threading.Thread(target=post)
    thread.start()
    held.wait()
    assert bool(slack.messages("dm", viewer="maya")) is stands
    assert not answers
    slack.faults.let_go()
    thread.join(10)
    assert answers == [True if after else 500]
    assert bool(slack.messages("dm", viewer="maya")) is stands


def test_an_ephemeral_message_shows_in_a_thread_only_where_there_is_one(slack: Driver, client: WebClient) -> None:
    """https://docs.slack.dev/reference/methods/chat.postEphemeral"""
    general = slack.channel("acme", "general")
    said = slack.say("maya", general, "Anybody?")
    asked = {"channel": general, "user": "U0MAYA", "text": "For you", "thread_ts": said.ts}
    assert client.api_call("chat.postEphemeral", json=asked)["ok"]
    assert len(slack.messages(general, viewer="maya")) == 1
    slack.say("jonas", general, "Yes", thread_ts=said.ts)
    assert client.api_call("chat.postEphemeral", json=asked)["ok"]
    assert len(slack.messages(general, viewer="maya")) == 3
