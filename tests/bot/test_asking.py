"""A person asks in Slack and gets the right answer, once, in the right place."""

import pytest

from bot import blocks
from bot.asking import SHORTCUT
from bot.replies import KIND_WORDS, UNKNOWN
from bot.sandbox.driver import Driver
from kb.languages import ONLY_ENGLISH, languages
from tests.bot.conftest import QUESTION
from tests.support.service import Service

LACKING = "do not see your own organisation's connection"
NOT_LINKED = "do not know yet which organisation"
NOT_OURS = "What is the capital of Mongolia?"
AMBIGUOUS = "zoom"


def answers(slack: Driver, channel: str) -> int:
    return len([m for m in slack.messages(channel) if m.bot_id])


def test_a_direct_message_is_answered_in_its_thread(bot: Driver) -> None:
    asked = bot.say("maya", "dm", QUESTION)
    answer = bot.wait_for_message(bot.dm("maya"), "technical reasons")
    assert answer.thread_ts == asked.ts
    assert NOT_LINKED in answer.text


def test_an_answer_has_a_full_text_a_link_feedback_and_a_person(bot: Driver) -> None:
    bot.say("maya", "dm", QUESTION)
    answer = bot.wait_for_message(bot.dm("maya"), "technical reasons")
    assert "https://support.retain.example/help/reauthorize-zoom" in answer.text
    assert " PT" in answer.text
    assert "your time)" in answer.text  # Maya is in Berlin
    buttons = [e["text"]["text"] for b in answer.blocks if b["type"] == "actions" for e in b["elements"]]
    assert buttons == ["👍 Yes", "👎 No", "Talk to a person"]  # no link: the workspace is nobody's yet
    assert any("Was this helpful?" in str(block) for block in answer.blocks)


def test_nothing_is_unfurled(bot: Driver) -> None:
    bot.say("maya", "dm", QUESTION)
    bot.wait_for_message(bot.dm("maya"), "technical reasons")
    (call,) = bot.calls_of("chat.postMessage")
    assert call.args["unfurl_links"] is False or call.args["unfurl_links"] in ("0", "false")
    assert call.args["unfurl_media"] is False or call.args["unfurl_media"] in ("0", "false")


def test_a_mention_is_answered_in_the_threads_of_the_channel(bot: Driver) -> None:
    asked = bot.say("maya", "#general", f"@Retain {QUESTION}")
    answer = bot.wait_for_message(bot.channel("acme", "general"), "technical reasons")
    assert answer.thread_ts == asked.ts


def test_a_follow_up_in_a_channel_needs_a_new_mention(bot: Driver) -> None:
    asked = bot.say("maya", "#general", f"@Retain {QUESTION}")
    general = bot.channel("acme", "general")
    bot.wait_for_message(general, "technical reasons")
    bot.say("maya", "#general", "and how do I disconnect zoom?", thread_ts=asked.ts)
    bot.wait_until_idle()
    assert answers(bot, general) == 1
    bot.say("maya", "#general", "@Retain how do I uninstall the app from zoom?", thread_ts=asked.ts)
    bot.wait_for_message(general, "Installed Apps")


@pytest.mark.parametrize("text", ["hi", "@Retain", "HELP!", ":wave:", "Good evening"])
def test_a_greeting_or_an_empty_mention_gets_help(bot: Driver, text: str) -> None:
    bot.say("maya", "dm", text)
    bot.wait_for_message(bot.dm("maya"), "/retain ask")


@pytest.mark.parametrize("text", ["Thank you!", "thanks, that worked", "thanks a lot for your help!"])
def test_thanks_get_a_kind_word_and_no_i_do_not_know(bot: Driver, text: str) -> None:
    bot.say("maya", "dm", text)
    bot.wait_for_message(bot.dm("maya"), KIND_WORDS["thanks"])


def test_what_it_does_not_know_it_says_and_offers_a_person(bot: Driver) -> None:
    bot.say("maya", "dm", NOT_OURS)
    answer = bot.wait_for_message(bot.dm("maya"), UNKNOWN)
    bot.click("maya", answer, "Talk to a person")
    form = str(bot.wait_for_modal("maya", "Talk to a person").blocks)
    assert NOT_OURS in form
    assert "I said that I do not know the answer." in form


def test_who_asks_in_another_language_is_told_in_it_that_we_answer_in_english(bot: Driver, service: Service) -> None:
    question = "Warum muss ich Zoom schon wieder verbinden?"
    bot.say("maya", "dm", question)
    answer = bot.wait_for_message(bot.dm("maya"), ONLY_ENGLISH)
    assert languages()["de"].says in answer.text
    bot.click("maya", answer, "Talk to a person")
    form = str(bot.wait_for_modal("maya", "Talk to a person").blocks)
    assert question in form
    assert "I said that I can only answer in English." in form
    bot.wait_until_idle()
    assert [q.status for q in service.questions()] == ["unknown"]


def test_who_asks_for_a_person_gets_the_button_and_not_an_article(bot: Driver, service: Service) -> None:
    bot.say("maya", "dm", "Hi! Can I talk to someone, please?")
    offer = bot.wait_for_message(bot.dm("maya"), "A person at Retain answers by")
    assert "Was this helpful?" not in str(offer.blocks)
    bot.click("maya", offer, "Talk to a person")
    assert "initial_value" not in str(bot.wait_for_modal("maya", "Talk to a person").blocks)
    bot.wait_until_idle()
    assert [(q.status, q.article) for q in service.questions()] == [("answered", "contact-support")]


def test_what_people_typed_mentions_nobody(lone_bot: Driver) -> None:
    lone_bot.say("maya", "dm", f"<!channel> <@U0JONAS> {NOT_OURS}")
    answer = lone_bot.wait_for_message(lone_bot.dm("maya"), UNKNOWN)
    lone_bot.click("maya", answer, "Talk to a person")
    reply = lone_bot.wait_for_message(lone_bot.dm("maya"), "support@retain.example")
    assert "<!channel>" not in str(reply.blocks)
    assert "<@U0JONAS>" not in str(reply.blocks)


def test_what_was_asked_is_quoted_as_it_was_typed(bot: Driver) -> None:
    message = bot.say("jonas", "#random", "R&D <b>asks</b>: why must we authorize Zoom again?")
    bot.shortcut("maya", message, SHORTCUT)
    assert "R&amp;D &lt;b&gt;asks" in str(bot.wait_for_modal("maya").blocks)


def test_a_modal_that_slack_no_longer_opens_becomes_a_direct_message(bot: Driver) -> None:
    message = bot.say("jonas", "#random", QUESTION)
    bot.faults.fail("views.open", status=200, error="expired_trigger_id")
    bot.shortcut("maya", message, SHORTCUT)
    bot.wait_for_message(bot.dm("maya"), "technical reasons")


def test_a_time_zone_is_not_waited_for(bot: Driver) -> None:
    bot.faults.slow("users.info", 3)
    bot.say("maya", "dm", QUESTION)
    answer = bot.wait_for_message(bot.dm("maya"), "technical reasons", timeout=2.5)
    assert "your time" not in answer.text


def test_the_shortcut_answers_in_a_modal_even_where_the_app_is_not(bot: Driver) -> None:
    message = bot.say("jonas", "#random", QUESTION)
    bot.shortcut("maya", message, SHORTCUT)
    view = bot.wait_for_modal("maya")
    assert "technical reasons" in str(view.blocks)
    assert answers(bot, bot.channel("acme", "random")) == 0


def test_the_questions_are_kept_with_what_was_answered(bot: Driver, service: Service) -> None:
    bot.say("maya", "dm", QUESTION)
    bot.wait_for_message(bot.dm("maya"), "technical reasons")
    bot.wait_until_idle()
    (question,) = service.questions()
    assert (question.status, question.article) == ("answered", "reauthorize-zoom")
    assert question.answered_at is not None
    assert "authorize" not in question.text  # encrypted


def test_it_does_not_react_to_bots_edits_joins_or_itself(bot: Driver) -> None:
    dm, general = bot.dm("maya"), bot.channel("acme", "general")
    message = bot.say("maya", "dm", QUESTION)
    bot.wait_for_message(dm, "technical reasons")
    bot.edit("maya", message, "how do I disconnect zoom?")
    bot.other_bot_says(dm, QUESTION)
    bot.other_bot_says(general, f"<@U0BOTACME> {QUESTION}")
    bot.join("jonas", general)
    bot.delete(message)
    bot.wait_until_idle()
    assert answers(bot, dm) == 2  # ours, and the other bot's own message
    assert answers(bot, general) == 1


def test_a_lone_bot_answers_and_says_what_it_cannot_look_up(lone_bot: Driver) -> None:
    lone_bot.say("maya", "dm", QUESTION)
    answer = lone_bot.wait_for_message(lone_bot.dm("maya"), "technical reasons")
    assert LACKING in answer.text


def test_each_workspace_has_its_own_bot(slack: Driver) -> None:
    from tests.support.bot import running_bot

    with running_bot(slack, team="acme"), running_bot(slack, team="globex"):
        slack.say("haruka", "dm", QUESTION)
        slack.wait_for_message(slack.dm("haruka"), "technical reasons")
    assert answers(slack, slack.dm("maya")) == 0


def test_a_choice_is_answered_in_the_same_thread(bot: Driver) -> None:
    asked = bot.say("maya", "dm", AMBIGUOUS)
    offer = bot.wait_for_message(bot.dm("maya"), "I am not sure")
    first = next(e for b in offer.blocks if b["type"] == "actions" for e in b["elements"])
    assert first["action_id"].startswith(blocks.CHOOSE_ARTICLE)
    bot.click("maya", offer, first["action_id"])
    answer = bot.wait_for_message(bot.dm("maya"), "Was this helpful?")
    assert answer.thread_ts == asked.ts
