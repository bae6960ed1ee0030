"""What people asked for by a message of their own comes once, to nobody else: that it is done, or the pictures."""

from collections import Counter, defaultdict

from worker.contract.message.verbs import Verb

from . import blame, sentences
from .account import Ledger
from .lives import Book, Life
from .record import Timeline
from .shown import Phase


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
    for job in told - pressed.keys():
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
        if max(files.values(), default=0) > asked:
            account.breaks(f"sent {max(files.values())} times: {person} asked {asked} times for message {message}")


def _pressed(book: Book) -> dict[str, bool]:
    """The jobs under which the bell was pressed, and whether their owner was promised to be told."""
    answers = {line.interaction: line.last.content for line in book.record.messages.values() if line.shown}
    found: dict[str, bool] = {}
    for deed in sorted(book.record.deeds.values(), key=lambda deed: deed.at):
        if deed.control and deed.control.verb is Verb.TELL:
            said = sentences.refusal_code(answers.get(deed.id, ""))
            promised = found.get(deed.control.job, False)
            found[deed.control.job] = said == sentences.TOLD if said in {sentences.TOLD, sentences.UNTOLD} else promised
    return found


def _reachable(book: Book, life: Life) -> bool:
    """Whether its message came to its end in a place where the bot could write from then on."""
    for line in life.lines:
        ended = line.phase in {Phase.POSTED, Phase.FAILED} and not sentences.went_elsewhere(line.last.status)
        open_ = not line.ephemeral and line.deleted is None and line.message not in book.record.removed
        if ended and open_ and not blame.shut(book.record, line.channel, life.begin, float("inf")):
            return True
    return False
