"""Pages that are the same for everybody: browsers keep them, and learn in a few bytes whether they changed."""

import hashlib
from uuid import uuid4

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from markupsafe import Markup

from integration.help_centre.around import around
from integration.pages.views import rendered

# Stands on the page where each copy of it gets a key of its own, to tell by that a form was sent twice. A copy that is
# kept keeps its key, and is no other page for it: so the ETag is a weak one. What is typed is escaped, so nobody can
# type it.
OWN_KEY = Markup("<own-key>")

AS_THE_WHOLE_PAGE = {"Vary": "Accept-Encoding"}  # what compressing a page adds, and cannot where there is no body


def shared_page(
    request: Request, template: str, *, slug: str | None = None, mine: bool = False, **context: object
) -> Response:
    """A page of the help centre, `slug`'s article or one about all of them, with what stands around it.

    `mine`: something on it is this reader's, so that only their own browser may keep it. Unchanged since their last
    visit: 304 without a body.
    """
    beside = around(request, slug)
    html = rendered(request, template, staff_notice=beside.notice, promise=beside.promise, **context)
    etag = f'W/"{hashlib.sha256(html.encode()).hexdigest()[:32]}"'
    # Hours and articles change: ask every time.
    headers = {"ETag": etag, "Cache-Control": "private, no-cache" if mine else "no-cache"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers={**headers, **AS_THE_WHOLE_PAGE})
    return HTMLResponse(html.replace(OWN_KEY, uuid4().hex), headers=headers)
