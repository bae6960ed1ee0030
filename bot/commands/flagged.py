"""What was typed, with the flags in a prompt, and those in the form's line for them, as options."""

from collections.abc import Mapping

from bot.errors import BadFlags
from bot.flags.read import read, read_line

PROMPT, LINE = "prompt", "flags"


def told(typed: Mapping[str, str], *, form: bool) -> dict[str, str]:
    """All options by their names.

    Options of a command were typed, so they win over flags. The fields of a form were filled in beforehand, so what
    stands in its prompt wins over them. Raises BadFlags.
    """
    prompt, line = read(typed.get(PROMPT, "")), read_line(typed.get(LINE, ""))
    if prompt.bad or line.bad:
        raise BadFlags([*prompt.bad, *line.bad])
    options = {option: text for option, text in typed.items() if option not in {PROMPT, LINE}}
    flags = {**line.options, **prompt.options}
    return ({**options, **flags} if form else {**flags, **options}) | {PROMPT: prompt.words}
