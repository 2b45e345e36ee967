"""A Slack stand-in, the service and the bot, all real and all on this machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sandbox.driver import Driver, running_sandbox
from tests.support.bot import running_bot
from tests.support.service import Service, running_service

QUESTION = "I'm being asked to authorize the Zoom app again. Why?"


@pytest.fixture
def slack() -> Iterator[Driver]:
    with running_sandbox() as driver:
        yield driver


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with running_service(tmp_path) as running:
        yield running


@pytest.fixture
def lone_bot(slack: Driver) -> Iterator[Driver]:
    """Slack with a bot that has nothing but its two tokens and the API's address."""
    with running_bot(slack):
        yield slack


@pytest.fixture
def bot(slack: Driver, service: Service) -> Iterator[Driver]:
    """Slack with a bot that has the integration service behind it."""
    with running_bot(slack, service=service):
        yield slack
