"""What can go wrong in the sandbox.

SandboxError      base: message, field, remedy
  ActionError     a person (page, driver) asked for something that Slack's client would not offer
  WaitError       what a test waited for did not come
  SettingError    the sandbox was set up wrongly
ApiError          not for people: a Web API answer with ok = false
"""

from typing import Any

from kb.errors import RemediedError


class SandboxError(RemediedError):
    """Base class."""


class ActionError(SandboxError):
    """The page or the driver asked for something that is not there to be done."""


class WaitError(SandboxError):
    """What the driver waited for did not come in time."""


class SettingError(SandboxError):
    """The sandbox cannot run as it was asked to."""


class ApiError(Exception):
    """A Web API failure as Slack words it: a code, and more members of the answer."""

    def __init__(self, error: str, **extra: Any) -> None:
        super().__init__(error)
        self.error, self.extra = error, extra

    @classmethod
    def invalid(cls, error: str, messages: list[str]) -> "ApiError":
        return cls(error, errors=messages, response_metadata={"messages": [f"[ERROR] {m}" for m in messages]})
