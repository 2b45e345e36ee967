"""An organisation whose meetings are asked about: its days, its dates, and what is said of it."""

from zoneinfo import ZoneInfo

import pytest

from bot.meetings.whose import Whose


@pytest.mark.parametrize(
    ("zone", "month_first"),
    [("America/Los_Angeles", True), ("America/Indiana/Knox", True), ("Pacific/Honolulu", True),
     ("America/Sao_Paulo", False), ("Europe/Berlin", False), ("Etc/UTC", False)],
)  # fmt: skip
def test_dates_begin_with_the_month_where_people_write_them_so(zone: str, month_first: bool) -> None:
    assert Whose("acme", "Acme Corp", ZoneInfo(zone)).month_first == month_first


def test_staff_are_not_told_to_ask_themselves() -> None:
    said = "Zoom is not enabled for your organisation. Ask Retain to enable it; then a Zoom admin can connect it."
    zone = ZoneInfo("Europe/Berlin")
    assert Whose("globex", "Globex", zone).said(said) == said
    assert Whose("globex", "Globex", zone, at_home=False).said(said) == (
        "Zoom is not enabled for Globex. Enable it; then a Zoom admin can connect it."
    )
    assert Whose("globex", "Globex", zone, at_home=False).said(None) is None
