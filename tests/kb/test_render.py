from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.article import Article
from kb.render import article_url, headings, to_html, to_slack, to_text
from kb.settings import SiteSettings

UNSET = SiteSettings.from_env({})
SET = SiteSettings.from_env({"PUBLIC_URL": "https://r.example", "SUPPORT_EMAIL": "he_lp@r.example"})

Render = Callable[[str, SiteSettings], str]
every_output = pytest.mark.parametrize("render", [to_html, to_slack, to_text])


def article(body: str, title: str = "Connect Zoom", slug: str = "connect-zoom") -> Article:
    return Article(slug=slug, title=title, questions=("q",), body=body, path=Path("a.md"))


# Settings


@pytest.mark.parametrize(
    ("markdown", "html", "slack", "text"),
    [
        (
            "[the page]({INTEGRATIONS_URL})",
            '<p><a href="https://r.example/integrations">the page</a></p>\n',
            "<https://r.example/integrations|the page>",
            "the page (https://r.example/integrations)",
        ),
        (
            "[{SUPPORT_EMAIL}](mailto:{SUPPORT_EMAIL})",
            '<p><a href="mailto:he_lp@r.example">he_lp@r.example</a></p>\n',
            "<mailto:he_lp@r.example|he_lp@r.example>",
            "he_lp@r.example",
        ),
        (
            "[them]({REPRESENTATIVE_CONTACT})",
            '<p><a href="mailto:he_lp@r.example">them</a></p>\n',
            "<mailto:he_lp@r.example|them>",
            "them (he_lp@r.example)",
        ),
        (
            "[how]({HELP_URL}/help/a?b=1&c=2#d)",
            '<p><a href="https://r.example/help/a?b=1&amp;c=2#d">how</a></p>\n',
            "<https://r.example/help/a?b=1&amp;c=2#d|how>",
            "how (https://r.example/help/a?b=1&c=2#d)",
        ),
        (
            "[how](/help/a#d)",
            '<p><a href="/help/a#d">how</a></p>\n',
            "<https://r.example/help/a#d|how>",
            "how (https://r.example/help/a#d)",
        ),
        ("Click {ZOOM_APP_NAME}.", "<p>Click Retain.</p>\n", "Click Retain.", "Click Retain."),
    ],
)
def test_settings_are_filled_in(markdown: str, html: str, slack: str, text: str) -> None:
    assert to_html(markdown, SET) == html
    assert to_slack(markdown, SET) == slack
    assert to_text(markdown, SET) == text


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("[the page]({INTEGRATIONS_URL})", "the page"),
        ("[{SUPPORT_EMAIL}](mailto:{SUPPORT_EMAIL})", "Retain support"),
        ("Write to {SUPPORT_EMAIL}.", "Write to Retain support."),
        ("Open {INTEGRATIONS_URL}.", "Open the Retain integrations page."),
        ("![a picture]({HELP_URL}/a.png)", "a picture"),
    ],
)
def test_an_unset_setting_leaves_a_label_or_words(markdown: str, plain: str) -> None:
    assert to_html(markdown, UNSET) == f"<p>{plain}</p>\n"
    assert to_slack(markdown, UNSET) == plain
    assert to_text(markdown, UNSET) == plain


def test_a_path_of_the_help_centre_is_a_label_in_slack_without_its_address() -> None:
    assert to_slack("[how](/help/a)", UNSET) == "how"
    assert to_text("[how](/help/a)", UNSET) == "how"
    assert to_html("[how](/help/a)", UNSET) == '<p><a href="/help/a">how</a></p>\n'


def test_a_contact_that_is_a_page_wins_over_mailto() -> None:
    site = SiteSettings(representative_contact="https://r.example/people")
    markdown = "[them](mailto:{REPRESENTATIVE_CONTACT})"
    assert to_slack(markdown, site) == "<https://r.example/people|them>"


def test_a_contact_that_is_no_address_is_shown_without_a_link() -> None:
    site = SiteSettings(representative_contact="Jane Doe, phone 555-0100")
    assert to_slack("[{REPRESENTATIVE_CONTACT}]({REPRESENTATIVE_CONTACT})", site) == "Jane Doe, phone 555-0100"


def test_a_contact_that_is_a_page_is_a_link_with_words_and_not_with_its_address() -> None:
    site = SiteSettings(representative_contact="https://r.example/people?a=1")
    markdown = "Please contact [{REPRESENTATIVE_CONTACT}]({REPRESENTATIVE_CONTACT})."
    assert to_slack(markdown, site) == "Please contact <https://r.example/people?a=1|your Retain representative>."
    assert to_text(markdown, site) == "Please contact your Retain representative (https://r.example/people?a=1)."
    assert ">your Retain representative</a>" in to_html(markdown, site)


def test_a_setting_never_becomes_markup() -> None:
    site = SiteSettings(zoom_app_name="**x** [y](https://evil.example) <b>")
    shown = "**x** [y](https://evil.example) <b>"
    assert to_text("{ZOOM_APP_NAME}", site) == shown
    assert to_html("{ZOOM_APP_NAME}", site) == f"<p>{shown.replace('<b>', '&lt;b&gt;')}</p>\n"
    assert to_slack("{ZOOM_APP_NAME}", site) == "∗∗x∗∗ [y](https://evil.example) &lt;b&gt;"


def test_a_setting_inside_an_address_is_encoded() -> None:
    site = SiteSettings(zoom_app_name="a b&c")
    assert to_slack("[x](https://z.example/?q={ZOOM_APP_NAME})", site) == "<https://z.example/?q=a%20b%26c|x>"


@every_output
def test_words_in_braces_that_are_no_setting_stay(render: Render) -> None:
    assert "{SECRET_KEY} {name}" in render("{SECRET_KEY} {name}", SET)


# Links


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "ftp://x.example", "//evil.example", "data:text/html,x", "http://[:.]", "slack://a"]
)
@every_output
def test_an_address_that_is_not_safe_is_never_a_link(render: Render, href: str) -> None:
    shown = render(f"[label]({href})", SET)
    assert "label" in shown
    assert "href" not in shown
    assert "|label>" not in shown


def test_a_link_within_the_page_is_a_link_on_the_page_only() -> None:
    assert to_html("[down](#below)", SET) == '<p><a href="#below">down</a></p>\n'
    assert to_slack("[down](#below)", SET) == "down"


def test_an_image_with_an_address_is_its_description_in_text() -> None:
    assert to_html("![a *cat*](/cat.png)", SET) == '<p><img src="/cat.png" alt="a *cat*" /></p>\n'
    assert to_slack("![a cat](/cat.png)", SET) == "a cat"


def test_a_link_that_is_its_own_label_is_said_once() -> None:
    assert to_text("<https://x.example>", SET) == "https://x.example"


# HTML


def test_html_in_an_article_is_shown_as_text() -> None:
    assert to_html("<script>x</script>", SET) == "<p>&lt;script&gt;x&lt;/script&gt;</p>\n"


def test_headings_carry_unique_ids() -> None:
    html = to_html("# Who *can*?\n\n## Who can\n\n## Über {ZOOM_APP_NAME}\n\n## ?", SET)
    assert '<h1 id="who-can">' in html
    assert '<h2 id="who-can-2">' in html
    assert '<h2 id="uber-zoom-app-name">Über Retain</h2>' in html
    assert '<h2 id="section">' in html


def test_headings_are_listed_with_the_ids_of_the_page() -> None:
    found = headings(article("# One `x`\n\n## Open {ZOOM_APP_NAME}\n\n- ## In a list"))
    assert [(h.anchor, h.title) for h in found] == [
        ("one-x", "One x"),
        ("open-zoom-app-name", "Open Retain"),
        ("in-a-list", "In a list"),
    ]


# Slack


@pytest.mark.parametrize(
    ("markdown", "slack"),
    [
        ("**bold** and *italic* and `code`", "*bold* and _italic_ and `code`"),
        ("***both***", "_*both*_"),
        ("**a *b* __c__**", "*a _b_ c*"),
        ("mid**dle**s", "mid\u200b*dle*\u200bs"),
        ("# A **heading**", "*A heading*"),
        ("one\ntwo", "one two"),
        ("one\\\ntwo", "one\ntwo"),
        ("one\n\ntwo", "one\n\ntwo"),
        ("- a\n- b\n  - c\n    1. d", "• a\n• b\n    • c\n        1. d"),
        ("3. a\n4. b\n\n   more", "3. a\n4. b\n    more"),
        ("> a\n> b\n>\n> c", "> a b\n>\n> c"),
        ("```\na < b\n```", "```\na &lt; b\n```"),
        ("    a & b", "```\na &amp; b\n```"),
        ("| a | b |\n|---|---|\n| 1 | *2* |", "*a | b*\n1 | _2_"),
        ("a\n\n---\n\nb", "a\n\n———\n\nb"),
        ("[**bold** label](https://x.example)", "<https://x.example|bold label>"),
        ("**[label](https://x.example)**", "*<https://x.example|label>*"),
        ("[a|b > c](https://x.example/a|b)", "<https://x.example/a%7Cb|a¦b &gt; c>"),
        ("", ""),
    ],
)
def test_markdown_becomes_slacks_markup(markdown: str, slack: str) -> None:
    assert to_slack(markdown, SET) == slack


@pytest.mark.parametrize(
    ("markdown", "slack"),
    [
        ("<!channel> & <@U123>", "&lt;!channel&gt; &amp; &lt;@U123&gt;"),
        (r"\*not bold\* \_nor italic\_ \~nor struck\~", "∗not bold∗ ˍnor italicˍ ∼nor struck∼"),
        ("2 * 3, first_name", "2 * 3, first_name"),
        (r"\> not a quote", "\u200b&gt; not a quote"),
        ("`` a`b ``", "`aˋb`"),
        ("````\n```\n````", "```\n`\u200b``\n```"),
        ("https://x.example/\\_a\\_", "https://x.example/_a_"),
    ],
)
def test_text_that_looks_like_slacks_markup_stays_text(markdown: str, slack: str) -> None:
    assert to_slack(markdown, SET) == slack


@settings(deadline=None)
@given(st.text())
def test_no_text_can_mention_anyone_in_slack(markdown: str) -> None:
    shown = to_slack(markdown, SET)
    assert "<!" not in shown
    assert "<@" not in shown
    assert "<#" not in shown


@settings(deadline=None)
@given(st.text())
def test_any_text_can_be_rendered(markdown: str) -> None:
    assert "<script" not in to_html(markdown, SET)
    to_text(markdown, UNSET)


# Plain text


def test_plain_text_reads_well_aloud() -> None:
    markdown = "# Connect\n\n**Open** the *page*:\n\n1. Click `connect`\n2. Log in\n   - as admin\n\n> & done"
    assert to_text(markdown, SET) == (
        "Connect\n\nOpen the page:\n\n1. Click connect\n2. Log in\n   - as admin\n\n> & done"
    )


# The address of an article

BODY = """\
Some words to begin with.

## Who can connect

Only an administrator with the right permissions.

## Removing it

Open the marketplace and uninstall the app. Your data is deleted.
"""


def test_an_article_has_an_address_when_the_help_centre_has_one() -> None:
    assert article_url(article(BODY), SET) == "https://r.example/help/connect-zoom"
    assert article_url(article(BODY), UNSET) is None
    assert article_url(article("", slug="a b?/é"), SET) == "https://r.example/help/a%20b%3F%2F%C3%A9"


@pytest.mark.parametrize(
    ("question", "anchor"),
    [
        ("must I be an administrator?", ""),
        ("what about the permissions of an administrator", "#who-can-connect"),
        ("removing the app", "#removing-it"),
        ("is my data deleted when I uninstall?", "#removing-it"),
        ("how do I connect Zoom?", ""),
        ("app administrator", ""),
        ("", ""),
        ("🙂", ""),
    ],
)
def test_the_address_names_the_section_that_clearly_fits(question: str, anchor: str) -> None:
    assert article_url(article(BODY), SET, question) == f"https://r.example/help/connect-zoom{anchor}"


def test_without_headings_the_address_is_the_article() -> None:
    assert article_url(article("Just words."), SET, "just words") == "https://r.example/help/connect-zoom"
