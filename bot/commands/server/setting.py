"""One setting by its name, as subcommands set it: which there are, what is typed for it, what is answered."""

from collections.abc import Mapping

import discord
from discord.app_commands import Choice

from bot.discord_io.responder import Responder
from bot.setting_errors import ChangedMeanwhile, LastModel, UnknownSetting, WrongValue
from worker.contract.discord_limits import CHOICE_NAME_MAX, CHOICES_MAX
from worker.contract.message.custom_ids import ServerId, ServerStep
from worker.contract.message.languages import Language
from worker.contract.types.server_changes import value_at

from . import answers, effects, forms, values
from .desk import Desk
from .keys import title, typed_keys
from .table import LIMITS, SINGLE, USUAL
from .values import Known


def names(subject: str, language: Language) -> dict[str, str]:
    """What can be set for a role (`r`), a channel (`c`) or the whole server (""), by the key without whose it is."""
    if subject[:1] == "r":
        return {name: language.gettext(row.label) for name, row in LIMITS.items()}
    if subject[:1] == "c":
        found = {f"limits.{name}": language.gettext(row.label) for name, row in LIMITS.items()}
        found |= {f"usual.{name}": language.gettext(row.label) for name, row in USUAL.items()}
        return found | {"results_to": language.gettext(SINGLE["results_to"].label)}
    return {key: title(key, language) for key in typed_keys()}


def suggest(subject: str, typed: str, language: Language) -> list[Choice[str]]:
    """Names that begin with what was typed, then those that have it in them."""
    wanted = typed.casefold().strip()
    found = [(label, key) for key, label in names(subject, language).items() if wanted in f"{label} {key}".casefold()]
    found.sort(key=lambda each: not each[0].casefold().startswith(wanted))
    return [Choice(name=label[:CHOICE_NAME_MAX], value=key) for label, key in found[:CHOICES_MAX]]


def key_of(subject: str, name: str, language: Language) -> str:
    """The whole key of what was picked or typed as a name. Raises UnknownSetting."""
    wanted = name.casefold().strip()
    found = next((key for key, label in names(subject, language).items() if wanted in {key, label.casefold()}), None)
    if found is None:
        raise UnknownSetting(name)
    before = {"r": "roles.", "c": "channels."}.get(subject[:1], "")
    return f"{before}{subject[1:]}.{found}" if before else found


def form_of(key: str, subject: str) -> ServerId | None:
    """The button that opens the form with this setting; None where no form has it."""
    about = next((name for name in forms.FORMS if key in forms.keys(name, subject)), None)
    return ServerId(ServerStep.FORM, about, subject) if about else None


class Setter:
    """Sets one value in a server, and answers."""

    def __init__(self, desk: Desk, guild: discord.Guild, by: discord.abc.User, to: Responder) -> None:
        self._desk = desk
        self._guild = guild
        self._by = by
        self._to = to

    async def set(self, subject: str, name: str, text: str) -> None:
        """Set what was typed; "" takes it away. Raises UnknownSetting or RedisError."""
        key = key_of(subject, name, self._desk.intake.language)
        known = await self._desk.known(self._guild.id, self._guild)
        try:
            wanted = values.read(key, [text], known)
        except WrongValue as error:
            await self._to.tell(answers.wrong([error], {key: [text]}, form_of(key, subject), known))
        else:
            await self.put({key: wanted}, known)

    async def put(self, wanted: Mapping[str, object], known: Known, version: int | None = None) -> None:
        """Set values that are right as they are; `version` of the settings that they were made of, if they were."""
        if version is None:
            version = (await self._desk.store.read(self._guild.id)).version
        try:
            made = await self._desk.save(self._guild.id, self._by, version, wanted, wanted)
        except ChangedMeanwhile as error:
            await self._to.tell(answers.meanwhile(error, {}, None, known))
        else:
            await self._to.tell(answers.changed(made, known, await effects.after(self._desk, self._guild, made, known)))

    async def clear(self, subject: str) -> None:
        """Take away all that a role or channel has of its own."""
        held, known = await self._desk.store.read(self._guild.id), await self._desk.known(self._guild.id)
        key = f"{'roles' if subject[:1] == 'r' else 'channels'}.{subject[1:]}"
        made = await self._desk.clear(self._guild.id, self._by, held.version, key)
        await self._to.tell(answers.changed(made, known, await effects.after(self._desk, self._guild, made, known)))

    async def model(self, model: str, *, allow: bool) -> None:
        """Let a model be used, or no more. Raises LastModel where none would be left."""
        known = await self._desk.known(self._guild.id)
        held = await self._desk.store.read(self._guild.id)
        now = value_at(held.settings, "each.models")
        try:
            chosen = values.model_named(model, now or (), known)
        except WrongValue as error:
            again = ServerId(ServerStep.FORM, "models")
            await self._to.tell(answers.wrong([error], {"each.models": [model]}, again, known))
            return
        if allow:
            wanted = None if now is None else [*now, *([chosen] if chosen not in now else [])]
        else:
            wanted = [each for each in (known.models if now is None else now) if each != chosen]
            if not wanted:
                raise LastModel
        await self.put({"each.models": wanted}, known, held.version)
