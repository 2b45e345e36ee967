"""Pages as they are sent, read without a browser: their forms, pictures and heads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

import requests

from tests.support.pages.site import Site
from tests.support.pages.table import Place

PATIENCE = 20.0


@dataclass
class Form:
    """A form: what it is sent to, what its fields hold, and its buttons (label: name and value)."""

    method: str
    action: str
    values: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)


class Document(HTMLParser):
    """What a page consists of, as far as tests ask."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.forms: dict[str, Form] = {}
        self.images: list[Mapping[str, str]] = []
        self.meta: dict[str, str] = {}
        self.attributes: set[str] = set()
        self.language = self.title = ""
        self._inside = ""  # the id of the form
        self._button: tuple[str, str, str] | None = None
        self._in_title = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.attributes |= set(given)
        match tag:
            case "html":
                self.language = given.get("lang", "")
            case "title":
                self._in_title = not self.title
            case "meta":
                self.meta[given.get("name", "charset")] = given.get("content", given.get("charset", ""))
            case "img":
                self.images.append(given)
            case "form":
                self._inside = given.get("id") or f"form {len(self.forms)}"
                self.forms[self._inside] = Form(given.get("method", "get"), given.get("action", ""))
            case "input" | "textarea" | "select" if "name" in given and (form := self._form_of(given)):
                form.values[given["name"]] = given.get("value", "")
            case "button":
                self._button = (given.get("form", self._inside), given.get("name", ""), given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = ""
        elif tag == "button":
            self._button = None
        elif tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
        if self._button and self._button[0] in self.forms and data.strip():
            whose, name, value = self._button
            self.forms[whose].buttons[data.strip()] = (name, value)

    def posts(self) -> Iterator[Form]:
        """Forms that do something."""
        return (form for form in self.forms.values() if form.method == "post")

    def _form_of(self, given: Mapping[str, str]) -> Form | None:
        return self.forms.get(given.get("form", self._inside))


def read(site: Site, place: Place) -> tuple[requests.Response, Document]:
    """A place as it is sent, its button pressed as it is without script."""
    with site.as_browser(place.who) as browser:
        came = browser.get(site.address(place.path), timeout=PATIENCE)
        document = Document(came.text)
        if place.presses:
            form = next(one for one in document.posts() if place.presses in one.buttons)
            name, value = form.buttons[place.presses]
            pressed = {name: value} if name else {}
            sent = {**form.values, **place.types, **pressed}
            came = browser.post(f"{site.url}{form.action}", data=sent, timeout=PATIENCE)
            document = Document(came.text)
    return came, document
