"""What was typed, with the flags in a prompt, and those in the form's line for them, as options."""

from collections.abc import Mapping

from bot.errors import BadFlags
from bot.flags.read import read, read_line
from bot.flags.write import escaped

PROMPT, LINE = "prompt", "flags"


def expanded(typed: Mapping[str, str], *, form: bool) -> tuple[dict[str, str], BadFlags | None]:
    """The same; what cannot be read stays as it was typed, with what is wrong."""
    try:
        return told(typed, form=form), None
    except BadFlags as bad:
        return dict(typed), bad


def told(typed: Mapping[str, str], *, form: bool) -> dict[str, str]:
    """All options by their names.

    Options of a command were typed, so they win over flags. The fields of a form were filled in beforehand, so what
    stands in its prompt wins over them. The prompt keeps what is escaped in it. Raises BadFlags.
    """
    prompt, line = read(typed.get(PROMPT, "")), read_line(typed.get(LINE, ""))
    if prompt.bad or line.bad:
        raise BadFlags([*prompt.bad, *line.bad])
    options = {option: text for option, text in typed.items() if option not in {PROMPT, LINE}}
    flags = {**line.options, **prompt.options}
    return ({**options, **flags} if form else {**flags, **options}) | {PROMPT: escaped(prompt.words)}
