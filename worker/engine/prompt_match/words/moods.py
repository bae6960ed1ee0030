"""Words for moods → how comics show them: by a small mark beside the head, or by the face of a thing. Data alone."""

from dataclasses import dataclass
from enum import Enum, auto

from worker.engine.prompt_match.layout import Relation

from .phrases import Phrases


class Mood(Enum):
    """What somebody is like for now."""

    SLEEPY = auto()
    ANGRY = auto()
    SAD = auto()
    HEARTBROKEN = auto()
    GLOOMY = auto()
    LONELY = auto()
    SCARED = auto()
    EMBARRASSED = auto()
    SHOCKED = auto()
    SURPRISED = auto()
    CONFUSED = auto()
    SICK = auto()
    DIZZY = auto()
    HOT = auto()
    COLD = auto()
    LOVING = auto()
    SINGING = auto()
    EXCITED = auto()
    LAUGHING = auto()
    WINKING = auto()
    EVIL = auto()
    HOLY = auto()
    SUSPICIOUS = auto()
    SMUG = auto()
    UNMOVED = auto()
    PROUD = auto()
    DETERMINED = auto()
    HUNGRY = auto()
    DRUNK = auto()
    DRAMATIC = auto()
    HAPPY = auto()
    FACE = auto()  # of whatever mood: a potato with a face
    EYES = auto()  # likewise; of what has a face they say more: with green eyes
    LEGS = auto()  # what it has, or needs, if it has no limbs of its own: see `limbs`
    ARMS = auto()
    LIMBS = auto()  # both
    WALKING = auto()
    RUNNING = auto()
    DANCING = auto()


@dataclass(frozen=True)
class Shown:
    """How a mood is shown.

    Attributes:
        marks: names of what hangs at who is in the mood; the first that a model knows is taken.
        at_head, at_others: how it hangs on what is a head seen from the front, and on anything else.
        faces: likewise names of faces, whose features a thing gets that has no face of its own; without one it gets
            the mark, as far as `inanimate`.
        both: what gets a face gets the mark as well, which says more.
        as_drawn: whoever has a face looks like that anyway.
        asleep: whoever has a face has its eyes shut as well.
        inanimate: whether the mood is said of things in earnest, too: who asks for a lonely tree wants it to stand
            alone, and a cold drink has no chill.
    """

    marks: tuple[str, ...] = ()
    at_head: Relation = Relation.AT_HEAD
    at_others: Relation = Relation.AT_HEAD
    faces: tuple[str, ...] = ()
    as_drawn: bool = False
    inanimate: bool = True
    both: bool = False
    asleep: bool = False


_SWEAT = ("sweat droplets", "droplet")
_CHEEK = Relation.ON_CHEEK, Relation.AT_HEAD
_OVER = Relation.OVER_HEAD, Relation.OVER_HEAD
_WORN = Relation.ON_HEAD, Relation.ON_HEAD
_SAD_FACES = ("sad face", "crying face", "loudly crying face")
_HAPPY_FACES = ("happy face", "smiling face", "grinning face")

MOOD_SHOWN: dict[Mood, Shown] = {
    Mood.SLEEPY: Shown(("zzz",), faces=("sleeping face", "sleepy face"), asleep=True),
    Mood.ANGRY: Shown(("anger symbol",), faces=("angry face", "fuming face")),
    Mood.SAD: Shown(("droplet",), *_CHEEK, faces=_SAD_FACES),
    Mood.HEARTBROKEN: Shown(("broken heart",), faces=_SAD_FACES),
    Mood.GLOOMY: Shown(("cloud with rain",), *_OVER),
    Mood.LONELY: Shown(("cloud with rain",), *_OVER, inanimate=False),
    Mood.SCARED: Shown(_SWEAT, faces=("surprised face", "astonished face")),
    Mood.EMBARRASSED: Shown(_SWEAT, faces=("blushing face", "embarrassed face")),
    Mood.SHOCKED: Shown(("lightning bolt", "high voltage"), faces=("surprised face", "astonished face")),
    Mood.SURPRISED: Shown(faces=("surprised face", "astonished face")),
    Mood.CONFUSED: Shown(faces=("confused face", "thinking face")),
    Mood.SICK: Shown(faces=("sick face", "nauseated face")),
    Mood.DIZZY: Shown(("star",), *_OVER),
    Mood.HOT: Shown(_SWEAT, inanimate=False),
    Mood.COLD: Shown(("snowflake",), inanimate=False),
    Mood.LOVING: Shown(("red heart",), faces=_HAPPY_FACES, both=True),
    Mood.SINGING: Shown(("musical note",), faces=("grinning face", *_HAPPY_FACES), both=True),
    Mood.EXCITED: Shown(("sparkles",), faces=("starstruck face", "grinning face", *_HAPPY_FACES)),
    Mood.LAUGHING: Shown(faces=("face with tears of joy", "grinning face")),
    Mood.WINKING: Shown(faces=("winking face",)),
    Mood.EVIL: Shown(("devil horns",), *_WORN, faces=("angry face", "fuming face"), both=True),
    Mood.HOLY: Shown(("halo",), *_WORN, inanimate=False),
    Mood.SUSPICIOUS: Shown(("thought bubble",), faces=("smirking face", "thinking face")),
    Mood.SMUG: Shown(faces=("smirking face",)),
    Mood.UNMOVED: Shown(faces=("neutral face", "expressionless face")),
    Mood.PROUD: Shown(("sparkles",), faces=("smirking face", *_HAPPY_FACES)),
    Mood.DETERMINED: Shown(faces=("angry face", "fuming face")),
    Mood.HUNGRY: Shown(("thought bubble",), faces=("face with tongue", "pleading face")),
    Mood.DRUNK: Shown(("star",), *_OVER, faces=("face with tongue",), both=True),
    Mood.DRAMATIC: Shown(("droplet",), *_CHEEK, faces=("loudly crying face", "sad face")),
    Mood.HAPPY: Shown(faces=_HAPPY_FACES, as_drawn=True),
    Mood.FACE: Shown(faces=_HAPPY_FACES, as_drawn=True),
    Mood.EYES: Shown(faces=_HAPPY_FACES),
}

# Words that say so before a thing or after it; also with FACES after them.
MOODS = Phrases(
    {
        Mood.SLEEPY: """sleepy, sleepily, sleeping, asleep, sleeps, slept, sleep, fast asleep, sound asleep, half
            asleep, falling asleep, fell asleep, napping, naps, nap, needs a nap, need a nap, wants a nap,
            needing a nap, having a nap, taking a nap, takes a nap, has a nap, having a little nap, taking a
            little nap, needs to nap, needs sleep, needs some sleep, needs to sleep, wants to sleep, going
            to sleep, trying to sleep, snoozing, snoozes, slumbering, dozing, dozing off, dozes, snoring,
            snores, drowsy, tired, weary, exhausted, worn out, yawning, yawns, dreaming, daydreaming, lazy,
            lazing, hibernating""",
        Mood.ANGRY: """angry, angrily, anger, grumpy, grumpily, mad, furious, furiously, fury, enraged, raging, rage,
            in a rage, annoyed, irritated, outraged, cranky, grouchy, fuming, in a bad mood, frustrated, scowling,
            throwing a tantrum, having a tantrum, pissed, pissed off, hangry, jealous, jealously, envious, resentful,
            disgruntled""",
        Mood.SAD: """sad, sadly, unhappy, crying, cries, cry, weeping, weeps, sobbing, sobs, tearful, teary, tears,
            in tears, crying tears, shedding tears, shedding a tear, tears in its eyes, tears in his eyes,
            tears in her eyes, tear, upset, disappointed, sorrowful, melancholy, miserable, frowning, frowny, frown,
            pouting, bawling, mourning, grieving, depressed, homesick, sulking, sulks, sulky, dejected, sorry,
            melancholic, wistful, nostalgic, pensive, forlorn, misses home, missing home, misses its home""",
        Mood.HEARTBROKEN: "heartbroken, heart broken, broken hearted, brokenhearted",
        Mood.GLOOMY: "gloomy, hopeless, glum, downcast",
        Mood.LONELY: "lonely, lonesome",
        Mood.SCARED: """scared, afraid, frightened, terrified, fearful, nervous, nervously, anxious, worried, panicked,
            panicking, startled, stressed, stressed out, trembling, uneasy, screaming, paranoid, jittery,
            petrified, spooked""",
        Mood.EMBARRASSED: "embarrassed, shy, shyly, ashamed, bashful, blushing, guilty, flustered, awkward",
        Mood.SHOCKED: "shocked, stunned, horrified, in shock, traumatized, traumatised, aghast, flabbergasted",
        Mood.SURPRISED: "surprised, astonished, amazed",
        Mood.CONFUSED: "confused, puzzled, baffled, perplexed, bewildered, thinking, pondering, thoughtful, deep in "
        "thought, lost in thought",
        Mood.SICK: "sick, ill, nauseated, nauseous, unwell, disgusted, grossed out, queasy",
        Mood.DIZZY: "dizzy, dazed, seeing stars",
        Mood.HOT: "sweating, sweaty, sweats, sweat, perspiring, overheated, overheating, feeling hot, feels hot, "
        "too hot",
        Mood.COLD: "cold, freezing, shivering, shivers, chilly",
        Mood.LOVING: """in love, falling in love, fell in love, deeply in love, madly in love, so in love, lovestruck,
            love struck, lovesick, smitten, infatuated, enamored, heart eyes, love eyes, hearts in its eyes,
            hearts for eyes, smiling face with heart eyes, smiling face with hearts""",
        Mood.SINGING: """singing, sings, sing, singing a song, sings a song, singing songs, singing along, humming,
            hums, humming a tune, humming a song, whistling, whistles, whistling a tune, whistling a song, chirping,
            listening to music, listens to music""",
        Mood.EXCITED: "excited, excitedly, thrilled, ecstatic, overjoyed",
        Mood.LAUGHING: "laughing, laughs, laughing out loud, giggling, giggles, chuckling",
        Mood.WINKING: "winking, winks, giving a wink, wink",
        Mood.EVIL: "evil, devilish, demonic, wicked, satanic, sinister, villainous, diabolical, possessed by a demon, "
        "menacing, menacingly, vengeful, murderous, malicious, malevolent, nefarious, maniacal",
        Mood.HOLY: "angelic, saintly, holy",
        Mood.SUSPICIOUS: """suspicious, suspiciously, skeptical, sceptical, distrustful, wary, is suspicious of you,
            suspicious of you, side eye, side eyeing, side eyeing you, giving side eye, giving you side eye,
            giving the side eye""",
        Mood.SMUG: """smug, smugly, smirking, smirks, sassy, cheeky, sly, mischievous, mischievously, naughty, flirty,
            sarcastic, sneaky, cocky, conceited""",
        Mood.UNMOVED: """bored, boredom, unimpressed, deadpan, indifferent, unamused, expressionless, judging,
            judging you, judging me, judging us, judging everyone, judging all of us, judges you, judges me, judgmental,
            judgemental, disapproving, disapproves, apathetic, stern, serious, stoic""",
        Mood.PROUD: "proud, proudly, triumphant, triumphantly, victorious, proud of itself, proud of himself, "
        "proud of herself",
        Mood.DETERMINED: "determined, determinedly, resolute, fierce, fiercely",
        Mood.HUNGRY: "hungry, hungrily, starving, famished",
        Mood.DRUNK: "drunk, tipsy, drunken, hungover, wasted",
        Mood.DRAMATIC: "being dramatic, is dramatic, so dramatic, very dramatic, being so dramatic, overdramatic, "
        "melodramatic, being a drama queen",
        Mood.HAPPY: """happy, hopeful, grateful, relaxed, amused,
            happily, smiling, smiles, smile, smiley, friendly, cheerful, cheerfully, cheery, joyful,
            joyfully, joyous, glad, jolly, merry, delighted, pleased, contented, grinning, grins, grin, beaming,
            kawaii, in a good mood, smile on its face, smile on his face, smile on her face""",
        Mood.FACE: "face, faces, face on it, anthropomorphic, personified",
        Mood.EYES: "eyes, eyes and mouth, eyes and a mouth, eyes and a smile, mouth, eyes on it",
    }
)  # fmt: skip
# What shows a mood, after a word for it; before it words that only say how much of one there is, and with which it is.
FACES = frozenset(("face", "faces", "expression", "expressions", "look", "eyes", "eyebrows", "brows", "mouth"))
# Words for moods that are something else where nobody has them.
ONLY_WITH = frozenset(("face", "faces", "eyes", "mouth", "sweat", "tear", "rage", "anger", "fury"))
HAVING = frozenset(("with", "has", "have", "having", "wearing", "and", "w"))
_DEGREES = """
a an the very really so big large huge wide little small slight tiny soft sweet cute funny silly simple googly
human cartoon its his her their
two pair of long short thin skinny stubby strong muscular buff
"""
DEGREES = frozenset(_DEGREES.split())

_DAYS = """birthday bday new easter halloween christmas xmas holidays holiday valentines valentine thanksgiving
anniversary mothers fathers diwali hanukkah eid ramadan nowruz day days friday monday tuesday wednesday thursday
saturday sunday weekend hour meal meals ending place feet colors colours mood vibe vibes"""
_OTHER = """evil eye, holy water, holy grail, holy cow, holy moly, holy smokes,
sleeping beauty, sick bay, ill will, sleeping bag, sleeping bags, sleeping pill, sleeping pills, sleeping
mask, sleep mask, sleepy hollow, sleepy joe, nap time, nap mat, angry birds, mad hatter, mad max, mad men,
mad scientist, mad scientists, mad professor, mad cow, mad about, crying shame, cry baby, cry wolf, tired
of, lazy river, lazy susan, cold war, cold blooded, cold hearted, cold and hot, hot and cold, ice cold, tear
drop, tear gas, smiley cyrus, jolly roger, merry go round, laughing gas, laughing stock, laughing buddha,
laughing cow, singing bowl, singing bowls, thinking cap, road rage, rage quit, eco friendly, user friendly,
family friendly, kid friendly, child friendly, beginner friendly, face paint, face mask, face masks, face
down, face up, black eyes, in a sad mood, screaming eagle,
guilty pleasure, judging panel, hungry hippos, hungry caterpillar, drunken noodles, serious business, holy guacamole,
side eye emoji,
running water, running late, running low, running errands, running shoes, running shoe, walking stick, walking cane,
walking dead, dance floor, dancing shoes, dancing lights, jumping castle, jump scare, hand made, hands free, hand bag"""
# Phrases in which such a word is no mood, or not one of what is drawn.
NOT_MOODS = Phrases(
    {True: ", ".join([_OTHER, *(f"{glad} {day}" for glad in ("happy", "merry") for day in _DAYS.split())])}
)
# What comes after these is written somewhere, or is a name.
WRITTEN = frozenset(("says", "saying", "say", "text", "word", "words", "titled", "named", "called", "reading"))
# Icons, as in `roles`, of what has a face and no role of its own there.
_FACED = """
jack-o-lantern statue-of-liberty sun-with-face full-moon-face new-moon-face
monkey tiger cow pig mammoth mouse rat rabbit blowfish bug fly worm man-genie person-lifting-weights
"""
FACED = frozenset(_FACED.split())
# Likewise of those that are seen from the side, or with their head at that: it is at the left in all styles.
_FACING_LEFT = """
dog cat black-cat tiger leopard donkey horse zebra deer cow pig ram goat camel llama giraffe elephant mammoth
rhinoceros hippopotamus mouse rat rabbit chipmunk beaver hedgehog skunk kangaroo turkey rooster baby-chick bird dove
eagle duck swan flamingo parrot goose crocodile turtle dragon sauropod t-rex spouting-whale dolphin seal tropical-fish
blowfish shark snail bug ant carousel-horse bison boar capybara chicken cricket crow goldfish lizard mosquito narwhal
ostrich poodle rubber-duck snake triceratops fox-whole bear-whole lion-whole wolf-whole unicorn-whole raccoon-whole
gorilla sheep griffin pegasus centaur pelican seagull guinea-pig platypus husky pug shiba-inu reindeer pterodactyl
praying-mantis armadillo phoenix
"""
FACING_LEFT = frozenset(_FACING_LEFT.split())
