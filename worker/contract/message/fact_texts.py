"""Facts of a job, each a sentence by itself: what it begins with, how it was drawn or made larger."""

from worker.contract.types.job import Job
from worker.contract.types.request import Request
from worker.contract.types.variation import Variation, variation_of
from worker.contract.types.windows import Beyond

from .languages import N_, Language
from .markdown import message_link, safe
from .ratio import ratio
from .sampler_titles import sampler_title

BETWEEN = " · "  # the facts of a line
_WORDS = 60  # characters of what is said of one picture alone
_MODEL = 60  # characters of a model's name
_VARIED = {
    # Translators: a picture drawn anew from itself; the words in square brackets lead to it; keep the brackets and what
    # is in round ones, here and in the following.
    (Variation.LITTLE, True): N_("Variation (subtle) of picture {number} of [these]({link})"),
    (Variation.LITTLE, False): N_("Variation (subtle) of [this picture]({link})"),
    (Variation.LOT, True): N_("Variation (strong) of picture {number} of [these]({link})"),
    (Variation.LOT, False): N_("Variation (strong) of [this picture]({link})"),
}
_BEYOND = {
    # Translators: a picture that goes on beyond its edges; {factor} is 1.5 or 2.
    (Beyond.OUT, True): N_("Zoomed out ×{factor} from picture {number} of [these]({link})"),
    (Beyond.OUT, False): N_("Zoomed out ×{factor} from [this picture]({link})"),
    (Beyond.WIDER, True): N_("Widened ×{factor} from picture {number} of [these]({link})"),
    (Beyond.WIDER, False): N_("Widened ×{factor} from [this picture]({link})"),
    (Beyond.TALLER, True): N_("Heightened ×{factor} from picture {number} of [these]({link})"),
    (Beyond.TALLER, False): N_("Heightened ×{factor} from [this picture]({link})"),
}


def model_name(asked: Request, title: str) -> str:
    """What people read for the model; its id, where no worker has told its title for as long as Redis remembers."""
    return safe(title or asked.model, _MODEL)


def made(job: Job, language: Language, model: str = "") -> str:
    """The facts under finished pictures; `model` is the title of its model, "" where nobody knows it."""
    asked = job.request
    facts = [f"**{model_name(asked, model)}**", *(_enlarged(job) if asked.upscale else _drawn(job, language))]
    total = job.result.timings.get("total") if job.result else None
    if total:
        took = language.number(total / 1000, 1)
        # Translators: seconds, abbreviated; no-break space, as phones break the line there.
        facts.append(language.gettext("{seconds}\N{NO-BREAK SPACE}s", seconds=took))
    return BETWEEN.join(facts)


def own_words(job: Job) -> str:
    """What each picture was drawn with beside the prompt, by its number if there are several; "" where nothing."""
    asked = job.request
    added = [each.removeprefix(asked.prompt).strip(" ,") for each in asked.prompts]
    if asked.count == 1:  # a number would be read as how many there are
        return safe(added[0], _WORDS) if added else ""
    return BETWEEN.join(f"{number} {safe(words, _WORDS)}" for number, words in enumerate(added, 1) if words)


def enlarged_from(number: int | None, scale: int, link: str, language: Language) -> str:
    """Which picture was made larger; `number` None for the only one of its message."""
    if number is None:
        # Translators: the words in square brackets lead to that message; keep the brackets and what is in round ones.
        return language.gettext("[This picture]({link}), {scale} times as large", scale=scale, link=link)
    return language.gettext(
        "Picture {number} of [these]({link}), {scale} times as large", number=number, scale=scale, link=link
    )


def varied_from(job: Job, language: Language) -> str:
    """Which picture it is a variation of; "" for what is none, or nobody knows where that picture is."""
    how, there = variation_of(job.request.strength), _began_at(job)
    if how is None or there is None or job.request.outpaint:
        return ""
    number, link = there
    return language.gettext(_VARIED[how, bool(number)], number=number, link=link)


def gone_beyond(job: Job, language: Language) -> str:
    """Which picture it goes on from; "" for what goes on from none, or nobody knows where that picture is."""
    asked, there = job.request, _began_at(job)
    if asked.outpaint is None or there is None:
        return ""
    how, factor = asked.outpaint.seen_in(asked.width, asked.height)
    number, link = there
    return language.gettext(_BEYOND[how, bool(number)], factor=factor, number=number, link=link)


def came_about(job: Job, language: Language) -> str:
    """That these are moments of a picture's way; "" where they are not."""
    if not job.request.moments:
        return ""
    if job.request.forward:
        return _to_noise(job, language)
    place = job.tells_of
    if place is None:
        # Translators: below each of several small pictures, from noise to the finished one, stands a percentage.
        return language.gettext("How it came about: below each moment stands how much of it is noise.")
    link = message_link(job.destination.server, place.channel, place.message)
    if place.number:
        # Translators: the same; the words in square brackets lead to it, here and in the next.
        return language.gettext(
            "How picture {number} of [these]({link}) came about: below each moment stands how much of it is noise.",
            number=place.number, link=link,
        )  # fmt: skip
    return language.gettext(
        "How [this picture]({link}) came about: below each moment stands how much of it is noise.", link=link
    )


def _to_noise(job: Job, language: Language) -> str:
    there = _began_at(job)
    link = there[1] if there else ""
    # Translators: an autoencoder makes latents of a picture; noise is added to those, and each is made a picture again.
    how = language.gettext("noise is added to its latents by the model's own schedule, and each is decoded.")
    if not link:
        # Translators: {how} is the sentence before this one, here and in the next.
        return language.gettext("How the picture turns to noise: {how}", how=how)
    # Translators: the words in square brackets lead to it; keep the brackets and what is in round ones.
    return language.gettext("How [the picture]({link}) turns to noise: {how}", link=link, how=how)


def _began_at(job: Job) -> tuple[int, str] | None:
    """Number and link of the picture that it began with, 0 for the only one; None where it was made larger since."""
    place = job.sources.pictures[0] if job.sources else None
    if job.request.upscale or place is None or place.channel is None or place.message is None:
        return None
    link = message_link(job.destination.server, place.channel, place.message)
    return 0 if place.picture is None else place.picture + 1, link


def begins_with(job: Job, language: Language) -> list[str]:
    """The picture that it begins with, and where that is seen, if it is."""
    if not job.request.sources:
        return []
    place = job.sources.pictures[0] if job.sources else None
    if place is None or place.channel is None or place.message is None:
        return [language.gettext("from a picture")]
    where = message_link(job.destination.server, place.channel, place.message)
    # Translators: {link} leads to the message with that picture; keep the brackets around the words of the link.
    return [language.gettext("from [a picture]({link})", link=where)]


def _drawn(job: Job, language: Language) -> list[str]:
    asked = job.request
    if asked.forward:  # the model is not asked for anything
        return [ratio(asked.width, asked.height), language.gettext("seed {seed}", seed=asked.seed)]
    said = varied_from(job, language) or gone_beyond(job, language)
    facts = [] if said else begins_with(job, language)
    facts.append(ratio(asked.width, asked.height))
    if asked.strength is not None and not asked.outpaint:
        # Translators: how much of a picture is drawn anew; {share} is a number up to 1.
        facts.append(language.gettext("strength {share}", share=asked.strength))
    # Translators: {name} is the id of a LoRA, {weight} how much of it is added.
    facts += [language.gettext("LoRA {name} {weight}", name=each.id, weight=each.weight) for each in asked.loras]
    facts += [_follows(job, index, language) for index in range(len(asked.guides))]
    facts.append(language.ngettext("{count} step", "{count} steps", asked.steps))
    if asked.scheduler:
        facts.append(sampler_title(asked.scheduler.value, language))
    # Translators: the guidance scale: how closely the prompt was followed.
    facts.append(language.gettext("guidance {scale}", scale=asked.guidance_scale))
    facts.append(language.gettext("seed {seed}", seed=asked.seed))
    if asked.negative_prompt:
        # Translators: {what} was to be kept out of the picture.
        facts.append(language.gettext("without {what}", what=safe(asked.negative_prompt, 80)))
    return facts


def _follows(job: Job, index: int, language: Language) -> str:
    """A picture that it follows, by which network and how closely, with a link to where it is seen, if it is."""
    guide, number = job.request.guides[index], len(job.request.sources) + index
    places = job.sources.pictures if job.sources else ()
    name, place = guide.id, places[number] if number < len(places) else None
    if place and place.channel is not None and place.message is not None:
        name = f"[{name}]({message_link(job.destination.server, place.channel, place.message)})"
    # Translators: {name} is the id of a network by which a picture is followed, {weight} how closely.
    return language.gettext("follows {name} {weight}", name=name, weight=guide.weight)


def _enlarged(job: Job) -> list[str]:
    """Of a picture that was made larger: the sizes are those of the files themselves."""
    asked = job.request.upscale
    if asked is None or job.result is None:
        return []
    large = job.result.pictures[0]
    return [f"{asked.width} × {asked.height} → {large.width} × {large.height}"]
