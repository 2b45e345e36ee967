"""How pictures are taken: sizes, colours, and where they are put."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, BrowserContext, Page

FOLDER = Path("screenshots")
SIZES = {"wide": (1280, 800), "phone": (390, 844), "readme": (1120, 720)}
REST = 400  # milliseconds, for what moves to come to rest


@dataclass(frozen=True)
class Looks:
    """A screen, light or dark on it, and where the visitor is; None: where this machine is."""

    size: str
    scheme: Literal["light", "dark"]
    zone: str | None = None

    @property
    def suffix(self) -> str:
        return self.size if self.scheme == "light" else f"{self.size}-dark"

    def window(self, browser: Browser) -> BrowserContext:
        """A new browser that looks so."""
        width, height = SIZES[self.size]
        return browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=self.scheme,
            timezone_id=self.zone,
            service_workers="block",
        )

    def keep(self, page: Page, name: str, *, whole: bool = True, rest: int = REST) -> None:
        """Draw a page: all of it, or what a screen shows."""
        page.wait_for_timeout(rest)
        page.screenshot(path=FOLDER / f"{name}-{self.suffix}.png", full_page=whole)


def all_looks() -> Iterator[Looks]:
    """Each size in each scheme."""
    return (Looks(size, scheme) for size, scheme in product(("wide", "phone"), ("light", "dark")))  # type: ignore[arg-type]
