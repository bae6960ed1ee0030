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

# What open prompts still asked for and did not get: figures that do something, marks of a mood, whole animals where
# only their faces were known, places, and the next things of house, kitchen, sport and work.
_FURTHER = """
    zzz anger-symbol sweat-droplets dashing-away collision
    person-running person-biking person-surfing person-swimming person-lifting-weights person-bouncing-ball
    person-golfing skier snowboarder person-juggling person-in-lotus-position man-dancing
    person-in-bed man-office-worker man-mechanic man-genie man-in-tuxedo woman-curly-hair
    man-beard woman-red-hair
    pleading-face melting-face zany-face money-mouth-face shushing-face smirking-face confused-face neutral-face
    tired-face flushed-face smiling-face-with-hearts
    dog cat tiger rabbit cow pig monkey mouse blowfish mammoth rat bug fly worm
    spider-web nest-with-eggs paw-prints seedling fallen-leaf blossom lotus
    derelict-house house-with-garden factory hotel circus-tent cityscape bridge-at-night classical-building
    beach-with-umbrella playground-slide sun-with-face full-moon-face comet
    bullet-train tram sport-utility-vehicle articulated-lorry roller-skate kick-scooter motor-boat small-airplane
    wheel ring-buoy
    dumpling rice-ball fortune-cookie bento-box shaved-ice garlic peanuts pea-pod butter
    ice baguette-bread tropical-drink bottle-with-popping-cork baby-bottle spoon
    fork-and-knife jar
    locked door window mirror shower soap roll-of-paper fire-extinguisher shopping-cart coffin headstone syringe pill
    adhesive-bandage stethoscope wastebasket ribbon fishing-pole ping-pong badminton ice-hockey joystick
    slot-machine mirror-ball chess-pawn framed-picture briefcase shopping-bags ballet-shoes hiking-boot
    lipstick shorts bikini kimono megaphone maracas flute banjo battery printer keyboard computer-mouse
    floppy-disk movie-camera newspaper notebook credit-card money-with-wings calendar pen pushpin
    toolbox alembic boomerang flexed-biceps waving-hand victory-hand
    rescue-workers-helmet
"""
FURTHER = WIDER | frozenset(_FURTHER.split())
NEW = FURTHER - WIDER

# Whole animals whose faces may be known too. Four legs take a small model longer than two eyes, so the face keeps the
# animal's name, and the whole one goes by another.
_WHOLE = frozenset(("cat", "cow", "dog", "monkey", "mouse", "pig", "rabbit", "tiger"))
_AS_A_WHOLE = ("whole {}", "standing {}")

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
    "further": FURTHER,
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
    "person-running": "runner", "person-swimming": "swimmer", "person-lifting-weights": "weightlifter",
    "person-bouncing-ball": "basketball player", "person-golfing": "golfer", "person-juggling": "juggler",
    "person-in-lotus-position": "meditating person", "man-dancing": "dancing man", "person-in-bed": "sleeping person",
    "man-office-worker": "office worker", "man-mechanic": "mechanic", "man-genie": "genie",
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
    "collision": ("explosion",),
    "dashing-away": ("cloud of dust",),
    "bug": ("caterpillar",),
    "blowfish": ("pufferfish",),
    "blossom": ("daisy",),
    "derelict-house": ("haunted house", "abandoned house"),
    "cityscape": ("city skyline", "city"),
    "bridge-at-night": ("bridge",),
    "classical-building": ("temple", "museum"),
    "beach-with-umbrella": ("beach umbrella", "parasol"),
    "sun-with-face": ("smiling sun", "sun with a face"),
    "full-moon-face": ("smiling moon", "moon with a face"),
    "sport-utility-vehicle": ("jeep", "suv"),
    "articulated-lorry": ("semi truck", "lorry"),
    "motor-boat": ("motorboat", "yacht"),
    "small-airplane": ("propeller plane", "small airplane"),
    "ring-buoy": ("life ring", "lifebuoy"),
    "rice-ball": ("rice ball", "onigiri"),
    "shaved-ice": ("snow cone", "shaved ice"),
    "baguette-bread": ("baguette",),
    "tropical-drink": ("tropical drink", "smoothie"),
    "bottle-with-popping-cork": ("champagne bottle", "champagne"),
    "ice": ("ice cube",),
    "locked": ("padlock", "lock"),
    "roll-of-paper": ("toilet paper",),
    "headstone": ("gravestone", "tombstone"),
    "adhesive-bandage": ("band-aid", "bandage"),
    "wastebasket": ("trash can", "bin"),
    "ping-pong": ("ping pong paddle", "table tennis bat"),
    "badminton": ("badminton racket",),
    "ice-hockey": ("hockey stick",),
    "mirror-ball": ("disco ball",),
    "chess-pawn": ("chess pawn", "chess piece"),
    "framed-picture": ("picture frame", "framed picture"),
    "money-with-wings": ("flying money",),
    "movie-camera": ("movie camera", "film camera"),
    "alembic": ("potion flask", "potion"),
    "flexed-biceps": ("strong arm", "muscle"),
    "victory-hand": ("peace sign",),
    "rescue-workers-helmet": ("helmet",),
    "flushed-face": ("blushing face", "embarrassed face"),
    "man-in-tuxedo": ("man in a tuxedo", "groom"),
    "woman-curly-hair": ("woman with curly hair",),
    "woman-red-hair": ("woman with red hair",),
    "man-beard": ("man with a beard", "bearded man"),
    **{icon: (trade,) for icon, trade in _TRADES.items()},
}


def limit(vocabulary: Vocabulary, icons: Collection[str] = EVERYDAY) -> tuple[Ints, Vocabulary]:
    """Keep the subjects in `icons`: their numbers in `vocabulary`, and a vocabulary of them alone.

    A training that needs such a choice is too short for two things in one picture, so the vocabulary says one at a
    time, and that the engine puts several together. An animal's face takes the animal's name: `rabbit face` is then
    also, and first, `rabbit`, and the whole one, if it is there, `whole rabbit`.
    """
    kept = [number for number, subject in enumerate(vocabulary.subjects) if subject.icon in icons]
    whole = {icon for icon in _WHOLE if {icon, f"{icon}-face"} <= set(icons)}
    subjects = [_whole(one) if one.icon in whole else one for one in (vocabulary.subjects[number] for number in kept)]
    taken = {name for subject in subjects for name in subject.names}
    left_out = {
        subject.names[0] for subject in vocabulary.subjects if subject.icon not in icons or subject.icon in whole
    }
    said = tuple(_as_said(subject, left_out, taken) for subject in subjects)
    return np.array(kept), replace(vocabulary, subjects=said, at_once=1, arranged=True)


def _whole(subject: Subject) -> Subject:
    """A whole animal by the names that its face leaves to it."""
    bare = subject.names[0]
    names = (*(name.format(bare) for name in _AS_A_WHOLE), *(name for name in subject.names[1:] if name != bare))
    return replace(subject, names=names, tags=tuple(tag for tag in subject.tags if tag != bare))


def _as_said(subject: Subject, left_out: Collection[str], taken: Collection[str]) -> Subject:
    bare = subject.names[0].removesuffix(" face")
    wanted = (*SAID.get(subject.icon, ()), *((bare,) if bare in left_out else ()))
    first = [name for name in wanted if name in subject.names or name not in taken]
    names = tuple(dict.fromkeys((*first, *subject.names)))
    return replace(subject, names=names, tags=tuple(tag for tag in subject.tags if tag not in names))


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
