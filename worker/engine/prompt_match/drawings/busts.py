"""Whose head goes on somebody who does something, or wears it: a pirate surfing, a girl in a raincoat. Data alone.

By their emoji's names, as `KnownSubject.icon` has them.
"""

from dataclasses import replace

from worker.engine.prompt_match.layout import HeadPlace

from .heads import HEADS

# Drawn from head to foot, doing something.
_WHOLE = """
mermaid ballerina person-running woman-dancing man-dancing skier snowboarder person-golfing person-surfing
person-swimming person-bouncing-ball person-lifting-weights person-biking person-juggling person-in-lotus-position
person-cartwheeling person-fencing person-rowing-boat person-climbing horse-racing person-taking-bath
"""
WHOLE = frozenset(_WHOLE.split())
DOING = WHOLE | {"fisherman"}  # who gets the head of whoever does that
ANYBODY = frozenset(("man", "woman"))  # as whom the figures are drawn anyway
# How far from the middle of the face hair, hat or ears reach, in widths of the head, where that is not as usual.
_REACH, _HATTED = 0.8, 1.25
_REACHES = {
    "woman-fairy": 1.25, "baby-angel": 1.1, "woman-curly-hair": 1.0, "astronaut": 1.1, "ninja": 1.0, "baby": 0.9,
    "girl": 1.0, "woman-singer": 0.9, "student": 1.0, "woman-teacher": 0.64, "man-judge": 0.8, "construction-worker": 1,
    "queen": 0.9, "princess": 0.9, "king": 0.8, "prince": 0.8, "dentist": 0.75, "man-mechanic": 0.75, "waiter": 0.68,
}  # fmt: skip
BUSTS = {
    icon: replace(place, reach=_REACHES.get(icon, _HATTED if place.hat else _REACH))
    for icon, place in HEADS.items()
    if icon not in WHOLE
} | {"clown-face": HeadPlace(0.5, 0.27, 0.49, hat=True, reach=1.1)}
# Who dances as women do.
_FEMALE = """
woman-health-worker woman-teacher woman-singer princess person-with-veil woman-superhero woman-mage woman-fairy queen
girl old-woman woman-red-hair woman-curly-hair
"""
FEMALE = frozenset(_FEMALE.split())
# Those who are plain people in `figures` by the words for them, and have a drawing of their own.
_PLAIN = """
girl: girl girls
boy: boy boys
student: student students
old-man: grandpa grandfather
old-woman: grandma grandmother granny
"""
PLAIN = {
    word: icon for icon, words in (row.split(": ") for row in _PLAIN.strip().splitlines()) for word in words.split()
}
AGED = frozenset(("old", "elderly"))
