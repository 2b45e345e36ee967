"""Articles that may help whoever answers a support request."""

from collections.abc import Sequence

from integration.desk.views import RequestView
from integration.errors import Unavailable
from integration.searching import search_of
from kb.article import Article

FITS = 0.05  # confidence; what is below would only distract
MOST = 3
HOW_TO_REACH_US = ("contact-support", "support-hours")  # no news to the staff


def suggested(request: RequestView) -> Sequence[Article]:
    """The best ones, without what the bot answered already; none while an article is broken."""
    try:
        search = search_of()
    except Unavailable:
        return ()
    known = (request.article, *HOW_TO_REACH_US)
    fitting = (one.article for one in search.ask(request.text).candidates if one.confidence >= FITS)
    return [search.library.articles[slug] for slug in fitting if slug not in known][:MOST]
