"""From an answer that did not help to one by a person, by clicks alone; then reminders, with the clock moved."""

import re
from datetime import datetime

import requests
from playwright.sync_api import Locator, Page, expect

from kb.support_hours import PACIFIC
from tests.e2e.test_chat import QUESTION, ask, choose_person
from tests.e2e.test_connecting import SLOW, card
from tests.support.stack import Stack

DESK = "support-desk"
REMINDED = re.compile("left to answer|still waits for an answer")


def later(page: Page, how: str, times: int = 1) -> None:
    """Set the clock forward, as the page offers it."""
    page.locator("#clock > summary").click()
    for _ in range(times):
        with page.expect_response("**/sandbox/clock"):
            page.locator("#clock").get_by_role("button", name=how).click()
    page.keyboard.press("Escape")


def dialog(page: Page) -> Locator:
    """The modal that the app opened."""
    return page.locator("#modal")


def press(page: Page, name: str) -> None:
    """A button of that modal."""
    dialog(page).get_by_role("button", name=name).click()


def close(page: Page) -> None:
    """All modals."""
    page.keyboard.press("Escape")
    expect(dialog(page)).to_be_hidden()


def fill(page: Page, label: str, words: str) -> None:
    dialog(page).get_by_role("textbox", name=label).fill(words)


def at_desk(page: Page) -> None:
    """Be Sam, of the staff, in their channel."""
    choose_person(page, "Sam Rivera")
    page.get_by_role("navigation").get_by_role("button", name=DESK).click()


def hand_over(page: Page, more: str) -> None:
    """Fill the form that is open, and read the promise."""
    fill(page, "Anything else that helps", more)
    press(page, "Send")
    expect(dialog(page)).to_contain_text("Your question is with the people at Retain.")


def in_desk_channel(stack: Stack, words: re.Pattern[str]) -> list[datetime]:
    """When (Pacific time) the staff's channel was told so."""
    seen = requests.get(f"{stack.chat}sandbox/picture", {"person": "sam"}, timeout=10).json()
    (channel,) = [one for one in seen["channels"] if one["name"] == DESK]
    return [
        datetime.fromtimestamp(float(one["ts"]), PACIFIC) for one in channel["messages"] if words.search(one["text"])
    ]


def test_a_person_answers_in_time_and_reminders_come_when_they_should(page: Page, stack: Stack) -> None:
    later(page, "When support opens next")
    expect(page.locator("#clock")).to_contain_text("09:00 PT, open")
    unhappy_and_handed_over(page)
    claimed_and_answered(page)
    solved(page)
    told = reminded(page, stack)
    at_desk(page)
    ask_sla(page)
    expect(page.get_by_text("1 of 2 requests answered within 2 h of support hours: 50%.")).to_be_visible(timeout=SLOW)
    # What the clock says beyond that is what the clicks before took.
    assert [(when.hour, when.minute // 10) for when in told] == [(10, 3), (10, 5), (11, 0)]


def unhappy_and_handed_over(page: Page) -> None:
    """Maya's question is answered, that does not help, she says what was missing, and asks for a person."""
    ask(page, QUESTION)
    page.get_by_role("button", name="No, this was not helpful").click()
    fill(page, "What was missing?", "I did that yesterday already")
    press(page, "Send")
    expect(dialog(page)).to_contain_text("People at Retain read this")
    press(page, "Talk to a person")
    hand_over(page, "It is about my own account")
    expect(dialog(page)).to_contain_text(re.compile(r"11:0\d PT today \(\d\d:0\d your time\)"))
    close(page)


def claimed_and_answered(page: Page) -> None:
    """Sam sees who asks what, takes it, and answers."""
    at_desk(page)
    waiting = card(page, "Maya Chen (Acme Corp)")
    expect(waiting).to_contain_text("It is about my own account", timeout=SLOW)
    expect(waiting).to_contain_text(QUESTION)
    waiting.get_by_role("button", name="Claim").click()
    expect(waiting).to_contain_text("Claimed by: @Sam Rivera", timeout=SLOW)
    waiting.get_by_role("button", name="Answer", exact=True).click()
    fill(page, "Your answer", "Your admin has to press Connect once more. I told them.")
    press(page, "Send")
    expect(waiting).to_contain_text("was answered", timeout=SLOW)


def solved(page: Page) -> None:
    """Maya reads it where she asked; Sam resolves it."""
    choose_person(page, "Maya Chen")
    page.get_by_role("button", name="replies").first.click()
    expect(page.get_by_text("Your admin has to press Connect once more.").last).to_be_visible(timeout=SLOW)
    at_desk(page)
    card(page, "Maya Chen (Acme Corp)").get_by_role("button", name="Resolve").click()
    expect(card(page, "Maya Chen (Acme Corp)")).to_contain_text("needs nothing more", timeout=SLOW)


def reminded(page: Page, stack: Stack) -> list[datetime]:
    """Haruka asks and nobody answers: when the staff's channel heard of it again."""
    choose_person(page, "Haruka Sato")
    ask(page, "/retain support")
    fill(page, "Your question", "Where do I see my hours?")
    hand_over(page, "")
    close(page)
    at_desk(page)
    expect(card(page, "Haruka Sato (Globex)")).to_be_visible(timeout=SLOW)
    later(page, "An hour later")
    for times, words in ((3, "30 min left to answer"), (2, "10 min left to answer"), (1, "still waits for an answer")):
        later(page, "10 minutes later", times)
        expect(page.get_by_text(words).last).to_be_visible(timeout=SLOW)
    return in_desk_channel(stack, REMINDED)


def ask_sla(page: Page) -> None:
    page.get_by_role("textbox", name=f"Message #{DESK}").fill("/retain sla")
    page.keyboard.press("Enter")
