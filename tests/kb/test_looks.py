"""The design's tokens: named once, and readable in both schemes."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from kb.looks import DESIGN, version_of

STYLE = (DESIGN / "design.css").read_text("utf-8")


def tokens(scheme: int) -> Mapping[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)[scheme]))


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_colour_is_a_named_one() -> None:
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b|rgb\(", re.sub(r":root \{.*?\}", "", STYLE, flags=re.DOTALL))


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("behind", ["paper", "card"])
@pytest.mark.parametrize("text", ["ink", "ink-quiet", "accent", "accent-strong"])
def test_text_stands_out_from_what_is_behind_it(scheme: int, behind: str, text: str) -> None:
    dark, light = sorted((luminance(tokens(scheme)[text]), luminance(tokens(scheme)[behind])))
    assert (light + 0.05) / (dark + 0.05) >= 4.5  # WCAG 2.2, AA


def test_what_changed_has_another_version(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a {}")
    before = version_of(tmp_path)
    assert version_of(tmp_path) == before
    (tmp_path / "a.css").write_text("b {}")
    assert version_of(tmp_path) != before
