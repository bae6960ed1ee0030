"""What the form says in which somebody changes what was refused."""

from collections.abc import Mapping

from bot.flags.table import FLAGS
from worker.contract.message.languages import N_, Language

_LABELS: Mapping[str, str] = {
    # Translators: fields of a form, at most 45 characters, here and in the following.
    "prompt": N_("Prompt"),
    "negative_prompt": N_("Negative prompt: what to keep out"),
    "steps": N_("Steps"),
    "guidance": N_("Guidance scale"),
    "seed": N_("Seed"),
    "model": N_("Model"),
    "aspect_ratio": N_("Width to height"),
    "scheduler": N_("Sampler"),
    "count": N_("Pictures"),
    "image": N_("A picture to begin with"),
    "guide": N_("A picture to follow"),
    "style": N_("A picture whose look is taken over"),
    "flags": N_("More, as flags"),
}


_IN_LINE = {"steps", "guidance", "seed", "model", "scheduler", "count"}  # those that are not fields, or not always
OF_PICTURES = {"guide_by", "guide_weight", "style_by", "style_weight"}  # a field shows 100 characters at most
_FLAGS = " ".join(
    f"--{each.names[0]}" for each in FLAGS if each.option not in {*_LABELS, *OF_PICTURES} or each.option in _IN_LINE
)


def form_title(language: Language) -> str:
    """Of the form, and of the button that opens it."""
    return language.gettext("Change and try again")


def form_label(option: str, language: Language) -> str:
    """Of the field with this option of `/imagine`."""
    return language.gettext(_LABELS[option])


def form_bound(most: str, language: Language) -> str:
    """Below the label of the line of flags: the largest that some may be."""
    # Translators: {most} are flags with numbers, such as "--steps 50"; at most 100 characters.
    return language.gettext("At most {most} here.", most=most)


def form_default(option: str, language: Language) -> str:
    """What an empty field stands for."""
    if option == "seed":
        # Translators: in an empty field of a form: what is taken if it stays empty; here and in the following.
        return language.gettext("a random one")
    if option == "flags":
        return _FLAGS
    return language.gettext("none") if option == "negative_prompt" else language.gettext("the model's own")
