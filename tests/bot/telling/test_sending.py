"""What a notification says stands once, or is known to stand perhaps, whatever breaks between us and Slack."""

import random
import threading
from dataclasses import replace

import pytest
from slack_sdk import WebClient

from bot.blocks import plain
from bot.inquiry import Actor, Inquiry, Place
from bot.notifications import Deliverer
from bot.posting import post_once
from integration.questions.service import PATIENCE, hand_out_unanswered
from tests.bot.scene import JONAS, MAYA
from tests.bot.telling.conftest import POST, READS_CHANNELS, Post


def test_what_is_owed_stands_once(post: Post) -> None:
    post.owe()
    post.owe_news(JONAS)
    post.deliver()
    post.deliver()
    assert (len(post.in_channel()), len(post.told("jonas")), post.ends()) == (1, 1, ["delivered", "delivered"])


def test_a_lost_reply_makes_no_second_post_where_we_may_look(post: Post) -> None:
    post.owe()
    post.owe_news(JONAS)
    post.slack.faults.fail(POST, times=2, after=True)
    post.deliver()
    assert (len(post.in_channel()), len(post.told("jonas")), post.ends()) == (1, 1, ["delivered", "delivered"])


@pytest.mark.parametrize("stands", [True, False])
def test_where_we_may_not_look_what_may_stand_is_not_sent_again(post: Post, stands: bool) -> None:
    post.slack.withhold("retain", READS_CHANNELS)
    post.owe()
    post.slack.faults.fail(POST, after=stands)
    post.deliver()
    post.deliver()
    assert (len(post.in_channel()), post.ends()) == (int(stands), ["possibly_delivered"])
    assert post.rows()[0].reason == "it was begun before, and we may not read there (missing_scope)"


def test_what_failed_for_certain_is_tried_again_though_we_may_not_look(post: Post) -> None:
    post.slack.withhold("retain", READS_CHANNELS)
    post.owe()
    post.slack.faults.rate_limit(POST, retry_after=60)
    post.deliver()
    assert (post.in_channel(), post.ends()) == ([], ["open"])
    post.deliver()
    assert (len(post.in_channel()), post.ends()) == (1, ["delivered"])


def test_while_slack_cannot_be_reached_nothing_counts_as_sent(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.telling.sending.PAUSES_SECONDS", (0.0, 0.0))
    post.slack.withhold("retain", READS_CHANNELS)
    post.owe()
    nowhere = WebClient("xoxb-1", base_url="http://127.0.0.1:9/api/", retry_handlers=[])
    connected, post.desk = post.desk, replace(post.desk, client_for=lambda _: nowhere)
    post.deliver()
    assert (post.ends(), post.rows()[0].begun_at) == (["open"], None)
    post.desk = connected
    post.deliver()
    assert (len(post.in_channel()), post.ends()) == (1, ["delivered"])


@pytest.mark.parametrize("posted", [True, False])
def test_after_a_kill_we_look_and_send_what_does_not_stand(post: Post, posted: bool) -> None:
    post.owe()
    post.begin_and_die(posted=posted, channel=post.slack.channel("retain", "support-desk"))
    post.deliver()
    assert (len(post.slack.messages(post.slack.channel("retain", "support-desk"))), post.ends()) == (1, ["delivered"])
    post.owe_news(JONAS)
    post.begin_and_die(posted=posted, channel=post.slack.dm("jonas"))
    post.deliver()
    assert (len(post.slack.messages(post.slack.dm("jonas"))), post.ends()[1:]) == (1, ["delivered"])


def test_while_slack_does_not_let_us_look_it_waits(post: Post) -> None:
    post.owe()
    post.begin_and_die(posted=True, channel=post.slack.channel("retain", "support-desk"))
    post.slack.faults.fail("conversations.history", status=200, error="ratelimited")
    post.deliver()
    assert post.ends() == ["open"]
    post.deliver()
    assert (len(post.slack.messages(post.slack.channel("retain", "support-desk"))), post.ends()) == (1, ["delivered"])


def test_what_another_process_took_over_is_left_alone(post: Post) -> None:
    post.owe()
    slow = post.claim()
    post.service.clock.forward(61)
    post.deliver()
    Deliverer(post.desk, post.integration, None, threading.Event(), random.Random(1)).deliver(slow)
    assert (len(post.in_channel()), post.ends()) == (1, ["delivered"])


def test_what_can_never_arrive_is_given_up_with_its_reason(post: Post) -> None:
    post.slack.archive(post.slack.channel("retain", "support-desk"))
    post.slack.uninstall("acme")
    post.owe()
    post.owe_news(MAYA)
    post.deliver()
    assert post.ends() == ["gave_up", "gave_up"]
    assert {row.reason for row in post.rows()} == {"is_archived", "account_inactive"}


def test_whoever_is_admin_now_hears_what_who_left_cannot(post: Post) -> None:
    post.slack.leave("maya")
    post.slack.add_person("jonas", "ada")
    post.owe_news(MAYA)
    post.deliver()
    post.deliver()
    assert (len(post.told("jonas")), len(post.told("ada")), post.told("maya")) == (1, 1, [])
    assert sorted(post.ends()) == ["delivered", "delivered", "gave_up"]


@pytest.mark.parametrize("posted", [True, False])
def test_a_question_that_a_killed_bot_left_behind_is_answered_once(post: Post, posted: bool) -> None:
    general = post.slack.channel("acme", "general")
    asked = post.slack.say("maya", general, "How do I connect Zoom?")
    key, place = f"message:T0ACME/{general}/{asked.ts}", Place("T0ACME", general, asked.ts)
    post.integration.claim_question(Inquiry(key, asked.text, Actor.parse(MAYA), place))
    if posted:
        post_once(post.desk.client_for("T0ACME"), general, plain("An answer"), asked.ts, key)
    post.service.clock.forward(PATIENCE.total_seconds())
    with post.service.runtime.database.writing() as session:
        hand_out_unanswered(session, post.service.runtime.vault, post.service.clock())
    post.deliver()
    assert len(post.slack.messages(general)) == 2
    assert [row.kind for row in post.rows()] == ["question.unanswered"]
    assert post.ends() == ["settled"]  # by the question's being answered
    assert post.service.questions()[-1].answered_at is not None
