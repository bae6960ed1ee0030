"""Runs of words that nobody has taken: who does something with what in them, and which of them ask for a thing."""

from collections.abc import Iterator
from itertools import chain

from worker.engine.prompt_match.drawings.roles import BEINGS, role
from worker.engine.prompt_match.reading import counts, similarity
from worker.engine.prompt_match.reading.lexicon import Lexicon
from worker.engine.prompt_match.reading.prompt import ARTICLES, PromptWords
from worker.engine.prompt_match.reading.standing_words import WORDS
from worker.engine.prompt_match.words.declined import FEELINGS, is_person
from worker.engine.prompt_match.words.deeds import DEEDS
from worker.engine.prompt_match.words.moods import MOODS
from worker.engine.prompt_match.words.synonyms import QUALITIES

FACES = {similarity.FACE, "head", "circle"}  # a circle with a smile is one
DOING = "ing"
_WHOSE = ARTICLES | {"his", "her", "their", "my", "your", "our", "some"}


class Runs:
    """Those of one prompt, by what one model knows."""

    def __init__(self, prompt: PromptWords, lexicon: Lexicon) -> None:
        self._prompt, self._lexicon = prompt, lexicon
        self._plain = prompt.plain

    def parts(self) -> Iterator[range]:
        """Of all that is left what asks for a thing each: of a tired mom petting her dog the mom, and the dog."""
        return map(self._trimmed, chain.from_iterable(map(self._divided, self._prompt.runs())))

    def words(self, run: range) -> list[str]:
        """Its words, as they are compared."""
        return [word for at in run for word in self._prompt.compared(at)]

    def is_look(self, at: int) -> bool:
        """Whether a word that nobody has taken says how somebody is or looks."""
        return self._prompt.free(at) and (self._is_mood(at) or self._plain[at] in QUALITIES)

    def is_done_to(self, run: range, between: range) -> bool:
        """Whether of what the table has somebody does something with it, or it with something: a mom petting a dog."""
        words = [self._plain[at] for at in between if self._plain[at] not in _WHOSE]
        done = words != [] and words[-1].endswith(DOING) and all(map(similarity.is_verb_or_adverb, words))
        become = between.stop == run.start and self._plain[run.stop - 1] in DEEDS  # becoming friends
        known = self._is_known(run.stop - 1) and not become
        apart = any(self._prompt.words[at].breaks or self._is_mood(at) for at in between)  # singing a song
        return done and known and not apart

    def _trimmed(self, run: range) -> range:
        """Without the verbs at its ends, unless it holds nothing else; nor how many, where things are put together."""
        if similarity.is_listed("".join(self._plain[run.start : run.stop])):
            return run  # a begging face
        begin = run.start
        told = WORDS.union(self._lexicon.vocabulary.paints) if self._lexicon.arranged else frozenset[str]()
        while begin < run.stop - 1 and (self._plain[begin] in told or self._is_number(begin)):
            begin += 1
        run = range(begin, run.stop)
        kept = [at for at in run if not similarity.is_verb_or_adverb(self._plain[at])]
        run = range(kept[0], kept[-1] + 1) if kept else run
        return self._unmoody(run) if self._lexicon.arranged else run

    def _divided(self, run: range) -> Iterator[range]:
        """The parts of a run in which somebody does something with something, none of them known: dad drinking tea."""
        for at in range(run.start + 1, run.stop - 1) if self._lexicon.arranged else ():
            done = similarity.is_verb_or_adverb(self._plain[at]) and self._plain[at].endswith(DOING)
            first, second = (self._trimmed(each) for each in (range(run.start, at), range(at + 1, run.stop)))
            if done and self._is_somebody(first.stop - 1) and self._is_known(second.stop - 1):
                yield range(run.start, at)
                yield from self._divided(range(at + 1, run.stop))
                return
        yield run

    def _is_number(self, at: int) -> bool:
        """Whether a word says how many there are, where things are put together."""
        return self._lexicon.arranged and self._plain[at].isdecimal() and counts.number(self._plain, at) is not None

    def _is_somebody(self, at: int) -> bool:
        return is_person(self._plain[at]) or self._is_known(at)

    def _is_known(self, at: int) -> bool:
        """Whether by the table something satisfies for a word."""
        return similarity.by_synonym(self._lexicon, self._plain[at]) is not None

    def _unmoody(self, run: range) -> range:
        """Without the moods of somebody at its ends, which `mood_words` reads: a tired mom, a guy asleep."""
        end = run.stop
        while end > run.start and self._is_mood(end - 1):
            end -= 1
        begin = next((at + 1 for at in reversed(range(run.start, end)) if self._is_mood(at)), run.start)
        if begin == end or self._plain[end - 1] in FACES:
            return run
        number = similarity.satisfying(self._lexicon, self.words(range(begin, end)))
        being = number is not None and role(self._lexicon.vocabulary.subjects[number]) in BEINGS
        return range(begin, end) if being and number not in self._lexicon.faces else run

    def _is_mood(self, at: int) -> bool:
        return self._plain[at] in FEELINGS or MOODS.match(self._plain[at : at + 1], 0) is not None
