"""What comes in any colour: of such a thing four pictures may be of four colours, where nobody says which."""

# Of these the main colour is that of the thing, in all styles.
_THINGS = """
red car, truck, pickup truck, scooter, tractor, rocket, skateboard
balloon, gift, umbrella, candy, cupcake, doughnut, yo-yo, dice, paper lantern
t-shirt, dress, shoe, high heel, boot, scarf, gloves, coat, baseball cap, handbag, backpack, suitcase
tulip, rose, hibiscus, fish, bird, dragon, dragon face, dinosaur, octopus, jellyfish, robot
chair, sofa, teapot, bucket, toothbrush, alarm clock, telephone, guitar, ball of yarn, tent, ring, diamond
"""
# Of these a drawing has other parts that are larger, in some style: the windows of a bus, the sea under a canoe, the
# flame of a candle, one of three books. Who says a colour gets it; nobody else does.
_ASKED = """
bus, racing car, motorcycle, bicycle, train, sailboat, speedboat, canoe
kite, party popper, candle, lollipop, crystal ball
socks, necktie, butterfly, bed, books
"""


def _names(rows: str) -> frozenset[str]:
    return frozenset(name.strip() for row in rows.strip().split("\n") for name in row.split(","))


THINGS = _names(_THINGS)
# A car in blue is a blue car, while a man in blue is dressed so.
SAID_IN = THINGS | _names(_ASKED)
# No orange, which is a fruit too.
PAINTS = ("blue", "red", "yellow", "green", "purple", "pink", "teal")
