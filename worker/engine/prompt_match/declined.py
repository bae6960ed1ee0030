"""What is left out, or refused, rather than drawn as something else: people, and feelings.

A wrong animal is a small disappointment. A nurse drawn as a robot, or grief as a grin, is an insult: for these words
the nearest thing is no answer unless it is a person too, or shows the same feeling.
"""

from collections.abc import Iterable

from .spelling import variants

# Faces, and people by what they are, by whose they are and by what they do. Endings add more: see `is_person`.
_PEOPLE = """
face head person human people man guy gentleman dude bloke woman lady boy girl child kid toddler baby infant teenager
teen adult someone everyone anyone self selfie friend family couple crowd neighbor neighbour stranger
father dad daddy papa mother mom mum mommy mummy mama parent grandma grandmother granny nana grandpa grandfather
granddad grandparent husband wife boyfriend girlfriend bride groom son daughter brother sister sibling uncle aunt
auntie nephew niece cousin widow orphan
king queen prince princess emperor empress duke duchess knight soldier warrior samurai ninja gladiator viking pirate
cowboy cowgirl hero superhero superman supergirl batman spiderman villain wizard witch sorcerer magician mage fairy elf
mermaid merman vampire angel god goddess pope monk nun priest bishop
doctor nurse surgeon teacher professor student pupil police policeman officer cop detective spy thief burglar
firefighter fireman farmer gardener chef cook worker baker butcher waiter waitress barista builder carpenter plumber
mechanic engineer programmer hacker developer designer painter sculptor photographer writer author poet reporter
singer dancer ballerina musician drummer rapper dj actor actress comedian juggler acrobat mime
player runner swimmer surfer skater skier boxer wrestler athlete referee cyclist driver pilot sailor
astronaut cosmonaut hunter fisherman president minister mayor lawyer judge secretary clerk cashier
customer tourist traveler traveller hiker camper passenger beggar scholar
"""
PEOPLE = frozenset(_PEOPLE.split())
_FORMS = PEOPLE | {form for word in PEOPLE for (form,) in variants((word,))}
_ENDINGS = ("man", "men", "woman", "women", "person", "girl", "boy", "lady", "ist", "cian")
_ENDING_LEAST = 6  # letters of a word that is judged by its ending: a fist is nobody
_NO_PEOPLE = frozenset(
    ("snowman", "snowmen", "talisman", "ottoman", "caiman", "specimen", "abdomen", "assist", "resist")
)

# Words for feelings, also as they stand in the names of faces.
_FEELINGS = {
    "happy": "happy happiness joy joyful glad cheerful smile smiling smiley grin grinning laugh laughing beaming",
    "sad": "sad sadness unhappy cry crying sobbing weeping tearful depressed lonely heartbroken grief gloomy",
    "angry": "angry anger mad rage furious fury grumpy annoyed enraged pouting",
    "afraid": "afraid fear fearful scared terrified frightened screaming anxious worried nervous",
    "surprised": "surprised surprise shocked astonished amazed",
    "tired": "tired sleepy exhausted weary yawning bored",
    "ill": "sick ill nauseated vomiting feverish",
}
FEELINGS = {word: feeling for feeling, words in _FEELINGS.items() for word in words.split()}


def is_person(word: str) -> bool:
    """Whether a word, as it is compared, means a person or a face: a nurse, a saxophonist, two firemen."""
    ended = len(word) >= _ENDING_LEAST and word.endswith(_ENDINGS) and word not in _NO_PEOPLE
    return word in _FORMS or ended


def feelings(words: Iterable[str]) -> set[str]:
    """Which feelings some words, as they are compared, tell of."""
    return {FEELINGS[word] for word in words if word in FEELINGS}
