"""Feedback is taken where it was given, and a person can be reached from everywhere."""

from bot import blocks, fields
from bot.asking import SHORTCUT
from bot.carried import StaleButton
from bot.feedback import MISSING, NOT_KEPT, NOT_RECORDED, TITLE
from bot.feedback import THANKS as THANKS_FOR_WORDS
from bot.sandbox import actions
from bot.sandbox.driver import Driver
from tests.bot.conftest import QUESTION
from tests.support.service import Service

ANSWER = "technical reasons"
THANKS = blocks.CONFIRMED[blocks.HELPFUL]


def test_in_a_direct_message_the_buttons_give_way_to_thanks(bot: Driver, service: Service) -> None:
    bot.say("maya", "dm", QUESTION)
    bot.click("maya", bot.wait_for_message(bot.dm("maya"), ANSWER), "👍 Yes")
    shown = bot.wait_for_message(bot.dm("maya"), THANKS)
    assert "Was this helpful?" not in str(shown.blocks)
    assert "Talk to a person" in str(shown.blocks)
    assert [(f.actor, f.helpful) for f in service.feedback()] == [("slack:T0ACME/U0MAYA", True)]


def test_in_a_channel_only_the_person_is_thanked_and_others_may_still_vote(bot: Driver, service: Service) -> None:
    general = bot.channel("acme", "general")
    bot.say("maya", "#general", f"@Retain {QUESTION}")
    answer = bot.wait_for_message(general, ANSWER)
    bot.click("maya", answer, "👍 Yes")
    bot.wait_for_message(general, THANKS, viewer="maya")
    bot.click("jonas", answer, "👎 No")
    bot.wait_for_message(general, blocks.CONFIRMED[blocks.NOT_HELPFUL], viewer="jonas")
    assert {(f.actor, f.helpful) for f in service.feedback()} == {
        ("slack:T0ACME/U0MAYA", True),
        ("slack:T0ACME/U0JONAS", False),
    }


def test_in_a_modal_it_asks_what_was_missing_and_offers_a_person(bot: Driver, service: Service) -> None:
    message = bot.say("jonas", "#random", QUESTION)
    bot.shortcut("maya", message, SHORTCUT)
    bot.click("maya", bot.wait_for_modal("maya"), "👎 No")
    asked = bot.wait_for_modal("maya", "What was missing?")
    noted = blocks.CONFIRMED[blocks.NOT_HELPFUL]
    bot.wait_for(lambda: noted in str(bot.world.modals["U0MAYA"][0].blocks) or None, "the answer below to say so")
    (rated,) = service.feedback()
    assert (rated.helpful, rated.comment) == (False, None)
    thanked = bot.submit("maya", asked, {TITLE: "Which of our accounts it is."})
    assert thanked is not None
    assert THANKS_FOR_WORDS in str(thanked.blocks)
    (rated,) = service.feedback()
    assert rated.comment
    assert "accounts" not in rated.comment  # encrypted
    bot.click("maya", thanked, "Talk to a person")
    form = str(bot.wait_for_modal("maya", "Talk to a person").blocks)
    assert QUESTION in form
    assert "Which of our accounts it is." in form


def test_what_was_typed_and_not_sent_goes_along_to_a_person(bot: Driver) -> None:
    bot.say("maya", "dm", QUESTION)
    bot.click("maya", bot.wait_for_message(bot.dm("maya"), ANSWER), "👎 No")
    bot.wait_for_modal("maya", "What was missing?")
    asked, filled = bot.world.modals["U0MAYA"][-1], {MISSING: {fields.GIVEN: "Which of our accounts"}}
    pressed = actions.control_named(asked, "Talk to a person")
    bot.run(actions.click(bot.world, bot.world.person("maya"), asked, pressed, filled=filled))
    assert "Which of our accounts" in str(bot.wait_for_modal("maya", "Talk to a person").blocks)


def test_what_was_missing_may_be_left_out_and_is_not_lost_while_the_service_is_down(
    bot: Driver, service: Service
) -> None:
    bot.say("maya", "dm", QUESTION)
    bot.click("maya", bot.wait_for_message(bot.dm("maya"), ANSWER), "👎 No")
    asked = bot.wait_for_modal("maya", "What was missing?")
    bot.wait_for_message(bot.dm("maya"), blocks.CONFIRMED[blocks.NOT_HELPFUL])
    service.stop()
    kept = bot.submit("maya", asked, {TITLE: "The time"})
    assert kept is not None
    assert list(kept.errors.values()) == [NOT_KEPT]
    assert bot.submit("maya", kept, {TITLE: ""}) is None


def test_in_an_ephemeral_answer_the_person_is_thanked(bot: Driver, service: Service) -> None:
    general = bot.channel("acme", "general")
    bot.command("maya", "#general", "/retain", f"ask {QUESTION}")
    bot.click("maya", bot.wait_for_message(general, ANSWER, viewer="maya"), "👍 Yes")
    shown = bot.wait_for_message(general, THANKS, viewer="maya")
    assert "technical reasons" in str(shown.blocks)
    assert not [m for m in bot.messages(general, viewer="maya") if "Was this helpful?" in str(m.blocks)]
    assert len(service.feedback()) == 1


def test_without_a_service_it_says_that_feedback_was_not_recorded(lone_bot: Driver) -> None:
    lone_bot.say("maya", "dm", QUESTION)
    lone_bot.click("maya", lone_bot.wait_for_message(lone_bot.dm("maya"), ANSWER), "👍 Yes")
    lone_bot.wait_for_message(lone_bot.dm("maya"), NOT_RECORDED)


def test_while_the_service_is_down_it_says_so_too(bot: Driver, service: Service) -> None:
    bot.say("maya", "dm", QUESTION)
    answer = bot.wait_for_message(bot.dm("maya"), ANSWER)
    service.stop()
    bot.click("maya", answer, "👍 Yes")
    bot.wait_for_message(bot.dm("maya"), NOT_RECORDED)


def test_without_a_service_the_button_gives_an_address_that_others_do_not_see(lone_bot: Driver) -> None:
    general = lone_bot.channel("acme", "general")
    lone_bot.say("maya", "#general", f"@Retain {QUESTION}")
    lone_bot.click("maya", lone_bot.wait_for_message(general, ANSWER), "Talk to a person")
    told = lone_bot.wait_for_message(general, "support@retain.example", viewer="maya")
    assert "Write now and you get a response" in told.text
    assert not [m for m in lone_bot.messages(general, viewer="jonas") if "support@retain.example" in m.text]


def test_a_button_that_we_did_not_make_changes_nothing_and_is_explained(bot: Driver) -> None:
    bot.say("maya", "dm", QUESTION)
    answer = bot.wait_for_message(bot.dm("maya"), ANSWER)

    def forge() -> None:
        live = next(m for m in bot.world.messages[answer.channel] if m.ts == answer.ts)
        for block in live.blocks:
            for element in block.get("elements", []):
                if element.get("action_id") == blocks.HELPFUL:
                    element["value"] = '{"role": "staff"}'

    bot.call(forge)
    bot.click("maya", answer, "👍 Yes")
    bot.wait_for_message(bot.dm("maya"), StaleButton.said, viewer="maya")
