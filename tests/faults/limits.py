"""Whether a limit explains a refusal: so much was taken of it, as anybody could see, by what was set just then."""

from collections.abc import Callable, Iterable, Mapping
from itertools import chain

from .lives import ANSWER, NEAR, PICTURES, SETTLES, Book, Life, No, server_of
from .troubles import Trouble

_WRITES = (Trouble.QUEUE, Trouble.POSTER, Trouble.MESSAGES)  # what may come between an end and the books
_AT_ONCE = {"person": "each", "server": "together"}
_RATES = {"rate_member": "each", "rate_server": "together"}
_DAYS = {
    "day_pictures": "each.day_pictures", "server_day_pictures": "together.day_pictures",
    "day_gpu": "each.day_gpu_seconds", "server_day_gpu": "together.day_gpu_seconds",
}  # fmt: skip
_MINUTE, _SECOND = 60.0, 1000


def over_cap(book: Book, form: str, no: No) -> bool:
    """Does what was taken of it explain that this limit was met?"""
    if form in book.caps:
        return _at_once(book, form, no)
    if form in _RATES:
        return _rate(book, _RATES[form], no)
    return form in _DAYS and _day(book, _DAYS[form], no)


def _least(book: Book, no: No, key: str) -> float:
    here = server_of(book.record, no.channel, no.person)
    return book.rules.bounds(here, key, no.at - NEAR, no.at + ANSWER)[0]


def _at_once(book: Book, form: str, no: No) -> bool:
    """Were so many of their jobs open at that moment, at most?"""
    here = server_of(book.record, no.channel, no.person)
    theirs: Mapping[str, Callable[[Life], bool]] = {
        "person": lambda life: (life.owner, life.server) == (no.person, here),
        "everywhere": lambda life: life.owner == no.person,
        "server": lambda life: life.server == here,
        "total": lambda _: True,
    }
    late = book.record.lag  # a reaction is noted after the bot has heard of it, and what is slow counts for longer
    open_ = [
        life for life in book.lives.values()
        if theirs[form](life) and life.begin - late <= no.at <= _uncounted(book, life) + late
    ]  # fmt: skip
    most = min(book.caps[form], _least(book, no, f"{_AT_ONCE[form]}.at_once") if form in _AT_ONCE else book.caps[form])
    return len(open_) >= most


def _uncounted(book: Book, life: Life) -> float:
    """Until when caps may count a job whose end was seen: later where that could not be written down at once."""
    during = (book.record.troubles.during(kind, life.end, life.end + SETTLES) for kind in _WRITES)
    return max([life.end, *(each.end for each in chain.from_iterable(during))]) + SETTLES


def _theirs(book: Book, table: str, no: No) -> Iterable[Life]:
    """Jobs of the server that were asked for by then; with "each", those of the person alone."""
    here = server_of(book.record, no.channel, no.person)
    return [
        life for life in book.lives.values()
        if life.server == here and life.begin <= no.at + ANSWER and (table == "together" or life.owner == no.person)
    ]  # fmt: skip


def _rate(book: Book, table: str, no: No) -> bool:
    """Was there so little left of a minute's starts? Each took its share by what was set when it began."""
    here, least = server_of(book.record, no.channel, no.person), _least(book, no, f"{table}.per_minute")
    taken = 1 / least
    for life in _theirs(book, table, no):
        if life.begin >= no.at - _MINUTE - ANSWER:
            taken += 1 / book.rules.bounds(here, f"{table}.per_minute", life.begin - NEAR, life.begin + ANSWER)[0]
    return taken > 1


def _day(book: Book, key: str, no: No) -> bool:
    """May so much have been taken of the day? What was given back since counts, and the most that was asked for."""
    table, lives = key.partition(".")[0], list(_theirs(book, key.partition(".")[0], no))
    if key.endswith("pictures"):
        return PICTURES * (len(lives) + 1) > _least(book, no, f"{table}.day_pictures")
    most = max(book.charges.values(), default=0)
    taken = sum(book.charges.get(life.job) or most for life in lives) + max(most, 1)
    return taken > _least(book, no, key) * _SECOND or not book.charges


def blocked(book: Book, no: No) -> bool:
    here = server_of(book.record, no.channel, no.person)
    return any(no.person in each.blocked for each in book.rules.possible(here, no.at - NEAR, no.at + ANSWER))


def paused(book: Book, no: No) -> bool:
    here = server_of(book.record, no.channel, no.person)
    return any(each.paused is not None for each in book.rules.possible(here, no.at - NEAR, no.at + ANSWER))


def over_one_request(book: Book, no: No) -> bool:
    return _least(book, no, "each.pictures") < PICTURES


def changing(book: Book, no: No) -> bool:
    """Did admins change something again and again just then?"""
    here = server_of(book.record, no.channel, no.person)
    return len(book.rules.possible(here, no.at - NEAR, no.at + ANSWER)) > 1
