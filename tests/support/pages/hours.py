"""Three months of Acme's meetings: calls that ran over, that ended early, that broke off, and some without any."""

from datetime import timedelta
from itertools import product
from random import Random

from sqlalchemy import select

from integration.backfill.models import Coverage
from tests.integration.reports.rows import Rows
from tests.support.pages.site import NOW, Site

CUSTOMERS = ("Globex", "Initech", "Soylent & Sons", "Vandelay Industries", "Wayne Enterprises", "Tyrell <Corp>")
ORGANIZERS = ("jonas@acme.example", "maya@acme.example", "lena@acme.example")
TITLES = ("Weekly", "Quarterly review", "Onboarding", "Planning & budget", "Introduction")
WEEKS, A_WEEK = 12, 5
BROKEN_OFF = "95550100200"
NINE = timedelta(hours=2, minutes=40)  # NOW is 11:40 in Los Angeles


def add_hours(site: Site) -> None:
    """The names lead to a meeting whose call broke off, and to the customers of one."""
    chance, runtime = Random(6), site.service.runtime
    with runtime.database.writing() as session:
        rows = Rows(session, runtime.vault)
        for coverage in session.scalars(select(Coverage).where(Coverage.id == "acme")):
            session.delete(coverage)
        session.add(
            Coverage(id="acme", asked_from=NOW - timedelta(days=170), asked_until=NOW, due_at=NOW + timedelta(days=2))
        )
        for week, number in product(range(WEEKS), range(A_WEEK)):
            start = NOW - NINE - timedelta(weeks=week, days=number % 4, hours=-number)
            customers = chance.sample(CUSTOMERS, chance.choice([1, 1, 1, 2]))
            meeting = f"9{chance.randrange(10**9, 10**10)}"
            planned = chance.choice([30, 45, 60])
            on_zoom = number != 3 or week % 2 == 0
            if start > NOW - timedelta(hours=1):
                continue
            event = rows.event(
                start,
                planned,
                meeting=meeting if on_zoom else None,
                title=chance.choice(TITLES),
                organizer=chance.choice(ORGANIZERS),
                customers=customers,
            )
            if on_zoom and chance.random() < 0.9:
                rows.call(start + timedelta(minutes=2), planned + chance.randint(-20, 25), meeting=meeting, event=event)
        broken_off = NOW - NINE - timedelta(days=8)
        event = rows.event(
            broken_off, 60, meeting=BROKEN_OFF, title="Renewal", customers=("Globex", "Wayne Enterprises")
        )
        for begins, minutes in ((-1, 21), (24, 30), (50, 22)):
            rows.call(broken_off + timedelta(minutes=begins), minutes, meeting=BROKEN_OFF, event=event)
    site.names["meeting"] = BROKEN_OFF
    site.names["customer"] = rows.customers["Globex"]
