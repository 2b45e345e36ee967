"""Charts as SVG that stands in the page itself: drawn by pygal, coloured and lettered by the site's style sheet.

pygal adds styles, a script and tooltips of its own, which our pages' policy forbids: they are taken out, and each bar
gets a title, which browsers show. The table beneath a chart has the same numbers and links, so to whoever does not see
it there is the chart's title alone.
"""

import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from markupsafe import Markup

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}"
WIDE, NARROW = 1040, 340
LONGEST_LABEL = {WIDE: 28, NARROW: 14}  # letters, beside a lying bar
MOST_LABELS = {WIDE: 12, NARROW: 6}  # below standing bars: where there are more, only some are named


@dataclass(frozen=True)
class Chart:
    """One drawing for wide pages, one for phones; the style sheet shows either. `title` says what is drawn."""

    title: str
    wide: Markup
    narrow: Markup


@dataclass(frozen=True)
class Bar:
    """How long it is, what its title says, and where it leads."""

    value: float
    text: str
    href: str


@dataclass(frozen=True)
class Group:
    """Bars side by side, one of each series, and what they are called; `short` on phones."""

    label: str
    short: str
    bars: Sequence[Bar]


def lying(groups: Sequence[Group], title: str, unit: Callable[[float], str]) -> Chart:
    """Groups from top to bottom. `unit` spells the numbers of the axis."""
    return Chart(title, *(_lying(groups, unit, width) for width in (WIDE, NARROW)))


def standing(groups: Sequence[Group], title: str, unit: Callable[[float], str]) -> Chart:
    """Groups from left to right. `unit` spells the numbers of the axis."""
    return Chart(title, *(_standing(groups, unit, width) for width in (WIDE, NARROW)))


def _lying(groups: Sequence[Group], unit: Callable[[float], str], width: int) -> Markup:
    chart = _pygal().HorizontalBar(height=50 + 48 * len(groups), value_formatter=unit, **_looks(width))
    drawn = groups[::-1]  # pygal draws from the bottom up
    chart.x_labels = [_shortened(_drawable(one.label), LONGEST_LABEL[width]) for one in drawn]
    _fill(chart, drawn)
    return _inline(chart)


def _standing(groups: Sequence[Group], unit: Callable[[float], str], width: int) -> Markup:
    chart = _pygal().Bar(height=280 if width == WIDE else 220, value_formatter=unit, **_looks(width))
    step = -(-len(groups) // MOST_LABELS[width])
    names = [_drawable(one.label if width == WIDE else one.short) for one in groups]
    chart.x_labels = [name if (len(groups) - 1 - place) % step == 0 else "" for place, name in enumerate(names)]
    _fill(chart, groups)
    return _inline(chart)


@cache
def _pygal() -> Any:
    """pygal, imported where something is drawn.

    It leaves a finder for plugins, of which we have none: it knows no find_spec, so Python would warn of it at each
    import that fails anywhere in the process.
    """
    import pygal  # noqa: PLC0415 - here, so that the effect of its import is undone at once

    finder = getattr(pygal, "PluginImportFixer", ())
    sys.meta_path[:] = [one for one in sys.meta_path if not isinstance(one, finder)]
    return pygal


def _looks(width: int) -> dict[str, Any]:
    return {
        "width": width,
        # In the drawing's own units, which are pixels where it is not scaled. The style sheet letters it alike.
        "style": _pygal().style.Style(label_font_size=13, major_label_font_size=13, font_family="sans-serif"),
        "css": [],
        "js": [],
        "disable_xml_declaration": True,
        "show_legend": False,
        "margin": 4,
        "margin_right": 24,  # for the half of the last number that stands beyond the axis
        "truncate_label": -1,  # not by pygal, which thinks that every bar is named
        "min_scale": 2,
        "max_scale": 6 if width == WIDE else 4,
    }


def _fill(chart: Any, groups: Sequence[Group]) -> None:
    for place, series in enumerate(zip(*(one.bars for one in groups), strict=True)):
        values = [{"value": bar.value, "label": _drawable(bar.text), "xlink": {"href": bar.href}} for bar in series]
        chart.add(f"series {place}", values)


def _shortened(label: str, longest: int) -> str:
    return label if len(label) <= longest else f"{label[: longest - 1].rstrip()}…"


def _drawable(text: str) -> str:
    """Without what no XML may hold: names are others' making."""
    return "".join(character for character in text if character.isprintable())


def _inline(chart: Any) -> Markup:
    root = ET.fromstring(chart.render(is_unicode=True))  # noqa: S314 - what pygal has just written
    for parent in list(root.iter()):
        for child in list(parent):
            if _is_unwanted(child, parent, root):
                parent.remove(child)
    for bar in root.iterfind(f".//{SVG}g[@class='bar']"):
        _entitle(bar)
    root.attrib = {
        "class": "chart",
        "viewBox": root.attrib["viewBox"],
        "aria-hidden": "true",
    }
    ET.register_namespace("", SVG[1:-1])
    return Markup(ET.tostring(root, encoding="unicode"))  # noqa: S704 - a tree: every text in it is escaped


def _is_unwanted(child: ET.Element, parent: ET.Element, root: ET.Element) -> bool:
    """Its own style, script and tooltips, and its titles of the drawing and of the axis. (Comments are not read.)"""
    if child.tag == f"{SVG}title":
        return parent is root or "guides" in parent.get("class", "")
    return child.tag == f"{SVG}defs" or child.get("class", "").endswith(("overlay", "titles"))


def _entitle(bar: ET.Element) -> None:
    """What pygal keeps for its script becomes the bar's title; its link is for the mouse, for the table has it too."""
    link = bar.find(f"{SVG}a")
    assert link is not None  # noqa: S101 - every value is given one
    text = next(one.text for one in link.iterfind(f"{SVG}desc[@class='label']"))
    for desc in link.findall(f"{SVG}desc"):
        link.remove(desc)
    title = ET.Element(f"{SVG}title")
    title.text = text
    link.insert(0, title)
    link.attrib = {"href": link.attrib[f"{XLINK}href"], "tabindex": "-1"}
