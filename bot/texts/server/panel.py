"""What the panel of a server's settings says, and its pages."""

from collections.abc import Sequence

from worker.contract.message.languages import Language
from worker.contract.message.markdown import safe

from .values import fitting, rough, span

SHOWN = 8  # roles, channels or people in one list
ROOM, PAGE_ROOM = 360, 2400  # characters of such a list in the panel, and on a page of its own


def heading(server: str, language: Language) -> str:
    """The first line of the panel."""
    # Translators: {server} is the name of a Discord server.
    return "## " + language.gettext("Easel in {server}", server=safe(server, 60))


def introduction(language: Language) -> str:
    return language.gettext("What you change here holds at once, for this server alone.")


def paused(sentence: str, language: Language) -> str:
    """That nothing can be asked for here, and what people read."""
    # Translators: {sentence} is what an admin wrote.
    return language.gettext("⏸️ **Paused.** People are told: “{sentence}”", sentence=safe(sentence, 300))


def damaged(paths: Sequence[str], language: Language) -> str:
    """That some of what was set cannot be read and does not count, and what to do about it."""
    if not all(paths):
        return language.gettext("⚠️ **What was set here cannot be read any more.** Please look through all of it.")
    names = language.listed(["`" + each.replace("`", "")[:60] + "`" for each in paths[:10]])
    # Translators: {names} are names of settings.
    return language.gettext(
        "⚠️ **Cannot be read any more, and does not count:** {names}. Please set it anew.", names=names
    )


def ceiling(parts: Sequence[str], language: Language) -> str:
    """What the operator allows, where that is more; `parts` are amounts in words."""
    # Translators: {amounts} is such as "10 requests at once and 500 pictures a day".
    return "-# " + language.gettext("whoever runs Easel allows {amounts}", amounts=language.listed(parts))


def used_up_last(language: Language) -> str:
    """That requests are drawn last once a day is used up."""
    return language.gettext("then drawn after everybody else's")


def no_limit(language: Language) -> str:
    return language.gettext("no limit of this server's own")


def usual(names: Sequence[str], language: Language) -> str:
    """What a request has where nothing is typed."""
    return " · ".join(names) if names else language.gettext("the model's own values")


def usual_model(model: str, language: Language) -> str:
    # Translators: after the name of the model that is used where nobody chooses one.
    return language.gettext("{model} (usual)", model=model)


def not_here(models: Sequence[str], language: Language) -> str:
    """Models that may not be used here."""
    return "-# " + language.gettext("not here: {models}", models=language.listed(models))


def only(samplers: str, language: Language) -> str:
    return language.gettext("samplers: {names}", names=samplers)


def nobody(language: Language) -> str:
    """No role, channel or person has anything of its own."""
    # Translators: in a list of roles or channels that have limits of their own: there are none.
    return language.gettext("none")


def some(parts: Sequence[str], language: Language, room: int = ROOM) -> str:
    """The first of several that fit, a line each, and how many more there are."""
    return fitting(parts, language, room, SHOWN)


def of(who: str, what: str, language: Language) -> str:
    """A role or channel with what it has."""
    # Translators: {who} is a role, a channel or a person, {what} such as "10 requests at once · 500 pictures a day".
    return language.gettext("{who}: {what}", who=who, what=what)


def results(channel: str, language: Language, *, can_post: bool = True) -> str:
    """Where results go; "" for where they are asked for. Those of a channel that Easel cannot post in stay as well."""
    if not channel:
        return language.gettext("results where they are asked for")
    if not can_post:
        # Translators: {channel} is a link to a channel, here and in the following.
        return language.gettext("results in {channel} (⚠️ not now: Easel can't post there)", channel=channel)
    return language.gettext("results in {channel}", channel=channel)


def told_in(channel: str, language: Language) -> str:
    return language.gettext("changes are told in {channel}", channel=channel)


def told_when_late(language: Language) -> str:
    """Who is told by a mention, where that is more than those who ask for it."""
    return language.gettext("who waited for a minute is told when it is done")


def who_where(language: Language) -> str:
    """Which command may be used where, and by whom, is set elsewhere."""
    return "-# " + language.gettext(
        "Who may use which command, and where: Server settings → Integrations → Easel. Results are posted in another "
        "channel only where it is not more open than the one that was asked in."
    )


def today(pictures: int, people: int, waiting: int, median: float | None, language: Language) -> str:
    """The line about today; `median`: seconds that the request in the middle waited for its turn, as far as known."""
    drawn = language.ngettext("{number} picture", "{number} pictures", pictures, number=language.number(pictures))
    by = language.ngettext("{number} person", "{number} people", people, number=language.number(people))
    now = language.gettext("{number} waiting or being drawn", number=language.number(waiting))
    if not waiting:
        now = language.gettext("nothing waiting")
    # Translators: {pictures} is such as "148 pictures", {people} such as "23 people", {now} such as "4 waiting …".
    said = language.gettext("**Today** {pictures} by {people} · {now}", pictures=drawn, people=by, now=now)
    if median is None:
        return said
    # Translators: how long requests waited for their turn; half of them less. {time} is such as "6 s".
    return f"{said} · " + language.gettext("median wait {time}", time=span(rough(median), language))


def untold(channel: str, since: str, language: Language) -> str:
    """That the channel which hears of changes did not; `since` is a moment, "" where nothing was tried yet."""
    if not since:
        # Translators: {channel} is a link to a channel.
        return language.gettext(
            "⚠️ **Easel can't write in {channel}**, which should hear of changes. Please let it, or choose another one.",
            channel=channel,
        )
    # Translators: {channel} is a link to a channel, {since} such as "2 days ago".
    return language.gettext(
        "⚠️ **Changes could not be told in {channel}**, first {since}. Please let Easel write there, or choose another "
        "one. “Changes” has all of them.",
        channel=channel, since=since,
    )  # fmt: skip


def last_change(who: str, when: str, what: str, language: Language) -> str:
    """Who changed what last."""
    # Translators: {who} is a mention, {when} such as "2 days ago", {what} such as "a day, 30 → 50".
    return "-# " + language.gettext("last change: {who}, {when}: {what}", who=who, when=when, what=what)


def never_changed(language: Language) -> str:
    return "-# " + language.gettext("nothing has been changed here yet")


def button(name: str, language: Language) -> str:
    """What stands on a button of the panel and its pages."""
    return {
        "change": language.gettext("Change…"),
        "usage": language.gettext("Usage"),
        "changes": language.gettext("Changes"),
        "reset": language.gettext("Reset…"),
        "export": language.gettext("Export"),
        "refresh": language.gettext("Refresh"),
        "settings": language.gettext("Settings"),
        "undo": language.gettext("Undo"),
        "again": language.gettext("Try again"),
        "gone": language.gettext("Take away what is gone"),
        "clear": language.gettext("Take all of it away"),
        "person": language.gettext("How much…"),
        "request": language.gettext("Each request…"),
        "models": language.gettext("Models…"),
        "usual": language.gettext("What is usual…"),
        "where": language.gettext("Results…"),
        "pause": language.gettext("Pause…"),
        "block": language.gettext("Block…"),
        "unblock": language.gettext("Unblock"),
        "grant": language.gettext("More pictures…"),
        "ungrant": language.gettext("No more pictures"),
        "stop": language.gettext("Cancel what waits"),
        "older": language.gettext("Older"),
        "newer": language.gettext("Newer"),
        "import": language.gettext("Set all of this"),
        "reset_all": language.gettext("Reset everything"),
        "cancel": language.gettext("Cancel"),
    }[name]


def line(name: str, language: Language) -> str:
    """The name of a line of the panel, also the heading of its page."""
    return {
        "person": language.gettext("Each person"),
        "together": language.gettext("All people together"),
        "request": language.gettext("Each request"),
        "models": language.gettext("Models"),
        "usual": language.gettext("Defaults"),
        "roles": language.gettext("Roles with more"),
        "where": language.gettext("Where results go"),
        "buttons": language.gettext("Under a picture of another person"),
        "people": language.gettext("People"),
    }[name]


def choose(what: str, language: Language) -> str:
    """In a select that nothing is chosen in."""
    return {
        "role": language.gettext("Choose a role"),
        "channel": language.gettext("Choose a channel"),
        "person": language.gettext("Choose a person"),
    }[what]


def about(what: str, language: Language) -> str:
    """What a page is for."""
    return {
        "roles": language.gettext("Members with such a role have these limits, where they are more than everybody's."),
        "where": language.gettext("In such a channel, and in its threads, limits are lower or other values are usual."),
        "people": language.gettext(
            "Block a person, give one more pictures, cancel what one has waiting, or pause Easel for all."
        ),
        "reset": language.gettext("Everything that was set for this server goes, and can be brought back with Undo."),
    }[what]


def gone(count: int, language: Language) -> str:
    """That roles or channels of a list are not there any more."""
    return language.ngettext(
        "⚠️ {count} of these is no longer in this server.", "⚠️ {count} of these are no longer in this server.", count
    )


def waits(count: int, language: Language) -> str:
    """How much a person has waiting here."""
    return language.ngettext("{count} request waiting or being drawn", "{count} requests waiting or being drawn", count)
