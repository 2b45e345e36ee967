from tests.browser.every_page import EveryPage
from tests.support.pages.table import INTEGRATIONS


class TestIntegrations(EveryPage):
    PLACES = INTEGRATIONS
