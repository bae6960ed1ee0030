"""What part things can take in a picture of several: what stands behind, what is held, what is worn. Data alone.

By their emoji's names, as `KnownSubject.icon` has them; a subject without one goes by its usual name with hyphens.
"""

from enum import Enum, auto

from .spelling import phrase
from .vocabulary import KnownSubject


class ThingRole(Enum):
    """The part that a thing can take."""

    BEING = auto()  # it has a head, and hands or what serves as such: it wears, holds, eats
    BACKDROP = auto()  # larger than beings: they stand before it
    SKY = auto()  # likewise, and it hangs there
    VEHICLE = auto()  # one is in it, also where English says on: on a bus
    FLAME = auto()  # what is on it burns
    ISLAND = auto()  # what is on it stands before its palm
    PRINTED = auto()  # what is on it is a picture on its front
    HELD = auto()  # small enough for hands
    HEADWEAR = auto()
    EYEWEAR = auto()
    EARWEAR = auto()
    THING = auto()  # none of these


_ICONS = {
    ThingRole.BEING: """
grinning-face rolling-on-the-floor-laughing face-with-tears-of-joy winking-face smiling-face-with-heart-eyes
face-blowing-a-kiss smiling-face face-with-tongue thinking-face sleeping-face cowboy-hat-face partying-face
smiling-face-with-sunglasses nerd-face astonished-face crying-face loudly-crying-face face-screaming-in-fear angry-face
smiling-face-with-horns skull pile-of-poo clown-face ghost alien robot
baby boy girl man woman old-man old-woman woman-health-worker woman-teacher man-cook astronaut man-firefighter
police-officer ninja construction-worker prince princess santa-claus man-superhero woman-superhero man-mage woman-fairy
man-vampire man-zombie woman-dancing
monkey-face dog-face dog wolf fox raccoon cat-face cat black-cat lion tiger-face horse unicorn zebra deer cow-face
pig-face ram goat giraffe elephant mouse-face hamster rabbit-face hedgehog bat bear koala panda sloth kangaroo chicken
baby-chick bird penguin eagle duck owl flamingo peacock parrot frog crocodile turtle snake dragon-face dragon t-rex
spouting-whale dolphin tropical-fish shark octopus jellyfish crab snail butterfly honeybee lady-beetle spider
snowman teddy-bear
""",
    ThingRole.BACKDROP: """
evergreen-tree deciduous-tree palm-tree snow-capped-mountain mountain volcano house office-building school
castle tent ferris-wheel christmas-tree water-wave church hotel hospital
""",
    ThingRole.SKY: """
sunrise full-moon crescent-moon sun ringed-planet star shooting-star cloud sun-behind-cloud cloud-with-rain
cloud-with-snow cloud-with-lightning tornado rainbow high-voltage snowflake fireworks sparkles globe-showing-americas
""",
    ThingRole.VEHICLE: """
train bus ambulance fire-engine taxi automobile delivery-truck racing-car sailboat ship airplane helicopter
""",
    ThingRole.FLAME: "fire",
    ThingRole.ISLAND: "desert-island",
    ThingRole.PRINTED: "t-shirt dress shield trophy",
    ThingRole.HELD: """
broken-heart red-heart orange-heart yellow-heart green-heart blue-heart purple-heart black-heart white-heart
bouquet cherry-blossom rose hibiscus sunflower tulip four-leaf-clover maple-leaf mushroom
grapes watermelon lemon banana pineapple mango red-apple green-apple pear peach cherries strawberry blueberries tomato
avocado eggplant carrot hot-pepper broccoli bread croissant pancakes cheese-wedge hamburger french-fries pizza hot-dog
sandwich taco egg cooking steaming-bowl spaghetti sushi soft-ice-cream ice-cream doughnut cookie birthday-cake cupcake
chocolate-bar candy lollipop glass-of-milk hot-beverage wine-glass cocktail-glass beer-mug bubble-tea
alarm-clock umbrella droplet balloon wrapped-gift soccer-ball baseball basketball american-football tennis kite
crystal-ball video-game artist-palette ring gem-stone bell musical-note guitar violin drum mobile-phone laptop camera
candle light-bulb books money-bag pencil key hammer bomb jack-o-lantern
""",
    ThingRole.HEADWEAR: "crown top-hat",
    ThingRole.EYEWEAR: "glasses sunglasses",
    ThingRole.EARWEAR: "headphone",
    ThingRole.THING: """
thumbs-up cactus motorcycle bicycle rocket flying-saucer bullseye running-shoe bed chair
""",
}
ROLES = {icon: role for role, icons in _ICONS.items() for icon in icons.split()}


def role(subject: KnownSubject) -> ThingRole:
    """The part that a subject can take."""
    return ROLES.get(subject.icon or "-".join(phrase(subject.names[0])), ThingRole.THING)
