"""Buttons that open the service's pages. The link is made when one is pressed: it lives for minutes (bot/pages.py)."""

import re

from bot import blocks
from bot.blocks import Block
from bot.carried import Page

LONGEST_ID = 200


def page_button(label: str, path: str) -> Block:
    """Opens a page (a path of the service's, with its query) for whoever presses it, whenever that is.

    It may stand in any message, also where others read it: the link is made for the one who presses it, and shown to
    them alone. What they see there is decided by who they are then.
    """
    suffix = re.sub(r"\W+", "_", path).strip("_")
    return blocks.button(label, f"{blocks.LINK_TO_PAGE}{suffix}"[:LONGEST_ID], Page(path=path).packed())
