"""`/imagine`: words in, a job in line out."""

import asyncio

import discord
from discord import app_commands
from discord.app_commands import Choice, Range
from discord.ext import commands

from bot.intake.admission import Intake
from bot.intake.origin import of_interaction
from bot.policy.limits import Policy
from worker.contract.discord_limits import CHOICE_NAME_MAX, CHOICES_MAX
from worker.contract.message.languages import N_
from worker.contract.message.ratio import RATIOS
from worker.contract.message.sampler_titles import sampler_title
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.request import GUIDANCE_MAX, PROMPT_MAX, SEED_MAX, STEPS_MAX, WEIGHT_MAX

from . import choices, followed, loras
from .ask import ask
from .picture import GUIDE, IMAGE, STYLE
from .resolve import STRENGTH_MIN

LORA_MAX, LINK_TYPED = 200, 500  # characters


class Imagine(commands.Cog):
    """The command that everything else is about."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    @app_commands.command(description=N_("Draw pictures from words"))
    @app_commands.describe(
        prompt=N_("What to draw"),
        negative_prompt=N_("What to keep out of the picture"),
        model=N_("Which model draws it"),
        aspect_ratio=N_("Width to height; square by default, with a picture its own"),
        steps=N_("Denoising steps: more take longer"),
        guidance=N_("Guidance scale: how closely to follow the prompt"),
        scheduler=N_("The sampler; the model's own by default"),
        seed=N_("The same seed and settings give the same picture; random by default"),
        count=N_("How many pictures"),
        image=N_("A picture to begin with"),
        strength=N_("How much of that picture is drawn anew: 0.6 by default, 1 is all of it"),
        lora=N_("LoRAs of the model, with a weight if you like: pixel:0.8, ink"),
        image_link=N_("Instead of `image`: the link of one of Easel's messages, with #2 for its second picture"),
        guide=N_("A picture to follow: its edges, lines or colours say where things are"),
        guide_by=N_("What of that picture is followed, such as canny; what the model has"),
        guide_weight=N_("How closely that picture is followed: 1 by default, 0 is not at all, 2 the most"),
        style=N_("A picture whose look is taken over"),
        style_weight=N_("How closely that look is taken over: 1 by default, 0 is not at all, 2 the most"),
    )
    @app_commands.choices(aspect_ratio=[Choice(name=ratio, value=ratio) for ratio in RATIOS])
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def imagine(  # noqa: PLR0913, PLR0917 - one parameter an option is how discord.py declares them
        self,
        interaction: discord.Interaction,
        prompt: Range[str, 1, PROMPT_MAX],
        negative_prompt: Range[str, 0, PROMPT_MAX] = "",
        model: str = "",
        aspect_ratio: str = "",
        steps: Range[int, 1, STEPS_MAX] | None = None,
        guidance: Range[float, 0.0, GUIDANCE_MAX] | None = None,
        scheduler: str | None = None,
        seed: Range[int, 0, SEED_MAX] | None = None,
        count: Range[int, 1, 4] | None = None,
        image: discord.Attachment | None = None,
        strength: Range[float, STRENGTH_MIN, 1.0] | None = None,
        lora: Range[str, 0, LORA_MAX] = "",
        image_link: Range[str, 0, LINK_TYPED] = "",
        guide: discord.Attachment | None = None,
        guide_by: Range[str, 0, CHOICE_NAME_MAX] = "",
        guide_weight: Range[float, 0.0, WEIGHT_MAX] | None = None,
        style: discord.Attachment | None = None,
        style_weight: Range[float, 0.0, WEIGHT_MAX] | None = None,
    ) -> None:
        given = {
            "prompt": prompt, "negative_prompt": negative_prompt, "model": model, "aspect_ratio": aspect_ratio,
            "steps": steps, "guidance": guidance, "scheduler": scheduler, "seed": seed, "count": count,
            "strength": strength, "lora": lora, IMAGE: image_link, "guide_by": guide_by, "guide_weight": guide_weight,
            "style_weight": style_weight,
        }  # fmt: skip
        attached = {IMAGE: image, GUIDE: guide, STYLE: style}
        typed = {option: str(value) for option, value in given.items() if value not in {None, ""}}
        await ask(self._intake, interaction, typed, {option: file for option, file in attached.items() if file})

    @imagine.autocomplete("model")
    async def _models(self, interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        found, policy = await self._offered(interaction, typed)
        return [Choice(name=each.title, value=each.id) for each in choices.models(found, policy)[:CHOICES_MAX]]

    @imagine.autocomplete("scheduler")
    async def _samplers(self, interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        live, policy = await self._offered(interaction, "")
        model = choices.drawn_with(str(interaction.namespace.model or ""), live, policy)
        titles = {each: sampler_title(each, self._intake.language) for each in choices.samplers(model, policy)}
        wanted = typed.strip().casefold()
        found = [(name, each) for each, name in titles.items() if wanted in f"{name} {each}".casefold()]
        return [Choice(name=name, value=each.value) for name, each in found[:CHOICES_MAX]]

    @imagine.autocomplete("lora")
    async def _loras(self, interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        """Of the model that was typed, else of all that may be used: LoRAs follow their models."""
        return loras.suggest(typed, await self._meant(interaction))

    @imagine.autocomplete("guide_by")
    async def _guides(self, interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        """Likewise."""
        return followed.suggest(typed, await self._meant(interaction))

    async def _meant(self, interaction: discord.Interaction) -> list[ModelInfo]:
        """The model that was typed, else all that may be used."""
        live, policy = await self._offered(interaction, "")
        named = str(interaction.namespace.model or "")
        model = choices.drawn_with(named, live, policy) if named else None
        return [model] if model else choices.models(live, policy)

    async def _offered(self, interaction: discord.Interaction, typed: str) -> tuple[list[ModelInfo], Policy | None]:
        """Live models with this in their names, and what holds where this is typed, as far as both are known soon."""
        intake = self._intake
        return await asyncio.gather(
            intake.live_models.suggest(typed, intake.defer_after),
            intake.policies.soon(of_interaction(interaction), intake.defer_after),
        )
