"""What `/imagine` asks for, by the command itself or by the form that follows a refusal."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import discord

from bot import texts
from bot.discord_io.interactions import Body
from bot.discord_io.responder import Responder, answer
from bot.errors import AlreadyAsked, Refusal
from bot.flags.command import OF_PICTURE
from bot.flags.write import line
from bot.intake.admission import Intake
from bot.intake.fewer import accept_fewer
from bot.intake.origin import of_asking
from bot.policy import permissions
from worker.contract.message.languages import Language

from . import form, picture, repeat
from .flagged import Expanded, expanded
from .linked import linked
from .picture import PictureFile
from .prompt_text import names_in
from .resolve import check_words, fitting, resolve
from .server import hint

COMMAND = "imagine"


async def ask(
    intake: Intake, interaction: discord.Interaction, typed: form.Typed, files: Mapping[str, PictureFile] | None = None
) -> None:
    """Take a request in and answer; what was refused comes back to be changed.

    `files` are pictures that came just now, by their options; those that came before stand among what was typed.
    """
    of_form = interaction.type is not discord.InteractionType.application_command
    told = expanded(typed, form=of_form)
    given = told.options
    files = files or {}
    if of_form:
        _leave_out_alone(given, files)
    else:
        links = {option: given[option] for option in files if given.get(option)}
        told = replace(told, unheard={**told.unheard, **links})

    async def take(responder: Responder) -> None:
        given.update({option: picture.shown(file, option) for option, file in files.items()})
        try:
            await _take(intake, interaction, told, responder)
        except Refusal as refused:
            refused.by_flags = told.flags
            raise

    await answer(
        intake.responder(interaction),
        take,
        defer_after=intake.defer_after,
        besides=lambda error: _besides(given, error, intake.language),
    )


def _besides(given: form.Typed, error: Exception, language: Language) -> tuple[Body | None, Sequence[Body]]:
    """A way to change it; nothing where it is in line already."""
    return (None, ()) if isinstance(error, AlreadyAsked) else form.give_back(given, error, language)


def _leave_out_alone(given: dict[str, str], files: Mapping[str, PictureFile]) -> None:
    """What says something of a picture is of no use without one: a form holds it, for there was one before."""
    for option, of_it in OF_PICTURE.items():
        if option not in files and not given.get(option):
            for each in of_it:
                given.pop(each, None)


async def _take(intake: Intake, interaction: discord.Interaction, told: Expanded, responder: Responder) -> None:
    typed, bad = told.options, told.bad
    permissions.check_interaction(interaction)
    asker = permissions.asker(interaction)
    if asker is not None and interaction.type is not discord.InteractionType.application_command:
        await intake.command_rules.check(COMMAND, asker)  # of a command, Discord has asked it itself
    if bad is not None:
        raise bad
    found = await linked(intake, interaction, typed)
    asked, model = form.asked_for(typed, intake.language, found), typed.get("model", "")
    check_words(asked)
    names = await names_in(f"{asked.prompt} {asked.negative_prompt}", interaction)
    live_models = intake.live_models
    origin = of_asking(interaction)
    policy = await intake.policies.of(origin)
    policy.check_open()
    repeat.check(asked.repeat, origin)
    info = await (live_models.need(model, policy.allows) if model else live_models.default(policy))
    info = fitting(asked, info, await live_models.models(), policy, chosen=bool(model))
    request = resolve(asked.with_names(names), info, policy)
    places = asked.places
    accept = intake.accept if asked.count is not None else partial(accept_fewer, intake)
    job = await accept(origin, request, COMMAND, policy, places)
    request = job.request
    await intake.present(responder, job)
    if told.unheard:
        await responder.whisper(texts.unheard(line(told.unheard), responder.language))
    await repeat.more(intake, origin, request, asked.repeat, responder, places)
    await hint.tell_once(intake, interaction, responder)
