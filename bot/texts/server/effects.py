"""What admins read where something that they set does nothing, or less than it says."""

from collections.abc import Sequence

from worker.contract.message.languages import Language
from worker.contract.message.markdown import safe

from .values import fitting

_SHOWN, _ROOM = 4, 360  # sentences below an answer, and characters for them
_NAMES = 5
WARNING = "⚠️"


def listed(sentences: Sequence[str], language: Language) -> list[str]:
    """The first that there is room for, and how many more there are; a line each."""
    return fitting([f"{WARNING} {each}" for each in sentences], language, _ROOM, _SHOWN).splitlines()


def grant_of_nothing(who: str, language: Language) -> str:
    # Translators: {who} is a mention of a person.
    return language.gettext(
        "For {who} this changes nothing: this server sets no number of pictures a day to which it could be added.",
        who=who,
    )


def grant_over(who: str, language: Language) -> str:
    return language.gettext("For {who} this changes nothing: that day is over.", who=who)


def grant_cut(who: str, ceiling: str, left: str, language: Language) -> str:
    # Translators: {who} is a mention of a person, {most} and {left} are numbers.
    return language.gettext(
        "Whoever runs Easel allows at most {most} pictures a day, so for {who} it is {left} more.",
        who=who, most=ceiling, left=left,
    )  # fmt: skip


def role_of_no_limit(what: str, language: Language) -> str:
    # Translators: {what} is a setting, such as "at once", here and in the following.
    return language.gettext(
        "{what}: this changes nothing while the server sets none for everybody; roles only give more.", what=what
    )


def role_not_more(what: str, everybodys: str, language: Language) -> str:
    # Translators: {most} is a number.
    return language.gettext(
        "{what}: this changes nothing, for everybody has {most}; roles only give more.", what=what, most=everybodys
    )


def usual_too_much(what: str, most: str, language: Language) -> str:
    return language.gettext("{what}: more than may be asked for here, so it is {most}.", what=what, most=most)


def usual_not_allowed(what: str, language: Language) -> str:
    return language.gettext("{what}: may not be used here, so one that may be is taken.", what=what)


def usual_side_alone(what: str, language: Language) -> str:
    return language.gettext(
        "{what}: this changes nothing by itself. Please set both the usual width and the usual height.", what=what
    )


def over_ceiling(what: str, ceiling: str, language: Language) -> str:
    return language.gettext("{what}: whoever runs Easel allows {most}, so that holds.", what=what, most=ceiling)


def unknown(what: str, names: Sequence[str], language: Language) -> str:
    # Translators: {names} are those of models or samplers.
    return language.gettext(
        "{what}: nothing that runs here has {names}.",
        what=what, names=language.listed([f"“{safe(each, 40)}”" for each in names[:_NAMES]]),
    )  # fmt: skip


def stays(source: str, target: str, language: Language) -> str:
    # Translators: {source} and {target} are links to channels.
    return language.gettext(
        "Results of {source} stay there: {target} is more open, or Easel can't post in one of them.",
        source=source, target=target,
    )  # fmt: skip
