"""The head of an article file: YAML between two lines of dashes, kept with the line of every entry."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, ScalarNode, SequenceNode

from kb.errors import ArticleError

FENCE = "---"

# The C loader is about ten times as quick on large folders; both give the same marks.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class FrontMatter:
    """The front matter of one file. `lines` maps a place, such as `("questions", 3)`, to its line."""

    path: Path
    values: dict[str, Any]
    lines: dict[Place, int]
    body: str
    source: tuple[str, ...]

    def line_of(self, *place: str | int) -> int:
        """The line of a place, or of the nearest thing around it; the first line for a missing key."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def line_with(self, *fragments: str) -> int:
        """The first line of the file with the first fragment that occurs at all; the first line for none."""
        for fragment in fragments:
            for number, line in enumerate(self.source, 1):
                if fragment in line:
                    return number
        return 1


def read_front_matter(path: Path) -> FrontMatter:
    """Split a file into front matter and body. Raises ArticleError; values are not validated yet."""
    lines = _read_text(path).split("\n")
    if not any(line.strip() for line in lines):
        raise ArticleError("The file is empty.", path=path, remedy="Write its title and questions, or delete the file.")
    if lines[0].rstrip() != FENCE:
        raise ArticleError(
            "The front matter is missing.",
            path=path,
            line=1,
            remedy=f'Begin the file with a line "{FENCE}", then title and questions, then "{FENCE}" again.',
        )
    end = next((i for i, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), None)
    if end is None:
        raise ArticleError(
            "The front matter is not closed.",
            path=path,
            line=1,
            field="front matter",
            remedy=f'Put a line "{FENCE}" between the front matter and the text.',
        )
    values, marks = _load(path, "\n".join(lines[1:end]) + "\n")
    return FrontMatter(path, values, marks, "\n".join(lines[end + 1 :]).strip("\n"), tuple(lines))


def _read_text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ArticleError(
            f"The file cannot be read ({error.strerror}).",
            path=path,
            remedy="Check that it exists and may be read.",
        ) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ArticleError(
            "The file is not UTF-8 text.",
            path=path,
            line=data.count(b"\n", 0, error.start) + 1,
            remedy="Save it with the encoding UTF-8.",
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _load(path: Path, text: str) -> tuple[dict[str, Any], dict[Place, int]]:
    """Front matter as values and lines. The text starts on the file's second line."""
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
    except yaml.YAMLError as error:
        raise _yaml_error(path, text, error) from error
    if not isinstance(node, MappingNode):
        raise ArticleError(
            "The front matter is not a list of keys and values.",
            path=path,
            line=2,
            field="front matter",
            remedy="Write it as lines such as “title: How to connect Zoom”.",
        )
    _refuse_duplicates(path, node)
    try:
        values = loader.construct_document(node)
    except yaml.YAMLError as error:
        raise _yaml_error(path, text, error) from error
    except ValueError as error:  # PyYAML's own date and number types, such as 2026-02-30
        raise _unreadable_value(path, node, error) from error
    return {str(key): value for key, value in values.items()}, dict(_lines(node))


def _lines(top: MappingNode) -> Iterator[tuple[Place, int]]:
    """The lines of keys and of list entries: no valid value lies deeper."""
    for key, value in top.value:
        yield (str(key.value),), key.start_mark.line + 2
        if isinstance(value, SequenceNode):
            for index, entry in enumerate(value.value):
                yield (str(key.value), index), entry.start_mark.line + 2


def _yaml_error(path: Path, text: str, error: yaml.YAMLError) -> ArticleError:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    before = text.count("\n", 0, getattr(error, "position", None) or 0) if mark is None else mark.line
    line = before + 2
    tabs = "\\t" in problem or "tab" in problem or _line(text, line - 2).startswith("\t")
    return ArticleError(
        f"The front matter is not valid YAML ({problem}).",
        path=path,
        line=line,
        field="front matter",
        remedy="Indent with spaces, not with tabs."
        if tabs
        else "Put text that holds a colon, #, @ or quotes between double quotes, and align list entries.",
    )


def _line(text: str, index: int) -> str:
    lines = text.split("\n")
    return lines[index] if 0 <= index < len(lines) else ""


def _unreadable_value(path: Path, top: MappingNode, error: ValueError) -> ArticleError:
    values = (value for _, value in top.value)
    entries = (entry for value in values for entry in (value.value if isinstance(value, SequenceNode) else [value]))
    wrong = next((entry for entry in entries if isinstance(entry, ScalarNode) and not _readable(entry)), top)
    return ArticleError(
        f"A value cannot be read ({error}).",
        path=path,
        line=wrong.start_mark.line + 2,
        field="front matter",
        remedy="Write a date as 2026-01-31, and put text that looks like one between double quotes.",
    )


def _readable(node: ScalarNode) -> bool:
    if node.style:  # quoted: text, whatever it looks like
        return True
    try:
        yaml.safe_load(node.value)
    except ValueError:
        return False
    return True


def _refuse_duplicates(path: Path, node: MappingNode) -> None:
    seen: dict[str, int] = {}
    for key, _ in node.value:
        line = key.start_mark.line + 2
        if not isinstance(key, ScalarNode):
            raise ArticleError("A key is not text.", path=path, line=line, remedy="Write keys as plain words.")
        if key.value in seen:
            raise ArticleError(
                f"“{key.value}” stands twice (first on line {seen[key.value]}).",
                path=path,
                line=line,
                field=key.value,
                remedy="Keep one of the two.",
            )
        seen[key.value] = line
