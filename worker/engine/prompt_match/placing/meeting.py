"""Those who do something with each other, in one row: near or apart, turned and bent to each other."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from worker.engine.prompt_match.layout import Closeness, Relation, Turn
from worker.engine.prompt_match.reading.encounter_words import Met
from worker.engine.prompt_match.reading.item import Item
from worker.engine.prompt_match.reading.scene import Arrangement
from worker.engine.prompt_match.vocabulary import KnownSubject
from worker.engine.prompt_match.words.encounters import ENCOUNTER_SHOWN, Encounter
from worker.engine.prompt_match.words.moods import FACING_LEFT
from worker.engine.prompt_match.words.postures import UPRIGHT, Posture

_MOST = 5  # in a row: more are too small there for anything between them to be seen


def in_order(met: Met, standing: list[Item]) -> None:
    """Bring who chases behind whom that one chases, in place: most are drawn looking to the left."""
    if met.encounter is Encounter.CHASE and len(met.who) > 1:
        last, chased = met.who[-2:]
        if last in standing and chased in standing and standing.index(last) < standing.index(chased):
            standing.remove(chased)
            standing.insert(standing.index(met.who[0]), chased)


def row_of(met: Met, arrangement: Arrangement, shown: Sequence[Item]) -> range:
    """Which figures those are; none where they are in no row.

    `shown`: of each figure the thing that it is.
    """
    figures = [at for at, each in enumerate(shown) if each in met.who]
    row = range(figures[0], figures[-1] + 1) if figures else range(0)
    near = any({*row} <= {*side} for side in _sides(arrangement))
    standing = len(arrangement.standing) - len(arrangement.hanging)
    return row if near and len(row) == len(figures) > 1 and standing <= _MOST else range(0)


def _sides(arrangement: Arrangement) -> tuple[range, ...]:
    """The figures that stand in a row with each other."""
    many = len(arrangement.standing) - len(arrangement.hanging)
    leading = many if arrangement.relation is Relation.BESIDE else arrangement.leading
    return range(leading), range(leading, many)


def stand(
    met: Met, arrangement: Arrangement, row: range, subjects: Sequence[KnownSubject], can_bend: Callable[[int], bool]
) -> Arrangement:
    """An arrangement with those in a row as they stand to each other."""
    how = ENCOUNTER_SHOWN[met.encounter]
    standing = [*arrangement.standing]
    middle = (row.start + row.stop - 1) / 2
    for at in row:
        placed = standing[at]
        if at == middle or placed.posture != UPRIGHT:
            continue
        left = at < middle
        mirrored = how.facing and left and subjects[placed.thing.number].icon in FACING_LEFT
        bent = Turn.BENDING_RIGHT if left != mirrored else Turn.BENDING_LEFT  # turned first, then mirrored
        turn = bent if how.leaning and can_bend(at) else Turn.UPRIGHT
        standing[at] = replace(placed, posture=Posture(turn, mirrored))
    closeness = how.closeness if row in _sides(arrangement) else Closeness.USUAL  # others are in the row
    return replace(arrangement, standing=tuple(standing), in_a_row=True, closeness=closeness)
