"""Words that ask for no thing, for kinds of picture and for surroundings. Data, and nothing else."""

# Politeness, praise and photographers' words: they ask for no thing, and a small model has no notion of them.
_STOP_WORDS = """
please draw drawn paint show give generate create make me i want would like can you some
very really super ultra hyper highly extremely more most just only single one
pls plz thx ty u ur pic pics gimme wanna could lol lmao haha
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

# Words that ask for nothing in particular. Unlike stop words they are told when something else is drawn without them.
_IDLE_WORDS = """
us named called
something anything whatever thing things stuff random surprise surprising idea ideas inspire inspiration inspiring
hello hi hey welcome thanks thank yes ok okay wow omg lol test testing
fun funny silly weird strange crazy magical colorful colourful fluffy simple fancy creative interesting cozy cosy great
good fantastic wonderful special unique original different delicious tasty sweet kawaii vibrant vivid festive elegant
modern retro vintage futuristic wild abstract pleasant
huge giant gigantic enormous mini miniature teeny top bottom upper lower side half edge
day time times season vibe vibes mood
pair group bunch herd pack flock swarm lot lots kind type sort set bit piece slice plate bowl view scene
backdrop wallpaper colored coloured color colour solid studio
outdoors indoors together everywhere alone here there anywhere somewhere
"""
IDLE_WORDS = frozenset(_IDLE_WORDS.split())
IDLE_PHRASES = frozenset((("surprise", "me"), ("surprise", "us")))  # a surprise alone is a feeling

# Words that stand among the tags of a single emoji and mean it all the same only to those who look for it.
_LOOSE_TAGS = """
floor totally chin men order under late side study sit wild direct dart hit class gang ride spin spinning extra
serious employed tough shape step attraction positive split won triumph stroke sweating mind blown luxury
millionaire billionaire playful stubborn ugly duckling flock direction navigation strike drove indecisive iron
convoluted twisted popper innocent york nyc horseshoe maze crops bundle squeeze fluctuate interlocking russia
christian bless theme packing games pixelated farming laundry picnic wheels transportation shelter grow nurturing
decor fashion brew malt lab search germs sing metal claws antlers arctic test tube flathead handy rung barrel neck
vertical octagonal patrol sweeping dental hygiene toiletry pearly bisque cask vat shipping billed polar panting heel
heels screw die mollusk tada brr honk icicles frostbite filling nasty exploding hatching cutting terrestrial major
top personal male easy fry serve curious chip future diet ripe photo jump slow goo virgo cancer leo aries danger
dangerous drought habitat shedding aquarium marine sting crushed lazy lonely super american fight skills astronomy
medieval shiny wedge winning paying password repairs alpha roar safari bearer spots stripe triste unlucky outlined
partying tease winks consider ponder brainy clever expert resort launch zoom painter creative wrapper treat sugar
wheat carbs potassium eruption hrs rays americas ramadan engaged married knights pirate jack family
melt melting dissolve adore crush deadpan boss dapper kidding leer slick suave suspicious befuddled confusing amazed
dazed impressed geez jeez mercy why symbol collide drip splashing squirt wet away dash dashing gone gotta later outtie
press bench curls flex gains gym jacked ripped beast tusk wooly print prints maggot rotting annelid parasite purity
buddhism hinduism buttercup dandelion fall fallen eggs pod beanstalk dairy prophecy birth born cork mai tai cube
iceberg breaky lunch tableware container nothing sauce classical derelict playground sliding bullet recreational
utility articulated semi blades circle tire turn float save saver preserver shine table ping videogame casino gamble
gambling slots dupe expendable framed picture comfortable hiking worker stringed cha percussion rattle band fife
flautist marching orchestra pipe recorder charge credit bollywood hollywood record collage private rebound repercussion
chest drugs medicated adhesive closet front reflection reflector air opening transparent view towels lather quench
pile cemetery graveyard memorial rip tomb vaccination sow cheering bags paw paws waste
stomp ankle listening nosey odor smells
"""
LOOSE_TAGS = frozenset(_LOOSE_TAGS.split())

# For a prompt that asks for nothing in particular.
LAST = (
    "star", "rainbow", "red balloon", "balloon", "sun", "sparkles", "robot", "unicorn", "rocket", "wrapped gift",
    "gift", "crystal ball", "artist palette", "puzzle piece", "sunflower", "butterfly", "party popper",
)  # fmt: skip
