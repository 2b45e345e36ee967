"""What is written on the chat page: Slack's markup is drawn, and nothing becomes HTML."""

import re
import time

from playwright.sync_api import expect
from slack_sdk import WebClient

from bot.sandbox.driver import Driver
from tests.bot.sandbox.conftest import OpenPage, send


def test_nothing_that_is_written_becomes_html(open_page: OpenPage, slack: Driver) -> None:
    evil = '<img src=x onerror="document.title=1"> <script>document.title=2</script>'
    client = WebClient(slack.bot_token(), base_url=slack.api_url)
    text = {"type": "mrkdwn", "text": f"{evil} <javascript:alert(1)|press me> `{evil}`"}
    view = {"type": "home", "blocks": [{"type": "section", "text": text}]}
    client.chat_postMessage(channel=slack.dm("maya"), text=evil, blocks=[{"type": "section", "text": text}])
    client.views_publish(user_id="U0MAYA", view=view)
    page = open_page()
    send(page, evil)
    expect(page.get_by_role("log").get_by_text("onerror").first).to_be_visible()
    page.get_by_role("tab", name="Home").click()
    expect(page.locator(".home-sheet")).to_contain_text("press me")
    assert page.locator(".frame img, .frame script").count() == 0
    assert page.get_by_role("link", name="press me").count() == 0


def test_slacks_markup_is_drawn(open_page: OpenPage, slack: Driver) -> None:
    text = (
        "_slow_ ~old~ `code` :wave: <https://zoom.us|Zoom> <@U0JONAS> <#C0ACMESALES> a &lt; b\n"
        "• one\n• two\n1. first\n2. second\n&gt; quoted\n```\nlet x = 1 < 2\n```"
        " <!date^1700000000^{date_short} {time}|then>"
    )
    client = WebClient(slack.bot_token(), base_url=slack.api_url)
    client.chat_postMessage(channel=slack.dm("maya"), text=text, unfurl_links=False, unfurl_media=False)
    log = open_page().get_by_role("log").first
    for selector, shown in {
        "em": "slow", "s": "old", "code": "code", "a[href='https://zoom.us']": "Zoom", "ul li": "two",
        "ol li": "second", "blockquote": "quoted", "pre": "let x = 1 < 2", "time >> nth=-1": "Nov 14, 2023 23:13",
    }.items():  # fmt: skip
        expect(log.locator(selector).last).to_contain_text(shown)
    for shown in ("👋", "@Jonas Weber", "#sales", "a < b"):
        expect(log).to_contain_text(shown)


def test_a_moment_near_now_is_drawn_from_the_readers_own_day(open_page: OpenPage, slack: Driver) -> None:
    now = int(time.time())
    moments = (f"<!date^{now + days * 86_400}^{{date_short_pretty}} {{time}}|then>" for days in (-1, 0, 1))
    client = WebClient(slack.bot_token(), base_url=slack.api_url)
    client.chat_postMessage(channel=slack.dm("maya"), text=" ".join(moments))
    expect(open_page().get_by_role("log").first).to_contain_text(re.compile("yesterday .*today .*tomorrow "))


def test_names_of_emoji_are_drawn_and_unknown_ones_left(open_page: OpenPage, slack: Driver) -> None:
    slack.say("maya", "dm", ":clock9: :clock1230: :+1::skin-tone-3: :our_parrot: 10:30:45 `:wave:` ⚙️")
    expect(open_page().get_by_role("log").first).to_contain_text("🕘 🕧 👍 :our_parrot: 10:30:45 :wave: ⚙️")
