"""One seeded service and one browser for all tests of a file's process."""

from collections.abc import Iterator

import pytest

from tests.browser.looking import Eyes, Look
from tests.support.browser import require_chromium, running_browser
from tests.support.pages.seed import seeded_site
from tests.support.pages.site import Site


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with seeded_site(tmp_path_factory.mktemp("site")) as seeded:
        yield seeded


@pytest.fixture(scope="package")  # not longer: Playwright keeps an event loop running in its thread
def eyes(site: Site) -> Iterator[Eyes]:
    require_chromium()
    with running_browser() as browser:
        yield Eyes(site, browser)


@pytest.fixture
def look(request: pytest.FixtureRequest, eyes: Eyes) -> Look:
    """At the place that the test is about."""
    return eyes.look(request.param)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "look" in metafunc.fixturenames and metafunc.cls is not None:
        places = metafunc.cls.PLACES
        metafunc.parametrize("look", places, indirect=True, ids=[place.name for place in places])
