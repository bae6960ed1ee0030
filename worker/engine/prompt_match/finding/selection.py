"""Which of the things that a prompt names are drawn, where several can be: those that are there, each a thing apart."""

from collections.abc import Collection, Iterable, Sequence

from worker.engine.prompt_match.drawings.included import DISHES, INCLUDED, SERVED, TOPPINGS
from worker.engine.prompt_match.drawings.roles import BEINGS, CONTAINERS, WEAR, ThingRole, role
from worker.engine.prompt_match.layout import DRAWINGS_MAX, FIGURES_MAX
from worker.engine.prompt_match.reading import counts, joints, similarity, surroundings
from worker.engine.prompt_match.reading.denials import DENIALS, is_thing_denied
from worker.engine.prompt_match.reading.joints import Join
from worker.engine.prompt_match.reading.lexicon import Lexicon
from worker.engine.prompt_match.reading.plural import is_plural
from worker.engine.prompt_match.reading.prompt import PromptWords, Use
from worker.engine.prompt_match.reading.scene import Scene, Thing
from worker.engine.prompt_match.reading.similarity import FACE
from worker.engine.prompt_match.words.declined import FEELINGS
from worker.engine.prompt_match.words.deeds import DEEDS
from worker.engine.prompt_match.words.postures import ROWS, SIZES
from worker.engine.prompt_match.words.spelling import phrase, singulars

_READ = 24  # things of a prompt that are looked at: with hundreds of emoji it would take seconds, for four of them
_OF_A_KIND = frozenset(("shaped", "colored", "coloured", "themed", "patterned", "printed", "flavored"))
_WEATHER = (ThingRole.SKY, ThingRole.FLAME)  # one is in it, where English says `in`
_WITHIN = (Join.IN, Join.INSIDE, Join.NEAR)
# Names of things that are places or times, with such a word before them: a taxi in the city, a castle at sunset.
_SPREAD = frozenset(("city", "ice", "forest", "woods", "woodland", "jungle", "sunset", "galaxy", "desert"))
_THERE = (*_WITHIN, Join.ON, Join.OVER, Join.LEAP, Join.CLOSE)
_HAVING = (Join.WITH, Join.WEAR)
# Of them a drawing shows also what they are on, or in: a surfer on a wave, a genie in a lamp.
_ON_IT, _SHOWING = ("person-", "skier", "snowboarder", "man-genie"), (*_HAVING, Join.ON, Join.IN)
_SERVING = (Join.IN, Join.ON, Join.NEAR)  # in a bowl, on a plate, from a bowl
_OF_MOST = 4  # words from such a dish to what is in it, at most: of very hot ramen
_ON_TOP = ["on", "top"]
_AMONG = frozenset(("in", "through", "among", "into", "across", "within", "inside"))


class Selection:
    """Works on the words of one prompt and on its scene, in place: what is not drawn is free again, to be told."""

    def __init__(self, prompt: PromptWords, lexicon: Lexicon, scene: Scene) -> None:
        self._prompt, self._lexicon, self._scene = prompt, lexicon, scene
        self._plain = prompt.plain

    def select(self) -> None:
        """Leave out what is denied, what only tells more of something else or where all is, and what is too much."""
        scene = self._scene
        if len(scene.things) > _READ:
            scene.at_once = DRAWINGS_MAX
        for thing in scene.things[_READ:]:
            self._drop(thing)
        for thing in tuple(scene.things):
            if self._is_where_several_are(thing):
                self._drop(thing)
        for thing in tuple(scene.things):
            if thing in scene.things:
                self._serve(thing)
                self._include(thing)
        denied = [each for each in scene.things if is_thing_denied(self._prompt, each, scene.things)]
        scene.denied.update(each.number for each in denied)
        drops_of = (
            denied.__contains__,
            self._tells_more,
            self._is_of,
            self._is_topping,
            self._is_place,
            self._is_weather,
            self._is_mood,
        )
        for drops in drops_of:
            for thing in tuple(scene.things):
                if len(scene.things) > 1 and drops(thing):
                    self._drop(thing)
        scene.things[:] = [thing for thing in scene.things if not self._is_part(thing)]
        scene.things[:] = self._once(scene.things)
        self._limit()

    def _drop(self, thing: Thing) -> None:
        self._scene.things.remove(thing)
        self._prompt.use(thing.at, thing.end, Use.FREE)

    def _serve(self, thing: Thing) -> None:
        """Account for the dish that the drawing of what is in it shows as well: a bowl of hot ramen."""
        served = SERVED.get(self._icon(thing), frozenset())
        of = next((at for at in range(thing.at - 1, max(0, thing.at - _OF_MOST), -1) if self._plain[at] == "of"), 0)
        breaks = any(word.breaks for word in self._prompt.words[of : thing.at + 1])
        if of and served and not (thing.alone or breaks) and self._is_included(of - 1, served):
            for dish in [each for each in self._scene.things if each.end == of]:
                self._drop(dish)
            self._account(range(of - 1, of + 1))
        after = self._with(thing, _SERVING) if served and not thing.alone else range(0)
        for at in (each for each in after[-1:] if self._is_included(each, served)):
            for dish in [each for each in self._scene.things if each.at <= at < each.end]:
                self._drop(dish)
            self._account(range(thing.end, at + 1))

    def _include(self, thing: Thing) -> None:
        """Account for what the drawing of a thing shows anyway: a gold crown, a snowman with a carrot nose."""
        included = INCLUDED.get(self._icon(thing), frozenset())
        if thing.alone or not included:
            return
        before = thing.at - 1
        while before >= 0 and not self._prompt.words[before + 1].breaks and self._plain[before] in {*included, "and"}:
            self._account([before])
            before -= 1
        having = self._with(thing, _SHOWING if self._icon(thing).startswith(_ON_IT) else _HAVING)
        apart = False
        for at in having:
            of = next((each for each in self._scene.things if each.at <= at < each.end), None)
            if of and at < of.end - 1:
                continue  # its last word says what it is
            if not self._is_included(at, included) or (of and self._is_other(of, thing, included)):
                apart |= of is not None  # a thing of its own, and all that follows tells of it
                continue
            if of:
                self._drop(of)
            if apart:
                continue
            self._account(each for each in range(of.at if of else at, at + 1) if self._is_included(each, included))
            self._account(range(thing.end, having.start))
            if self._plain[at + 1 : at + 1 + len(_ON_TOP)] == _ON_TOP:
                self._account(range(at + 1, at + 1 + len(_ON_TOP)))

    def _is_other(self, thing: Thing, having: Thing, included: Collection[str]) -> bool:
        """Whether a thing is not what a drawing shows anyway: a cowboy hat on a chef, a king's blue cape."""
        words = range(thing.at, thing.end)
        same = all(self._is_included(at, included) or self._lexicon.is_colour(self._plain[at]) for at in words)
        worn = self._role(thing) in WEAR and self._role(having) in BEINGS
        return not same or (bool(thing.paint) and worn)

    def _is_included(self, at: int, included: Collection[str]) -> bool:
        return any(word in included for word in (self._plain[at], *singulars(self._plain[at])))

    def _account(self, words: Iterable[int]) -> None:
        for at in words:
            self._prompt.use(at, at + 1)

    def _with(self, thing: Thing, having: Collection[Join] = _HAVING) -> range:
        """The words that say with what a thing is, and what it wears."""
        begin = thing.end
        found = joints.JOINS.match(self._plain, begin)
        if not found or found[0] not in having or self._prompt.words[begin].breaks:
            return range(0)
        begin += found[1]
        end = begin
        while end < len(self._prompt) and not self._prompt.words[end].breaks and self._plain[end] not in DENIALS:
            joined = joints.JOINS.match(self._plain, end)
            if joined and joined[0] is not Join.AND:
                break
            end += 1
        return range(begin, end)

    def _limit(self) -> None:
        """Leave out those that are more than are drawn, or than there is room for: the last ones."""
        drawn: set[tuple[int, str]] = set()
        figures = 0
        for thing in tuple(self._scene.things):
            parts = {self._drawn(each) for each in (thing, thing.head) if each}
            other = not parts <= drawn
            if figures == FIGURES_MAX or (other and len(drawn | parts) > DRAWINGS_MAX):
                self._scene.at_once = DRAWINGS_MAX if other else self._scene.at_once or FIGURES_MAX
                self._drop(thing)
            else:
                drawn |= parts
                figures += 1

    def _before(self, thing: Thing) -> int:
        """Where the thing before one ends; 0 without one."""
        return max((each.end for each in self._scene.things if each.end <= thing.at), default=0)

    def _joined(self, thing: Thing) -> tuple[Join | None, range]:
        """How a thing is joined to the one before."""
        before = self._before(thing)
        found = joints.before(self._prompt, thing.at, before) if before else None
        return found or (None, range(0))

    def _tells_more(self, thing: Thing) -> bool:
        """Whether the word after a thing is what is meant: rainbow hair, a star shaped cookie."""
        if thing.alone or not self._prompt.free(thing.end) or self._prompt.words[thing.end].breaks:
            return False
        word = self._plain[thing.end]
        told = word in FEELINGS or word in counts.COUNT_WORDS | counts.EACH | DENIALS or word in surroundings.PLACES
        told = told or word in DEEDS or similarity.asks_for_nothing(self._lexicon, word)
        joins = any(table.match(self._plain, thing.end) for table in (joints.JOINS, SIZES, ROWS))
        is_thing = not (told or joins or counts.times(self._plain, thing.end))
        return word in _OF_A_KIND or (is_thing and thing is not self._scene.things[0])

    def _is_of(self, thing: Thing) -> bool:
        """Whether a thing only tells what another one is made of, or looks like: a sun with a smiling face."""
        join, words = self._joined(thing)
        held = self._plain[words.start : words.start + 1] == ["of"]  # a basket of apples
        if held and any(self._role(each) in CONTAINERS and each.end == words.start for each in self._scene.things):
            return False
        return join is Join.OF or (join is Join.WITH and not thing.alone and self._plain[thing.end - 1] == FACE)

    def _is_topping(self, thing: Thing) -> bool:
        """Whether a thing lies on a dish, and is seen on no drawing of it: a pizza with mushrooms."""
        dish = next((each for each in self._scene.things if each.end == self._before(thing)), None)
        if not dish or thing.alone or self._icon(dish) not in DISHES or self._icon(thing) not in TOPPINGS:
            return False
        on_top = self._plain[thing.end : thing.end + len(_ON_TOP)] == _ON_TOP  # there it is drawn
        return thing.at in self._with(dish) and not on_top

    def _is_where_several_are(self, thing: Thing) -> bool:
        """Whether a thing is only drawn for a place, of which several things are told: a beach with palm trees."""
        at = thing.end - 1
        worded = thing.end > thing.at and not thing.alone
        if not worded or not surroundings.shows(self._prompt, at) or self._scene.colours:
            return False
        names = self._lexicon.vocabulary.subjects[thing.number].names
        named = not thing.asked or any(self._plain[at] in phrase(name) for name in names)
        if named and self._plain[at] not in _SPREAD:
            return False  # a tropical island
        after = next((each for each in self._scene.things if each.at >= thing.end), None)
        if not after or any(word.breaks for word in self._prompt.words[thing.end : after.at + 1]):
            return False
        return is_plural(self._prompt, self._lexicon, after)

    def _is_place(self, thing: Thing) -> bool:
        """Whether a thing is where all is, which its scenery shows better: a dragon over the city."""
        said = self._plain[thing.at : thing.end]
        one = self._plain[thing.at - 1 : thing.at] == ["an"]  # on an ice
        there = self._joined(thing)[0] in _THERE or self._prompt.before(thing.at) in surroundings.PREPOSITIONS
        return len(said) == 1 and said[0] in _SPREAD and not one and there

    def _is_weather(self, thing: Thing) -> bool:
        """Whether a thing is where all is, for which a background stands: in a storm, among the trees."""
        if self._scene.colours or self._plain[thing.end - 1] not in surroundings.PLACES:
            return False
        join, words = self._joined(thing)
        inside = join in _WITHIN and not _AMONG.isdisjoint(self._plain[words.start : words.stop])
        return inside and (self._role(thing) in _WEATHER or is_plural(self._prompt, self._lexicon, thing))

    def _is_mood(self, thing: Thing) -> bool:
        """Whether a thing is an emoji of a face that only says how the words beside it are meant."""
        worded = any(not each.alone for each in self._scene.things)
        return thing.alone and thing.number in self._lexicon.faces and worded

    def _is_part(self, thing: Thing) -> bool:
        """Whether the drawing of the thing before has it already, by its name: a planet with rings."""
        join, _ = self._joined(thing)
        others = [each for each in self._scene.things if each.end == self._before(thing)]
        if join not in _HAVING or not others or others[-1].number == thing.number:
            return False
        said = self._plain[thing.end - 1]
        stems = {said, *singulars(said)}
        subject = self._lexicon.vocabulary.subjects[others[-1].number]
        own = {word for name in (subject.icon, *subject.names) for word in phrase(name)}
        return not own.isdisjoint(form for stem in stems for form in (stem, f"{stem}ed"))

    def _once(self, things: list[Thing]) -> list[Thing]:
        """Each thing once, but for another one of its kind: a cat chasing a cat."""
        kept: list[Thing] = []
        for thing in things:
            same = [each for each in kept if self._seen(each) == self._seen(thing)]
            if not same or self._is_another(thing, same):
                kept.append(thing)
        return kept

    def _is_another(self, thing: Thing, same: Sequence[Thing]) -> bool:
        if thing.alone:
            return all(each.alone for each in same)  # a row of emoji
        sized = thing.at > 0 and SIZES.match(self._plain[: thing.at], thing.at - 1) is not None
        return sized or self._joined(thing)[0] is not None

    def _drawn(self, thing: Thing) -> tuple[int, str]:
        """What is drawn for a thing: which one, and in which colour, if that is not its own."""
        names = self._lexicon.vocabulary.subjects[thing.number].names
        return thing.number, "" if thing.name in names else thing.name

    def _seen(self, thing: Thing) -> tuple[tuple[int, str], ...]:
        """What is drawn for a thing, and for its head."""
        return tuple(self._drawn(each) for each in (thing, thing.head) if each)

    def _icon(self, thing: Thing) -> str:
        return self._lexicon.vocabulary.subjects[thing.number].icon

    def _role(self, thing: Thing) -> ThingRole:
        return role(self._lexicon.vocabulary.subjects[thing.number])
