"""Which phrases mean what to one model: its vocabulary, and the words for sizes, places and turns that it learnt."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from PIL import ImageColor

from worker.engine.prompt_match.layout import DRAWINGS_MAX
from worker.engine.prompt_match.vocabulary import FACE, ModelVocabulary
from worker.engine.prompt_match.words.bare_name import bare_name
from worker.engine.prompt_match.words.declined import feelings
from worker.engine.prompt_match.words.other_names import OTHER_NAMES
from worker.engine.prompt_match.words.spelling import phrase, variants
from worker.engine.prompt_match.words.synonyms import QUALITIES, STOP_WORDS, SURROUNDINGS

_PLACES = ("top left", "top right", "bottom left", "bottom right", "top", "bottom", "left", "right")
_PARAPHRASES = {
    "small": ("small", "little"),
    "tiny": ("tiny", "very small", "mini", "miniature", "teeny"),
    "large": ("large", "big"),
    "huge": ("huge", "giant", "gigantic", "enormous"),
    "tilted to the left": ("tilted to the left", "tilted left", "leaning left"),
    "tilted to the right": ("tilted to the right", "tilted right", "leaning right"),
    "upside down": ("upside down", "head down"),
    "mirrored": ("mirrored", "flipped", "mirror image"),
    "facing the other way": ("facing the other way",),
}
_SMALL = {"small", "tiny"}
# What people mean by words that are names of something less usual too.
_RATHER = {"tree": "deciduous tree", "bug": "ladybug", "cup of tea": "teacup"}
WORN_WORDS = frozenset(("hat", "cap", "mask", "glasses", "goggles", "helmet", "bonnet", "wig", "beard", "halo"))
_SIZES = (*_SMALL, "large", "huge")
_CAPTIONS = {"small", "little", "tiny", "very small", "large", "big", "huge", "upside down", "mirrored", "flipped",
             "tilted to the left", "leaning left", "tilted to the right", "leaning right",
             "facing the other way"}  # fmt: skip
FILLERS = frozenset(
    ("a", "an", "the", "of", "on", "with", "in", "at", "and", "to", "background", "gradient", "corner")
)  # of captions


Index = dict[tuple[str, ...], list[int]]  # phrases → subjects


class Kind(Enum):
    """What a phrase says."""

    SUBJECT = auto()
    STYLE = auto()
    SIZE = auto()
    PLACE = auto()
    TURN = auto()


@dataclass(frozen=True)
class Meaning:
    """What a phrase says.

    Attributes:
        words: how captions say it.
        number: of the subject or style.
        exact: the model was taught this very phrase, rather than one like it.
    """

    kind: Kind
    words: str
    number: int = -1
    exact: bool = True


@dataclass(frozen=True)
class MatchedColour:
    """A background colour in the words of captions; `exact` unless the model lacks the one that was asked for."""

    words: str
    exact: bool = True


class Lexicon:
    """Phrases of one vocabulary.

    Args:
        vocabulary: of the model.
        taught: whether a word occurred in its training: captions with sizes, places or pairs are newer than some
            models.
        arranged: whether its things are put together; sizes, places and turns then are no words for the model itself.

    Attributes:
        most: so many different things one picture holds.
        pairs, gradients: whether it shows two things in one picture, and two colours: its captions told of them.
        places: whether it puts a thing where it is told: captions say that of small things and of one of two.
        names: phrases that are understood, and what they mean; also in the plural.
        tags, cues, icons: phrases → numbers of subjects that they mean alone, that share them, that have such an emoji.
        parts: a word → subjects with a name that holds it.
        faces: subjects that show feelings → which.
        coloured: subjects that are drawn in the colour of their own name → that name.
        single, joined: names of one word → subject; first letter → names written as one word → subject.
        spelt: the words of names.
        words: every word that occurs in any of these; `apart` are those of styles and colours.
    """

    def __init__(self, vocabulary: ModelVocabulary, taught: Callable[[str], bool], *, arranged: bool = False) -> None:
        self.vocabulary, self.arranged = vocabulary, arranged
        self.pairs = vocabulary.at_once > 1 and taught("left") and taught("right") and taught("and")
        self.most = DRAWINGS_MAX if arranged else 2 if self.pairs else 1
        self.gradients = taught("gradient")
        self.places = self.pairs or not _SMALL.isdisjoint(vocabulary.sizes)
        self.names: dict[tuple[str, ...], Meaning] = {}
        self.tags: Index = defaultdict(list)
        self.cues: Index = defaultdict(list)
        self.icons: dict[tuple[str, ...], int] = {}
        self.parts: dict[str, list[int]] = defaultdict(list)
        self.faces: dict[int, set[str]] = {}
        self.coloured: dict[int, str] = {}
        self._colours = {
            phrase(name): MatchedColour(name) for colour in reversed(vocabulary.colours) for name in colour.names
        }
        self._add_subjects()
        if vocabulary.usual_sentence:  # others are told what they were taught as it was typed
            self._add_usual()
            self._add_other_names()
        self._add_faces()
        self._add_styles()
        if not arranged:
            self._add_captions(taught)
        for words, meaning in tuple(self.names.items()):
            if meaning.kind in {Kind.SUBJECT, Kind.STYLE}:
                self._vary(words, meaning)
        self._longest = max(map(len, self.names), default=0)
        self._index()

    def _index(self) -> None:
        subjects = [(said, found.number) for said, found in self.names.items() if found.kind is Kind.SUBJECT]
        self.single = {said[0]: number for said, number in reversed(subjects) if len(said) == 1}
        self.joined: dict[str, dict[str, int]] = defaultdict(dict)
        for said, number in subjects:
            self.joined[said[0][0]].setdefault("".join(said), number)
        self.spelt = sorted({word for said, _ in subjects for word in said})
        styles = [said for said, found in self.names.items() if found.kind is Kind.STYLE]
        self.apart = sorted({word for said in (*styles, *self._colours) for word in said} | {"background", "gradient"})
        indices: tuple[Iterable[tuple[str, ...]], ...] = (self.names, self.tags, self.cues, self._colours)
        self.words = {word for index in indices for said in index for word in said}

    def match(self, words: Sequence[str], at: int) -> tuple[Meaning, int] | None:
        """The longest phrase that begins at a word, and its length."""
        for length in range(min(self._longest, len(words) - at), 0, -1):
            if found := self.names.get(tuple(words[at : at + length])):
                return found, length
        return None

    def named(self, name: str) -> int | None:
        """The number of the subject with this name; many animals are known by their faces only."""
        for said in (name, name + FACE):
            found = self.names.get(phrase(said))
            if found and found.kind is Kind.SUBJECT:
                return found.number
        return None

    def colour(self, words: Sequence[str], at: int, *, surroundings: bool = False) -> tuple[MatchedColour, int] | None:
        """The colour that begins at a word, and its length; one that the model lacks by its nearest.

        `surroundings`: words such as `meadow` count as the colour that they bring to mind.
        """
        for length in (2, 1):
            said = tuple(words[at : at + length])
            if len(said) == length and (
                found := self._colours.get(said) or self._nearest_colour(said, surroundings=surroundings)
            ):
                return found, length
        return None

    def is_colour(self, word: str) -> bool:
        """Whether a word is one of CSS's or of the model's colours."""
        return (word,) in self._colours or word in ImageColor.colormap

    def bare(self, number: int) -> str:
        """A name of a subject without a colour in front: what captions put another colour before."""
        return bare_name(self.vocabulary.subjects[number].names, self.is_colour)

    def _names_colour(self, name: str) -> bool:
        said = phrase(name)
        return len(said) > 1 and self.is_colour(said[0])  # an orange alone is a fruit

    def _nearest_colour(self, said: tuple[str, ...], *, surroundings: bool) -> MatchedColour | None:
        name = "".join(said)
        name = (SURROUNDINGS.get(name) if surroundings else None) or name
        if not self.vocabulary.colours or not name.isalpha():
            return None
        try:
            asked = ImageColor.getrgb(name)[:3]
        except ValueError:
            return None
        distances = [
            sum((a - b) ** 2 for a, b in zip(colour.rgb, asked, strict=True)) for colour in self.vocabulary.colours
        ]
        return MatchedColour(self.vocabulary.colours[distances.index(min(distances))].names[0], exact=False)

    def _add_subjects(self) -> None:
        for number, subject in enumerate(self.vocabulary.subjects):
            for name in subject.names:
                self._say(Meaning(Kind.SUBJECT, name, number), name)
                for word in {*phrase(name)} - FILLERS - QUALITIES:
                    self.parts[word].append(number)
            if named := next(filter(self._names_colour, subject.names), None):
                self.coloured[number] = named
            shown = feelings(phrase(subject.names[0]))
            if shown and "face" in phrase(subject.names[0]):
                self.faces[number] = shown
            if subject.icon:
                self.icons.setdefault(phrase(subject.icon), number)
            for index, phrases in ((self.tags, subject.tags), (self.cues, subject.cues)):
                for words in filter(None, map(phrase, phrases)):
                    if words[0] not in STOP_WORDS or len(words) > 1:
                        for same in (words, *variants(words)):
                            index[same].append(number)

    def _add_usual(self) -> None:
        for said, name in _RATHER.items():
            if phrase(said) in self.names and (number := self.named(name)) is not None:
                self.names[phrase(said)] = Meaning(Kind.SUBJECT, name, number, exact=False)

    def _add_other_names(self) -> None:
        """What people call a thing too, and names of several words written as one: hotdog, teddybear."""
        known = [(said, each) for said, each in self.names.items() if each.kind is Kind.SUBJECT and len(said) > 1]
        for said, found in known:
            self.names.setdefault(("".join(said),), replace(found, exact=False))
        for other, name in OTHER_NAMES.items():
            if (number := self.named(name)) is not None:
                self._say(Meaning(Kind.SUBJECT, name, number, exact=False), other)

    def _add_faces(self) -> None:
        """Where only the face of something is known, it goes by its name too: a cat, a clown; but not a crying one.

        Nor do faces by what they wear: who asks for a cowboy hat wants no face under it.
        """
        for number, subject in enumerate(self.vocabulary.subjects):
            whole = phrase(subject.names[0].removesuffix(FACE))
            how = feelings(whole) | QUALITIES.intersection(whole) | {word for word in whole if word.endswith("ing")}
            how |= WORN_WORDS.intersection(whole[-1:])
            if subject.names[0].endswith(FACE) and not how:
                self._say(Meaning(Kind.SUBJECT, subject.names[0], number, exact=False), " ".join(whole))

    def _add_styles(self) -> None:
        for number, style in enumerate(self.vocabulary.styles):
            for name in style.names:
                self._say(Meaning(Kind.STYLE, name, number), name)

    def _add_captions(self, taught: Callable[[str], bool]) -> None:
        for said, others in _PARAPHRASES.items():
            kind = Kind.SIZE if said in _SIZES else Kind.TURN
            learnt = said in self.vocabulary.sizes if kind is Kind.SIZE else True
            if learnt and all(map(taught, said.split())):
                for other in others:
                    exact = other in _CAPTIONS
                    self._say(Meaning(kind, other if exact else said, exact=exact), other)
        for place in _PLACES:
            if all(map(taught, place.split())):
                self._add_place(place)

    def _add_place(self, place: str) -> None:
        usual = _usual_place(place)
        like = place.replace("top", "upper").replace("bottom", "lower")
        for named in {place, like}:
            for before in ("on the", "at the", "in the", "to the", "in", "on", "at"):
                for after in ("", " corner", " side", " half", " edge"):
                    said = f"{before} {named}{after}"
                    exact = said == usual or said in {"to the left", "to the right"}  # of the other thing
                    self._say(Meaning(Kind.PLACE, usual, exact=exact), said)

    def _say(self, meaning: Meaning, said: str) -> None:
        if words := phrase(said):
            self.names.setdefault(words, meaning)

    def _vary(self, words: tuple[str, ...], meaning: Meaning) -> None:
        for other in variants(words):
            if other != words and not {*other} <= FILLERS:
                self.names.setdefault(other, replace(meaning, exact=False))


def _usual_place(place: str) -> str:
    if " " in place:
        return f"in the {place} corner"
    return f"{'at' if place in {'top', 'bottom'} else 'on'} the {place}"


def taught_by(tokens: Iterable[str]) -> Callable[[str], bool]:
    """Whether a word occurred in training, judged by the tokens that a CLIP tokenizer learnt from the captions.

    A word that was frequent there has a token of its own.
    """
    ends = "</w>"
    whole = {token.removesuffix(ends) for token in tokens if token.endswith(ends)}
    return whole.__contains__
