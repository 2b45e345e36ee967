from pathlib import Path

import pytest
import yaml

from kb.errors import ArticleError
from kb.front_matter import read_front_matter
from kb.phrasings import Change, as_patch, with_phrasings

ARTICLE = """---
title: Fines
questions:
  # what people say
  - What is the fine?
  - >
    a long
    one
summary: |
  - not a phrasing
---
## Fines
- a list
"""


def added(folder: Path, source: str, *phrasings: str) -> str:
    path = folder / "fines.md"
    path.write_bytes(source.encode())
    return with_phrasings(source, read_front_matter(path), phrasings)


def test_phrasings_stand_at_the_end_of_the_list_and_nothing_else_changes(tmp_path: Path) -> None:
    changed = added(tmp_path, ARTICLE, "late fee", "How much?")
    assert changed == ARTICLE.replace("    one\n", "    one\n  - late fee\n  - How much?\n")


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_list_without_indent_and_the_files_line_ends_are_kept(tmp_path: Path, ending: str) -> None:
    source = "---\ntitle: Fines\nquestions:\n- one\n---\nText".replace("\n", ending)
    assert added(tmp_path, source, "two") == source.replace(f"- one{ending}", f"- one{ending}- two{ending}")


@pytest.mark.parametrize(
    "phrasing", ["yes", "no: why?", "# 1", "- x", "'tis", 'a "quoted" word', "2026-01-31", "2026-02-30", "{a}", "a #b"]
)
def test_what_yaml_would_read_otherwise_is_quoted(tmp_path: Path, phrasing: str) -> None:
    changed = added(tmp_path, ARTICLE, phrasing)
    assert yaml.safe_load(changed.split("---")[1])["questions"][-1] == phrasing


def test_a_phrasing_is_one_line(tmp_path: Path) -> None:
    assert "  - How\u00e9 much\n" in added(tmp_path, ARTICLE, " How\u00e9 \n much ")


def test_a_list_on_one_line_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArticleError, match=r"fines.md:3: The phrasings are not listed one a line"):
        added(tmp_path, "---\ntitle: Fines\nquestions: [one, two]\n---\n", "three")


def test_a_patch_names_each_file_from_the_root() -> None:
    patch = as_patch([Change("kb/articles/a.md", "1\n2\n", "1\n2\n3\n"), Change("kb/articles/b.md", "x", "y\n")])
    assert patch.splitlines() == [
        "--- a/kb/articles/a.md",
        "+++ b/kb/articles/a.md",
        "@@ -1,2 +1,3 @@",
        " 1",
        " 2",
        "+3",
        "--- a/kb/articles/b.md",
        "+++ b/kb/articles/b.md",
        "@@ -1 +1 @@",
        "-x",
        "\\ No newline at end of file",
        "+y",
    ]


def test_a_patch_of_nothing_is_empty() -> None:
    assert as_patch([Change("a", "same", "same")]) == ""
