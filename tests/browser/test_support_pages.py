from tests.browser.every_page import EveryPage
from tests.support.pages.table import SUPPORT


class TestSupport(EveryPage):
    PLACES = SUPPORT
