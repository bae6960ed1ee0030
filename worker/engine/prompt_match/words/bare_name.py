"""A thing's name without a colour in it, before which captions of training and prompts put another: a blue car."""

from collections.abc import Callable, Sequence


def bare_name(names: Sequence[str], is_colour: Callable[[str], bool]) -> str:
    """The name among `names`, the usual one first, that another colour fits: `red car`, `automobile`, `car` → `car`."""
    first, _, rest = names[0].partition(" ")
    if rest and is_colour(first):
        return rest
    return next((name for name in names if not is_colour(name)), names[0])  # a blue orange would be two colours
