"""From options to flags: what `read` makes the same options of."""

import re
from collections.abc import Mapping

from worker.contract.message.ratio import ratio
from worker.contract.types.operation import SourceRole
from worker.contract.types.request import Request

from .read import QUOTED, START, means_one
from .table import FLAGS, Takes

# The options that take pictures, by what these are for; nobody gives one a mask.
OPTION_OF = {
    SourceRole.PICTURE: "image", SourceRole.MASK: "image", SourceRole.GUIDE: "guide", SourceRole.REFERENCE: "style",
}  # fmt: skip


def spelled(words: str, options: Mapping[str, str]) -> str:
    """A prompt with its options as flags, in the order of the table."""
    return " ".join(filter(None, [escaped(words), line(options)]))


def line(options: Mapping[str, str]) -> str:
    """The flags alone, of those options that are one."""
    return " ".join(
        _flag(flag.names[0], options[flag.option], flag.takes) for flag in FLAGS if options.get(flag.option)
    )


def options_of(request: Request) -> dict[str, str]:
    """What draws the same, by the names of options; without its prompt."""
    options = {
        "negative_prompt": request.negative_prompt,
        "model": request.model,
        "aspect_ratio": ratio(request.width, request.height),
        "steps": str(request.steps),
        "guidance": number(request.guidance_scale),
        "scheduler": str(request.scheduler or ""),
        "seed": str(request.seed),
        "count": str(request.count),
        "strength": "" if request.strength is None else number(request.strength),
        "lora": ", ".join(f"{each.id}:{number(each.weight)}" for each in request.loras),
    }
    for each in request.guides:
        option = OPTION_OF[each.picture.role]
        options |= {f"{option}_by": each.id, f"{option}_weight": number(each.weight)}
    return {option: text for option, text in options.items() if text}


def number(value: float) -> str:
    """A number as people type it: without ".0", and with all of its digits."""
    return str(int(value)) if value == int(value) else repr(value)


def escaped(words: str) -> str:
    """Words in which nothing is read as a flag."""
    return START.sub(lambda each: "\\" + each[0] if each["escapes"] or means_one(each) else each[0], words)


def _flag(name: str, value: str, takes: Takes) -> str:
    if takes is Takes.NOTHING:
        return f"--{name}"
    if takes is Takes.ALL:
        value = ("\\" if QUOTED.match(value) else "") + escaped(value)
    elif re.search(r"\s", value) and takes is not Takes.NAMES:
        value = f'"{value}"'
    return f"--{name} {value}"
