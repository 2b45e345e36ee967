"""The design's tokens: named once, used everywhere, and readable in both schemes."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from kb.looks import DESIGN, version_of

ROOT = Path(__file__).parents[2]
TOKENS = (DESIGN / "tokens.css").read_text("utf-8")
ROOTS = re.findall(r":root \{(.*?)\n *\}", TOKENS, re.DOTALL)
NAMES = set(re.findall(r"(--[a-z0-9-]+):", TOKENS))
# The sheets that are made of the tokens alone.
SHEETS = [DESIGN / "design.css", ROOT / "integration/zoom/sandbox/static/style.css"]
SHEETS += sorted((ROOT / "integration/pages/static").glob("*.css"))
# The chat page of the sandbox is as dense as what it stands in for: distances of its own, but no colours.
CHAT = sorted((ROOT / "bot/sandbox/static").glob("*.css"))

COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(")
LENGTH = re.compile(r"(?<![\w.-])(?:\d*\.)?\d+(?:rem|pt|cm|mm)\b|(?<![\w.-])\d{2,}px\b")
MEASURES = ("grid-template-columns", "flex:", "flex-basis", "min-width", "max-width", "columns", "font: 13px")

# Text on what is behind it (4.5 : 1), and edges of what one can fill in or press (3 : 1); WCAG 2.2, AA.
GROUNDS = ("paper", "card", "wash", "accent-soft")
TEXT = [(text, behind) for text in ("ink", "ink-quiet", "accent", "accent-strong") for behind in GROUNDS]
TEXT += [
    ("ink-quiet", "foot"),
    ("accent", "foot"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("ink", "mark"),
]
TEXT += [(text, f"{text}-soft") for text in ("open", "closed", "wrong")] + [("card", "wrong")]
TEXT += [(text, behind) for text in ("open", "closed", "wrong") for behind in ("paper", "card", "wash")]
TEXT += [
    (text, behind) for text in ("ink", "ink-quiet", "accent") for behind in ("open-soft", "closed-soft", "wrong-soft")
]
TEXT += [(text, behind) for text in ("on-deep", "on-deep-quiet") for behind in ("deep", "deep-raised")]
EDGES = [("edge", "paper"), ("edge", "card"), ("planned", "card"), ("shared", "card"), ("accent", "card")]


def colours(scheme: int) -> Mapping[str, str]:
    light, other = (dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", root)) for root in (ROOTS[0], ROOTS[scheme]))
    return light | other


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def too_alike(scheme: int, pairs: Iterable[tuple[str, str]], least: float) -> list[str]:
    known, found = colours(scheme), []
    for pair in pairs:
        dark, light = sorted(luminance(known[one]) for one in pair)
        contrast = (light + 0.05) / (dark + 0.05)
        if contrast < least:
            found.append(f"{' on '.join(pair)}: {contrast:.2f}")
    return found


def rules(sheet: Path) -> str:
    """A sheet without its comments and the heads of its media queries, which cannot use tokens."""
    return re.sub(r"/\*.*?\*/|@media [^{]*", "", sheet.read_text("utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("scheme", [0, 1, 2], ids=["light", "dark", "print"])
def test_text_and_edges_stand_out_from_what_is_behind_them(scheme: int) -> None:
    assert too_alike(scheme, TEXT, 4.5) == []
    assert too_alike(scheme, EDGES, 3.0) == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_colours_sizes_and_distances_are_named_ones(sheet: Path) -> None:
    """But for the widths at which columns and cells break, which belong to what stands in them."""
    lines = [line for line in re.split(r"[;{}\n]", rules(sheet)) if not any(word in line for word in MEASURES)]
    assert [line.strip() for line in lines if COLOUR.search(line) or LENGTH.search(line)] == []


@pytest.mark.parametrize("sheet", CHAT, ids=lambda sheet: sheet.name)
def test_the_chat_page_names_its_own_colours_too(sheet: Path) -> None:
    assert COLOUR.findall(re.sub(r":root \{.*?\n\}", "", rules(sheet), flags=re.DOTALL)) == []


@pytest.mark.parametrize("sheet", [*SHEETS, *CHAT], ids=lambda sheet: sheet.name)
def test_a_name_that_is_used_is_there(sheet: Path) -> None:
    own = set(re.findall(r"(--[a-z0-9-]+):", rules(sheet)))
    assert set(re.findall(r"var\((--[a-z0-9-]+)", rules(sheet))) - own <= NAMES


def test_the_dark_scheme_changes_every_colour() -> None:
    light, dark = (set(re.findall(r"--([a-z-]+): (?:#|rgb|0 )", root)) for root in ROOTS[:2])
    assert light == dark


def test_what_changed_has_another_version(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a {}")
    before = version_of(tmp_path)
    assert version_of(tmp_path) == before
    (tmp_path / "a.css").write_text("b {}")
    assert version_of(tmp_path) != before
