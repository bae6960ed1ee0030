"""What the bot says of models. Their names, descriptions and vocabularies are their own, and shown as they are."""

import textwrap
from collections.abc import Container, Iterator, Sequence
from typing import Any

from worker.contract.message.languages import Language
from worker.contract.message.markdown import safe
from worker.contract.types.guide_info import GuideInfo
from worker.contract.types.lora_info import LoraInfo
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.operation import Operation, SourceRole
from worker.contract.types.vocabulary_notice import Known

_SHOWN = 10
_PAGE, _FIELD = 2600, 500  # characters of an embed's description and field; escaping may double them
_LORAS = 900  # characters of all LoRAs, of the 1,024 that a field holds
_NBSP = "\N{NO-BREAK SPACE}"


def models(live: Sequence[ModelInfo], language: Language, not_here: Container[str] = ()) -> dict[str, Any]:
    """An embed with all models in short, as many as it holds; last those that may not be used where it is asked."""
    lines = [
        f"**{safe(each.title, 40)}** · {_facts(each, language, not_here)}\n-# {safe(each.description, 80)}"
        for each in sorted(live, key=lambda each: each.id in not_here)
    ]
    shown = "\n".join(lines[:_SHOWN])
    if (more := len(lines) - _SHOWN) > 0:
        # Translators: {count} models that there is no room for.
        shown += "\n" + language.ngettext("and {count} more", "and {count} more", more)
    how = language.gettext("`/models` with a model's name tells all of it.")
    return {"title": language.gettext("What draws here"), "description": f"{shown}\n\n{how}"}


def about_model(model: ModelInfo, language: Language, not_here: Container[str] = ()) -> Iterator[dict[str, Any]]:
    """Embeds with all that there is to say of a model, each for a message of its own."""
    licence = language.gettext("licence {name}", name=safe(model.licence, 100))
    what = f"{safe(model.description, 300)}\n-# {_facts(model, language, not_here)} · {licence}"
    if model.knows is None:
        reads = language.gettext("It reads prompts in any words.")
        page: dict[str, Any] = {"title": model.title, "description": f"{what}\n{reads}"}
        yield page | ({"fields": fields} if (fields := list(_more(model, language))) else {})
        return
    pages = textwrap.wrap(", ".join(map(_unbroken, model.knows.things)), _PAGE, break_on_hyphens=False)
    pages = [page.replace(_NBSP, " ") for page in pages]
    yield {
        "title": _knows(model, model.knows, language),
        "description": f"{what}\n\n{pages[0]}",
        "fields": [*_fields(model, model.knows, language), *_more(model, language)],
    }
    yield from ({"description": page} for page in pages[1:])


def _knows(model: ModelInfo, known: Known, language: Language) -> str:
    number, data = len(known.things), {"title": model.title, "kind": model.draws}
    data["known"] = language.number(number)
    if model.draws:
        # Translators: {title} is the name of a model, {kind} such as "emoji-like".
        return language.ngettext(
            "{title} knows {known} {kind} thing", "{title} knows {known} {kind} things", number, **data
        )
    # Translators: {title} is the name of a model.
    return language.ngettext("{title} knows {known} thing", "{title} knows {known} things", number, **data)


def _fields(model: ModelInfo, known: Known, language: Language) -> Iterator[dict[str, str]]:
    if known.styles:
        # Translators: styles that a model can draw in, such as "3D sticker".
        yield {"name": language.gettext("Styles"), "value": safe(", ".join(known.styles), _FIELD)}
    if known.backgrounds:
        yield {"name": language.gettext("Backgrounds"), "value": safe(", ".join(known.backgrounds), _FIELD)}
    if model.example:
        # Translators: above a prompt that a model draws well.
        yield {"name": language.gettext("For example"), "value": safe(model.example, 200)}


def _more(model: ModelInfo, language: Language) -> Iterator[dict[str, str]]:
    """What it can do besides drawing from words."""
    if model.does(Operation.IMG2IMG):
        # Translators: of a model; `image`, `strength` and `/imagine` stay as they are.
        told = language.gettext("It draws from a picture, too: `image` and `strength` of `/imagine`.")
        yield {"name": language.gettext("Pictures to begin with"), "value": told}
    if model.guides:
        yield {"name": language.gettext("Pictures to follow"), "value": _guides(model.guides, language)}
    if model.loras:
        yield {"name": language.gettext("LoRAs"), "value": _loras(model.loras, language)}


def _guides(all_of_them: Sequence[GuideInfo], language: Language) -> str:
    """What follows a guide, by their names, and whether a style can be taken over."""
    names = [f"`{each.id}`" for each in all_of_them if each.role is SourceRole.GUIDE]
    shown = []
    if names:
        # Translators: {names} are ways to follow a picture; what stands in back quotes is an option of `/imagine`.
        told = language.gettext("`guide` of `/imagine`, with `guide_by`: {names}.", names=", ".join(names)[:_FIELD])
        shown.append(told)
    if len(names) < len(all_of_them):
        # Translators: `style` is an option of `/imagine`.
        shown.append(language.gettext("`style` takes over what a picture looks like."))
    return "\n".join(shown)


def _loras(all_of_them: Sequence[LoraInfo], language: Language) -> str:
    """A line for each, as many as a field holds."""
    lines = [f"`{each.id}` · {_lora(each, language)}" for each in all_of_them]
    shown = [line for end, line in enumerate(lines, 1) if len("\n".join(lines[:end])) <= _LORAS]
    if (more := len(lines) - len(shown)) > 0:
        # Translators: {count} LoRAs that there is no room for.
        shown.append(language.ngettext("and {count} more", "and {count} more", more))
    return "\n".join(shown)


def _lora(lora: LoraInfo, language: Language) -> str:
    words = [safe(lora.title, 40)]
    if lora.triggers:
        # Translators: {words} are words of a prompt that a LoRA was trained with, with commas between.
        words.append(language.gettext("say {words}", words=safe(", ".join(lora.triggers), 30)))
    return " · ".join(words)


def _facts(model: ModelInfo, language: Language, not_here: Container[str] = ()) -> str:
    steps = language.ngettext("{count} step", "{count} steps", model.steps)
    # Translators: of a model that a server's admins, or whoever runs Easel, do not let be used where somebody asks.
    here = [language.gettext("not to be used here")] if model.id in not_here else []
    return " · ".join([_sizes(model, language), steps, *here])


def _sizes(model: ModelInfo, language: Language) -> str:
    size = _size(*model.size(1, 1))
    if model.canvas_max is None:
        return size
    longest = _size(*model.canvas(model.canvas_max, model.side_min))
    # Translators: {size} and {longest} are widths and heights in pixels, of a square and of the longest landscape.
    return language.gettext("{size}, other shapes up to {longest}", size=size, longest=longest)


def _size(width: int, height: int) -> str:
    return f"{width} × {height}"


def _unbroken(name: str) -> str:
    return safe(name, 80).replace(" ", _NBSP)
