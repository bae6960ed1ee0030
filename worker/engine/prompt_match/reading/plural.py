"""Whether one of a prompt's things was asked for in the plural."""

from . import counts
from .lexicon import Lexicon
from .prompt import PromptWords
from .scene import Thing


def is_plural(prompt: PromptWords, lexicon: Lexicon, thing: Thing) -> bool:
    """Whether a thing was asked for in the plural."""
    subjects = lexicon.vocabulary.subjects
    if thing.head:  # cat astronauts, cats as astronauts
        typed = prompt.plain[thing.role_words.start : thing.role_words.stop]
        return is_plural(prompt, lexicon, thing.head) or counts.is_plural(typed, subjects[thing.number])
    return not thing.alone and counts.is_plural(prompt.plain[thing.at : thing.end], subjects[thing.number])
