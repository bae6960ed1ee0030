"""What the drawing of a thing shows anyway, and what only lies on a dish: no figures beside them. Data alone.

By their emoji's names, as in `roles`.
"""

# What all drawings of a thing show, or most of them where nothing else could draw it: of that nothing is told as left
# out. Words in the singular.
_INCLUDED = """
birthday-cake: candle frosting icing cream
pizza: cheese pepperoni salami crust
hamburger: cheese tomato lettuce salad bun patty meat beef
hot-dog: sausage bun
cooking: pan yolk
hot-beverage: steam
bubble-tea: straw pearl
soft-ice-cream: cone
christmas-tree: star ball bauble ornament decoration
wrapped-gift: bow ribbon
jack-o-lantern: face smile grin
snowman: carrot nose
santa-claus: beard hat
cowboy-hat-face: hat
dragon dragon-face: horn scale
cow cow-face rhinoceros giraffe smiling-face-with-horns: horn
tropical-fish goldfish snake crocodile lizard: scale
prince princess king queen: crown cape cloak robe
woman-mage man-cook man-farmer cowboy gnome scarecrow police-officer man-pilot sailor man-detective: hat
man-mage: hat beard staff wand robe
gnome: beard
pirate: hat eye patch eyepatch skull
knight samurai viking soldier man-firefighter construction-worker astronaut: helmet armor armour suit
viking: horn
man-detective: magnifying glass coat
woman-singer: microphone mic
man-artist: palette paintbrush brush beret
man-scientist: glasses goggles test tube
man-health-worker: stethoscope coat
waiter: tray bow tie
man-judge: gavel
man-mechanic: cap
old-man: mustache moustache beard
ninja: mask headband
clown-face: nose wig
mermaid: tail fin scale
man-vampire: cape fang
man-genie: turban lamp
man-superhero woman-superhero: cape mask
woman-fairy: wing wand
man-in-tuxedo: bow tie
lighthouse: light beam
submarine: periscope
treasure-chest: gold golden coin gem jewel treasure
toaster: toast bread
pirate-ship: skull flag sail
hot-air-balloon: basket
snow-globe: snow house
fireplace campfire: fire flame wood log
waterfall: water rock
treehouse: tree ladder
vase: flower
piggy-bank: coin
mug: coffee
bookshelf: book
galaxy: star
walrus narwhal: tusk horn
triceratops: horn
toucan: beak
cabin barn: door window roof chimney
chipmunk: acorn nut
sloth: branch
person-taking-bath: foam bubble water
elephant: trunk
unicorn: horn
lion: mane
zebra: stripe black white
tiger-face: stripe
giraffe lady-beetle mushroom: spot dot
honeybee: wing stripe
butterfly: wing
panda penguin soccer-ball: black white
crown: gold golden gem jewel
star trophy bell: gold golden
strawberry red-apple green-apple pear peach cherries tomato carrot pineapple eggplant mango lemon: leaf stem
rose tulip sunflower hibiscus: leaf stem petal
house: door window roof chimney
derelict-house house-with-garden hotel factory office-building school church hut: door window roof
automobile taxi bus ambulance fire-engine police-car delivery-truck pickup-truck sport-utility-vehicle
    articulated-lorry: wheel tire tyre window door headlight light
racing-car tractor motorcycle bicycle motor-scooter kick-scooter skateboard roller-skate: wheel tire tyre
castle: tower gate door window
desert-island: palm tree sand
sailboat: sail
turtle snail: shell
ram goat: horn
moose deer: antler horn
lobster crab: claw
baby-angel: wing halo
person-with-veil: veil
locomotive: steam smoke
potted-plant: pot
coin sports-medal: gold golden
alarm-clock: bell
alarm-clock mantelpiece-clock watch stopwatch: hand
table chair bed couch-and-lamp rocking-chair throne jeans shorts: leg
cactus: arm
sleeping-face: zzz z
sun-with-face full-moon-face: face smile
nest-with-eggs: egg
seedling: leaf
fishing-pole: fish
ice-hockey: puck
badminton: shuttlecock birdie
house-with-garden: garden tree
beach-with-umbrella: sand
bottle-with-popping-cork: cork
person-surfing: surfboard wave board
person-biking: bicycle bike wheel
person-bouncing-ball: ball basketball
person-juggling: ball
person-lifting-weights: weight barbell dumbbell
person-golfing: club
skier: ski pole snow
snowboarder: snowboard snow
person-in-bed: bed blanket pillow
man-in-tuxedo: tuxedo suit
man-office-worker: suit tie
man-mechanic: wrench
man-beard: beard
magician: hat top wand cape cloak bow tie
fisherman: hat fish fishing rod pole
dwarf: beard
orc: tusk
grim-reaper: scythe hood cloak robe skull
minotaur: horn nose ring
reindeer: antler red nose
phoenix griffin pegasus pterodactyl: wing
phoenix: fire flame feather
pelican: beak pouch
mole: nose claw
platypus: bill beak tail
armadillo: shell
gingerbread-man: icing button frosting
doll: dress
virus: spike
tower: roof window
mosque: dome minaret
greenhouse: glass plant flower
river: water tree
iceberg: ice water sea
desert: sand dune
gold-bar wheat harp: gold golden
necklace: gold golden chain pendant
birdcage: bird
beehive: bee honey
frying-pan vacuum-cleaner: handle
blackboard: chalk
wallet: money cash bill card
lamp-post: light lantern
beanie: pompom pom bobble
cereal: milk spoon
van wheelchair wheelbarrow cannon: wheel tire tyre
van: window door headlight light
painting-easel: painting canvas picture
sink: water faucet tap
water-bottle: water
flag: pole flagpole
candy-cane: stripe red green white
plum raspberry radish fern orchid lily: leaf stem
pomegranate: seed
acorn: cap
popsicle: stick
lasagna: cheese
cooking-pot: lid
oven microwave: door
"""
_DISHES = """
bread croissant pancakes hamburger french-fries pizza hot-dog sandwich taco cooking steaming-bowl spaghetti sushi
soft-ice-cream ice-cream doughnut cookie birthday-cake cupcake hot-beverage cocktail-glass bubble-tea
cereal lasagna omelette
"""
# In which dish the drawing of a thing shows it, or which part of it.
_SERVED = """
steaming-bowl cooked-rice curry-rice pot-of-food green-salad cereal spaghetti: bowl
spaghetti curry-rice pancakes lasagna omelette sushi shortcake cooking: plate
pot-of-food honey-pot: pot
lasagna pizza shortcake: slice piece
cooking: pan
"""
# What with a dish lies on it, not beside it.
_TOPPINGS = """
cheese-wedge tomato mushroom egg cooking carrot broccoli hot-pepper eggplant avocado red-apple green-apple pineapple
strawberry cherries banana blueberries lemon peach mango grapes chocolate-bar candy candle raspberry
"""


def _by_icon(rows: str) -> dict[str, frozenset[str]]:
    """The words of each icon, from all rows that name it."""
    found: dict[str, frozenset[str]] = {}
    for icons, _, words in (row.partition(":") for row in rows.replace("\n    ", " ").strip().splitlines()):
        for icon in icons.split():
            found[icon] = found.get(icon, frozenset()) | frozenset(words.split())
    return found


INCLUDED, SERVED = _by_icon(_INCLUDED), _by_icon(_SERVED)
DISHES, TOPPINGS = frozenset(_DISHES.split()), frozenset(_TOPPINGS.split())
