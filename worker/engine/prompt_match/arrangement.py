"""How the things of a prompt stand in one picture: how many of each, where, how large, how turned."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

from . import counts, joints, postures
from .joints import Join, Relating
from .layout import FIGURES_MAX, Relation, Size
from .lexicon import Lexicon
from .postures import POSTURES, SIZES, UPRIGHT, Place, Posture
from .prompt import ARTICLES, PromptWords, Use
from .roles import ThingRole, role
from .scene import Arrangement, PlacedThing, Scene, Thing
from .selection import WORDS, Selection, is_plural
from .synonyms import IDLE_WORDS

_JOINED = frozenset("-'’.")  # what makes another word of a number: two-headed
_WORN_IN_PAIRS = (ThingRole.EYEWEAR, ThingRole.EARWEAR)  # a pair of them is one
_ONE_TO_ONE = (Relation.ON_HEAD, Relation.ON_EYES, Relation.BEHIND_HEAD)
_SHARED = (Relation.WITH, Relation.BEFORE)  # may be said of several at once: with a flower and a balloon
_IS = frozenset(("is", "are", "looks", "very", "that"))
_ITS = frozenset(("its", "his", "her", "their", "the"))
_BODY = {
    "on": frozenset(("head", "heads", "back", "backs", "nose", "shoulder", "top", "belly", "face", "eyes", "ears")),
    "in": frozenset(("hand", "hands", "paw", "paws", "mouth", "beak", "arms", "claws", "trunk", "teeth")),
}
# With it after them, or nothing: a house with a sun above.
_PLACING = (Join.ON, Join.OVER, Join.UNDER, Join.IN, Join.INSIDE, Join.FRONT, Join.BEHIND)
_BACKGROUND = ("in", "the", "background")
_IT = frozenset(("it", "him", "her", "them"))
_BESIDE = Relating(Relation.BESIDE)
_ON_IT = Relating(Relation.ON, swapped=True)


@dataclass
class _Item:
    """A thing while it is read.

    Attributes:
        begin: where what tells more of it begins: its number, its size.
        told: the words that ask for so many, and no fewer; else "".
        plural: `count` is what a bare plural stands for.
    """

    thing: Thing
    role: ThingRole
    begin: int = 0
    count: int = 1
    told: str = ""
    plural: bool = False
    size: Size = Size.USUAL
    posture: Posture = UPRIGHT
    place: Place | None = None

    @property
    def middle(self) -> tuple[float, float]:
        """Where it is, across and down; the middle where nothing was said."""
        told = (self.place.across, self.place.down) if self.place else (None, None)
        across, down = (0.5 if each is None else each for each in told)
        return across, down


class Arranger:
    """Works on the words of one prompt and on its scene, in place: `note`, then `arrange` when all things are found."""

    def __init__(self, prompt: PromptWords, lexicon: Lexicon, scene: Scene) -> None:
        self._prompt, self._lexicon, self._scene = prompt, lexicon, scene
        self._plain = prompt.plain
        self._items: list[_Item] = []
        self._postures: list[tuple[int, Posture]] = []
        self._places: list[Place] = []

    def note(self) -> None:
        """Take the phrases for turns and places, so that nobody looks for things in them."""
        for at in range(len(self._prompt)):
            posture = POSTURES.match(self._plain[: self._break(at)], at)
            if posture and self._take(range(at, at + posture[1])):
                self._postures.append((at, posture[0]))
        for at in range(len(self._prompt)):
            place = postures.place(self._plain[: self._break(at)], at)
            if place and self._is_own(place) and self._take(range(place.at, place.end)):
                self._places.append(place)

    def arrange(self) -> None:
        """Say how the things stand. Those that are not to be drawn leave the scene, and are told as left out."""
        Selection(self._prompt, self._lexicon, self._scene).select()
        subjects = self._lexicon.vocabulary.subjects
        self._items = [_Item(thing, role(subjects[thing.number])) for thing in self._scene.things]
        if self._items:
            self._begin()
            for each in self._items:
                self._count(each)
                self._size(each)
            self._postures_and_places()
            self._scene.arrangement = self._alone() if len(self._items) == 1 else self._together()
            self._scene.things = [each.thing for each in self._items]

    # words for turns and places

    def _take(self, span: range) -> bool:
        """Take a phrase, if it is there and no part of a thing."""
        named = any(thing.at < span.stop and span.start < thing.end for thing in self._scene.things)
        said = any(map(self._prompt.free, span)) or self._plain[span.stop - 1] == "corner"
        if named or not said:
            return False
        self._prompt.use(span.start, span.stop, Use.STANDING)
        return True

    def _break(self, at: int) -> int:
        """Where the part of the prompt ends to which a word belongs: at a comma."""
        after = range(at + 1, len(self._prompt))
        return next((i for i in after if self._prompt.words[i].breaks), len(self._prompt))

    def _is_own(self, place: Place) -> bool:
        """Whether a place is one in the picture: not its left paw, not walking to the left."""
        prompt, plain = self._prompt, self._plain
        if plain[place.at] == "to" and not prompt.words[place.at].breaks:
            return any(thing.end == place.at for thing in self._scene.things)
        goes_on = prompt.free(place.end) and not prompt.words[place.end].breaks
        return not goes_on or plain[place.end - 1] in {"corner", "side"} or plain[place.end] in WORDS

    # of each thing

    def _begin(self) -> None:
        """Find where what tells more of each thing begins: two small cats, a pair of big shoes."""
        end = 0
        for each in self._items:
            at = each.thing.at
            while at > end and not self._prompt.words[at].breaks and not self._joins(at - 1, end):
                at -= 1
                if self._plain[at] in ARTICLES and self._plain[at - 1 : at] != ["of"]:
                    break
            each.begin, end = at, each.thing.end

    def _joins(self, at: int, start: int) -> bool:
        if self._plain[at] == "of":
            return at - 1 < start or self._plain[at - 1] not in counts.COUNT_WORDS | IDLE_WORDS
        return joints.JOINS.match(self._plain[: at + 1], at) is not None

    def _count(self, each: _Item) -> None:
        several = counts.is_plural_name(self._lexicon.vocabulary.subjects[each.thing.number])
        plural = is_plural(self._prompt, self._lexicon, each.thing)
        each.plural, each.count = plural, counts.PLURAL if plural else 1
        if after := counts.times(self._plain, each.thing.end):
            each.plural, each.count = False, after[0]
            each.told = self._prompt.said(each.thing.at, each.thing.end + after[1])
            self._prompt.use(each.thing.end, each.thing.end + after[1], Use.STANDING)
        for at in range(each.begin, each.thing.at):
            if not (found := self._number(at, each, many=plural or several)):
                continue
            vague, paired = counts.is_vague(self._plain[at]), self._plain[at] == "pair"
            one = several or (paired and each.role in _WORN_IN_PAIRS)
            shown = several and found == counts.SHOWN.get(self._lexicon.vocabulary.subjects[each.thing.number].icon)
            if found == 1 or vague or paired or shown or not several:
                each.plural, each.count = False, 1 if one else found
                each.told = "" if vague else self._prompt.said(at, each.thing.end)
                self._prompt.use(at, at + 1, Use.STANDING)
            return

    def _number(self, at: int, each: _Item, *, many: bool) -> int | None:
        """How many things a word asks for; a digit before a singular is but a part of a name: apollo 11 rocket."""
        word, here, text = self._plain[at], self._prompt.words[at], self._prompt.text
        found = counts.number(self._plain, at)
        compound = bool(_JOINED.intersection(text[max(0, here.start - 1) : here.start] + text[here.end : here.end + 1]))
        many |= counts.is_same_in_plural(self._plain[each.thing.end - 1])
        after_article = at > each.begin and self._plain[at - 1] in {"a", "an"}
        if found is None or compound or (after_article and counts.needs_no_article(word)):
            return None
        return found if many or not (counts.is_vague(word) or (word.isdecimal() and at > each.begin)) else None

    def _size(self, each: _Item) -> None:
        alone = len(self._items) == 1
        for at in range(each.begin, len(self._prompt) if alone else each.thing.at):
            found = SIZES.match(self._plain, at)
            span = range(at, at + found[1] if found else at)
            if found and self._prompt.free(span[-1]) and (span.stop <= each.thing.at or self._is_apart(span)):
                each.size = found[0]
                self._prompt.use(span.start, span.stop, Use.STANDING)
                return

    def _is_apart(self, span: range) -> bool:
        """Whether some words stand for themselves: a cat that is very small; a cat, tiny."""
        ends = span.stop == len(self._prompt) or self._prompt.words[span.stop].breaks
        return ends and (self._prompt.words[span.start].breaks or self._plain[span.start - 1] in _IS)

    def _postures_and_places(self) -> None:
        for at, posture in self._postures:
            self._of(at).posture = posture
        leading = bool(self._places) and self._places[0].end <= self._items[0].begin
        for place in self._places:
            of = self._next(place.at) if leading else self._of(place.at)
            of.place = of.place or place

    def _of(self, at: int) -> _Item:
        """The thing that a word tells of: the next one if it is part of its phrase, else the one before."""
        inside = [each for each in self._items if each.begin <= at < each.thing.at]
        before = [each for each in self._items if each.thing.end <= at]
        return (inside or before[-1:] or self._items)[0]

    def _next(self, at: int) -> _Item:
        return next((each for each in self._items if each.thing.at >= at), self._items[-1])

    # of all together

    def _alone(self) -> Arrangement:
        """One thing, as often as it is there."""
        only = self._items[0]
        self._fit()
        if only.count > 1:
            self._account_after(only)
        across, down = only.middle
        moved = only.middle != (0.5, 0.5)
        size = Size.SMALL if moved and only.size is Size.USUAL else only.size  # else there is no room to be there
        standing = (PlacedThing(only.thing, only.posture),) * only.count
        return Arrangement(standing, size=size, across=across, down=down)

    def _together(self) -> Arrangement:
        """Several things: how the first ones stand to the others, or all in a row."""
        items = self._items
        joins = [self._join(first, second) for first, second in pairwise(items)]
        related, leading = self._behind() or self._related(joins)
        if len(items) == 2:
            related = self._by_height() or self._said_after(related)
        if related.relation is not Relation.BESIDE:
            for each in (*items[leading:], *(items[:leading] if related.swapped else ())):
                each.plural, each.count = False, 1 if each.plural else each.count  # before stars
        self._fit()
        if related.relation in _ONE_TO_ONE and sum(each.count for each in items) > 2:
            related = _BESIDE
        self._account_after(items[-1])
        if related.swapped:
            items[:] = [*items[leading:], *items[:leading]]
            leading = len(items) - leading
        if related.relation is Relation.BESIDE:
            items.sort(key=lambda each: each.middle[0])
        shown = list(chain.from_iterable([each] * each.count for each in items))
        if Join.BETWEEN in joins[:1] and len(shown) == 3:
            shown[:2] = shown[1::-1]
        leading = sum(each.count for each in items[:leading])
        alike = len({each.size for each in items}) == 1  # none is larger than another: all of it is small
        standing = tuple(PlacedThing(each.thing, each.posture, Size.USUAL if alike else each.size) for each in shown)
        return Arrangement(standing, related.relation, leading, size=items[0].size if alike else Size.USUAL)

    def _join(self, first: _Item, second: _Item) -> Join | None:
        """How two things are joined; accounts for the words."""
        start = first.thing.end
        if not (found := joints.before(self._prompt, second.thing.at, start)):
            return None
        self._use(found[1])
        earlier = joints.JOINS.match(self._plain, start)
        if found[0] is Join.AND and earlier and earlier[0] in {Join.WITH, Join.WEAR}:
            return earlier[0]  # with long hair and glasses
        if earlier and earlier[0] is Join.AND and found[0] is not Join.AND:  # two cats hugging on a bed
            self._use(range(start, start + earlier[1]))
        return found[0]

    def _behind(self) -> tuple[Relating, int] | None:
        """All before the one that is in the background, if one is."""
        for each in self._items:
            end = each.thing.end
            if tuple(self._plain[end : end + len(_BACKGROUND)]) == _BACKGROUND:
                self._items.sort(key=lambda item: item is each)
                return Relating(Relation.BEFORE), len(self._items) - 1
        return None

    def _related(self, joins: Sequence[Join | None]) -> tuple[Relating, int]:
        """How the things stand by the words that join them, and how many of them are on the first side."""
        items, many = self._items, len(self._items)
        last = self._relating(joins[-1], items[0] if many > 2 else items[-2], items[-1])
        rows = {self._relating(join, a, b) for join, (a, b) in zip(joins[:-1], pairwise(items), strict=False)}
        if many == 2 or (rows <= {_BESIDE} and last.relation not in {Relation.BESIDE, *_ONE_TO_ONE}):
            return last, many - 1
        first = {self._relating(joins[0], items[0], each) for each in items[1:]}
        alike = len(first) == 1 and len({each.role for each in items[1:]}) == 1
        if alike and {*joins[1:]} <= {Join.AND, None} and (found := first.pop()).relation in _SHARED:
            return found, 1
        return _BESIDE, many

    def _relating(self, join: Join | None, first: _Item, second: _Item) -> Relating:
        if join:
            return joints.relating(join, first.role, second.role)
        sky = [each.role is ThingRole.SKY for each in (first, second)]
        # Stars after what people like are decoration.
        return Relating(Relation.BEFORE) if second.thing.alone and sky == [False, True] else _BESIDE

    def _by_height(self) -> Relating | None:
        """Of two things the one at the top is over the other."""
        first, second = (each.middle[1] for each in self._items)
        return None if first == second else Relating(Relation.ABOVE, swapped=first > second)

    def _said_after(self, related: Relating) -> Relating:
        """What is said of the second after it: a bear with a bird on its back, a house with a sun above it."""
        at = self._items[-1].thing.end
        plain = self._plain[at : at + 3]
        its = plain[1:2] != [] and plain[1] in _ITS and plain[2:] != [] and plain[2] in _BODY.get(plain[0], ())
        if its or plain == ["on", "top"]:
            self._use(range(at, at + len(plain)))
            sits = plain[0] == "on" and related.relation not in _ONE_TO_ONE
            return _ON_IT if sits else related
        found = joints.JOINS.match(self._plain, at)
        if not found or found[0] not in _PLACING:
            return related
        end = at + found[1]
        it = self._plain[end : end + 1] != [] and self._plain[end] in _IT
        if not it and end < len(self._prompt) and not self._prompt.words[end].breaks:
            return related
        self._use(range(at, end + it))
        first, second = self._items
        back = self._relating(found[0], second, first)
        return replace(back, swapped=not back.swapped)

    def _account_after(self, last: _Item) -> None:
        """Account for what several do together: two cats hugging."""
        at = last.thing.end
        found = joints.JOINS.match(self._plain[: self._break(at - 1)], at)
        if found and found[0] is Join.AND:
            self._use(range(at, at + found[1]))

    def _use(self, span: range) -> None:
        for at in filter(self._prompt.free, span):
            self._prompt.use(at, at + 1)

    def _fit(self) -> None:
        """Make them so many as are drawn at most, and say of whom there are fewer than was said."""
        asked = [each.count for each in self._items]
        while sum(each.count for each in self._items) > FIGURES_MAX:
            most = max(self._items, key=lambda each: (each.plural and each.count > 1, each.count))
            most.count = min(most.count - 1, FIGURES_MAX)
        for each, wanted in zip(self._items, asked, strict=True):
            if each.told and each.count < wanted:
                self._scene.at_once = self._scene.at_once or FIGURES_MAX
                self._scene.taken.append((each.told, f"{each.count} × {each.thing.name}"))
