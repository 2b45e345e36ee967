from tests.browser.every_page import EveryPage
from tests.support.pages.table import SIGN_IN


class TestSigningIn(EveryPage):
    PLACES = SIGN_IN
