"""The words of a prompt, and which of them are accounted for."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import Enum, auto

from worker.engine.prompt_match.words import emoji, spelling

EMOJI = "\0"  # stands for one among the words, and matches none
ARTICLES = {"a", "an", "the"}
_WEIGHT = re.compile(r":\s*\d+(?:\.\d+)?(?=\s*[)\]>])")  # of other tools: (red apple:1.3)
_BREAKS = frozenset(",.;!?|&+/—–\n()[]<>@")
_SHORTENED = 3  # letters: after Mrs. a sentence goes on


class Use(Enum):
    """What became of a word."""

    FREE = auto()
    KNOWN = auto()
    IDLE = auto()  # it asks for nothing, and the model does not know it
    STANDING = auto()  # it tells how many there are, how large, where or how turned: it joins nothing to anything


@dataclass(frozen=True)
class Word:
    """A word as it is compared, and where it stands.

    Attributes:
        breaks: a comma or the like stands before it, or one of the two is an emoji.
        called: what it is called, if it is an emoji; its `text` is EMOJI then.
    """

    text: str
    start: int
    end: int
    breaks: bool
    called: str = ""


class PromptWords:
    """A text in words.

    Attributes:
        plain: as they are compared.
        uses: what became of each.
        corrected: where others stand than were typed.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = _words(text)
        self.plain = [word.text for word in self.words]
        self.uses = [Use.FREE] * len(self.words)
        self.corrected: set[int] = set()

    def __len__(self) -> int:
        return len(self.words)

    def free(self, at: int) -> bool:
        """Whether there is a word here that nobody has taken."""
        return 0 <= at < len(self.words) and self.uses[at] is Use.FREE

    def use(self, at: int, end: int, use: Use = Use.KNOWN) -> None:
        """Account for some words."""
        self.uses[at:end] = [use] * (end - at)

    def comma(self, at: int) -> int:
        """Where the part of the prompt ends to which a word belongs: at a comma or the like."""
        return next((each for each in range(at + 1, len(self.words)) if self.words[each].breaks), len(self.words))

    def part(self, at: int) -> int:
        """Where the part of the prompt ends to which a word belongs: at a comma or at what is taken."""
        after = range(at + 1, len(self.words))
        return next((i for i in after if self.words[i].breaks or not self.free(i)), len(self.words))

    def before(self, at: int) -> str:
        """The word before another one and its article; "" at the beginning."""
        return next((word for word in reversed(self.plain[:at]) if word not in ARTICLES), "")

    def said(self, at: int, end: int) -> str:
        """Some words as they were written; a server's own emoji by its name."""
        if end - at == 1 and self.words[at].called and self.text[self.words[at].start] == "<":
            return self.words[at].called
        return self.text[self.words[at].start : self.words[end - 1].end]

    def compared(self, at: int) -> tuple[str, ...]:
        """A word as it is compared; of an emoji all words of its name."""
        called = self.words[at].called
        return spelling.phrase(called) if called else (self.plain[at],)

    def is_written(self, at: int, end: int, words: str) -> bool:
        """Whether it stands there so, but for capitals and spaces."""
        return self.said(at, end).casefold().split() == words.casefold().split()

    def is_clean(self, phrases: Collection[range]) -> bool:
        """Whether nothing but spaces and commas stands between the words, save within `phrases`: jack-o-lantern."""
        ends = [0, *(word.end for word in self.words)]
        starts = [*(word.start for word in self.words), len(self.text)]
        gaps = (
            self.text[end:start]
            for at, (end, start) in enumerate(zip(ends, starts, strict=True))
            if not any(at in phrase[1:] for phrase in phrases)
        )
        return all(not gap.strip(", \n\t") for gap in gaps)

    def runs(self, across: Callable[[int], bool] = lambda _: False) -> list[range]:
        """Words in a row that nobody has taken, going on `across` some that were."""
        runs: list[range] = []
        for at in filter(self.free, range(len(self.words))):
            between = range(runs[-1].stop, at) if runs else range(0)
            if runs and all(map(across, between)) and not any(self.words[i].breaks for i in (*between, at)):
                runs[-1] = range(runs[-1].start, at + 1)
            else:
                runs.append(range(at, at + 1))
        return runs


def _words(text: str) -> list[Word]:
    pictures = [(start, end, EMOJI, called) for called, start, end in emoji.spans(text)]
    covered = [range(start, end) for start, end, _, _ in pictures]
    covered += [range(*each.span()) for each in _WEIGHT.finditer(text)]
    letters = [(start, end, word, "") for word, start, end in spelling.spans(text)]
    words: list[Word] = []
    for start, end, word, called in sorted(
        pictures + [each for each in letters if not any(each[0] in span for span in covered)]
    ):
        between = text[words[-1].end : start] if words else ""
        if words and len(words[-1].text) <= _SHORTENED:
            between = between.removeprefix(".")
        breaks = not _BREAKS.isdisjoint(between) or EMOJI in {word, *(before.text for before in words[-1:])}
        words.append(Word(word, start, end, breaks, called))
    return words
