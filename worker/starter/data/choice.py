"""Which subjects a small model learns: those that people ask for and that can be told apart at a glance.

The 1,305 subjects of the catalogue are for trainings on a GPU. A training on CPU cores sees each drawing too seldom for
so many, so it takes the ones below: animals, food, plants, weather, vehicles, buildings, things, clothes, sport,
instruments, creatures, well-known faces and a few people. Left out are variants of one figure (gendered, turned,
differently lit), gestures, buttons and signs, and what differs from something here by a detail only.
"""

from worker.starter.data import own_art

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

# The last emoji that prompts ask for, and, beside them, all that we drew ourselves (`own_art`).
_FURTHEST = """
    person-cartwheeling person-fencing person-rowing-boat person-climbing horse-racing person-taking-bath man-judge
    man-supervillain troll
    poodle bison boar badger orangutan beetle cricket mosquito feather
    clinking-beer-mugs kitchen-knife cut-of-meat lime olive leafy-green custard beverage-box chopsticks
    fork-and-knife-with-plate cooked-rice curry-rice takeout-box world-map
    stadium japanese-castle convenience-store fuel-pump stopwatch mantelpiece-clock thermometer police-car-light
    water-pistol pool-8-ball performing-arts goggles womans-hat thong-sandal clapper-board paperclip carpentry-saw
    pick balance-scale dna plunger mouse-trap
    speech-balloon thought-balloon hundred-points love-letter heart-with-arrow two-hearts pink-heart
    handshake raised-fist clapping-hands ok-hand
    desert mosque coral eye ear nose mouth foot
"""
FURTHEST = FURTHER | frozenset(_FURTHEST.split()) | {subject.icon for subject in own_art.subjects()}
NEW = FURTHEST - FURTHER

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
    "furthest": FURTHEST,
    "many": MANY,
    "everyday": EVERYDAY,
    "few": FEW,
    "trial": TRIAL,
}
ALL = "all"
