"""A prompt → its scene: background, known phrases, sizes and places, style; `things` then finds what is to be drawn."""

from collections.abc import Callable, Container
from dataclasses import replace

from .drawings.busts import AGED
from .finding import dressed, figures, held_in, narrowed, other_faces, senses, tools, whole
from .finding.things import ThingFinder
from .placing.arrangement import Arranger
from .reading import (
    background,
    body_parts,
    colour_before,
    limbs,
    picture_kinds,
    planted,
    surroundings,
    typos,
)
from .reading.background import Background
from .reading.lexicon import FILLERS, Kind, Lexicon, Meaning
from .reading.picture_kinds import PictureKind
from .reading.prompt import ARTICLES, EMOJI, PromptWords, Use
from .reading.scene import Scene, Thing
from .reading.similarity import by_synonym, is_listed, is_verb_or_adverb
from .reading.standing_words import WORDS
from .words import spelling
from .words.declined import FEELINGS, is_person
from .words.english import is_word
from .words.similar import SIMILAR
from .words.synonyms import IDLE_PHRASES, IDLE_WORDS, STOP_WORDS, STYLES

_COLOURED = frozenset(("in", "is", "are", "painted", "colored", "coloured", "bright", "dark", "light", "neon", "half"))
_FACE_WITH = ("face", "with")
_PLACES = 2  # at once: where and when, where and in which weather
_LISTED = (4, 3)  # words that the table has as one; of two `things` looks after
_CORRECTED = 24  # words of a prompt of which it is looked up what was meant: a thousand would take seconds
_OF_FRUIT = ("fruit", "fruits", "slice", "slices", "peel", "half", "halves")  # an orange has these
_AFTER_A_FRUIT = FILLERS | STOP_WORDS | WORDS | frozenset(_OF_FRUIT)


def read(text: str, lexicon: Lexicon, *, negative: bool = False) -> Scene:
    """Read a prompt. Of a `negative` one only what is known is taken: what comes near would keep out too much."""
    parser = _SceneParser(text, lexicon)
    parser.correct_typos()
    parser.background(background.find)
    if not negative:
        parser.narrow()
        parser.picture_kinds()
        parser.figures()
    parser.phrases()
    parser.background(background.stray)
    if not negative:
        parser.styles()
        parser.things()
        parser.together()
        parser.surroundings()
    return parser.finish()


class _SceneParser:
    """The words of one prompt, and which of them are accounted for."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self._lexicon, self._prompt = lexicon, PromptWords(text)
        self._plain = self._prompt.plain
        self._exact = True
        self._scene = Scene()
        self._arranger = Arranger(self._prompt, lexicon, self._scene)
        self._kinds: list[PictureKind] = []
        self._aside: list[str] = []  # what is told as left out, beside words that nobody has taken

    def correct_typos(self) -> None:
        """Correct typos; of one in a thing the person gets a notice."""
        lexicon = self._lexicon
        known: tuple[Container[str], ...] = (lexicon.words, FILLERS, STOP_WORDS, IDLE_WORDS, STYLES, FEELINGS)
        known += (WORDS,) if lexicon.arranged else ()
        unknown = 0
        for at, word in enumerate(self._plain):
            if is_person(word) or any(word in words for words in known) or is_listed(word):
                continue
            own = is_word(word)  # and no typo, but for some
            unknown += not own
            meant = None if own else next((each for each in lexicon.apart if spelling.count_typos(word, each)), None)
            if not meant and unknown <= _CORRECTED:
                meant = typos.KNOWN.get(word) if own else typos.meant(word, lexicon.spelt)
            if meant and meant != word:
                self._exact = False
                self._plain[at] = meant
                self._prompt.corrected.add(at)

    def background(self, find: Callable[[PromptWords, Lexicon], Background]) -> None:
        """Take the background, unless there is one."""
        if not self._scene.colours and (found := find(self._prompt, self._lexicon)).colours:
            self._scene.colours = found.colours
            self._exact &= found.exact
            if found.asked:
                self._scene.taken.append((found.asked, " to ".join(found.colours)))

    def narrow(self) -> None:
        """Leave out a general word of which the next one tells more."""
        if self._lexicon.vocabulary.arranged:  # also where it is drawn without: what was kept is drawn on
            narrowed.pass_over(self._prompt, self._lexicon)

    def picture_kinds(self) -> None:
        """Find the kinds of picture that the model has not learnt, so that nobody looks for things in their words."""
        self._kinds = picture_kinds.find(self._prompt, self._lexicon)
        for each in self._kinds:
            self._exact = False
            self._prompt.use(each.words.start, each.words.stop)

    def figures(self) -> None:
        """Find the people who are things of their own by what they do, and how they look."""
        for each in tuple(figures.find(self._prompt, self._lexicon)):
            name = self._lexicon.vocabulary.subjects[each.number].names[0]
            before = self._plain[each.words.start - 1 : each.words.start]
            old = before == ["old"] or bool(each.head and before and before[0] in AGED)  # who is drawn without that
            said = self._prompt.said(each.words.start - old, each.words.stop)
            told = {*spelling.phrase(name)} <= {*spelling.phrase(said)}
            begin, end = each.person.start - old, each.person.stop
            for at in (*each.shown, *range(each.words.start - old, each.words.start)):
                self._prompt.use(at, at + 1)
            thing = Thing(each.number, name, begin, end, "" if told or each.head else said, exact=False)
            if each.head:
                number = self._lexicon.icons[spelling.phrase(each.head)]
                head = replace(thing, number=number, name=self._lexicon.vocabulary.subjects[number].names[0])
                thing = replace(thing, head=head)
            self._scene.things.append(thing)

    def phrases(self) -> None:
        """Find the longest known phrases from left to right, then words that ask for nothing."""
        at = 0
        while at < len(self._prompt):
            at += self._phrase(at)
        self._scene.things.sort(key=lambda thing: thing.at)
        for at, word in enumerate(self._plain):
            if self._prompt.free(at) and word in FILLERS:
                self._prompt.use(at, at + 1)
            elif self._prompt.free(at) and (word in STOP_WORDS or tuple(self._plain[at : at + 2]) in IDLE_PHRASES):
                self._prompt.use(at, at + 1, Use.IDLE)

    def styles(self) -> None:
        """Take the nearest style for a kind of picture that the model has not learnt."""
        self._take_kinds(weak=False)
        for at, word in enumerate(self._plain):
            if self._prompt.free(at):
                known = (self._lexicon.names.get(spelling.phrase(name)) for name in STYLES.get(word, ()))
                style = next((each.words for each in known if each and each.kind is Kind.STYLE), None)
                if style and not self._scene.style:
                    self._scene.taken.append((self._prompt.said(at, at + 1), style))
                    self._scene.style = style
                if style and style == self._scene.style:  # minimalist flat: two words for one
                    self._prompt.use(at, at + 1)
        self._take_kinds(weak=True)

    def _take_kinds(self, *, weak: bool) -> None:
        for each in self._kinds:
            if each.weak is not weak or (each.style and each.style == self._scene.style):
                continue
            said = self._prompt.said(each.words.start, each.words.stop)
            if each.style and not self._scene.style:
                self._scene.taken.append((said, each.style))
                self._scene.style = each.style
            else:
                self._aside.append(said)

    def things(self) -> None:
        """Find the things, known and unknown."""
        finder = ThingFinder(self._prompt, self._lexicon, self._scene)
        if self._lexicon.arranged:
            planted.find(self._prompt, self._lexicon, self._scene)
            body_parts.leave_out(self._prompt, self._lexicon, self._scene)
            limbs.leave_out(self._prompt, self._lexicon, self._scene)
            dressed.dress(self._prompt, self._lexicon, self._scene)
        finder.compounds()
        finder.cues()
        if self._lexicon.arranged:
            self._arranger.note()
        if self._lexicon.arranged:
            finder.wholes()
        finder.neighbours()
        if self._lexicon.arranged:
            senses.settle(self._prompt, self._lexicon, self._scene)
            held_in.settle(self._prompt, self._lexicon, self._scene)
            tools.settle(self._prompt, self._lexicon, self._scene)
            whole.stand(self._prompt, self._lexicon, self._scene)
        colour_before.paint(self._prompt, self._lexicon, self._scene)
        other_faces.settle(self._prompt, self._lexicon, self._scene)
        finder.looks()
        planted.give_back(self._lexicon, self._scene)
        finder.guess()

    def together(self) -> None:
        """Say how the things of the scene stand, and leave out what is too many."""
        if self._lexicon.arranged:
            self._arranger.arrange()
        else:
            self._sides()

    def _sides(self) -> None:
        """Bring two things into their order from left to right, and leave out what is too many."""
        scene, most = self._scene, self._lexicon.most
        scene.things = list({thing.number: thing for thing in reversed(scene.things)}.values())[::-1]  # each once
        for thing in scene.things[most:]:
            scene.at_once = most
            self._prompt.use(thing.at, thing.end, Use.FREE)
        del scene.things[most:]
        if scene.at_once == 1:  # places told them apart; only a small thing has one of its own
            del scene.places[1 if scene.size else 0 :]
        if len(scene.things) == 2:
            first, second = scene.things
            between, after = self._plain[first.end : second.at], self._plain[second.end :]
            if "right" in between or ("left" in after and "left" not in between):
                scene.things.reverse()
                self._exact &= "of" in between  # captions say `to the right of`, and else begin at the left

    def surroundings(self) -> None:
        """Where nothing else says what stands behind the thing, let its surroundings."""
        if self._scene.colours or not self._scene.things:
            return
        found = surroundings.find(self._prompt, self._lexicon, self._scene.things)
        if self._scene.planted:
            grown = self._scene.planted
            ground = surroundings.of_place(grown.place, grown.words, self._lexicon)
            found = [
                ground,
                *(each for each in found if surroundings.kind(each.place) or each.words.start not in grown.words),
            ]
        found = sorted(found, key=lambda each: surroundings.kind(each.place))[:_PLACES]
        for each in found[:1]:
            self._scene.place, self._scene.colours = each.place, each.colours
        for each in found[1:]:
            self._scene.time, self._scene.colours = each.place, each.colours
        self._scene.colours = surroundings.clearer(self._scene.colours, self._lexicon, self._scene.things)
        for each in found:
            said = self._prompt.said(each.words.start, each.words.stop)
            self._scene.taken.append((said, " to ".join(self._scene.colours)))
            end = each.words.stop
            self._prompt.use(each.words.start, end + surroundings.shows(self._prompt, end - 1))
        if not found:
            self._scene.colours = surroundings.sky(self._prompt, self._lexicon, self._scene.things)

    def finish(self) -> Scene:
        """The scene, with what nobody has taken."""
        scene = self._scene
        drawn = [each for thing in scene.things for each in (thing, thing.head) if each]
        scene.taken += [(each.asked, each.name) for each in drawn if each.asked]
        runs = self._prompt.runs(lambda at: self._plain[at] in FILLERS or self._prompt.uses[at] is Use.IDLE)
        scene.left = [*self._aside, *(self._prompt.said(run.start, run.stop) for run in runs)]
        pair = len(scene.things) == 2
        if not self._lexicon.places:
            scene.left += scene.places
            scene.places = []
        if pair:  # captions of two things say neither
            scene.left += filter(None, [scene.size, *scene.turns])
        scene.understood = (
            self._exact
            and not (scene.taken or scene.left)
            and self._prompt.is_clean([range(thing.at, thing.end) for thing in scene.things])
            and all(use is Use.KNOWN for use in self._prompt.uses)
            and all(thing.exact for thing in scene.things)
            and (len(scene.things) < 2 or bool(scene.places))
        )
        return scene

    def _phrase(self, at: int) -> int:
        """Take the phrase that begins at a word, if any; returns how many words to go on."""
        if not self._prompt.free(at):
            return 1
        if self._plain[at] == EMOJI:
            self._emoji(at)
            return 1
        found = self._lexicon.match(self._plain[: self._prompt.part(at)], at)
        if listed := self._listed(at, found[1] if found else 0):
            return listed
        if not found or (found[0].kind is Kind.SUBJECT and found[1] == 1 and self._is_colour_of_another(at)):
            return 1
        meaning, length = found
        match meaning.kind:
            case Kind.SUBJECT:
                self._scene.things.append(self._named(meaning, at, at + length))
            case Kind.STYLE if not self._scene.style:
                self._scene.style = meaning.words
            case Kind.SIZE if not self._scene.size:
                self._scene.size = meaning.words
            case Kind.PLACE if len(self._scene.places) < 2:
                self._scene.places.append(meaning.words)
            case Kind.TURN if len(self._scene.turns) < 2:
                self._scene.turns.append(meaning.words)
            case _:
                return length
        written = meaning.kind is Kind.PLACE or self._prompt.is_written(at, at + length, meaning.words)
        self._exact &= meaning.exact and written
        self._prompt.use(at, at + length)
        return length

    def _named(self, meaning: Meaning, at: int, end: int) -> Thing:
        """The thing that some words name; where one of them was a typo, of that the person is told."""
        if self._prompt.corrected.isdisjoint(range(at, end)):
            return Thing(meaning.number, meaning.words, at, end, exact=meaning.exact)
        name = self._lexicon.vocabulary.subjects[meaning.number].names[0]
        return Thing(meaning.number, name, at, end, self._prompt.said(at, end), exact=False)

    def _listed(self, at: int, named: int) -> int:
        """Take what several words of the table mean together, if that is known; returns how many, 0 where none do.

        `named`: so many words are the name of something, which goes before as many of the table.
        """
        most = self._prompt.part(at) - at
        joints = ((length, "".join(self._plain[at : at + length])) for length in _LISTED if named < length <= most)
        length, joint = next((each for each in joints if each[1] in SIMILAR), (0, ""))
        if joint and (number := by_synonym(self._lexicon, joint)) is not None:
            name = self._lexicon.vocabulary.subjects[number].names[0]
            words = {*spelling.phrase(name)}
            told = len(words) > 1 and words <= {*self._plain[at : at + length]}
            told &= self._prompt.corrected.isdisjoint(range(at, at + length))
            asked = "" if told else self._prompt.said(at, at + length)
            self._scene.things.append(Thing(number, name, at, at + length, asked, exact=False))
            self._prompt.use(at, at + length)
        return length

    def _is_colour_of_another(self, at: int) -> bool:
        """Whether a word that names a thing is a colour here: an orange cat, orange and blue, it is orange."""
        plain, words = self._plain, self._prompt.words
        if plain[at] not in self._lexicon.vocabulary.paints:
            return False
        if at and not words[at].breaks and plain[at - 1] in _COLOURED:
            return True
        apart = plain[at - 1 : at] == ["and"]
        before = at - 1 - apart
        joined = (apart or words[at].breaks) and self._prompt.free(before)
        if joined and plain[before] in self._lexicon.vocabulary.paints:
            return True  # a car, blue and orange
        after = at + 1 + (plain[at + 1 : at + 2] == ["and"])
        if after >= len(plain):
            return False
        if after > at + 1 or words[after].breaks:
            comma = "," in self._prompt.text[words[after - 1].end : words[after].start]
            led = at > 0 and plain[at - 1] in ARTICLES and comma  # an orange, red and ripe
            return not led and self._prompt.free(after) and self._lexicon.is_colour(plain[after])
        return plain[after] not in _AFTER_A_FRUIT and not is_verb_or_adverb(plain[after])

    def _emoji(self, at: int) -> None:
        """Take the thing that an emoji shows, or one that its name holds. What comes near to it has to wait."""
        words = spelling.phrase(self._prompt.words[at].called)
        number, asked = self._lexicon.icons.get(words), ""
        words = words[: words.index("with")] if words[:2] == _FACE_WITH else words  # a bandage is no hurt face
        for start in range(len(words)) if number is None else ():
            if (found := self._lexicon.match(words, start)) and found[0].kind is Kind.SUBJECT:
                number = found[0].number
                asked = "" if found[1] == len(words) else self._prompt.said(at, at + 1)
                break
        if number is not None:
            name = self._lexicon.vocabulary.subjects[number].names[0]
            self._prompt.use(at, at + 1)
            self._scene.things.append(Thing(number, name, at, at + 1, asked, alone=True))
