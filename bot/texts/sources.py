"""Why a picture to begin with, or a LoRA, is refused."""

from collections.abc import Sequence

from bot import source_errors
from bot.errors import Refusal
from worker.contract.message.cause_texts import cause_sentence
from worker.contract.message.languages import Language
from worker.contract.message.markdown import safe
from worker.contract.message.verbs import VERBS, Verb
from worker.contract.types.request import LORAS_MAX, WEIGHT_MAX

_TITLES_SHOWN = 10


def of_sources(error: Refusal, language: Language) -> str | None:  # noqa: PLR0911 - one case a refusal
    """The sentence for what stands against a picture to begin with, or a LoRA; None where it is of another kind."""
    match error:
        case source_errors.PictureUnfit(cause=cause):
            # Translators: somebody sent a picture in to be drawn from; why comes after it.
            said = language.gettext("That picture can't be used.")
            return f"{said} {cause_sentence(cause, language)}"
        case source_errors.StrengthAlone():
            # Translators: `strength` and `image` are options.
            return language.gettext(
                "`strength` says how much of a picture is drawn anew. Attach one as `image`, or leave `strength` out."
            )
        case source_errors.CannotBegin(title=title, titles=titles):
            return _cannot_begin(title, titles, language)
        case source_errors.BadLoras(text=text):
            # Translators: `lora` is an option, {asked} what somebody typed for it; the example stays as it is.
            return language.gettext(
                "`lora` can't be read: “{asked}”. It takes up to {most} names with commas between, each with a weight "
                "from -{weight} to {weight} if you like: `pixel:0.8, ink`.",
                asked=safe(text, 80), most=LORAS_MAX, weight=WEIGHT_MAX,
            )  # fmt: skip
        case source_errors.BeganWithNone():
            # Translators: {came_about} is the sign of a button.
            return language.gettext(
                "This was drawn from words alone, so there is no picture that could turn to noise. "
                "{came_about} under More shows how it came about.", came_about=VERBS[Verb.CAME_ABOUT].emoji,
            )  # fmt: skip
        case source_errors.BeginningGone():
            return language.gettext(
                "The picture that this was drawn from is gone, so it can't be drawn from it again. "
                "Attach it anew with `/imagine`, or draw without it."
            )
        case source_errors.BeginningUnseen():
            return language.gettext(
                "The picture that this was drawn from is in a channel where you can't look from here, "
                "so how it turns to noise isn't shown to you."
            )
    return None


def _cannot_begin(title: str, titles: Sequence[str], language: Language) -> str:
    if not titles:
        # Translators: {title} is the name of a model; `image` is an option.
        return language.gettext(
            "{title} can't draw from a picture, and no running model that may be used here can. Leave `image` out.",
            title=safe(title, 60),
        )
    return language.gettext(
        "{title} can't draw from a picture. These can: {models}. Choose one as `model`, or leave `image` out.",
        title=safe(title, 60),
        models=some(titles, language),
    )


def some(titles: Sequence[str], language: Language) -> str:
    """The first titles and how many more there are: a message holds 2,000 characters, a catalogue any number."""
    shown = ", ".join(f"**{safe(title, 60)}**" for title in titles[:_TITLES_SHOWN])
    more = len(titles) - _TITLES_SHOWN
    if more <= 0:
        return shown
    # Translators: the end of a list of names, where {count} more are not shown.
    return language.ngettext("{names} and {count} more", "{names} and {count} more", more, names=shown)
