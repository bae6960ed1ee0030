"""Why the bot says no: the sentence for each Refusal."""

from collections.abc import Sequence

from bot import errors, limit_errors, result_errors, setting_errors
from worker.contract.message.cause_texts import cause_sentence
from worker.contract.message.languages import N_, Language
from worker.contract.message.markdown import channel_link, mention, safe
from worker.contract.message.sampler_titles import SAMPLER_TITLES, sampler_title
from worker.contract.message.verbs import VERBS
from worker.contract.types.server_settings import Whose

from . import flags, limits, results
from .followed import of_followed
from .general import EXAMPLE, forgotten
from .options import bad_option, only_squares
from .sources import of_sources, some

_PERMISSIONS = {
    # Translators: permissions, as Discord's settings call them in your language, here and in the following.
    "view_channel": N_("View Channel"),
    "connect": N_("Connect"),
    "send_messages": N_("Send Messages"),
    "send_messages_in_threads": N_("Send Messages in Threads"),
    "attach_files": N_("Attach Files"),
    "read_message_history": N_("Read Message History"),
}
# Of a picture that was made larger before: it is under way, it is there, it is somewhere.
_UPSCALED = (
    # Translators: {link} leads to the message with the larger picture, here and in the following.
    N_("Picture {number} is being upscaled already: {link}"),
    N_("Picture {number} has been upscaled already: {link}"),
    N_("Picture {number} has been upscaled already; the answer is somewhere below."),
)
_UPSCALED_ALONE = (
    N_("This picture is being upscaled already: {link}"),
    N_("This picture has been upscaled already: {link}"),
    N_("This picture has been upscaled already; the answer is somewhere below."),
)


def refusal(error: errors.Refusal, language: Language) -> str:
    """The sentence for a refusal; what was typed as a flag it names as one."""
    return flags.by_flags(_sentence(error, language), error.by_flags)


def _sentence(error: errors.Refusal, language: Language) -> str:  # noqa: C901, PLR0911, PLR0912 - one case a refusal
    match error:
        case errors.MissingPermissions(needed=needed, channel=channel):
            return _missing(needed, channel, language)
        case errors.CommandDenied():
            return _denied(error, language)
        case errors.EmptyPrompt():
            # Translators: {example} is an English prompt.
            return language.gettext("The prompt is empty. Say what to draw, for example: `{example}`", example=EXAMPLE)
        case errors.OnlyMentions():
            return language.gettext(
                "The prompt holds only mentions. Say in words what to draw, for example: `{example}`", example=EXAMPLE
            )
        case errors.PromptTooLong():
            return _too_long(error, language)
        case errors.BadOption():
            return bad_option(error, language)
        case errors.BadFlags(flags=bad):
            return flags.bad_flags(bad, language)
        case errors.OnlySquares():
            return only_squares(error, language)
        case errors.ModelObjects(cause=cause) | errors.TooLarge(cause=cause) | result_errors.CannotReply(cause=cause):
            return cause_sentence(cause, language)
        case errors.UnknownModel(asked=asked, titles=()):
            return language.gettext(
                "No running worker draws with “{asked}”, nor with any other model that may be used here.",
                asked=safe(asked, 80),
            )
        case errors.UnknownModel(asked=asked, titles=titles):
            # Translators: {asked} is what somebody typed, {models} is a list of names.
            return language.gettext(
                "No running worker draws with “{asked}”. Available right now: {models}.",
                asked=safe(asked, 80),
                models=some(titles, language),
            )
        case errors.UnknownSampler(asked=asked):
            names = [f"**{sampler_title(each, language)}**" for each in SAMPLER_TITLES]
            # Translators: {asked} is what somebody typed, {names} is a list of names.
            return language.gettext(
                "There is no sampler “{asked}”. There are {names}.", asked=safe(asked, 80), names=language.listed(names)
            )
        case errors.NothingLive(troubled=True):
            return language.gettext(
                "The workers here have trouble drawing right now; whoever runs Easel finds the reason in their log. "
                "Please try again in a few minutes."
            )
        case errors.NothingLive():
            return language.gettext(
                "No worker is running right now, or it is still loading its models, so nothing can be drawn yet. "
                "Please try again in a minute or two."
            )
        case errors.OverCap():
            return limits.over_cap(error, language)
        case limit_errors.OverLimit():
            return limits.over_limit(error, language)
        case limit_errors.NotAllowed():
            return limits.not_allowed(error, language)
        case limit_errors.Blocked():
            return limits.blocked(error, language)
        case limit_errors.Paused():
            return limits.paused(error, language)
        case limit_errors.SettingsChanging():
            return language.gettext(
                "The settings of this server are being changed just now. Please try again in a moment."
            )
        case errors.AlreadyAsked():
            return language.gettext("Already asked; it is in line.")
        case errors.NotYours():
            return _not_yours(error, language)
        case errors.TooLate():
            return language.gettext("Too late: it is already finished or just being posted.")
        case errors.Forgotten():
            return forgotten(language)
        case errors.NoRecipe():
            return language.gettext(
                "Easel no longer knows how this was made, and there is no picture here that says so. "
                "`/imagine` starts anew."
            )
        case errors.NoUpscaler():
            return language.gettext("No worker that can upscale pictures is running right now. Please try again later.")
        case errors.NoSuchPicture(number=number):
            return language.gettext("There is no picture {number} in this message any more.", number=number)
        case errors.NotYet():
            return language.gettext("The picture is not here yet. Please try again when it is done.")
        case errors.Upscaled():
            return _upscaled(error, language)
        case errors.SourceGone():
            return language.gettext("That picture is gone: its message was deleted.")
        case errors.PictureUnread():
            return language.gettext(
                "Discord did not hand out the picture that says how it was made. Please try again in a moment."
            )
        case errors.ChannelBusy():
            return language.gettext(
                "There are more reactions in this channel just now than Easel can follow. "
                "Please react again in a minute."
            )
        case errors.UnknownControl(newer=True):
            return language.gettext(
                "This belongs to a newer Easel than the one that runs here. Please try again in a few minutes; "
                "if that does not help, please ask whoever runs Easel here to update it."
            )
        case (
            result_errors.NotADraft()
            | result_errors.NotAResult()
            | result_errors.ClosedDms()
            | result_errors.NotSeen()
            | result_errors.OnlyThere()
            | result_errors.AlreadySent()
            | result_errors.NothingToSend()
            | result_errors.TooManyKept()
            | result_errors.CannotVary()
            | result_errors.CannotGoOn()
            | result_errors.ShowsMoments()
        ):
            return results.refusal(error, language)
        case _:
            return of_sources(error, language) or of_followed(error, language) or _of_settings(error, language)


def _of_settings(error: errors.Refusal, language: Language) -> str:  # noqa: PLR0911 - one case a refusal
    """The sentence for what stands against a change of a server's settings."""
    match error:
        case setting_errors.NotAdmin():
            return language.gettext(
                "Easel's settings are for those who may manage this server (permission **Manage Server**). "
                "Its admins can let others use `/server`: Server settings → Integrations → Easel."
            )
        case setting_errors.UnknownSetting(asked=asked):
            return language.gettext(
                "There is no setting “{asked}”. Please pick one of those that Discord offers while you type.",
                asked=safe(asked, 80),
            )
        case setting_errors.NotInServer():
            return language.gettext("This is about a server. Please use it in one where Easel is.")
        case setting_errors.ChangedMeanwhile(change=change):
            return _meanwhile(change.by if change else None, language)
        case setting_errors.NothingToUndo():
            return language.gettext("This can't be undone any more: that change is too long ago.")
        case setting_errors.NotAPerson():
            return language.gettext("That is a bot, and bots ask for nothing here. Please choose a person.")
        case setting_errors.BlocksThemselves():
            return language.gettext(
                "That is you: blocked, you could ask for nothing here. Please choose another person."
            )
        case setting_errors.LastModel():
            return language.gettext(
                "That is the last model that may be used here. Please allow another one first, or use `/server pause`."
            )
        case setting_errors.BadImport(newer=True):
            return language.gettext("That file comes from a newer Easel than the one that runs here.")
        case setting_errors.BadImport():
            return language.gettext(
                "That file holds no settings of Easel. Please attach one that `/server export` made."
            )
        case _:
            return language.gettext(
                "This belongs to another version of Easel and does nothing here. Please ask for new pictures with "
                "`/imagine`."
            )


def _missing(needed: Sequence[str], channel: int, language: Language) -> str:
    names = [f"**{language.gettext(_PERMISSIONS.get(each, each))}**" for each in needed]
    # Translators: {channel} is a link to a channel, {names} are names of permissions. The last sentence says where they
    # are set in Discord, in the words of Discord's settings.
    return language.ngettext(
        "Easel can't post pictures in {channel}: it lacks the permission {names}. "
        "Someone who can manage this channel can allow it: channel settings → Permissions → Easel's role.",
        "Easel can't post pictures in {channel}: it lacks the permissions {names}. "
        "Someone who can manage this channel can allow it: channel settings → Permissions → Easel's role.",
        len(names),
        channel=channel_link(channel),
        names=language.listed(names),
    )


def _upscaled(error: errors.Upscaled, language: Language) -> str:
    if error.number is None:
        number, sentences = None, _UPSCALED_ALONE
    else:
        number, sentences = error.number, _UPSCALED
    said = sentences[0 if not error.done else 1 if error.link else 2]
    return language.gettext(said, number=number, link=error.link)


def _denied(error: errors.CommandDenied, language: Language) -> str:
    said = {"command": f"`/{error.command}`", "channel": channel_link(error.channel)}
    if error.why is errors.Denied.PERMISSION:
        # Translators: {channel} is a link to a channel, "Use Application Commands" the permission as Discord's settings
        # call it in your language.
        return language.gettext(
            "You may not use commands of apps in {channel}, nor what does the same. "
            "Someone who can manage this channel can allow it: "
            "channel settings → Permissions → **Use Application Commands**.",
            **said,
        )
    if error.why is errors.Denied.CHANNEL:
        # Translators: {command} is such as `/imagine`, {channel} a link to a channel. The last sentence says where it
        # is set in Discord, in the words of Discord's settings; here and in the following.
        return language.gettext(
            "Admins of this server do not let {command} be used in {channel}, nor what does the same. "
            "They can change it: Server settings → Integrations → Easel.",
            **said,
        )
    return language.gettext(
        "Admins of this server do not let you use {command}, nor what does the same. "
        "They can change it: Server settings → Integrations → Easel.",
        **said,
    )


def _too_long(error: errors.PromptTooLong, language: Language) -> str:
    length, limit = language.number(error.length), language.number(error.limit)
    if error.option == "negative_prompt":
        return language.gettext(
            "The negative prompt is {length} characters long; at most {limit} fit. Please shorten it.",
            length=length,
            limit=limit,
        )
    return language.gettext(
        "The prompt is {length} characters long; at most {limit} fit. Please shorten it.", length=length, limit=limit
    )


def _not_yours(error: errors.NotYours, language: Language) -> str:
    said = VERBS[error.verb].not_yours
    if error.told is Whose.OWNER and not said:
        # Translators: of a button under a picture, here and in the following; {whose} as before.
        said = N_("In this server, only the person who asked for it{whose} or a moderator can do this.")
    elif error.told is Whose.NOBODY:
        said = N_("In this server, only the person who asked for it{whose} can do this.")
    return language.gettext(said, whose=_whose(error.owner))


def _meanwhile(who: int | None, language: Language) -> str:
    if who is None:
        return language.gettext("Others have changed this meanwhile. Please look again and try again.")
    # Translators: {who} is a mention of a person.
    return language.gettext("{who} has changed this meanwhile. Please look again and try again.", who=mention(who))


def _whose(owner: int | None) -> str:
    return f" ({mention(owner)})" if owner else ""
