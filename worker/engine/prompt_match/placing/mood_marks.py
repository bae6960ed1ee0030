"""What is hung on the things of a prompt for their moods: a small mark beside the head, or a face."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from worker.engine.prompt_match.drawings.included import INCLUDED
from worker.engine.prompt_match.drawings.roles import BEINGS, ThingRole
from worker.engine.prompt_match.layout import DRAWINGS_MAX, FIGURES_MAX, PARTS, Hanging, Relation
from worker.engine.prompt_match.reading.counts import EACH
from worker.engine.prompt_match.reading.encounter_words import Met
from worker.engine.prompt_match.reading.item import Item
from worker.engine.prompt_match.reading.joints import Join
from worker.engine.prompt_match.reading.lexicon import Lexicon
from worker.engine.prompt_match.reading.limbs import FACE_WORDS, LIMBS, MORE, WITHOUT
from worker.engine.prompt_match.reading.mood_words import MoodSaid
from worker.engine.prompt_match.reading.prompt import PromptWords, Use
from worker.engine.prompt_match.reading.scene import Arrangement, PlacedThing, Thing
from worker.engine.prompt_match.words.declined import is_person
from worker.engine.prompt_match.words.encounters import ENCOUNTER_SHOWN
from worker.engine.prompt_match.words.moods import FACED, FACES, FACING_LEFT, MOOD_SHOWN, Mood
from worker.engine.prompt_match.words.spelling import phrase

from . import meeting

_LISTED = (Join.AND, None)
_HAVING = (Join.WITH, Join.WEAR, Join.HOLD)
# After these only the last thing is told of.
_IS = frozenset(("is", "looks", "feels", "seems", "was", "has", "needs", "wants", "its", "hes", "shes"))
_ON_HEADS = frozenset(("hat", "crown", "helmet", "horn", "halo"))  # what a drawing may show there
_SINGLE = frozenset(("one", "other"))
_LIMBS = (Relation.LEGS, Relation.ARMS)
_FACE = Relation.FACE, MOOD_SHOWN[Mood.FACE].faces


@dataclass(frozen=True)
class _Mark:
    """A subject by its number, and how it hangs."""

    number: int
    relation: Relation


class MoodMarks:
    """Works on the words of one prompt, and on its things in their order there."""

    def __init__(self, prompt: PromptWords, lexicon: Lexicon, items: Sequence[Item]) -> None:
        self._prompt, self._lexicon, self._items = prompt, lexicon, items
        self._plain = prompt.plain
        self._singled: Counter[Item] = Counter()
        self._told: set[Item] = set()  # of whom a mood was said
        self._moods: dict[int, set[Mood]] = {}
        self._marks: list[tuple[int, _Mark]] = []
        self._outside: dict[int, Relation] = {}  # of figures the side of the head that has nobody beside it

    def meet(
        self, arrangement: Arrangement, shown: Sequence[Item], moods: list[MoodSaid], met: Met | None
    ) -> tuple[Arrangement, list[MoodSaid]]:
        """An arrangement with those who do something with each other as that is shown; which moods are told besides.

        What hangs for that comes with `hang`; its words are accounted for. `shown`: as there.
        """
        row = meeting.row_of(met, arrangement, shown) if met else range(0)
        if not met or not row:
            return arrangement, moods
        how, faces = ENCOUNTER_SHOWN[met.encounter], [self._has_face(shown[at]) for at in row]
        subjects = self._lexicon.vocabulary.subjects
        arrangement = meeting.stand(
            met, arrangement, row, subjects, lambda at: self._has_face(shown[at]) or not any(faces)
        )
        self._outside = {row[0]: Relation.LEFT_OF_HEAD, row[-1]: Relation.AT_HEAD}
        seen = how.leaning or how.whole
        for at in row:
            if how.mood and (self._has_face(shown[at]) or not any(faces)):
                seen |= self._show(how.mood, arrangement, at, shown[at])
        number = self._known(how.marks, shown[row.start])
        if number is not None and self._has_room(arrangement, mark := _Mark(number, how.at)):
            self._marks.append((row[(len(row) - 1) // 2], mark))
            seen = True
        for at in filter(self._prompt.free, met.words if seen else ()):
            self._prompt.use(at, at + 1)
        return arrangement, [each for each in moods if {*each.words}.isdisjoint(met.words)]

    def hang(self, arrangement: Arrangement, shown: Sequence[Item], moods: Iterable[MoodSaid]) -> Arrangement:
        """An arrangement with what its moods hang on its figures; accounts for the words of those that are seen.

        `shown`: of each figure the thing that it is.
        """
        for said in sorted(moods, key=lambda said: said.mood in LIMBS):  # which come with the face of another mood
            seen = [self._show(said.mood, arrangement, at, shown[at]) for at in self._figures(said, shown)]
            begin = said.words.start
            begin -= not EACH.isdisjoint(self._plain[max(0, begin - 1) : begin])  # both sad
            for word in filter(self._prompt.free, range(begin, said.words.stop) if any(seen) else ()):
                self._prompt.use(word, word + 1, Use.IDLE)  # the model itself knows no such word
        self._liven(arrangement, shown)
        subjects = self._lexicon.vocabulary.subjects
        things = (Thing(mark.number, subjects[mark.number].names[0], 0, 0) for _, mark in self._marks)
        asleep = {
            at for at, moods in self._moods.items() if any(MOOD_SHOWN[each].asleep for each in {*moods} - LIMBS.keys())
        }
        standing = (
            replace(each, asleep=at in asleep and self._has_face(shown[at]))
            for at, each in enumerate(arrangement.standing)
        )
        return replace(
            arrangement,
            standing=(*standing, *(PlacedThing(each, is_part=True) for each in things)),
            hanging=(*arrangement.hanging, *(Hanging(at, mark.relation) for at, mark in self._marks)),
        )

    # who

    def _figures(self, said: MoodSaid, shown: Sequence[Item]) -> list[int]:
        """The figures that are in a mood; of two cats, one sad and one happy, one each."""
        who = self._who(said)
        self._told.update(who)
        figures = [at for at, each in enumerate(shown) if each in who]
        if len(who) == 1 and len(figures) > 1 and not _SINGLE.isdisjoint(self._before(said)):
            figures = figures[self._singled[who[0]] :][:1]
            self._singled[who[0]] += 1
        return figures

    def _before(self, said: MoodSaid) -> list[str]:
        """Up to two words just before a mood's."""
        return self._plain[max(0, said.words.start - 2) : said.words.start]

    def _who(self, said: MoodSaid) -> Sequence[Item]:
        """The things that a mood is told of: the next one if it is part of its phrase, else the nearest before."""
        before = [each for each in self._items if each.thing.end <= said.at]
        does = self._is_done_by(said, before)  # a cat dreaming about fish
        inside = [each for each in self._items if each.begin <= said.at < each.thing.at and not does]
        if inside or not before:
            apart = any(self._prompt.words[at].breaks for at in range(said.at, self._items[0].begin + 1))
            return inside[:1] or (self._items[:1] if apart else [])
        start = before[-1].thing.end
        if any(is_person(word) and word not in FACES for word in self._plain[start : said.words.start]):
            return []  # one who is not drawn
        if not EACH.isdisjoint(self._plain[start : said.at]):
            return [each for each in before if self._has_face(each)] or [*before]
        one = self._feeling(before)
        alone = not self._has_face(one) and said.mood not in LIMBS
        if alone or not _IS.isdisjoint(self._before(said)):
            return [one]
        return [one, *self._beside(before[: before.index(one) + 1])]

    def _is_done_by(self, said: MoodSaid, before: Sequence[Item]) -> bool:
        """Whether the thing just before a word does what it says."""
        follows = bool(before) and before[-1].thing.end == said.at and not self._prompt.words[said.at].breaks
        return follows and self._plain[said.words.stop - 1].endswith("ing")

    def _feeling(self, before: Sequence[Item]) -> Item:
        """Of things before a word the one that can feel: a cat on a bed, sleeping. Without one who has the last one."""
        one = before[-1]
        for each in reversed(before):
            if self._has_face(each):
                return each
            if each.join in _LISTED:
                return each if one.join in _HAVING else one
        return one

    def _beside(self, row: Sequence[Item]) -> Iterator[Item]:
        """Those in a row with its last one of whom nothing was said yet: a cat and a dog asleep.

        All of them have faces, or none.
        """
        alike = self._has_face(row[-1])
        for each, after in zip(row[-2::-1], row[:0:-1], strict=True):
            if after.join not in _LISTED or self._has_face(each) is not alike or each in self._told:
                return
            yield each

    # what

    def _has_face(self, item: Item) -> bool:
        subject = self._lexicon.vocabulary.subjects[item.thing.number]
        person = item.role is ThingRole.THING and any(map(is_person, phrase(subject.names[0])))
        return person or item.role in BEINGS or subject.icon in FACED

    def _show(self, mood: Mood, arrangement: Arrangement, at: int, item: Item) -> bool:
        """Whether a figure is seen to be in a mood; hangs on it what it takes for that."""
        moods = self._moods.setdefault(at, set())
        seen = mood in moods or (mood not in LIMBS and MOOD_SHOWN[mood].as_drawn and self._has_face(item))
        hung = self._limbs if mood in LIMBS else self._hung
        for mark in () if seen else tuple(hung(mood, at, item)):
            if self._has_room(arrangement, mark):
                self._marks.append((at, mark))
                seen = True
        if seen:
            moods.add(mood)
        return seen

    def _limbs(self, mood: Mood, at: int, item: Item) -> Iterator[_Mark]:
        """The limbs that a figure without any has or needs."""
        if self._has_face(item) or item.role in WITHOUT.get(mood, ()):
            return
        taken = {mark.relation for on, mark in self._marks if on == at}
        known = ((relation, self._known((name,), item)) for relation, name in LIMBS[mood])
        yield from (
            _Mark(number, relation) for relation, number in known if number is not None and relation not in taken
        )

    def _liven(self, arrangement: Arrangement, shown: Sequence[Item]) -> None:
        """Give whatever got limbs a face, unless words tell of none, and then arms to what wants some more."""
        limbed = dict.fromkeys(on for on, mark in self._marks if mark.relation in _LIMBS)
        faces = [_FACE] if FACE_WORDS.isdisjoint(self._plain) else []
        for at in limbed:
            for relation, names in (*faces, *(MORE[mood] for mood in self._moods[at] if mood in MORE)):
                number = self._known(names, shown[at])
                taken = any(on == at and mark.relation is relation for on, mark in self._marks)
                if number is not None and not taken and self._has_room(arrangement, mark := _Mark(number, relation)):
                    self._marks.append((at, mark))

    def _hung(self, mood: Mood, at: int, item: Item) -> Iterator[_Mark]:
        """What hangs on a figure in a mood; nothing where the model knows nothing for it, or there is no place left."""
        how, has_face = MOOD_SHOWN[mood], self._has_face(item)
        if item.thing.number in self._lexicon.faces or not (has_face or how.inanimate):
            return  # a face shows its feeling, and no other
        if how.at_head is Relation.ON_HEAD and self._has_on_head(item):
            return
        taken = {mark.relation for on, mark in self._marks if on == at}
        face = None if has_face or Relation.FACE in taken else self._known(how.faces, item)
        if face is not None:
            yield _Mark(face, Relation.FACE)
        number = self._known(how.marks, item)
        if number is None or (face is not None and not how.both):
            return
        relation = how.at_head if item.role is ThingRole.HEAD else how.at_others
        places = self._beside_head(at, item) if relation is Relation.AT_HEAD else (relation,)
        if free := [each for each in places if each not in taken]:
            yield _Mark(number, free[0])

    def _has_on_head(self, item: Item) -> bool:
        """Whether somebody wears something on the head, or is drawn so: an evil cat in a top hat, an evil king."""
        worn = any(each.role is ThingRole.HEADWEAR for each in self._items)
        drawn = INCLUDED.get(self._lexicon.vocabulary.subjects[item.thing.number].icon, frozenset())
        return worn or not _ON_HEADS.isdisjoint(drawn)

    def _beside_head(self, at: int, item: Item) -> tuple[Relation, Relation]:
        """Both sides of the head, the better one first: before the nose of who is seen from the side."""
        if at in self._outside:
            return self._outside[at], Relation.OVER_HEAD
        faces_left = self._lexicon.vocabulary.subjects[item.thing.number].icon in FACING_LEFT
        if faces_left and not item.posture.mirrored:
            return Relation.LEFT_OF_HEAD, Relation.AT_HEAD
        return Relation.AT_HEAD, Relation.LEFT_OF_HEAD

    def _known(self, names: Iterable[str], item: Item) -> int | None:
        """The first of some names that the model knows; nothing hangs on its like."""
        numbers = map(self._lexicon.named, names)
        return next((number for number in numbers if number not in {None, item.thing.number}), None)

    def _has_room(self, arrangement: Arrangement, mark: _Mark) -> bool:
        """Whether one more is drawn in the picture."""
        figures = arrangement.figures + sum(each.relation not in PARTS for _, each in self._marks)
        drawn = {(each.thing.number, each.thing.name) for each in arrangement.standing}
        marks = {each.number for _, each in self._marks} | {mark.number}
        room = mark.relation in PARTS or figures < FIGURES_MAX
        return room and len(drawn) + len(marks) <= DRAWINGS_MAX
