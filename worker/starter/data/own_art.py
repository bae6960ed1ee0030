"""Our own drawings: of what people ask for and no emoji set has, with the words for it, and in the place of emoji.

An SVG file each in `own/`. One that has an emoji's name takes the place of that emoji's drawings, where these are too
fine for a small model: of people, above all, it draws eyes that are large. All are flat; for the glossy style each of
their colours becomes a gradient. What is asked for most has a drawing for each style (`cat.svg`, `cat.glossy.svg`,
`cat.icon.svg`), so that of four pictures no two need be of the same cat; of the rest one serves all.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from worker.starter.vocabulary import Style, Subject

FOLDER = Path(__file__).parent / "own"
# Styles that can have drawings of their own → how the names of their files end.
_OF_STYLE = {
    "@iconify-json/fluent-emoji": ".glossy",
    "@lobehub/fluent-emoji-3d": ".glossy",
    "@iconify-json/twemoji": ".icon",
}
_GLOSSY = frozenset(package for package, ending in _OF_STYLE.items() if ending == ".glossy")  # their drawings shine

# The light falls from above left. How far a colour moves, at most, towards white there and towards violet opposite.
_LIGHT, _SHADE = 0.28, 0.30
_PLACES = (0, 0.45, 1)  # of these two and the colour itself between, along the way
_WHITE, _VIOLET = (255, 255, 255), (92, 24, 120)
_WAYS = {
    "fill": 'x1="0.2" y1="0" x2="0.7" y2="1"',
    "stroke": 'gradientUnits="userSpaceOnUse" x1="6" y1="0" x2="22" y2="32"',
}
_PAINT = re.compile(r'\b(fill|stroke)="(#[0-9a-f]{6})"')

# Of those that are no emoji, by the names of their files: what people call each, the usual name first; after a colon,
# looser words that mean it alone.
_NAMES = """
acorn acorn
arcade-machine arcade machine, arcade cabinet, arcade game
armadillo armadillo
axolotl axolotl
ballerina ballerina, ballet dancer
bamboo bamboo
barbell barbell, dumbbell, weights
barn barn, farmhouse: farm
beanie beanie, woolly hat, knitted hat
bear-whole whole bear, standing bear
beehive beehive, hive
binoculars binoculars
birdcage birdcage, bird cage
birdhouse birdhouse, bird house
blackboard blackboard, chalkboard
blanket blanket
blender blender, mixer
bookshelf bookshelf, bookcase
bow-tie bow tie, bowtie
bowl bowl
brownie brownie
cabin cabin, log cabin
calculator calculator
campfire campfire, bonfire, camp fire
candy-cane candy cane
cannon cannon
cape cape, cloak
capybara capybara
cartoon-arms cartoon arms, pair of arms
cartoon-legs cartoon legs, pair of legs
cassette cassette, cassette tape
cauldron cauldron
cave cave, cavern
centaur centaur
cereal cereal, bowl of cereal: cornflakes, muesli
chef-hat chef hat, chef's hat, toque
convertible convertible, convertible car, cabriolet
cooking-pot cooking pot, pot, saucepan: casserole
corgi corgi
cowboy cowboy, sheriff: cowgirl
cowboy-hat cowboy hat
crow crow, raven: blackbird, magpie
dandelion dandelion
dentist dentist
devil-horns devil horns, horns
dog-house doghouse, dog house, kennel
doll doll, rag doll
dragonfly dragonfly
drill drill, power drill
dwarf dwarf
excavator excavator, digger: bulldozer, backhoe
eye-patch eye patch, eyepatch
fence fence, picket fence
fern fern
fire-hydrant fire hydrant, hydrant
fireplace fireplace, hearth
fishbowl fishbowl, fish bowl: aquarium, fish tank
fisherman fisherman, angler
flag flag
flower-crown flower crown, wreath, flower wreath
flower-pot flower pot, empty plant pot
forest forest, woods: woodland, jungle
fox-whole whole fox, standing fox
frog-whole whole frog, sitting frog
frying-pan frying pan, skillet, pan
galaxy galaxy, milky way, spiral galaxy: nebula
gingerbread-man gingerbread man, gingerbread
gnome gnome, garden gnome
gold-bar gold bar, bar of gold, gold ingot
goldfish goldfish
golem golem, stone golem
greenhouse greenhouse
griffin griffin, gryphon
grim-reaper grim reaper, reaper
guinea-pig guinea pig
halo halo
hammock hammock
hamster-whole whole hamster, sitting hamster
hand open hand, hand
harp harp
hill hill, green hill
hot-air-balloon hot air balloon
husky husky
iceberg iceberg
igloo igloo
kettle kettle, tea kettle
king king
knight knight, armored knight, armoured knight: paladin, crusader
koala-whole whole koala, sitting koala
lamp lamp, table lamp, desk lamp
lamp-post lamp post, street lamp, street light, streetlight
lasagna lasagna, lasagne
lavender lavender flowers, lavender plant
lighthouse lighthouse, light house
lily lily
lion-whole whole lion, standing lion
lounge-chair beach chair, lounge chair, deck chair, sunbed: sun lounger
magician magician
marshmallow marshmallow
mask party mask, mask, masquerade mask
meerkat meerkat
mermaid mermaid
microwave microwave, microwave oven
minotaur minotaur
mole mole
monster monster, furry monster: yeti, gremlin
mug mug, coffee mug, mug of coffee, mug of tea
mummy mummy
mustache mustache, moustache
narwhal narwhal
necklace necklace, pendant
neon-sign neon sign
omelette omelette, omelet
open-box cardboard box, open box, box: carton
orc orc: ogre
orchid orchid
ostrich ostrich: emu
oven oven, stove, cooker
painting-easel painting easel, easel
panda-whole whole panda, sitting panda
park-bench park bench, bench
party-hat party hat, birthday hat
pegasus pegasus, winged horse, flying horse
pelican pelican
person-in-hoodie person in a hoodie: hoodie
person-in-pajamas person in pajamas: pajamas, pyjamas
person-in-raincoat person in a raincoat: raincoat
person-in-sweater person in a sweater: sweater, jumper
phoenix phoenix, firebird
piggy-bank piggy bank
pillow pillow, cushion
pinecone pinecone, pine cone
pirate pirate: buccaneer
pirate-ship pirate ship
platypus platypus
plum plum
pomegranate pomegranate
pond pond: lake, puddle
popsicle popsicle, ice lolly, ice pop
praying-mantis praying mantis, mantis
pterodactyl pterodactyl, pteranodon
pug pug
pyramid pyramid
queen queen
raccoon-whole whole raccoon, standing raccoon
radish radish
raspberry raspberry
record-player record player, turntable, vinyl record: gramophone
red-panda red panda
refrigerator refrigerator, fridge: freezer
reindeer reindeer, caribou
river river, stream, creek
road road, highway
rocking-chair rocking chair
rowboat rowboat, rowing boat: dinghy
rubber-duck rubber duck, rubber ducky
rubiks-cube rubik's cube
ruler ruler
sailor sailor
samurai samurai, shogun
sandcastle sandcastle, sand castle
santa-hat santa hat, christmas hat
sausage sausage, bratwurst
scarecrow scarecrow
seagull seagull, gull
seahorse seahorse, sea horse
seesaw seesaw, see saw, teeter totter
sheep sheep, lamb: ewe
shiba-inu shiba inu, shiba
shovel shovel, spade
sink sink, washbasin, wash basin
skeleton skeleton
slime slime, slime monster
slippers slippers, pair of slippers
snow-globe snow globe, snowglobe
soldier soldier: army man
starfish starfish, sea star
statue statue
stingray stingray, manta ray
submarine submarine
sunset-at-sea sunset
surfboard surfboard, surf board
swing swing
sword sword, longsword: katana
table table, wooden table
tank tank, army tank
teacup teacup, tea cup, cup of tea
throne throne
toaster toaster
toucan toucan
tower tower, stone tower, wizard tower
toy-bricks toy bricks, building bricks, toy brick, building blocks: lego
treasure-chest treasure chest, chest of gold
tree-stump tree stump, stump
treehouse treehouse, tree house
triceratops triceratops
tunnel tunnel
typewriter typewriter
unicorn-whole whole unicorn, standing unicorn
vacuum-cleaner vacuum cleaner, vacuum, hoover
van van, delivery van: minivan
vase vase, flower vase
viking viking
virus virus, germ
waiter waiter, butler: waitress
wallet wallet
walrus walrus
washing-machine washing machine: washer
water-bottle water bottle, bottle of water: flask
waterfall waterfall
watering-can watering can
well stone well, wishing well, water well
werewolf werewolf
wheat wheat, ear of wheat
wheelbarrow wheelbarrow
wheelchair wheelchair
windmill windmill
wizard-hat wizard hat, witch hat, witch's hat, wizard's hat
wolf-whole whole wolf, standing wolf
"""


@cache
def subjects() -> tuple[Subject, ...]:
    """Those that are no emoji, with their words, in the order of their names."""
    return tuple(_subject(line) for line in _NAMES.strip().splitlines())


def drawings() -> dict[str, str]:
    """All things that we drew, as SVG documents by their icons: the drawing that serves where no other does."""
    return {name: document for name, document in documents().items() if "." not in name}


@cache
def documents() -> Mapping[str, str]:
    """Every drawing, as SVG documents by the names of their files; read once, for each style and round asks."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.svg"))}


def in_style(style: Style) -> dict[str, str]:
    """All things that we drew, as a style has them: SVG documents by their icons."""
    drawn, ending = documents(), _OF_STYLE.get(style.package, "")
    found = {icon: drawn.get(f"{icon}{ending}", drawn[icon]) for icon in drawn if "." not in icon}
    return {icon: glossy(each) for icon, each in found.items()} if style.package in _GLOSSY else found


def glossy(document: str) -> str:
    """Let each colour of an SVG document fall off from light above left to shade below right.

    A shape's colours do so within its own box. A bar has none where it is quite upright or level, and nothing would be
    painted: its colours fall off over the whole drawing.
    """
    ramps: dict[tuple[str, str], str] = {}

    def ramp(found: re.Match[str]) -> str:
        return f'{found[1]}="url(#{ramps.setdefault((found[1], found[2]), f"g{len(ramps)}")})"'

    painted = _PAINT.sub(ramp, document)
    defined = "".join(_ramp(name, colour, _WAYS[where]) for (where, colour), name in ramps.items())
    return re.sub(r"(<svg[^>]*>)", rf"\1<defs>{defined}</defs>", painted, count=1)


def _ramp(name: str, colour: str, way: str) -> str:
    rgb = tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))
    ends = (_towards(rgb, _WHITE, _LIGHT), colour, _towards(rgb, _VIOLET, _SHADE))
    stops = "".join(f'<stop offset="{at}" stop-color="{end}"/>' for at, end in zip(_PLACES, ends, strict=True))
    return f'<linearGradient id="{name}" {way}>{stops}</linearGradient>'


def _towards(rgb: Sequence[int], other: Sequence[int], share: float) -> str:
    return "#" + "".join(f"{round(one + (two - one) * share):02x}" for one, two in zip(rgb, other, strict=True))


def _subject(line: str) -> Subject:
    icon, _, words = line.partition(" ")
    names, _, tags = words.partition(":")
    return Subject(icon, _listed(names), _listed(tags))


def _listed(words: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in words.split(",") if word.strip())
