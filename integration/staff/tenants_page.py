"""`/staff/tenants`: all of them, those that need attention first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request, Response

from integration.connections import incidents
from integration.connections.causes import meaning
from integration.connections.history import Standing
from integration.connections.views import WORDS
from integration.connections.wording import KINDS
from integration.pages.shown_tables import shown
from integration.pages.tables import Column, Filter, Table
from integration.pages.views import READ
from integration.runtime import Now, Runtime, runtime_of
from integration.signing_in.staff_only import TheStaff, staff_page
from integration.staff import attention, standings, words
from integration.staff.attention import Need
from integration.staff.standings import TenantNow
from integration.tenants import finding
from kb.spans import ago

router = APIRouter(include_in_schema=False)

ACTION = "administer"
NEEDS_ATTENTION = "attention"


@dataclass(frozen=True)
class TenantLine:
    """A tenant, and why it needs attention, if it does."""

    tenant: TenantNow
    need: Need | None

    @property
    def standing(self) -> Standing:
        return self.tenant.standing

    @property
    def requests(self) -> int:
        """How many of theirs wait for us."""
        return self.tenant.waiting.number if self.tenant.waiting else 0


TABLE: Table[TenantLine] = Table(
    path="/staff/tenants",
    columns=(
        Column("name", "Organisation", lambda line: line.tenant.name),
        Column("id", "Id", lambda line: line.tenant.id, drawn=False),
        Column(
            "attention",
            "Needs attention",
            lambda line: line.need.words if line.need else None,
            sort=lambda line: line.need.urgency if line.need else None,
        ),
        Column(
            "state",
            "Zoom",
            lambda line: WORDS[line.standing.state],
            sort=lambda line: words.GRAVITY[line.standing.state],
        ),
        Column("cause", "Why", lambda line: meaning(line.standing.state, line.standing.cause).explanation, drawn=False),
        Column(
            "who",
            "Who must act",
            lambda line: words.WHO[meaning(line.standing.state, line.standing.cause).who_must_act],
            drawn=False,
        ),
        Column("since", "Since", lambda line: line.standing.since, most_first=True),
        Column("verified", "Last verified", lambda line: words.verified_at(line.standing)),
        Column("requests", "Requests waiting", lambda line: line.requests, number=True, most_first=True),
    ),
    sort="attention",
    filters=(
        Filter(
            "state",
            "Which organisations",
            {"": "All", NEEDS_ATTENTION: "Need attention", **{state: WORDS[state] for state in KINDS}},
            lambda line: (line.standing.state, NEEDS_ATTENTION) if line.need else (line.standing.state,),
        ),
    ),
    texts=lambda line: (line.tenant.name, line.tenant.id, *line.tenant.domains),
)


@router.api_route("/staff/tenants", methods=READ)
def tenants(request: Request, reader: TheStaff, now: Now) -> Response:
    """A page of them."""
    reader.require(ACTION, None)
    runtime, asked = runtime_of(request), TABLE.asked(request.query_params)
    lines = _lines(runtime, now)
    table = shown(TABLE, asked, lines)
    with runtime.database.reading() as session:
        incident = incidents.at(session, now)
        alike = finding.search(session, asked.q) if asked.q and not table.found else []
    return staff_page(
        request,
        reader,
        "staff_tenants.html",
        table=table,
        everybody=len(lines),
        needing=sum(line.need is not None for line in lines),
        incident=incident,
        incident_text=incidents.text_of(incident, "staff") if incident else None,
        alike=[found.tenant for found in alike],
        words=words,
        meaning=meaning,
        ago=ago,
    )


@router.api_route("/staff/tenants.csv", methods=READ)
def tenants_file(request: Request, reader: TheStaff, now: Now) -> Response:
    """All that are asked for, for spreadsheets."""
    reader.require(ACTION, None)
    lines = _lines(runtime_of(request), now)
    return TABLE.file(f"tenants-{now:%Y-%m-%d}", TABLE.arranged(TABLE.asked(request.query_params), lines))


def _lines(runtime: Runtime, now: datetime) -> Sequence[TenantLine]:
    with runtime.database.reading() as session:
        every = standings.every(session, now)
    return [TenantLine(tenant, attention.need_of(tenant, now)) for tenant in every]
