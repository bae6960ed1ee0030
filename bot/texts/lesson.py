"""What `/help` says of prompts, steps and guidance."""

from worker.contract.message.languages import Language
from worker.contract.message.markdown import safe


def prompt(model: str, *, few: bool, language: Language) -> str:
    """The lesson; `few`: the model knows few words."""
    lines = [
        "### " + language.gettext("How to write a prompt"),
        # Translators: prompts are written in English; the words in brackets are to be replaced by whoever writes one.
        language.gettext("**a [kind of picture] of [subject], [style cues]**: each part may be left out."),
        language.gettext("What matters most comes first; a few exact words do more than many."),
    ]
    if few:
        # Translators: {model} is the name of a model.
        lines.append(
            language.gettext(
                "{model} knows few words, and `/models` lists them. For others it draws one that means the same, or "
                "says what comes near.",
                model=safe(model, 60),
            )
        )
    lines += [
        language.gettext("**Steps**: more take longer and show more, up to a point (`--steps`, or `--draft` for few)."),
        language.gettext("**Guidance**: more follows the words more closely; too much looks harsh (`--cfg`)."),
        # Translators: options of `/imagine`, and flags.
        language.gettext(
            "**Pictures**: `image` or `image_link` begins with one (`strength`: how much is drawn anew), `guide` "
            "follows its lines (`guide_by`, `guide_weight`), `style` takes over its look (`style_weight`). "
            "As flags: `--image`, `--guide` or `--sref` and the link of one of Easel's messages."
        ),
        # Translators: above buttons with examples; {model} is the name of a model.
        language.gettext("A press draws one of these with {model}:", model=safe(model, 60)),
    ]
    return "\n".join(lines)


def draw(example: str, language: Language) -> str:
    """On a button that draws an example, which is English."""
    # Translators: {example} is an English prompt.
    return language.gettext("Draw: {example}", example=example)


def shows(language: Language) -> str:
    """What a screen reader says of the pictures."""
    # Translators: of two rows of pictures; the numbers stand below them.
    return language.gettext(
        "The same cat twice in five pictures. With 1, 2, 4, 8 and 20 steps: from a blur to clear whiskers. "
        "With a guidance scale of 0, 1, 2, 5 and 12: from soft to harsh and glaring."
    )
