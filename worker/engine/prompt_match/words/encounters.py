"""What two do with each other → how comics show it: how near they are, whether they lean, a mark between. Data alone.

Hugging, kissing, in love, fighting, arguing, chasing, high five.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from worker.engine.prompt_match.layout import Closeness, Relation

from .moods import Mood
from .phrases import Phrases


class Encounter(Enum):
    """What two or more do with each other."""

    HUG = auto()
    KISS = auto()
    LOVE = auto()
    FIGHT = auto()
    ARGUE = auto()
    CHASE = auto()
    HUNTED = auto()  # likewise, told the other way round: a mouse chased by a cat
    HIGH_FIVE = auto()


@dataclass(frozen=True)
class EncounterLook:
    """How an encounter is shown.

    Attributes:
        closeness: of those in the row.
        marks: names of what is seen between two of them; the first that a model knows is taken.
        at: where that is.
        leaning: those at either side lean to the middle; that is for who can.
        facing: who is seen from the side looks at the other.
        mood: that all of them are in; what has no face gets one by that where none of them has one.
        whole: more than the head of an animal is seen, where its body is known.
    """

    closeness: Closeness
    marks: tuple[str, ...] = ()
    at: Relation = Relation.OVER_TWO
    leaning: bool = False
    facing: bool = True
    mood: Mood | None = None
    whole: bool = False


_HEART = ("red heart",)
_LOVING = EncounterLook(Closeness.TOUCHING, _HEART, leaning=True, mood=Mood.HAPPY)
_DUST = ("cloud of dust", "dashing away")
_RUNNING = EncounterLook(Closeness.FAR, _DUST, Relation.AT_HEELS, facing=False, whole=True)

ENCOUNTER_SHOWN: Mapping[Encounter, EncounterLook] = {
    Encounter.HUG: EncounterLook(Closeness.OVERLAPPING, _HEART, leaning=True, mood=Mood.HAPPY),
    Encounter.KISS: _LOVING,
    Encounter.LOVE: _LOVING,
    Encounter.FIGHT: EncounterLook(
        Closeness.APART, ("explosion", "collision", "anger symbol"), Relation.BETWEEN_TWO, whole=True
    ),
    Encounter.ARGUE: EncounterLook(
        Closeness.APART, ("lightning bolt", "high voltage"), Relation.BETWEEN_TWO, mood=Mood.ANGRY
    ),
    Encounter.CHASE: _RUNNING,
    Encounter.HUNTED: _RUNNING,
    Encounter.HIGH_FIVE: EncounterLook(Closeness.TOUCHING, ("raised hand", "waving hand", "sparkles"), mood=Mood.HAPPY),
}

_ENDS = ("", " each other", " one another", " together", " with each other", " with one another")


def _said(verbs: str, ends: tuple[str, ...] = _ENDS) -> str:
    """Phrases for deeds, each also with words after it for those who do it."""
    return ", ".join(f"{' '.join(verb.split())}{end}" for verb in verbs.split(",") for end in ends)


_WITH = ("", " with", " against")
# Where they are said of several, and between two.
ENCOUNTERS = Phrases(
    {
        Encounter.HUG: _said(
            """hugging, hugs, hug, cuddling, cuddles, cuddle, snuggling, snuggles, snuggle, embracing, embraces,
            embrace, cuddling up, snuggling up, cuddled up, snuggled up"""
        )
        + """, cuddling with, cuddles with, snuggling with, snuggles with, cuddling up with, cuddling up to,
            snuggling up with, snuggling up to, giving a hug to, giving each other a hug, giving each other hugs,
            sharing a hug, having a hug, having a cuddle, in an embrace,
            in a warm embrace, in a hug, in a group hug, hugging tightly, in each other's arms""",
        Encounter.KISS: _said("kissing, kisses, kiss, smooching, smooches")
        + """, making out, making out with, sharing a kiss, having a kiss, giving a kiss to, giving each other a kiss,
            rubbing noses, kissing on the lips""",
        Encounter.LOVE: """in love, in love with, in love with each other, falling in love, falling in love with,
            fall in love, fell in love, deeply in love, madly in love, so in love, loving each other, love each other,
            loves, loving, lovers, on a date, on a date with, on a romantic date, going on a date, having a date,
            on their first date, dating, getting married, getting married to, marrying, marries, marry, flirting,
            flirting with, flirts with, gazing at each other lovingly, as a couple, being a couple""",
        Encounter.FIGHT: _said("fighting, fights, fight, battling, battles, battle, wrestling, wrestles, wrestle")
        + ", "
        + _said("fighting, fights, battling, wrestling, dueling, duelling, sparring, clashing, boxing, brawling, "
                "competing", _WITH)
        + """, vs, versus, v, v s, attacking, attacks, attacking each other, in a fight, in a fight with, having a
            fight, in a battle, in battle, in a duel, in a boxing match, punching, punching each other, punches,
            fighting to the death, in combat, locked in battle, at war, at war with, having a duel""",
        Encounter.ARGUE: _said("arguing, argues, argue, quarreling, quarrelling, bickering, squabbling, yelling, "
                               "shouting, debating", ("", " with", " with each other", " together"))
        + """, yelling at, yelling at each other, shouting at, shouting at each other, screaming at each other, having
            an argument, having an argument with, in an argument, angry at each other, mad at each other, angry with
            each other, mad at, angry at, having a disagreement, scolding, scolds""",
        Encounter.CHASE: """chasing, chases, chase, chasing after, chases after, running after, runs after, hunting,
            hunts, pursuing, pursues, chasing each other, in pursuit of""",
        Encounter.HUNTED: """chased by, being chased by, is chased by, is being chased by, getting chased by, running
            from, runs from, running away from, runs away from, fleeing from, flees from, fleeing, escaping from,
            hunted by, pursued by, followed closely by""",
        Encounter.HIGH_FIVE: """high fiving, high fives, high five, highfiving, high fiving each other, giving each
            other a high five, giving each other high fives, giving a high five, giving a high five to, giving high
            fives, doing a high five, giving each other five""",
    }
)  # fmt: skip
# Said of those after them: a fight between a cat and a dog.
BETWEEN = Phrases(
    {
        Encounter.FIGHT: ", ".join(
            f"{deed} {led}"
            for deed in ("fight", "fighting", "battle", "battling", "epic battle", "duel", "showdown", "clash", "match",
                         "war", "wrestling match", "boxing match", "combat", "standoff")
            for led in ("between", "of")
        ),
        Encounter.ARGUE: "argument between, quarrel between, debate between, arguing between, disagreement between",
        Encounter.HUG: "hug between, embrace between, cuddle between",
        Encounter.KISS: "kiss between",
        Encounter.LOVE: "romance between, love story between, love story of, date between, wedding of, wedding between",
        Encounter.CHASE: "chase between",
        Encounter.HIGH_FIVE: "high five between",
    }
)  # fmt: skip
