"""What people asked for by a message of their own comes once, to nobody else: that it is done, or the pictures."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping

from worker.contract.message.verbs import Verb
from worker.contract.types.job import Reason

from . import blame, sentences
from .account import Ledger
from .lives import Book, Life
from .record import Record, Timeline
from .shown import Phase

_OF_PICTURES = {"pictures_too_large", "pictures_expired"}  # causes for which nothing was posted, though one could write


def check(account: Ledger, book: Book) -> None:
    """Count the replies that mention an owner against those that were asked for."""
    jobs = {line.message: job for job, life in book.lives.items() for line in life.lines}
    replies: dict[int, list[Timeline]] = defaultdict(list)
    for line in book.record.messages.values():
        if line.shown and not line.job and line.reply_to and sentences.tells_owner(line.last.content):
            replies[line.reply_to].append(line)
    told = {jobs[message] for message in replies if message in jobs}
    for message, lines in replies.items():
        if len(lines) > 1:
            account.breaks(f"told twice: {len(lines)} replies to message {message}")
    pressed = _pressed(book)
    always = {deed.person for deed in book.record.deeds.values() if deed.always}
    for job in told - pressed.keys():
        if book.lives[job].owner in always:
            continue  # of theirs all that ends late is told
        account.breaks(f"told unasked: nobody asked to be told of job {job}")
    account.told += len(told)
    for job, wanted in pressed.items():
        life = book.lives.get(job)
        if wanted and life is not None and job not in told and _reachable(book, life):
            account.breaks(f"untold: whoever asked for job {job} was not told of its end")


def check_sent(account: Ledger, book: Book) -> None:
    """Count the pictures that came by direct message at somebody's wish against those wishes."""
    people = {channel: person for person, channel in book.record.dms.items()}
    sent: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    for line in book.record.messages.values():
        about = sentences.sent_from(line.last.content) if line.shown and not line.ephemeral else None
        if about is not None and line.channel in people:
            sent[people[line.channel], about].update(name for name, _ in line.last.files)
    for (person, message), files in sent.items():
        asked = sum(
            deed.person == person and deed.source == message and bool(deed.control) and deed.control.verb is Verb.SEND
            for deed in book.record.deeds.values() if deed.control
        )  # fmt: skip
        asked += sum(
            (each.person, each.message) == (person, message) and each.means(Verb.SEND)
            for each in book.record.reactions
        )  # fmt: skip
        if max(files.values(), default=0) > asked:
            account.breaks(f"sent {max(files.values())} times: {person} asked {asked} times for message {message}")


def _pressed(book: Book) -> dict[str, bool]:
    """The jobs under which the bell was pressed, and whether their owner was promised to be told."""
    # A reaction has no answer that promises anything.
    found = {each.job: False for each in book.record.reactions if each.means(Verb.TELL)}
    said = answered(book.record)
    for deed in sorted(book.record.deeds.values(), key=lambda deed: deed.at):
        if deed.control and deed.control.verb is Verb.TELL:
            about = said[deed.id] & {sentences.TOLD, sentences.UNTOLD}
            promised = found.get(deed.control.job, False)
            found[deed.control.job] = sentences.TOLD in about if about else promised
    return found


def answered(record: Record) -> Mapping[int, set[str | None]]:
    """The codes of all that each interaction was answered with, what has been replaced since among them."""
    found: dict[int, set[str | None]] = defaultdict(set)
    for line in record.messages.values():
        if line.interaction and not line.job:
            found[line.interaction] |= {sentences.refusal_code(shown.content) for shown in line.shown}
    return found


def check_kept(account: Ledger, book: Book, kept: Mapping[int, Collection[int]]) -> None:
    """Whatever was said to be kept is, by person and message; and nothing that nobody wished to keep."""
    record, said = book.record, answered(book.record)
    wished = {(each.person, each.message) for each in record.reactions if each.means(Verb.KEEP)}
    for deed in record.deeds.values():
        if deed.control and deed.control.verb is Verb.KEEP:
            wished.add((deed.person, deed.source or 0))
            if sentences.KEPT in said[deed.id] and deed.source not in kept.get(deed.person, ()):
                account.breaks(f"not kept: {deed.person} was told that message {deed.source} is")
    for person, message in {(person, each) for person, messages in kept.items() for each in messages} - wished:
        account.breaks(f"kept unasked: message {message} by {person}")


def _reachable(book: Book, life: Life) -> bool:
    """Whether its message came to its end where it was asked for, and the bot could write there from then on.

    Pictures that come by direct message instead tell of themselves.
    """
    for line in (each for each in life.lines if each.channel == life.channel):
        ended = line.phase in {Phase.POSTED, Phase.FAILED} and not sentences.went_elsewhere(line.last.status)
        reason, cause = line.last.ending or ("", "")
        ended = ended and (reason is not Reason.UNPOSTED or cause in _OF_PICTURES)
        open_ = not line.ephemeral and line.deleted is None and line.message not in book.record.removed
        if ended and open_ and not blame.shut(book.record, line.channel, life.begin, float("inf")):
            return True
    return False
