"""What the bot asks the service about meetings and hours, always on behalf of a person."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import quote

from bot.service.connection_service import OnBehalf
from bot.service.meetings_api import Customer, Customers, Duration, Hours, Meeting, Meetings, NothingFound, PageLink
from bot.service.service_api import Progress
from bot.service.service_http import PATIENT, ServiceHttp, json_of, parsed, refusal


class MeetingService:
    """Every method raises ServiceUnavailable when the service cannot be reached, Refused when it says no.

    Days are those of the tenant's zone, both included.
    """

    def __init__(self, http: ServiceHttp) -> None:
        self._http = http

    def duration(
        self, who: OnBehalf, tenant: str, meeting: str, *, on: date | None = None, occurrence: str | None = None
    ) -> Duration | NothingFound:
        """How long a meeting was: the occurrence (alone), else the one of that day, else the latest.

        Refused (422) for what names no meeting.
        """
        path = f"/v1/tenants/{quote(tenant, safe='')}/duration"
        query = {"meeting": meeting or None, "on": on.isoformat() if on else None, "occurrence": occurrence}
        response = self._http.call(
            "GET", path, query=_given(query), headers=who.headers, timeout=PATIENT, allowed=(404,)
        )
        if response.status_code != 404:
            return parsed(Duration, response)
        if "cause" not in json_of(response):
            raise refusal(f"GET {path}", response)
        return parsed(NothingFound, response)

    def hours(
        self,
        who: OnBehalf,
        tenant: str,
        first: date | None = None,
        last: date | None = None,
        *,
        group_by: str = "customer",
        customer: str | None = None,
    ) -> Hours:
        """The meeting hours from `first` (of this month) to `last` (today), of one customer by its id, or of all."""
        path = f"/v1/tenants/{quote(tenant, safe='')}/meeting-hours"
        days = {"from": first.isoformat() if first else None, "to": last.isoformat() if last else None}
        query = _given(days | {"group_by": group_by, "customer": customer})
        return parsed(Hours, self._http.call("GET", path, query=query, headers=who.headers, timeout=PATIENT))

    def latest(self, who: OnBehalf, tenant: str, first: date, last: date) -> tuple[Meeting, ...]:
        """The latest meetings with customers of these days."""
        path = f"/v1/tenants/{quote(tenant, safe='')}/meetings"
        query = {"from": first.isoformat(), "to": last.isoformat()}
        return parsed(
            Meetings, self._http.call("GET", path, query=query, headers=who.headers, timeout=PATIENT)
        ).meetings

    def ask_zoom(self, who: OnBehalf, tenant: str) -> Progress:
        """Have Zoom asked about past calls, the latest first. Refused (409) where Zoom is not connected."""
        path = f"/v1/tenants/{quote(tenant, safe='')}/backfill"
        return parsed(Progress, self._http.call("POST", path, headers=who.headers, timeout=PATIENT))

    def customers(self, who: OnBehalf, tenant: str) -> tuple[Customer, ...]:
        """Everybody the tenant meets."""
        path = f"/v1/tenants/{quote(tenant, safe='')}/customers"
        return parsed(Customers, self._http.call("GET", path, headers=who.headers, timeout=PATIENT)).customers

    def page_link(self, who: OnBehalf, page: str, *, email: str | None, name: str | None) -> PageLink:
        """A private link to a page of the service (a path with its query), for this person alone.

        `email` and `name` are theirs, for a connect link that they ask for there.
        """
        body = _given({"page": page, "email": email, "name": name})
        return parsed(PageLink, self._http.call("POST", "/v1/page-links", body, headers=who.headers))


def _given(query: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in query.items() if value is not None}
