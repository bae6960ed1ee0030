"""A prompt → what it shows, as far as the model's words go, and what is left over."""

from collections.abc import Callable, Container
from dataclasses import dataclass, field

from . import background, similarity, spelling
from .background import Background
from .lexicon import FILLERS, Kind, Lexicon
from .prompt import EMOJI, PromptWords, Use
from .synonyms import SIMILAR, STOP_WORDS, STYLES

_BESIDE, _APART = {"and", "with", "left", "right"}, 6  # what joins two things, and words between them at most
_WHERE = {"in", "on", "at", "over", "under", "near", "behind", "beside", "inside", "above", "below"}


@dataclass(frozen=True)
class Thing:
    """A subject that is to be drawn.

    Attributes:
        name: in the words of captions.
        at: where in the prompt its word stands.
        asked: what was asked for, when this is only near to it.
        exact: the model was taught the very words that were used.
        alone: an emoji, which is never part of a compound.
    """

    number: int
    name: str
    at: int
    end: int
    asked: str = ""
    exact: bool = False
    alone: bool = False


@dataclass
class Scene:
    """What a prompt shows.

    Attributes:
        things: subjects from left to right.
        taken: for what was asked, which is not known → what is drawn instead.
        left: what is left out, as it was written.
        crowded: among it are things that are known, but too many for one picture.
        understood: the model was taught every word of it; the prompt needs no change.
    """

    things: list[Thing] = field(default_factory=list)
    style: str = ""
    colours: tuple[str, ...] = ()
    size: str = ""
    places: list[str] = field(default_factory=list)
    turns: list[str] = field(default_factory=list)
    taken: list[tuple[str, str]] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    crowded: bool = False
    understood: bool = False


def read(text: str, lexicon: Lexicon, *, negative: bool = False) -> Scene:
    """Read a prompt. Of a `negative` one only what is known is taken: what comes near would keep out too much."""
    parser = _SceneParser(text, lexicon)
    parser.correct_typos()
    parser.background(background.find)
    parser.phrases()
    parser.background(background.stray)
    if not negative:
        parser.styles()
        parser.compounds()
        parser.cues()
        parser.neighbours()
        parser.sides()
    return parser.finish()


class _SceneParser:
    """The words of one prompt, and which of them are accounted for."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self._lexicon, self._prompt = lexicon, PromptWords(text)
        self._plain = self._prompt.plain
        self._exact = True
        self._scene = Scene()

    def correct_typos(self) -> None:
        """Correct typos in the words for styles and backgrounds; of one in a thing the person gets a notice."""
        lexicon = self._lexicon
        known: tuple[Container[str], ...] = (lexicon.words, FILLERS, STOP_WORDS, SIMILAR, STYLES)
        for at, word in enumerate(self._plain):
            if not any(word in words for words in known):
                meant = next((each for each in lexicon.apart if spelling.count_typos(word, each)), word)
                self._exact &= meant == word
                self._plain[at] = meant

    def background(self, find: Callable[[PromptWords, Lexicon], Background]) -> None:
        """Take the background, unless there is one."""
        if not self._scene.colours and (found := find(self._prompt, self._lexicon)).colours:
            self._scene.colours = found.colours
            self._exact &= found.exact
            if found.asked:
                self._scene.taken.append((found.asked, " to ".join(found.colours)))

    def phrases(self) -> None:
        """Find the longest known phrases from left to right, then words that ask for nothing."""
        at = 0
        while at < len(self._prompt):
            at += self._phrase(at)
        for at, word in enumerate(self._plain):
            if self._prompt.free(at) and word in FILLERS:
                self._prompt.use(at, at + 1)
            elif self._prompt.free(at) and word in STOP_WORDS:
                self._prompt.use(at, at + 1, Use.IDLE)

    def styles(self) -> None:
        """Take the nearest style for a kind of picture that the model has not learnt."""
        for at, word in enumerate(self._plain):
            if self._prompt.free(at) and not self._scene.style:
                known = (self._lexicon.names.get(spelling.phrase(name)) for name in STYLES.get(word, ()))
                style = next((each.words for each in known if each and each.kind is Kind.STYLE), None)
                if style:
                    self._prompt.use(at, at + 1)
                    self._scene.style = style
                    self._scene.taken.append((self._prompt.said(at, at + 1), style))

    def compounds(self) -> None:
        """Of things without a word between them the last is meant: a robot cat is a cat, a fire truck a truck."""
        kept: list[Thing] = []
        for thing in map(self._headed, self._scene.things):
            if kept and kept[-1].number != thing.number and self._is_one(kept[-1], thing):
                before = kept.pop().at
                asked = self._prompt.said(before, thing.end)
                kept.append(Thing(thing.number, thing.name, before, thing.end, asked))
            else:
                kept.append(thing)
        self._scene.things = kept

    def cues(self) -> None:
        """Words that captions say beside a thing's name are known there."""
        for run in self._prompt.runs():
            said = tuple(self._plain[run.start : run.stop])
            numbers = {*self._lexicon.tags.get(said, ()), *self._lexicon.cues.get(said, ())}
            if numbers & {thing.number for thing in self._scene.things}:
                self._prompt.use(run.start, run.stop)

    def neighbours(self) -> None:
        """Take the nearest known thing where none is named, or for an unknown one that a known one stands beside."""
        things = self._scene.things
        for run in map(self._trimmed, self._prompt.runs()):
            if things and not self._belongs(run):
                continue
            said = [self._prompt.words[at].called or self._plain[at] for at in run]
            number = similarity.nearest(self._lexicon, spelling.phrase(" ".join(said)))
            if number is not None and number not in {thing.number for thing in things}:
                self._prompt.use(run.start, run.stop)
                things.append(self._thing(number, run.start, run.stop))
        things.sort(key=lambda thing: thing.at)
        if not things:
            self._guess()

    def sides(self) -> None:
        """Bring two things into their order from left to right, and leave out what is too many."""
        scene, most = self._scene, 2 if self._lexicon.pairs else 1
        scene.things = list({thing.number: thing for thing in reversed(scene.things)}.values())[::-1]  # each once
        for thing in scene.things[most:]:
            scene.crowded = True
            self._prompt.use(thing.at, thing.end, Use.FREE)
        del scene.things[most:]
        if scene.crowded and most == 1:  # places told them apart; only a small thing has one of its own
            del scene.places[1 if scene.size else 0 :]
        if len(scene.things) == 2:
            first, second = scene.things
            between, after = self._plain[first.end : second.at], self._plain[second.end :]
            if "right" in between or ("left" in after and "left" not in between):
                scene.things.reverse()
                self._exact &= "of" in between  # captions say `to the right of`, and else begin at the left

    def finish(self) -> Scene:
        """The scene, with what nobody has taken."""
        scene = self._scene
        scene.taken += [(thing.asked, thing.name) for thing in scene.things if thing.asked]
        runs = self._prompt.runs(lambda at: self._plain[at] in FILLERS or self._prompt.uses[at] is Use.IDLE)
        scene.left = [self._prompt.said(run.start, run.stop) for run in runs]
        pair = len(scene.things) == 2
        if pair:  # captions of two things say neither
            scene.left += filter(None, [scene.size, *scene.turns])
        scene.understood = (
            self._exact
            and not (scene.taken or scene.left)
            and self._prompt.is_clean([range(thing.at, thing.end) for thing in scene.things])
            and all(use is Use.KNOWN for use in self._prompt.uses)
            and all(thing.exact for thing in scene.things)
            and (not pair or bool(scene.places))
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
        if not found:
            return 1
        meaning, length = found
        match meaning.kind:
            case Kind.SUBJECT:
                exact = meaning.exact
                self._scene.things.append(Thing(meaning.number, meaning.words, at, at + length, exact=exact))
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

    def _emoji(self, at: int) -> None:
        """Take the thing that an emoji shows, or one that its name holds. What comes near to it has to wait."""
        words = spelling.phrase(self._prompt.words[at].called)
        number, asked = self._lexicon.icons.get(words), ""
        for start in range(len(words)) if number is None else ():
            if (found := self._lexicon.match(words, start)) and found[0].kind is Kind.SUBJECT:
                number = found[0].number
                asked = "" if found[1] == len(words) else self._prompt.said(at, at + 1)
                break
        if number is not None:
            name = self._lexicon.vocabulary.subjects[number].names[0]
            self._prompt.use(at, at + 1)
            self._scene.things.append(Thing(number, name, at, at + 1, asked, alone=True))

    def _is_one(self, first: Thing, second: Thing) -> bool:
        apart = first.alone or second.alone or self._prompt.words[second.at].breaks
        return first.end == second.at and not apart

    def _headed(self, thing: Thing) -> Thing:
        """The thing itself, or what is meant together with the word beside it: a fire truck, a hot dog."""
        plain, at, end = self._plain, thing.at, thing.end
        number = None
        if thing.alone:
            return thing
        if self._is_beside(end):
            tagged = self._lexicon.tags.get(tuple(plain[at : end + 1]))
            verb = similarity.is_verb_or_adverb(plain[end])
            head = None if verb else similarity.by_synonym(self._lexicon, plain[end])
            number, end = tagged[0] if tagged else head, end + 1
        if number is None and self._prompt.free(at - 1) and not self._prompt.words[at].breaks:
            number, at, end = similarity.by_synonym(self._lexicon, plain[at - 1] + plain[at]), at - 1, thing.end
        if number is None or number == thing.number:
            return thing
        self._prompt.use(at, end)
        return self._thing(number, at, end)

    def _is_beside(self, at: int) -> bool:
        """Whether there is a word that nobody has taken, and no comma before it."""
        return self._prompt.free(at) and not self._prompt.words[at].breaks

    def _thing(self, number: int, at: int, end: int) -> Thing:
        """A subject for words that do not name it. No notice is needed when its name says the same."""
        name = self._lexicon.vocabulary.subjects[number].names[0]
        same = {*spelling.phrase(name)} & {*self._plain[at:end]} and end - at == 1
        return Thing(number, name, at, end, "" if same else self._prompt.said(at, end))

    def _belongs(self, run: range) -> bool:
        """Whether an unknown thing is to be drawn, though a known one is there: beside it, or instead of where it is.

        A saxophonist in a house is not a house.
        """
        things = self._scene.things
        if len(things) > 1:
            return False
        first, last = sorted((run, range(things[0].at, things[0].end)), key=lambda span: span.start)
        joined = not _BESIDE.isdisjoint(self._plain[first.stop : last.start]) and last.start - first.stop <= _APART
        placed = things[0].at > run.start and self._prompt.before(things[0].at) in _WHERE
        return placed or (joined and self._lexicon.pairs)

    def _guess(self) -> None:
        """Take something, so that there is a picture at all."""
        number = similarity.last(self._lexicon, self._prompt.text)
        name = self._lexicon.vocabulary.subjects[number].names[0]
        self._scene.taken.append(("", name))
        self._scene.things.append(Thing(number, name, 0, 0))
        for at in filter(self._prompt.free, range(len(self._prompt))):
            self._prompt.use(at, at + 1, Use.IDLE)

    def _trimmed(self, run: range) -> range:
        """Without the deeds at its ends, unless it holds nothing else."""
        kept = [at for at in run if not similarity.is_verb_or_adverb(self._plain[at])]
        return range(kept[0], kept[-1] + 1) if kept else run
