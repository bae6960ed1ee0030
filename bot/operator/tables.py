"""What the operator's command prints: plain text, for a terminal."""

from collections.abc import Sequence

from worker.contract.types.operator_settings import OperatorSettings
from worker.contract.types.server_changes import dump

from .desk import Line, Sheet

_HEAD = ("server", "pictures", "GPU s", "people", "waiting", "weight", "tier", "")


def plain(text: str) -> str:
    """A text without what a terminal would obey: sentences and names in it are other people's."""
    return "".join(each if each.isprintable() or each == "\n" else "\N{REPLACEMENT CHARACTER}" for each in text)


def servers(lines: Sequence[Line]) -> str:
    """One line a server."""
    if not lines:
        return "No server has asked for anything today, and nothing is set of any."
    rows = [_HEAD, *(_row(line) for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _row(line: Line) -> tuple[str, ...]:
    weight = "1" if line.of.weight is None else f"{line.of.weight:g}"
    blocked = "" if line.of.blocked is None else f"blocked: {line.of.blocked}".removesuffix(": ")
    numbers = (line.pictures, round(line.ms / 1000), line.people, line.waiting)
    return (line.server, *map(str, numbers), weight, line.of.tier or "-", blocked)


def sheet(found: Sheet) -> str:
    """All of one server."""
    parts = [servers([found.line])]
    if found.days:
        parts.append("by day (UTC):\n" + "\n".join(
            f"  {day.day}  {day.pictures} pictures, {round(day.ms / 1000)} GPU s, {len(day.people)} people"
            for day in found.days
        ))  # fmt: skip
    if found.held and found.held.version:
        said = "\n".join(f"  {key}: {value}" for key, value in dump(found.held.settings).items())
        damage = f" (damaged: {', '.join(found.held.damaged) or 'all of it'})" if found.held.damaged else ""
        parts.append(f"set by its admins, version {found.held.version}{damage}:\n{said}")
    if found.changes:
        parts.append("last changes:\n" + "\n".join(
            f"  {each.number}  {each.key}: {each.old} → {each.new}, by {each.by_name or each.by}"
            for each in found.changes
        ))  # fmt: skip
    return "\n\n".join(parts)


def status(settings: OperatorSettings) -> str:
    """What is set for everybody."""
    paused = "not paused" if settings.paused is None else f"paused: {settings.paused or '(no sentence)'}"
    blocked = [f"  {person}  {each.why}".rstrip() for person, each in sorted(settings.blocked.items())]
    return "\n".join([paused, *(["blocked people:", *blocked] if blocked else ["no person is blocked"])])
