"""Every sentence that a job's message says, in the language of whoever reads it. `job_message` puts them in place.

A line under a message is made of facts with " · " between them; each fact is a sentence by itself.
"""

from collections.abc import Sequence

from worker.contract.types.cause import Cause
from worker.contract.types.job import Job, Progress, Reason

from .cause_texts import cause_sentence
from .fact_texts import BETWEEN, begins_with, model_name
from .languages import N_, Language
from .markdown import channel_link, safe

_BAR = 10
_PROMPT, _PROMPTS = 80, 10  # characters of a prompt in a list, and prompts in it
_DETAIL = 300  # characters of a sentence that an older Easel has left in a record

_ORDINALS = {
    # Translators: a place in line by how English ends its number: 21st, 22nd, 23rd, 24th; likely one for all of yours.
    "st": N_("{place}st in line"),
    "nd": N_("{place}nd in line"),
    "rd": N_("{place}rd in line"),
    "th": N_("{place}th in line"),
}

_REASONS = {
    Reason.ATTEMPTS: N_(
        "Sorry, this kept breaking the workers that tried to draw it, so Easel gave up. "
        "It doesn't count against your limit. Try fewer steps, a smaller size, or another model."
    ),
    Reason.MEMORY: N_("This needs more memory than the worker has."),
    Reason.MODEL: N_(
        "The model could not be loaded; its files are missing or damaged. Choose another model, or ask "
        "whoever runs Easel to look at the worker's log."
    ),
    Reason.INVALID: N_("The model refused this request."),
    Reason.ENGINE: N_(
        "Sorry, something went wrong each time a worker tried to draw this. It doesn't count against your "
        "limit. Try again later; if it happens again, ask whoever runs Easel to look at the worker's log."
    ),
    Reason.TIMEOUT: N_(
        "Sorry, this took longer than Easel allows each time a worker tried to draw it. Try fewer steps or "
        "a smaller size."
    ),
    Reason.WAITED: N_(
        "This waited too long for a free worker, so it was taken out of the line. Please try again later."
    ),
    Reason.SOURCE: N_("The picture to draw from could not be used."),
    Reason.UNPOSTED: N_("The pictures were drawn, but Discord would not take them here."),
    Reason.DAMAGED: N_("Easel could not read this request any more. Please ask again."),
    # Translators: a request was cancelled, here and in the following.
    Reason.OWNER: N_("Cancelled."),
    Reason.MODERATOR: N_("Cancelled by a moderator."),
    Reason.CLOSED: N_("Cancelled before it was drawn, for it could not be posted here."),
}
# Where the advice for a drawing would not help.
_REASONS_UPSCALE = {
    Reason.ATTEMPTS: N_(
        "Sorry, this kept breaking the workers that tried to upscale it, so Easel gave up. "
        "It doesn't count against your limit."
    ),
    Reason.MODEL: N_("The upscaler could not be loaded. Ask whoever runs Easel to look at the worker's log."),
    Reason.INVALID: N_("The picture could not be upscaled."),
    Reason.SOURCE: N_("The picture could not be upscaled."),
    Reason.ENGINE: N_(
        "Sorry, something went wrong each time a worker tried to upscale this. It doesn't count against "
        "your limit. Try again later; if it happens again, ask whoever runs Easel to look at the worker's log."
    ),
    Reason.TIMEOUT: N_("Sorry, this took longer than Easel allows each time a worker tried to upscale it."),
}
_SAID_BY_CAUSE = frozenset({"words_declined"})  # causes whose sentence says all: no reason goes before it
_PHASES = {
    # Translators: what Easel does at this moment, here and in the following.
    "wait": N_("waiting for its turn"),
    "fetch": N_("fetching the picture"),
    "load": N_("loading the model"),
    "encode": N_("reading the prompt"),
    "decode": N_("finishing the pictures"),
    "post": N_("sending the pictures"),
}
_PHASES_UPSCALE = {
    "wait": _PHASES["wait"],
    "load": N_("loading the upscaler"),
    "decode": N_("finishing the picture"),
}


def reason_sentence(
    reason: Reason, language: Language, cause: Cause | None = None, detail: str = "", *, upscale: bool = False
) -> str:
    """Why a job ended, in words that say what to do. `detail` is English, from a record of an older Easel."""
    table = _REASONS_UPSCALE if upscale and reason in _REASONS_UPSCALE else _REASONS
    said = "" if cause and cause.code in _SAID_BY_CAUSE else language.gettext(table[reason])
    more = cause_sentence(cause, language) if cause else safe(detail, _DETAIL)
    return f"{said} {more}".strip()


def waiting(job: Job, language: Language, model: str = "") -> str:
    """What the message of a job in the line says. `model` is the title of its model, "" where nobody knows it."""
    facts = [_upscaling(job, language)] if job.request.upscale else begins_with(job, language)
    if job.begun:
        facts.append(language.gettext("a worker failed, trying again"))
    facts.append(_place(job.place, language))
    if job.stalled and job.request.upscale:
        facts.append(language.gettext("no worker upscales right now"))
    elif job.stalled:
        # Translators: {model} is the name of a model.
        facts.append(language.gettext("no worker draws with {model} right now", model=model_name(job.request, model)))
    elif job.eta:
        # Translators: how long somebody still waits; {time} is such as "41 s" or "2 min".
        facts.append(language.gettext("about {time}", time=duration(job.eta, language)))
    return BETWEEN.join(facts)


def _upscaling(job: Job, language: Language) -> str:
    if job.source and not job.source.alone:
        return language.gettext("upscaling picture {number}", number=job.source.index + 1)
    return language.gettext("upscaling")


def _place(place: int | None, language: Language) -> str:
    if place == 1:
        return language.gettext("next in line")
    return language.gettext(_ORDINALS[_ending(place)], place=place) if place else language.gettext("waiting")


def _ending(place: int) -> str:
    """How English writes it; other languages may say the same for all."""
    return "th" if place % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")


def duration(seconds: float, language: Language) -> str:
    """A span, exact and short, for a small line."""
    if seconds < 90:
        # Translators: seconds, abbreviated.
        return language.gettext("{count} s", count=max(1, round(seconds)))
    # Translators: minutes, abbreviated.
    return language.gettext("{count} min", count=round(seconds / 60))


def drawing(job: Job, language: Language) -> str:
    """What the message of a running job says."""
    facts = [_at(job, language)]
    if job.begun > 1:  # so nobody wonders why it begins again
        # Translators: this is attempt number {number} at drawing it.
        facts.insert(0, language.gettext("try {number}", number=job.begun))
    return BETWEEN.join(facts)


def _at(job: Job, language: Language) -> str:
    progress = job.progress
    if job.request.upscale:
        if progress is None or progress.phase not in {"wait", "load", "steps", "decode"}:
            return language.gettext(_PHASES["fetch"])
        if progress.phase in _PHASES_UPSCALE:
            return language.gettext(_PHASES_UPSCALE[progress.phase])
        share = _share(progress)
        return BETWEEN.join([language.gettext("upscaling"), f"{share:.0%} {_bar(share)}"])
    if progress is None:
        return language.gettext("starting to draw")
    if progress.phase in _PHASES:
        return language.gettext(_PHASES[progress.phase])
    return _steps(progress, job.request.all_steps, language)


def _steps(progress: Progress, asked: int, language: Language) -> str:
    share = _share(progress)
    done = f"{share:.0%}"
    # An engine that draws some pictures after others counts the steps of all; that number would puzzle people.
    if progress.steps == asked:
        done = language.gettext("step {step} of {steps}", step=progress.step, steps=progress.steps)
    return BETWEEN.join([language.gettext("drawing"), f"{done} {_bar(share)}"])


def _share(progress: Progress) -> float:
    return progress.step / max(progress.steps, 1)


def _bar(share: float) -> str:
    done = round(_BAR * share)
    return f"{'▰' * done}{'▱' * (_BAR - done)}"


def sending(language: Language) -> str:
    """What the message says while its pictures are on their way."""
    return language.gettext(_PHASES["post"])


def sent_as(encoding: str, language: Language) -> str:
    """That the pictures are not what was drawn to the last bit, where they had to be made smaller."""
    # Translators: {encoding} is WebP or JPEG.
    return language.gettext("sent as {encoding}: the PNG is too large for Discord here", encoding=encoding)


def picture_of(number: int, count: int, prompt: str, language: Language) -> str:
    """What a screen reader says of one of several pictures."""
    # Translators: said by screen readers of a picture.
    return language.gettext("Picture {number} of {count}: {prompt}", number=number, count=count, prompt=prompt)


def came_about(
    prompt: str, language: Language, *, moves: bool, noise: Sequence[int] = (), forward: bool = False
) -> str:
    """What a screen reader says of the moments of a picture's way, and of the same as one that moves.

    `noise`: of each moment in percent, as far as known. `forward`: of the way of a picture to noise.
    """
    if forward:
        return _to_noise(noise, language, moves=moves)
    if moves:
        # Translators: said by screen readers, here and in the next; noise turns into a picture of that prompt.
        return language.gettext("Moving, from noise to the picture: {prompt}", prompt=prompt)
    if noise:
        # Translators: {shares} are percentages, such as "100 %, 50 %, 0 %"; what is no noise is picture.
        return language.gettext(
            "Moments from noise to the picture, noise {shares}: {prompt}", shares=_percent(noise), prompt=prompt
        )
    return language.gettext(
        "Moments from noise to the picture, each with the noise that is left in percent: {prompt}", prompt=prompt
    )


def _to_noise(noise: Sequence[int], language: Language, *, moves: bool) -> str:
    if moves:
        # Translators: said by screen readers, here and in the next; a picture turns to noise.
        return language.gettext("Moving, from a picture to noise")
    # Translators: {shares} are percentages, such as "0 %, 50 %, 100 %".
    return language.gettext("Moments from a picture to noise, noise {shares}", shares=_percent(noise))


def _percent(shares: Sequence[int]) -> str:
    return ", ".join(f"{each} %" for each in shares)


def preview(language: Language) -> str:
    """What a screen reader says of a preview."""
    return language.gettext("Preview of an unfinished picture")


def unreadable(language: Language) -> str:
    """What stands for the prompt of a request that cannot be read."""
    return language.gettext("a request that cannot be read any more")


def wordless(language: Language) -> str:
    """What stands for words that Discord objects to."""
    return language.gettext("words that may not be shown here")


def sent_to_owner(cause: Cause, language: Language) -> str:
    """What a message says whose pictures its owner got by direct message."""
    said = language.gettext("The pictures went to their owner by direct message.")
    return f"{said} {cause_sentence(cause, language)}"


def moved(link: str, language: Language) -> str:
    """What is left of a message that another one has taken the place of."""
    # Translators: {link} leads to a message, here and in the following.
    return language.gettext("Goes on in {link}", link=link)


def posted_in(link: str, language: Language) -> str:
    """Below what was asked for, where the pictures are in another channel."""
    return language.gettext("Posted in {link}", link=link)


def here_instead(channel: int, cause: Cause, language: Language) -> str:
    """Above pictures that come by direct message because they cannot be posted."""
    # Translators: {channel} is a link to a channel.
    said = language.gettext("I could not post these in {channel}, so here they are.", channel=channel_link(channel))
    return f"{said} {cause_sentence(cause, language)}"


def cannot_post(channel: int, cause: Cause, language: Language) -> str:
    """A direct message to somebody whose pictures were drawn, but are handed out nowhere."""
    said = language.gettext(
        # Translators: {channel} is a link to a channel.
        "I drew your pictures, but could not post them in {channel}.",
        channel=channel_link(channel),
    )
    return f"{said} {cause_sentence(cause, language)}"


def ended(channel: int, sentence: str, language: Language) -> str:
    """A direct message to somebody whose request came to nothing, where its own message cannot say so."""
    # Translators: {channel} is a link to a channel, {why} one or two sentences.
    return language.gettext(
        "Nothing came of your request in {channel}. {why}", channel=channel_link(channel), why=sentence
    )


def closed(channel: int, cause: Cause, prompts: Sequence[str], language: Language) -> str:
    """A direct message to somebody whose requests wait for a channel where nothing can be posted any more."""
    said = language.ngettext(
        # Translators: {channel} is a link to a channel.
        "I can't post in {channel} any more, so your request there was cancelled before it was drawn:",
        "I can't post in {channel} any more, so your {count} requests there were cancelled before they were drawn:",
        len(prompts),
        channel=channel_link(channel),
    )
    shown = [f"- {safe(prompt, _PROMPT)}" for prompt in prompts[:_PROMPTS]]
    return "\n".join([said, *shown, cause_sentence(cause, language)])
