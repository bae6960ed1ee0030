"""What there is to choose from where a word is general: of an animal, four pictures may be of four. Data alone."""

from collections.abc import Collection, Iterator

from worker.contract.types.vocabulary_notice import Kinds

from .article import with_article

# What people say: things by their first names, the usual one first. Each satisfies whoever said that.
_KINDS = """
person, human, someone, somebody, people, player: man, woman, boy, girl, grandma, man with a beard,
    woman with curly hair, grandpa, woman with red hair
kid, child: boy, girl
adult: man, woman, man with a beard, woman with red hair, woman with curly hair
senior, old person: grandma, grandpa
cat: cat, whole cat
dog: dog, whole dog, corgi, poodle, husky, pug, shiba inu
rabbit, bunny: rabbit, whole rabbit
mouse: mouse, whole mouse
cow: cow, whole cow
pig: pig, whole pig
monkey: monkey, whole monkey
tiger: tiger, whole tiger
bear: bear, whole bear
fox: fox, whole fox
frog: frog, whole frog
hamster: hamster, whole hamster
koala: koala, whole koala
lion: lion, whole lion
panda: panda, whole panda
raccoon: raccoon, whole raccoon
unicorn: unicorn, whole unicorn
wolf: wolf, whole wolf
animal: cat, fox, elephant, panda, penguin, owl, turtle, rabbit, dog, koala, giraffe, dolphin, frog, hedgehog
pet: dog, cat, rabbit, hamster, parrot, goldfish, turtle, guinea pig
monster: monster, golem, orc, minotaur, slime
farm animal: cow, pig, horse, sheep, chicken, goat, rooster, donkey
wild animal, safari animal, jungle animal: lion, elephant, giraffe, tiger, zebra, bear, wolf, monkey
zoo animal: panda, lion, giraffe, penguin, elephant, monkey, zebra, flamingo
forest animal, woodland animal: fox, deer, bear, owl, squirrel, raccoon, hedgehog
sea animal, sea creature, ocean animal, ocean creature, marine animal, underwater animal: octopus, dolphin, whale,
    shark, crab, seahorse, turtle, jellyfish, starfish
insect, bug: butterfly, ladybug, bee, dragonfly, beetle, grasshopper, ant, praying mantis
reptile: turtle, snake, crocodile, lizard
magical creature, mythical creature, mythical animal, fantasy creature, fantasy animal, mystical creature,
    legendary creature: dragon, unicorn, mermaid, fairy, ghost, phoenix, griffin, pegasus,
    centaur, minotaur
dinosaur, dino: dinosaur, triceratops, long necked dinosaur, pterodactyl
flower, blossom: tulip, rose, sunflower, daisy, hibiscus, cherry blossom, lotus, lily, orchid
tree: deciduous tree, evergreen tree, palm tree
plant, houseplant: potted plant, cactus, sunflower, seedling, bamboo, palm tree, fern
fruit: red apple, banana, strawberry, grapes, watermelon, pineapple, cherries, pear, lemon, peach, raspberry,
    plum, pomegranate
vegetable, veggie: carrot, tomato, broccoli, corn, eggplant, bell pepper, cucumber, potato, radish
food, meal, snack, lunch, dinner, fast food: hamburger, pizza, taco, sandwich, hot dog, spaghetti, sushi, french fries
breakfast: pancakes, fried egg, croissant, waffle, bacon, cereal, omelette
dessert, sweets, treat, sweet treat: birthday cake, ice cream, doughnut, cupcake, cookie, pie, waffle, brownie,
    popsicle
drink, beverage: soda, cup of coffee, bubble tea, juice box, glass of milk, tropical drink, cocktail glass
vehicle: red car, bus, motorcycle, truck, airplane, train, helicopter, sailboat, tractor, van
boat: sailboat, rowboat, canoe, speedboat
aircraft: airplane, helicopter, propeller plane, hot air balloon
building: skyscraper, house, castle, church, school, lighthouse, barn, tower, mosque
toy: teddy bear, rubber duck, kite, yo-yo, rubik's cube, nesting dolls, doll, toy bricks
ball: soccer ball, basketball, baseball, volleyball, american football
sport, sports: soccer ball, basketball, tennis, american football, bowling, ping pong paddle
instrument, musical instrument, music instrument: guitar, piano, violin, drum, trumpet, saxophone, accordion, harp
hat: top hat, cowboy hat, baseball cap, sun hat, wizard hat, party hat, beanie
clothes, clothing, outfit: t-shirt, dress, coat, jeans, socks, scarf, slippers
jewelry, jewellery: ring, diamond, crown, necklace
furniture, piece of furniture: chair, sofa, table, bed, lamp, bookshelf, park bench
tool: hammer, wrench, saw, screwdriver, axe, pickaxe, shovel, drill
berry: strawberry, raspberry, blueberries
weapon: sword, bow and arrow, axe, dagger, shield, crossed swords
superhero, hero: superhero, woman superhero
face, smiley, emoji, emoticon: happy face, laughing face, winking face, face with tongue, smiling face with heart-eyes,
    starstruck face, smiling face with sunglasses
sad face: sad face, loudly crying face, pleading face
happy face, smiley face: happy face, grinning face, starstruck face,
    smiling face with sunglasses
angry face, mad face: angry face, fuming face
sleepy face, tired face: sleeping face, yawning face, tired face
silly face, crazy face, goofy face: zany face, face with tongue, melting face
something, anything, whatever, surprise me, surprise, something random, anything random, random thing,
    random picture, random image: rainbow, robot, unicorn, rocket, castle, dragon, cactus, octopus, hot air balloon,
    mermaid
"""


_LEAST = 2  # to choose from
_UNCOUNTED = frozenset(("bacon", "bamboo", "bowling", "broccoli", "corn", "spaghetti", "sushi", "tennis"))


def _table() -> dict[tuple[str, ...], tuple[str, ...]]:
    rows = (row.partition(": ") for row in _KINDS.replace("\n    ", " ").strip().splitlines())
    return {_listed(said): _listed(names) for said, _, names in rows}


def _listed(row: str) -> tuple[str, ...]:
    return tuple(map(str.strip, row.split(",")))


KINDS = _table()


def known_kinds(names: Collection[str]) -> Iterator[Kinds]:
    """What a model with things of these names knows of general words, where that is several things."""
    for said, listed in KINDS.items():
        kinds = tuple(name if name in _UNCOUNTED else with_article(name) for name in listed if name in names)
        if len(kinds) >= _LEAST:
            yield Kinds(words=said, kinds=kinds)
