"""What a bad Easel would have left behind: a round's facts, changed on paper as its mistakes would have changed them.

The ledger has to find each. They work on rounds written by hand and on the record of a real storm alike.
"""

import copy
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from bot import texts as bot_texts
from worker.contract.message import texts
from worker.contract.message.languages import ENGLISH
from worker.contract.message.verbs import Verb
from worker.contract.types.job import Reason

from . import sentences
from .account import PLACES_MAX, SILENCE_MAX
from .ledger import Facts, by_job
from .record import Timeline
from .shown import Phase, Shown
from .telling import answered
from .troubles import Trouble

SHARE = 0.25
Some = TypeVar("Some", int, str)
_ODD = ("[crash]", "[oom]", "[fail]", "[noise]")


def errors(facts: Facts, dice: random.Random) -> tuple[Facts, int]:
    """A quarter of what was asked raises an internal error, and says so."""
    facts = copy.deepcopy(facts)
    jobs = by_job(facts.record)
    hit = _some(dice, [deed.id for deed in facts.record.deeds.values() if deed.asks and str(deed.id) in jobs])
    for number in hit:
        line, *others = jobs[str(number)]
        said = bot_texts.unknown("0badcafe", ENGLISH)
        line.shown = [Shown(line.shown[0].at, said, (), ())]
        line.interaction, line.ephemeral = number, True
        _forget(facts, str(number), others)
    return facts, len(hit)


def failures(facts: Facts, dice: random.Random) -> tuple[Facts, int]:
    """A quarter of healthy jobs fail for nothing, with the words for it."""
    facts = copy.deepcopy(facts)
    jobs = {job: lines for job, lines in by_job(facts.record).items() if _posted(lines)}
    hit = _some(dice, [job for job, lines in jobs.items() if not _odd(lines)])
    for number, job in enumerate(hit):
        line, *others = jobs[job]
        signature = line.shown[0].content.partition("\n")[0]
        said = f"{signature}\n{texts.reason_sentence(_NOBODYS[number % len(_NOBODYS)], ENGLISH)}"
        before = [shown for shown in line.shown if shown.phase is None or not shown.phase.final]
        ended = Shown(line.last.at, said, (), (("rerun", job), ("delete", job)))
        _forget(facts, job, others)
        line.shown = [*before, ended]
        if job in facts.claims:
            facts.claims[job] = replace(facts.claims[job], state="failed")
    return facts, len(hit)


def twice(facts: Facts, dice: random.Random) -> tuple[Facts, int]:
    """Each asking reaction is accepted once more, with another seed."""
    facts = copy.deepcopy(facts)
    hit = {job: lines for job, lines in by_job(facts.record).items() if any(line.reacted_to for line in lines)}
    for job, lines in hit.items():
        again = f"{job[:-10]}{dice.randrange(16**10):010x}"
        for line in lines:
            number = line.message + 1
            shown = [_renamed(each, job, again) for each in line.shown]
            facts.record.messages[number] = replace(line, message=number, shown=shown)
    return facts, len(hit)


def silence(facts: Facts, _dice: random.Random) -> tuple[Facts, int]:
    """The bot answers nothing at all."""
    facts = copy.deepcopy(facts)
    for deed in facts.record.deeds.values():
        deed.state, deed.answer_type, deed.message = "failed", None, None
    facts.record.messages.clear()
    facts.pictures.clear()
    facts.claims.clear()
    return facts, len(facts.record.deeds) + sum(each.asks for each in facts.record.reactions)


def stuck(facts: Facts, _dice: random.Random) -> tuple[Facts, int]:
    """No message is ever brought to its end: each stays as it was before."""
    facts = copy.deepcopy(facts)
    hit = 0
    for line in facts.record.messages.values():
        before = [shown for shown in line.shown if shown.phase is not None and not shown.phase.final]
        if line.job and before and line.deleted is None:
            line.shown = before
            hit += 1
    facts.pictures.clear()
    facts.claims.clear()
    return facts, hit


def told_twice(facts: Facts, _dice: random.Random) -> tuple[Facts, int]:
    """Each reply that tells somebody of an end is made once more."""
    facts = copy.deepcopy(facts)
    hit = _telling(facts)
    for line in hit:
        facts.record.messages[line.message + 1] = replace(line, message=line.message + 1)
    return facts, len(hit)


def untold(facts: Facts, _dice: random.Random) -> tuple[Facts, int]:
    """Nobody is told, who asked for it by a press, was promised it, and is where Easel can always write."""
    facts = copy.deepcopy(facts)
    said = answered(facts.record)
    promised = {
        (deed.control.job, deed.source)
        for deed in facts.record.deeds.values()
        if deed.control and deed.control.verb is Verb.TELL and sentences.TOLD in said[deed.id]
    }
    jobs = {line.message: line.job for line in facts.record.messages.values()}
    hit = [
        line for line in _telling(facts)
        if (jobs.get(line.reply_to or 0), line.reply_to) in promised and not _closed(facts, line.channel)
    ]  # fmt: skip
    for line in hit:
        del facts.record.messages[line.message]
    return facts, len(hit)


def unasked(facts: Facts, _dice: random.Random) -> tuple[Facts, int]:
    """Everybody is told, who never asked."""
    facts = copy.deepcopy(facts)
    hit = _telling(facts)
    wanted = [
        deed.id for deed in facts.record.deeds.values()
        if deed.always or (deed.control and deed.control.verb is Verb.TELL)
    ]  # fmt: skip
    for number in wanted:
        del facts.record.deeds[number]
    facts.record.reactions = [each for each in facts.record.reactions if not each.means(Verb.TELL)]
    facts.record.messages = {
        number: line for number, line in facts.record.messages.items() if line.interaction not in wanted
    }
    return facts, len(hit)


@dataclass(frozen=True)
class Mistake:
    """A kind of mistake, how the ledger puts it, and the share of its cases that has to be found, at least."""

    make: Callable[[Facts, random.Random], tuple[Facts, int]]  # the facts, and how often they were changed
    words: tuple[str, ...]
    share: float

    def found(self, facts: Facts, dice: random.Random) -> tuple[int, int]:
        """How often the mistake was made in this round, and how often the ledger says so."""
        changed, made = self.make(facts, dice)
        account = changed.settle()
        said = [*account.broken, *(f"ignored: {each}" for each in account.ignored)]
        return made, sum(each.startswith(self.words) for each in said)


MISTAKES: Mapping[str, Mistake] = {
    "errors": Mistake(errors, ("an error of Easel's own",), 0.9),
    "failures": Mistake(failures, ("unexplained: job",), 0.7),
    "reactions accepted twice": Mistake(twice, ("accepted 2 times: 1 reaction",), 1.0),
    "silence": Mistake(silence, ("ignored",), 1 - SILENCE_MAX),
    "told twice": Mistake(told_twice, ("told twice",), 1.0),
    "untold": Mistake(untold, ("untold",), 0.9),
    "told unasked": Mistake(unasked, ("told unasked",), 1.0),
    "stuck messages": Mistake(stuck, ("lost", "stale"), 1 - PLACES_MAX),
}
_NOBODYS = (Reason.ENGINE, Reason.MEMORY, Reason.TIMEOUT, Reason.UNPOSTED, Reason.ATTEMPTS, Reason.WAITED)


def _telling(facts: Facts) -> list[Timeline]:
    """The replies that tell somebody of an end."""
    lines = [line for line in facts.record.messages.values() if line.shown and not line.job and line.reply_to]
    return [line for line in lines if sentences.tells_owner(line.last.content)]


def _closed(facts: Facts, channel: int) -> bool:
    """Whether the place was closed to Easel, or deleted, at any time."""
    shut = {each.where for each in facts.record.troubles.spans if each.kind is Trouble.CLOSED}
    return bool(facts.record.rooms(channel) & (shut | facts.record.gone.keys()))


def _some(dice: random.Random, things: list[Some]) -> list[Some]:
    return dice.sample(things, max(1, round(SHARE * len(things))))


def _posted(lines: list[Timeline]) -> bool:
    return any(line.phase is Phase.POSTED and line.deleted is None for line in lines)


def _odd(lines: list[Timeline]) -> bool:
    return any(odd in line.shown[0].content.replace("\\", "") for line in lines for odd in _ODD)


def _forget(facts: Facts, job: str, lines: list[Timeline]) -> None:
    """Nothing is left of a job but what its first message says."""
    for line in lines:
        del facts.record.messages[line.message]
    facts.pictures = [each for each in facts.pictures if each.job != job]


def _renamed(shown: Shown, job: str, again: str) -> Shown:
    files = tuple((name.replace(job, again), url) for name, url in shown.files)
    return replace(shown, controls=tuple((verb, again) for verb, _ in shown.controls), files=files)
