"""What is said when settings go out as a file, and come in as one."""

from collections.abc import Sequence

from worker.contract.message.languages import Language
from worker.contract.message.markdown import safe

from .values import fitting

_SHOWN, _ROOM = 20, 800  # changes, and characters for them
_NAMES, _NAME_MAX = 6, 30


def exported(language: Language) -> str:
    """Beside the file."""
    return language.gettext(
        "All that is set for this server. `/server import` takes it in again, here or in another server, after showing "
        "what it would change."
    )


def would_change(
    changes: Sequence[str], renamed: Sequence[str], lost: Sequence[str], warnings: Sequence[str], language: Language
) -> str:
    """What a file would change, what of it does not fit, and what would do less than it says."""
    if not changes:
        return language.gettext("This file would change nothing: all is set like that already.")
    lines = [language.gettext("This file would change:")]
    lines.append(fitting([f"- {each}" for each in changes], language, _ROOM, _SHOWN))
    if renamed:
        lines.append(language.gettext("Found here by their names: {names}.", names=_names(renamed, language)))
    if lost:
        lines.append(
            language.gettext("Left out, for there is none of that name here: {names}.", names=_names(lost, language))
        )
    lines += warnings
    lines.append(language.gettext("Nothing has been changed yet."))
    return "\n".join(lines)


def _names(names: Sequence[str], language: Language) -> str:
    return language.listed([safe(each, _NAME_MAX) for each in names[:_NAMES]])
