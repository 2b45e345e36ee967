"""The search that answers from our articles: one for all of a process that needs it."""

from functools import cache
from pathlib import Path

from integration.errors import Unavailable
from kb.errors import KbError
from kb.library import load_library
from kb.search import Search


@cache
def search_of(folder: Path | None = None) -> Search:
    """What answers from a folder of articles (None: our own). Each is made once, for its first start
    learns for some seconds, and later ones take half a second.

    Raises Unavailable while an article is broken.
    """
    try:
        return Search(load_library(folder))
    except KbError as error:
        raise Unavailable("The articles cannot be read just now.", remedy=str(error)) from error
