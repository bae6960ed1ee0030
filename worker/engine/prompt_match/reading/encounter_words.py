"""The words of a prompt that say what two or more do with each other, and who they are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from worker.engine.prompt_match.words.encounters import BETWEEN, ENCOUNTER_SHOWN, ENCOUNTERS, Encounter, EncounterLook
from worker.engine.prompt_match.words.moods import WRITTEN

from . import joints
from .denials import is_denied
from .item import Item
from .joints import Join
from .prompt import PromptWords
from .scene import Thing

_LISTED = (Join.AND, None)


@dataclass(frozen=True)
class Met:
    """An encounter, who is in it from left to right, and the words that say so."""

    encounter: Encounter
    who: tuple[Item, ...]
    words: range


def shown(prompt: PromptWords, things: Sequence[Thing]) -> list[EncounterLook]:
    """How all that anybody does with anybody else in a prompt is shown."""
    said = filter(None, (_said(prompt, at, things) for at in range(len(prompt))))
    return [ENCOUNTER_SHOWN[encounter] for encounter, _, _ in said]


def ends_with(prompt: PromptWords, run: range) -> bool:
    """Whether some words end what two do with each other, and are no thing: sharing a kiss."""
    for begin in range(max(0, run.start - ENCOUNTERS.longest), run.start):
        found = ENCOUNTERS.match(prompt.plain, begin)
        if found and begin + found[1] >= run.stop:
            return True
    return False


def find(prompt: PromptWords, items: Sequence[Item]) -> Met | None:
    """The first encounter in a prompt. `items`: its things in their order there, as they are joined."""
    things = [each.thing for each in items]
    standing = [each for each in items if not each.holders]
    for at in range(len(prompt)):
        if not (said := _said(prompt, at, things)):
            continue
        encounter, words, between = said
        who = [*_after(prompt, words, standing)] if between else _who(prompt, words, standing)
        if sum(each.count for each in who) > 1:
            return Met(encounter, tuple(who), words)
    return None


def _said(prompt: PromptWords, at: int, things: Sequence[Thing]) -> tuple[Encounter, range, bool] | None:
    """What begins at a word, its words, and whether those who do it follow them."""
    words = prompt.plain[: prompt.comma(at)]
    between = BETWEEN.match(words, at)
    found = between or ENCOUNTERS.match(words, at)
    if not found:
        return None
    span = range(at, at + found[1])
    named = any(each.at < span.stop and span.start < each.end for each in things)
    written = not WRITTEN.isdisjoint(words[max(0, at - 1) : at])
    return None if named or written or is_denied(prompt, at, things) else (found[0], span, bool(between))


def _who(prompt: PromptWords, words: range, standing: Sequence[Item]) -> list[Item]:
    """Those before what they do, and whom they do it to; of those before none in a row with another deed."""
    row = [*_before(words, standing)][::-1]
    after = [*_after(prompt, words, standing)]
    if row and after and not prompt.words[words.start].breaks:  # a bear and a rabbit, hugging
        return [*row, after[0]]
    return row or after


def _before(words: range, standing: Sequence[Item]) -> Iterator[Item]:
    """Those in the row that ends before some words, the last one first."""
    before = [each for each in standing if each.thing.end <= words.start]
    for each in reversed(before):
        yield each
        if each.join not in _LISTED:
            return


def _after(prompt: PromptWords, words: range, standing: Sequence[Item]) -> Iterator[Item]:
    """Those in the row that begins just after some words; none where they are led to by others: on a bed."""
    after = [each for each in standing if each.thing.at >= words.stop]
    if not after or joints.JOINS.match(prompt.plain, words.stop) or prompt.comma(words.stop - 1) <= after[0].thing.at:
        return
    for number, each in enumerate(after):
        if number and each.join not in _LISTED:
            return
        yield each
