"""What the menu of a message offers under Apps: Edit, Recipe, Upscale and Vary, for results of any age.

Discord hands the message over with the choice, so they work where the bot itself cannot look; Edit and Recipe of a
picture that somebody posted anew as well.
"""

from collections.abc import Awaitable, Callable, Sequence

import discord
from discord import app_commands

from bot import texts
from bot.discord_io.responder import FORM_LATEST, Responder, answer
from bot.errors import NoRecipe
from bot.intake.admission import Intake
from bot.result_errors import NotAResult
from bot.verbs.action import Action, Aside
from bot.verbs.handlers import perform
from bot.verbs.press import brought, chosen
from worker.contract.discord_limits import BUTTONS_PER_ROW
from worker.contract.message.custom_ids import CustomId
from worker.contract.message.job_message import picture_index
from worker.contract.message.languages import Language
from worker.contract.message.layout import button
from worker.contract.message.verbs import VERBS, Verb

from .change import prefill

Use = Callable[[Action], Awaitable[None]]
EDIT, RECIPE, UPSCALE, VARY = "Edit", "Recipe", "Upscale", "Vary"  # as people choose them, in every language


class Menus:
    """The four, bound to the intake."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    def add_to(self, tree: "app_commands.CommandTree[discord.Client]") -> None:
        """Register them beside the slash commands."""
        menus = ((EDIT, self._edit), (RECIPE, self._recipe), (UPSCALE, self._upscale), (VARY, self._vary))
        for name, callback in menus:
            menu = app_commands.ContextMenu(name=name, callback=callback)
            menu.allowed_installs = app_commands.AppInstallationType(guild=True, user=False)
            menu.allowed_contexts = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False)
            tree.add_command(menu)

    async def _edit(self, interaction: discord.Interaction, message: discord.Message) -> None:
        async def work(to: Responder) -> None:
            async def use(action: Action) -> None:
                await prefill(self._intake, interaction, action, to)

            await self._of_anybodys(interaction, message, Verb.EDIT, use)

        responder = self._intake.responder(interaction, hidden=True)
        await answer(responder, work, defer_after=FORM_LATEST)

    async def _recipe(self, interaction: discord.Interaction, message: discord.Message) -> None:
        async def work(to: Responder) -> None:
            async def use(action: Action) -> None:
                made = await perform(self._intake, action, Verb.MORE)
                if isinstance(made, Aside):
                    await to.tell(dict(made.message), made.files)

            await self._of_anybodys(interaction, message, Verb.MORE, use)

        await self._privately(interaction, work)

    async def _of_anybodys(
        self, interaction: discord.Interaction, message: discord.Message, verb: Verb, use: Use
    ) -> None:
        """Use a result of Easel's, or a picture of its that somebody posted anew. Raises NotAResult for all else."""
        try:
            action = await chosen(self._intake, interaction, message, verb)
        except NotAResult:
            try:
                await use(brought(interaction, message, verb))
            except NoRecipe:
                raise NotAResult from None
        else:
            await use(action)

    async def _upscale(self, interaction: discord.Interaction, message: discord.Message) -> None:
        await self._which(interaction, message, texts.which_picture, Verb.UPSCALE)

    async def _vary(self, interaction: discord.Interaction, message: discord.Message) -> None:
        await self._which(interaction, message, texts.which_to_vary, Verb.VARY_LITTLE, Verb.VARY_LOT)

    async def _which(
        self, interaction: discord.Interaction, message: discord.Message, ask: Callable[[Language], str], *verbs: Verb
    ) -> None:
        async def work(to: Responder) -> None:
            action = await chosen(self._intake, interaction, message, verbs[0])
            await to.tell({"content": ask(to.language), "components": self._pictures(action, message, verbs)})

        await self._privately(interaction, work)

    def _pictures(self, action: Action, message: discord.Message, verbs: Sequence[Verb]) -> list[dict[str, object]]:
        """A row for each of these verbs with a button for each picture. Raises NoRecipe where there is none."""
        found = [index for each in message.attachments if (index := picture_index(each.filename)) is not None]
        if not found:
            raise NoRecipe
        rows = []
        for verb in verbs:
            buttons = [
                self._button(CustomId(verb, action.job, index, message.id, asks=True), len(found)) for index in found
            ]
            starts = range(0, len(buttons), BUTTONS_PER_ROW)
            rows += [{"type": 1, "components": buttons[start : start + BUTTONS_PER_ROW]} for start in starts]
        return rows

    def _button(self, control: CustomId, pictures: int) -> dict[str, object]:
        """Numbered where there are several; a sign tells two verbs apart."""
        language, row = self._intake.language, VERBS[control.verb]
        short = row.numbered_label or f"{control.index + 1}"
        label = language.gettext(short, number=control.index + 1) if pictures > 1 else ""
        return button(control, language, label)

    async def _privately(self, interaction: discord.Interaction, work: Callable[[Responder], Awaitable[None]]) -> None:
        responder = self._intake.responder(interaction, hidden=True)
        await answer(responder, work, defer_after=self._intake.defer_after)
