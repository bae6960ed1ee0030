"""One press of an admin, or one form that came back: what is done, and what is shown then."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from typing import Any

import discord
from redis.exceptions import TimeoutError as RedisTimeoutError

from bot.discord_io.responder import Responder
from bot.errors import UnknownControl
from bot.setting_errors import ChangedMeanwhile, NotAPerson
from bot.texts.server import answers as said
from worker.contract.message.custom_ids import ServerId, ServerStep
from worker.contract.types.server_settings import Change, ServerSettings

from . import answers, effects, forms, pages, people, transfer, usage
from .desk import Desk
from .parts import V2, Part
from .values import Known

_HOMES = {"where": "where", "pause": "people"}  # the pages that forms are opened from; all others from the panel
PAGES = ("roles", "where", "people", "reset")


class Press:
    """What an admin did in a server, and the way to answer it."""

    def __init__(self, desk: Desk, interaction: discord.Interaction, guild: discord.Guild, to: Responder) -> None:
        self._desk = desk
        self._guild = guild
        self._to = to
        self._by = interaction.user
        self._message = interaction.message

    @property
    def _on_page(self) -> bool:
        """Whether it was done to the panel or a page of it, and not to an answer."""
        return self._message is not None and bool(self._message.flags.value & V2)

    async def form(self, pressed: ServerId) -> None:
        """Open a form. It is a first answer or none, so a Redis that is slow is told in words."""
        about, who = pressed.about, pressed.subject
        if not _is_form(about, who):
            raise UnknownControl(newer=True)
        if about == "block":
            people.check_block(who, self._by.id)
        try:
            async with asyncio.timeout(self._desk.intake.defer_after):
                known = await self._desk.known(self._guild.id, self._guild)
                held = await self._desk.read(self._guild.id)
        except TimeoutError:
            raise RedisTimeoutError from None
        if about in people.FORMS:
            typed = answers.typed_before(self._message, people.FORMS[about], known)
            shown = people.form(about, who, held.version, known, typed)
        else:
            typed = answers.typed_before(self._message, forms.keys(about, who), known)
            shown = forms.form(about, who, held.version, held.settings, known, typed)
        if not await self._to.show_form(shown):
            raise RedisTimeoutError

    async def save(self, pressed: ServerId, data: dict[str, Any]) -> None:
        """Set what a form holds; what cannot be comes back with all that was typed."""
        about, who = pressed.about, pressed.subject
        if not _is_form(about, who):
            raise UnknownControl(newer=True)
        known = await self._desk.known(self._guild.id, self._guild)
        if about in people.FORMS:
            await self._save_person(pressed, data, known)
            return
        typed, again = forms.returned(data), ServerId(ServerStep.FORM, about, who)
        wanted, wrong = forms.read(about, who, typed, known)
        if wrong:
            await self._reply(answers.wrong(wrong, typed, again, known))
            return
        try:
            made = await self._desk.save(self._guild.id, self._by, pressed.number, wanted, wanted)
        except ChangedMeanwhile as error:
            await self._reply(answers.meanwhile(error, typed, again, known))
        else:
            await self._done(made, who or _HOMES.get(about, ""))

    async def _save_person(self, pressed: ServerId, data: dict[str, Any], known: Known) -> None:
        about, who, typed = pressed.about, pressed.subject, forms.returned(data)
        again = ServerId(ServerStep.FORM, about, who)
        wanted, wrong = people.entry(about, who, typed, self._by.id)
        if wrong:
            await self._reply(answers.wrong(wrong, typed, again, known))
            return
        try:
            made = await self._desk.save(self._guild.id, self._by, pressed.number, wanted, wanted)
        except ChangedMeanwhile as error:
            await self._reply(answers.meanwhile(error, typed, again, known))
        else:
            await self._done(made, who)

    async def show(self, pressed: ServerId) -> None:
        """A page, in place of the one that was pressed; what brings a file is a message of its own."""
        match pressed.about:
            case "usage":
                await usage.tell(self._desk, self._guild, self._to)
            case "export":
                await transfer.export(self._desk, self._guild, self._to)
            case "changes":
                await self._to.show_in_place(await changes_page(self._desk, self._guild, pressed.number))
            case _:
                await self._to.show_in_place(await self._page(pressed.about))

    async def check_picked(self, data: dict[str, Any]) -> None:
        """Raise NotAPerson for a bot, unless it has something that can be taken from it. Raises RedisError."""
        people_picked = (data.get("resolved") or {}).get("users") or {}
        bots = {int(each) for each, user in people_picked.items() if user.get("bot")}
        if bots:
            settings = (await self._desk.store.read(self._guild.id)).settings
            if bots - settings.blocked.keys() - settings.grants.keys():
                raise NotAPerson

    async def subject(self, who: str) -> None:
        """The page of a role, a channel or a person."""
        await self._to.show_in_place(await self._page(who))

    async def undo(self, pressed: ServerId) -> None:
        """Take changes back; the answer has an Undo of its own, which brings them again."""
        known = await self._desk.known(self._guild.id)
        try:
            made = await self._desk.undo(self._guild.id, self._by, pressed.number, pressed.until)
        except ChangedMeanwhile as error:
            await self._reply(answers.meanwhile(error, {}, None, known))
        else:
            await self._to.show_in_place(await self._changed(made, known))

    async def reset(self, pressed: ServerId) -> None:
        """Take away everything that was set."""
        nothing = self._desk.change(self._guild.id, self._by, pressed.number, lambda _: ServerSettings(), None, "reset")
        await self._take_away(nothing, "", "reset")

    async def clear(self, pressed: ServerId) -> None:
        """Take away all that a role or channel has of its own, or all those of a page have that are gone."""
        kind, gone = pages.LISTED.get(pressed.about), [pressed.subject]
        if not pressed.subject:
            held = await self._desk.store.read(self._guild.id)
            gone = [each for each in self._desk.gone(held.settings, self._guild) if each[0] == kind]
        keys = [f"{'roles' if each[0] == 'r' else 'channels'}.{each[1:]}" for each in gone]
        work = self._desk.clear(self._guild.id, self._by, pressed.number, *keys)
        await self._take_away(work, pressed.subject or pressed.about)

    async def person(self, pressed: ServerId) -> None:
        """Unblock, take extra pictures back, or cancel what waits."""
        who = int(pressed.subject[1:])
        if pressed.step is ServerStep.STOP:
            count = await people.cancel_waiting(self._desk, self._guild, who)
            await self._to.show_in_place(await self._page(pressed.subject))
            language = self._desk.intake.language
            await self._to.whisper(said.cancelled(count, language) if count else said.nothing_waits(who, language))
            return
        key = f"{'blocked' if pressed.step is ServerStep.UNBLOCK else 'grants'}.{who}"
        gone = self._desk.save(self._guild.id, self._by, pressed.number, {key: None}, [key])
        await self._take_away(gone, pressed.subject)

    async def _take_away(self, work: Awaitable[list[Change]], page: str, stale: str = "") -> None:
        """Do it; where others were quicker, show the page with what they set, so that the next press means that."""
        try:
            made = await work
        except ChangedMeanwhile as error:
            await self._to.show_in_place(await self._page(stale or page))
            await self._to.tell(answers.meanwhile(error, {}, None, await self._desk.known(self._guild.id)))
        else:
            await self._done(made, page)

    async def import_(self, pressed: ServerId) -> None:
        """Set all that the file under the question holds; where others were quicker, ask anew."""
        try:
            made = await transfer.apply(self._desk, self._guild, self._by, pressed.number, self._message)
        except ChangedMeanwhile:
            if self._message is not None:
                await transfer.ask_again(self._desk, self._guild, self._message, self._to)
            raise
        known = await self._desk.known(self._guild.id)
        await self._to.show_in_place({**await self._changed(made, known), "attachments": []})

    async def _page(self, name: str) -> Part:
        """The panel with "", a page behind it, or that of a role, a channel or a person."""
        view = await self._desk.view(self._guild)
        if name in PAGES:
            return pages.page(name, view)
        if name[:1] in {"r", "c", "u"} and name[1:].isdigit():
            waiting = await self._desk.waiting(self._guild.id, int(name[1:])) if name[0] == "u" else []
            notes = effects.of_subject(name, view.settings, view.known, self._guild)
            return pages.subject(name, replace(view, notes=notes), len(waiting))
        return pages.panel(view)

    async def _done(self, made: list[Change], page: str) -> None:
        """Show the page as it is now, and what was changed; an answer becomes that itself."""
        told = await self._changed(made, await self._desk.known(self._guild.id))
        if not self._on_page:
            await self._reply(told)
            return
        await self._to.show_in_place(await self._page(page))
        await self._to.tell(told)

    async def _changed(self, made: list[Change], known: Known) -> Part:
        """What was changed, and what follows of it."""
        return answers.changed(made, known, await effects.after(self._desk, self._guild, made, known))

    async def _reply(self, message: Part) -> None:
        """Say it below a page, in place of an earlier answer."""
        if self._on_page or self._message is None:
            await self._to.tell(message)
        else:
            await self._to.show_in_place(message)


def _is_form(about: str, who: str) -> bool:
    """Whether there is such a form for a person, or for a role, a channel or the whole server."""
    return about in people.FORMS if who[:1] == "u" else about in forms.FORMS and bool(forms.keys(about, who))


async def changes_page(desk: Desk, guild: discord.Guild, number: int = 0) -> Part:
    """A page of the audit from this change back; 0: from the last one."""
    view = await desk.view(guild)
    newest = number or view.version
    found = await desk.store.changes(guild.id, view.version - newest + pages.CHANGES_SHOWN + 1)
    return pages.changes([each for each in found if each.number <= newest], view)
