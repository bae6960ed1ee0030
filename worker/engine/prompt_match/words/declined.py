"""What is left out, or refused, rather than drawn as something else: people, and feelings.

A nurse drawn as a robot, or grief as a grin, is an insult: for these words no thing is named as near unless it is a
person too, or shows the same feeling.
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
newborn twin triplet grandchild grandson granddaughter stepmother stepfather godmother godfather human mankind
imam rabbi guru shaman pharaoh sultan emir count countess baron baroness lord
lumberjack miner blacksmith tailor butler maid nanny janitor hairdresser barber paramedic vet librarian bartender
goalkeeper goalie footballer golfer cheerleader trumpeter rower climber jockey archer biker skateboarder snowboarder
bodybuilder weightlifter gamer streamer youtuber influencer blogger celebrity rockstar popstar superstar bassist
robber gangster mobster outlaw bandit hipster hippie punk goth geisha blonde brunette redhead
youngster oldster senior veteran citizen crew audience bridesmaid caveman cavewoman leprechaun clown jester
boss colleague coworker roommate guest team squad choir mr mrs dr
"""
# Whom people name: drawn as a rocket, some would be an insult to more than themselves.
_NAMED = """
jesus christ buddha muhammad mohammed moses krishna shiva ganesha allah
einstein newton darwin mozart beethoven bach shakespeare picasso gandhi mandela napoleon cleopatra caesar lincoln
obama trump biden putin hitler stalin churchill elvis beyonce madonna messi ronaldo maradona mario luigi
"""
PEOPLE = frozenset((_PEOPLE + _NAMED).split())


def _with_forms(words: Iterable[str]) -> frozenset[str]:
    """Words, and their plurals and singulars."""
    return frozenset(form for word in words for (form,) in ((word,), *variants((word,))))


_FORMS = _with_forms(PEOPLE)
_ENDINGS = ("man", "men", "woman", "women", "person", "girl", "boy", "lady", "ist", "cian")
_ENDING_LEAST = 6  # letters of a word that is judged by its ending: a fist is nobody
_NO_PEOPLE = frozenset(
    ("snowman", "snowmen", "talisman", "ottoman", "caiman", "specimen", "abdomen", "assist", "resist")
)

# Words for feelings, also as they stand in the names of faces.
_FEELINGS = {
    "happy": "happy happiness joy joyful glad cheerful smile smiling smiley grin grinning laugh laughing beaming "
    "delighted excited overjoyed thrilled merry bliss blissful ecstatic",
    "sad": "sad sadness unhappy cry crying sobbing weeping tears tearful depressed lonely heartbroken grief gloomy "
    "sorrow sorrowful miserable melancholy mourning depression loneliness upset disappointed frown frowning hopeless",
    "angry": "angry anger mad rage furious fury grumpy annoyed enraged pouting "
    "irritated outraged hate hatred hateful jealous jealousy envious",
    "afraid": "afraid fear fearful scared terrified frightened screaming anxious worried nervous "
    "anxiety panic panicked horrified terror worry",
    "surprised": "surprised surprise shocked astonished amazed astonishment startled stunned",
    "tired": "tired sleepy exhausted weary yawning bored boredom drowsy sleeping asleep fatigue",
    "ill": "sick ill nauseated vomiting feverish disgust disgusted nausea dizzy drunk",
    "ashamed": "ashamed shame embarrassed embarrassment guilty guilt shy blushing",
    "unsure": "confused confusion puzzled baffled skeptical",
    "calm": "calm serene peaceful",
    "neutral": "serious neutral expressionless",
    "proud": "proud pride",
    "smug": "smug smirking",
    "evil": "evil wicked sinister villainous",
}
FEELINGS = {word: feeling for feeling, words in _FEELINGS.items() for word in words.split()}


def is_person(word: str) -> bool:
    """Whether a word, as it is compared, means a person or a face: a nurse, a saxophonist, two firemen."""
    ended = len(word) >= _ENDING_LEAST and word.endswith(_ENDINGS) and word not in _NO_PEOPLE
    return word in _FORMS or ended


def feelings(words: Iterable[str]) -> set[str]:
    """Which feelings some words, as they are compared, tell of."""
    return {FEELINGS[word] for word in words if word in FEELINGS}
