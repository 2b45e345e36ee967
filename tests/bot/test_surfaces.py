"""Where something is shown to the person who asked for it."""

from slack_sdk import WebClient

from bot.blocks import plain
from bot.sandbox.driver import running_sandbox
from bot.surfaces import whisper


def test_slack_fetches_no_link_of_what_one_person_is_shown() -> None:
    with running_sandbox() as slack:
        general = slack.channel("acme", "general")
        shown = plain("Connect: <https://retain.example/connect/abc|your link>")
        whisper(WebClient(slack.bot_token(), base_url=slack.api_url), general, "U0MAYA", shown)
        (told,) = slack.messages(general, viewer="maya")
        assert (told.ephemeral_to, told.fetched_links) == ("U0MAYA", ())
