"""`/quota`: what somebody can ask for where they are, what is left of it, and who has set each limit."""

from collections.abc import Iterator

import discord
from discord import app_commands
from discord.ext import commands

from bot import texts
from bot.discord_io.responder import Responder, answer
from bot.errors import Refusal
from bot.intake.admission import Intake
from bot.intake.origin import of_interaction
from bot.layers import OPERATOR, Layer
from bot.policy.limits import Policy
from bot.texts import quota as said
from worker.contract.discord_limits import CONTENT_MAX
from worker.contract.message.languages import N_, Language
from worker.contract.store.quota import Quota, quota
from worker.contract.types.server_settings import UsedUp

from .server import values
from .server.keys import row_of
from .server.values import Known

_REQUEST = ("pictures", "steps", "megapixels", "upscale_megapixels", "guidance_scale", "models", "samplers")


class QuotaCommand(commands.Cog):
    """One private answer, made of the policy that admission goes by."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake

    @app_commands.command(description=N_("What you can ask for here, what is left of it, and why"))
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def quota(self, interaction: discord.Interaction) -> None:
        async def work(to: Responder) -> None:
            origin = of_interaction(interaction)
            policy = await self._intake.policies.of(origin)
            taken = await quota(self._intake.jobs.redis, origin.server, origin.person)
            models = {each.id: each.title for each in await self._intake.live_models.models()}
            alone = origin.destination.server is None
            said_of_all = page(policy, taken, Known(to.language, models), alone=alone)
            long = len(said_of_all) > CONTENT_MAX  # many roles, models and a pause; an embed holds twice as much
            await to.whisper("" if long else said_of_all, {"description": said_of_all} if long else None)

        responder = self._intake.responder(interaction, hidden=True)
        await answer(responder, work, defer_after=self._intake.defer_after)


def page(policy: Policy, taken: Quota, known: Known, *, alone: bool = False) -> str:
    """All of it; `alone` in direct messages, where nobody else takes anything."""
    language = known.language
    lines = [said.heading(language)]
    if policy.shut is not None:
        lines.append(f"> {_shut(policy.shut, language)}")
    lines += [*_counted(policy, taken, known), *(() if alone else _together(policy, taken, known))]
    lines += _each_request(policy, known)
    if policy.used_up is UsedUp.LAST:
        lines.append(said.then_last(language))
    if _by_operator(policy):
        lines.append(said.else_operator(language))
    return "\n".join(lines)


def _by_operator(policy: Policy) -> bool:
    """Whether any of the limits is of whoever runs Easel; they set most, so that is said once."""
    layers = [value.layer for value in (*policy.each.values(), *policy.together.values())]
    return OPERATOR in layers or bool(policy.everywhere or policy.per_minute)


def _who(layer: Layer, language: Language) -> str:
    return "" if layer == OPERATOR else said.layer(layer, language)


def _shut(refusal: Refusal, language: Language) -> str:
    return texts.refusal(refusal, language).partition("\n")[0]


def _counted(policy: Policy, taken: Quota, known: Known) -> Iterator[str]:
    """What one person has taken of."""
    language = known.language
    for name, value in policy.each.items():
        key, most = f"each.{name}", value.value
        label = language.gettext(row_of(key).label)
        who = _who(value.layer, language)
        match name:
            case "at_once":
                left = said.left(_left(key, most, taken.at_once, known), language)
            case "day_pictures":
                left = said.left_today(_left(key, most, taken.pictures, known), most, taken.until, language)
            case "day_gpu_seconds":
                left = said.left_today(_left(key, most, taken.ms // 1000, known), most, taken.until, language)
            case "per_minute":
                left = said.left(language.number(Quota.starts_left(taken.filled_member, most)), language)
            case _:
                continue
        yield said.limit(label, values.show(key, most, known), left, who, language)
    by_operator = _who(OPERATOR, language)
    if policy.everywhere:
        left = said.left(language.number(max(0, policy.everywhere - taken.everywhere)), language)
        yield said.limit(said.everywhere(language), language.number(policy.everywhere), left, by_operator, language)
    if policy.per_minute:
        left = said.left(language.number(Quota.starts_left(taken.filled_person, policy.per_minute)), language)
        label = said.everywhere_per_minute(language)
        yield said.limit(label, language.number(policy.per_minute), left, by_operator, language)


def _together(policy: Policy, taken: Quota, known: Known) -> Iterator[str]:
    """What all people of the server have taken of."""
    language = known.language
    of_day = {"day_pictures": taken.server_pictures, "day_gpu_seconds": taken.server_ms // 1000}
    for name, value in policy.together.items():
        key, most = f"together.{name}", value.value
        if name == "at_once":
            left = said.left(_left(key, most, taken.server_at_once, known), language)
        elif name in of_day:
            left = said.left_today(_left(key, most, of_day[name], known), most, taken.until, language)
        else:
            left = said.left(language.number(Quota.starts_left(taken.filled_server, most)), language)
        label = said.together(language.gettext(row_of(key).label), language)
        yield said.limit(label, values.show(key, most, known), left, _who(value.layer, language), language)


def _each_request(policy: Policy, known: Known) -> Iterator[str]:
    """What one request may hold."""
    for name in _REQUEST:
        value = policy.each.get(name)
        if value is None:
            continue
        key = f"each.{name}"
        label, who = known.language.gettext(row_of(key).label), _who(value.layer, known.language)
        yield said.limit(label, values.show(key, value.value, known), "", who, known.language)


def _left(key: str, most: float, taken: float, known: Known) -> str:
    return values.show(key, max(0, most - taken), known)
