"""All of it, in the order in which it happened."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.pages.desk import add_opinions, add_past_months, add_requests
from tests.support.pages.hours import add_hours
from tests.support.pages.links import add_links
from tests.support.pages.site import Site, running_site
from tests.support.pages.tenants import add_connections, add_tenants


@contextmanager
def seeded_site(folder: Path) -> Iterator[Site]:
    """A service in which every page has something to show. It takes about a second."""
    with running_site(folder) as site:
        for add in (add_tenants, add_connections, add_hours, add_past_months, add_links, add_requests, add_opinions):
            add(site)
        site.api("GET", "tenants/acme/zoom/status?live=true")
        yield site
