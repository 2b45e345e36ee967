"""A first draft of a coming year for holidays.toml, from the `holidays` library. People decide."""

from datetime import date, timedelta

from kb.errors import KbError

# The federal holidays that many companies keep, by the library's name.
_KEPT = {
    "New Year's Day": "New Year's Day",
    "Martin Luther King Jr. Day": "Martin Luther King Jr. Day",
    "Memorial Day": "Memorial Day",
    "Juneteenth National Independence Day": "Juneteenth",
    "Independence Day": "Independence Day",
    "Labor Day": "Labor Day",
    "Thanksgiving Day": "Thanksgiving",
    "Christmas Day": "Christmas Day",
}


def propose(year: int) -> str:
    """The working days of a year on which support would be closed, as TOML.

    Raises KbError when the `holidays` library, which only development installs, is missing.
    """
    closed = _closed_days(year)
    lines = [
        f"# {year}, as the holidays library proposes it. Check it, then move the lines below the headings",
        "# of the same name in kb/holidays.toml.",
        "[closed]",
        *(f'{day} = "{name}"' for day, name in sorted(closed.items())),
    ]
    eve = date(year, 12, 24)
    if eve.weekday() < 5 and eve not in closed:
        lines += ["", "[half]", f'{eve} = {{ name = "Christmas Eve", closes = "13:00" }}']
    return "\n".join(lines)


def _closed_days(year: int) -> dict[date, str]:
    try:
        import holidays  # noqa: PLC0415 - only this command needs it, and only development installs it
    except ImportError as error:
        raise KbError(
            "The holidays library is not installed.",
            field="YEAR",
            remedy="Run `make check` once (it installs the tools).",
        ) from error
    closed: dict[date, str] = {}
    for day, name in holidays.country_holidays("US", years=year).items():
        plain, _, observed = name.partition(" (")
        if plain in _KEPT and day.weekday() < 5:
            closed[day] = _KEPT[plain] + (" (observed)" if observed else "")
            if plain == "Thanksgiving Day":
                closed[day + timedelta(days=1)] = "the day after Thanksgiving"
    return closed
