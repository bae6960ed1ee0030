"""What is said of a server's usage."""

from collections.abc import Sequence
from datetime import date

from worker.contract.discord_limits import ALT_TEXT_MAX
from worker.contract.message.languages import Language
from worker.contract.message.markdown import mention, safe

from .values import span

SHOWN = 15  # people


def heading(server: str, days: int, language: Language) -> str:
    """Above it all."""
    within = language.ngettext("in the last {count} day", "in the last {count} days", days)
    # Translators: {server} is a name, {days} such as "in the last 14 days".
    text = language.gettext("Pictures in {server} {days}", server=safe(server, 60), days=within)
    return f"### {text}"


def chart_title(days: int, language: Language) -> str:
    """In the picture."""
    return language.ngettext("Pictures, last {count} day", "Pictures a day, last {count} days", days)


def described(bars: Sequence[tuple[date, int]], language: Language) -> str:
    """What screen readers say of the picture: each day with its number."""
    said = ", ".join(f"{day.isoformat()}: {count}" for day, count in bars)
    # Translators: of a chart; {days} is a list such as "2026-11-28: 12, 2026-11-29: 7".
    return language.gettext("Bars with the pictures of each day. {days}", days=said)[:ALT_TEXT_MAX]


def totals(pictures: int, milliseconds: int, language: Language) -> str:
    """All together."""
    drawn = language.ngettext("{number} picture", "{number} pictures", pictures, number=language.number(pictures))
    # Translators: {pictures} is such as "148 pictures", {time} such as "12 min".
    return language.gettext("{pictures}, {time} of GPU time", pictures=drawn, time=_time(milliseconds, language))


def person(who: int, pictures: int, milliseconds: int, language: Language) -> str:
    """One person's line."""
    what = totals(pictures, milliseconds, language)
    return f"- {mention(who)}: {what}"


def more_people(count: int, language: Language) -> str:
    return language.ngettext("and {count} more person", "and {count} more people", count)


def _time(milliseconds: int, language: Language) -> str:
    seconds = round(milliseconds / 1000)
    return span(seconds if seconds < 600 else round(seconds / 60) * 60, language)
