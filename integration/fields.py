"""Kinds of text that requests carry."""

from typing import Annotated

from fastapi import Path
from pydantic import AfterValidator, StringConstraints, WithJsonSchema

MAX_NAME = 255
MAX_TEXT = 40_000  # what one Slack message can hold


def _no_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("must not contain the NUL character")
    return text


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text


# Stored as it is, so it must suit both databases: PostgreSQL refuses NUL.
Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MAX_NAME),
    AfterValidator(_no_nul),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": MAX_NAME, "pattern": r"^[^\u0000]*$"}),
]
# What people typed. It is sealed before it is stored, so any character will do.
Words = Annotated[
    str,
    StringConstraints(max_length=MAX_TEXT),
    AfterValidator(_not_blank),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": MAX_TEXT, "pattern": r"\S"}),
]
# An id that the service made.
RowId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
