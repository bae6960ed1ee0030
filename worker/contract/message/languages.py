"""The language that people are answered in: English sentences in the source, translations in catalogues of gettext.

A sentence is written once, in English, where it is said: `language.gettext("Cancelled.")`. `make texts` collects all of
them into `locale/easel.pot`; a translation lies beside it as `locale/<code>/LC_MESSAGES/easel.po`, compiled to `.mo`.
Sentences hold their data as `{name}`, and the data comes as keyword arguments, so a translation may order it anew.
Whole sentences are translated, never glued ones. Where a table holds sentences, `N_` and `NN_` mark them.

What goes to operators (logs, the command line, settings that cannot be used) stays English and is not marked.

`qps` is no language: it puts ⟦…⟧ around every sentence and ⟪…⟫ around the data in it, so that a test sees whatever was
said past this module.
"""

import gettext
from collections.abc import Sequence
from functools import cache, reduce
from importlib import resources
from pathlib import Path

DOMAIN = "easel"
LOCALE = Path(str(resources.files(__package__))) / "locale"
SOURCE, PSEUDO = "en", "qps"


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for it
    """Mark a sentence for translation that is looked up later."""
    return message


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802 - likewise
    """Mark a sentence with a singular and a plural that is looked up later."""
    return one, many


class Language:
    """Sentences in one language. Their data is filled in here, so that a bad translation is never worse than English.

    Args:
        code: of the language, as in `EASEL_LANGUAGE`.
        catalogue: its translations; what is missing there is said in English.
    """

    def __init__(self, code: str, catalogue: gettext.NullTranslations) -> None:
        self.code = code
        self._catalogue = catalogue

    def gettext(self, message: str, /, **data: object) -> str:
        """A sentence with its data."""
        return self._fill(self._catalogue.gettext(message), message, data)

    def ngettext(self, one: str, many: str, count: float, /, **data: object) -> str:
        """A sentence that depends on a number, which it may show as `{count}`."""
        found = self._catalogue.ngettext(one, many, _whole(count))
        return self._fill(found, one if count == 1 else many, {"count": count, **data})

    def pgettext(self, context: str, message: str, /, **data: object) -> str:
        """A short text whose English could mean several things; the context, for translators alone, says which."""
        return self._fill(self._catalogue.pgettext(context, message), message, data)

    def number(self, value: float, digits: int = 0) -> str:
        """A number for reading, with its thousands apart; not for what people copy, such as seeds."""
        return f"{value:,.{digits}f}"

    def listed(self, parts: Sequence[str]) -> str:
        """Things one after the other: "a, b and c"."""
        if len(parts) < 2:
            return "".join(parts)
        # Translators: a list that goes on, as in "a, b and c".
        before = reduce(lambda some, each: self.gettext("{some}, {next}", some=some, next=each), parts[:-1])
        # Translators: the end of a list, as in "a, b and c"; {some} is "a, b".
        return self.gettext("{some} and {last}", some=before, last=parts[-1])

    def _fill(self, found: str, source: str, data: dict[str, object]) -> str:
        shown = {name: f"{value:g}" if isinstance(value, float) else value for name, value in data.items()}
        try:
            return found.format_map(shown)
        except (KeyError, IndexError, ValueError, AttributeError):
            return source.format_map(shown)


class Pseudo(Language):
    """English, with marks around every sentence and around the data in it."""

    def __init__(self) -> None:
        super().__init__(PSEUDO, gettext.NullTranslations())

    def _fill(self, found: str, source: str, data: dict[str, object]) -> str:
        marked = {name: f"⟪{value}⟫" if isinstance(value, str) else value for name, value in data.items()}
        return f"⟦{super()._fill(found, source, marked)}⟧"


ENGLISH = Language(SOURCE, gettext.NullTranslations())


@cache
def language(code: str, locale: Path = LOCALE) -> Language:
    """The language with this code. Raises ValueError, in words for an operator, when there is none."""
    if code == SOURCE:
        return ENGLISH
    if code == PSEUDO:
        return Pseudo()
    if code not in available(locale):
        raise ValueError(f"it must be one of: {', '.join(available(locale))}")
    return Language(code, gettext.translation(DOMAIN, locale, [code]))


def available(locale: Path = LOCALE) -> tuple[str, ...]:
    """The codes of all languages that sentences can be said in."""
    found = locale.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")
    return (SOURCE, *sorted(each.parents[1].name for each in found))


def usable(code: str) -> str:
    """A code as a setting names it, for its validator. Raises ValueError."""
    return language(code).code


def _whole(count: float) -> int:
    """Of a number, what decides over singular and plural: gettext's rules take whole numbers alone."""
    return int(count) if count == int(count) else 2
