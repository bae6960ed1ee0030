"""The count at the end: every request that was accepted is posted once.

Accepted is what the product's own books or any message speak of. What people saw decides the rest, so it holds for any
release, whatever its words are.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tests.faults.account import Picture
from tests.faults.record import Deed, Record

# Seconds around a cut in which the bot may be deaf: an answer is due in three, and TCP tries again late.
BEFORE, AFTER = 3.0, 20.0


@dataclass(frozen=True)
class Cut:
    """Something that was away, in seconds of the run's clock.

    Attributes:
        deaf: the bot may have heard nothing, or may not have been able to accept.
    """

    what: str
    begin: float
    end: float
    deaf: bool = False


@dataclass
class Count:
    """What came of it.

    Attributes:
        reacted: of the accepted ones, those asked for by a reaction.
        refused: answered in words alone, while something that the bot needs was away.
        unanswered: likewise not answered, and not accepted either.
        late: accepted, though Discord had given its answer up.
        broken: every promise that was not kept, in words.
    """

    asked: int = 0
    accepted: int = 0
    posted: int = 0
    reacted: int = 0
    refused: int = 0
    unanswered: int = 0
    late: int = 0
    lost: int = 0
    twice: int = 0
    waits: list[float] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        waits = sorted(self.waits)
        told = f"; asked to posted p50 {waits[len(waits) // 2]:.1f}, at most {waits[-1]:.1f} s" if waits else ""
        return (
            f"{self.asked} asked, {self.accepted} accepted ({self.late} of them late, {self.reacted} by reaction), "
            f"{self.posted} posted, "
            f"{self.refused} refused, {self.unanswered} unanswered, lost {self.lost}, twice {self.twice}, "
            f"broken {len(self.broken)}{told}"
        )


def count(
    asked: Mapping[int, str], record: Record, pictures: Iterable[Picture], states: Mapping[str, str],
    cuts: Iterable[Cut] = (), reacted: Mapping[int, str] | None = None,
) -> Count:  # fmt: skip
    """Close the account.

    Args:
        asked: interaction → prompt; those who press a button ask for the prompt of the picture above it.
        record: of all that was seen until nothing waited any more.
        pictures: all that were ever posted.
        states: what the product's books say of each job.
        reacted: message → prompt, of those under which someone has asked by a reaction, once.
    """
    found, deaf = Count(asked=len(asked)), [each for each in cuts if each.deaf]
    if record.missed:
        found.broken.append(f"the record itself has gaps: {record.missed} events")
    held: dict[str, list[Picture]] = defaultdict(list)
    for picture in pictures:
        held[picture.job].append(picture)
    jobs = set(states) | {line.job for line in record.messages.values() if line.job}
    reacted, under = reacted or {}, set[int]()
    for job in sorted(jobs):
        found.accepted += 1
        message = next((line.reacted_to for line in record.of_job(job) if line.reacted_to), 0)
        found.reacted += bool(message)
        under.add(message)
        _job(found, record, job, held[job], asked.get(int(job)) if job.isdigit() else reacted.get(message))
    for made in record.reactions:
        if made.message not in under and not _within(made.at, deaf):
            found.broken.append(f"the reaction to message {made.message} came to nothing, and nothing was away")
    for number in asked:
        _answer(found, record.deeds.get(number), number, str(number) in jobs, deaf)
    for job in sorted(set(states) - {job for job, state in states.items() if state == "posted"}):
        found.broken.append(f"job {job} is {states[job] or 'without a state'} in the end")
    return found


def _job(found: Count, record: Record, job: str, pictures: list[Picture], prompt: str | None) -> None:
    lines = record.of_job(job)
    if prompt is None:
        found.broken.append(f"job {job} was asked for by nobody")
    if not pictures:
        found.lost += 1
        last = next((repr(line.last.content) for line in lines if line.shown), "no message")
        found.broken.append(f"lost: job {job} ({prompt}) ended as {last}")
        return
    messages = {each.message for each in pictures}
    if len(messages) > 1:
        found.twice += 1
        found.broken.append(f"twice: the pictures of job {job} are in messages {sorted(messages)}")
    recipes = {each.number: each.recipe for each in pictures}
    wanted = next((each.request.count for each in recipes.values() if each), 0)
    shown = sorted(number for line in lines if line.deleted is None for _, number in line.last.pictures.values())
    if shown != list(range(1, wanted + 1)):
        found.broken.append(f"incomplete: job {job} shows {shown} of {wanted} pictures in the end")
    elif any(each is None or each.request.prompt != prompt for each in recipes.values()):
        found.broken.append(f"misplaced: job {job} has pictures of something else than {prompt!r}")
    else:
        found.posted += 1
        at = min((each.at for line in lines for each in line.shown if each.pictures), default=0.0)
        if job.isdigit() and (deed := record.deeds.get(int(job))):
            found.waits.append(at - deed.at)


def _answer(found: Count, deed: Deed | None, number: int, accepted: bool, deaf: list[Cut]) -> None:
    if deed is None or deed.state == "pending":
        found.broken.append(f"interaction {number} is open still")
    elif accepted:
        found.late += deed.state == "failed"
    elif not _within(deed.at, deaf):
        found.broken.append(f"interaction {number} was {deed.state}, came to nothing, and nothing was away")
    elif deed.state == "failed":
        found.unanswered += 1
    else:
        found.refused += 1


def _within(at: float, cuts: Iterable[Cut]) -> bool:
    return any(each.begin - BEFORE <= at <= each.end + AFTER for each in cuts)
