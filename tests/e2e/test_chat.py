"""A person types, reads, clicks: through the chat page, Bolt, the knowledge base and the service."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import create_engine, text

from tests.e2e.clicking import opened_by
from tests.support.stack import Stack

QUESTION = "I'm being asked to authorize the Zoom app again. Why?"


def ask(page: Page, question: str) -> None:
    page.get_by_role("textbox", name="Message Retain").fill(question)
    page.keyboard.press("Enter")


def choose_person(page: Page, name: str) -> None:
    page.locator("#me").click()
    page.get_by_role("dialog").get_by_role("button", name=name).click()


def test_a_typed_question_gets_the_right_answer(page: Page) -> None:
    ask(page, QUESTION)
    expect(page.get_by_text("technical reasons")).to_be_visible(timeout=5_000)
    expect(page.get_by_text("Was this helpful?")).to_be_visible()
    expect(page.get_by_role("complementary").get_by_text("your time)")).to_be_visible()


def test_helpful_is_taken_and_recorded(page: Page, stack: Stack) -> None:
    ask(page, QUESTION)
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_text("Thanks, noted: this helped.")).to_be_visible()
    engine = create_engine(f"sqlite:///{stack.folder / '.sandbox' / 'retain.db'}")
    with engine.connect() as connection:
        helpful = connection.execute(text("SELECT helpful FROM question_feedback")).scalars().all()
    engine.dispose()
    assert helpful == [True]


def test_a_suggestion_is_followed(page: Page) -> None:
    ask(page, "zoom")
    expect(page.get_by_text("I am not sure")).to_be_visible()
    choices = page.get_by_role("log").get_by_role("button").filter(has_not_text="Talk to a person")
    choices.filter(has_text="Zoom").first.click()
    expect(page.get_by_text("Was this helpful?")).to_be_visible()


def test_app_home_shows_hours_and_answers_a_common_question(page: Page) -> None:
    page.get_by_role("tab", name="Home").click()
    expect(page.get_by_text("response within 2 hours")).to_be_visible()
    page.get_by_role("button", name="Connect Zoom to Retain").click()
    expect(page.get_by_role("dialog").get_by_text("Was this helpful?")).to_be_visible()


def test_what_is_not_ours_is_said_and_a_person_offered(page: Page) -> None:
    ask(page, "What is the capital of Mongolia?")
    expect(page.get_by_text("I don't know the answer to that.")).to_be_visible()
    page.get_by_role("button", name="Talk to a person").click()
    expect(page.get_by_role("dialog")).to_contain_text("A person answers by")


def test_the_link_leads_to_the_whole_article(page: Page) -> None:
    ask(page, QUESTION)
    opened = opened_by(page, page.get_by_role("link", name="Read the whole article"))
    expect(opened.get_by_role("heading", level=1)).to_contain_text("authorize Zoom again")


def test_the_command_answers_for_ones_own_eyes_in_a_channel(page: Page) -> None:
    page.get_by_role("link", name="general").or_(page.get_by_role("button", name="general")).first.click()
    page.get_by_role("textbox", name="Message #general").fill(f"/retain ask {QUESTION}")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Only visible to you")).to_be_visible()
    expect(page.get_by_text("technical reasons")).to_be_visible()


@pytest.mark.parametrize("name", ["Haruka Sato", "Sam Rivera"])
def test_people_of_other_workspaces_are_answered_too(page: Page, name: str) -> None:
    choose_person(page, name)
    ask(page, QUESTION)
    expect(page.get_by_text("technical reasons")).to_be_visible()
