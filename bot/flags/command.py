"""A request as the command that asks for it, to be copied."""

import re
from collections.abc import Mapping

from worker.contract.types.request import PROMPT_MAX, Request
from worker.contract.types.source_place import SourcePlaces

from .links import link_to
from .write import OPTION_OF, options_of, spelled

_COMMAND = "/imagine"
_NAMES = re.compile(rf"\s*(?:{_COMMAND}(?!\S)\s*(?:prompt\s*:)?|prompt\s*:)\s*", re.IGNORECASE)
# Options that take a picture, with those that say what becomes of it.
OF_PICTURE: Mapping[str, tuple[str, ...]] = {
    "image": ("strength",),
    "guide": ("guide_by", "guide_weight"),
    "style": ("style_by", "style_weight"),
}


def typed(request: Request, places: SourcePlaces | None = None, server: int | None = None) -> str:
    """`/imagine prompt:… --ar 3:2 …`, with links to those of its pictures that stand in messages, and no others.

    Where that is more than the prompt may hold, its long texts are options.
    """
    if not request.typable:
        request = request.without_sources
    options = options_of(request)
    for option, link in _pictures(request, places, server):
        if link:
            options[option] = link
        else:
            options = {name: text for name, text in options.items() if name not in OF_PICTURE[option]}
    prompt = spelled(request.prompt, options)
    if len(prompt) <= PROMPT_MAX:
        return f"{_COMMAND} prompt:{prompt}"
    negative = options.pop("negative_prompt", "")
    prompt = spelled(request.prompt, options)
    if len(prompt) > PROMPT_MAX:
        named = " ".join(f"{option}:{text}" for option, text in options.items())
        return f"{_COMMAND} prompt:{request.prompt} negative_prompt:{negative} {named}"
    return f"{_COMMAND} prompt:{prompt}" + (f" negative_prompt:{negative}" if negative else "")


def bare(prompt: str) -> str:
    """A prompt without the names before it, of somebody who pasted or typed the whole command into it."""
    return prompt[named.end() :] if (named := _NAMES.match(prompt)) else prompt


def attached(request: Request, places: SourcePlaces | None = None) -> dict[str, dict[str, str]]:
    """The pictures that such a command leaves out, by their options, each with what else was typed of it."""
    if not request.typable:
        return {}
    options = options_of(request)
    return {
        option: {name: options[name] for name in OF_PICTURE[option] if name in options}
        for option, link in _pictures(request, places, None)
        if not link
    }


def _pictures(request: Request, places: SourcePlaces | None, server: int | None) -> list[tuple[str, str]]:
    """Option and link of each, "" where there is none."""
    known = places.pictures if places else ()
    found = []
    for index, picture in enumerate(request.pictures):
        link = link_to(server, known[index]) if index < len(known) else ""
        found.append((OPTION_OF[picture.role], link))
    return found
