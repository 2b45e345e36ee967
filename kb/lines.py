"""Articles as lines of text: for Slack, which knows a small markup of its own, and for plain text."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

ZERO_WIDTH_SPACE = "\u200b"
RULE = "———"

# Slack has no way to escape these; the look-alikes are read the same and never format anything.
_LOOK_ALIKES = str.maketrans({"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"})
# A mark between two letters, or between two spaces, formats nothing and stays as it is (first_name, 2 * 3);
# so do addresses, which people copy.
_FORMATTING = re.compile(r"\S+(?:://|@)\S+|(?<!\w)[*_~`]+(?!\s|$)|(?<!\s)(?<!^)[*_~`]+(?!\w)")


@dataclass(frozen=True)
class Style:
    """How one kind of text writes what an article contains."""

    text: Callable[[str], str]
    code: Callable[[str], str]
    code_block: Callable[[str], str]
    link: Callable[[str, str], str]
    bold: str
    italic: str
    bullet: str
    indent: str


def escape_slack(text: str) -> str:
    """Text of people as Slack shows it literally: no mention, link or channel can hide in it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _slack_text(text: str) -> str:
    literal = escape_slack(_FORMATTING.sub(_look_alike, text))
    # Slack quotes a line that starts with ">", escaped or not.
    return ZERO_WIDTH_SPACE + literal if literal.startswith("&gt;") else literal


def _look_alike(match: re.Match[str]) -> str:
    found = match[0]
    return found if "@" in found or "://" in found else found.translate(_LOOK_ALIKES)


def _slack_link(label: str, url: str) -> str:
    safe = url.replace("|", "%7C").replace("<", "%3C").replace(">", "%3E").replace("&", "&amp;")
    return f"<{safe}|{escape_slack(label).replace('|', '¦')}>"


def _slack_code(text: str) -> str:
    return "`" + escape_slack(text.replace("`", "ˋ")) + "`"


def _slack_code_block(text: str) -> str:
    inside = escape_slack(text.rstrip("\n")).replace("```", f"`{ZERO_WIDTH_SPACE}``")
    return f"```\n{inside}\n```"


def _plain_link(label: str, url: str) -> str:
    address = url.removeprefix("mailto:")
    return label if label in {url, address} else f"{label} ({address})"


SLACK = Style(
    text=_slack_text,
    code=_slack_code,
    code_block=_slack_code_block,
    link=_slack_link,
    bold="*",
    italic="_",
    bullet="• ",
    indent="    ",
)
PLAIN = Style(
    text=str,
    code=str,
    code_block=lambda text: text.rstrip("\n"),
    link=_plain_link,
    bold="",
    italic="",
    bullet="- ",
    indent="   ",
)


def write(tokens: Sequence[Token], style: Style) -> str:
    """A parsed article (or part of one) in a style; blocks stand apart by an empty line."""
    return "\n\n".join(_blocks(SyntaxTreeNode(tokens).children, style))


# Blocks


def _blocks(nodes: Sequence[SyntaxTreeNode], style: Style) -> list[str]:
    return [text for text in (_BLOCKS[node.type](node, style) for node in nodes) if text]


def _paragraph(node: SyntaxTreeNode, style: Style) -> str:
    return _inline(node.children, style)


def _heading(node: SyntaxTreeNode, style: Style) -> str:
    return _marked(style.bold, _inline(node.children, replace(style, bold="")))


def _list(node: SyntaxTreeNode, style: Style) -> str:
    numbered = node.type == "ordered_list"
    start = int(node.attrs.get("start", 1))
    items = []
    for number, item in enumerate(node.children, start):
        lines = "\n".join(_blocks(item.children, style)).split("\n")
        items.append((f"{number}. " if numbered else style.bullet) + lines[0])
        items += [style.indent + line if line else line for line in lines[1:]]
    return "\n".join(items)


def _quote(node: SyntaxTreeNode, style: Style) -> str:
    lines = "\n\n".join(_blocks(node.children, style)).split("\n")
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _code_block(node: SyntaxTreeNode, style: Style) -> str:
    return style.code_block(node.content)


def _rule(_node: SyntaxTreeNode, _style: Style) -> str:
    return RULE


def _table(node: SyntaxTreeNode, style: Style) -> str:
    lines = []
    for part in node.children:
        bold = style.bold if part.type == "thead" else ""
        inner = replace(style, bold="") if bold else style
        lines += [
            _marked(bold, " | ".join(_inline(cell.children, inner) for cell in row.children)) for row in part.children
        ]
    return "\n".join(lines)


_BLOCKS: dict[str, Callable[[SyntaxTreeNode, Style], str]] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "bullet_list": _list,
    "ordered_list": _list,
    "blockquote": _quote,
    "fence": _code_block,
    "code_block": _code_block,
    "hr": _rule,
    "table": _table,
}

# Running text


def _inline(nodes: Sequence[SyntaxTreeNode], style: Style) -> str:
    """Pieces of a line put together; Slack sees a mark inside a word only beside a zero-width space."""
    written = ""
    after_mark = False
    for node in nodes:
        piece = _INLINE[node.type](node, style)
        marked = style.bold + style.italic != "" and node.type in {"strong", "em", "code_inline"}
        if (marked and written[-1:].isalnum()) or (after_mark and piece[:1].isalnum()):
            written += ZERO_WIDTH_SPACE
        written += piece
        after_mark = marked
    return written


def _children(node: SyntaxTreeNode, style: Style) -> str:
    return _inline(node.children, style)


def _strong(node: SyntaxTreeNode, style: Style) -> str:
    return _marked(style.bold, _inline(node.children, replace(style, bold="")))


def _em(node: SyntaxTreeNode, style: Style) -> str:
    return _marked(style.italic, _inline(node.children, replace(style, italic="")))


def _link(node: SyntaxTreeNode, style: Style) -> str:
    return style.link(_inline(node.children, PLAIN), str(node.attrs["href"]))


def _hard_break(_node: SyntaxTreeNode, _style: Style) -> str:
    return "\n"


def _soft_break(_node: SyntaxTreeNode, _style: Style) -> str:
    return " "


def _marked(mark: str, text: str) -> str:
    return f"{mark}{text}{mark}" if text.strip() else text


_INLINE: dict[str, Callable[[SyntaxTreeNode, Style], str]] = {
    "inline": _children,
    "text": lambda node, style: style.text(node.content),
    "code_inline": lambda node, style: style.code(node.content),
    "image": lambda node, style: style.text(node.content),
    "strong": _strong,
    "em": _em,
    "link": _link,
    "hardbreak": _hard_break,
    "softbreak": _soft_break,
}
