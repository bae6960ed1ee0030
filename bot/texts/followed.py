"""Why a picture that is to be followed, or one that was named by a link, is refused."""

from collections.abc import Sequence

from bot import source_errors
from bot.errors import Refusal
from bot.flags.table import BY_OPTION
from worker.contract.message.languages import N_, Language
from worker.contract.message.markdown import safe
from worker.contract.message.verbs import Verb

from .sources import some

# By the option at fault, and whether a way to follow was named; without other models that can, and with some.
_CANNOT_FOLLOW = {
    ("guide", True): (
        # Translators: {title} is the name of a model, {by} a way to follow a picture, such as canny; {models} are names
        # of models. What stands in back quotes is an option; here and in the following.
        N_(
            "{title} can't follow a picture by {by}, and no running model that may be used here can. "
            "Leave `guide` out, or `guide_by` to follow it in another way."
        ),
        N_("{title} can't follow a picture by {by}. These can: {models}. Choose one as `model`, or leave `guide` out."),
    ),
    ("guide", False): (
        N_("{title} can't follow a picture, and no running model that may be used here can. Leave `guide` out."),
        N_("{title} can't follow a picture. These can: {models}. Choose one as `model`, or leave `guide` out."),
    ),
    ("style", True): (
        N_(
            "{title} can't take its style from a picture by {by}, and no running model that may be used here can. "
            "Leave `style` out."
        ),
        N_(
            "{title} can't take its style from a picture by {by}. These can: {models}. "
            "Choose one as `model`, or leave `style` out."
        ),
    ),
    ("style", False): (
        N_(
            "{title} can't take its style from a picture, and no running model that may be used here can. "
            "Leave `style` out."
        ),
        N_(
            "{title} can't take its style from a picture. These can: {models}. "
            "Choose one as `model`, or leave `style` out."
        ),
    ),
}

_GONE = N_("The picture that was followed is gone, so these follow none.")
_BEYOND = N_("Beyond its edges a picture can follow no other, so that was left out.")
_NO_MORE = dict.fromkeys((Verb.VARY_LITTLE, Verb.VARY_LOT), _GONE) | dict.fromkeys(
    (Verb.ZOOM_SOME, Verb.ZOOM_TWICE, Verb.WIDEN, Verb.HEIGHTEN), _BEYOND
)


def of_followed(error: Refusal, language: Language) -> str | None:
    """The sentence for it; None where the refusal is of another kind."""
    match error:
        case source_errors.LinkUnfit(option=option, text=text):
            # Translators: {option} is the name of an option, {link} what somebody typed for it.
            return language.gettext(
                "`{option}`: “{link}” leads to no picture of Easel's in this server that you can see. "
                "Copy the link of its message (its menu → Copy Message Link), or attach the picture with the option.",
                option=option, link=safe(text, 60),
            )  # fmt: skip
        case source_errors.WhichPicture(text=text, numbers=numbers):
            return _which(text, numbers, language)
        case source_errors.FollowsNothing(option=option, typed=typed):
            flag = f"`--{BY_OPTION[option].names[0]}`"
            # Translators: {typed} and {option} are names of options.
            return language.gettext(
                "`{typed}` says how a picture is followed. Attach one as `{option}`, name one by {flag} and the link "
                "of its message, or leave `{typed}` out.",
                typed=typed, option=option, flag=flag,
            )  # fmt: skip
        case source_errors.CannotFollow(option=option, title=title, by=by, titles=titles):
            alone, others = _CANNOT_FOLLOW[option, bool(by)]
            named = some(titles, language) if titles else ""
            said = others if titles else alone
            return language.gettext(said, title=safe(title, 60), by=safe(by, 40), models=named)
    return None


def _which(text: str, numbers: Sequence[int], language: Language) -> str:
    shown = "`, `".join(f"{text.strip('<>')}#{number}" for number in numbers)
    # Translators: a message holds several pictures; {links} are links, each with the number of a picture behind it.
    return language.gettext("There are several pictures there. Put the number behind the link: `{links}`.", links=shown)


def follows_no_more(verb: Verb, language: Language) -> str:
    """What is said where a picture followed others and what is made of it follows none; empty where that is no news."""
    sentence = _NO_MORE.get(verb)
    return language.gettext(sentence) if sentence else ""
