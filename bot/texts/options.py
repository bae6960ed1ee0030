"""What stands against the value of an option."""

from collections.abc import Sequence

from bot.errors import BadOption, OnlySquares
from bot.flags.table import COUNTED
from worker.contract.message.languages import N_, Language
from worker.contract.message.markdown import safe
from worker.contract.message.ratio import RATIO_MAX

from .sources import some

# Translators: {option} is the name of an option, {example} what can be typed for it, here and in the following.
_WHOLE = N_("`{option}` takes a whole number, such as `{example}`.")
_NUMBER = N_("`{option}` takes a number, such as `{example}`.")
_RATIO = N_("`{option}` takes width to height, such as `{example}`: from {most}:1 to 1:{most}.")
# What each option of numbers takes, and an example.
_TAKEN = {
    "aspect_ratio": (_RATIO, "3:2"),
    "steps": (_WHOLE, "30"),
    "seed": (_WHOLE, "7"),
    "count": (_WHOLE, "2"),
    "repeat": (_WHOLE, "2"),
    "guidance": (_NUMBER, "7"),
    "strength": (_NUMBER, "0.6"),
    "guide_weight": (_NUMBER, "0.8"),
    "style_weight": (_NUMBER, "0.8"),
}


def only_squares(error: OnlySquares, language: Language) -> str:
    """That a model draws squares only, and which draw other shapes."""
    if error.with_picture:
        # Translators: {title} is the name of a model; `aspect_ratio` is an option, and `--ar` the same as a flag, here
        # and in the following.
        squares = language.gettext(
            "With a picture to begin with or to follow, {title} draws squares only; from words alone it draws other "
            "shapes, too.", title=safe(error.title, 100),
        )  # fmt: skip
        return f"{squares} {_others_with_picture(error.titles, language)}"
    if not error.titles:
        return language.gettext(
            "{title} draws squares only, and no running model that may be used here draws other shapes. "
            "Leave `aspect_ratio` or `--ar` out.",
            title=safe(error.title, 100),
        )
    # Translators: {title} is the name of a model, {models} a list of names; `model` is an option, too.
    return language.gettext(
        "{title} draws squares only. These draw other shapes: {models}. "
        "Choose one as `model`, or leave `aspect_ratio` or `--ar` out.",
        title=safe(error.title, 100),
        models=some(error.titles, language),
    )


def _others_with_picture(titles: Sequence[str], language: Language) -> str:
    if not titles:
        return language.gettext("Leave the picture out, or `aspect_ratio` or `--ar`.")
    # Translators: {models} is a list of names; `model` is an option.
    return language.gettext(
        "These draw other shapes from one: {models}. Choose one as `model`, or leave `aspect_ratio` or `--ar` out.",
        models=some(titles, language),
    )


def bad_option(error: BadOption, language: Language) -> str:  # noqa: PLR0911 - one case a kind of bound
    """Which values an option takes that was given another."""
    if error.flag:
        flag, (most, example) = f"--{error.flag}", COUNTED[error.flag]
        # Translators: {flag} is what somebody typed, {example} what can come after it.
        return language.gettext(
            "`{flag}` takes a number from 0 to {most}, such as `{example}`.",
            flag=flag,
            most=most,
            example=example,
        )
    if error.least is not None and error.most is not None:
        largest = f"{error.most:g}"
        # Translators: {option} is the name of an option.
        return language.gettext(
            "`{option}` can't be used as it is: it must be a number from {least} to {most}.",
            option=error.option,
            least=error.least,
            most=largest,
        )
    if error.least is not None:
        # Translators: {option} is the name of an option.
        return language.gettext(
            "`{option}` can't be used as it is: it must be {least} or more.",
            option=error.option,
            least=error.least,
        )
    if error.most is not None:
        # Translators: {option} is the name of an option.
        return language.gettext(
            "`{option}` can't be used as it is: it must be {most} or less.", option=error.option, most=error.most
        )
    if error.option in _TAKEN:
        takes, example = _TAKEN[error.option]
        return language.gettext(takes, option=error.option, example=example, most=RATIO_MAX)
    if error.option:
        # Translators: {option} is the name of an option.
        return language.gettext("`{option}` can't be used as it is. Please choose another value.", option=error.option)
    return language.gettext("These options can't be used together. Please choose other values.")
