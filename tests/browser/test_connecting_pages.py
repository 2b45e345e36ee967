from tests.browser.every_page import EveryPage
from tests.support.pages.table import CONNECT


class TestConnecting(EveryPage):
    PLACES = CONNECT
