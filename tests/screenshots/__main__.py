"""`python -m tests.screenshots [places|journeys|readme]`: the first two, unless one is named."""

import sys
import tempfile
from pathlib import Path

from tests.screenshots.journeys import draw_journeys
from tests.screenshots.looks import FOLDER
from tests.screenshots.places import draw_for_readme, draw_places
from tests.support.browser import chromium_path, running_browser
from tests.support.pages.seed import seeded_site
from tests.support.stack import running_stack


def main(which: str | None = None) -> int:
    if chromium_path() is None:
        print("Chromium is missing. Remedy: apt-get install chromium, then make screenshots.")
        return 1
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running_browser() as browser:
        if which in (None, "places"):
            with seeded_site(Path(folder)) as site:
                draw_places(site, browser)
        if which == "readme":
            with seeded_site(Path(folder)) as site:
                draw_for_readme(site, browser)
        if which in (None, "journeys"):
            with running_stack(Path(folder)) as stack:
                draw_journeys(stack, browser)
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER}/")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
