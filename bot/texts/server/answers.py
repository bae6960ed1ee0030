"""What admins are answered with: what was changed, what could not be, and what comes of people's requests."""

from collections.abc import Sequence

from worker.contract.message.languages import Language
from worker.contract.message.markdown import mention, safe

from .values import fitting

_SHOWN = 12  # changes in one answer
ROOM = 1500  # characters for them


def changed(changes: Sequence[str], language: Language) -> str:
    """What was changed, one or several."""
    if not changes:
        return language.gettext("Nothing has changed: it was like that already.")
    if len(changes) == 1:
        # Translators: {change} is such as "at once, 3 → 5".
        return language.gettext("Changed: {change}.", change=changes[0])
    shown = fitting([f"- {each}" for each in changes], language, ROOM, _SHOWN)
    # Translators: above a list of changes.
    head = language.gettext("Changed:")
    return f"{head}\n{shown}"


def wrong(complaints: Sequence[str], language: Language) -> str:
    """Why a form came to nothing."""
    return "\n".join((*complaints, language.gettext("Nothing was changed.")))


def meanwhile(who: int, now: Sequence[str], language: Language, *, typed: bool) -> str:
    """That somebody else set the same meanwhile; `now` says what is set, in words; `typed`: a form was filled in."""
    data = {"who": mention(who), "now": ", ".join(now)}
    if not now:
        return language.gettext("{who} has changed this meanwhile. Nothing was changed now.", **data)
    if typed:
        # Translators: {who} is a mention, {now} such as "at once, 3 → 5", here and in the following.
        return language.gettext("{who} has changed this meanwhile: {now}. What you typed was not set.", **data)
    return language.gettext("{who} has changed this meanwhile: {now}. Nothing was changed now.", **data)


def cancelled(count: int, language: Language) -> str:
    """How many requests were cancelled along the way."""
    return language.ngettext("{count} request is cancelled.", "{count} requests are cancelled.", count)


def nothing_waits(who: int, language: Language) -> str:
    return language.gettext("{who} has nothing waiting here.", who=mention(who))


def empty(language: Language) -> str:
    """In place of what was typed where a field was left empty."""
    return language.gettext("(empty)")


def hint(language: Language) -> str:
    """Said once to somebody who may manage a server."""
    return language.gettext(
        "-# You may manage this server: `/server settings` sets how much each person may ask for, and more. "
        "This is said once."
    )


def block_title(language: Language) -> str:
    return language.gettext("Block this person")


def grant_title(language: Language) -> str:
    return language.gettext("More pictures for this person")


def log_line(who: int, name: str, changes: Sequence[str], language: Language) -> str:
    """What the channel that hears of changes reads."""
    said, name = changed(changes, language), safe(name, 32)
    # Translators: {who} is a mention, {name} that person's name, {changed} such as "Changed: at once, 3 → 5."
    return language.gettext("{who} ({name}) in Easel's settings. {changed}", who=mention(who), name=name, changed=said)
