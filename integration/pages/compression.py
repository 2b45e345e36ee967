"""Smaller answers for pages and files that are the same for everybody."""

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

AREAS = ("/help/", "/static/")
PAGES = ("/", "/search")
SMALLEST = 1000  # bytes: less fits into one packet anyway
LEVEL = 5


class Compression:
    """ASGI middleware. Private pages are left as they are: how small a page with a secret becomes may tell of it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.smaller = GZipMiddleware(app, minimum_size=SMALLEST, compresslevel=LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (self.smaller if _is_for_everybody(scope) else self.app)(scope, receive, send)


def _is_for_everybody(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
        return False
    path: str = scope["path"]
    return path in PAGES or path.startswith(AREAS)
