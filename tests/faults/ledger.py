"""The account of a round: what people were promised, by what they saw, against what they got.

It reads the sandbox's record and the pictures in its channels. The product's own books are believed in nothing, but
they may not claim more than people saw.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from worker.contract.types.recipe import Recipe

from .record import Deed, Phase, Record, Shown, Timeline

_MARGIN = 3.5  # seconds around a span of deafness in which the bot cannot be blamed
_UNDECIDED = 12.0  # seconds for which a bot may wait for a silent Redis; killed by then, it has accepted nothing
_ANSWERED = "answered"
_TAG = re.compile(r"\d+-\d{4}")


@dataclass(frozen=True)
class Picture:
    """A picture that was posted: where, as which file of which job, and what it says of itself."""

    message: int
    job: str
    number: int
    recipe: Recipe | None


@dataclass
class Ledger:
    """The account.

    Attributes:
        accepted: jobs that a person was shown a card of.
        posted, cancelled, removed, unreachable: how they ended; removed: somebody deleted the message first;
            unreachable: the bot was shut out of the place.
        stale: messages that still say that something goes on, though their job has ended elsewhere.
        failed: by the words that their owners saw.
        refused: by the words, too.
        unanswered: interactions that met a bot that was dead or cut off, or that died before it had accepted anything;
            Discord says so itself, at once or after 15 minutes.
        late: interactions of which Discord says so too, but which were accepted: their jobs have messages of their own.
        ignored: interactions that a living bot left unanswered.
        broken: every promise that was not kept, in words.
    """

    accepted: int = 0
    posted: int = 0
    cancelled: int = 0
    removed: int = 0
    unreachable: int = 0
    lost: int = 0
    twice: int = 0
    stale: int = 0
    disordered: int = 0
    interactions: int = 0
    unanswered: int = 0
    late: int = 0
    ignored: list[str] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)


def settle(
    record: Record, pictures: Iterable[Picture], closed: set[int], claims: Mapping[str, tuple[str, int]] | None = None
) -> Ledger:
    """Close the account.

    Args:
        record: complete, of a round in which nothing waits any more.
        pictures: all that were ever posted, those of deleted messages too.
        closed: channels that were taken away from the bot at some time.
        claims: what the product says of its jobs: job → state and channel. It may not say more than people saw.
    """
    account = Ledger(interactions=len(record.deeds))
    if record.missed:
        account.broken.append(f"the record itself has gaps: {record.missed} events")
    for job, lines in _by_job(record).items():
        account.accepted += 1
        _end_of(account, job, lines, closed)
        for line in lines:
            _order(account, line)
    _pictures(account, record, list(pictures))
    _answers(account, record)
    _claims(account, record, closed, claims or {})
    return account


def words(text: str) -> str:
    """A sentence without what differs from person to person."""
    line = text.partition("\n")[2] or text
    return re.sub(r"<[@#&!]*\d+>|\d+(?:[.,]\d+)*", "…", line).removeprefix("-# ").strip()


def _by_job(record: Record) -> dict[str, list[Timeline]]:
    found: dict[str, list[Timeline]] = defaultdict(list)
    for line in record.messages.values():
        if line.job:
            found[line.job].append(line)
    return found


def _end_of(account: Ledger, job: str, lines: list[Timeline], closed: set[int]) -> None:
    """Count how a job ended."""
    phases = {line.phase for line in lines if line.phase is not None}
    if Phase.POSTED in phases:
        account.posted += 1
    elif Phase.CANCELLED in phases:
        account.cancelled += 1
    elif Phase.FAILED in phases:
        account.failed[next(words(line.last.content) for line in lines if line.phase is Phase.FAILED)] += 1
    elif any(line.deleted is not None for line in lines):
        account.removed += 1
    elif any(line.channel in closed for line in lines):
        account.unreachable += 1
    else:
        account.lost += 1
        last = lines[-1]
        said = f"ended as {last.phase!r}: {last.last.content!r} (message {last.message})"
        account.broken.append(f"lost: job {job} {said}")
        return
    for line in lines:
        if line.phase is not None and not line.phase.final and line.deleted is None and line.channel not in closed:
            account.stale += 1
            account.broken.append(f"stale: message {line.message} of job {job} still says {line.last.content!r}")


def _order(account: Ledger, line: Timeline) -> None:
    """After a final state comes no earlier one, and within a try its progress does not go back."""
    final: Shown | None = None
    furthest: tuple[int, float] = (0, 0.0)
    for shown in line.shown:
        phase = shown.phase
        if phase is None:
            continue
        if final is not None and (not phase.final or phase is not final.phase):
            _disorder(account, line, f"{final.content!r} became {shown.content!r}")
        if phase.final:
            final = shown
        progress = shown.progress
        if progress is not None:
            if progress < furthest:
                _disorder(account, line, f"progress {furthest} became {progress}")
            furthest = max(furthest, progress)


def _disorder(account: Ledger, line: Timeline, what: str) -> None:
    account.disordered += 1
    account.broken.append(f"out of order: message {line.message} of job {line.job}: {what}")


def _pictures(account: Ledger, record: Record, pictures: list[Picture]) -> None:
    """Each picture once, in the message of its own job, and all that were asked for."""
    places: dict[tuple[str, int, bool], set[int]] = defaultdict(set)
    asked: dict[str, int] = {}
    held: dict[str, set[int]] = defaultdict(set)
    for picture in pictures:
        if picture.recipe is None:
            account.broken.append(f"a picture of job {picture.job} has no recipe (message {picture.message})")
            continue
        request = picture.recipe.request
        places[request.prompt, request.seed_of(picture.recipe.index), bool(request.upscale)].add(picture.message)
        asked[picture.job] = request.count
        held[picture.job].add(picture.number)
        _belongs(account, record.messages[picture.message], request.prompt)
    for (prompt, seed, larger), messages in places.items():
        if len(messages) > 1:
            account.twice += 1
            account.broken.append(
                f"posted twice: {prompt!r} with seed {seed}{' upscaled' * larger} is in messages {sorted(messages)}"
            )
    for job, count in asked.items():
        if held[job] != set(range(1, count + 1)):
            account.broken.append(f"incomplete: job {job} has pictures {sorted(held[job])} of {count}")


def _belongs(account: Ledger, line: Timeline, prompt: str) -> None:
    tag = _TAG.search(prompt)
    if tag and not any(tag[0] in shown.content for shown in line.shown):
        account.broken.append(f"misplaced: the picture of {prompt!r} is in message {line.message}")


def _answers(account: Ledger, record: Record) -> None:
    """Every interaction is answered; refusals have words. What was said in a channel that is gone nobody can read."""
    for deed in record.deeds.values():
        line = record.messages.get(deed.message or 0)
        if deed.channel in record.gone:
            continue
        thinking = line is not None and line.deleted is None and line.last.thinking
        if deed.state != _ANSWERED or thinking:
            _unanswered(account, record, deed)
        elif (
            deed.asks
            and line is not None
            and line.shown
            and not line.job
            and line.message not in _sources(record, deed)
        ):
            account.refused[words(line.last.content)] += 1


def _claims(account: Ledger, record: Record, closed: set[int], claims: Mapping[str, tuple[str, int]]) -> None:
    """A job that ended was seen to end; an accepted one that nobody was ever shown ends in the books alone."""
    seen = _by_job(record)
    for job, (state, channel) in claims.items():
        lines = seen.get(job, [])
        if state not in {"posted", "failed", "cancelled"}:
            account.broken.append(f"unfinished: job {job} is still {state or 'without a state'}")
        elif state == "posted" and not any(shown.pictures for line in lines for shown in line.shown):
            account.broken.append(f"unseen: job {job} is said to be posted, and nobody saw it")
        elif state == "failed" and not lines and channel not in closed:
            account.broken.append(f"unseen: job {job} failed, and nobody was told")


def _sources(record: Record, deed: Deed) -> Mapping[int, Timeline]:
    """Messages that were there before this interaction: a change in place is no refusal."""
    return {number: line for number, line in record.messages.items() if line.shown and line.shown[0].at < deed.at}


def _unanswered(account: Ledger, record: Record, deed: Deed) -> None:
    deferred, accepted = deed.state == _ANSWERED, bool(record.of_job(str(deed.id)))
    died = any(deed.at < moment < deed.at + _UNDECIDED for moment in record.died)
    if accepted and not deferred:
        account.late += 1
    elif record.heard(deed.at, _MARGIN) and (accepted or not (deferred and died)):
        account.ignored.append(f"interaction {deed.id} ({deed.name}, {deed.state}, answer {deed.answer_type})")
    else:
        account.unanswered += 1
