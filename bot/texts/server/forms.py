"""What stands in the forms of a server's settings, beside the labels of the settings themselves."""

from worker.contract.message.languages import Language


def cut(text: str, most: int) -> str:
    """A text of at most so many characters: a translation may be longer than Discord takes."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def bounds(least: str, most: str, language: Language) -> str:
    """What a number may be."""
    # Translators: below a field of a form, with what an empty field means after it; all in at most 100 characters.
    return language.gettext("{least} to {most}.", least=least, most=most)


def bounds_now(least: str, most: str, now: str, language: Language) -> str:
    """The same, with what it is."""
    return language.gettext("{least} to {most}; now {now}.", least=least, most=most, now=now)


def empty_ceiling(most: str, language: Language) -> str:
    """What an empty field stands for where the operator has a ceiling."""
    # Translators: "whoever runs Easel" is the person who operates the bot, not an admin of the server.
    return language.gettext("Empty: {most}, as whoever runs Easel says.", most=most)


def empty_most(most: str, language: Language) -> str:
    """The same where Easel itself has an end."""
    return language.gettext("Empty: {most}, the most that there is.", most=most)


def empty_free(language: Language) -> str:
    """The same where there is none."""
    return language.gettext("Empty: no limit.")


def empty_of_role(language: Language) -> str:
    """The same for a role."""
    return language.gettext("Empty: as everybody.")


def empty_of_channel(language: Language) -> str:
    """The same for a channel."""
    return language.gettext("Empty: as elsewhere.")


def empty_usual(language: Language) -> str:
    """The same for what is usual."""
    return language.gettext("Empty: the model's own.")


def empty_pictures(language: Language) -> str:
    """The same where the operator's number is not known here, or nothing of a model's."""
    return language.gettext("Empty: as whoever runs Easel says.")


def unset_choice(what: str, language: Language) -> str:
    """The choice that sets nothing, with what holds then."""
    # Translators: one of several choices: nothing is set, and {what} holds, such as "anyone".
    return language.gettext("as Easel does by itself: {what}", what=what)
