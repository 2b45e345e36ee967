"""Telling a question from what stands behind a command's own word. Pure."""

BEGINNINGS = frozenset(
    (
        "of", "my", "our", "your", "the", "a", "an", "in", "is", "are", "was", "were", "do", "does", "did", "how",
        "why", "what", "which", "when", "can", "you",
    )
)  # fmt: skip


def is_question(rest: str, most_words: int, also: frozenset[str] = frozenset()) -> bool:
    """Whether `duration of my meeting` is meant as one: by its end, its length, or its second word."""
    words = rest.casefold().split()
    return rest.endswith("?") or len(words) > most_words or (bool(words) and words[0] in BEGINNINGS | also)
