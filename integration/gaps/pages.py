"""`/staff/gaps`: what the knowledge base could not answer well, and how to teach it."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request, Response

from integration.gaps import service
from integration.gaps.endpoints import Days
from integration.gaps.views import Gap, Gaps
from integration.pages.shown_tables import shown
from integration.pages.tables import Asked, Column, Filter, Table
from integration.pages.views import READ
from integration.runtime import runtime_of
from integration.searching import search_of
from integration.signing_in.staff_only import TheStaff, staff_page

router = APIRouter(include_in_schema=False)

PATH = "/staff/gaps"
SPANS = (7, 30, 90)  # days to choose from
USUAL = 30
KINDS: Mapping[str, str] = {
    "": "All",
    "unknown": "Nothing was found",
    "suggested": "Not sure",
    "disliked": "Did not help",
}


def _kinds(gap: Gap) -> Sequence[str]:
    numbers = {"unknown": gap.unknown, "suggested": gap.suggested, "disliked": gap.not_helpful}
    return [kind for kind, number in numbers.items() if number]


def _texts(gap: Gap) -> Sequence[str]:
    return [gap.text, *gap.texts, *gap.comments, _closest(gap)]


def _closest(gap: Gap) -> str:
    return gap.closest.title if gap.closest else ""


GAPS = Table[Gap](
    path=PATH,
    columns=(
        Column("question", "Question", lambda gap: gap.text, sorts=False),
        Column("asked", "Asked most", lambda gap: gap.count, lambda gap: (gap.count, gap.people), most_first=True),
        Column("people", "By most people", lambda gap: gap.people, most_first=True),
        Column("disliked", "Helped least", lambda gap: gap.not_helpful, most_first=True),
        Column("last", "Asked last", lambda gap: gap.last_at, most_first=True),
        Column("why", "Why", lambda gap: gap.why, sorts=False, drawn=False),
        Column("closest", "Closest article", _closest, drawn=False),
        Column("missed", "What people missed", lambda gap: "\n".join(gap.comments), sorts=False, drawn=False),
        Column("others", "Other wordings", lambda gap: "\n".join(gap.texts), sorts=False, drawn=False),
        Column("id", "Id", lambda gap: gap.id, drawn=False),
    ),
    sort="asked",
    filters=(Filter("kind", "Kind", KINDS, _kinds),),
    texts=_texts,
)


@router.api_route(PATH, methods=READ)
def gaps(request: Request, reader: TheStaff, days: Days = USUAL) -> Response:
    """The gaps of some days, with what people missed."""
    asked, found = _gaps(request, days)
    return staff_page(
        request,
        reader,
        "staff_gaps.html",
        gaps=found,
        table=shown(GAPS, asked, found.groups),
        spans=spans(GAPS, asked, days),
        limit=service.MOST_GROUPS,
    )


@router.api_route(f"{PATH}.csv", methods=READ)
def gaps_file(request: Request, _reader: TheStaff, days: Days = USUAL) -> Response:
    """The same, for spreadsheets."""
    asked, found = _gaps(request, days)
    return GAPS.file(f"gaps-of-{days}-days", GAPS.arranged(asked, found.groups))


def _gaps(request: Request, days: int) -> tuple[Asked, Gaps]:
    found = service.read_gaps(runtime_of(request), search_of(), days=days, limit=service.MOST_GROUPS)
    return GAPS.asked(request.query_params, carried(days)), found


def carried(days: int) -> Mapping[str, str]:
    """What says in links of a table over how many days it is."""
    return {"days": str(days)} if days != USUAL else {}


def spans(table: Table[Any], asked: Asked, days: int) -> list[tuple[int, str, bool]]:
    """The days to choose, where each leads, and whether it is chosen."""
    return [(span, table.link(asked, days=None if span == USUAL else span), span == days) for span in SPANS]
