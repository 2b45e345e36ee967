"""What pages load: the style sheets, scripts and the icon, at `/static/…?v=…`."""

import os
from urllib.parse import parse_qs

from fastapi import Response
from fastapi.staticfiles import StaticFiles
from starlette.types import Scope

from integration.pages.views import STATIC, version
from kb.looks import DESIGN


class KeptFiles(StaticFiles):
    """Our own files and those of the design. Asked for by the address that changes with them, they are kept for ever.

    Without it, as one script asks for another, browsers look whether they changed.
    """

    def __init__(self) -> None:
        super().__init__(directory=STATIC)
        self.all_directories = [STATIC, DESIGN]

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        asked = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("v")
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if asked == [version()] else "no-cache"
        )
        return response
