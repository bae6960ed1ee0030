"""What `/imagine` asks for, by the command itself or by the form that follows a refusal."""

import discord

from bot.discord_io.responder import Responder, answer
from bot.intake.admission import Intake
from bot.intake.origin import of_interaction
from bot.policy import permissions

from . import form, repeat
from .flagged import told
from .prompt_text import names_in
from .resolve import check_words, resolve
from .server import hint

COMMAND = "imagine"


async def ask(intake: Intake, interaction: discord.Interaction, typed: form.Typed) -> None:
    """Take a request in and answer; what was refused comes back to be changed."""
    await answer(
        intake.responder(interaction),
        lambda responder: _take(intake, interaction, typed, responder),
        defer_after=intake.defer_after,
        besides=lambda error: form.give_back(typed, error, intake.language),
    )


async def _take(intake: Intake, interaction: discord.Interaction, typed: form.Typed, responder: Responder) -> None:
    permissions.check_interaction(interaction)
    asker = permissions.asker(interaction)
    of_form = interaction.type is not discord.InteractionType.application_command
    if asker is not None and of_form:
        await intake.command_rules.check(COMMAND, asker)  # of a command, Discord has asked it itself
    typed = told(typed, form=of_form)
    asked, model = form.asked_for(typed, intake.language), typed.get("model", "")
    check_words(asked)
    names = await names_in(f"{asked.prompt} {asked.negative_prompt}", interaction)
    live_models = intake.live_models
    origin = of_interaction(interaction)
    policy = await intake.policies.of(origin)
    policy.check_open()
    repeat.check(asked.repeat, origin)
    info = await (live_models.need(model, policy.allows) if model else live_models.default(policy))
    request = resolve(asked.with_names(names), info, policy)
    await intake.present(responder, await intake.accept(origin, request, COMMAND, policy))
    await repeat.more(intake, origin, request, asked.repeat, responder)
    await hint.tell_once(intake, interaction, responder)
