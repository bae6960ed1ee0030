"""In which colours things are drawn anyway, or what their kind is called after: a red fox is no fox in red.

By their emoji's names, as in `roles`. Nothing is painted then: paint spoils what a drawing has beside its main colour.
Of what is drawn in several styles only that is here which has the colour in all of them. Data alone.
"""

from collections.abc import Collection

# Colours as the models' paints are called, `golden` and the like among them; a grizzly is brown, too.
_NATURAL = """
red orange: fox fox-whole
red brown: chipmunk
brown: bear bear-whole moose monkey monkey-face otter beaver teddy-bear acorn pinecone brownie
gray: wolf wolf-whole elephant rhinoceros koala raccoon mouse-face rat
blue: spouting-whale
green: frog frog-whole crocodile cactus cucumber broccoli leafy-green pea-pod four-leaf-clover
    evergreen-tree deciduous-tree seedling fern
yellow: lemon banana star sun baby-chick hatching-chick rubber-duck sunflower ear-of-corn wheat gold-bar omelette
purple: plum
orange: tangerine carrot jack-o-lantern goldfish tiger tiger-face basketball
red: strawberry tomato cherries lobster lady-beetle fire-engine red-apple raspberry radish pomegranate
pink: pig pig-face flamingo
white: swan dove polar-bear ghost snowman skeleton cloud
black: crow
"""
# Colours that a thing has together: of these two or more are no paint either.
_TOGETHER = """
black white: panda panda-whole zebra cow cow-face penguin skunk badger soccer-ball pool-8-ball
black gray white: badger raccoon raccoon-whole
gray white: wolf wolf-whole koala koala-whole
brown white: eagle
black yellow: honeybee taxi
black orange white: tiger tiger-face
black red: lady-beetle
orange red white: fox fox-whole
orange red yellow: fire campfire
black brown orange yellow: leopard
brown orange yellow: giraffe
brown orange white: corgi
green red: watermelon strawberry rose christmas-tree
green yellow: pineapple
red white: santa-claus santa-hat mushroom ring-buoy bullseye baseball ambulance
"""
# What is of many colours, so that nothing is gained by painting it in a rainbow's.
_MANY = """
rainbow parrot peacock hot-air-balloon rubiks-cube bouquet artist-palette fireworks party-popper christmas-tree
beach-with-umbrella sunrise cityscape forest galaxy desert-island playground-slide
"""
MANY_COLOURED = frozenset(_MANY.split())
# What is striped with white in all styles: paint leaves that white, so white beside another colour is no second paint.
WITH_WHITE = frozenset(("candy-cane", "ring-buoy"))
# Of these animals have patches.
FUR = frozenset(("black", "white", "gray", "brown", "orange"))
_CALLED = {"grey": "gray", "ginger": "orange"}


def _table(rows_of: str) -> dict[str, frozenset[str]]:
    rows = (row.partition(":") for row in rows_of.replace("\n    ", " ").strip().splitlines())
    found: dict[str, frozenset[str]] = {}
    for colours, _, icons in rows:
        for icon in icons.split():
            found[icon] = found.get(icon, frozenset()) | frozenset(colours.split())
    return found


_COLOURS, _ALL = _table(_NATURAL), _table(_TOGETHER)


def is_natural(icon: str, colour: str) -> bool:
    """Whether a thing is known in a colour, by the word for that, without being painted."""
    return _CALLED.get(colour, colour) in _COLOURS.get(icon, ())


def are_natural(icon: str, colours: Collection[str]) -> bool:
    """Likewise of several colours at once."""
    return bool(colours) and (_ALL.get(icon, frozenset()) | _COLOURS.get(icon, frozenset())).issuperset(colours)
