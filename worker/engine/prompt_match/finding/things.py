"""Which things a prompt asks for: what is meant by several words, what satisfies for it, and what is declined."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from worker.engine.prompt_match.drawings.roles import BEINGS, CONTAINERS, role
from worker.engine.prompt_match.reading import (
    body_parts,
    counts,
    encounter_words,
    joints,
    limbs,
    similarity,
    surroundings,
)
from worker.engine.prompt_match.reading.joints import Join
from worker.engine.prompt_match.reading.lexicon import WORN_WORDS, Lexicon
from worker.engine.prompt_match.reading.prompt import ARTICLES, PromptWords, Use
from worker.engine.prompt_match.reading.scene import Scene, Thing
from worker.engine.prompt_match.words import spelling
from worker.engine.prompt_match.words.bystanders import is_bystander
from worker.engine.prompt_match.words.declined import FEELINGS, is_person
from worker.engine.prompt_match.words.deeds import DEEDS
from worker.engine.prompt_match.words.synonyms import IDLE_WORDS

from . import doing
from .runs import DOING, FACES, Runs

_BESIDE, _APART = {"and", "with", "left", "right"}, 6  # what joins two things, and words between them at most
_WHERE = {"in", "on", "at", "over", "under", "near", "behind", "beside", "inside", "above", "below"}
# What needs no article after them: eating pasta.
_NAMES = {Join.AND, Join.WITH, Join.HOLD, Join.WEAR, Join.RIDE, Join.DRIVE}
# After a thing they only say what it is: a rose flower.
_KINDS = "lunch dinner breakfast dessert snack fruit fruits flower flowers vegetable vegetables insect instrument"
_GENERAL = frozenset(_KINDS.split())
_MEALS = frozenset(("lunch", "dinner", "breakfast", "snack"))  # a turkey dinner, but no rabbit flower
# The young of what is alive have its looks: a lion cub, a seal pup, an elephant calf.
_YOUNG_WORDS = "cub cubs pup pups calf calves chick chicks foal foals kit kits hatchling hatchlings"
_YOUNG = frozenset(_YOUNG_WORDS.split())
_OF_BEINGS = _MEALS | _YOUNG
# After somebody of a trade or a kind they only say who that is: a firefighter lady, a wizard boy.
_PEOPLE = "lady ladies woman women girl girls man men guy guys dude dudes boy boys kid kids person people gentleman"
_OF_PEOPLE = frozenset(_PEOPLE.split())
_NO_TRADE = frozenset(("man", "woman", "boy", "girl", "baby", "old-man", "old-woman"))
_UPON = (Join.ON, Join.IN)
# What stands with what, how, and what shows both.
_WITH_THEM = {
    "palm-tree": (_UPON, "island", "desert island"),
    "house": ((Join.WITH,), "garden", "house with garden"),
}
_GESTURES = frozenset(("waving-hand", "victory-hand", "thumbs-up", "flexed-biceps"))
_NO_OTHERS = _GESTURES | limbs.ICONS | body_parts.ICONS
_MADE = frozenset(("made", "built", "carved"))
_SOME = frozenset(("slice", "piece", "bit"))  # of cheese, which is drawn as one
_NEAR = 3  # things that are named for what is declined


class ThingFinder:
    """Works on the words of one prompt and on its scene, in place; the methods are called in their order."""

    def __init__(self, prompt: PromptWords, lexicon: Lexicon, scene: Scene) -> None:
        self._prompt, self._lexicon, self._scene = prompt, lexicon, scene
        self._plain = prompt.plain
        self._runs = Runs(prompt, lexicon)

    def compounds(self) -> None:
        """Of things without a word between them the last is meant, a robot cat is a cat, or what both mean together."""
        kept: list[Thing] = []
        doing.leave_out(self._prompt, self._lexicon, self._scene)
        self._scene.things = [thing for thing in self._scene.things if not self._is_other(thing)]
        for thing in map(self._headed, self._scene.things):
            if kept and kept[-1].number != thing.number and self._is_one(kept[-1], thing):
                first = kept.pop()
                if self._is_of_a_trade(first) and self._plain[thing.at] in _OF_PEOPLE:
                    kept.append(replace(first, end=thing.end))
                elif self._is_neither(first, thing):  # a pen pal, a baby shower
                    self._prompt.use(first.at, thing.end, Use.FREE)
                else:
                    kept.append(self._together(first.at, thing))
            else:
                kept.append(thing)
        self._scene.things = kept

    def cues(self) -> None:
        """Words that captions say beside a thing's name are known there."""
        for run in self._prompt.runs():
            said = tuple(self._plain[run.start : run.stop])
            numbers = {*self._lexicon.tags.get(said, ()), *self._lexicon.cues.get(said, ())}
            if self._lexicon.arranged and self._is_another(run):
                continue
            if numbers & {thing.number for thing in self._scene.things}:
                self._prompt.use(run.start, run.stop)

    def wholes(self) -> None:
        """Of what stands on or with something take what shows both: a palm tree on a small island."""
        things = self._scene.things
        for place, thing in enumerate(things):
            joins, on, whole = _WITH_THEM.get(self._lexicon.vocabulary.subjects[thing.number].icon, ((), "", ""))
            number = self._lexicon.named(whole) if on and not thing.alone else None
            joined = joints.JOINS.match(self._plain, thing.end)
            if number is None or not joined or joined[0] not in joins:
                continue
            end = next((at for at in range(thing.end, len(self._prompt)) if self._plain[at] == on), -1) + 1
            between = range(thing.end + joined[1], end)
            if between and all(map(self._prompt.free, between[-1:])) and not self._has_break(thing.end, end):
                name = self._lexicon.vocabulary.subjects[number].names[0]
                asked = (
                    ""
                    if {*spelling.phrase(name)} <= {*self._plain[thing.at : end]}
                    else self._prompt.said(thing.at, end)
                )
                self._prompt.use(thing.at, end)
                things[place] = Thing(number, name, thing.at, end, asked)

    def _has_break(self, at: int, end: int) -> bool:
        return any(self._prompt.words[each].breaks for each in range(at, end))

    def neighbours(self) -> None:
        """Take what satisfies where no thing is named, or for an unknown one that a known one stands beside."""
        things = self._scene.things
        runs = [*self._runs.parts()]
        for run in runs:
            words = self._runs.words(run)
            if self._is_colour(run) and (things or not all(map(self._is_colour, runs))):
                continue  # of a thing it is one of two colours
            if things and self._prompt.before(run.start) == "in" and counts.COUNT_WORDS.issuperset(words):
                continue  # cats in a pile
            if things and self._is_of_both(run):
                continue
            if not (self._belongs(run) if things else self._is_meant(run)):
                continue
            number = similarity.satisfying(self._lexicon, words)
            if number is not None and number not in {thing.number for thing in things}:
                some = run.start > 1 and self._plain[run.start - 1] == "of" and self._plain[run.start - 2] in _SOME
                self._prompt.use(run.start - 2 * some, run.stop)
                things.append(self._thing(number, run.start, run.stop))
        things.sort(key=lambda thing: thing.at)

    def _is_colour(self, run: range) -> bool:
        return all(self._plain[at] in self._lexicon.vocabulary.paints for at in run)

    def looks(self) -> None:
        """Leave out what only tells how something unknown looks: a sword with a smiling face, a table made of wood."""
        things = self._scene.things
        joined = joints.before(self._prompt, things[0].at, 0) if len(things) == 1 and not things[0].alone else None
        if not joined:
            return
        face = joined[0] is Join.WITH and things[0].number in self._lexicon.faces
        made = joined[0] is Join.OF and self._plain[joined[1].start] in _MADE
        before = joined[1].start - 1 if face or made else -1
        if self._prompt.free(before) and self._plain[before] not in FACES and self._is_thing(before):
            self._prompt.use(things[0].at, things[0].end, Use.IDLE)
            del things[0]

    def _is_thing(self, at: int) -> bool:
        """Whether a word stands for something, known or not, that is nobody."""
        return self._is_asked(at) and not any(is_person(word) or word in FEELINGS for word in self._prompt.compared(at))

    def guess(self) -> None:
        """Where there is no thing: decline what was asked for; where nothing was, take something pleasant."""
        if self._scene.things:
            return
        runs = [run for run in self._prompt.runs() if any(map(self._is_asked, run))]
        self._scene.declined = [self._prompt.said(run.start, run.stop) for run in runs]
        self._scene.near = list(islice(dict.fromkeys(self._near(runs)), _NEAR))
        if not runs:
            self._guess()

    def _is_asked(self, at: int) -> bool:
        """Whether a word stands for something, known or not."""
        return any(
            is_person(word) or word in FEELINGS or not similarity.asks_for_nothing(self._lexicon, word)
            for word in self._prompt.compared(at)
        )

    def _near(self, runs: Iterable[range]) -> Iterable[str]:
        """What comes near to some words, but for faces: who asks for no happy face is not told of one."""
        for run in runs:
            for number in similarity.near(self._lexicon, self._runs.words(run)):
                if number not in self._lexicon.faces:
                    yield self._lexicon.vocabulary.subjects[number].names[0]

    def _is_one(self, first: Thing, second: Thing) -> bool:
        done = first.head is not None and not first.role_words  # a nurse juggling apples
        apart = first.alone or second.alone or done or self._prompt.words[second.at].breaks
        return first.end == second.at and not apart

    def _is_neither(self, first: Thing, second: Thing) -> bool:
        """Whether the names of two things mean together what is neither, and no known thing."""
        return all(self._means_other(first.at, second.end, each.number) for each in (first, second))

    def _headed(self, thing: Thing) -> Thing:
        """The thing itself, or what is meant together with the word beside it: a fire truck, a hot dog."""
        plain, at, end = self._plain, thing.at, thing.end
        number = None
        if thing.alone or thing.head:
            return thing
        general = _OF_BEINGS if self._is_being(thing) else _GENERAL
        general = _OF_PEOPLE if self._is_of_a_trade(thing) else general
        if self._is_beside(end) and plain[end] in general and self._joined(at, end + 1) is None:
            self._prompt.use(end, end + 1)
            return thing
        if self._is_beside(end):
            tagged = self._lexicon.tags.get(tuple(plain[at : end + 1]), [None])
            looks = similarity.is_verb_or_adverb(plain[end]) or plain[end] == similarity.FACE
            looks = looks or (plain[end] in DEEDS and self._is_last_of_several(at))
            looks = looks or is_bystander(plain[end], of_being=self._is_being(thing))
            head = None if looks else similarity.by_synonym(self._lexicon, plain[end])
            found = (tagged[0], self._joined(at, end + 1), head)
            number, end = next((each for each in found if each is not None), None), end + 1
        if number is None and self._prompt.free(at - 1) and not self._prompt.words[at].breaks:
            number, at, end = self._joined(at - 1, thing.at + 1), at - 1, thing.end
            if number == thing.number and self._plain[at] not in self._lexicon.words:
                self._prompt.use(at, end)
                return replace(thing, at=at)  # an oak tree
        if number is None or number == thing.number:
            return thing
        self._prompt.use(at, end)
        return self._thing(number, at, end)

    def _is_last_of_several(self, at: int) -> bool:
        """Whether `and` stands before what begins here: a cat and a mouse."""
        led = self._plain[at - 1 : at] != [] and self._plain[at - 1] in ARTICLES
        return self._plain[at - 1 - led : at - led] == ["and"]

    def _together(self, at: int, last: Thing) -> Thing:
        """What two things beside each other are: a fire truck is no truck on fire, if the model knows fire engines."""
        number = self._joined(at, last.end)
        if number is None or number == last.number:
            return Thing(last.number, last.name, at, last.end, self._prompt.said(at, last.end))
        return self._thing(number, at, last.end)

    def _joined(self, at: int, end: int) -> int | None:
        """What some words mean when they are written as one: a snow man, a sun flower, a fire truck."""
        word = "".join(self._plain[at:end])
        return self._lexicon.joined.get(word[:1], {}).get(word, similarity.by_synonym(self._lexicon, word))

    def _is_beside(self, at: int) -> bool:
        """Whether there is a word that nobody has taken, and no comma before it."""
        return self._prompt.free(at) and not self._prompt.words[at].breaks

    def _thing(self, number: int, at: int, end: int) -> Thing:
        """A subject for words that do not name it. No notice is needed when its name says the same."""
        name = self._lexicon.vocabulary.subjects[number].names[0]
        same = {*spelling.phrase(name)} & {*self._plain[at:end]} and end - at == 1
        same = same and at not in self._prompt.corrected
        return Thing(number, name, at, end, "" if same else self._prompt.said(at, end))

    def _is_other(self, thing: Thing) -> bool:
        """Whether a thing is but a part of a word for something else: a hot dog is no dog. Its words are free then."""
        spans = [] if thing.alone else [(thing.at, thing.end + 1)] * self._is_beside(thing.end)
        if not thing.alone and self._prompt.free(thing.at - 1) and not self._prompt.words[thing.at].breaks:
            spans.append((thing.at - 1, thing.end))
        other = any(self._means_other(at, end, thing.number) for at, end in spans)
        other = other or (self._is_beside(thing.end) and self._is_worn_by(thing))  # a clown mask
        if other:
            self._prompt.use(thing.at, thing.end, Use.FREE)
        return other

    def _icon(self, number: int) -> str:
        return self._lexicon.vocabulary.subjects[number].icon

    def _is_being(self, thing: Thing) -> bool:
        return role(self._lexicon.vocabulary.subjects[thing.number]) in BEINGS

    def _is_of_a_trade(self, thing: Thing) -> bool:
        """Whether somebody is more than a man or a woman: a firefighter, a wizard."""
        subject = self._lexicon.vocabulary.subjects[thing.number]
        named = subject.icon.startswith(("man-", "woman-", "person-")) or any(
            map(is_person, spelling.phrase(thing.name))
        )
        return named and subject.icon not in _NO_TRADE

    def _is_worn_by(self, thing: Thing) -> bool:
        """Whether what comes after a thing is worn, and unknown: who would wear it is not meant."""
        worn = self._plain[thing.end]
        return worn in WORN_WORDS and self._is_being(thing) and similarity.by_synonym(self._lexicon, worn) is None

    def _means_other(self, at: int, end: int, number: int) -> bool:
        """Whether some words are one of the table when written together, and no known thing satisfies for it."""
        word = "".join(self._plain[at:end])
        if self._joined(at, end) is not None or tuple(self._plain[at:end]) in self._lexicon.tags:
            return False
        return similarity.is_listed(word) and number not in similarity.near_by_synonym(self._lexicon, word)

    def _is_meant(self, run: range) -> bool:
        """Whether a run is what a prompt is about, not where something unknown is, or of what: a glass of water."""
        first = any(map(self._is_asked, filter(self._prompt.free, range(run.start))))
        return not (first and self._prompt.before(run.start) in _WHERE | {"of"})

    def _belongs(self, run: range) -> bool:
        """Whether an unknown thing is to be drawn, though a known one is there: beside it, or instead of where it is.

        A horse in a house is not a house.
        """
        things = self._scene.things
        if self._lexicon.arranged:
            return len(things) < self._lexicon.most and self._is_joined(run)
        if len(things) > 1:
            return False
        first, last = sorted((run, range(things[0].at, things[0].end)), key=lambda span: span.start)
        joined = not _BESIDE.isdisjoint(self._plain[first.stop : last.start]) and last.start - first.stop <= _APART
        placed = things[0].at > run.start and self._prompt.before(things[0].at) in _WHERE
        return placed or (joined and self._lexicon.pairs)

    def _is_another(self, run: range) -> bool:
        """Whether a run asks for one more thing, though its words go with one that is there too: an alien and a ufo."""
        things = self._scene.things
        if not 0 < len(things) < self._lexicon.most or not self._is_joined(run):
            return False
        meant = similarity.satisfying(self._lexicon, self._runs.words(run))
        return meant not in {None, *(each.number for each in things)}

    def _is_joined(self, run: range) -> bool:
        """Whether an unknown thing is joined to a known one: no mood, no part of one, and not where all is."""
        placed = self._prompt.before(run.start) in surroundings.PREPOSITIONS
        if any(self._plain[at] in FEELINGS or (placed and self._plain[at] in surroundings.PLACES) for at in run):
            return False
        if any(self._tells_of(run, thing) for thing in self._scene.things):
            return False  # it tells more of that: a mother elephant; within one of whom somebody is dressed as
        meant = similarity.satisfying(self._lexicon, self._runs.words(run))
        if meant is not None and (meant in self._lexicon.faces or self._icon(meant) in _NO_OTHERS):
            return False  # waving hello, with legs
        ends = [thing.end for thing in self._scene.things if thing.end <= run.start]
        follows = [thing.at for thing in self._scene.things if thing.at >= run.stop]
        between = (run.start, max(ends)) if ends else (min(follows), run.stop)
        found = joints.before(self._prompt, *between)
        begin = run.start
        while begin and not self._prompt.words[begin].breaks and self._runs.is_look(begin - 1):
            begin -= 1  # a sleepy teen on a bus
        led = self._plain[begin - 1 : begin] if begin else []
        some = led == ["of"] and run.start > 1 and self._plain[run.start - 2] in IDLE_WORDS  # a slice of cheese
        named = led == [] or led[0] in ARTICLES or led[0] in counts.COUNT_WORDS or some
        if not found:
            listed = bool(ends and follows) and self._prompt.words[run.start].breaks  # pizza, fries and a burger
            after_comma = led != [] and named and self._prompt.words[run.start - 1].breaks  # a cat, a husky
            return listed or after_comma or self._runs.is_done_to(run, range(between[1], between[0]))
        said = self._plain[run.stop - 1]
        part = found[0] is Join.WITH and (said,) in self._lexicon.tags and not similarity.is_listed(said)
        if found[0] is Join.OF:
            return led == ["of"] and self._is_in_container(run.start - 1)
        watched = self._plain[found[1].stop - 1].endswith(DOING) and found[1].stop == run.start  # watching pigeons
        return (named or watched or found[0] in _NAMES) and not part  # no spots of a giraffe

    def _is_of_both(self, run: range) -> bool:
        """Whether a run only ends what two do, or are to each other: sharing a kiss, becoming friends."""
        ends = (
            begin + found[1]
            for begin in range(max(0, run.start - joints.JOINS.longest), run.start)
            if (found := joints.JOINS.match(self._plain, begin)) and found[0] is Join.AND
        )
        return encounter_words.ends_with(self._prompt, run) or any(end >= run.stop for end in ends)

    def _tells_of(self, run: range, thing: Thing) -> bool:
        """Whether a run is just before a thing, or among its words."""
        return thing.at < run.start < thing.end or (thing.at == run.stop and not self._prompt.words[run.stop].breaks)

    def _is_in_container(self, at: int) -> bool:
        """Whether a thing that holds others ends at a word: a box of chocolates."""
        subjects = self._lexicon.vocabulary.subjects
        return any(each.end == at and role(subjects[each.number]) in CONTAINERS for each in self._scene.things)

    def _guess(self) -> None:
        """Take something pleasant."""
        number = similarity.last(self._lexicon, self._prompt.text)
        name = self._lexicon.vocabulary.subjects[number].names[0]
        self._scene.taken.append(("", name))
        self._scene.things.append(Thing(number, name, 0, 0))
        for at in filter(self._prompt.free, range(len(self._prompt))):
            self._prompt.use(at, at + 1, Use.IDLE)
