"""Everyday things that the starter was not taught: the nearest that most people would take for them, or none."""

import pytest

from tests.worker.engine.prompt_match.vocabularies import asked, shipped

STARTER = shipped()

_NEAREST = """
ravioli: dumpling
naan: bread
risotto, paella: bowl of rice
tikka masala: curry
udon, pad thai: ramen
chowder, bowl of soup: stew
quesadilla: taco
grilled cheese, blt: sandwich
scrambled eggs: fried egg
mozzarella: cheese wedge
fried chicken, chicken wings, turkey leg: chicken leg
pork chop, lamb chop: steak
honey: honey pot
honeydew: melon
gummy bear, candy corn, jelly beans: candy
macaron, shortbread: cookie
frozen yogurt, ice cream sandwich: ice cream
hot chocolate, cup of hot chocolate: cup of coffee
green tea: teacup
coke, slushie: soda
wine bottle, bottle of wine: champagne bottle
milk carton: juice box
griddle: frying pan
oven mitt, mittens: gloves
dishwasher: washing machine
egg timer: stopwatch
mattress, crib: bed
hard hat: helmet
wind turbine: windmill
boombox: radio
mp3 player, ipod: smartphone
game boy: video game
dictionary: open book
gift card: credit card
keyring: key
sledgehammer: hammer
chainsaw: saw
jacket: coat
sweatpants: jeans
football jersey: t-shirt
purse: handbag
suit of armor: knight
limo: red car
go kart: racing car
bulldozer: excavator
cable car: tram
jet ski: speedboat
battleship: ship
street sign: stop sign
farm: barn
city hall: temple
power plant, nuclear power plant: factory
restaurant, bakery: shop
amusement park: ferris wheel
monkey bars: playground slide
teepee: tent
mount fuji: snow-capped mountain
niagara falls: waterfall
ukulele: guitar
cello: violin
trombone, french horn: trumpet
clarinet: flute
bongos: drum
tennis ball: tennis
bowling ball: bowling
beach ball: volleyball
punching bag: boxing glove
pool table: eight ball
rocking horse: carousel horse
party horn: party popper
broomstick: broom
coconut tree: palm tree
succulent: potted plant
lavender: lavender flowers
water lily: lotus
raindrop: droplet
lava: volcano
"""
_ROWS = [
    (said, name)
    for said_s, _, name in (row.partition(": ") for row in _NEAREST.strip().splitlines())
    for said in said_s.split(", ")
]


@pytest.mark.parametrize(("said", "name"), _ROWS)
def test_the_nearest_is_drawn(said: str, name: str):
    matched = STARTER.read(asked(f"a {said}"))
    assert not matched.declined
    assert matched.request.prompt.removeprefix("a ").removeprefix("an ") == name


@pytest.mark.parametrize(
    "said",
    ["seaweed", "ceiling", "railing", "tea bag", "potato chips", "crab cake", "star fruit", "whipped cream",
     "measuring cup", "smores", "hula hoop", "throwing star", "ninja star", "golf cart", "cat tree", "baby monitor",
     "fire alarm", "tequila", "hair tie", "carpet sweeper", "magic carpet"],
)  # fmt: skip
def test_what_nobody_would_take_for_it_is_not_drawn(said: str):
    """Nor anything pleasant, as for who asks for nothing: a ceiling is no sunflower."""
    assert STARTER.read(asked(f"a {said}")).declined


@pytest.mark.parametrize(
    ("prompt", "never"),
    [
        ("a fox with a baseball bat", "a bat"),
        ("a cactus in a pot", "cauldron"),
        ("a salad bowl", "rice"),
        ("a train crossing an old stone bridge", "rock"),
        ("a honey bee", "honey pot"),
        ("a cat, mint background", "seedling"),
    ],
)
def test_a_word_that_tells_of_another_thing_is_none_of_its_own(prompt: str, never: str):
    matched = STARTER.read(asked(prompt))
    words = [figure.words for layout in matched.layouts for figure in layout.figures] or [matched.request.prompt]
    assert not any(never in each.split(",")[0] for each in words)
