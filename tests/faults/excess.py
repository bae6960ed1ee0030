"""Whether more was let in than admins of a server had set: one too many of anything is a promise broken.

Counted is only what is sure: a job was admitted between the moment when it was asked for and that when it was first
shown, and one that was posted counted at least until its pictures were seen. Of limits the widest counts that may have
held then.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .account import Claim, Ledger, Picture
from .lives import PICTURES, Book, Life
from .shown import Phase

_UNSEEN = 8
_SLACK = 1.0  # seconds by which what people do and see may be noted late, besides what was measured
MINUTE = 60.0
SECOND = 1000  # milliseconds


@dataclass(frozen=True)
class Start:
    """An accepted job of a server: admitted from `begin` to `shown`, counted until `end` at least, if it was posted.

    What a deferred answer shows before its card ("thinking") says nothing: limits may change while Redis is away.

    `pictures` and `charge` (ms) are what it takes of a day, 0 where nobody can say.
    """

    life: Life
    begin: float
    shown: float
    end: float
    pictures: int
    charge: int

    def sure_at(self, other: "Start") -> bool:
        """Did it surely wait or run when the other one was admitted?"""
        return self.shown <= other.begin and self.end >= other.shown

    @property
    def posted(self) -> bool:
        return self.pictures > 0


def check(account: Ledger, book: Book, pictures: Sequence[Picture], claims: Mapping[str, Claim]) -> None:
    """Compare all that was let in with what had been set."""
    numbers: dict[str, set[int]] = defaultdict(set)
    for picture in pictures:
        if picture.counts:
            numbers[picture.job].add(picture.number)
    servers: dict[str, list[Start]] = defaultdict(list)
    for life in book.lives.values():
        if life.server in book.rules.held:
            slack = _SLACK + book.record.lag
            servers[life.server].append(_start(life, len(numbers[life.job]), claims.get(life.job), slack))
    for server, starts in servers.items():
        starts.sort(key=lambda each: each.begin)
        _shut(account, book, server, starts)
        people: dict[int, list[Start]] = defaultdict(list)
        for each in starts:
            people[each.life.owner].append(each)
        for table, groups in (("each", people.values()), ("together", [starts])):
            for group in groups:
                _group(account, book, f"{table}.", server, group)


def accounts(account: Ledger, book: Book, pictures: Sequence[Picture], used: Mapping[tuple[str, str], int]) -> None:
    """What was posted stays on the day's account, and what came to nothing does not."""
    seen: dict[str, set[int]] = defaultdict(set)
    for picture in pictures:
        if picture.counts:
            seen[picture.job].add(picture.number)
    least: dict[tuple[str, str], int] = defaultdict(int)
    most: dict[tuple[str, str], int] = defaultdict(int)
    for life in book.lives.values():
        failed = any(line.phase is Phase.FAILED for line in life.lines)
        for whose in ((life.server, ""), (life.server, str(life.owner))):
            least[whose] += len(seen[life.job])
            most[whose] += 0 if failed and not seen[life.job] else PICTURES
    for whose, told in used.items():
        # What nobody was ever shown may be on it, too: seldom, and not all of it.
        if not least[whose] <= told <= most[whose] + _UNSEEN:
            who = f"server {whose[0]}" + (f", person {whose[1]}" if whose[1] else "")
            account.breaks(
                f"the day's account of {who} says {told} pictures: {least[whose]} to {most[whose]} it should"
            )


def _start(life: Life, pictures: int, claim: Claim | None, slack: float) -> Start:
    shown = min(each.at for line in life.lines for each in line.shown if each.job)
    end = life.end - slack if pictures else float("-inf")
    return Start(life, life.begin - slack, shown, end, pictures, claim.charge if claim and pictures else 0)


def _group(account: Ledger, book: Book, table: str, server: str, starts: Sequence[Start]) -> None:
    def most(name: str, begin: float, end: float) -> float:
        return book.rules.bounds(server, table + name, begin, end)[1]

    for each in starts:
        if table == "each." and each.pictures > (limit := most("pictures", each.begin, each.shown)):
            _broken(account, "in one request", each, f"{each.pictures} pictures of {limit:.0f}")
        open_ = 1 + sum(other.sure_at(each) for other in starts if other is not each)
        if open_ > (limit := most("at_once", each.begin, each.shown)):
            _broken(account, f"at once ({table}at_once)", each, f"{open_} of {limit:.0f}")
    for name, unit, taken in _DAYS:
        for each in starts if book.one_day else ():
            limit = most(name, each.begin, each.shown) * unit
            used = taken(each) + sum(taken(other) for other in starts if other.shown <= each.begin)
            if each.posted and used > limit:
                _broken(account, f"a day ({table}{name})", each, f"{used} of {limit:.0f}")
    for first, last in _runs(starts):
        begin, end = min(each.begin for each in starts[first : last + 1]), starts[last].shown
        allowed = most("per_minute", begin, end) * (1 + (end - begin) / MINUTE)
        if last - first + 1 > allowed:
            what = f"{last - first + 1} in {end - begin:.0f} s, at most {allowed:.1f}"
            _broken(account, f"a minute ({table}per_minute)", starts[last], what)


_DAYS: tuple[tuple[str, int, Callable[[Start], int]], ...] = (
    ("day_pictures", 1, lambda each: each.pictures),
    ("day_gpu_seconds", SECOND, lambda each: each.charge),
)


def _runs(starts: Sequence[Start]) -> Iterator[tuple[int, int]]:
    """Starts from one to another later one, within a minute or so."""
    for last, each in enumerate(starts):
        for first in range(last, -1, -1):
            if each.begin - starts[first].begin > MINUTE:
                break
            if all(other.shown <= each.shown for other in starts[first:last]):
                yield first, last


def _shut(account: Ledger, book: Book, server: str, starts: Iterable[Start]) -> None:
    for each in starts:
        possible = book.rules.possible(server, each.begin, each.shown)
        if all(settings.paused is not None for settings in possible):
            account.breaks(f"accepted though paused: job {each.life.job} of server {server}")
        if all(each.life.owner in settings.blocked for settings in possible):
            account.breaks(f"accepted though blocked: job {each.life.job} of {each.life.owner} in server {server}")


def _broken(account: Ledger, what: str, each: Start, told: str) -> None:
    life = each.life
    account.breaks(f"one too many {what}: job {life.job} of {life.owner} in server {life.server}: {told}")
