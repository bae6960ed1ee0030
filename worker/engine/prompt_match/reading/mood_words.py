"""The words of a prompt that say in which mood something is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from worker.engine.prompt_match.words import spelling
from worker.engine.prompt_match.words.declined import FEELINGS, is_person
from worker.engine.prompt_match.words.moods import DEGREES, FACES, HAVING, MOODS, NOT_MOODS, ONLY_WITH, WRITTEN, Mood
from worker.engine.prompt_match.words.postures import SIZES

from . import counts, joints, similarity, surroundings
from .denials import DENIALS, is_denied
from .item import Item
from .lexicon import Lexicon
from .limbs import LIMB_NOUNS, LIMB_WORDS, LIMBS
from .prompt import ARTICLES, PromptWords

_OF_FACES = (Mood.FACE, Mood.EYES)
_WHOSE = ARTICLES | {"my", "your", "his", "her", "its", "our", "their", "this", "that"}


@dataclass(frozen=True)
class MoodSaid:
    """A mood, where the word for it begins, and all words that say so."""

    mood: Mood
    at: int
    words: range


def moods_said(prompt: PromptWords, lexicon: Lexicon, items: Sequence[Item]) -> Iterator[MoodSaid]:
    """The moods that are told with words which nobody has taken. `items`: the things in the order of the prompt."""
    reader = _Reader(prompt, lexicon, items)
    at = 0
    while at < len(prompt):
        said = reader.mood(at)
        if said:
            yield said
        at = said.words.stop if said else at + 1


class _Reader:
    def __init__(self, prompt: PromptWords, lexicon: Lexicon, items: Sequence[Item]) -> None:
        self._prompt, self._lexicon, self._items = prompt, lexicon, items
        self._plain = prompt.plain
        self._things = [each.thing for each in items]
        self._end = -1  # of the last mood: what is listed after it is had as well
        found = ((at, NOT_MOODS.match(self._plain, at)) for at in range(len(prompt)))
        self._other = {word for at, phrase in found if phrase for word in range(at, at + phrase[1])}

    def mood(self, at: int) -> MoodSaid | None:
        """The mood that begins at a word, if it is one of a thing that is drawn."""
        if self._prompt.words[at].called:
            return self._emoji(at)
        part = self._plain[: self._prompt.comma(at)]
        found = MOODS.match(part, at) or LIMB_WORDS.match(part, at)
        begin = self._having(at)
        had = begin < at or at == self._end
        if not found or (not had and self._plain[at] in ONLY_WITH | LIMB_NOUNS):
            return None
        mood, end = found[0], at + found[1]
        if mood not in _OF_FACES and self._goes_on(end) and self._plain[end] in FACES:
            end += 1
        words = range(at, end)
        named = any(each.at < end and at < each.end for each in self._things)
        if named or not any(map(self._prompt.free, words)) or not self._other.isdisjoint(words):
            return None
        written = not WRITTEN.isdisjoint(self._plain[max(0, at - 1) : at])
        does = mood in LIMBS and (had or self._plain[at] not in LIMB_NOUNS)
        if written or is_denied(self._prompt, at, self._things) or self._is_of_another(words, does=does):
            return None
        self._end = end
        return MoodSaid(mood, at, range(begin, end))

    def _emoji(self, at: int) -> MoodSaid | None:
        """The mood of an emoji that no thing is drawn for: a face beside words."""
        called = spelling.phrase(self._prompt.words[at].called)
        found = next(filter(None, (MOODS.match(called, start) for start in range(len(called)))), None)
        if not found or found[0] in _OF_FACES or not self._prompt.free(at):
            return None
        return MoodSaid(found[0], at, range(at, at + 1))

    def _goes_on(self, at: int) -> bool:
        return at < len(self._prompt) and not self._prompt.words[at].breaks

    def _having(self, at: int) -> int:
        """Where the words begin that say that somebody has what begins here: with a big smile; else here."""
        begin = at
        while begin and not self._prompt.words[begin].breaks and self._plain[begin - 1] in DEGREES:
            begin -= 1
        led = begin and not self._prompt.words[begin].breaks and self._plain[begin - 1] in HAVING
        return begin - 1 if led else at

    def _is_of_another(self, words: range, *, does: bool) -> bool:
        """Whether some words tell of an unknown thing after them: a sad song; but not of tears that are cried.

        `does`: they say what something does or has, whatever follows.
        """
        end = words.stop
        for each in self._items:
            if each.begin <= words.start < each.thing.at:  # between them may stand whatever is no thing
                return any(self._prompt.free(at) and self._is_named(at) for at in range(end, each.thing.at))
        led = words.start > 0 and self._plain[words.start - 1] in _WHOSE
        doing = (does or self._plain[end - 1].endswith("ing")) and not led
        return not doing and self._goes_on(end) and self._prompt.free(end) and not self._tells_how(end)

    def _is_named(self, at: int) -> bool:
        """Whether a word is known to stand for a thing or a person, whether the model can draw that or not."""
        return (similarity.is_listed(self._plain[at]) or is_person(self._plain[at])) and not self._tells_how(at)

    def _tells_how(self, at: int) -> bool:
        """Whether a word is no thing: it says how one is, what it does, how many there are, or joins it to another."""
        word = self._plain[at]
        told = word in FEELINGS or word in surroundings.WEATHER | surroundings.TIMES
        told = told or word in DENIALS | counts.COUNT_WORDS | counts.EACH
        told = told or any(table.match(self._plain, at) for table in (MOODS, LIMB_WORDS, joints.JOINS, SIZES))
        return told or similarity.asks_for_nothing(self._lexicon, word)
