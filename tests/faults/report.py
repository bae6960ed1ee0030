"""A round in words and figures."""

import statistics
from collections import Counter

from .storm import Round

_SHOWN = 40


def lines(of: Round, *, whole: bool = False) -> list[str]:
    """The report; with `whole` the schedule as well."""
    account = of.ledger
    kills = sum(count for what, count in of.struck.items() if what.startswith("kill"))
    out = [
        f"seed {of.plan.seed}: {len(of.plan.asks)} requests and {len(of.plan.strikes)} blows in {of.plan.seconds:.0f} s, "
        f"settled {of.calm:.0f} s later",
        *(["schedule:", *(f"  {each}" for each in of.log)] if whole else []),
        f"blows: {_counted(of.struck)}",
        f"people: {_counted(of.did)}",
        f"{'interactions':<22}{account.interactions:>6}   "
        f"unanswered while the bot was away {account.unanswered}, while it lived {len(account.ignored)}",
        f"{'accepted':<22}{account.accepted:>6}",
        f"{'  posted':<22}{account.posted:>6}",
        f"{'  failed, with words':<22}{account.failed.total():>6}   {_counted(account.failed)}",
        f"{'  cancelled':<22}{account.cancelled:>6}",
        f"{'  message deleted':<22}{account.removed:>6}",
        f"{'  place closed':<22}{account.unreachable:>6}",
        f"{'  lost':<22}{account.lost:>6}",
        f"{'posted twice':<22}{account.twice:>6}",
        f"{'edits out of order':<22}{account.disordered:>6}",
        f"{'refused, with words':<22}{account.refused.total():>6}   {_counted(account.refused)}",
        f"{'left in Redis':<22}{len(of.left):>6}",
        f"{'kills':<22}{kills:>6}   drawn again after: {_recovery(of.recovered)}",
        f"{'invalid requests':<22}{of.invalid:>6}   answers by status: {_counted(of.statuses)}",
    ]
    out += [f"  refused by Discord {count} times: {what}" for what, count in of.refusals.most_common()]
    out += [f"  ignored: {each}" for each in account.ignored[:_SHOWN]]
    out += [f"  BROKEN: {each}" for each in of.broken[:_SHOWN]]
    out.append(f"again: python -m tests.faults --seed {of.plan.seed} --seconds {of.plan.seconds:.0f} "
               f"--requests {len(of.plan.asks)}")  # fmt: skip
    return out


def _counted(counts: Counter[str] | dict[int, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items(), key=str)) or "none"


def _recovery(found: list[tuple[float, str]]) -> str:
    if not found:
        return "nothing was being drawn"
    seconds = [each for each, _ in found]
    slowest = max(found)
    return f"p50 {statistics.median(seconds):.1f} s, max {slowest[0]:.1f} s ({slowest[1]}), of {len(found)}"
