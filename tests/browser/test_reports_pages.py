from tests.browser.every_page import EveryPage
from tests.support.pages.table import REPORTS


class TestReports(EveryPage):
    PLACES = REPORTS
