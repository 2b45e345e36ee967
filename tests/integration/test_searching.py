from pathlib import Path

import pytest

from integration.errors import Unavailable
from integration.searching import search_of


def test_a_process_has_one_search_for_all_who_need_it() -> None:
    assert search_of() is search_of()


def test_while_articles_cannot_be_read_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="holds no articles"):
        search_of(tmp_path)
