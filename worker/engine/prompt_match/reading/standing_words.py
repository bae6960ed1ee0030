"""All words that tell how things stand, and are no things themselves."""

from worker.engine.prompt_match.words.postures import PLACE_WORDS, POSTURES, SIZES

from . import counts, joints

WORDS = joints.JOINS.words | SIZES.words | POSTURES.words | counts.COUNT_WORDS | PLACE_WORDS
