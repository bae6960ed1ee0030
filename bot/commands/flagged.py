"""What was typed, with the flags in a prompt, and those in the form's line for them, as options."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.errors import BadFlags
from bot.flags.command import bare
from bot.flags.read import read, read_line
from bot.flags.signs import signs
from bot.flags.write import escaped

PROMPT, LINE = "prompt", "flags"


@dataclass(frozen=True)
class Expanded:
    """All that was typed, as options.

    Attributes:
        options: by their names; the prompt keeps what is escaped in it.
        bad: what cannot be read of the flags; then all is as it was typed.
        flags: the options that flags say.
        unheard: what flags say of options that were typed as well, and with another value: those count.
    """

    options: dict[str, str]
    bad: BadFlags | None = None
    flags: frozenset[str] = frozenset()
    unheard: Mapping[str, str] = field(default_factory=dict)


def expanded(typed: Mapping[str, str], *, form: bool) -> Expanded:
    """All of it as options.

    Those of a command were typed, so they win over flags. The fields of a form were filled in beforehand, so what
    stands in its prompt wins over them, and what is no flag there is words, for a hint was given before.
    """
    prompt, line = read(bare(typed.get(PROMPT, ""))), read_line(typed.get(LINE, ""))
    if bad := [*prompt.bad, *line.bad, *(() if form else signs(prompt.words))]:
        return Expanded(dict(typed), BadFlags(bad))
    options = {option: text for option, text in typed.items() if option not in {PROMPT, LINE}}
    flags = {**line.options, **prompt.options}
    unheard = {} if form else {name: text for name, text in flags.items() if options.get(name, text) != text}
    found = ({**options, **flags} if form else {**flags, **options}) | {PROMPT: escaped(prompt.words)}
    said = frozenset(flags) if form else frozenset(flags) - options.keys()
    return Expanded(found, None, said, unheard)
