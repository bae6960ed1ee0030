"""What `/quota` says: each limit of the one who asks, what is left of it, and who has set it."""

from collections.abc import Mapping, Sequence

from bot.layers import Layer, LayerKind
from worker.contract.message.languages import N_, Language
from worker.contract.message.markdown import safe

_FROM: Mapping[LayerKind, str] = {
    # Translators: who has set a limit, in brackets after it, here and in the following.
    LayerKind.OPERATOR: N_("from whoever runs Easel"),
    LayerKind.TIER: N_("from whoever runs Easel, for this server"),
    LayerKind.SERVER: N_("from this server"),
    LayerKind.CHANNEL: N_("from this channel"),
    LayerKind.GRANT: N_("granted to you here"),
}


def heading(language: Language) -> str:
    """Above it all."""
    return "### " + language.gettext("What you can ask for here")


def layer(of: Layer, language: Language) -> str:
    """Who has set a limit."""
    if of.kind is LayerKind.ROLE:
        role = f"<@&{of.id}>"
        # Translators: {role} is a mention of a role.
        return language.gettext("from {role}", role=role)
    return language.gettext(_FROM[of.kind])


def else_operator(language: Language) -> str:
    """Below the limits, of those that name nobody."""
    return "-# " + language.gettext("What names nobody is from whoever runs Easel.")


def limit(label: str, value: str, left: str, who: str, language: Language) -> str:
    """One limit: "Requests at once: 3, 2 left (from this server)"; `who` is "" where that is said below all."""
    if not who:
        said = {"label": label, "value": value}
        if left:
            return "- " + language.gettext("{label}: **{value}**, {left}", left=left, **said)
        return "- " + language.gettext("{label}: **{value}**", **said)
    said = {"label": label, "value": value, "who": who}
    if left:
        # Translators: {label} is such as "Requests at once", {value} such as "3", {left} such as "2 left", {who} such
        # as "from this server"; here and in the following.
        return "- " + language.gettext("{label}: **{value}**, {left} ({who})", left=left, **said)
    return "- " + language.gettext("{label}: **{value}** ({who})", **said)


def left(amount: str, language: Language) -> str:
    """How much is left."""
    return language.gettext("{amount} left", amount=amount)


def left_today(amount: str, most: float, until: int, language: Language) -> str:
    """The same of a day, which ends at a moment in seconds since the epoch; another day brings no more of nothing."""
    if not most:
        return left(amount, language)
    when = f"<t:{until}:R>"
    # Translators: {when} is a time that Discord shows, such as "in 3 hours".
    return language.gettext("{amount} left, more {when}", amount=amount, when=when)


def everywhere(language: Language) -> str:
    return language.gettext("Requests at once in all servers")


def everywhere_per_minute(language: Language) -> str:
    return language.gettext("Requests a minute in all servers")


def together(label: str, language: Language) -> str:
    """A limit of all people of the server."""
    return language.gettext("{label}, all people here together", label=label)


def then_last(language: Language) -> str:
    """What happens when a day is used up, where it is not refused."""
    return "-# " + language.gettext("When a day is used up, more is drawn after everybody else's.")


def names(listed: Sequence[str], language: Language) -> str:
    """Models or samplers."""
    return language.listed([safe(each, 60) for each in listed[:12]])
