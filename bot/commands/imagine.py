"""`/imagine`: words in, a job in line out."""

import discord
from discord import app_commands
from discord.app_commands import Choice, Range
from discord.ext import commands

from bot.flags.table import RATIOS
from bot.intake.admission import Intake
from bot.intake.origin import of_interaction
from worker.contract.discord_limits import CHOICES_MAX
from worker.contract.message.languages import N_
from worker.contract.message.sampler_titles import SAMPLER_TITLES
from worker.contract.types.request import GUIDANCE_MAX, PROMPT_MAX, SEED_MAX, STEPS_MAX

from .ask import ask


class Imagine(commands.Cog):
    """The command that everything else is about."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    @app_commands.command(description=N_("Draw pictures from words"))
    @app_commands.describe(
        prompt=N_("What to draw"),
        negative_prompt=N_("What to keep out of the picture"),
        model=N_("Which model draws it"),
        aspect_ratio=N_("Width to height; square by default"),
        steps=N_("Denoising steps: more take longer"),
        guidance=N_("Guidance scale: how closely to follow the prompt"),
        scheduler=N_("The sampler; the model's own by default"),
        seed=N_("The same seed and settings give the same picture; random by default"),
        count=N_("How many pictures"),
    )
    @app_commands.choices(
        aspect_ratio=[Choice(name=ratio, value=ratio) for ratio in RATIOS],
        scheduler=[Choice(name=name, value=value.value) for value, name in SAMPLER_TITLES.items()],
    )
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def imagine(  # noqa: PLR0913, PLR0917 - one parameter an option is how discord.py declares them
        self,
        interaction: discord.Interaction,
        prompt: Range[str, 1, PROMPT_MAX],
        negative_prompt: Range[str, 0, PROMPT_MAX] = "",
        model: str = "",
        aspect_ratio: str = "1:1",
        steps: Range[int, 1, STEPS_MAX] | None = None,
        guidance: Range[float, 0.0, GUIDANCE_MAX] | None = None,
        scheduler: str | None = None,
        seed: Range[int, 0, SEED_MAX] | None = None,
        count: Range[int, 1, 4] | None = None,
    ) -> None:
        given = {
            "prompt": prompt, "negative_prompt": negative_prompt, "model": model, "aspect_ratio": aspect_ratio,
            "steps": steps, "guidance": guidance, "scheduler": scheduler, "seed": seed, "count": count,
        }  # fmt: skip
        typed = {option: str(value) for option, value in given.items() if value not in {None, "", "1:1"}}
        await ask(self._intake, interaction, typed)

    @imagine.autocomplete("model")
    async def _models(self, interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        intake = self._intake
        models = await intake.live_models.suggest(typed, intake.defer_after)
        allows = await intake.policies.models_for(of_interaction(interaction), intake.defer_after)
        return [Choice(name=each.title, value=each.id) for each in models if allows(each.id)][:CHOICES_MAX]
