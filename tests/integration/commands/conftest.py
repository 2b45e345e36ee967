"""The commands on a database of one's own, within this process: starting one for each takes too long."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy.engine import URL
from typer.testing import CliRunner

from integration.__main__ import app
from tests.integration.serving import environment


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it said."""

    code: int
    text: str


Command = Callable[..., Said]


@pytest.fixture
def logging_as_before() -> Iterator[None]:
    """A command sets up its process's log, and this is pytest's process."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def command(database_url: URL, logging_as_before: None) -> Command:
    """Run a command; `typed` is what somebody types into it."""

    def run(*arguments: str, typed: str | None = None) -> Said:
        result = CliRunner().invoke(app, list(arguments), input=typed, env=dict(environment(database_url)))
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        return Said(result.exit_code, result.output)

    return run
