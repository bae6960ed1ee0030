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
        _title(of),
        *(["schedule:", *(f"  {each}" for each in of.log)] if whole or not of.plan.strikes else []),
        f"blows: {_counted(of.struck)}",
        f"people: {_counted(of.did)}",
        f"{'interactions':<22}{account.interactions:>6}",
        f"{'  unanswered':<22}{account.unanswered:>6}   while the bot was dead, cut off or refused",
        f"{'  answered too late':<22}{account.late:>6}   their jobs have messages of their own",
        f"{'asking reactions':<22}{account.reactions:>6}",
        f"{'  missed':<22}{account.missed:>6}   likewise",
        f"{'ignored':<22}{len(account.ignored):>6}   while the bot lived",
        f"{'accepted':<22}{account.accepted:>6}",
        f"{'  posted':<22}{account.posted:>6}",
        f"{'  failed':<22}{account.failed.total():>6}   {_counted(account.failed)}",
        f"{'  cancelled':<22}{account.cancelled:>6}",
        f"{'  message deleted':<22}{account.removed:>6}",
        f"{'  place closed':<22}{account.unreachable:>6}",
        f"{'  lost':<22}{account.lost:>6}",
        f"{'stale messages':<22}{account.stale:>6}",
        f"{'posted twice':<22}{account.twice:>6}",
        f"{'told of their end':<22}{account.told:>6}   by a reply, as they had asked",
        f"{'edits out of order':<22}{account.disordered:>6}",
        f"{'refused':<22}{account.refused.total():>6}   {_counted(account.refused)}",
        *(f"{'nobody looks at':<22}{'':>6}   {name}: {share}" for name, share in account.exempt.items()),
        f"{'left in Redis':<22}{len(of.left):>6}",
        f"{'kills':<22}{kills:>6}   drawn again after: {_recovery(of.recovered)}",
        f"{'invalid requests':<22}{of.invalid:>6}   answers by status: {_counted(of.statuses)}",
    ]
    out += [f"  refused by Discord {count} times: {what}" for what, count in of.refusals.most_common()]
    out += [f"  ignored: {each}" for each in account.ignored[:_SHOWN]]
    out += [f"  BROKEN: {each}" for each in of.broken[:_SHOWN]]
    if of.plan.strikes:
        out.append(f"again: {_again(of)}")
    return out


def count(of: Round) -> int:
    """How many promises were broken, the unanswered people among them."""
    return len(of.broken) + len(of.ledger.ignored)


def summary(of: Round) -> str:
    """A round in a line."""
    account, plan = of.ledger, of.plan
    exempt = ", ".join(f"{name} {share.share:.1%}" for name, share in account.exempt.items())
    said = f"{len(plan.asks)} requests, {len(plan.strikes)} blows, {account.accepted} accepted, {account.posted} posted"
    return f"seed {plan.seed}: {said}, {count(of)} broken; nobody looks at: {exempt}"


def _title(of: Round) -> str:
    plan = of.plan
    what = f"{len(plan.asks)} requests and {len(plan.strikes)} blows in {plan.seconds:.0f} s"
    return f"seed {plan.seed}: {what}, settled {of.calm:.0f} s later"


def _again(of: Round) -> str:
    plan, weather = of.plan, of.weather
    how = {"seed": plan.seed, "seconds": f"{plan.seconds:g}", "requests": len(plan.asks), "every": f"{plan.every:g}",
           "engine": weather.engine, "hosts": len(weather.hosts)}  # fmt: skip
    said = " ".join(f"--{name} {value}" for name, value in how.items())
    more = ("" if weather.pace else " --own-leases") + (f" --together {weather.together}" if weather.together else "")
    return f"python -m tests.faults --only storm {said}{more}"


def _counted(counts: Counter[str] | dict[int, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items(), key=str)) or "none"


def _recovery(found: list[tuple[float, str]]) -> str:
    if not found:
        return "nothing was being drawn"
    seconds = [each for each, _ in found]
    slowest = max(found)
    return f"p50 {statistics.median(seconds):.1f} s, max {slowest[0]:.1f} s ({slowest[1]}), of {len(found)}"
