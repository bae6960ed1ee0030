"""Values of a server's settings in words, and why a typed one cannot be."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from bot.setting_errors import Wrong, WrongValue
from worker.contract.message.languages import Language
from worker.contract.message.markdown import mention, safe
from worker.contract.types.server_settings import Change

_NAMES_SHOWN, _NAME_MAX = 8, 40  # names in one value, and characters of each
_SPANS = ((3600, "h"), (60, "min"), (1, "s"))


def number(value: float, language: Language) -> str:
    """A number as short as it can be."""
    return language.number(value) if value == int(value) else f"{value:g}"


def span(seconds: float, language: Language) -> str:
    """Seconds as they are typed: "90 s", "10 min", "2 h"."""
    size, unit = next((each for each in _SPANS if seconds >= each[0] and seconds % each[0] == 0), _SPANS[-1])
    return f"{number(seconds / size, language)} {unit}"


def rough(seconds: float) -> float:
    """A time in seconds as exact as it means anything to people: 0.4, 7, 85, 540."""
    if seconds < 1:
        return round(seconds, 1)
    return round(seconds) if seconds < 90 else round(seconds / 60) * 60


def fitting(lines: Sequence[str], language: Language, room: int, most: int) -> str:
    """The first of several lines that fit into so many characters, at most so many, and how many more there are."""
    shown: list[str] = []
    for each in lines[:most]:
        if shown and sum(map(len, shown)) + len(each) > room:
            break
        shown.append(each)
    more = len(lines) - len(shown)
    if more > 0:
        # Translators: {count} lines that there is no room for.
        shown.append(language.ngettext("and {count} more", "and {count} more", more))
    return "\n".join(shown)


def nothing(language: Language) -> str:
    """For a value that is not set."""
    # Translators: in place of a value of a setting that is not set.
    return language.gettext("not set")


def listed(names: Sequence[str], language: Language) -> str:
    """Names of models or samplers, as many as a line holds; none stands for all of them."""
    if not names:
        return language.gettext("all")
    shown, more = [safe(each, _NAME_MAX) for each in names[:_NAMES_SHOWN]], len(names) - _NAMES_SHOWN
    if more > 0:
        # Translators: the last of a list of names, in place of {count} for which there is no room.
        shown.append(language.ngettext("{count} more", "{count} more", more))
    return language.listed(shown)


def blocked(entry: Mapping[str, object], language: Language) -> str:
    """That a person is blocked, and why."""
    why = str(entry.get("why") or "")
    # Translators: of a person; {why} is what an admin wrote.
    return language.gettext("blocked: “{why}”", why=safe(why, 80)) if why else language.gettext("blocked")


def granted(pictures: int, until: int, language: Language) -> str:
    """How many more pictures a day a person has, and until when (ms since the epoch)."""
    # Translators: {until} is a date.
    return language.ngettext(
        "{count} more picture a day until {until}",
        "{count} more pictures a day until {until}",
        pictures,
        until=moment(until, "D"),
    )


def moment(milliseconds: float, how: str = "R") -> str:
    """A moment, as each reader's Discord says it: `R` "in 3 days", `D` a date."""
    return f"<t:{int(milliseconds // 1000)}:{how}>"


def now_ms() -> int:
    """This moment, as settings have moments."""
    return time.time_ns() // 1_000_000


def complaint(error: WrongValue, language: Language) -> str:  # noqa: PLR0911 - one case a complaint
    """Why what was typed for a setting cannot be, in one sentence."""
    said = {"label": language.gettext(error.label), "typed": safe(error.typed, 80)}
    most, least = (language.number(each, 2 if each % 1 else 0) for each in (error.most, error.least))
    match error.why:
        case Wrong.NUMBER:
            # Translators: {label} is a setting such as "Requests at once", {typed} what was typed; here and below.
            return language.gettext("{label}: “{typed}” is not a number.", **said)
        case Wrong.WHOLE:
            return language.gettext("{label}: “{typed}” is not a whole number.", **said)
        case Wrong.SPAN:
            return language.gettext("{label}: “{typed}” is no time. Write it like 90 s, 10 min or 2 h.", **said)
        case Wrong.LOW:
            return language.gettext(
                "{label}: {typed} is less than {least}, the least there can be.", **said, least=least
            )
        case Wrong.HIGH:
            return language.gettext("{label}: {typed} is more than {most}, the most there can be.", **said, most=most)
        case Wrong.CEILING:
            return language.gettext(
                "{label}: {typed} is more than the {most} that whoever runs Easel allows.", **said, most=error.ceiling
            )
        case Wrong.STEP:
            return language.gettext("{label}: {typed} is not a multiple of {step}.", **said, step=error.step)
        case Wrong.LONG:
            return language.gettext("{label}: that is more than {most} characters.", **said, most=most)
        case Wrong.CHOICE:
            return language.gettext(
                "{label}: “{typed}” is none of these: {choices}.", **said, choices=language.listed(error.choices)
            )
        case Wrong.CHANNEL:
            return language.gettext("{label}: “{typed}” is no channel of this server where Easel can write.", **said)


def what(key: str, short: str, language: Language) -> str:
    """A setting within a sentence."""
    name = language.gettext(short)
    if key.startswith("together."):
        # Translators: {setting} is such as "pictures a day".
        return language.gettext("{setting} of all together", setting=name)
    if key.startswith("buttons."):
        # Translators: {button} is the name of a button, such as "Rerun".
        return language.gettext("{button} under another's picture", button=name)
    return name


def changed(setting: str, whom: str, old: str, new: str, language: Language) -> str:
    """What a setting was and is."""
    if whom:
        # Translators: {whom} is a role, a channel or a person; {setting} such as "at once"; {old} and {new} are values.
        return language.gettext("{whom}: {setting}, {old} → {new}", whom=whom, setting=setting, old=old, new=new)
    return language.gettext("{setting}, {old} → {new}", setting=setting, old=old, new=new)


def entry(whom: str, old: str, new: str, language: Language) -> str:
    """What became of a block, or of pictures that were granted; "" for none."""
    data = {"whom": whom, "old": old, "new": new}
    if not old:
        # Translators: {whom} is a person, {old} and {new} such as "blocked" or "50 more pictures a day until May 5";
        # here and in the following.
        return language.gettext("{whom}: {new}", **data)
    if not new:
        return language.gettext("{whom}: no longer {old}", **data)
    return language.gettext("{whom}: {old} → {new}", **data)


def value(key: str, entry: Mapping[str, Any], language: Language) -> str:
    """What a person's entry says: under `blocked` or `grants`."""
    if key == "blocked":
        return blocked(entry, language)
    return granted(entry["pictures"], entry["until"], language)


def audit(change: Change, what: str, language: Language) -> str:
    """One line of the audit."""
    how = {
        # Translators: how a setting was changed, in brackets after the change, here and in the following.
        "undo": language.gettext("(undo)"),
        "import": language.gettext("(import)"),
        "reset": language.gettext("(reset)"),
    }.get(change.how, "")
    line = f"`{change.number}` {moment(change.at)} {mention(change.by)} {safe(change.by_name, 32)}"
    return f"{line}: {what} {how}".rstrip()


def others(language: Language) -> str:
    """That the same was set by others meanwhile."""
    return language.gettext("Others have changed this meanwhile. Nothing was changed now.")
