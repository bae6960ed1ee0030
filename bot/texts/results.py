"""What people are told in private about a result."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from bot import result_errors
from bot.errors import Refusal
from bot.flags.table import BY_OPTION, FLAGS_ALONE
from worker.contract.message.languages import Language
from worker.contract.message.markdown import channel_link, mention, safe
from worker.contract.message.verbs import VERBS, Verb

Lacks = Mapping[str, Mapping[str, str]]  # options that take a picture, each with the options that say more of it
_NOTHING: Lacks = MappingProxyType({})
_BLOCK = 1500  # characters of a command beside a picture


def more(command: str, seeds: Sequence[int], language: Language, *, signs: str = "", lacks: Lacks = _NOTHING) -> str:
    """The command to copy, "" where a file holds it, and the seed of each picture; what moments cost, by `signs`.

    `lacks`: the pictures that the command cannot hold.
    """
    block = (
        f"```\n{command}\n```" if command else language.gettext("The file holds the command; it is too long for here.")
    )
    # Translators: above a command that draws the same again.
    lines = [language.gettext("**To draw it again, copy this:**"), block]
    lines += _lacking(lacks, language)
    numbers = " · ".join(map(str, seeds))
    lines.append("-# " + language.ngettext("Seed: {seeds}", "Seeds: {seeds}", len(seeds), seeds=numbers))
    if signs:
        lines.append(
            # Translators: {sign} is that of one or two buttons below.
            "-# "
            + language.gettext(
                "With {sign} it is drawn once more, to show moments between noise and picture. "
                "That counts like any picture.",
                sign=signs,
            )
        )
    return "\n".join(lines)


def refusal(error: Refusal, language: Language) -> str:  # noqa: PLR0911 - one case a refusal
    """The sentence for what stands against handing out, keeping or varying a result."""
    match error:
        case result_errors.NotAResult():
            return language.gettext("This message is no result of Easel's. `/imagine` starts anew.")
        case result_errors.ShowsMoments():
            return language.gettext(
                "This shows how a picture came about. Please do that below the picture itself, "
                "or press {edit} here to draw it anew.", edit=VERBS[Verb.EDIT].emoji,
            )  # fmt: skip
        case result_errors.NotADraft():
            # Translators: {rerun} is the sign of a button.
            return language.gettext(
                "This was drawn with all steps already. {rerun} draws it again with a new seed.",
                rerun=VERBS[Verb.RERUN].emoji,
            )
        case result_errors.ClosedDms():
            return language.gettext(
                "Your direct messages are closed to Easel. "
                "Open them under Privacy Settings of this server, and try again."
            )
        case result_errors.NotSeen():
            return language.gettext(
                "There is no result of Easel's there that you can see. "
                "Please copy the link of its message: its menu → Copy Message Link."
            )
        case result_errors.OnlyThere(channel=channel):
            # Translators: {channel} is a link to a channel; "age-restricted" as Discord's settings call it.
            return language.gettext(
                "{channel} is age-restricted, so its pictures are shown in age-restricted channels alone. "
                "Please ask for it in one of them.",
                channel=channel_link(channel),
            )
        case result_errors.NothingToSend(large=large):
            if large:
                return language.gettext("The pictures are too large for a direct message. You can save them from here.")
            return language.gettext(
                "There is no picture here to send. {rerun} draws it.", rerun=VERBS[Verb.RERUN].emoji
            )
        case result_errors.TooManyKept(most=most):
            return language.gettext(
                "You keep {most} already, which is the most. Please take one out of `/favourites` first.", most=most
            )
        case result_errors.CannotVary(title=title) | result_errors.CannotGoOn(title=title):
            how = _cannot_vary if isinstance(error, result_errors.CannotVary) else _cannot_go_on
            return how(title, language)
        case _:
            return language.gettext("That is in your direct messages already.")


def _cannot_vary(title: str, language: Language) -> str:
    # Translators: {title} is the name of a model; {rerun} the sign of a button.
    return language.gettext(
        "{title} can't draw from a picture, so this one can't be varied. {rerun} draws all again with a new seed.",
        title=safe(title, 60),
        rerun=VERBS[Verb.RERUN].emoji,
    )


def _cannot_go_on(title: str, language: Language) -> str:
    # Translators: {title} is the name of a model; {edit} the sign of a button.
    return language.gettext(
        "{title} can't draw beyond the edges of a picture. {edit} lets you ask for another shape or model.",
        title=safe(title, 60),
        edit=VERBS[Verb.EDIT].emoji,
    )


def edit_by_button(person: int, language: Language) -> str:
    """Above a button, after somebody's reaction."""
    # Translators: {person} is a mention.
    return language.gettext("{person} The button opens it as a form.", person=mention(person))


def edit_here(language: Language) -> str:
    """Above what a result was made of, where its form could not open at once."""
    return language.gettext("Here is what it was made of. The button opens it as a form.")


def which_picture(language: Language) -> str:
    """Above a button for each picture of a message."""
    return language.gettext("Which picture is to be made larger?")


def which_to_vary(language: Language) -> str:
    """Above two buttons for each picture of a message: for other versions of it, and for others of its words."""
    little, lot = VERBS[Verb.VARY_LITTLE], VERBS[Verb.VARY_LOT]
    # Translators: the signs are those of buttons.
    return language.gettext(
        "Which picture is to be varied? {little} a little, {lot} a lot.", little=little.emoji, lot=lot.emoji
    )


def _lacking(lacks: Lacks, language: Language) -> list[str]:
    """That pictures are to be attached anew, with what was typed of each."""
    if not lacks:
        return []
    named = (" ".join([f"`{option}`", *(_as_typed(*each) for each in of.items())]) for option, of in lacks.items())
    # Translators: {options} are options of the command above, each with what was typed for it.
    said = language.gettext(
        "The command can't hold the pictures that came with it. Attach them anew: {options}.", options=", ".join(named)
    )
    return [f"-# {said}"]


def _as_typed(name: str, text: str) -> str:
    """An option of `/imagine` with its value; what only flags say as one, which goes into the prompt."""
    return f"`--{BY_OPTION[name].names[0]} {text}`" if name in FLAGS_ALONE else f"`{name}:{text}`"


def sent(command: str, seed: int, link: str, language: Language, lacks: Lacks = _NOTHING) -> str:
    """Below one picture that was sent to somebody; `link`: the message that it is from; `lacks` as in `more`."""
    # Translators: {link} leads to a message.
    lines = ["-# " + language.gettext("Seed {seed}, from {link}", seed=seed, link=link)]
    if len(command) <= _BLOCK and "```" not in command:
        lines += [f"```\n{command}\n```", *_lacking(lacks, language)]
    return "\n".join(lines)


def sent_all(count: int, of: int, language: Language) -> str:
    """That pictures were sent by direct message."""
    if count < of:
        return language.gettext(
            "{count} of {of} are in your direct messages; the others are too large.", count=count, of=of
        )
    return language.ngettext(
        "It is in your direct messages.", "{count} pictures are in your direct messages, each with its seed.", count
    )


def kept(language: Language) -> str:
    """That a message is among those that somebody keeps."""
    return language.gettext("Kept. `/favourites` shows what you keep.")


def told_when_done(*, asked: bool, language: Language) -> str:
    """That the one who asked for something is told when it is done, or is not."""
    if asked:
        return language.gettext("You will be mentioned here when this is done.")
    return language.gettext("You will not be mentioned for this one.")


def tells_late(*, always: bool, language: Language) -> str:
    """What holds from now on for all that a person asks for."""
    if always:
        return language.gettext(
            "From now on you are mentioned when something of yours is done after more than a minute, "
            "or with ten messages below it."
        )
    return language.gettext("From now on you are mentioned only where you ask for it.")


def tell_always(*, always: bool, language: Language) -> str:
    """On a button that changes that."""
    return language.gettext("Always, after a minute's wait") if always else language.gettext("Only when I ask")


def favourites(count: int, page: int, pages: int, language: Language) -> str:
    """Above a page of what somebody keeps, pages from 0."""
    if not count:
        # Translators: {star} is an emoji.
        return language.gettext("You keep nothing yet. {star} under a result keeps it.", star=VERBS[Verb.KEEP].emoji)
    head = language.ngettext("You keep {count} result.", "You keep {count} results.", count)
    return head if pages < 2 else f"{head} " + language.gettext("Page {page} of {pages}.", page=page + 1, pages=pages)


def kept_gone(language: Language) -> str:
    """In place of a result whose message is gone."""
    return language.gettext("It is gone: its message was deleted.")


def kept_unseen(language: Language) -> str:
    """In place of a result that is where whoever kept it cannot look any more."""
    return language.gettext("It is where you cannot look now, or where Easel cannot.")


def kept_for_adults(language: Language) -> str:
    """In place of a result of a channel for adults, where it is asked for in one that is not."""
    return language.gettext("It is in an age-restricted channel, and shown in such channels alone.")


def page_before(language: Language) -> str:
    """On a button."""
    return language.gettext("Newer")


def page_after(language: Language) -> str:
    """On a button."""
    return language.gettext("Older")


def remove_kept(language: Language) -> str:
    """In a menu of what a page shows."""
    return language.gettext("Take one out of this list …")


def with_more_to_come(label: str, language: Language) -> str:
    """On a button that asks before it does it."""
    # Translators: {label} is such as "Delete".
    return language.gettext("{label}…", label=label)
