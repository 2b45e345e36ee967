"""Markdown as tokens with the settings filled in.

Settings go into the tokens, after parsing: a value can therefore never turn into markup. Markup that people
see is decided here for every output: which links survive, and with what target.
"""

import re
from functools import cache
from urllib.parse import quote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from kb.settings import FALLBACK_WORDS, SiteSettings

PLACEHOLDER = re.compile(r"\{([A-Z][A-Z0-9_]*)\}")
_ENCODED_PLACEHOLDER = re.compile(r"%7B([A-Z][A-Z0-9_]*)%7D")
_EMAIL = re.compile(r"[^\s@:/]+@[^\s@:/]+")
_WEB = ("http://", "https://")
_SCHEMES = {"http", "https", "mailto"}


@cache
def parser() -> MarkdownIt:
    """CommonMark with tables; HTML in an article is shown as the text it is."""
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def parse(markdown: str, settings: SiteSettings, *, absolute: bool) -> list[Token]:
    """Tokens with settings filled in. With `absolute`, links get addresses that work outside the help centre.

    A link without a usable target, and every image without one, leaves its label behind.
    """
    tokens = parser().parse(markdown)
    for token in tokens:
        if token.type == "inline" and token.children:
            token.children = _fill_inline(token.children, settings, absolute)
        elif token.type in {"fence", "code_block"}:
            token.content = fill(token.content, settings)
    return tokens


def fill(text: str, settings: SiteSettings, *, label: bool = False) -> str:
    """Text with its settings; an unset one becomes words. Names that are no settings stay as they are.

    In the `label` of a link an address of the web becomes words too: the link itself leads there.
    """

    def replacement(match: re.Match[str]) -> str:
        name, value = match[1], settings.value(match[1])
        if value and not (label and value.startswith(_WEB)):
            return value
        return FALLBACK_WORDS.get(name, match[0])

    return PLACEHOLDER.sub(replacement, text)


def target(href: str, settings: SiteSettings, *, absolute: bool) -> str | None:
    """Where a link leads once settings are filled in; None where it leads nowhere safe or known."""
    url = _filled_href(_ENCODED_PLACEHOLDER.sub(r"{\1}", href), settings)
    if url is None:
        return None
    try:
        scheme = urlsplit(url).scheme
    except ValueError:  # such as an unclosed "[" of an IPv6 address
        return None
    if scheme:
        return url if scheme in _SCHEMES else None
    if url.startswith("//"):
        return None  # another site, in the clothes of a path
    if not absolute:
        return url
    return f"{settings.help_url}{url}" if settings.help_url and url.startswith("/") else None


def _filled_href(href: str, settings: SiteSettings) -> str | None:
    names = PLACEHOLDER.findall(href)
    values = {name: settings.value(name) for name in names}
    if None in values.values():
        return None
    if names and href in {f"{{{names[0]}}}", f"mailto:{{{names[0]}}}"}:
        return _contact(values[names[0]] or "")
    return PLACEHOLDER.sub(lambda match: _part(href, match, values[match[1]] or ""), href)


def _contact(value: str) -> str | None:
    """A setting that is the whole target: an address of either kind (a contact may be a page or a person)."""
    if _EMAIL.fullmatch(value):
        return f"mailto:{quote(value, safe='@+')}"
    return parser().normalizeLink(value) if value.startswith(_WEB) else None


def _part(href: str, match: re.Match[str], value: str) -> str:
    starts = match.start() == 0 or href.startswith("mailto:")
    return parser().normalizeLink(value) if starts else quote(value, safe="")


def _fill_inline(children: list[Token], settings: SiteSettings, absolute: bool) -> list[Token]:
    filled: list[Token] = []
    linked = dropped = False
    for token in children:
        match token.type:
            case "text" | "code_inline":
                token.content = fill(token.content, settings, label=linked)
            case "link_open":
                url = target(str(token.attrs["href"]), settings, absolute=absolute)
                linked, dropped = url is not None, url is None
                token.attrs["href"] = url or ""
            case "link_close":
                linked = False
            case "image":
                token = _image(token, settings, absolute)  # noqa: PLW2901 - it takes the token's place
        if not (dropped and token.type in {"link_open", "link_close"}):
            filled.append(token)
    return filled


def _image(token: Token, settings: SiteSettings, absolute: bool) -> Token:
    """The image, or its description as text where it has no usable address."""
    description = fill(token.content, settings)
    url = target(str(token.attrs["src"]), settings, absolute=absolute)
    if url is None or url.startswith("mailto:"):
        return Token("text", "", 0, content=description)
    token.attrs["src"] = url
    token.content = description
    token.children = [Token("text", "", 0, content=description)]
    return token
