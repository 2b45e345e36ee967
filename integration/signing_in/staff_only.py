"""Pages for Retain's own people: who may see them, and how they are made."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from integration.pages.views import private_page, rendered
from integration.signing_in.service import Reader, require_signed_in

ACTION = "desk"


def _staff(request: Request, reader: Annotated[Reader, Depends(require_signed_in)]) -> Reader:
    reader.require(ACTION, None)
    request.state.decided |= {"action": ACTION}
    return reader


# A dependency of every page under /staff: who reads it. Raises SignedOut and Forbidden.
TheStaff = Annotated[Reader, Depends(_staff)]


def staff_page(request: Request, reader: Reader, template: str, **context: object) -> HTMLResponse:
    """A page that nobody keeps. Its template extends `signed_in_base.html`."""
    return private_page(request, rendered(request, template, reader=reader, **context))
