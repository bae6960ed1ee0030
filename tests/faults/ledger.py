"""The account of a round: what people were promised, by what they saw, against what they got.

It reads the sandbox's record and the pictures in its channels. The product's own books are believed in nothing, but
they may not claim more than people saw. What people did not get has to be explained by what the plan did (`explain`,
`blame`); how much is looked at by nobody because of that is counted, and has its bound.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from . import answers, blame, excess, explain, sentences, telling
from .account import Claim, Ledger, Picture
from .lives import TAG, Book, Life
from .record import Record, Timeline
from .rules import Rules
from .shown import Phase, Shown


@dataclass
class Facts:
    """All that an account is made of.

    Attributes:
        record: complete, of a round in which nothing waits any more.
        pictures: all that were ever posted, those of deleted messages too.
        claims: what the product says of its jobs. It may not say more than people saw.
        caps: how many jobs may wait or run, for `person`, `server` and `total`.
        hosts: names of the workers.
        rules: what admins had set.
        one_day: all happened on one day (UTC), by whatever clock; days are not looked at else.
        used: pictures that the product says were used, by server and person, "" for all of a server.
        kept: messages among people's favourites, by person; None where nobody has looked.
    """

    record: Record
    pictures: list[Picture] = field(default_factory=list)
    claims: dict[str, Claim] = field(default_factory=dict)
    caps: Mapping[str, int] = field(default_factory=dict)
    hosts: frozenset[str] = frozenset()
    rules: Rules = field(default_factory=Rules)
    one_day: bool = True
    used: Mapping[tuple[str, str], int] = field(default_factory=dict)
    kept: Mapping[int, Collection[int]] | None = None

    def settle(self) -> Ledger:
        """Close the account."""
        record = self.record
        account = Ledger(interactions=len(record.deeds))
        if record.missed:
            account.breaks(f"the record itself has gaps: {record.missed} events")
        lives = {job: Life.of(record, job, lines) for job, lines in by_job(record).items()}
        charges = {job: claim.charge for job, claim in self.claims.items() if claim.charge}
        book = Book(record, lives, self.caps, self.hosts, self.rules, charges, self.one_day)
        for life in lives.values():
            account.accepted += 1
            _end_of(account, book, life)
            for line in life.lines:
                _order(account, record, line)
        _pictures(account, record, self.pictures)
        answers.interactions(account, book)
        answers.reactions(account, book, self.claims)
        answers.origins(account, book)
        telling.check(account, book)
        telling.check_sent(account, book)
        if self.kept is not None:
            telling.check_kept(account, book, self.kept)
        _claims(account, book, self.claims)
        excess.check(account, book, self.pictures, self.claims)
        excess.accounts(account, book, self.pictures, self.used)
        _shares(account, book)
        return account


def by_job(record: Record) -> dict[str, list[Timeline]]:
    """The messages of each job."""
    found: dict[str, list[Timeline]] = defaultdict(list)
    for line in record.messages.values():
        if line.job:
            found[line.job].append(line)
    return found


def _end_of(account: Ledger, book: Book, life: Life) -> None:
    """Count how a job ended."""
    phases = {line.phase for line in life.lines if line.phase is not None}
    record = book.record
    if Phase.POSTED in phases:
        account.posted += 1
    elif phases & {Phase.CANCELLED, Phase.FAILED}:
        _failed(account, book, life)
    elif any(line.deleted is not None for line in life.lines):
        account.removed += 1
        if not _deleted_by_someone(record, life):
            account.breaks(f"vanished: nobody deleted the message of job {life.job}")
    elif any(blame.stuck(record, line.channel, line.last) for line in life.lines):
        account.unreachable += 1
    else:
        account.lost += 1
        last = life.lines[-1]
        said = f"ended as {last.phase!r}: {last.last.content!r} (message {last.message})"
        account.breaks(f"lost: job {life.job} {said}")
        return
    for line in life.lines:
        open_ = line.phase is not None and not line.phase.final
        # What was in a channel that was deleted can be read by nobody.
        seen = line.deleted is None and not record.gone_by(line.channel)
        if open_ and seen and not blame.stuck(record, line.channel, line.last):
            account.stale += 1
            account.breaks(f"stale: message {line.message} of job {life.job} still says {line.last.content!r}")


def _failed(account: Ledger, book: Book, life: Life) -> None:
    """A job that ended without pictures did so for a reason that the plan gave it."""
    line = next(line for line in life.lines if line.phase in {Phase.CANCELLED, Phase.FAILED})
    why = explain.ending(book, life, line.last)
    if why is None:
        account.breaks(f"unexplained: job {life.job} came to nothing: {line.last.content!r} (message {line.message})")
    if line.phase is Phase.CANCELLED:
        account.cancelled += 1
        return
    reason, cause = line.last.ending or ("in unknown words", "")
    account.failed[f"{reason}{f' ({cause})' if cause else ''} by its {why or 'own'}"] += 1
    account.exempt["failed under blows"].some += why == "blow"


def _deleted_by_someone(record: Record, life: Life) -> bool:
    planned = any(line.message in record.removed or record.gone_by(line.channel) for line in life.lines)
    return planned or explain.ended_by(record, life)


def _order(account: Ledger, record: Record, line: Timeline) -> None:
    """After a final state comes no earlier one, and within a try its progress does not go back.

    Unless Discord was late with what a lost poster had sent, and the final state came back.
    """
    final: Shown | None = None
    furthest: tuple[int, float] = (0, 0.0)
    late = account.exempt["edits that came late"]
    late.all += 1
    for shown in line.shown:
        phase = shown.phase
        if phase is None:
            continue
        if final is not None and (not phase.final or phase is not final.phase):
            if line.phase is final.phase and blame.late(record, shown.at):
                late.some += 1
                continue
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
    account.breaks(f"out of order: message {line.message} of job {line.job}: {what}")


def _pictures(account: Ledger, record: Record, pictures: list[Picture]) -> None:
    """Each picture once, in the message of its own job, and all that were asked for."""
    places: dict[tuple[str, int, int, str], set[int]] = defaultdict(set)
    asked: dict[str, int] = {}
    held: dict[str, set[int]] = defaultdict(set)
    for picture in pictures:
        if sentences.sent_from(record.messages[picture.message].last.content):
            continue  # a copy for one person, who asked for it
        if picture.recipe is None:
            account.breaks(f"a picture of job {picture.job} has no recipe (message {picture.message})")
            continue
        request = picture.recipe.request
        seed = request.seed_of(picture.recipe.index)  # which an enhanced draft shares with it
        what = " upscaled" * bool(request.upscale) + " on its way" * bool(request.moments)
        places[request.prompt, seed, request.steps, what].add(picture.message)
        asked[picture.job] = request.files
        held[picture.job].add(picture.number)
        _belongs(account, record.messages[picture.message], request.prompt)
    for (prompt, seed, _, what), messages in places.items():
        if len(messages) > 1 and len(_there(record, messages)) > 1:
            account.twice += 1
            account.breaks(f"posted twice: {prompt!r} with seed {seed}{what} is in messages {sorted(messages)}")
    for job, count in asked.items():
        if held[job] != set(range(1, count + 1)):
            account.breaks(f"incomplete: job {job} has pictures {sorted(held[job])} of {count}")


def _there(record: Record, messages: set[int]) -> list[int]:
    """Those whose channel was there when the last of them came: Discord says nothing of what went with a channel."""
    came = max(record.messages[each].shown[0].at for each in messages)
    return [each for each in messages if not record.gone_by(record.messages[each].channel, came)]


def _belongs(account: Ledger, line: Timeline, prompt: str) -> None:
    tag = TAG.search(prompt)
    if tag and not any(tag[0] in shown.content for shown in line.shown):
        account.breaks(f"misplaced: the picture of {prompt!r} is in message {line.message}")


def _claims(account: Ledger, book: Book, claims: Mapping[str, Claim]) -> None:
    """A job that ended was seen to end; an accepted one that nobody was ever shown ends in the books alone."""
    for job, claim in claims.items():
        life = book.lives.get(job)
        asked = book.record.deeds.get(int(job)) if job.isdigit() else None
        closed = blame.shut(book.record, claim.channel, asked.at if asked else 0.0, float("inf"))
        if claim.state not in {"posted", "failed", "cancelled"}:
            account.breaks(f"unfinished: job {job} is still {claim.state or 'without a state'}")
        elif claim.state == "posted" and not _shown(life):
            account.breaks(f"unseen: job {job} is said to be posted, and nobody saw it")
        elif claim.state == "failed" and life is None and not closed:
            account.breaks(f"unseen: job {job} failed, and nobody was told")


def _shown(life: Life | None) -> bool:
    return life is not None and any(shown.pictures for line in life.lines for shown in line.shown)


def _shares(account: Ledger, book: Book) -> None:
    """How much of all this nobody looks at."""
    silence, places, blows = (account.exempt[name] for name in ("silence", "places", "failed under blows"))
    blows.all = account.accepted
    for line in (line for life in book.lives.values() for line in life.lines):
        running = [shown for shown in line.shown if shown.phase is None or not shown.phase.final]
        places.all += 1
        places.some += bool(running) and blame.stuck(book.record, line.channel, running[-1])
    for deed in book.record.deeds.values():
        silence.all += 1
        silence.some += deed.id in book.record.refused or blame.hindered(book.record, deed.at)
    for reaction in (each for each in book.record.reactions if each.asks):
        silence.all += 1
        silence.some += blame.unseen(book.record, reaction)
    for name, share in account.exempt.items():
        if share.too_large:
            account.breaks(f"too much is exempt to say anything: {name}, {share}")
