"""What is said where a limit stands against a request: which, whose it is, what is left, and when to come again."""

import math
from collections.abc import Mapping

from bot.errors import OverCap
from bot.layers import Layer, LayerKind
from bot.limit_errors import Blocked, NotAllowed, OverLimit, Paused
from worker.contract.message.languages import N_, NN_, Language
from worker.contract.message.markdown import safe
from worker.contract.message.sampler_titles import sampler_title
from worker.contract.store.admission import AdmissionLimit, Refused
from worker.contract.types.server_settings import SENTENCE_MAX

_NAMES_SHOWN = 10
# Whose limit it is.
_AT_MOST: Mapping[LayerKind, str] = {
    # Translators: ends a sentence such as "You asked for 60 steps; …"; {limit} is a number or such as "3 requests a
    # minute", here and in the following.
    LayerKind.OPERATOR: N_("whoever runs Easel allows at most {limit}"),
    LayerKind.SERVER: N_("this server allows at most {limit}"),
    LayerKind.ROLE: N_("your roles here allow at most {limit}"),
    LayerKind.CHANNEL: N_("this channel allows at most {limit}"),
    LayerKind.GRANT: N_("with what admins granted you it is at most {limit}"),
}
_AS_MANY: Mapping[LayerKind, str] = {
    # Translators: ends "You have drawn 50 pictures today, …", here and in the following.
    LayerKind.OPERATOR: N_("as many as whoever runs Easel allows"),
    LayerKind.SERVER: N_("as many as this server allows"),
    LayerKind.ROLE: N_("as many as your roles here allow"),
    LayerKind.CHANNEL: N_("as many as this channel allows"),
    LayerKind.GRANT: N_("as many as admins granted you"),
}
_ONLY: Mapping[LayerKind, str] = {
    # Translators: {asked} is a model or a sampler, {names} are those that may be used, here and in the following.
    LayerKind.OPERATOR: N_("**{asked}** can't be used here: whoever runs Easel allows only {names}."),
    LayerKind.SERVER: N_("**{asked}** can't be used here: this server allows only {names}."),
    LayerKind.ROLE: N_("**{asked}** can't be used here: this server allows you only {names}."),
    LayerKind.CHANNEL: N_("**{asked}** can't be used in this channel: it allows only {names}."),
}
_NONE_RUNS: Mapping[LayerKind, str] = {
    # Translators: nobody typed a model; {names} are those that may be used, here and in the following.
    LayerKind.OPERATOR: N_(
        "Nothing that may be used here is running right now: whoever runs Easel allows only {names}."
    ),
    LayerKind.SERVER: N_("Nothing that may be used here is running right now: this server allows only {names}."),
    LayerKind.ROLE: N_("Nothing that may be used here is running right now: this server allows you only {names}."),
    LayerKind.CHANNEL: N_("Nothing that may be used here is running right now: this channel allows only {names}."),
}
_HELD = {
    AdmissionLimit.PERSON: NN_(
        "You have {count} request waiting or running", "You have {count} requests waiting or running"
    ),
    AdmissionLimit.EVERYWHERE: NN_(
        "In all servers together you have {count} request waiting or running",
        "In all servers together you have {count} requests waiting or running",
    ),
    AdmissionLimit.SERVER: NN_(
        "This server has {count} request waiting or running", "This server has {count} requests waiting or running"
    ),
    AdmissionLimit.TOTAL: NN_(
        "Easel is full: altogether it has {count} request waiting or running",
        "Easel is full: altogether it has {count} requests waiting or running",
    ),
}
_HASTE = {
    # Translators: {most} is such as "this server allows at most 6 requests a minute", here and in the following.
    AdmissionLimit.RATE_PERSON: N_("That was quick: {most}."),
    AdmissionLimit.RATE_MEMBER: N_("You are asking quickly: {most}."),
    AdmissionLimit.RATE_SERVER: N_("This server is asking quickly: {most}."),
}
_DRAWN = {
    AdmissionLimit.DAY_PICTURES: NN_("You have drawn {count} picture today", "You have drawn {count} pictures today"),
    AdmissionLimit.SERVER_DAY_PICTURES: NN_(
        "This server has drawn {count} picture today", "This server has drawn {count} pictures today"
    ),
}
_USED = {
    # Translators: {time} is such as "5 minutes".
    AdmissionLimit.DAY_GPU: N_("You have used {time} of GPU time today"),
    AdmissionLimit.SERVER_DAY_GPU: N_("This server has used {time} of GPU time today"),
}


def over_cap(error: OverCap, language: Language) -> str:
    """Which limit an admission met."""
    refused = error.refused
    if refused.why is AdmissionLimit.MODEL:
        return language.gettext("No worker that draws with this model is running right now. Please try again later.")
    if refused.why in _DRAWN or refused.why in _USED:
        return _day(refused, error.layer, language)
    if refused.why in _HASTE:
        limit = language.ngettext("{count} request a minute", "{count} requests a minute", refused.limit)
        said = language.gettext(_HASTE[refused.why], most=at_most(error.layer, limit, language))
        return f"{said} {_again(refused.retry_after, language)}"
    held = language.ngettext(*_HELD[refused.why], refused.count)
    return f"{_joined(held, refused.limit, error.layer, language)} {_again(refused.retry_after, language)}"


def over_limit(error: OverLimit, language: Language) -> str:
    """More of something was asked for in one request than may be."""
    limit = error.limit.value
    return _joined(_asked(error.name, error.asked, language), limit, error.limit.layer, language)


def not_allowed(error: NotAllowed, language: Language) -> str:
    """A model or a sampler that may not be used."""
    running = sorted(error.limit.value, key=lambda each: each not in error.titles)  # those first that can be had
    names = [f"**{_title(each, error, language)}**" for each in running[:_NAMES_SHOWN]]
    asked, layer = _title(error.asked, error, language), _kind(error.limit.layer)
    if not names:
        return language.gettext("**{asked}** can't be used here, and nothing else.", asked=asked)
    if not error.asked:
        said = language.gettext(_NONE_RUNS[layer], names=language.listed(names))
        again = language.gettext("Please try again in a few minutes.")
        return f"{said} {again}"
    return language.gettext(_ONLY[layer], asked=asked, names=language.listed(names))


def _title(wanted: str, error: NotAllowed, language: Language) -> str:
    """What people call a model or a sampler; its id where nobody knows that."""
    name = sampler_title(wanted, language) if error.name == "samplers" else error.titles.get(wanted, wanted)
    return safe(name, 64)


def blocked(error: Blocked, language: Language) -> str:
    """Somebody may not use Easel."""
    if error.layer.kind is LayerKind.SERVER:
        said = language.gettext("Admins of this server do not let you use Easel.")
    elif error.whole_server:
        said = language.gettext("Whoever runs Easel does not let it be used in this server.")
    else:
        said = language.gettext("Whoever runs Easel does not let you use it.")
    return _with(said, error.why)


def paused(error: Paused, language: Language) -> str:
    """Nobody may ask for anything for a while."""
    if error.layer.kind is LayerKind.SERVER:
        said = language.gettext("Admins have paused Easel in this server; please try again later.")
    else:
        said = language.gettext("Easel is paused; please try again later.")
    return _with(said, error.sentence)


def at_most(layer: Layer, limit: object, language: Language) -> str:
    """The end of a sentence: whose limit it is, and how much it allows."""
    return language.gettext(_AT_MOST[_kind(layer)], limit=limit)


def _with(said: str, more: str) -> str:
    """A sentence, and what an admin or the operator has written about it."""
    return f"{said} “{safe(more, SENTENCE_MAX)}”" if more.strip() else said


def _kind(layer: Layer) -> LayerKind:
    return LayerKind.OPERATOR if layer.kind is LayerKind.TIER else layer.kind


def _joined(fact: str, limit: object, layer: Layer, language: Language) -> str:
    # Translators: {fact} is such as "You asked for 60 steps", {most} such as "this server allows at most 50".
    return language.gettext("{fact}; {most}.", fact=fact, most=at_most(layer, limit, language))


def _asked(name: str, asked: float, language: Language) -> str:
    match name:
        case "pictures":
            return language.ngettext("You asked for {count} picture", "You asked for {count} pictures", asked)
        case "steps":
            return language.ngettext("You asked for {count} step", "You asked for {count} steps", asked)
        case "megapixels":
            return language.gettext("That would be {number} megapixels", number=round(asked, 2))
        case "upscale_megapixels":
            # Translators: of a picture that somebody wants to make larger.
            return language.gettext("The larger picture would have {number} megapixels", number=round(asked, 2))
    return language.gettext("You asked for a guidance of {number}", number=asked)


def _day(refused: Refused, layer: Layer, language: Language) -> str:
    """A day is used up, or what is left of it is too little for this request."""
    if refused.why in _USED:
        fact = language.gettext(_USED[refused.why], time=duration(refused.count, language))
        limit: object = duration(refused.limit, language)
        # Translators: {left} and {time} are such as "10 seconds".
        needs = language.gettext(
            "You can use {left} more; this needs about {time}.",
            left=duration(max(0, refused.limit - refused.count), language),
            time=duration(refused.asked, language),
        )
    else:
        fact, limit = language.ngettext(*_DRAWN[refused.why], refused.count), refused.limit
        left = max(0, refused.limit - refused.count)
        needs = language.ngettext(
            "You can ask for {count} picture more.", "You can ask for {count} pictures more.", left
        )
    tomorrow = f"<t:{refused.until}:R>"
    # Translators: {when} is a time that Discord shows, such as "in 3 hours".
    when = language.gettext("More {when}.", when=tomorrow) if refused.limit else ""
    if refused.count == refused.limit and refused.why in _DRAWN:
        many = language.gettext(_AS_MANY[_kind(layer)])
        # Translators: such as "You have drawn 50 pictures today, as many as this server allows."
        said = language.gettext("{fact}, {many}.", fact=fact, many=many)
        return f"{said} {when}".rstrip()
    said = _joined(fact, limit, layer, language)
    return f"{said} {needs} {when}" if refused.count < refused.limit else f"{said} {when}".rstrip()


def duration(milliseconds: float, language: Language) -> str:
    """A time, roughly."""
    seconds = milliseconds / 1000
    if seconds < 90:
        return language.ngettext("{count} second", "{count} seconds", math.ceil(seconds))
    if seconds < 90 * 60:
        return language.ngettext("{count} minute", "{count} minutes", round(seconds / 60))
    return language.ngettext("{count} hour", "{count} hours", round(seconds / 3600))


def _again(seconds: float | None, language: Language) -> str:
    """When to try again, roughly."""
    if seconds is None:
        return language.gettext("Please wait for one to finish.")
    if seconds < 90:
        return language.ngettext(
            "Please try again in about {count} second.",
            "Please try again in about {count} seconds.",
            max(5, round(seconds / 5) * 5),
        )
    if seconds < 90 * 60:
        return language.ngettext(
            "Please try again in about {count} minute.",
            "Please try again in about {count} minutes.",
            round(seconds / 60),
        )
    return language.ngettext(
        "Please try again in about {count} hour.", "Please try again in about {count} hours.", round(seconds / 3600)
    )
