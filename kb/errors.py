"""What can go wrong in the knowledge base, in words a person can act on.

RemediedError is the base of all packages' errors; this package's are:

KbError
├── ArticleError      an article cannot be used as it stands: file, line, remedy
├── ModelError        the sentence encoder cannot be fetched, made or used
├── QuestionError     there is no question to answer
├── SettingsError     a setting or a settings file cannot be used
└── NoZoneError       a moment without a time zone, which could be any of 24 hours
"""

from pathlib import Path


class RemediedError(Exception):
    """The base of every package's errors: what is wrong, and what to do next. `field` names the input at fault."""

    def __init__(self, message: str, *, field: str | None = None, remedy: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}" if self.remedy else self.message


class KbError(RemediedError):
    """A problem of the knowledge base with a known remedy."""


class QuestionError(KbError):
    """The question is empty, or is not text."""


class ModelError(KbError):
    """The sentence encoder cannot be fetched, made or used. The search does without it, less well."""


class SettingsError(KbError):
    """A setting, or a file of settings, has a value that cannot be used."""


class NoZoneError(KbError, ValueError):
    """A datetime has no time zone, so nobody knows which moment it means."""


class ArticleError(KbError):
    """An article cannot be used. `line` counts from 1 and is None where no single line is at fault."""

    def __init__(
        self,
        message: str,
        *,
        path: Path,
        line: int | None = None,
        field: str | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(message, field=field, remedy=remedy)
        self.path = path
        self.line = line

    def __str__(self) -> str:
        place = shown_path(self.path) if self.line is None else f"{shown_path(self.path)}:{self.line}"
        remedy = f" Remedy: {self.remedy}" if self.remedy else ""
        return f"{place}: {self.message}{remedy}"


def shown_path(path: Path) -> str:
    """The path as a person would type it: relative to the working directory where it lies below it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
