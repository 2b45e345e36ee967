"""Pages without a mouse: where Tab leads, and what is seen of that."""

from playwright.sync_api import Page

MOST_STOPS = 150
HERE = """() => {
    const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
    if (one === document.body || one === document.documentElement) return null;
    return {
        name: (one.labels?.[0]?.textContent || one.getAttribute('aria-label') || one.textContent || one.tagName).trim(),
        tag: one.tagName.toLowerCase(),
        shown: box.width > 0 && box.height > 0 && one.checkVisibility({ visibilityProperty: true }),
        marked: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none',
    } }"""
CAN_BE_REACHED = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
    .filter(one => one.tabIndex >= 0 && !one.disabled && one.type !== 'hidden'
        && one.checkVisibility({ visibilityProperty: true })).length"""


def walk(page: Page) -> tuple[list[str], list[str]]:
    """Press Tab from the top of the page until it begins anew: the names of all stops, and what is wrong with some."""
    stops: list[str] = []
    wrong: list[str] = []
    page.evaluate("() => { document.activeElement?.blur?.(); getSelection().removeAllRanges(); scrollTo(0, 0) }")
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here is None:
            return stops, wrong
        stops.append(here["name"])
        wrong += [f"{here['name']} is not {what}" for what in ("shown", "marked") if not here[what]]
    return stops, [*wrong, "there is no way out"]
