from tests.browser.every_page import EveryPage
from tests.support.pages.table import HELP


class TestHelpCentre(EveryPage):
    PLACES = HELP
