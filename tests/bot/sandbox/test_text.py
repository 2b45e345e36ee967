"""What people type becomes what Slack's client would send."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.text import command_text, escape, links_in, typed_to_mrkdwn, unescape
from bot.sandbox.world import World, make_world
from tests.bot.sandbox.conftest import MANIFEST


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(manifest=MANIFEST)


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("plain", "plain"),
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("@Retain help", "<@U0BOTACME> help"),
        ("@retain, help", "<@U0BOTACME>, help"),
        ("hi @jonas!", "hi <@U0JONAS>!"),
        ("@haruka is elsewhere", "@haruka is elsewhere"),
        ("@here", "<!here>"),
        ("see #sales", "see <#C0ACMESALES|>"),
        ("issue #7", "issue #7"),
        ("https://zoom.us/j/1?pwd=a&b.", "<https://zoom.us/j/1?pwd=a&amp;b>."),
        ("write maya@acme.example", "write <mailto:maya@acme.example|maya@acme.example>"),
    ],
)
def test_typed_text_is_sent_as_mrkdwn(world: World, typed: str, sent: str) -> None:
    text, blocks = typed_to_mrkdwn(world, world.person("maya"), typed)
    assert text == sent
    assert blocks[0]["type"] == "rich_text"


@given(st.text(max_size=200))
def test_any_text_can_be_typed_and_nothing_is_lost_by_escaping(typed: str) -> None:
    world = make_world(manifest=MANIFEST)
    text, _ = typed_to_mrkdwn(world, world.person("maya"), typed)
    assert isinstance(text, str)
    assert unescape(escape(typed)) == typed


@pytest.mark.parametrize(
    ("should_escape", "sent"),
    [(True, "ask <@U0JONAS|jonas> in <#C0ACMESALES|> &amp; @here"), (False, "ask @jonas in #sales &amp; @here")],
)
def test_a_command_carries_ids_only_when_asked_to(world: World, should_escape: bool, sent: str) -> None:
    assert command_text(world, world.person("maya"), "ask @jonas in #sales & @here", should_escape) == sent


def test_links_are_found_in_labels_and_bare() -> None:
    assert links_in("<https://a.example/?x=1&amp;y=2|here> and https://b.example") == [
        "https://a.example/?x=1&y=2",
        "https://b.example",
    ]
