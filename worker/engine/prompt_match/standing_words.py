"""All words that tell how things stand, and are no things themselves."""

from . import counts, joints
from .postures import PLACE_WORDS, POSTURES, SIZES

WORDS = joints.JOINS.words | SIZES.words | POSTURES.words | counts.COUNT_WORDS | PLACE_WORDS
