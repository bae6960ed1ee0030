"""What the bot says of itself, and when something is in trouble."""

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from worker.contract.discord_limits import EMBED_DESCRIPTION_MAX
from worker.contract.message.languages import N_, Language
from worker.contract.message.verbs import VERBS, Allowed, Verb, VerbRow
from worker.contract.redis_check.errors import refusal
from worker.contract.redis_check.outage import not_serving
from worker.contract.redis_check.unreached import NoConnectionError

# Small models, too, know all of it, and draw four that differ, as it names no style; in English, as they know no other.
EXAMPLE = "a cat in a hammock"
EXAMPLE_FLAGS = "`--seed 7 --count 2 --draft`"  # any model takes them, also one of squares and few words
# Of `/imagine`, in its order; what else takes pictures is told by the lesson, for a message holds no more.
_OPTIONS = (
    "negative_prompt · model · aspect_ratio · steps · guidance · scheduler · seed · count · image · strength · lora"
)
_COMMAND = re.compile(r"`/(([a-z]+)(?: [a-z]+)?)`")
_WHO = {
    Allowed.ANYONE: "",  # said above the list
    # Translators: who may press a button, after a sentence that says what it does.
    Allowed.OWNER: N_("Only its owner and moderators can."),
    Allowed.ALONE: N_("Only its owner can."),
}


def help_page(language: Language, ids: Mapping[str, int] = MappingProxyType({}), *, manages: bool = False) -> str:
    """The whole of `/help`, for `in_pages`. Commands whose ids are known can be clicked; the others are to be typed.

    `manages`: for whoever may manage the server.
    """
    page = "\n".join(
        [
            language.gettext("**Easel draws pictures from words.**"),
            # Translators: `/imagine` becomes a link, so it stands alone; {example} is an English prompt.
            language.gettext(
                "`/imagine` with `prompt: {example}` is enough; every other option has a good default.", example=EXAMPLE
            ),
            f"-# {_OPTIONS}",
            # Translators: {flags} are options as people type them inside a prompt.
            language.gettext("Inside the prompt, flags do the same: {flags}.", flags=EXAMPLE_FLAGS),
            "",
            # Translators: above a list of buttons with what they do.
            language.gettext("**Under each answer**, by button or by reaction; anyone can, unless it says otherwise:"),
            *_verbs(language),
            language.gettext(
                "The same prompt, model, size, steps, guidance, scheduler and seed give the same picture."
            ),
            language.gettext("`/help about:prompt` teaches how to write a prompt, with examples to press."),
            language.gettext("`/models` shows what there is to draw with, and what each model knows."),
            language.gettext("`/queue` shows what you have waiting, `/quota` what you can ask for and what is left."),
            *([language.gettext("`/server settings` sets what people of this server may ask for.")] if manages else []),
        ]
    )
    return _COMMAND.sub(lambda typed: f"</{typed[1]}:{ids[typed[2]]}>" if typed[2] in ids else typed[0], page)


def in_pages(text: str) -> list[str]:
    """Its lines in embeds, each for a message of its own: one, unless a language says it at twice the length."""
    pages: list[str] = []
    for line in text.splitlines():
        joined = f"{pages[-1]}\n{line}" if pages else line
        if pages and len(joined) <= EMBED_DESCRIPTION_MAX:
            pages[-1] = joined
        else:
            pages.append(line[:EMBED_DESCRIPTION_MAX])
    return pages


_NUMBERED = 4  # pictures of a usual result
_BEYOND = (Verb.ZOOM_SOME, Verb.ZOOM_TWICE, Verb.WIDEN, Verb.HEIGHTEN)  # in one line: they do the same


def _verbs(language: Language) -> Iterator[str]:
    """A line for each verb, in the order of their buttons."""
    for verb, row in VERBS.items():
        if verb not in _BEYOND:
            yield _verb(row, language)
        elif verb is _BEYOND[0]:
            rows = [VERBS[each] for each in _BEYOND]
            labels = ", ".join(f"**{language.gettext(each.label)}**" for each in rows)
            emoji = " ".join(each.emoji or "" for each in rows)
            yield f"- {labels}, {emoji}: {language.gettext(row.help)}"


def _verb(row: VerbRow, language: Language) -> str:
    """A verb, the buttons and reactions that do it, what it does, and who may."""
    pictures = range(1, _NUMBERED + 1) if row.per_picture else ()
    numbered = [language.gettext(row.numbered_label, number=number) for number in pictures]
    label = language.gettext(row.label)
    ways = [f"**{label}**", *_span(numbered, language), *_span(row.reactions, language)]
    who = language.gettext(_WHO[row.allowed]) if _WHO[row.allowed] else ""
    return f"- {', '.join(ways)}: {language.gettext(row.help)} {who}".rstrip()


def _span(names: Sequence[str], language: Language) -> list[str]:
    """The first and the last of several in one piece."""
    if len(names) < 2:
        return list(names)
    # Translators: several buttons in a row, such as "U1 to U4".
    return [language.gettext("{first} to {last}", first=names[0], last=names[-1])]


def unknown(reference: str, language: Language) -> str:
    """For an error that nobody foresaw; `reference` finds it in the log."""
    return language.gettext(
        "Something went wrong on Easel's side, and it has been noted. Please try again. "
        "If it keeps happening, tell whoever runs Easel here this reference: `{reference}`",
        reference=reference,
    )


def queue_trouble(error: RedisError, language: Language) -> str | None:
    """For Redis not serving; None when it is an error of ours."""
    if refusal(error):
        return queue_refuses(language)
    if isinstance(error, RedisTimeoutError):
        return queue_slow(language)
    if isinstance(error, NoConnectionError):
        return queue_unreached(language)
    return queue_away(language) if isinstance(error, RedisConnectionError) or not_serving(error) else None


def queue_refuses(language: Language) -> str:
    """For a Redis that will not do what is asked until it, or its address here, is set up rightly."""
    return language.gettext(
        "Easel can't use its queue the way it is set up, and trying again won't help. "
        "Please tell whoever runs Easel here: the log says what to put right."
    )


def queue_unreached(language: Language) -> str:
    """For a Redis that is not there, and was not when this was asked."""
    return language.gettext(
        "Easel's queue can't be reached right now, so nothing was done. Please try again in a minute."
    )


def queue_away(language: Language) -> str:
    """For a Redis that went meanwhile, or takes nothing.

    Whether it did what was asked before it went is shown once it is back.
    """
    return language.gettext(
        "Easel's queue is away for a moment. If nothing happens here within a minute, please try again."
    )


def queue_slow(language: Language) -> str:
    """For a Redis that does not answer."""
    return language.gettext(
        "Easel's queue does not answer right now. What you asked for may still happen in a moment; "
        "if it does not, please try again in a minute."
    )


def discord_away(language: Language) -> str:
    """For Discord's own trouble."""
    return language.gettext("Discord itself had trouble just then. If nothing happens in a moment, please try again.")


def command_changed(language: Language) -> str:
    """For a command that is not as Discord's client knows it."""
    return language.gettext(
        "This command has changed since your Discord loaded it. Please restart Discord (Ctrl+R or ⌘R) and try again."
    )


def upscale_again(language: Language) -> str:
    """On the button below the news that a picture was made larger before."""
    return language.gettext("Upscale again")


def try_again(language: Language) -> str:
    """On the button below a refusal that may be none in a while."""
    return language.gettext("Try again")


def draw_without(language: Language) -> str:
    """On the button below the news that the picture is gone that something was drawn from."""
    return language.gettext("Draw without it")


def deleted(language: Language) -> str:
    """In place of the question, once the answer was yes."""
    return language.gettext("Deleted.")


def forgotten(language: Language) -> str:
    """For a job that nobody knows any more."""
    return language.gettext("Easel no longer knows this request, so nothing is being drawn. Please ask again.")


def reacted(text: str, link: str, language: Language) -> str:
    """What a direct message says after a reaction, whose message is elsewhere."""
    about = language.gettext("About your reaction to {link}", link=link)
    return f"{text}\n-# {about}"
