"""What comes in any colour: of such a thing four pictures may be of four colours, where nobody says which."""

_THINGS = """
red car, truck, pickup truck, bus, racing car, scooter, motorcycle, bicycle, train, tractor, sailboat, speedboat, canoe,
    rocket, skateboard
balloon, gift, kite, umbrella, party popper, candle, lollipop, candy, cupcake, doughnut, yo-yo, dice, crystal ball,
    paper lantern
t-shirt, dress, shoe, high heel, boot, scarf, gloves, socks, coat, baseball cap, necktie, handbag, backpack, suitcase
tulip, rose, hibiscus, butterfly, fish, bird, dragon, dragon face, dinosaur, octopus, jellyfish, robot
bed, chair, sofa, teapot, bucket, toothbrush, alarm clock, telephone, guitar, ball of yarn, books, tent, ring, diamond
"""
THINGS = frozenset(name.strip() for row in _THINGS.strip().split("\n") for name in row.strip().strip(",").split(", "))
# No orange, which is a fruit too.
PAINTS = ("blue", "red", "yellow", "green", "purple", "pink", "teal")
