"""What came of what people did: each interaction and each asking reaction has exactly the job, or the words, it may."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import chain

from . import blame, explain, sentences
from .account import Claim, Ledger
from .lives import TAG, Book, No
from .record import Deed, Reaction, Timeline

_ANSWERED = "answered"


def interactions(account: Ledger, book: Book) -> None:
    """Every interaction is answered, by what it asked for or by words that the plan explains."""
    replies: dict[int, list[Timeline]] = defaultdict(list)
    for line in book.record.messages.values():
        if line.interaction is not None and not line.job and line.shown:
            replies[line.interaction].append(line)
    for deed in book.record.deeds.values():
        if book.record.gone_by(deed.channel, deed.at + blame.IN_TIME):
            continue  # what was said in a channel that is gone nobody can read
        lines = replies[deed.id]
        said = [line for line in lines if not line.last.thinking and line.last.content]
        for line in said:
            _refused(account, book, No.to(deed), line.last.content, f"interaction {deed.id} ({deed.name})")
        thinking = any(line.last.thinking and line.deleted is None for line in lines)
        if deed.state != _ANSWERED or thinking:
            _unanswered(account, book, deed)
        elif deed.asks and not said and str(deed.id) not in book.lives:
            account.breaks(f"nothing came of interaction {deed.id} ({deed.name}), though it was answered")


def _refused(account: Ledger, book: Book, no: No, text: str, what: str) -> None:
    code = sentences.refusal_code(text)
    if code in sentences.PLAIN:
        return
    if code is None:
        account.breaks(f"unknown words: {what} was told {text!r}")
    elif code == sentences.UNKNOWN:
        account.breaks(f"an error of Easel's own: {what} was told {text!r}")
    elif not explain.refusal(book, code, no):
        account.breaks(f"unexplained: {what} was refused, {code}: {text!r}")
    account.refused[code or "in unknown words"] += 1


def _unanswered(account: Ledger, book: Book, deed: Deed) -> None:
    record = book.record
    deferred, accepted = deed.state == _ANSWERED, str(deed.id) in book.lives
    if deferred:
        excused = not accepted and blame.undecided(record, deed)
    else:
        patience = blame.IN_TIME if accepted else blame.PROMPT
        excused = deed.id in record.refused or blame.hindered(record, deed.at, patience)
    if not excused:
        state = f"{deed.state}{', accepted' * accepted}"
        account.ignored.append(f"interaction {deed.id} ({deed.name}, {state}, answer {deed.answer_type})")
    elif accepted:
        account.late += 1
    else:
        account.unanswered += 1


def reactions(account: Ledger, book: Book, claims: Mapping[str, Claim]) -> None:
    """Each asking reaction has one job, or words by direct message."""
    told = list(_told(account, book))
    jobs = _jobs_by_reaction(book, claims)
    for (message, person), made in _asking(book).items():
        account.reactions += len(made)
        found = len(jobs.pop((message, person), ()))
        if found > len(made):
            account.breaks(f"accepted {found} times: {len(made)} reaction(s) of {person} on message {message}")
        words = told.count((message, person))
        missing = made[: max(0, len(made) - found - words)]
        excused = [each for each in missing if blame.unseen(book.record, each)]
        account.missed += len(excused)
        account.ignored += [f"reaction {each.emoji} of {person} on message {message}" for each in missing
                            if each not in excused]  # fmt: skip
    for (message, person), names in jobs.items():
        account.breaks(f"unasked: nobody reacted for jobs {sorted(names)} of {person} on message {message}")


def _asking(book: Book) -> dict[tuple[int, int], list[Reaction]]:
    found: dict[tuple[int, int], list[Reaction]] = defaultdict(list)
    for each in book.record.reactions:
        if each.asks:
            found[each.message, each.person].append(each)
    return found


def _jobs_by_reaction(book: Book, claims: Mapping[str, Claim]) -> dict[tuple[int, int], set[str]]:
    """Jobs by what was reacted to and by whom: those that people saw, and those that only the books know."""
    found: dict[tuple[int, int], set[str]] = defaultdict(set)
    for job, life in book.lives.items():
        about = next((line.reacted_to for line in life.lines if line.reacted_to), None)
        if about is not None:
            found[about, life.owner].add(job)
    for job, claim in claims.items():
        if claim.reply_to is not None and not job.isdigit():
            found[claim.reply_to, claim.owner].add(job)
    return found


def _told(account: Ledger, book: Book) -> Iterator[tuple[int, int]]:
    """Direct messages about reactions: which message, whose reaction. Each is explained as other refusals are."""
    record = book.record
    people = {channel: person for person, channel in record.dms.items()}
    for line in record.messages.values():
        found = sentences.reaction_refused(line.last.content) if line.shown and not line.job else None
        person = people.get(line.channel)
        if found is None or person is None:
            continue
        text, message = found
        made = [each for each in record.reactions if (each.message, each.person) == (message, person)]
        if not made:
            account.breaks(f"unasked: {person} was told of a reaction that they never made: {text!r}")
            continue
        _refused(account, book, No.to(made[-1]), text, f"reaction {made[-1].emoji} on message {message}")
        if made[-1].asks:
            yield message, person


def origins(account: Ledger, book: Book) -> None:
    """Every job was asked for, by an interaction that asks; those of reactions are counted above."""
    for job in book.lives:
        deed = book.record.deeds.get(int(job)) if job.isdigit() else None
        if job.isdigit() and (deed is None or not deed.asks):
            account.breaks(f"unasked: no interaction asked for job {job}")
    tags = Counter(chain.from_iterable(_tags(book)))
    for tag, count in tags.items():
        allowed = _asked_for(book, tag)
        if count > allowed:
            account.breaks(f"accepted {count} times: {tag} was asked for {allowed} times")


def _tags(book: Book) -> Iterator[list[str]]:
    for life in book.lives.values():
        yield TAG.findall(life.prompt)[:1]


def _asked_for(book: Book, tag: str) -> int:
    """How many jobs may have this prompt: for the command, and for what was asked of its messages."""
    jobs = {job for job, life in book.lives.items() if tag in life.prompt}
    pressed = sum(1 for deed in book.record.deeds.values() if deed.control and deed.asks and deed.control.job in jobs)
    return 1 + pressed + sum(1 for each in book.record.reactions if each.asks and each.job in jobs)
