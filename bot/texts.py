"""Every sentence that a person may see from the bot. Text from people is escaped before it comes in."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import OutOfMemoryError, ReadOnlyError, RedisError, ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from worker.contract.message.job_message import plural, safe
from worker.contract.message.verbs import VERBS, Allowed, VerbRow
from worker.contract.store.jobs import AdmissionLimit, Refused
from worker.contract.types.model_info import ModelInfo

from . import errors

# Whether it was done before Redis went cannot always be known; if so, it is shown once Redis is back.
QUEUE_AWAY = "Easel's queue is away for a moment. If nothing happens here within a minute, please try again."
QUEUE_SLOW = (
    "Easel's queue does not answer right now. What you asked for may still happen in a moment; "
    "if it does not, please try again in a minute."
)
DISCORD_AWAY = "Discord itself had trouble just then. If nothing happens in a moment, please try again."
COMMAND_CHANGED = (
    "This command has changed since your Discord loaded it. Please restart Discord (Ctrl+R or ⌘R) and try again."
)
FORGOTTEN = "Easel no longer knows this request, so nothing is being drawn. Please ask again."

EXAMPLE = "a red apple, light blue background"  # small models, too, know all of it

_WHO = {Allowed.ANYONE: "Anyone can.", Allowed.OWNER: "Only the person who asked for it and moderators can."}


def _help_line(row: VerbRow) -> str:
    """A verb, the buttons and reactions that do it, what it does, and who may."""
    pictures = range(1, len(row.reactions) + 1) if row.per_picture else ()
    numbered = [row.numbered_label.format(number=number) for number in pictures]
    ways = [f"**{row.label}**", *_span(numbered), *_span(row.reactions)]
    return f"- {', '.join(ways)}: {row.help} {_WHO[row.allowed]}"


def _span(names: Sequence[str]) -> list[str]:
    """The first and the last of several in one piece."""
    return [f"{names[0]} to {names[-1]}"] if len(names) > 1 else list(names)


_VERBS = "\n".join(map(_help_line, VERBS.values()))
HELP = f"""\
**Easel draws pictures from words.**
`/imagine prompt: {EXAMPLE}` is enough; every other option has a good default.
-# model · aspect_ratio · steps · guidance · scheduler · seed · count · negative_prompt

**Under each answer**, by button or by reaction:
{_VERBS}
The same prompt, model, size and seed give the same picture.
`/models` shows what there is to draw with, and what each model knows."""

_TITLES_SHOWN = 10
_MODELS_SHOWN = 10
_PAGE, _FIELD = 2600, 500  # characters of an embed's description and field; escaping may double them
_NBSP = "\N{NO-BREAK SPACE}"
# How Redis begins to say that it serves nothing now, where redis-py has no class for it: its disk is full, a script
# runs too long, a replica has lost its master, or is too few.
_NOT_SERVING = ("MISCONF", "BUSY", "MASTERDOWN", "NOREPLICAS", "CLUSTERDOWN", "TRYAGAIN", "LOADING", "READONLY", "OOM")
_CAPS = {
    AdmissionLimit.PERSON: "You have",
    AdmissionLimit.SERVER: "This server has",
    AdmissionLimit.TOTAL: "Easel is full: altogether it has",
}


def models(live: Sequence[ModelInfo]) -> dict[str, Any]:
    """An embed with all models in short, as many as it holds."""
    lines = [f"**{safe(each.title, 40)}** · {_facts(each)}\n-# {safe(each.description, 80)}" for each in live]
    shown = "\n".join(lines[:_MODELS_SHOWN])
    more = f"\nand {len(lines) - _MODELS_SHOWN} more" if len(lines) > _MODELS_SHOWN else ""
    return {
        "title": "What draws here",
        "description": f"{shown}{more}\n\n`/models` with a model's name tells all of it.",
    }


def about_model(model: ModelInfo) -> Iterator[dict[str, Any]]:
    """Embeds with all that there is to say of a model, each for a message of its own."""
    what = f"{safe(model.description, 300)}\n-# {_facts(model)} · licence {safe(model.licence, 100)}"
    if model.knows is None:
        yield {"title": model.title, "description": f"{what}\nIt reads prompts in any words."}
        return
    kind = f"{model.draws} things" if model.draws else "things"
    pages = textwrap.wrap(", ".join(map(_unbroken, model.knows.things)), _PAGE, break_on_hyphens=False)
    pages = [page.replace(_NBSP, " ") for page in pages]
    title = f"{model.title} knows {len(model.knows.things):,} {kind}"
    fields = [
        {"name": name, "value": safe(", ".join(known), _FIELD)}
        for name, known in (("Styles", model.knows.styles), ("Backgrounds", model.knows.backgrounds))
        if known
    ]
    if model.example:
        fields.append({"name": "For example", "value": safe(model.example, 200)})
    yield {"title": title, "description": f"{what}\n\n{pages[0]}", "fields": fields}
    yield from ({"description": page} for page in pages[1:])


def _facts(model: ModelInfo) -> str:
    width, height = model.size(1, 1)
    return f"`{model.id}` · {width} × {height} · {plural(model.steps, 'step')}"


def _unbroken(name: str) -> str:
    return safe(name, 80).replace(" ", _NBSP)


def unknown(reference: str) -> str:
    """For an error that nobody foresaw; `reference` finds it in the log."""
    return (
        "Something went wrong on Easel's side, and it has been noted. Please try again. "
        f"If it keeps happening, tell whoever runs Easel here this reference: `{reference}`"
    )


def queue_trouble(error: RedisError) -> str | None:
    """For Redis not serving; None when it is an error of ours."""
    if isinstance(error, RedisTimeoutError):
        return QUEUE_SLOW
    if isinstance(error, RedisConnectionError | OutOfMemoryError | ReadOnlyError):
        return QUEUE_AWAY
    if isinstance(error, ResponseError) and str(error).startswith(_NOT_SERVING):
        return QUEUE_AWAY
    return None


def refusal(error: errors.Refusal) -> str:  # noqa: C901, PLR0911, PLR0912 - one case a refusal, each one sentence
    """The sentence for a refusal."""
    match error:
        case errors.MissingPermissions(names=names, channel=channel):
            return _missing(names, channel)
        case errors.EmptyPrompt():
            return f"The prompt is empty. Say what to draw, for example: `{EXAMPLE}`"
        case errors.OnlyMentions():
            return f"The prompt holds only mentions. Say in words what to draw, for example: `{EXAMPLE}`"
        case errors.PromptTooLong(option=option, length=length, limit=limit):
            return f"The {_spoken(option)} is {length:,} characters long; at most {limit:,} fit. Please shorten it."
        case errors.BadOption(option=option, why=why):
            return f"`{option}` can't be used as it is: {why[:1].lower()}{why[1:].rstrip('.')}."
        case errors.OnlySquares(title=title):
            return f"{safe(title, 100)} draws squares only. Leave `aspect_ratio` out, or choose another `model`."
        case errors.ModelObjects(why=why):
            return why
        case errors.UnknownModel(asked=asked, titles=titles):
            return f"No running worker draws with “{safe(asked, 80)}”. Available right now: {_listed(titles)}."
        case errors.NothingLive(troubled=True):
            return (
                "The workers here have trouble drawing right now; whoever runs Easel finds the reason in their log. "
                "Please try again in a few minutes."
            )
        case errors.NothingLive():
            return "No worker is running right now, so nothing can be drawn. Please try again in a few minutes."
        case errors.OverCap(refused=refused):
            return over_cap(refused)
        case errors.TooManyPictures(limit=limit):
            return f"At most {plural(limit, 'picture')} can be asked for at once here."
        case errors.AlreadyAsked():
            return "Already asked; it is in line."
        case errors.NotYours(verb=verb, owner=owner):
            return VERBS[verb].not_yours.format(whose=f" (<@{owner}>)" if owner else "")
        case errors.TooLate():
            return "Too late: it is already finished or just being posted."
        case errors.Forgotten():
            return FORGOTTEN
        case errors.NoRecipe():
            return (
                "Easel no longer knows how this was made, and there is no picture here that says so. "
                "`/imagine` starts anew."
            )
        case errors.NoUpscaler():
            return "No worker that can upscale pictures is running right now. Please try again later."
        case errors.TooLarge(why=why):
            return why
        case errors.NoSuchPicture(number=number):
            return f"There is no picture {number} in this message to upscale."
        case errors.NotYet():
            return "The picture is not here yet. It can be upscaled when it is done."
        case errors.SourceGone():
            return "That picture is gone: its message was deleted."
        case errors.PictureUnread():
            return "Discord did not hand out the picture that says how it was made. Please try again in a moment."
        case errors.UnknownControl(newer=True):
            return (
                "This belongs to a newer Easel than the one that runs here. Please try again in a few minutes; "
                "if that does not help, please ask whoever runs Easel here to update it."
            )
        case _:
            return (
                "This belongs to another version of Easel and does nothing here. Please ask for new pictures with "
                "`/imagine`."
            )


def reacted(text: str, link: str) -> str:
    """What a direct message says after a reaction, whose message is elsewhere."""
    return f"{text}\n-# About your reaction to {link}"


def over_cap(refused: Refused) -> str:
    """Which cap was reached, and when to try again."""
    if refused.why is AdmissionLimit.MODEL:
        return "No worker that draws with this model is running right now. Please try again later."
    most = f"at most {refused.limit} {'is' if refused.limit == 1 else 'are'} allowed"
    said = f"{_CAPS[refused.why]} {plural(refused.count, 'request')} waiting or running; {most}."
    if refused.retry_after is None:
        return f"{said} Please wait for one to finish."
    return f"{said} Please try again in about {duration(refused.retry_after)}."


def duration(seconds: float) -> str:
    """Roughly and in whole words, for a sentence; that of a job's message is exact and short, for its small line."""
    if seconds < 90:
        return plural(max(5, round(seconds / 5) * 5), "second")
    if seconds < 90 * 60:
        return plural(round(seconds / 60), "minute")
    return plural(round(seconds / 3600), "hour")


def _missing(names: tuple[str, ...], channel: int) -> str:
    quoted = " and ".join(f"**{name}**" for name in names)
    noun = "permission" if len(names) == 1 else "permissions"
    return (
        f"Easel can't post pictures in <#{channel}>: it lacks the {noun} {quoted}. "
        "Someone who can manage this channel can allow it: channel settings → Permissions → Easel's role."
    )


def _listed(titles: tuple[str, ...]) -> str:
    """The first titles and how many more there are: a message holds 2,000 characters, a catalogue any number."""
    shown = ", ".join(f"**{safe(title, 60)}**" for title in titles[:_TITLES_SHOWN])
    more = len(titles) - _TITLES_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def _spoken(option: str) -> str:
    return option.replace("_", " ")
