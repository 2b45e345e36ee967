"""Who wants a person gets the way to one; who only speaks of people gets an answer."""

import pytest

from bot.support.wishes import asks_for_answer, beside_wish, wants_person

MEANT = (
    "get me a human",
    "Get me a human!",
    "I want to talk to someone",
    "I'd like to speak to a real person, please",
    "can I talk to someone at Retain?",
    "Could I please speak with somebody from support?",
    "call me",
    "Please call me back",
    "can someone call me?",
    "human please",
    "Real person please.",
    "agent",
    "operator!!",
    "I need a human",
    "i need to talk to a person now",
    "connect me with an agent",
    "Transfer me to a representative",
    "Put me through to someone",
    "Could you connect me to a human being?",
    "Let me speak to a person",
    "talk to support",
    "This bot is no help, get me a real person",
    "Why must I authorize Zoom again? I want to talk to a person.",
    "that did not help and I want to talk to someone",
    "can somebody help me",
    "Can a human look at this please?",
    "How can I talk to a human?",
    "I need help from a person",
    "I need to speak to a human about my invoice",
    "I want to talk to someone about our invoice, it is wrong",
    "please call me regarding the contract",
    "your bot is useless",
    "This is no help!",
    "that's not helpful",
)
NOT_MEANT = (
    "",
    "Who can I talk to about the Zoom account?",
    "Can someone else authorize Zoom?",
    "Can a colleague connect Zoom?",
    "the person who connected Zoom left, what now?",
    "How does Retain count a call with one person?",
    "Can I talk to someone at Zoom?",
    "How do I talk to our Zoom admin?",
    "Do people who call me need Zoom?",
    "Can guests join the call and talk to people?",
    "Does it count when I call someone?",
    "call me Maya",
    "Zoom does not call me",
    "connect Zoom",
    "connect me to Zoom",
    "give me a connect link",
    "I need support for two accounts",
    "Which person must act?",
    "I talked to someone yesterday and heard nothing",
    "I don't want to talk to a person",
    "If I want to talk to a person, what do I press?",
    "Is there a human error in the report?",
    "get me the report",
    "support hours",
    "Can I call somebody?",
    "team",
    "someone",
    "Do I need a person with admin rights?",
    "i need an agent account",
    "Can I talk to someone at Zoom about billing?",
    "Can anybody help me about connecting Zoom?",
    "This meeting is useless, how do I delete it?",
    "the report is no help without hours",
)
AFTER_ANSWER = (
    "when do I get my answer?",
    "When will someone reply to me?",
    "what is taking so long?",
    "what's taking so long",
    "Is anyone there?",
    "hello? is anybody there??",
    "any news?",
    "I'm still waiting",
    "where is my answer",
    "how long do I have to wait?",
    "what's the status of my request?",
)
NOT_AFTER_ANSWER = (
    "",
    "How long does it take to connect Zoom?",
    "When does Zoom answer calls?",
    "Is there anyone in our team who may connect Zoom?",
    "any meeting",
    "what is the status of my connection?",
    "When do I get my connect link?",
    "waiting room",
)


@pytest.mark.parametrize("text", MEANT)
def test_it_is_understood(text: str) -> None:
    assert wants_person(text)


@pytest.mark.parametrize("text", NOT_MEANT)
def test_it_is_not_read_into_other_words(text: str) -> None:
    assert not wants_person(text)


def test_what_stands_beside_the_wish_is_kept_and_the_wish_alone_is_no_question() -> None:
    question = "Why must I authorize Zoom again? Get me a human."
    assert beside_wish(question) == question
    assert beside_wish("Please get me a human!") == ""
    assert beside_wish("Hi, can I talk to someone?") == ""
    subject = "I need to speak to a human about my invoice"
    assert beside_wish(subject) == subject


@pytest.mark.parametrize("text", AFTER_ANSWER)
def test_who_waits_for_an_answer_is_understood(text: str) -> None:
    assert asks_for_answer(text)


@pytest.mark.parametrize("text", NOT_AFTER_ANSWER + MEANT)
def test_waiting_is_not_read_into_other_words(text: str) -> None:
    assert not asks_for_answer(text)
