"""What kind of answer a client would rather have (`Accept`, RFC 9110, section 12.5.1)."""


def prefers(accept: str, media: str, *, to: str) -> bool:
    """Does the header ask for `media` more than for the other one, which is what everybody gets by default?

    Of two that are wanted alike it is the one that is named; of two that are named alike it is the other one.
    """
    wanted = dict(_range(one) for one in accept.lower().split(","))
    quality, _ = mine = _rank(wanted, media)
    return quality > 0 and mine > _rank(wanted, to)


def _range(text: str) -> tuple[str, float]:
    """A range of media, and how much it is wanted: 0 to 1."""
    name, *parameters = (part.strip() for part in text.split(";"))
    quality = next((one.removeprefix("q=") for one in parameters if one.startswith("q=")), "1")
    try:
        return name, float(quality)
    except ValueError:
        return name, 0


def _rank(wanted: dict[str, float], media: str) -> tuple[float, int]:
    """How much it is wanted, and how exactly it was named: the most exact range decides."""
    ranges = (media, f"{media.partition('/')[0]}/*", "*/*")
    return next(((wanted[one], -place) for place, one in enumerate(ranges) if one in wanted), (0, -len(ranges)))
