"""In which colours things are drawn anyway, or what their kind is called after: a red fox is no fox in red.

By their emoji's names, as in `roles`. Nothing is painted then: paint spoils what a drawing has beside its main colour.
Of what is drawn in several styles only that is here which has the colour in all of them. Data alone.
"""

# Colours as the models' paints are called, `golden` and the like among them; a grizzly is brown, too.
_NATURAL = """
red orange: fox fox-whole
red brown: chipmunk
brown: bear bear-whole moose monkey monkey-face otter beaver teddy-bear
gray: wolf wolf-whole elephant rhinoceros koala raccoon mouse-face rat
blue: spouting-whale
green: frog frog-whole crocodile cactus cucumber broccoli leafy-green pea-pod four-leaf-clover
    evergreen-tree deciduous-tree seedling
yellow: lemon banana star sun baby-chick hatching-chick rubber-duck sunflower ear-of-corn
orange: tangerine carrot jack-o-lantern goldfish tiger tiger-face basketball
red: strawberry tomato cherries lobster lady-beetle fire-engine red-apple
pink: pig pig-face flamingo
white: swan dove polar-bear ghost snowman skeleton cloud
black: crow
"""
_CALLED = {"grey": "gray", "ginger": "orange"}


def _table() -> dict[str, frozenset[str]]:
    rows = (row.partition(":") for row in _NATURAL.replace("\n    ", " ").strip().splitlines())
    found: dict[str, frozenset[str]] = {}
    for colours, _, icons in rows:
        for icon in icons.split():
            found[icon] = found.get(icon, frozenset()) | frozenset(colours.split())
    return found


_COLOURS = _table()


def is_natural(icon: str, colour: str) -> bool:
    """Whether a thing is known in a colour, by the word for that, without being painted."""
    return _CALLED.get(colour, colour) in _COLOURS.get(icon, ())
