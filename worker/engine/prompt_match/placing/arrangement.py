"""How the things of a prompt stand in one picture: how many of each, where, how large, how turned."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from worker.engine.prompt_match.drawings.roles import WORN_IN_PAIRS, ThingRole, role
from worker.engine.prompt_match.finding.selection import Selection
from worker.engine.prompt_match.layout import FIGURES_MAX, OVERHEAD, Hanging, Relation, Size
from worker.engine.prompt_match.reading import colours_of_one, counts, encounter_words, grip_words, joints
from worker.engine.prompt_match.reading.encounter_words import Met
from worker.engine.prompt_match.reading.item import BESIDE, Item
from worker.engine.prompt_match.reading.joints import Join
from worker.engine.prompt_match.reading.lexicon import Lexicon
from worker.engine.prompt_match.reading.mood_words import moods_said
from worker.engine.prompt_match.reading.plural import is_plural
from worker.engine.prompt_match.reading.prompt import ARTICLES, PromptWords, Use
from worker.engine.prompt_match.reading.scene import Arrangement, PlacedThing, Scene, Thing
from worker.engine.prompt_match.reading.several_colours import PLEASANT, listed_before, told_after, various
from worker.engine.prompt_match.reading.standing_words import WORDS
from worker.engine.prompt_match.words import postures
from worker.engine.prompt_match.words.postures import (
    HANGING,
    POSTURES,
    ROWS,
    SIZES,
    UPRIGHT,
    UPSIDE_DOWN,
    Place,
    Posture,
)
from worker.engine.prompt_match.words.synonyms import IDLE_WORDS

from . import leaping, meeting
from .hanging import WORN
from .mood_marks import MoodMarks
from .relations import RelationFinder

_JOINED = frozenset("-'’.")  # what makes another word of a number: two-headed
_RAINBOW = "rainbow"  # balloons have all its colours
_IS = frozenset(("is", "are", "looks", "very", "that"))
_LINES = frozenset(("row", "line"))
_GOES_ON = frozenset(("with", "of"))


class Arranger:
    """Works on the words of one prompt and on its scene, in place: `note`, then `arrange` when all things are found."""

    def __init__(self, prompt: PromptWords, lexicon: Lexicon, scene: Scene) -> None:
        self._prompt, self._lexicon, self._scene = prompt, lexicon, scene
        self._plain = prompt.plain
        self._items: list[Item] = []
        self._postures: list[tuple[int, Posture]] = []
        self._places: list[Place] = []
        self._in_a_row = False
        self._shown: list[Item] = []  # of each figure
        self._met: Met | None = None

    def note(self) -> None:
        """Take the phrases for turns and places, so that nobody looks for things in them."""
        for at in range(len(self._prompt)):
            posture = POSTURES.match(self._plain[: self._prompt.comma(at)], at)
            if posture and self._take(range(at, at + posture[1])):
                self._postures.append((at, posture[0]))
        for at in range(len(self._prompt)):
            self._note_row(at)
        for at in range(len(self._prompt)):
            place = postures.place(self._plain[: self._prompt.comma(at)], at)
            if place and self._is_own(place) and self._take(range(place.at, place.end)):
                self._places.append(place)

    def arrange(self) -> None:
        """Say how the things stand. Those that are not to be drawn leave the scene, and are told as left out."""
        self._drop_rainbow()
        Selection(self._prompt, self._lexicon, self._scene).select()
        subjects = self._lexicon.vocabulary.subjects
        self._items = [Item(thing, role(subjects[thing.number])) for thing in self._scene.things]
        if self._items:
            self._begin()
            for each in self._items:
                self._count(each)
                self._size(each)
            self._colours()
            self._postures_and_places()
            moods = [*moods_said(self._prompt, self._lexicon, self._items)]  # what joins things may take their words
            marks = MoodMarks(self._prompt, self._lexicon, [*self._items])
            together = self._alone() if len(self._items) == 1 else self._together()
            together, moods = marks.meet(_with_heads(together), self._shown, moods, self._met)
            self._scene.arrangement = marks.hang(together, self._shown, moods)
            self._scene.things = [each.thing for each in self._items]

    # words for turns and places

    def _note_row(self, at: int) -> None:
        """Take what says that all are in one row. With more behind it, it joins two things: side by side with a dog."""
        if self._plain[at] in _LINES and self._plain[at + 1 : at + 2] == ["of"] and at + 2 < len(self._prompt):
            self._in_a_row = True  # the word is a number, too
        found = ROWS.match(self._plain[: self._prompt.comma(at)], at)
        end = at + (found[1] if found else 0)
        named = any(thing.at == end and not thing.alone for thing in self._scene.things)  # in a row boat
        after = end < len(self._prompt) and not self._prompt.words[end].breaks
        goes_on = after and (named or self._plain[end] in _GOES_ON)
        if found and not goes_on and self._take(range(at, end)):
            self._in_a_row = True

    def _take(self, span: range) -> bool:
        """Take a phrase, if it is there and no part of a thing."""
        named = any(thing.at < span.stop and span.start < thing.end for thing in self._scene.things)
        said = any(map(self._prompt.free, span)) or "corner" in self._plain[span.start : span.stop]
        if named or not said:
            return False
        self._prompt.use(span.start, span.stop, Use.STANDING)
        return True

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
        if self._plain[at] == "and" and all(self._lexicon.is_colour(each) for each in self._plain[at - 1 : at + 2 : 2]):
            return False  # three black and white cats
        if self._plain[at] == "of":
            return at - 1 < start or self._plain[at - 1] not in counts.COUNT_WORDS | IDLE_WORDS
        return joints.JOINS.match(self._plain[: at + 1], at) is not None

    def _count(self, each: Item) -> None:
        several = counts.is_plural_name(self._lexicon.vocabulary.subjects[each.thing.number])
        plural = is_plural(self._prompt, self._lexicon, each.thing)
        each.plural, each.count = plural, counts.PLURAL if plural else 1
        if after := counts.times(self._plain, each.thing.end):
            each.plural, each.count = False, after[0]
            each.told = self._prompt.said(each.thing.at, each.thing.end + after[1])
            self._prompt.use(each.thing.end, each.thing.end + after[1], Use.STANDING)
        begin = range(each.begin, each.thing.at)
        for at in sorted(begin, key=lambda at: counts.is_vague(self._plain[at])):  # a group of five
            if not (found := self._number(at, each, many=plural or several)):
                continue
            vague, paired = counts.is_vague(self._plain[at]), self._plain[at] == "pair"
            one = several or (paired and each.role in WORN_IN_PAIRS)
            shown = several and found == counts.SHOWN.get(self._lexicon.vocabulary.subjects[each.thing.number].icon)
            if found == 1 or vague or paired or shown or not several:
                each.plural, each.count = False, 1 if one else found
                each.told = "" if vague else self._prompt.said(at, each.thing.end)
                for word in (at, *(word for word in begin if counts.is_vague(self._plain[word]))):
                    self._prompt.use(word, word + 1, Use.STANDING)
            return

    def _number(self, at: int, each: Item, *, many: bool) -> int | None:
        """How many things a word asks for; a digit before a singular is but a part of a name: apollo 11 rocket."""
        word, here, text = self._plain[at], self._prompt.words[at], self._prompt.text
        found = counts.number(self._plain, at)
        compound = bool(_JOINED.intersection(text[max(0, here.start - 1) : here.start] + text[here.end : here.end + 1]))
        many |= counts.is_same_in_plural(self._plain[each.thing.end - 1])
        after_article = at > each.begin and self._plain[at - 1] in {"a", "an"}
        if found is None or compound or (after_article and counts.needs_no_article(word)):
            return None
        return found if many or not (counts.is_vague(word) or (word.isdecimal() and at > each.begin)) else None

    def _size(self, each: Item) -> None:
        alone = len(self._items) == 1
        for at in range(each.begin, len(self._prompt) if alone else each.thing.at):
            found = SIZES.match(self._plain, at)
            span = range(at, at + found[1] if found else at)
            if found and self._prompt.free(span[-1]) and (span.stop <= each.thing.at or self._is_apart(span)):
                each.size = found[0]
                self._prompt.use(span.start, span.stop, Use.STANDING)
                return

    def _drop_rainbow(self) -> None:
        """Leave out the rainbow that only says in which colours several things are."""
        said = {at for start in range(len(self._prompt)) for at in various(self._prompt, start)}
        colours = [each for each in self._scene.things if each.at in said and not each.alone]
        if len(colours) < len(self._scene.things):
            for each in colours:
                self._scene.things.remove(each)
                self._prompt.use(each.at, each.end, Use.FREE)

    def _colours(self) -> None:
        """Give several of a thing the colours that are said of them: in many colours, one black and one white."""
        paints = frozenset(self._lexicon.vocabulary.paints)
        pleasant = tuple(each for each in PLEASANT if each in paints)
        for each in [each for each in self._items if not each.thing.alone and each.thing.end]:
            before = listed_before(self._prompt, each.thing.at, paints, plural=each.plural or each.count > 1)
            after = told_after(self._prompt, each.thing.end, paints)
            for said in filter(None, (before, after)):
                if said is after and not (each.count > 1 or said.each):
                    continue
                own = (each.thing.shown_paint,) if said is after and said.each and each.count == 1 else ()
                each.paints = (*own, *said.paints)
                self._use(said.words)
                if said.each:
                    many = each.count if each.told and each.count > 1 else max(each.count, len(each.paints))
                    each.plural, each.count = False, many
            if pleasant and self._plain[each.thing.at : each.thing.end - 1] == [_RAINBOW] and each.thing.asked:
                thing = replace(each.thing, asked="")
                several = each.count > 1
                each.paints = pleasant if several else ()
                each.thing = thing if several else colours_of_one.in_rainbow(self._lexicon, thing)
        for each in self._items:
            self._use(colours_of_one.give(self._prompt, self._lexicon, each))
        for at in range(len(self._prompt)):
            words = various(self._prompt, at)
            each = self._of(at)
            if each.thing.alone or not any(map(self._prompt.free, words)):
                continue
            if each.count > 1 and pleasant:
                each.paints = pleasant
                each.count = counts.SEVERAL if each.plural else each.count
                self._use(words)
            elif each.count == 1 and colours_of_one.is_in_many(self._prompt, each, words):
                each.thing = colours_of_one.in_rainbow(self._lexicon, each.thing)
                self._use(words)

    def _painted(self, shown: Sequence[Item]) -> Iterator[Thing]:
        """The things of some figures, each in its colour."""
        before: Counter[Item] = Counter()
        for each in shown:
            paint = each.paints[before[each] % len(each.paints)] if each.paints else ""
            before[each] += 1
            if not paint or paint == each.thing.shown_paint:
                yield each.thing
            else:
                yield each.thing.painted(paint, self._lexicon.bare)

    def _is_apart(self, span: range) -> bool:
        """Whether some words stand for themselves: a cat that is very small; a cat, tiny."""
        ends = span.stop == len(self._prompt) or self._prompt.words[span.stop].breaks
        return ends and (self._prompt.words[span.start].breaks or self._plain[span.start - 1] in _IS)

    def _postures_and_places(self) -> None:
        for at, posture in self._postures:
            each = self._of(at)
            hangs = self._lexicon.vocabulary.subjects[each.thing.number].icon in HANGING
            each.posture = UPRIGHT if hangs and posture == UPSIDE_DOWN else posture
        leading = bool(self._places) and self._places[0].end <= self._items[0].begin
        for place in self._places:
            of = self._next(place.at) if leading else self._of(place.at)
            of.place = of.place or place

    def _of(self, at: int) -> Item:
        """The thing that a word tells of: the next one if it is part of its phrase, else the one before."""
        inside = [each for each in self._items if each.begin <= at < each.thing.at]
        before = [each for each in self._items if each.thing.end <= at]
        return (inside or before[-1:] or self._items)[0]

    def _next(self, at: int) -> Item:
        return next((each for each in self._items if each.thing.at >= at), self._items[-1])

    # of all together

    def _alone(self) -> Arrangement:
        """One thing, as often as it is there."""
        only = self._items[0]
        self._fit()
        self._met = encounter_words.find(self._prompt, self._items)
        if not only.place and (over := self._over(only)):
            only.place = Place(None, OVERHEAD, over.start, over.stop)
            self._use(over)
        if only.count > 1:
            self._account_after(only)
        across, down = only.middle
        moved = only.middle != (0.5, 0.5)
        size = Size.SMALL if moved and only.size is Size.USUAL else only.size  # else there is no room to be there
        self._shown = [only] * only.count
        things = self._painted(self._shown)
        standing = tuple(PlacedThing(thing, only.posture) for thing in things)
        return Arrangement(standing, size=size, across=across, down=down, in_a_row=self._in_a_row)

    def _over(self, each: Item) -> range:
        """The words that say that a thing hovers over something that is not drawn: above a farm; none where none do.

        What hangs in the sky is there anyway, and who jumps (`Join.LEAP`) stands on the ground as well.
        """
        at = each.thing.end
        found = joints.JOINS.match(self._plain[: self._prompt.comma(at - 1)], at)
        if not found or found[0] is not Join.OVER or each.role is ThingRole.SKY:
            return range(0)
        return range(at, at + found[1] if at + found[1] < len(self._prompt) else at)

    def _together(self) -> Arrangement:
        """Several things: how the first ones stand to the others, or all in a row, and what hangs on which."""
        items, last = self._items, self._items[-1]
        standing, related, leading = RelationFinder(self._prompt, items).find()
        held = standing[leading:] if related.relation is Relation.WITH else []
        held += [each for each in items if each.holders and each.way.relation is Relation.WITH]
        grip_words.settle(self._prompt, self._lexicon, items, held)
        self._met = encounter_words.find(self._prompt, items)
        if related.relation is not Relation.BESIDE and related != joints.HOLDS:
            for each in (*standing[leading:], *(standing[:leading] if related.swapped else ())):
                met = self._met is not None and each in self._met.who
                each.plural, each.count = False, 1 if each.plural and not met else each.count  # before stars
        if related.relation is Relation.LEAP:
            leaping.tilt(standing[:leading], self._lexicon)
        self._fit()
        if related.relation in WORN and sum(each.count for each in standing) > 2:
            related = BESIDE
        self._account_after(last)
        between = standing[1].join is Join.BETWEEN if standing[1:] else False
        if related.swapped:
            standing = [*standing[leading:], *standing[:leading]]
            leading = len(standing) - leading
        if related.relation is Relation.BESIDE:
            if self._met:
                meeting.in_order(self._met, standing)
            standing.sort(key=lambda each: each.middle[0])
        shown = list(chain.from_iterable([each] * each.count for each in standing))
        if between and len(shown) == 3:
            shown[:2] = shown[1::-1]
        leading = sum(each.count for each in standing[:leading])
        items[:] = [*standing, *(each for each in items if each.holders)]
        shown += chain.from_iterable([each] * each.count for each in items[len(standing) :])
        self._shown = shown
        alike = len({each.size for each in standing}) == 1  # none is larger than another: all of it is small
        return Arrangement(
            tuple(
                PlacedThing(
                    thing, each.posture, Size.USUAL if alike and not each.holders else each.size, grip=each.grip
                )
                for each, thing in zip(shown, self._painted(shown), strict=True)
            ),
            related.relation,
            leading,
            size=standing[0].size if alike else Size.USUAL,
            hanging=tuple(_hanging(shown)),
            in_a_row=self._in_a_row,
        )

    def _account_after(self, last: Item) -> None:
        """Account for what several do together: two cats hugging."""
        at = last.thing.end
        found = joints.JOINS.match(self._plain[: self._prompt.comma(at - 1)], at)
        if found and found[0] is Join.AND:
            self._use(range(at, at + found[1]))

    def _use(self, words: Iterable[int]) -> None:
        for at in filter(self._prompt.free, words):
            self._prompt.use(at, at + 1)

    def _fit(self) -> None:
        """Make them so many as are drawn at most, and say of whom there are fewer than was said."""
        asked = [each.count for each in self._items]
        self._spread()
        while sum(each.count for each in self._items) > FIGURES_MAX:
            most = max(self._items, key=lambda each: (each.plural and each.count > 1, not each.spread, each.count))
            most.count = min(most.count - 1, FIGURES_MAX)
            self._spread()
        for each, wanted in zip(self._items, asked, strict=True):
            if each.told and each.count < wanted:
                self._scene.at_once = self._scene.at_once or FIGURES_MAX
                self._scene.taken.append((each.told, f"{each.count} × {each.thing.name}"))

    def _spread(self) -> None:
        """Have no more of what each of several has one of than there are of these."""
        for each in (each for each in self._items if each.spread):
            each.count = min(each.count, sum(holder.count for holder in each.holders))


def _with_heads(arrangement: Arrangement) -> Arrangement:
    """The same with the heads of those who have another's."""
    heads = [(at, each.thing.head) for at, each in enumerate(arrangement.standing) if each.thing.head]
    return replace(
        arrangement,
        standing=(*arrangement.standing, *(PlacedThing(head, is_part=True) for _, head in heads)),
        hanging=(*arrangement.hanging, *(Hanging(at, Relation.HEAD) for at, _ in heads)),
    )


def _hanging(shown: Sequence[Item]) -> Iterator[Hanging]:
    """How each figure that hangs on another one does; where several can, each of the last ones has one."""
    before: Counter[Item] = Counter()
    for each in filter(lambda each: each.holders, shown):
        able = [number for number, other in enumerate(shown) if other in each.holders]
        on = able[-each.count :] if each.spread else able[:1] * each.count
        single = [*dict.fromkeys(other for other in shown if other.single and other.holders == each.holders)]
        if each in single and each.spread and each.count == 1:
            on = able[-len(single) :][single.index(each) :][:1] or on
        yield Hanging(on[before[each]], each.way.relation, each.way.swapped)
        before[each] += 1
