"""Slack's text markup: what a person types becomes mrkdwn with ids; links are found in it."""

import re
import secrets
from collections.abc import Iterator

from bot.sandbox.model import Json, Person
from bot.sandbox.world import World

TOKEN = re.compile(
    r"(?P<url>https?://[^\s<>|]*[^\s<>|.,;:!?)\]'\"])"
    r"|(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?<![\w@])@(?P<person>[\w-]+)"
    r"|(?<![\w#])#(?P<channel>[\w-]+)"
)
LINK = re.compile(r"https?://[^\s<>|]+")


def escape(text: str) -> str:
    """Slack's three entities; everything else stays as it is."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _tokens(world: World, author: Person, typed: str) -> Iterator[Json]:
    """What was typed as rich-text elements: text, links, mentioned people and channels."""
    end = 0
    for match in TOKEN.finditer(typed):
        element = _element(world, author, match)
        if element is None:
            continue
        if match.start() > end:
            yield {"type": "text", "text": typed[end : match.start()]}
        yield element
        end = match.end()
    if end < len(typed):
        yield {"type": "text", "text": typed[end:]}


def _element(world: World, author: Person, match: re.Match[str]) -> Json | None:
    if match["url"]:
        return {"type": "link", "url": match["url"]}
    if match["email"]:
        return {"type": "link", "url": f"mailto:{match['email']}", "text": match["email"]}
    if match["person"]:
        return _mention(world, author, match["person"].lower())
    named = (c for c in world.channels_of(author) if c.kind == "channel" and c.name == match["channel"])
    return next(({"type": "channel", "channel_id": channel.id} for channel in named), None)


def _mention(world: World, author: Person, name: str) -> Json | None:
    app = world.apps.get(author.workspace)
    if app and name in (app.name.lower(), app.bot_user_id.lower()):
        return {"type": "user", "user_id": app.bot_user_id}
    if name in ("here", "channel", "everyone"):
        return {"type": "broadcast", "range": name}
    found = (p for p in world.people.values() if p.workspace == author.workspace and p.handle == name)
    return next(({"type": "user", "user_id": person.id} for person in found), None)


def typed_to_mrkdwn(world: World, author: Person, typed: str) -> tuple[str, list[Json]]:
    """The `text` and the rich-text `blocks` of what a person typed, as Slack's client sends them."""
    elements = list(_tokens(world, author, typed))
    text = "".join(_as_text(element) for element in elements)
    section = {"type": "rich_text_section", "elements": elements}
    return text, [{"type": "rich_text", "block_id": secrets.token_hex(3)[:5], "elements": [section]}]


def _as_text(element: Json) -> str:
    match element["type"]:
        case "text":
            return escape(element["text"])
        case "user":
            return f"<@{element['user_id']}>"
        case "channel":
            return f"<#{element['channel_id']}|>"
        case "broadcast":
            return f"<!{element['range']}>"
        case _:
            label = f"|{escape(element['text'])}" if "text" in element else ""
            return f"<{escape(element['url'])}{label}>"


def command_text(world: World, author: Person, typed: str, should_escape: bool) -> str:
    """The `text` of a slash command: mentions become ids only when the manifest asks for it."""
    if not should_escape:
        return escape(typed)
    text = "".join(
        _as_text(e)
        if e["type"] in ("user", "channel")
        else escape(e.get("text") or e.get("url", ""))
        if e["type"] != "broadcast"
        else f"@{e['range']}"
        for e in _tokens(world, author, typed)
    )
    return re.sub(r"<@(\w+)>", lambda found: f"<@{found[1]}|{name_of(world, found[1])}>", text)


def name_of(world: World, user_id: str) -> str:
    """What a user id is called: a person's handle, the app's name, or the id itself."""
    if person := world.people.get(user_id):
        return person.handle
    names = (app.name.lower() for app in world.apps.values() if app.bot_user_id == user_id)
    return next(names, user_id)


def links_in(text: str) -> list[str]:
    """Every web address in mrkdwn text, in order."""
    return [unescape(found) for found in LINK.findall(text)]
