"""The chat page of the sandbox: what people see of the bot, scene by scene."""

from collections.abc import Callable

from playwright.sync_api import Page

QUESTION = "I'm being asked to authorize the Zoom app again. Why?"


def ask(page: Page, question: str) -> None:
    page.get_by_role("textbox", name="Message").first.fill(question)
    page.keyboard.press("Enter")
    replies = page.get_by_text("1 reply")
    replies.wait_for()
    if not page.locator("#thread").is_visible():  # a narrow page shows threads on demand
        replies.click()
    page.get_by_text("PT").last.wait_for()


def answer(page: Page) -> None:
    ask(page, QUESTION)


def helpful(page: Page) -> None:
    ask(page, QUESTION)
    page.get_by_role("button", name="Yes").click()
    page.get_by_text("Thanks, noted").wait_for()


def suggested(page: Page) -> None:
    ask(page, "zoom")


def unknown(page: Page) -> None:
    ask(page, "What is the capital of Mongolia?")


def other_language(page: Page) -> None:
    ask(page, "Warum muss ich Zoom schon wieder verbinden?")


def person(page: Page) -> None:
    ask(page, QUESTION)
    page.get_by_role("button", name="Talk to a person").click()
    page.locator("#modal").get_by_role("button", name="Send").wait_for()


def missing(page: Page) -> None:
    ask(page, QUESTION)
    page.get_by_role("button", name="No, this was not helpful").click()
    page.locator("#modal").get_by_role("textbox", name="What was missing?").wait_for()


def handed_over(page: Page) -> None:
    person(page)
    page.locator("#modal").get_by_role("button", name="Send").click()
    page.get_by_text("Your question is with the people at Retain.").locator("visible=true").first.wait_for()


def help_text(page: Page) -> None:
    ask(page, "hi")


def home(page: Page) -> None:
    page.get_by_role("tab", name="Home").click()
    page.get_by_text("Common questions").wait_for()


def home_answer(page: Page) -> None:
    home(page)
    page.get_by_role("button", name="Connect Zoom to Retain").click()
    page.get_by_role("dialog").get_by_text("Was this helpful?").wait_for()


def in_channel(page: Page, text: str) -> None:
    if page.locator("#side-open").is_visible():
        page.locator("#side-open").click()
    page.locator("#channels").get_by_text("general").click()
    page.get_by_role("textbox", name="Message #general").fill(text)
    page.keyboard.press("Enter")


def command(page: Page) -> None:
    in_channel(page, f"/retain ask {QUESTION}")
    page.get_by_text("Was this helpful?").wait_for()


def mention(page: Page) -> None:
    in_channel(page, f"@Retain {QUESTION}")
    page.get_by_text("1 reply").wait_for()


CHAT: dict[str, Callable[[Page], None] | None] = {
    "empty": None,
    "answer": answer,
    "helpful": helpful,
    "suggested": suggested,
    "unknown": unknown,
    "other-language": other_language,
    "person": person,
    "missing": missing,
    "handed-over": handed_over,
    "help": help_text,
    "home": home,
    "home-answer": home_answer,
    "command": command,
    "mention": mention,
}
