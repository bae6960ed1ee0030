"""Which subjects a small model learns: those that people ask for and that can be told apart at a glance.

The 1,305 subjects of the catalogue are for trainings on a GPU. A training on CPU cores sees each drawing too seldom for
so many, so it takes the ones below: animals, food, plants, weather, vehicles, buildings, things, clothes, sport,
instruments, creatures, well-known faces and a few people. Left out are variants of one figure (gendered, turned,
differently lit), gestures, buttons and signs, and what differs from something here by a detail only.
"""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from worker.starter.data.scenes import Ints
from worker.starter.vocabulary import Style, Subject, Vocabulary

# What people try first. A training deals these twice as often as the rest.
_FAVOURITES = """
    red-apple strawberry banana pineapple watermelon cherries mushroom cat-face dog-face fox panda tiger-face lion
    rabbit-face pig-face frog unicorn penguin owl spouting-whale octopus tropical-fish turtle snail butterfly
    lady-beetle rocket airplane automobile bicycle sailboat house castle evergreen-tree palm-tree cactus sunflower
    rose tulip sun crescent-moon star cloud rainbow snowman fire red-heart ghost robot skull alien jack-o-lantern
    crown balloon wrapped-gift guitar hamburger pizza soft-ice-cream birthday-cake doughnut hot-beverage umbrella
    soccer-ball elephant bear dragon t-rex honeybee dolphin shark lemon avocado cupcake christmas-tree teddy-bear
    volcano ringed-planet racing-car astronaut santa-claus grinning-face smiling-face-with-sunglasses
"""
FAVOURITES = frozenset(_FAVOURITES.split())

# Things of plain shapes and colours, learnt quickly beside them. Together: two hours on two CPU cores.
_PLAIN = """
    pear peach carrot tomato grapes hot-pepper cookie cooking lollipop broccoli monkey-face koala wolf cow-face
    baby-chick cherry-blossom four-leaf-clover maple-leaf taxi flying-saucer high-voltage shooting-star full-moon
    droplet snowflake blue-heart green-heart yellow-heart purple-heart broken-heart smiling-face-with-heart-eyes
    pile-of-poo basketball baseball trophy bell musical-note light-bulb key gem-stone top-hat sunglasses bullseye
    thumbs-up globe-showing-americas
"""
EVERYDAY = FAVOURITES | frozenset(_PLAIN.split())

# More of the same, for a night on CPU cores.
_MORE = """
    cat dog dragon-face locomotive bus man-mage horse sushi tangerine ear-of-corn eggplant bread croissant pretzel
    cheese-wedge french-fries hot-dog taco egg popcorn candy pancakes wine-glass beer-mug bubble-tea teapot raccoon
    mouse-face hedgehog polar-bear giraffe zebra duck swan flamingo parrot crocodile snake whale crab jellyfish spider
    bat paw-prints hibiscus deciduous-tree potted-plant police-car tractor ship helicopter anchor stop-sign
    vertical-traffic-light fire-engine cloud-with-rain water-wave face-with-tears-of-joy winking-face thinking-face
    angry-face loudly-crying-face cowboy-hat-face clown-face alien-monster american-football video-game game-die
    puzzle-piece drum trumpet candle hammer gear magnet bomb shield books pencil envelope money-bag coin television
    camera mobile-phone laptop alarm-clock hourglass-done magnifying-glass-tilted-left t-shirt glasses ring kite yarn
    tent snow-capped-mountain moai brain eye bone artist-palette crystal-ball baby police-officer ninja princess
    woman-fairy man-vampire
"""
MANY = EVERYDAY | frozenset(_MORE.split())

# What people ask for first, for long trainings: faces with the main feelings, people as figures, animals, food,
# transport, weather, buildings and a few things of the house; of things that look alike at a glance the one best known.
_ASKED = """
    smiling-face rolling-on-the-floor-laughing face-blowing-a-kiss face-with-tongue neutral-face worried-face
    crying-face tired-face sleeping-face astonished-face face-screaming-in-fear nauseated-face hot-face cold-face
    partying-face nerd-face smiling-face-with-horns
    boy girl man woman old-man old-woman man-farmer woman-farmer man-cook woman-cook man-firefighter man-health-worker
    woman-health-worker man-teacher woman-teacher man-scientist man-artist woman-singer woman-astronaut man-detective
    construction-worker man-superhero woman-superhero woman-mage man-elf prince person-with-veil baby-angel man-zombie
    woman-dancing man-running person-surfing person-biking
    black-cat leopard monkey gorilla deer pig ram goat camel mouse hamster chipmunk bat sloth otter kangaroo chicken
    rooster bird eagle dove peacock lizard sauropod seal lobster ant beetle hippopotamus rhinoceros donkey
    green-apple melon mango blueberries coconut potato cucumber baguette-bread bacon sandwich burrito green-salad
    spaghetti steaming-bowl rice-ball shaved-ice ice-cream pie chocolate-bar honey-pot glass-of-milk cocktail-glass
    cup-with-straw
    train bullet-train tram ambulance delivery-truck motorcycle motor-scooter skateboard speedboat canoe satellite
    sun-behind-cloud cloud-with-lightning cloud-with-snow tornado sparkles comet fireworks sunrise mountain
    desert-island
    school hospital office-building factory church hotel fountain ferris-wheel hut statue-of-liberty
    seedling bouquet tennis joystick headphone microphone violin saxophone chair bed watch backpack running-shoe dress
    orange-heart black-heart white-heart
"""
ASKED = MANY | frozenset(_ASKED.split())

# What people ask for less often than the rest of these: a training of hours draws the rest better without them.
_LATER = """
    locomotive tangerine ear-of-corn pretzel popcorn teapot polar-bear swan whale paw-prints potted-plant police-car
    tractor anchor stop-sign vertical-traffic-light alien-monster game-die puzzle-piece trumpet gear magnet envelope
    coin television hourglass-done magnifying-glass-tilted-left yarn moai brain eye bone worried-face tired-face
    neutral-face nauseated-face hot-face cold-face man-farmer woman-farmer woman-cook man-teacher man-scientist
    man-artist woman-singer woman-astronaut person-with-veil woman-mage man-elf man-running person-surfing
    person-biking man-health-worker baby-angel man-detective leopard gorilla camel chipmunk otter rooster dove lizard
    sauropod seal lobster ant beetle hippopotamus rhinoceros donkey melon coconut potato cucumber baguette-bread bacon
    burrito green-salad rice-ball shaved-ice cup-with-straw bullet-train tram motor-scooter skateboard speedboat canoe
    satellite comet hospital factory hotel fountain statue-of-liberty hut church joystick microphone saxophone watch
    backpack seedling honey-pot pie
"""
FIRST = ASKED - frozenset(_LATER.split())

# What people ask for next, of what a model that knows the rest draws well when it goes on: plain shapes, one at a time.
# Left out is what is more often part of another thing than a thing: eyes, noses, doors, wheels.
_WIDER = """
    otter leopard gorilla camel seal lobster ant lizard swan turkey rooster donkey rhinoceros hippopotamus llama skunk
    beaver polar-bear squid scorpion dove chipmunk sauropod shrimp spiral-shell hatching-chick goose moose
    potato ear-of-corn popcorn pretzel waffle bagel burrito coconut kiwi-fruit tangerine melon cucumber onion
    bell-pepper meat-on-bone poultry-leg pot-of-food green-salad shortcake pie honey-pot teapot cup-with-straw bacon
    potted-plant
    hut hospital church statue-of-liberty fountain roller-coaster carousel-horse
    locomotive tractor police-car motor-scooter skateboard canoe speedboat anchor satellite pickup-truck parachute sled
    vertical-traffic-light stop-sign
    couch-and-lamp bathtub toilet broom bucket toothbrush scissors magnet gear wrench screwdriver ladder axe
    crossed-swords dagger bow-and-arrow magic-wand coin game-die puzzle-piece yarn moai brain bone tooth envelope
    television hourglass-done watch magnifying-glass-tilted-left telescope microscope test-tube radio telephone
    microphone saxophone trumpet accordion musical-keyboard desktop-computer backpack luggage handbag
    closed-mailbox-with-raised-flag package scroll open-book paintbrush basket red-paper-lantern party-popper compass
    rock wood sports-medal flashlight bowling volleyball boxing-glove ice-skate yo-yo nesting-dolls
    scarf gloves socks jeans coat necktie high-heeled-shoe womans-boot billed-cap graduation-cap
    face-with-steam-from-nose face-with-medical-mask smiling-face-with-halo star-struck exploding-head yawning-face
    hot-face cold-face nauseated-face alien-monster
    man-farmer man-scientist man-artist woman-singer man-detective person-with-veil woman-mage man-elf man-health-worker
    baby-angel man-pilot student
"""
WIDER = FIRST | frozenset(_WIDER.split())
NEW = WIDER - FIRST

# Four legs take a small model longer than two eyes: these stay blots for as long as there is time to train.
_BETTER_AS_FACES = frozenset(("cat", "dog", "monkey", "mouse", "pig"))

_LEARNT_LAST, _NEAR_TO_IT = "@iconify-json/noto", "@iconify-json/fluent-emoji-flat"

# So few that a small model learns them in minutes: enough to compare ways of training.
_FEW = """
    red-apple banana watermelon cat-face fox penguin butterfly automobile house sunflower red-heart robot
"""
FEW = frozenset(_FEW.split())

# For trials that have to tell good ways from better ones: every kind of thing, with eyes, wheels, leaves and letters.
_TRIAL = """
    grinning-face crying-face angry-face dog-face owl lion elephant octopus tropical-fish turtle bicycle sailboat rocket
    locomotive castle evergreen-tree cloud-with-rain hamburger ice-cream man-cook
"""
TRIAL = FEW | frozenset(_TRIAL.split())

CHOICES = {
    "asked": ASKED,
    "first": FIRST,
    "wider": WIDER,
    "many": MANY,
    "everyday": EVERYDAY,
    "few": FEW,
    "trial": TRIAL,
}
ALL = "all"

# Words for people: `man-cook` is a cook to those who ask for one.
_TRADES = {
    "man-farmer": "farmer", "man-cook": "chef", "man-firefighter": "firefighter", "man-health-worker": "doctor",
    "woman-health-worker": "nurse", "woman-teacher": "teacher", "man-scientist": "scientist", "man-artist": "painter",
    "woman-singer": "singer", "man-detective": "detective", "man-pilot": "pilot", "construction-worker": "builder",
    "man-superhero": "superhero", "woman-mage": "witch", "man-elf": "elf", "person-with-veil": "bride",
    "baby-angel": "angel", "man-zombie": "zombie", "woman-dancing": "dancer", "man-running": "runner",
    "person-surfing": "surfer", "person-biking": "cyclist", "old-man": "grandpa", "old-woman": "grandma",
}  # fmt: skip

# What people say, where the catalogue's first name is another. These come first, but for those that are the name of
# something else that is learnt.
SAID: dict[str, tuple[str, ...]] = {
    "automobile": ("red car",),
    "hot-beverage": ("cup of coffee",),
    "lady-beetle": ("ladybug",),
    "jack-o-lantern": ("pumpkin",),
    "wrapped-gift": ("gift",),
    "soft-ice-cream": ("ice cream", "ice cream cone"),
    "locomotive": ("steam train", "train"),
    "crescent-moon": ("moon",),
    "high-voltage": ("lightning bolt",),
    "honeybee": ("bee",),
    "ringed-planet": ("planet", "saturn"),
    "cooking": ("fried egg",),
    "man-mage": ("wizard",),
    "woman-fairy": ("fairy",),
    "man-vampire": ("vampire",),
    "globe-showing-americas": ("globe",),
    "gem-stone": ("diamond",),
    "mobile-phone": ("smartphone",),
    "tangerine": ("tangerine", "orange"),
    "spouting-whale": ("whale", "whale spouting water"),
    "tropical-fish": ("fish",),
    "t-rex": ("dinosaur", "tyrannosaurus"),
    "magnifying-glass-tilted-left": ("magnifying glass",),
    "vertical-traffic-light": ("traffic light",),
    "water-wave": ("wave",),
    "hourglass-done": ("hourglass",),
    "smiling-face": ("happy face", "smiley"),
    "crying-face": ("sad face", "crying face"),
    "face-screaming-in-fear": ("scared face", "screaming face"),
    "astonished-face": ("surprised face", "astonished face"),
    "nauseated-face": ("sick face", "nauseated face"),
    "rolling-on-the-floor-laughing": ("laughing face",),
    "ram": ("sheep", "ram"),
    "green-apple": ("green apple",),
    "sauropod": ("long necked dinosaur", "brontosaurus"),
    "steaming-bowl": ("ramen", "bowl of noodles"),
    "cup-with-straw": ("soda", "milkshake"),
    "delivery-truck": ("truck",),
    "motor-scooter": ("scooter",),
    "office-building": ("skyscraper", "office building"),
    "cloud-with-lightning": ("storm", "thunderstorm"),
    "running-shoe": ("shoe", "sneaker"),
    "chipmunk": ("squirrel", "chipmunk"),
    "spiral-shell": ("seashell", "shell"),
    "ear-of-corn": ("corn", "corn on the cob"),
    "kiwi-fruit": ("kiwi",),
    "poultry-leg": ("chicken leg", "drumstick"),
    "pot-of-food": ("stew", "pot of soup"),
    "green-salad": ("salad",),
    "shortcake": ("slice of cake", "piece of cake"),
    "pie": ("pie", "apple pie"),
    "honey-pot": ("honey pot", "jar of honey", "honey jar"),
    "potted-plant": ("potted plant", "house plant"),
    "carousel-horse": ("carousel horse", "merry-go-round"),
    "couch-and-lamp": ("sofa", "couch"),
    "crossed-swords": ("crossed swords",),
    "dagger": ("dagger", "sword"),
    "bow-and-arrow": ("bow and arrow",),
    "game-die": ("dice",),
    "yarn": ("ball of yarn", "yarn"),
    "moai": ("moai", "easter island head"),
    "musical-keyboard": ("piano", "piano keys"),
    "desktop-computer": ("computer",),
    "luggage": ("suitcase",),
    "closed-mailbox-with-raised-flag": ("mailbox", "letterbox"),
    "package": ("cardboard box", "parcel", "box"),
    "open-book": ("open book", "book"),
    "red-paper-lantern": ("paper lantern", "lantern"),
    "party-popper": ("party popper", "confetti"),
    "wood": ("log", "wood"),
    "sports-medal": ("medal", "gold medal"),
    "nesting-dolls": ("nesting dolls", "matryoshka doll"),
    "high-heeled-shoe": ("high heel", "high heels"),
    "womans-boot": ("boot", "boots"),
    "billed-cap": ("baseball cap", "cap"),
    "face-with-steam-from-nose": ("fuming face", "angry face with steam"),
    "face-with-medical-mask": ("face with a mask",),
    "smiling-face-with-halo": ("face with a halo",),
    "star-struck": ("starstruck face",),
    "alien-monster": ("space invader",),
    **{icon: (trade,) for icon, trade in _TRADES.items()},
}


def limit(vocabulary: Vocabulary, icons: Collection[str] = EVERYDAY) -> tuple[Ints, Vocabulary]:
    """Keep the subjects in `icons`: their numbers in `vocabulary`, and a vocabulary of them alone.

    A training that needs such a choice is too short for two things in one picture, so the vocabulary says one at a
    time, and that the engine puts several together. Where the whole animal is left out, its face takes its name:
    `rabbit face` is then also, and first, `rabbit`.
    """
    taken = {name for subject in vocabulary.subjects if subject.icon in icons for name in subject.names}
    left_out = {subject.names[0] for subject in vocabulary.subjects if subject.icon not in icons}
    kept = [number for number, subject in enumerate(vocabulary.subjects) if subject.icon in icons]
    subjects = tuple(_as_said(vocabulary.subjects[number], left_out, taken) for number in kept)
    return np.array(kept), replace(vocabulary, subjects=subjects, at_once=1, arranged=True)


def _as_said(subject: Subject, left_out: Collection[str], taken: Collection[str]) -> Subject:
    bare = subject.names[0].removesuffix(" face")
    wanted = (*SAID.get(subject.icon, ()), *((bare,) if bare in left_out else ()))
    first = [name for name in wanted if name in subject.names or name not in taken]
    names = tuple(dict.fromkeys((*first, *subject.names)))
    return replace(subject, names=names, tags=tuple(tag for tag in subject.tags if tag not in names))


def offered(vocabulary: Vocabulary) -> Ints:
    """The numbers of what people are told of: all but whole animals that are drawn worse than their faces.

    Who asks for a cat then gets its face, which goes by that name where no other subject does.
    """
    icons = {subject.icon for subject in vocabulary.subjects}
    worse = {icon for icon in _BETTER_AS_FACES if f"{icon}-face" in icons}
    return np.array([number for number, subject in enumerate(vocabulary.subjects) if subject.icon not in worse])


def styles_offered(vocabulary: Vocabulary) -> dict[int, Style]:
    """The styles that a small model goes on with at last, by number, with the words that then ask for each.

    One set is left out, whose drawings have the most gradients and folds and are learnt last; who asks for its style
    gets the one nearest to it.
    """
    gone = tuple(name for style in vocabulary.styles if style.package == _LEARNT_LAST for name in style.names)
    return {
        number: replace(style, names=style.names + gone) if style.package == _NEAR_TO_IT else style
        for number, style in enumerate(vocabulary.styles)
        if style.package != _LEARNT_LAST
    }


def pool(vocabulary: Vocabulary) -> Ints:
    """Return the numbers of the subjects as often as they are to be drawn.

    Twice are the favourites, and what a training that goes on with more subjects has still to learn.
    """
    often = [2 if subject.icon in FAVOURITES or subject.icon in NEW else 1 for subject in vocabulary.subjects]
    return np.repeat(np.arange(len(often)), often)
