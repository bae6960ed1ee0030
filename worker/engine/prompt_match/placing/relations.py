"""How the things of a prompt stand to each other, by the words that join them and by those after the last one."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from worker.engine.prompt_match.drawings.roles import BEINGS, WEAR, ThingRole
from worker.engine.prompt_match.layout import Relation
from worker.engine.prompt_match.reading import joints
from worker.engine.prompt_match.reading.counts import EACH
from worker.engine.prompt_match.reading.item import BESIDE, Item
from worker.engine.prompt_match.reading.joints import Join, Relating
from worker.engine.prompt_match.reading.prompt import PromptWords, Use

from . import hanging

_SHARED = (Relation.WITH, Relation.BEFORE)  # may be said of several at once: with a flower and a balloon
_ITS = frozenset(("its", "his", "her", "their", "the"))
_BODY = {
    "on": frozenset(("head", "heads", "back", "backs", "nose", "shoulder", "top", "belly", "face", "eyes", "ears")),
    "in": frozenset(("hand", "hands", "paw", "paws", "mouth", "beak", "arms", "claws", "trunk", "teeth")),
}
# With it after them, or nothing: a house with a sun above.
_PLACING = (Join.ON, Join.OVER, Join.UNDER, Join.IN, Join.INSIDE, Join.FRONT, Join.BEHIND)
_BODILY = len(("on", "its", "head"))
_ON_TOP = ["on", "top"]
_BACKGROUND = ("in", "the", "background")
_SINGLE = frozenset(("one", "other"))
_IT = frozenset(("it", "him", "her", "them"))
_ON_IT = Relating(Relation.ON, swapped=True)


class RelationFinder:
    """Works on the words of one prompt and on its things, in place."""

    def __init__(self, prompt: PromptWords, items: Sequence[Item]) -> None:
        self._prompt, self._plain = prompt, prompt.plain
        self._items = items

    def find(self) -> tuple[list[Item], Relating, int]:
        """Those that hang on none, how they stand to each other, and how many of them are on the first side."""
        for first, second in pairwise(self._items):
            self._join(first, second)
        behind = next((each for each in self._items if self._follows(each, _BACKGROUND)), None)
        items = sorted(self._items, key=lambda each: each is behind)
        related, leading = self._of(items, behind)
        if behind or related == BESIDE or _has_one_each(items, related, leading):
            hanging.hold([each for each in items if each is not behind])
        standing = [each for each in items if not each.holders]
        if len(standing) < len(items):
            self._account(items)
            related, leading = self._of(standing, behind)
        if related == BESIDE and len(standing) > 2:
            related, leading = hanging.chain(standing)
        return standing, related, leading

    def _join(self, first: Item, second: Item) -> None:
        """Find how a thing is joined to the one before; accounts for the words."""
        start, end = first.thing.end, second.thing.end
        words = range(start, second.thing.at)  # each other tells of no one
        between = [self._plain[at] for at in words if self._prompt.uses[at] is not Use.STANDING]
        second.each = not EACH.isdisjoint(between) or self._plain[end : end + 1] == ["each"]
        if not _SINGLE.isdisjoint(between) and second.count == 1:  # two cats, one with a hat
            second.single = not second.each
            self._use(at for at in range(start, second.thing.at) if self._plain[at] in _SINGLE)
            second.told = second.told or self._prompt.said(second.thing.at, end)
        second.body = self._body(end)
        if not (found := joints.before(self._prompt, second.thing.at, start)):
            return
        second.join, second.joined = found[0], tuple(self._plain[at] for at in found[1])
        self._use(found[1])
        earlier = joints.JOINS.match(self._plain, start)
        if not earlier:
            return
        goes_on = earlier[0] is Join.WITH or (earlier[0] is Join.WEAR and second.role in WEAR)
        goes_on |= second.role in WEAR and "with" in self._plain[first.thing.at : start]
        if found[0] is Join.AND and goes_on:
            second.join = Join.WEAR if earlier[0] is Join.AND else earlier[0]  # with long hair and glasses
        elif earlier[0] is Join.AND and found[0] is not Join.AND:  # two cats hugging on a bed
            self._use(range(start, start + earlier[1]))

    def _follows(self, each: Item, words: Sequence[str]) -> bool:
        end = each.thing.end
        return tuple(self._plain[end : end + len(words)]) == words

    def _body(self, at: int) -> str:
        """Whether what begins here is a part of the body where something is: on its head."""
        plain = self._plain[at : at + _BODILY]
        its = len(plain) == _BODILY and plain[1] in _ITS and plain[2] in _BODY.get(plain[0], ())
        return plain[0] if its else ""

    def _account(self, items: Sequence[Item]) -> None:
        """Account for what says of things that hang on others that they do."""
        for each in items:
            end = each.thing.end
            if each.holders and each.body:
                self._use(range(end, end + _BODILY))
            if each.holders and each.each:
                before = max(other.thing.end for other in items if other.thing.end <= each.thing.at)
                words = (*range(before, each.thing.at), *range(end, min(end + 1, len(self._plain))))
                self._use(at for at in words if self._plain[at] in EACH)

    def _of(self, items: Sequence[Item], behind: Item | None) -> tuple[Relating, int]:
        """How things stand by the words that join them, and how many of them are on the first side."""
        if behind:  # all are before it
            related, leading = Relating(Relation.BEFORE), len(items) - 1
        else:
            related, leading = self._joined(items)
        if len(items) == 2:
            related = _by_height(*items) or self._said_after(related, *items)
        return related, leading

    def _joined(self, items: Sequence[Item]) -> tuple[Relating, int]:
        many, joins = len(items), [each.join for each in items[1:]]
        if many == 1:
            return BESIDE, 1
        last = _relating(joins[-1], items[0] if many > 2 else items[-2], items[-1])
        rows = {_relating(join, a, b) for join, (a, b) in zip(joins[:-1], pairwise(items), strict=False)}
        if many == 2 or (rows <= {BESIDE} and last.relation not in {Relation.BESIDE, *hanging.WORN}):
            return last, many - 1
        first = {_relating(joins[0], items[0], each) for each in items[1:]}
        alike = len(first) == 1 and len({_kind(each) for each in items[1:]}) == 1
        if alike and {*joins[1:]} <= {Join.AND, None} and (found := first.pop()).relation in _SHARED:
            return found, 1
        return BESIDE, many

    def _said_after(self, related: Relating, first: Item, second: Item) -> Relating:
        """What is said of the second after it: a bear with a bird on its back, a house with a sun above it."""
        at = second.thing.end
        on_top = self._plain[at : at + 3] == _ON_TOP
        if second.body or on_top:
            self._use(range(at, at + (len(_ON_TOP) if on_top else _BODILY)))
            sits = (on_top or second.body == "on") and related.relation not in hanging.WORN
            return _ON_IT if sits else related
        found = joints.JOINS.match(self._plain, at)
        if not found or found[0] not in _PLACING:
            return related
        end = at + found[1]
        it = self._plain[end : end + 1] != [] and self._plain[end] in _IT
        if not it and end < len(self._prompt) and not self._prompt.words[end].breaks:
            return related
        self._use(range(at, end + it))
        back = _relating(found[0], second, first)
        return replace(back, swapped=not back.swapped)

    def _use(self, words: Iterable[int]) -> None:
        for at in filter(self._prompt.free, words):
            self._prompt.use(at, at + 1)


def _has_one_each(items: Sequence[Item], related: Relating, leading: int) -> bool:
    """Whether several wear something, or hold one each; a single thing is held by their whole row."""
    sides = items[:leading], items[leading:]
    holders, held = reversed(sides) if related.swapped else sides
    many = sum(each.count for each in holders)
    if many == 1 or related.relation not in hanging.HELD:
        return False
    return related.relation in hanging.WORN or any(each.plural or each.each or each.count == many for each in held)


def _relating(join: Join | None, first: Item, second: Item) -> Relating:
    if join:
        return joints.relating(join, first.role, second.role)
    sky = [each.role is ThingRole.SKY for each in (first, second)]
    # Stars after what people like are decoration.
    return Relating(Relation.BEFORE) if second.thing.alone and sky == [False, True] else BESIDE


def _kind(each: Item) -> ThingRole:
    """What part a thing can take, whether much of it is drawn or only its head."""
    return ThingRole.BEING if each.role in BEINGS else each.role


def _by_height(first: Item, second: Item) -> Relating | None:
    """Of two things the one at the top is over the other."""
    one, other = first.middle[1], second.middle[1]
    return None if one == other else Relating(Relation.ABOVE, swapped=one > other)
