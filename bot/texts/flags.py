"""What is wrong with flags in a prompt: which, and what was meant."""

from collections.abc import Iterable, Sequence

from bot.flags.read import BadFlag, Trouble
from bot.flags.table import BY_OPTION
from worker.contract.message.languages import N_, Language
from worker.contract.message.markdown import safe

_SHOWN, _LONGEST = 5, 40  # flags that are told of at once, characters of one
_SIGNS = {Trouble.LINK, Trouble.PARTS, Trouble.PERMUTATION}
_SENTENCES = {
    # Translators: {flag} is a word that begins with two dashes, here and in the following. Never translate those.
    Trouble.UNKNOWN: N_("Easel does not know {flag}."),
    Trouble.NO_VALUE: N_("Nothing comes after {flag}. Give it a value, or leave it out."),
    # Translators: such as "`--ar 3:2` and `--aspect 1:1` stand for the same option."
    Trouble.TWICE: N_("{before} and {flag} stand for the same option. Please leave one of them out."),
    Trouble.NOT_HERE: N_("{flag} needs Easel as a member of this server. Please leave it out."),
    # Translators: {flag} is the link. `image` is an option's name, `--image` the same as a flag.
    Trouble.LINK: N_(
        "{flag} leads to a picture, and its letters would be drawn as words. Give the picture to `image` instead, or, "
        "if it is one of Easel's, write `--image` before the link of its message."
    ),
    # Translators: {flag} is such as `::2`; what stands in back quotes is typed so.
    Trouble.PARTS: N_("{flag} is Midjourney's way to weigh words. Here that is `(words:1.3)`."),
    # Translators: {flag} is such as `{{red, blue}}`, which Midjourney makes several prompts of.
    Trouble.PERMUTATION: N_("{flag} is Midjourney's for several prompts in one. Please ask for each by itself."),
    Trouble.STRAY: N_("“{words}” is no flag: each begins with two dashes, as in `--seed 7`."),
}


def bad_flags(bad: Sequence[BadFlag], language: Language) -> str:
    """A sentence for each that stands in the way, and that nothing was drawn."""
    different = list(dict.fromkeys(bad))
    said = [_sentence(each, language) for each in different if each.trouble is not Trouble.MIDJOURNEYS]
    said += _midjourneys([each.typed for each in different if each.trouble is Trouble.MIDJOURNEYS], language)
    unknown = next((each for each in bad if each.trouble is Trouble.UNKNOWN), None)
    kept = language.gettext("Nothing is drawn yet, and your prompt is kept here.")
    if unknown is not None and unknown.in_line:
        words = language.gettext("If those are words to draw, please write them into the prompt.")
        return " ".join([*said[:_SHOWN], kept, words])
    if any(each.trouble in _SIGNS for each in bad):
        words = language.gettext("If those are words to draw, send them by the form as they are.")
        return " ".join([*said[:_SHOWN], kept, words])
    if unknown is None:
        return " ".join([*said[:_SHOWN], kept])
    # Translators: a backslash before a flag makes plain words of it; {flag} is such a one.
    words = language.gettext("If those are words to draw, write {flag}.", flag=_code("\\" + unknown.typed))
    return " ".join([*said[:_SHOWN], kept, words])


def unheard(flags: str, language: Language) -> str:
    """That flags were left out, because the same options were typed with other values."""
    # Translators: {flags} are flags such as `--seed 7`.
    return language.gettext("What is typed as an option counts, so {flags} was left out.", flags=_code(flags, 200))


def by_flags(text: str, options: Iterable[str]) -> str:
    """A sentence that names options, with the flags in their place by which they were said."""
    for option in options:
        flag = f"`--{BY_OPTION[option].names[0]}`"
        if flag not in text:
            text = text.replace(f"`{option}`", flag)
    return text


def repeated(accepted: int, times: int, why: str, language: Language) -> str:
    """That only some of what was asked for several times at once are in line; `why` is a sentence."""
    # Translators: somebody asked for the same {times} times at once; {why} says what stood against more.
    return language.gettext("{accepted} of {times} are in line. {why}", accepted=accepted, times=times, why=why)


def _midjourneys(flags: Sequence[str], language: Language) -> list[str]:
    """One sentence about all of them: who comes from there types several as a matter of course."""
    if not flags:
        return []
    shown = ", ".join(_code(each) for each in flags[:_SHOWN])
    # Translators: {flags}: one or more words that begin with two dashes, with commas between them.
    said = language.ngettext(
        "{flags} is Midjourney's, and nothing here does the same. Please leave it out.",
        "{flags} are Midjourney's, and nothing here does the same. Please leave them out.",
        len(flags),
        flags=shown,
    )
    return [said]


def _sentence(bad: BadFlag, language: Language) -> str:
    before, flag = _code(bad.before), _code(bad.typed)
    said = language.gettext(_SENTENCES[bad.trouble], flag=flag, before=before, words=safe(bad.typed, _LONGEST))
    if bad.trouble is not Trouble.UNKNOWN or not bad.meant:
        return said
    return f"{said} " + language.gettext("Did you mean {flag}?", flag=_code("--" + bad.meant))


def _code(flag: str, most: int = _LONGEST) -> str:
    """As it is typed, so that it can be copied."""
    plain = " ".join(flag.split()).replace("`", "'")
    return f"`{plain[:most]}`"
