"""`/staff/gaps/help-pages`: what readers think of help pages, and what they missed there."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from fastapi import APIRouter, Request, Response

from integration.gaps.endpoints import Days
from integration.gaps.pages import USUAL, carried, spans
from integration.pages.shown_tables import shown
from integration.pages.tables import Asked, Column, Table
from integration.pages.views import READ
from integration.questions.votes import Opinions, read_opinions
from integration.runtime import runtime_of
from integration.searching import search_of
from integration.signing_in.staff_only import TheStaff, staff_page

router = APIRouter(include_in_schema=False)

PATH = "/staff/gaps/help-pages"


@router.api_route(PATH, methods=READ)
def opinions(request: Request, reader: TheStaff, days: Days = USUAL) -> Response:
    """What readers of help pages answered to "Was this helpful?", and what they missed."""
    table, asked, found = _opinions(request, days)
    return staff_page(
        request,
        reader,
        "staff_opinions.html",
        days=days,
        table=shown(table, asked, found),
        spans=spans(table, asked, days),
        titles=_titles(),
        share=_share,
    )


@router.api_route(f"{PATH}.csv", methods=READ)
def opinions_file(request: Request, _reader: TheStaff, days: Days = USUAL) -> Response:
    """The same, for spreadsheets."""
    table, asked, found = _opinions(request, days)
    return table.file(f"help-pages-of-{days}-days", table.arranged(asked, found))


def _opinions(request: Request, days: int) -> tuple[Table[Opinions], Asked, Sequence[Opinions]]:
    runtime = runtime_of(request)
    with runtime.database.reading() as session:
        found = read_opinions(session, runtime.vault, runtime.clock() - timedelta(days=days))
    table = _table(_titles())
    return table, table.asked(request.query_params, carried(days)), found


def _table(titles: Mapping[str, str]) -> Table[Opinions]:
    def title(one: Opinions) -> str:
        return titles.get(one.article, one.article)

    return Table(
        path=PATH,
        columns=(
            Column("page", "Help page", title),
            Column("no", "Did not help", lambda one: one.not_helpful, number=True, most_first=True),
            Column("yes", "Helped", lambda one: one.helpful, number=True, most_first=True),
            Column("share", "Helped, in percent", _share, number=True),
            Column("missed", "What was missing", _missed, sorts=False),
        ),
        sort="no",
        texts=lambda one: (title(one), _missed(one)),
    )


def _missed(one: Opinions) -> str:
    return "\n".join(text for missed in one.missed for text in (missed.comment, missed.asked) if text)


def _share(one: Opinions) -> int:
    return 100 * one.helpful // (one.helpful + one.not_helpful)


def _titles() -> Mapping[str, str]:
    """Of all articles, by slug."""
    return {slug: article.title for slug, article in search_of().library.articles.items()}
