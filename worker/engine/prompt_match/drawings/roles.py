"""What part things can take in a picture of several: what stands behind, what is held, what is worn. Data alone.

By their emoji's names, as `KnownSubject.icon` has them; a subject without one goes by its usual name with hyphens.
"""

from enum import Enum, auto

from worker.engine.prompt_match.vocabulary import KnownSubject
from worker.engine.prompt_match.words.spelling import phrase


class ThingRole(Enum):
    """The part that a thing can take."""

    BEING = auto()  # it has a head, and hands or what serves as such: it wears, holds, eats
    HEAD = auto()  # likewise, and little more than its head is drawn
    BACKDROP = auto()  # larger than beings: they stand before it
    SKY = auto()  # likewise, and it hangs there
    VEHICLE = auto()  # one is in it, also where English says on: on a bus
    RIDDEN = auto()  # one is on it, also where English says in: in the saddle
    CONTAINER = auto()  # what it holds looks out of it
    DISH = auto()  # likewise, and small enough for hands
    COVER = auto()  # who is behind it, or under it, looks out over it
    WATER = auto()  # one is in it, also where English says on: on a lake
    FLAME = auto()  # what is on it burns
    ISLAND = auto()  # what is on it stands before it: before its palm, before the cables of a bridge
    PRINTED = auto()  # what is on it is a picture on its front
    HELD = auto()  # small enough for hands
    HEADWEAR = auto()
    EYEWEAR = auto()
    LIPWEAR = auto()  # a mustache
    EARWEAR = auto()
    NECKWEAR = auto()
    BACKWEAR = auto()  # it hangs on a back
    CANOPY = auto()  # who has it hangs under it
    CLOTHES = auto()  # no drawn animal can be put into them: they are beside it
    THING = auto()  # none of these


_ICONS = {
    ThingRole.BEING: """
ghost woman-dancing dog cat black-cat horse zebra deer ram goat giraffe elephant hedgehog bat sloth kangaroo chicken
baby-chick bird penguin eagle duck owl flamingo peacock parrot crocodile turtle snake dragon t-rex spouting-whale
dolphin tropical-fish shark octopus jellyfish crab snail butterfly honeybee lady-beetle spider snowman teddy-bear
gorilla leopard donkey camel llama rhinoceros hippopotamus chipmunk beaver otter skunk turkey rooster hatching-chick
dove swan goose lizard sauropod seal lobster shrimp squid ant scorpion carousel-horse nesting-dolls
person-running person-surfing person-swimming person-lifting-weights person-bouncing-ball person-golfing skier
snowboarder person-juggling person-in-lotus-position man-dancing person-biking boar tiger rabbit cow pig monkey mouse
blowfish mammoth rat bug fly worm
person-cartwheeling person-fencing person-rowing-boat person-climbing horse-racing person-taking-bath
poodle bison badger orangutan beetle cricket mosquito ballerina gnome mermaid monster scarecrow skeleton capybara crow
dragonfly goldfish meerkat narwhal ostrich seahorse starfish stingray toucan triceratops rubber-duck
fox-whole bear-whole lion-whole wolf-whole panda-whole frog-whole unicorn-whole raccoon-whole koala-whole hamster-whole
sheep phoenix griffin pegasus centaur minotaur grim-reaper golem slime orc dwarf pelican seagull guinea-pig mole
platypus husky pug shiba-inu reindeer pterodactyl praying-mantis armadillo doll gingerbread-man statue virus
""",
    ThingRole.HEAD: """
grinning-face rolling-on-the-floor-laughing face-with-tears-of-joy winking-face smiling-face-with-heart-eyes
face-blowing-a-kiss smiling-face face-with-tongue thinking-face sleeping-face cowboy-hat-face partying-face
smiling-face-with-sunglasses nerd-face astonished-face crying-face loudly-crying-face face-screaming-in-fear
angry-face smiling-face-with-horns skull pile-of-poo clown-face alien robot smiling-face-with-halo star-struck
face-with-medical-mask nauseated-face hot-face cold-face exploding-head yawning-face face-with-steam-from-nose
alien-monster moai dog-face cat-face tiger-face lion fox wolf raccoon cow-face pig-face monkey-face mouse-face hamster
rabbit-face bear koala panda frog unicorn dragon-face polar-bear moose baby boy girl man woman old-man old-woman
woman-health-worker woman-teacher man-cook astronaut man-firefighter police-officer ninja construction-worker prince
princess santa-claus man-superhero woman-superhero man-mage woman-fairy man-vampire man-zombie man-health-worker
student man-farmer man-scientist woman-singer man-artist man-pilot man-detective person-with-veil baby-angel
woman-mage man-elf
man-office-worker man-mechanic man-genie man-in-tuxedo woman-curly-hair man-beard woman-red-hair
pleading-face melting-face zany-face money-mouth-face shushing-face smirking-face confused-face neutral-face tired-face
flushed-face smiling-face-with-hearts
man-judge man-supervillain troll cowboy king knight mummy pirate queen samurai soldier viking werewolf axolotl
corgi red-panda walrus dentist waiter sailor magician fisherman
person-in-raincoat person-in-hoodie person-in-sweater person-in-pajamas
""",
    ThingRole.BACKDROP: """
evergreen-tree deciduous-tree palm-tree snow-capped-mountain mountain volcano house office-building school
castle tent ferris-wheel christmas-tree water-wave church hotel hospital hut statue-of-liberty fountain
derelict-house house-with-garden factory circus-tent classical-building door window mirror framed-picture
stadium cabin japanese-castle convenience-store barn lighthouse windmill treehouse pyramid waterfall cave forest igloo
bookshelf fireplace well refrigerator arcade-machine tower mosque greenhouse tunnel desert blackboard lamp-post
""",
    ThingRole.SKY: """
sunrise full-moon crescent-moon sun ringed-planet star shooting-star cloud sun-behind-cloud cloud-with-rain
cloud-with-snow cloud-with-lightning tornado rainbow high-voltage snowflake fireworks sparkles globe-showing-americas
sun-with-face full-moon-face comet
galaxy sunset-at-sea
""",
    ThingRole.VEHICLE: """
train bus ambulance fire-engine taxi automobile delivery-truck racing-car sailboat ship airplane helicopter
locomotive tractor police-car pickup-truck canoe speedboat roller-coaster
bullet-train tram sport-utility-vehicle articulated-lorry motor-boat small-airplane
convertible submarine hot-air-balloon pirate-ship tank excavator rowboat van
""",
    ThingRole.WATER: "pond river",
    ThingRole.FLAME: "fire collision",
    ThingRole.ISLAND: "desert-island bridge-at-night cityscape beach-with-umbrella spider-web swing throne hill road",
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
potato ear-of-corn popcorn pretzel waffle bagel burrito coconut kiwi-fruit tangerine melon cucumber onion bell-pepper
meat-on-bone poultry-leg pot-of-food green-salad shortcake pie honey-pot teapot cup-with-straw bacon spiral-shell
compass handbag luggage watch hourglass-done party-popper volleyball yo-yo magic-wand game-die puzzle-piece yarn
microphone radio saxophone trumpet accordion telephone magnifying-glass-tilted-left flashlight red-paper-lantern
open-book scroll coin envelope paintbrush scissors axe dagger crossed-swords bow-and-arrow wrench screwdriver gear
magnet test-tube broom toothbrush tooth bone brain bowling rock wood
dumpling rice-ball fortune-cookie bento-box shaved-ice garlic peanuts pea-pod butter ice baguette-bread
tropical-drink bottle-with-popping-cork baby-bottle spoon fork-and-knife fallen-leaf blossom lotus seedling locked soap
roll-of-paper fire-extinguisher syringe pill adhesive-bandage stethoscope fishing-pole ping-pong badminton ice-hockey
joystick chess-pawn briefcase shopping-bags lipstick megaphone maracas flute banjo battery computer-mouse floppy-disk
movie-camera newspaper notebook credit-card money-with-wings pen pushpin toolbox alembic boomerang
feather clinking-beer-mugs kitchen-knife cut-of-meat lime olive leafy-green custard beverage-box chopsticks
fork-and-knife-with-plate cooked-rice curry-rice takeout-box world-map stopwatch thermometer water-pistol pool-8-ball
performing-arts clapper-board paperclip carpentry-saw pick balance-scale plunger love-letter heart-with-arrow
two-hearts pink-heart bamboo barbell dandelion lavender kettle pillow rubiks-cube snow-globe sword vase
watering-can acorn brownie calculator candy-cane cassette cereal drill fern flag gold-bar harp lasagna lily
marshmallow omelette orchid pinecone plum pomegranate popsicle radish raspberry ruler sausage shovel toy-bricks
water-bottle wheat
""",
    ThingRole.HEADWEAR: """
crown top-hat billed-cap graduation-cap rescue-workers-helmet womans-hat chef-hat cowboy-hat devil-horns flower-crown
halo party-hat santa-hat wizard-hat beanie
""",
    ThingRole.EYEWEAR: "glasses sunglasses eye-patch goggles mask binoculars",
    ThingRole.LIPWEAR: "mustache",
    ThingRole.EARWEAR: "headphone",
    ThingRole.NECKWEAR: "scarf necktie sports-medal ribbon bow-tie necklace",
    ThingRole.BACKWEAR: "backpack cape",
    ThingRole.CANOPY: "parachute shower zzz",
    ThingRole.CLOTHES: """
gloves coat jeans socks womans-boot high-heeled-shoe running-shoe ice-skate boxing-glove
shorts bikini kimono ballet-shoes hiking-boot roller-skate
thong-sandal slippers
""",
    ThingRole.RIDDEN: """
motorcycle bicycle motor-scooter skateboard sled kick-scooter surfboard chair couch-and-lamp bed rocking-chair
lounge-chair park-bench wheelchair seesaw
""",
    ThingRole.CONTAINER: """
basket bucket package bathtub jar wastebasket shopping-cart coffin nest-with-eggs mug treasure-chest
open-box teacup fishbowl cauldron flower-pot cooking-pot sink wheelbarrow birdcage hammock
""",
    ThingRole.DISH: "bowl frying-pan wallet",
    ThingRole.COVER: "blanket fence",
    ThingRole.THING: """
thumbs-up cactus rocket flying-saucer bullseye potted-plant vertical-traffic-light stop-sign anchor
satellite musical-keyboard desktop-computer television ladder closed-mailbox-with-raised-flag microscope telescope
toilet cartoon-legs cartoon-arms
person-in-bed anger-symbol sweat-droplets dashing-away paw-prints playground-slide wheel ring-buoy headstone
slot-machine mirror-ball printer keyboard calendar flexed-biceps waving-hand victory-hand
fuel-pump mantelpiece-clock police-car-light dna mouse-trap speech-balloon thought-balloon hundred-points handshake
raised-fist clapping-hands ok-hand birdhouse campfire dog-house lamp neon-sign piggy-bank
record-player sandcastle table toaster tree-stump typewriter washing-machine
blender microwave oven vacuum-cleaner painting-easel cannon fire-hydrant
beehive coral iceberg eye ear nose mouth hand foot
""",
}
BEINGS = (ThingRole.BEING, ThingRole.HEAD)
WORN_IN_PAIRS = (ThingRole.EYEWEAR, ThingRole.EARWEAR)  # a pair of them is one
WEAR = (ThingRole.HEADWEAR, *WORN_IN_PAIRS, ThingRole.LIPWEAR, ThingRole.NECKWEAR, ThingRole.BACKWEAR)
CONTAINERS = (ThingRole.CONTAINER, ThingRole.DISH)
IN_HANDS = (ThingRole.HELD, ThingRole.DISH)
ROLES = {icon: role for role, icons in _ICONS.items() for icon in icons.split()}


def role(subject: KnownSubject) -> ThingRole:
    """The part that a subject can take."""
    return ROLES.get(subject.icon or "-".join(phrase(subject.names[0])), ThingRole.THING)
