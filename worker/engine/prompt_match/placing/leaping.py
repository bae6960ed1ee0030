"""Those who jump over something, with their noses up."""

from collections.abc import Iterable
from dataclasses import replace

from worker.engine.prompt_match.layout import Turn
from worker.engine.prompt_match.reading.item import Item
from worker.engine.prompt_match.reading.lexicon import Lexicon
from worker.engine.prompt_match.words.moods import FACING_LEFT
from worker.engine.prompt_match.words.postures import UPRIGHT


def tilt(items: Iterable[Item], lexicon: Lexicon) -> None:
    """Bend each, in place, that is seen from the side and stands as it is drawn, or that the other way round."""
    for each in items:
        icon = lexicon.vocabulary.subjects[each.thing.number].icon
        if icon in FACING_LEFT and replace(each.posture, mirrored=False) == UPRIGHT:
            each.posture = replace(each.posture, turn=Turn.BENDING_RIGHT)  # turned first, then mirrored
