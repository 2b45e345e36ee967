"""Audits some pages of each kind, and ends with 1 where accessibility, best practice or the rest is not perfect."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import playwright

from tests.support.browser import ARGUMENTS, chromium_path
from tests.support.pages.seed import seeded_site
from tests.support.pages.site import Site
from tests.support.pages.table import EVERYTHING, NOBODY, Place

NODE = Path(playwright.__file__).parent / "driver" / "node"  # Lighthouse needs a newer one than Debian has
CLI = Path(__file__).parent / "node_modules" / "lighthouse" / "cli" / "index.js"
PLACES = (
    "help-home", "help-found", "help-article", "support", "connect-open", "integrations-public", "integrations-maker",
    "integrations-disconnect", "hours", "meetings", "duration", "staff-home", "queue", "request-late", "tenants",
    "tenant-acme", "gaps", "sla",
)  # fmt: skip
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
MUST_BE_PERFECT = ("accessibility", "best-practices")
# Private pages forbid it, and on this machine there is no https to lead to.
NOT_ASKED = ("is-crawlable", "redirects-http", "is-on-https")


def main() -> int:
    if chromium_path() is None:
        print("Chromium is missing. Remedy: apt-get install chromium, then make lighthouse.")
        return 1
    perfect = True
    with tempfile.TemporaryDirectory() as folder, seeded_site(Path(folder)) as site:
        for place in (one for one in EVERYTHING if one.name in PLACES):
            found = audited(site, place)
            scores = {one: round(100 * found["categories"][one]["score"]) for one in CATEGORIES}
            print(f"{place.name:26}", "  ".join(f"{name} {score:3}" for name, score in scores.items()))
            for category in MUST_BE_PERFECT:
                perfect &= not (wrong := faults(found, category))
                print(*(f"    {one}" for one in wrong), sep="\n", end="\n" if wrong else "")
    return 0 if perfect else 1


def audited(site: Site, place: Place) -> Mapping[str, Any]:
    """Lighthouse's report on a place."""
    cookie = "; ".join(f"{name}={value}" for name, value in site.cookies_of(place.who).items())
    command = [
        str(NODE), str(CLI), site.address(place.path), "--quiet", "--output=json", "--output-path=stdout",
        f"--only-categories={','.join(CATEGORIES)}", f"--skip-audits={','.join(NOT_ASKED)}",
        f"--chrome-flags=--headless=new {' '.join(ARGUMENTS)}",
        *([f"--extra-headers={json.dumps({'Cookie': cookie})}"] if place.who != NOBODY else []),
    ]  # fmt: skip
    env = {**os.environ, "CHROME_PATH": str(chromium_path()), "DO_NOT_TRACK": "1"}
    told = subprocess.run(command, capture_output=True, text=True, env=env, check=True)
    report: Mapping[str, Any] = json.loads(told.stdout)
    return report


def faults(report: Mapping[str, Any], category: str) -> list[str]:
    """The audits of a category that are not passed, each with what it is about."""
    audits = [report["audits"][one["id"]] for one in report["categories"][category]["auditRefs"] if one["weight"]]
    failed = (one for one in audits if one["score"] is not None and one["score"] < 1)
    return [f"{one['id']}: {one['title']} {_where(one)}" for one in failed]


def _where(audit: Mapping[str, Any]) -> str:
    items = audit.get("details", {}).get("items", [])
    return json.dumps([one.get("node", {}).get("selector") or one for one in items])[:300]


if __name__ == "__main__":
    sys.exit(main())
