"""Which things of a prompt hang on another one, so that both are one whole to all others: worn, held, ridden."""

from collections.abc import Sequence

from worker.engine.prompt_match.drawings.roles import BEINGS, IN_HANDS, WEAR, WORN_IN_PAIRS
from worker.engine.prompt_match.layout import Relation
from worker.engine.prompt_match.reading import joints
from worker.engine.prompt_match.reading.item import BESIDE, Item
from worker.engine.prompt_match.reading.joints import Join, Relating

WORN = (
    Relation.ON_HEAD, Relation.ON_EYES, Relation.ON_LIP, Relation.BEHIND_HEAD, Relation.ON_NECK,
    Relation.UNDER_HEAD, Relation.BEHIND_BACK,
)  # fmt: skip
HELD = (Relation.WITH, *WORN)
_LISTED = (Join.AND, None)
_HAVING = (Join.WITH, Join.HOLD)
_ON_IT = Relating(Relation.ON, swapped=True)
_CHAIN = 3  # things, each of which stands to the one before


def hold(items: Sequence[Item]) -> None:
    """Hang what is worn or held on whoever wears or holds it: a cat with a crown and a dog.

    That is the one just before; of a plural, as of what is said of `both`, each one in the row gets one.
    """
    for at in range(1, len(items)):
        _hold(items, at)
    for each in items:
        for holder in each.holders:
            holder.place = holder.place or each.place


def _hold(items: Sequence[Item], at: int) -> None:
    before, each = items[at - 1], items[at]
    if before.holders and _goes_on(before, each):
        each.join, holder = before.join, before.holders[-1]
    else:
        holder = _holder(items, at - 1)
    way = _way(each, holder)
    if way.relation in WORN and way.swapped and not before.holders:  # a crown on a cat
        _give(items, before, each, Relating(way.relation))
    elif way.relation in HELD and not way.swapped:
        _give(items, each, holder, way)
    elif each.body == "on" and way == BESIDE and before.count == 1 == each.count:  # a bear with a bird on its back
        _hang(each, (before,), _ON_IT)


def _goes_on(before: Item, each: Item) -> bool:
    """Whether what somebody has is followed by more of it: a crown and sunglasses, a rose and a balloon."""
    held = each.role in IN_HANDS and before.join in _HAVING
    return each.join in _LISTED and (held or each.role in WEAR)


def _way(each: Item, first: Item) -> Relating:
    """How another thing stands to one by what joins it to those before."""
    return joints.relating(each.join, first.role, each.role) if each.join else BESIDE


def _holder(items: Sequence[Item], at: int) -> Item:
    """Who has what is told next: the nearest being to which this thing stands, else the thing itself."""
    found = items[at]
    while found.role not in BEINGS:
        before = items[max(0, items.index(found) - 1)]
        if found.holders:
            found = found.holders[-1]
        elif before is not found and _way(found, before).relation is not Relation.BESIDE:
            found = before
        else:
            return items[at].holders[-1] if items[at].holders else items[at]
    return found


def _give(items: Sequence[Item], each: Item, holder: Item, way: Relating) -> None:
    """Hang something on its holder, or on all in the row that ends with it; not where they have other numbers."""
    row = _row(items, holder)
    many = sum(one.count for one in row)
    pair = each.role in WORN_IN_PAIRS and each.join is not Join.WITH and each.count == 1 and not each.told
    if not (each.each or each.plural or pair or (each.told and each.count == many)):
        row = (holder,)
    many = sum(one.count for one in row)
    worn = way.relation in WORN
    taken = worn and any(
        other.way == way and not {*other.holders}.isdisjoint(row) and not (each.single and other.single)
        for other in items
    )
    if taken or (each.each and each.count > 1 and not each.plural):
        return
    if each.plural or each.each or (worn and not each.told):
        each.plural, each.count = False, many
    if each.count <= many or (many == 1 and not worn):
        _hang(each, row, way)


def _row(items: Sequence[Item], last: Item) -> tuple[Item, ...]:
    """The beings in a row that ends with one, of whom none before it has anything."""
    at = items.index(last)
    having = {holder for each in items for holder in each.holders}
    row = [last]
    while at > 0 and items[at].join in _LISTED and last.role in BEINGS:
        at -= 1
        if items[at].role not in BEINGS or items[at] in having or items[at].holders:
            break
        row.insert(0, items[at])
    return tuple(row)


def _hang(each: Item, holders: tuple[Item, ...], way: Relating) -> None:
    each.holders, each.way = holders, way
    each.spread = sum(one.count for one in holders) > 1


def chain(items: list[Item]) -> tuple[Relating, int]:
    """Hang the second on the first where pairs of several are joined: a cat on a bed and a dog on a chair.

    Of three things, each of which stands to the one before, the first two are one whole. What hangs leaves `items`.
    Returns how the rest stands, and how many of it are on the first side.
    """
    runs: list[list[Item]] = []
    for each in items:
        if runs and _way(each, runs[-1][-1]).relation is not Relation.BESIDE:
            runs[-1].append(each)
        else:
            runs.append([each])
    last = _way(items[-1], items[0]) if len(items) == _CHAIN else BESIDE
    if len(runs) == 1 and len(items) == _CHAIN:
        runs = [items[:2]]
    if all(len(run) <= 2 for run in runs):
        for first, second in (run for run in runs if len(run) > 1):
            _pair(first, second)
    items[:] = [each for each in items if not each.holders]
    return (last, 1) if len(items) == 2 and last != BESIDE else (BESIDE, len(items))


def _pair(first: Item, second: Item) -> None:
    """Make two things one whole, where it is clear which of them stands to which."""
    way = _way(second, first)
    if way.relation in HELD:
        return  # there are more than can be worn
    for each in (second, *([first] if way.swapped else [])):
        each.plural, each.count = False, 1 if each.plural else each.count
    if first.count > 1 == second.count:
        _hang(first, (second,), Relating(way.relation, not way.swapped))
    elif first.count in {1, second.count}:
        _hang(second, (first,), way)
