from tests.browser.every_page import EveryPage
from tests.support.pages.table import STAFF


class TestStaff(EveryPage):
    PLACES = STAFF
