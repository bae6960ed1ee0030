"""What the form says in which somebody changes what was refused."""

from collections.abc import Mapping

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
    "strength": N_("How much of the picture is drawn anew"),
    "lora": N_("LoRAs"),
}


def form_title(language: Language) -> str:
    """Of the form, and of the button that opens it."""
    return language.gettext("Change and try again")


def form_label(option: str, language: Language) -> str:
    """Of the field with this option of `/imagine`."""
    return language.gettext(_LABELS[option])


def form_bound(most: float, language: Language) -> str:
    """Below the label of a field for a number."""
    # Translators: {most} is a number; at most 100 characters.
    return language.gettext("At most {most} here.", most=round(most, 2))


def form_default(option: str, language: Language) -> str:
    """What an empty field stands for."""
    if option == "seed":
        # Translators: in an empty field of a form: what is taken if it stays empty; here and in the following.
        return language.gettext("a random one")
    return language.gettext("none") if option in {"negative_prompt", "lora"} else language.gettext("the model's own")
