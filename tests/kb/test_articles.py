"""What our own articles must hold: every fact of the public help page, in words that people search for."""

import re
from collections import Counter
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from markdown_it import MarkdownIt

from kb import support_hours
from kb.article import Article
from kb.library import KNOWN_ACTIONS, KNOWN_FACTS, Library, load_library, normalised
from kb.render import to_text
from kb.settings import FALLBACK_WORDS, SiteSettings

# Others rely on these slugs: the bot, the causes of a broken connection, links from outside.
SLUGS = (
    "connect-zoom",
    "install-problems",
    "deauthorize-zoom",
    "what-retain-does",
    "meeting-durations",
    "zoom-icon-missing",
    "connection-failed",
    "zoom-account-owner",
    "security-privacy",
    "reauthorize-zoom",
    "connect-button-not-highlighted",
    "contact-support",
    "support-hours",
    "zoom-unavailable",
    "zoom-app-removed",
    "zoom-user-removed",
)

# Every fact of the public help page: the article that must hold it, in its summary and in its body.
FACTS = (
    ("connect-zoom", "{INTEGRATIONS_URL}"),
    ("connect-zoom", "click connect on the zoom icon"),
    ("connect-zoom", "log in to zoom as a zoom admin (a user with administrative zoom credentials)"),
    ("connect-zoom", "admin-level user"),
    ("install-problems", "please contact {REPRESENTATIVE_CONTACT}"),
    ("deauthorize-zoom", "to connect again later, see connect zoom to retain"),
    ("what-retain-does", "analyzes your zoom meetings to determine meeting durations for time reporting"),
    ("meeting-durations", "one hour|one-hour"),
    ("meeting-durations", "g suite"),
    ("meeting-durations", "45 minutes"),
    ("meeting-durations", "retain adjusts the “meeting hours” for that customer"),
    ("zoom-icon-missing", "icon"),
    ("zoom-icon-missing", "contact {SUPPORT_EMAIL}"),
    ("zoom-icon-missing", "so that we can enable it"),
    ("connection-failed", "most likely reason"),
    ("connection-failed", "do not have administrative access"),
    ("connection-failed", "zoom admin|someone with administrative zoom credentials"),
    ("zoom-account-owner", "to determine the owner of your zoom account, visit"),
    ("zoom-account-owner", "{ZOOM_ACCOUNT_URL}"),
    ("zoom-account-owner", "if you cannot see it, ask your it team"),
    ("security-privacy", "single admin-level user from your organisation"),
    ("security-privacy", "oauth 2.0"),
    ("security-privacy", "refreshed at a regular cadence"),
    ("security-privacy", "adheres to its cryptography policy to store and encrypt the token"),
    ("security-privacy", "questions about recordings, retention or contracts: contact support"),
    ("security-privacy", "all associated data, in transit and at rest"),
    ("reauthorize-zoom", "occasionally close for technical reasons"),
    ("reauthorize-zoom", "an administrative user"),
    ("reauthorize-zoom", "has to reestablish"),
    ("reauthorize-zoom", "should be very rare"),
    ("reauthorize-zoom", "log in to zoom as a zoom admin (a user with administrative zoom credentials)"),
    ("reauthorize-zoom", "pass this on to your zoom admin"),
    ("reauthorize-zoom", "we apologize for the inconvenience"),
    ("connect-button-not-highlighted", "normal, expected behaviour"),
    (
        "connect-button-not-highlighted",
        "only the administrative user who opened the connection sees the “connect” button highlighted",
    ),
    ("contact-support", "contact {SUPPORT_EMAIL}"),
    ("connect-button-not-highlighted", "if your administrator has connected zoom, you don't have to connect it again"),
    ("contact-support", "in slack, press talk to a person under any answer"),
    ("contact-support", "within 2 hours"),
    ("support-hours", "monday to friday from 9 am to 6 pm pacific time"),
    ("support-hours", "within 2 hours"),
)

DEAUTHORIZATION_STEPS = [
    "Navigate to the [Zoom Marketplace]({ZOOM_MARKETPLACE_URL}).",
    "Click **Manage**.",
    "Click **Installed Apps**.",
    "Click **{ZOOM_APP_NAME}**.",
    "Click **Uninstall**.",
]


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


def plain(markdown: str) -> str:
    """Markdown as one line of lower-case text: placeholders kept, link targets behind their labels."""
    text = re.sub(r"\[\{(\w+)\}\]\(mailto:\{\1\}\)", r"{\1}", markdown)
    text = re.sub(r"\[([^\]]*)\]\(([^)]*)\)", r"\1 \2", text)
    text = " ".join(text.replace("**", "").replace("*", "").split())
    return re.sub(r"\{\w+\}", lambda match: match[0].upper(), text.lower())


def texts(article: Article) -> list[str]:
    return [article.summary, article.body]


def numbered_lists(markdown: str) -> list[list[str]]:
    """The items of each numbered list, as they are written."""
    lists: list[list[str]] = []
    inside = False
    for token in MarkdownIt().parse(markdown):
        if token.type == "ordered_list_open":
            lists.append([])
            inside = True
        elif token.type == "ordered_list_close":
            inside = False
        elif token.type == "inline" and inside:
            lists[-1].append(token.content)
    return lists


def holds(text: str, fact: str) -> bool:
    return any(wanted in plain(text) for wanted in fact.split("|"))


@pytest.mark.parametrize("slug", SLUGS)
def test_every_slug_that_others_rely_on_has_an_article(library: Library, slug: str) -> None:
    assert slug in library.articles


@pytest.mark.parametrize(("slug", "fact"), FACTS)
def test_a_fact_of_the_help_page_is_in_the_short_answer_and_in_the_full_text(
    library: Library, slug: str, fact: str
) -> None:
    for text in texts(library.article(slug)):
        assert holds(text, fact)


@pytest.mark.parametrize("claim", ["delete", "more exact", "really spent", "is very rare", "guarantee", "always"])
def test_nothing_is_claimed_that_the_help_page_does_not(library: Library, claim: str) -> None:
    for article in library.articles.values():
        assert not any(claim in plain(text) for text in texts(article)), article.slug


@pytest.mark.parametrize("spelling", ["organiz", "behavior", "color", "center", "authoris", "apologis"])
def test_one_spelling_is_kept(library: Library, spelling: str) -> None:
    for article in library.articles.values():
        assert not any(spelling in plain(f"{article.title} {text}") for text in texts(article)), article.slug


def test_help_is_not_sent_round_in_a_circle_while_no_contact_is_set(library: Library) -> None:
    nobody = SiteSettings()
    install, contact = (library.article(slug).summary for slug in ("install-problems", "contact-support"))
    assert "Please contact your Retain representative, who will help" in to_text(install, nobody)
    assert "In Slack, press Talk to a person under any answer, or type /retain support." in to_text(contact, nobody)


def test_no_article_holds_a_table_without_headings(library: Library) -> None:
    for article in library.articles.values():
        assert "| |" not in article.body, article.slug


def test_the_deauthorization_steps_are_one_list_of_five(library: Library) -> None:
    for text in texts(library.article("deauthorize-zoom")):
        assert numbered_lists(text) == [DEAUTHORIZATION_STEPS]


def test_the_installation_steps_are_a_list_of_three(library: Library) -> None:
    for text in texts(library.article("connect-zoom")):
        assert [len(steps) for steps in numbered_lists(text)] == [3]


def pacific(words: str) -> datetime:
    """A moment such as "Tuesday, 4 PM" or "Saturday, noon", in a week without holidays."""
    day, clock = words.split(", ")
    moment = datetime(2026, 11, 9, tzinfo=ZoneInfo("America/Los_Angeles"))
    while f"{moment:%A}" != day:
        moment += timedelta(days=1)
    return moment.replace(hour=datetime.strptime(clock.replace("noon", "12 PM"), "%I %p").hour)  # noqa: DTZ007


def test_the_due_times_given_as_examples_are_those_that_support_keeps(library: Library) -> None:
    body = library.article("support-hours").body
    examples = re.findall(r"^\| (\w+day, [^|]+?) \| (\w+day, [^|]+?) \|$", body, re.MULTILINE)
    assert len(examples) >= 3
    for asked, due in examples:
        reckoned = support_hours.respond_by(pacific(asked)).astimezone(ZoneInfo("America/Los_Angeles"))
        assert f"{reckoned:%A %H:%M}" == f"{pacific(due):%A %H:%M}", asked


def test_the_hours_in_the_article_are_those_that_support_keeps() -> None:
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"):
        assert support_hours.is_open(pacific(f"{day}, 9 AM"))
        assert not support_hours.is_open(pacific(f"{day}, 9 AM") - timedelta(seconds=1))
        assert support_hours.closing(pacific(f"{day}, 9 AM")) == pacific(f"{day}, 6 PM")
    assert not support_hours.is_open(pacific("Saturday, noon"))
    assert not support_hours.is_open(pacific("Sunday, noon"))


def test_every_article_has_a_short_title_a_section_and_a_date_of_review(library: Library) -> None:
    for article in library.articles.values():
        assert len(article.title) <= 70, article.slug
        assert article.section, article.slug
        assert type(article.reviewed) is date, article.slug


def test_short_answers_are_short_and_complete_without_a_heading(library: Library) -> None:
    for article in library.articles.values():
        assert len(article.summary) <= 500, article.slug
        assert not re.search(r"^#", article.summary, re.MULTILINE), article.slug


def test_facts_actions_and_placeholders_are_known(library: Library) -> None:
    for article in library.articles.values():
        assert set(article.facts) <= set(KNOWN_FACTS), article.slug
        assert set(article.actions) <= set(KNOWN_ACTIONS), article.slug
        for text in texts(article):
            assert set(re.findall(r"\{(\w+)\}", text)) <= set(FALLBACK_WORDS), article.slug


def test_every_link_between_articles_leads_to_one_and_none_to_itself(library: Library) -> None:
    for article in library.articles.values():
        links = re.findall(r"\(/help/([\w-]+)\)", article.summary + article.body)
        assert set(links) <= set(library.articles) - {article.slug}, article.slug


def test_no_address_or_phone_number_is_invented(library: Library) -> None:
    for article in library.articles.values():
        for text in texts(article):
            assert not re.search(r"https?://|www\.|@|\+\d|\d{4,}", text), article.slug


def test_every_article_has_at_least_ten_phrasings_some_terse_some_long(library: Library) -> None:
    for article in library.articles.values():
        lengths = [len(phrasing.split()) for phrasing in article.questions]
        assert len(lengths) >= 10, article.slug
        assert min(lengths) <= 3, article.slug
        assert max(lengths) >= 12, article.slug


def test_the_help_pages_own_questions_are_phrasings(library: Library) -> None:
    owners = {normalised(q): article.slug for article in library.articles.values() for q in article.questions}
    asked = {
        "I’m being asked to authorize the Zoom app again. Why?": "reauthorize-zoom",
        "What does Retain do with the Zoom integration?": "what-retain-does",
        "Who can I speak to at Retain for further questions?": "contact-support",
    }
    assert {question: owners.get(normalised(question)) for question in asked} == asked


def test_no_phrasing_is_written_twice(library: Library) -> None:
    phrasings = [q for article in library.articles.values() for q in article.questions]
    seen = Counter(normalised(phrasing) for phrasing in (*phrasings, *library.not_ours))
    assert [phrasing for phrasing, times in seen.items() if times > 1] == []


def test_at_least_sixty_questions_are_named_as_not_ours(library: Library) -> None:
    assert len(library.not_ours) >= 60
