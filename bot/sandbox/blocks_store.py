"""Block ids as Slack gives them to blocks that came without."""

import copy
import secrets
from collections.abc import Sequence

from bot.sandbox.model import Json


def with_block_ids(blocks: Sequence[Json]) -> list[Json]:
    """A copy of the blocks in which each has a `block_id`."""
    return [{"block_id": secrets.token_urlsafe(4)[:5]} | copy.deepcopy(block) for block in blocks]
