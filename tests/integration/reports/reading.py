"""What somebody reads of the reports, in a browser in which they are signed in."""

import re
from dataclasses import dataclass
from datetime import timedelta
from html import unescape

import httpx2 as httpx
from fastapi.testclient import TestClient

from integration.policy import Role
from integration.runtime import Runtime
from tests.integration.reports.rows import Rows
from tests.integration.signed_in import sign_in

HOURS = "/reports/meeting-hours"
MINUTE = 60
DAY = timedelta(days=1)


@dataclass
class Site:
    """A tenant's rows, and a browser that is signed in as its admin unless a test says otherwise."""

    client: TestClient
    runtime: Runtime
    rows: Rows

    def sign_in(self, role: Role = Role.ADMIN, tenant: str | None = "acme") -> None:
        actor = f"slack:T0{(tenant or 'retain').upper()}/U1"
        sign_in(self.client, self.rows.session, self.runtime, actor, role, tenant)

    def get(self, path: str, status: int = 200) -> str:
        """A page's text, with `&lt;` and the like as they stand."""
        response = self.response(path)
        assert response.status_code == status, response.text
        return str(response.text)

    def response(self, path: str) -> httpx.Response:
        self.rows.session.commit()
        return self.client.get(path, follow_redirects=False)


def text_of(page: str) -> str:
    """What is read of a page, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


def table(page: str, heading: str) -> list[list[str]]:
    """The lines of the table under a heading, each cell as it is read."""
    return rows_of(page.split(f'id="{heading}"')[1])


def rows_of(page: str) -> list[list[str]]:
    """The lines of the first table."""
    body = page.split("<table")[1].split("</table>", maxsplit=1)[0]
    lines = re.findall(r"<tr.*?</tr>", body, re.DOTALL)
    return [[text_of(cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", line, re.DOTALL)] for line in lines]


def minutes_of(text: str) -> int:
    """`1 h 15 min` as minutes."""
    amounts = {unit: int(amount) for amount, unit in re.findall(r"(\d+) (h|min)", text)}
    return amounts.get("h", 0) * 60 + amounts.get("min", 0)


def behind(site: Site, address: str) -> tuple[int, int, int]:
    """How many meetings are behind a number, on all pages of them, with their scheduled and counted minutes."""
    found: list[tuple[int, int]] = []
    following: str | None = address
    while following:
        page = site.get(following)
        found += [
            (minutes_of(scheduled), minutes_of(counted))
            for scheduled, counted in re.findall(
                r'data-label="Scheduled"[^>]*>([^<]*)<.*?data-label="Counted"[^>]*>([^<]*)<',
                page.split("<tfoot")[0],
                re.DOTALL,
            )
        ]
        more = re.search(r'<a href="([^"]*)" rel="next"', page)
        following = unescape(more[1]) if more else None
    return len(found), sum(one[0] for one in found), sum(one[1] for one in found)
