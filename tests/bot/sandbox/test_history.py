"""What was said can be read back, as far as Slack would show it to the app."""

from collections.abc import Iterator

import pytest
import requests
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.sandbox.driver import Driver, running_sandbox
from tests.bot.sandbox.conftest import MANIFEST, Body, refused

GENERAL = "C0ACMEGENERAL"
METADATA: Body = {"event_type": "question", "event_payload": {"id": "q-1", "tries": 2}}


def scopes(*names: str) -> Body:
    return MANIFEST | {"oauth_config": {"scopes": {"bot": list(names)}}}


@pytest.fixture
def slack() -> Iterator[Driver]:
    with running_sandbox(manifest=scopes("chat:write", "im:history", "channels:history")) as running:
        yield running


def texts(answer: SlackResponse) -> list[str]:
    return [message["text"] for message in answer["messages"]]


def test_a_thread_is_read_from_its_first_message_on(slack: Driver, client: WebClient) -> None:
    asked = slack.say("maya", "dm", "Why again?")
    slack.say("maya", "dm", "beside it")
    client.chat_postMessage(channel=slack.dm("maya"), text="Because", thread_ts=asked.ts)
    last = slack.say("maya", "dm", "Thanks", thread_ts=asked.ts)
    found = client.conversations_replies(channel=slack.dm("maya"), ts=asked.ts)
    parent, answer, thanks = found["messages"]
    assert texts(found) == ["Why again?", "Because", "Thanks"]
    assert (parent["thread_ts"], parent["reply_count"], parent["latest_reply"]) == (asked.ts, 2, last.ts)
    assert (answer["user"], answer["bot_id"], answer["parent_user_id"]) == ("U0BOTACME", "B0ACME", "U0MAYA")
    assert thanks["blocks"][0]["type"] == "rich_text"
    assert found["has_more"] is False
    assert found["response_metadata"]["next_cursor"] == ""


def test_a_message_without_replies_is_a_thread_of_one(slack: Driver, client: WebClient) -> None:
    said = slack.say("maya", GENERAL, "alone")
    (message,) = client.conversations_replies(channel=GENERAL, ts=said.ts)["messages"]
    assert message["text"] == "alone"
    assert "reply_count" not in message


def test_the_ts_of_a_reply_gives_that_reply_alone(slack: Driver, client: WebClient) -> None:
    asked = slack.say("maya", GENERAL, "parent")
    reply = slack.say("maya", GENERAL, "reply", thread_ts=asked.ts)
    found = client.conversations_replies(channel=GENERAL, ts=reply.ts)
    assert texts(found) == ["reply"]
    assert found["messages"][0]["thread_ts"] == asked.ts


def test_history_has_the_newest_first_and_no_replies(slack: Driver, client: WebClient) -> None:
    first = slack.say("maya", GENERAL, "one")
    slack.say("jonas", GENERAL, "two")
    slack.say("jonas", GENERAL, "in the thread", thread_ts=first.ts)
    found = client.conversations_history(channel=GENERAL)
    assert texts(found) == ["two", "one"]
    assert found["messages"][1]["reply_count"] == 1


def test_ephemeral_messages_are_never_read_back(slack: Driver, client: WebClient) -> None:
    asked = slack.say("maya", GENERAL, "one")
    psst = client.chat_postEphemeral(channel=GENERAL, user="U0MAYA", text="psst", thread_ts=asked.ts)["message_ts"]
    client.chat_postEphemeral(channel=GENERAL, user="U0MAYA", text="psst")
    assert texts(client.conversations_history(channel=GENERAL)) == ["one"]
    assert texts(client.conversations_replies(channel=GENERAL, ts=asked.ts)) == ["one"]
    assert refused(client, "conversations.replies", channel=GENERAL, ts=psst)["error"] == "thread_not_found"


def test_pages_follow_each_other_until_all_was_read(slack: Driver, client: WebClient) -> None:
    asked = slack.say("maya", GENERAL, "0")
    for number in range(1, 5):
        slack.say("maya", GENERAL, str(number), thread_ts=asked.ts)
    pages = client.conversations_replies(channel=GENERAL, ts=asked.ts, limit=2)
    read = [(texts(page), page["has_more"]) for page in pages]
    assert read == [(["0", "1"], True), (["2", "3"], True), (["4"], False)]


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ({"oldest": 0}, ["2", "1"]),
        ({"latest": 2}, ["1", "0"]),
        ({"oldest": 0, "latest": 2}, ["1"]),
        ({"oldest": 0, "latest": 2, "inclusive": True}, ["2", "1", "0"]),
        ({"inclusive": True}, ["2", "1", "0"]),
    ],
)
def test_a_span_of_time_is_read_with_or_without_its_ends(
    slack: Driver, client: WebClient, bounds: Body, expected: list[str]
) -> None:
    said = [slack.say("maya", GENERAL, str(number)).ts for number in range(3)]
    args: Body = {name: value if name == "inclusive" else said[value] for name, value in bounds.items()}
    assert texts(client.conversations_history(channel=GENERAL, **args)) == expected


@pytest.mark.parametrize("method", ["conversations.history", "conversations.replies"])
@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({}, "invalid_arguments"),
        ({"channel": "C0NONE"}, "channel_not_found"),
        ({"channel": "C0GLOBEXGENERAL"}, "channel_not_found"),
        ({"channel": "U0MAYA"}, "channel_not_found"),
        ({"channel": "C0ACMERANDOM"}, "not_in_channel"),
        ({"channel": GENERAL, "limit": 0}, "invalid_limit"),
        ({"channel": GENERAL, "limit": 1001}, "invalid_limit"),
        ({"channel": GENERAL, "limit": "many"}, "invalid_limit"),
        ({"channel": GENERAL, "cursor": "nonsense"}, "invalid_cursor"),
        ({"channel": GENERAL, "cursor": "bmV4dF90czoxLjA="}, "invalid_cursor"),
        ({"channel": GENERAL, "oldest": "yesterday"}, "invalid_ts_oldest"),
        ({"channel": GENERAL, "latest": "NaN"}, "invalid_ts_latest"),
    ],
)
def test_a_wrong_call_gets_slacks_error(slack: Driver, client: WebClient, method: str, args: Body, error: str) -> None:
    ts = slack.say("maya", GENERAL, "hi").ts
    assert refused(client, method, ts=ts, **args)["error"] == error


def test_a_thread_that_is_not_there_is_not_found(slack: Driver, client: WebClient) -> None:
    joined = slack.join("omar", GENERAL)
    for ts in ("1.0", joined.ts):
        assert refused(client, "conversations.replies", channel=GENERAL, ts=ts)["error"] == "thread_not_found"
    assert refused(client, "conversations.replies", channel=GENERAL)["error"] == "invalid_arguments"


@pytest.mark.parametrize(("owned", "missing"), [("im:history", "channels:history"), ("channels:history", "im:history")])
def test_each_kind_of_conversation_has_its_own_scope(owned: str, missing: str) -> None:
    with running_sandbox(manifest=scopes(owned)) as slack:
        client = WebClient(slack.bot_token(), base_url=slack.api_url)
        places = {"im:history": slack.dm("maya"), "channels:history": GENERAL}
        ts = slack.say("maya", places[owned], "hi").ts
        assert texts(client.conversations_replies(channel=places[owned], ts=ts)) == ["hi"]
        for method in ("conversations.replies", "conversations.history"):
            found = refused(client, method, channel=places[missing], ts=ts)
            assert (found["error"], found["needed"], found["provided"]) == ("missing_scope", missing, owned)


def read_metadata(client: WebClient, ts: str) -> Body | None:
    (message,) = client.conversations_replies(channel=GENERAL, ts=ts, include_all_metadata=True)["messages"]
    found: Body | None = message.get("metadata")
    return found


def test_metadata_is_read_back_when_it_is_asked_for(client: WebClient) -> None:
    ts = client.chat_postMessage(channel=GENERAL, text="hi", metadata=METADATA)["ts"]
    assert read_metadata(client, ts) == METADATA
    (told,) = client.conversations_history(channel=GENERAL, include_all_metadata=True)["messages"]
    assert told["metadata"] == METADATA
    for asked in (None, False):
        (message,) = client.conversations_history(channel=GENERAL, include_all_metadata=asked)["messages"]
        assert "metadata" not in message


def test_an_update_keeps_changes_or_takes_away_metadata(client: WebClient) -> None:
    ts = client.chat_postMessage(channel=GENERAL, text="1", metadata=METADATA)["ts"]
    client.chat_update(channel=GENERAL, ts=ts, text="2")
    assert read_metadata(client, ts) == METADATA
    other = {"event_type": "answer", "event_payload": {}}
    client.chat_update(channel=GENERAL, ts=ts, text="3", metadata=other)
    assert read_metadata(client, ts) == other
    client.chat_update(channel=GENERAL, ts=ts, text="4", metadata={})
    assert read_metadata(client, ts) is None


@pytest.mark.parametrize(
    "metadata",
    [
        "{",
        "[]",
        7,
        {"event_type": "question"},
        {"event_payload": {}},
        {"event_type": "", "event_payload": {}},
        {"event_type": 1, "event_payload": {}},
        {"event_type": "question", "event_payload": "text"},
        {"event_type": "question", "event_payload": []},
    ],
)
def test_metadata_of_another_form_is_refused_and_nothing_changes(
    slack: Driver, client: WebClient, metadata: object
) -> None:
    ts = client.chat_postMessage(channel=GENERAL, text="before")["ts"]
    posted = refused(client, "chat.postMessage", channel=GENERAL, text="x", metadata=metadata)
    updated = refused(client, "chat.update", channel=GENERAL, ts=ts, text="x", metadata=metadata)
    assert posted["error"] == updated["error"] == "invalid_metadata_format"
    assert [message.text for message in slack.messages(GENERAL)] == ["before"]


def test_metadata_does_not_show_on_the_page(slack: Driver, client: WebClient) -> None:
    client.chat_postMessage(channel=slack.dm("maya"), text="hi", metadata=METADATA)
    shown = requests.get(f"{slack.base_url}/sandbox/picture", {"person": "maya"}, timeout=5).text
    assert '"hi"' in shown
    assert "q-1" not in shown


def test_a_reply_that_is_broadcast_stands_in_the_channel_too(slack: Driver, client: WebClient) -> None:
    parent = client.chat_postMessage(channel=slack.dm("maya"), text="First")
    for broadcast, text in ((False, "Aside"), (True, "For all")):
        client.chat_postMessage(channel=slack.dm("maya"), text=text, thread_ts=parent["ts"], reply_broadcast=broadcast)
    found = client.conversations_history(channel=slack.dm("maya"))["messages"]
    assert [(one["text"], one.get("subtype")) for one in found] == [("For all", "thread_broadcast"), ("First", None)]
    assert len(client.conversations_replies(channel=slack.dm("maya"), ts=parent["ts"])["messages"]) == 3
