"""The Web API answers as Slack's does: to slack_sdk, in forms and JSON, with its errors and its trouble."""

import pytest
import requests
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler, ServerErrorRetryHandler

from bot.sandbox.driver import Driver, running_sandbox
from bot.sandbox.rates import Rates
from tests.bot.sandbox.conftest import MANIFEST, Body, refused

GENERAL = "C0ACMEGENERAL"


def test_auth_test_says_who_the_app_is(client: WebClient) -> None:
    found = client.auth_test()
    assert (found["team_id"], found["user_id"], found["bot_id"]) == ("T0ACME", "U0BOTACME", "B0ACME")
    assert "chat:write" in found.headers["x-oauth-scopes"]


@pytest.mark.parametrize(
    ("method", "args", "error"),
    [
        ("chat.nonsense", {}, "unknown_method"),
        ("chat.postMessage", {"text": "hi"}, "invalid_arguments"),
        ("chat.postMessage", {"channel": "C0NONE", "text": "hi"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C0GLOBEXGENERAL", "text": "hi"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "C0ACMERANDOM", "text": "hi"}, "not_in_channel"),
        ("chat.postMessage", {"channel": GENERAL}, "no_text"),
        ("chat.postMessage", {"channel": GENERAL, "text": "x" * 40_001}, "msg_too_long"),
        ("chat.postMessage", {"channel": GENERAL, "text": "x", "blocks": "[{"}, "invalid_blocks_format"),
        ("chat.postMessage", {"channel": GENERAL, "text": "x", "thread_ts": "1.0"}, "thread_not_found"),
        ("chat.postMessage", {"channel": GENERAL, "text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
        ("chat.postMessage", {"channel": "U0VERA", "text": "hi"}, "channel_not_found"),
        ("chat.postEphemeral", {"channel": GENERAL, "user": "U0NONE", "text": "x"}, "user_not_found"),
        ("chat.postEphemeral", {"channel": GENERAL, "user": "U0OMAR", "text": "x"}, "user_not_in_channel"),
        ("chat.update", {"channel": GENERAL, "ts": "1.0", "text": "x"}, "message_not_found"),
        ("chat.getPermalink", {"channel": GENERAL, "message_ts": "1.0"}, "message_not_found"),
        ("conversations.open", {"users": "U0HARUKA"}, "user_not_found"),
        ("conversations.open", {"users": "U0VERA"}, "user_not_visible"),
        ("conversations.info", {"channel": GENERAL}, "missing_scope"),
        ("users.info", {"user": "U0CARLOS"}, "user_not_found"),
        ("usergroups.users.list", {"usergroup": "S0SUPPORT"}, "missing_scope"),
        ("bots.info", {"bot": "B0OTHER"}, "bot_not_found"),
        ("apps.connections.open", {}, "not_allowed_token_type"),
        ("views.update", {"view_id": "V0", "view": {}}, "invalid_arguments"),
    ],
)
def test_a_wrong_call_gets_slacks_error(client: WebClient, method: str, args: Body, error: str) -> None:
    assert refused(client, method, **args)["error"] == error


def test_a_missing_scope_is_named(client: WebClient) -> None:
    found = refused(client, "usergroups.users.list", usergroup="S0SUPPORT")
    assert found["needed"] == "usergroups:read"
    assert "chat:write" in found["provided"]


@pytest.mark.parametrize(("token", "error"), [("", "not_authed"), ("xoxb-wrong", "invalid_auth")])
def test_a_token_is_needed(slack: Driver, token: str, error: str) -> None:
    assert refused(WebClient(token, base_url=slack.api_url), "auth.test")["error"] == error


def test_a_token_may_come_as_an_argument_and_is_not_recorded(slack: Driver) -> None:
    answer = requests.post(f"{slack.api_url}auth.test", data={"token": slack.bot_token()}, timeout=5)
    assert answer.json()["ok"]
    assert "token" not in slack.calls[-1].args


def test_a_message_is_posted_changed_and_removed(slack: Driver, client: WebClient) -> None:
    posted = client.chat_postMessage(channel=GENERAL, text="one", unfurl_links=False, unfurl_media=False)
    assert posted["message"]["bot_profile"]["app_id"] == "A0RETAIN"
    link = client.chat_getPermalink(channel=GENERAL, message_ts=posted["ts"])["permalink"]
    assert link == f"https://acme.slack.com/archives/{GENERAL}/p{posted['ts'].replace('.', '')}"
    client.chat_update(channel=GENERAL, ts=posted["ts"], text="two")
    assert [m.text for m in slack.messages(GENERAL)] == ["two"]
    client.chat_delete(channel=GENERAL, ts=posted["ts"])
    assert slack.messages(GENERAL) == []


def test_only_its_own_messages_are_the_apps_to_change(slack: Driver, client: WebClient) -> None:
    said = slack.say("maya", GENERAL, "mine")
    assert refused(client, "chat.update", channel=GENERAL, ts=said.ts, text="x")["error"] == "cant_update_message"
    assert refused(client, "chat.delete", channel=GENERAL, ts=said.ts)["error"] == "cant_delete_message"


def test_an_ephemeral_message_cannot_be_updated(client: WebClient) -> None:
    ts = client.chat_postEphemeral(channel=GENERAL, user="U0MAYA", text="psst")["message_ts"]
    assert refused(client, "chat.update", channel=GENERAL, ts=ts, text="x")["error"] == "message_not_found"


@pytest.mark.parametrize(
    ("unfurl", "fetched"),
    [
        ({}, ("https://retain.example/connect/abc",)),
        ({"unfurl_links": False}, ("https://retain.example/connect/abc",)),
        ({"unfurl_links": False, "unfurl_media": False}, ()),
    ],
)
def test_links_that_slack_would_fetch_are_marked(
    slack: Driver, client: WebClient, unfurl: Body, fetched: tuple[str, ...]
) -> None:
    client.chat_postMessage(channel=GENERAL, text="<https://retain.example/connect/abc|Connect>", **unfurl)
    assert slack.messages(GENERAL)[-1].fetched_links == fetched


def test_a_direct_message_is_opened_by_user(slack: Driver, client: WebClient) -> None:
    channel = client.conversations_open(users="U0MAYA")["channel"]["id"]
    assert channel == slack.dm("maya")
    client.chat_postMessage(channel="U0MAYA", text="by user id")
    assert slack.messages("dm", viewer="maya")[-1].text == "by user id"


def test_people_are_described_as_slack_describes_them() -> None:
    scopes = ["users:read", "users:read.email", "usergroups:read", "channels:read", "im:read"]
    manifest = MANIFEST | {"oauth_config": {"scopes": {"bot": scopes}}}
    with running_sandbox(manifest=manifest) as slack:
        client = WebClient(slack.bot_token(), base_url=slack.api_url)
        maya = client.users_info(user="U0MAYA")["user"]
        assert (maya["tz"], maya["profile"]["email"]) == ("Europe/Berlin", "maya@acme.example")
        assert client.users_info(user="U0JONAS")["user"]["is_admin"]
        assert client.users_info(user="U0PRIYA")["user"]["is_restricted"]
        vera = client.users_info(user="U0VERA")["user"]
        assert (vera["is_stranger"], vera["team_id"]) == (True, "T0INITECH")
        assert client.users_info(user="U0BOTACME")["user"]["is_bot"]
        assert {"U0MAYA", "U0VERA"} < {member["id"] for member in client.users_list()["members"]}
        assert client.conversations_info(channel="C0ACMEINITECH")["channel"]["is_ext_shared"]
        assert GENERAL in {found["id"] for found in client.users_conversations()["channels"]}
        assert client.bots_info(bot="B0ACME")["bot"]["user_id"] == "U0BOTACME"
        retain = WebClient(slack.bot_token("retain"), base_url=slack.api_url)
        assert retain.usergroups_users_list(usergroup="S0SUPPORT")["users"] == ["U0SAM", "U0ELLIE"]


def test_an_email_address_needs_its_scope(client: WebClient) -> None:
    assert "email" not in client.users_info(user="U0MAYA")["user"]["profile"]


def test_a_server_error_is_retried_by_slack_sdk(slack: Driver, client: WebClient) -> None:
    client.retry_handlers.append(ServerErrorRetryHandler(max_retry_count=2))
    slack.faults.fail("chat.postMessage", status=500, times=1)
    client.chat_postMessage(channel=GENERAL, text="hi")
    assert [call.status for call in slack.calls_of("chat.postMessage")] == [500, 200]
    assert len(slack.messages(GENERAL)) == 1


def test_a_lost_answer_has_taken_effect(slack: Driver, client: WebClient) -> None:
    slack.faults.fail("chat.postMessage", status=500, after=True)
    with pytest.raises(SlackApiError):
        client.chat_postMessage(channel=GENERAL, text="hi")
    assert len(slack.messages(GENERAL)) == 1


def test_a_rate_limit_on_demand_is_waited_out_by_slack_sdk(slack: Driver, client: WebClient) -> None:
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
    slack.faults.rate_limit("chat.postMessage", retry_after=0)
    client.chat_postMessage(channel=GENERAL, text="hi")
    assert [call.status for call in slack.calls_of("chat.postMessage")] == [429, 200]


def test_a_call_can_be_refused_with_any_error(slack: Driver, client: WebClient) -> None:
    slack.faults.fail("*", status=200, error="fatal_error")
    assert refused(client, "auth.test")["error"] == "fatal_error"


def test_a_slow_method_outlasts_an_impatient_client(slack: Driver) -> None:
    slack.faults.slow("auth.test", 5)
    with pytest.raises(requests.Timeout):
        requests.post(f"{slack.api_url}auth.test", timeout=0.1)


def test_slacks_own_rate_limits_can_be_switched_on() -> None:
    with running_sandbox(manifest=MANIFEST, rate_limits=True) as slack:
        client = WebClient(slack.bot_token(), base_url=slack.api_url)
        for _ in range(5):
            client.chat_postMessage(channel=GENERAL, text="burst")
        with pytest.raises(SlackApiError) as raised:
            client.chat_postMessage(channel=GENERAL, text="one too many")
        assert raised.value.response.status_code == 429
        assert int(raised.value.response.headers["Retry-After"]) >= 1
        client.chat_postMessage(channel=slack.dm("maya"), text="another channel is free")


def test_a_rate_limit_ends() -> None:
    rates = Rates()
    assert [rates.check("T", "users.list", 2, "", now) for now in (0.0, 1.0, 2.0, 60.5)] == [0, 0, 58, 0]


def test_a_status_shows_until_the_app_replies(slack: Driver, client: WebClient) -> None:
    said = slack.say("maya", "dm", "hi")
    channel = slack.dm("maya")
    client.assistant_threads_setStatus(channel_id=channel, thread_ts=said.ts, status="is thinking…")
    assert slack.call(lambda: slack.world.statuses) == {(channel, said.ts): "is thinking…"}
    client.chat_postMessage(channel=channel, thread_ts=said.ts, text="done")
    assert slack.call(lambda: slack.world.statuses) == {}


def test_at_most_four_prompts_are_offered(slack: Driver, client: WebClient) -> None:
    channel = slack.dm("maya")
    prompt = {"title": "Why?", "message": "Why again?"}
    client.assistant_threads_setSuggestedPrompts(channel_id=channel, thread_ts="", prompts=[prompt])
    assert [one.title for one in slack.world.prompts[channel].prompts] == ["Why?"]
    method = "assistant.threads.setSuggestedPrompts"
    assert refused(client, method, channel_id=channel, prompts=[prompt] * 5)["error"] == "invalid_arguments"
    assert (
        refused(client, method, channel_id=channel, prompts=[{"title": "no message"}])["error"] == "invalid_arguments"
    )
