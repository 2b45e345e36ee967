"""How a page of the stand-in is made."""

from datetime import datetime
from functools import cache
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from integration.zoom.sandbox.door import world_of
from integration.zoom.sandbox.model import Account, User
from integration.zoom.sandbox.world import World

HERE = Path(__file__).parent
STATIC = HERE / "static"


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(clock=_clock, day=_day, hour=_hour, field=_field, lasting=_lasting, grouped=_grouped)
    return environment


def page(
    request: Request, template: str, status: int = 200, *, form_action: str = "'self'", **context: object
) -> Response:
    """Renders a template; `form_action` is where its forms may lead (Content-Security-Policy)."""
    world = world_of(request)
    with world.lock:
        live = {pair.grant.user.key for pair in world.tokens.live()}
        everywhere = {"world": world, "live": live, "households": households(world), "here": request.url.path}
        html = _templates().get_template(template).render(everywhere, **context)
    policy = f"default-src 'none'; style-src 'self'; img-src 'self'; form-action {form_action}; base-uri 'none'"
    headers = {"Content-Security-Policy": f"{policy}; frame-ancestors 'none'", "Cache-Control": "no-store"}
    return HTMLResponse(html, status, headers)


def households(world: World) -> list[tuple[Account, list[User]]]:
    """Those one can be, by account."""
    people = world.people.values()
    return [(account, list(users)) for account, users in groupby(people, key=lambda user: user.account)]


def _day(moment: datetime) -> str:
    return f"{moment.astimezone():%a %d %b %H:%M}"


def _hour(moment: datetime) -> str:
    return f"{moment.astimezone():%H:%M}"


def _field(moment: datetime) -> str:
    """As a browser's field for a day and a time wants it."""
    return f"{moment.astimezone():%Y-%m-%dT%H:%M}"


def _lasting(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} min" + (f" {rest} s" if rest else "")


def _grouped(meeting_id: str) -> str:
    """An id as Zoom shows it: 932 0123 5621."""
    return f"{meeting_id[:3]} {meeting_id[3:-4]} {meeting_id[-4:]}"


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone():%H:%M:%S}"
