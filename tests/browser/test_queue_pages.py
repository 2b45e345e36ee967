from tests.browser.every_page import EveryPage
from tests.support.pages.table import QUEUE


class TestQueue(EveryPage):
    PLACES = QUEUE
