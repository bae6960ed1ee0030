"""What `/queue` says of somebody's own requests."""

from worker.contract.message.languages import Language
from worker.contract.message.markdown import message_link, safe
from worker.contract.store.jobs import Standing
from worker.contract.types.job import Job, State

_PROMPT = 90  # characters


def heading(count: int, language: Language) -> str:
    """How many there are."""
    if not count:
        return language.gettext("You have nothing waiting. `/imagine` asks for pictures.")
    text = language.ngettext(
        "You have {count} request waiting or being drawn", "You have {count} requests waiting or being drawn", count
    )
    return f"### {text}"


def job(job: Job, standing: Standing, language: Language) -> list[str]:
    """One of them: what was asked for, where it stands, where its message is."""
    place = job.destination
    where = message_link(place.server, place.channel, place.message) if place.message else f"<#{place.channel}>"
    return [f"**{safe(job.request.prompt, _PROMPT)}**", f"{_standing(job, standing, language)} · {where}"]


def _standing(job: Job, standing: Standing, language: Language) -> str:
    if job.state is not State.QUEUED:
        return language.gettext("being drawn or posted")
    if standing.place is None:
        return language.gettext("waiting")
    if standing.eta is None:
        # Translators: {place} is a number; 1 is next.
        return language.gettext("place {place}", place=standing.place)
    return language.gettext("place {place}, done in {time}", place=standing.place, time=_time(standing.eta, language))


def _time(seconds: float, language: Language) -> str:
    if seconds < 90:
        return language.ngettext("about {count} second", "about {count} seconds", max(5, round(seconds / 5) * 5))
    return language.ngettext("about {count} minute", "about {count} minutes", round(seconds / 60))


def cancelled(count: int, language: Language) -> str:
    """What a press did."""
    if not count:
        return language.gettext("Nothing was cancelled: it is finished already.")
    return language.ngettext("{count} request is cancelled.", "{count} requests are cancelled.", count)


def later(count: int, language: Language) -> str:
    """What a press on an older list left alone."""
    return language.ngettext(
        "{count} request that you asked for after this list was shown goes on.",
        "{count} requests that you asked for after this list was shown go on.",
        count,
    )


def cancel(language: Language) -> str:
    return language.gettext("Cancel")


def cancel_all(count: int, language: Language) -> str:
    """On the button for all of them."""
    return language.gettext("Cancel all {count}", count=count)


def refresh(language: Language) -> str:
    return language.gettext("Refresh")


def more(count: int, language: Language) -> str:
    # Translators: {count} requests that there is no room for.
    return language.ngettext("and {count} more", "and {count} more", count)
