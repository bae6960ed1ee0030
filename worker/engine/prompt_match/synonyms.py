"""Everyday words and what comes close to them, for models that lack them; stop words. Data, and nothing else."""

# Politeness, praise and photographers' words: they ask for no thing, and a small model has no notion of them.
_STOP_WORDS = """
please draw drawn paint show give generate create make me i want would like can you some
very really super ultra hyper highly extremely more most just only single one
am im ive feel feels feeling felt so too much today now when about
picture pictures image images pic photo photos photograph drawing drawings painting portrait render rendering
illustration art artwork artistic style styled looking look looks
masterpiece best quality high resolution hd uhd 4k 8k 16k hdr detailed detail details intricate realistic
photorealistic realism sharp focus trending artstation octane unreal engine cinematic lighting dramatic professional
beautiful pretty gorgeous stunning amazing awesome epic nice lovely cute adorable cool perfect aesthetic
emoji emojis emoticon sticker stickers clipart
center centre middle centered
from by for is are it its this that these those my your his her their our or but as while during into onto over
under above below behind beside between near next through inside outside around against there who which has have had
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())

# Words in names that say how a thing is, so that they alone do not mean it.
_QUALITIES = """
long short old young new hot cold warm big small large little tiny full half open closed broken high low fast slow
red orange yellow green blue purple pink brown black white gray grey golden silver light dark bright
left right up down front back raised upside two three first second third sad happy angry smiling sleeping flying running
"""
QUALITIES = frozenset(_QUALITIES.split())

# Kinds of picture → known styles that come close, the nearest first.
STYLES: dict[str, tuple[str, ...]] = {
    word: tuple(near.split(", "))
    for words, near in (
        ("3d glossy shiny pixar", "glossy sticker"),
        ("comic anime manga sketch doodle disney toon cartoonish", "cartoon"),
        ("flat vector minimalist watercolor watercolour", "flat illustration"),
        ("logo symbol pictogram minimal silhouette pixel", "simple icon"),
    )
    for word in words.split()
}

# Surroundings → the CSS colour that stands for them behind a thing.
SURROUNDINGS: dict[str, str] = {
    word: colour
    for words, colour in (
        ("sky heaven ice snowy winter", "skyblue"),
        ("sea ocean water underwater beach", "dodgerblue"),
        ("grass meadow garden field", "mediumseagreen"),
        ("forest jungle wood woods", "forestgreen"),
        ("night nightsky starry midnight", "midnightblue"),
        ("space galaxy universe dark", "black"),
        ("sunset sunrise autumn", "orange"),
        ("desert sand sandy", "beige"),
        ("snow bright plain blank empty transparent", "white"),
        ("rosy pastel", "pink"),
    )
    for word in words.split()
}

# A word → names of things that come close, the nearest first; a model takes the first one that it knows.
_SIMILAR = """
kitten kitty tomcat housecat feline tabby lynx bobcat: cat, tiger
puppy hound doggy doggo pup canine retriever labrador poodle bulldog terrier husky corgi beagle dachshund shepherd
    chihuahua: dog, wolf, fox
wolf coyote jackal hyena: wolf, fox, dog
leopard panther jaguar cheetah puma cougar lynx: leopard, tiger, lion, cat
bear grizzly: bear, panda
koala sloth: koala, panda
polar: polar bear, bear, panda
horse pony stallion mare foal donkey zebra mule: horse, zebra, unicorn
cow bull ox cattle calf buffalo bison: cow, ox, pig
sheep lamb goat ram: sheep, ewe, ram, goat, rabbit
hog boar swine: pig, boar
mouse rat hamster gerbil squirrel chipmunk guinea hare: mouse, hamster, chipmunk, rabbit
deer elk moose reindeer stag: deer, moose, unicorn
monkey ape gorilla chimpanzee baboon orangutan: monkey, gorilla, panda
elephant hippo hippopotamus rhino rhinoceros mammoth: elephant, hippopotamus, rhinoceros, whale
giraffe camel llama alpaca: giraffe, camel, llama, unicorn
kangaroo wallaby: kangaroo, rabbit
raccoon badger skunk weasel otter beaver: raccoon, badger, fox
bird parrot eagle hawk falcon crow raven sparrow robin pigeon dove seagull swan goose duck duckling chicken hen rooster
    chick turkey ostrich flamingo peacock hummingbird toucan: bird, parrot, eagle, duck, penguin, owl
bat: bat, owl, ghost
vampire: vampire
snake serpent lizard gecko chameleon: snake, lizard, turtle, frog
crocodile alligator: crocodile, frog
dinosaur dino raptor brontosaurus: sauropod, t-rex, turtle, dragon
dragon wyvern monster beast creature kaiju godzilla: dragon, sauropod, alien monster, ogre, alien
toad tadpole salamander newt: frog
tortoise: turtle
whale orca narwhal humpback: spouting whale, whale, dolphin, shark
shark dolphin seal walrus: shark, dolphin, seal, whale
fish goldfish salmon tuna trout piranha clownfish: fish, tropical fish, whale
crab lobster shrimp prawn squid jellyfish starfish: crab, lobster, squid, octopus
slug worm caterpillar larva: snail, bug, worm
spider scorpion tarantula: spider, scorpion, octopus, ladybug
bee wasp hornet fly mosquito ant beetle bug insect cockroach cricket grasshopper dragonfly: honeybee, bee, beetle,
    ladybug, lady beetle, ant, fly
moth: butterfly
animal pet: dog, cat
fruit peach plum nectarine apricot mango cherry tomato: red apple, peach, apple
pear: pear, red apple
lemon lime: lemon, banana
orange mandarin tangerine clementine grapefruit: tangerine, peach, red apple
grape grapes berry berries blueberry raspberry blackberry: grapes, blueberries, strawberry, cherries
melon: watermelon, melon
coconut kiwi: coconut, kiwi fruit, pineapple
vegetable salad broccoli lettuce cabbage spinach onion garlic corn cucumber zucchini celery kale: broccoli, leafy green,
    mushroom
carrot radish beet: carrot, potato, mushroom
potato yam: potato, french fries, carrot, mushroom
bread toast loaf bun sandwich burger hotdog taco burrito kebab wrap: bread, sandwich, hamburger
steak meat bacon sausage ham: cut of meat, meat on bone, bacon, hamburger
pasta spaghetti noodles noodle ramen lasagna: spaghetti, steaming bowl, pizza
rice sushi: sushi, cooked rice, pizza
cheese: cheese wedge, pizza
pie tart pancake waffle cupcake muffin dessert: pie, cupcake, shortcake, pancakes, birthday cake
cookie biscuit cracker pretzel bagel: cookie, bagel, doughnut
candy sweets chocolate lollipop: candy, lollipop, chocolate bar, doughnut
gelato sorbet sundae popsicle milkshake: ice cream, soft ice cream
tea espresso latte cappuccino cocoa mug cup: hot beverage, cup of coffee, teacup without handle
milk dairy yogurt: glass of milk, cow
juice soda cola lemonade drink smoothie: cup with straw, tropical drink, glass of milk, cup of coffee
water drop: droplet, glass of milk, water wave, wave
beer ale lager: beer mug, wine glass, cup of coffee
wine champagne: wine glass, cocktail glass, cup of coffee
cocktail martini whiskey vodka rum gin: cocktail glass, wine glass, cup of coffee
food meal breakfast lunch dinner snack: hamburger, pizza, pot of food
car limousine jeep sedan convertible suv vehicle ferrari porsche tesla lamborghini: car, automobile, red car
taxi cab: taxi, car, automobile
truck lorry van: delivery truck, articulated lorry, car, automobile, red car
bus minibus coach: bus, minibus, car, red car
ambulance: ambulance, fire engine, red car
firetruck fireengine: fire engine, truck, delivery truck, red car
policecar: police car, car, red car
tractor bulldozer tank: tractor, truck, red car
motorcycle motorbike scooter moped vespa bike tricycle unicycle: motorcycle, motor scooter, bicycle
train tram subway metro locomotive railway: train, locomotive, tram, metro, red car
plane jet aircraft helicopter drone glider airliner biplane zeppelin: airplane, helicopter, small airplane
boat yacht ship canoe kayak ferry submarine raft gondola cruise: sailboat, ship, passenger ship, canoe
spaceship spacecraft shuttle missile starship satellite: rocket, flying saucer, satellite
ufo saucer martian extraterrestrial: flying saucer, alien
astronaut cosmonaut: astronaut
building skyscraper tower apartment office city town downtown: office building, house, hotel, school, church, castle
hotel hospital clinic: hotel, hospital, office building, school, house
school university college kindergarten: school, office building, house
church chapel cathedral mosque temple monastery: church, castle, house
house cabin cottage bungalow villa mansion home garage barn shed hut village farm: house, hut, school, castle
palace fortress fort: castle
bridge dam: bridge at night, castle
tent camp: tent, camping, house
door window wall roof: door, window, house
tree oak birch maple willow forest wood woods jungle bush: deciduous tree, evergreen tree, tree
plant leaf grass fern herb bonsai vine weed: potted plant, herb, seedling, cactus, evergreen tree
flower daisy blossom bouquet petal garden meadow lily orchid lavender poppy peony: blossom, tulip, sunflower, rose,
    hibiscus, bouquet
beach island tropics tropical paradise desert oasis: beach with umbrella, desert island, palm tree
mountain hill volcano cliff: mountain, snow-capped mountain, volcano, evergreen tree
landscape scenery nature park: national park, mountain, evergreen tree
sea ocean wave lake river waterfall pool: water wave, wave, whale, fish
rain rainy raincloud drizzle shower: cloud with rain, cloud, umbrella
storm stormy thunder hail: cloud with lightning, cloud with rain, cloud
sky weather cloudy fog mist: cloud, sun behind cloud, cloud with rain, rainbow
firework fireworks firecracker year: fireworks, sparkler, sparkles, star
lightning thunderbolt electricity: high voltage, cloud with lightning, cloud
snow snowy ice frost winter snowflake blizzard: snowflake, snowman
sunset sunrise dawn dusk horizon: sunrise, sunset, sun
sunshine sunlight sunny summer morning: sun, sunrise, sunset
night moonlight lunar eclipse: crescent moon, moon, full moon
earth world globe: globe showing americas, globe, ringed planet
space galaxy universe planet mars jupiter saturn comet meteor: ringed planet, milky way, planet, star,
    rocket
stars starlight sparkle glitter magic: star, sparkles, glowing star
fireplace campfire bonfire torch candle lighter explosion bomb: fire, candle, bomb, collision
person human people someone somebody everyone self selfie friend family player: person, man, woman
man guy gentleman father dad grandpa husband boyfriend: man, old man, boy, person
woman lady mother mom mum grandma wife girlfriend: woman, old woman, girl, person
boy son child kid toddler: boy, child, person, man
girl daughter: girl, child, person, woman
face head smiley: grinning face, smiling face, slightly smiling face, winking face
superhero hero superman batman supergirl: superhero, woman superhero, man superhero
smile happy joy happiness: smiling face, grinning face
hello hi hey welcome: smiling face, waving hand, grinning face
wow omg: astonished face, star
thanks thank: red heart, folded hands
yes ok okay: thumbs up
sad cry tears sadness: crying face, loudly crying face
angry anger rage fury: angry face, pouting face
love romance valentine kiss wedding: red heart, heart
king prince emperor duke: prince, princess
queen princess duchess empress: princess, prince
royal royalty throne: crown
wizard witch sorcerer magician fairy: mage, wizard, fairy
knight soldier warrior samurai ninja gladiator: ninja
doctor nurse surgeon medic paramedic dentist vet: health worker, doctor, nurse
teacher professor: teacher, man, woman, person
police policeman policewoman officer cop sheriff: police officer
firefighter fireman: firefighter
chef cook baker: cook, chef
worker builder mechanic plumber carpenter engineer miner: construction worker, builder, man, person
farmer gardener: farmer, man, woman, person
elf dwarf gnome: elf
santa: santa claus
angel: baby angel
heaven: cloud, star
android cyborg machine computer laptop pc ai droid: laptop, desktop computer, robot
phone smartphone iphone telephone tablet: mobile phone, telephone, robot
tv television screen monitor printer: television, laptop, robot
lamp lantern flashlight bulb: light bulb, candle, star
camera camcorder: camera, robot
clock watch time alarm: alarm clock, watch, sun
skeleton bone bones death dead grave zombie: skull, skeleton, zombie, ghost
spirit spook phantom poltergeist: ghost
gourd squash halloween: pumpkin, jack-o-lantern, ghost
tiara diadem jewel jewelry gold diamond ring treasure: crown, gem stone, ring
money coin cash dollar bank: money bag, coin, crown
birthday party celebration: birthday cake, party popper, red balloon
package parcel box: package, wrapped gift, gift
bag backpack purse handbag suitcase luggage: backpack, handbag, money bag, package, wrapped gift
christmas xmas: christmas tree, evergreen tree, snowman
easter: baby chick, rabbit, egg, hatching chick
spring springtime: cherry blossom, tulip, blossom, seedling
autumn fall: maple leaf, fallen leaf, mushroom
glass bottle jar: glass of milk, wine glass, beer mug, cup of coffee
music song instrument violin cello banjo ukulele bass harp band: musical note, violin, guitar
piano keyboard synthesizer organ: musical keyboard, guitar
drum drums: drum, guitar
saxophone trumpet trombone flute clarinet tuba horn: saxophone, trumpet, guitar
microphone song: microphone, guitar
pen crayon marker chalk: pencil, paintbrush
letter mail email stamp postcard: envelope, love letter, pencil
paint brush paintbrush easel painting: artist palette, paintbrush, pencil
lock padlock keyhole: locked, key
medal award prize: trophy, sports medal
map atlas: world map, globe, globe showing americas
gamepad joystick controller console playstation xbox nintendo: video game, joystick
skateboard rollerblade: skateboard, kick scooter, bicycle
snowboard sled ski: snowflake, skis
surfboard: water wave, wave
dice chess: game die, puzzle piece, video game
pyramid dune sand: desert island, desert, mountain
windmill lighthouse watermill: house, castle
scissors saw drill nail: scissors, hammer
wheel tire tyre: wheel, bicycle, ferris wheel
ladder stairs: hammer, house
mirror: crystal ball, mirror
paper poster newspaper: page facing up, books, wrapped gift
feather: dove, parrot, bird
calendar: alarm clock, calendar
telescope microscope: crystal ball, telescope, planet
fan: tornado
toy lego: teddy bear
parasol raincoat: umbrella
ball sport sports basketball baseball tennis volleyball goal soccer: soccer ball, basketball
book novel library: open book, books, wrapped gift
sword knife dagger axe weapon spear: dagger, crossed swords, kitchen knife, shield, castle
gun pistol rifle grenade: water pistol, bomb, shield, castle
peace: dove, peace symbol, white heart, red heart
hat cap helmet: top hat, billed cap, crown
shirt dress clothes jacket coat: t-shirt, dress, jeans, umbrella
shoe boot sneaker: running shoe, womans boot
chair sofa couch bed table furniture: chair, couch and lamp, bed, house
hammer screwdriver tool wrench: hammer, wrench, hammer and wrench
"""

_MUTUAL = 3  # names at the beginning of a row that are near to each other


def _similar() -> dict[str, tuple[str, ...]]:
    near: dict[str, tuple[str, ...]] = {}
    rows = [row.split(":") for row in _SIMILAR.replace("\n    ", " ").strip().splitlines()]
    for words, names in rows:
        for word in words.split():
            near[word] = near.get(word, ()) + tuple(name.strip() for name in names.split(","))
    for _, names in rows:  # what comes near to others has them for its neighbours
        for name in (each.strip() for each in names.split(",")[:_MUTUAL]):
            near.setdefault(name, tuple(each.strip() for each in names.split(",") if each.strip() != name))
    return near


SIMILAR = _similar()

# For a prompt without a single word that is near to anything.
LAST = (
    "star", "rainbow", "red balloon", "balloon", "sun", "sparkles", "robot", "unicorn", "rocket", "wrapped gift",
    "gift", "crystal ball", "artist palette", "puzzle piece", "sunflower", "butterfly", "party popper",
)  # fmt: skip
