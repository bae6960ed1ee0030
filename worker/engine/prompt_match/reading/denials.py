"""What a prompt says that it does not want: no hat, without a hat or glasses, a face that is not happy."""

from collections.abc import Collection

from .prompt import PromptWords
from .scene import Thing

DENIALS = frozenset(
    ("not", "no", "never", "without", "nobody", "neither", "nor", "isnt", "doesnt", "dont", "cant", "cannot")
)
_ENDS = frozenset(("but", "just", "only"))  # no hat but a crown; not only a cat
_REACH = 3  # words after a denial that may be meant by it: not a very happy face


def is_denied(prompt: PromptWords, at: int, things: Collection[Thing]) -> bool:
    """Whether words shortly before say that what begins at a word is not meant.

    Between them stand no comma and no `but`, and none of the `things`: else that one is denied, and with it only what
    `or` or one word alone joins to it: no hats and glasses, no cat on cars; but not: no hat and a dog.
    """
    ends = {each.end: each for each in things if each.end <= at}
    before, left, joined = at, _REACH, False
    while before and left and not prompt.words[before].breaks:
        if before in ends:
            return (joined or at - before <= 1) and is_thing_denied(prompt, ends[before], things)
        before -= 1
        word = prompt.plain[before]
        if word in DENIALS:
            return True
        if word in _ENDS:
            return False
        left, joined = (_REACH, True) if word == "or" else (left - 1, joined)
    return False


def is_just_denied(prompt: PromptWords, at: int) -> bool:
    """Whether the very word before says so, of what tells where a thing is: not in the forest, without snow."""
    return at > 0 and not prompt.words[at].breaks and prompt.plain[at - 1] in DENIALS


def is_thing_denied(prompt: PromptWords, thing: Thing, things: Collection[Thing]) -> bool:
    """Likewise of a thing, among whose own words the denial may be: no cheese, for which a cheese wedge satisfies."""
    return not DENIALS.isdisjoint(prompt.plain[thing.at : thing.end]) or is_denied(prompt, thing.at, things)
