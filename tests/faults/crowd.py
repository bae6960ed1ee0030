"""The people of a storm: each asks when the plan says so, and does the next thing when the message allows it."""

import asyncio
import time
from collections import Counter
from collections.abc import Mapping

from deploy.sandbox.client import SandboxClient, SandboxError, file
from deploy.sandbox.client.entities import Interaction, Message
from deploy.sandbox.http.cdn import plain_png

from .deeds import DEEDS, FORM, Then, Way
from .plan import Ask
from .record import Record, Timeline
from .shown import Phase

PHOTO = file("photo.png", plain_png(0x3BA55C, 96))  # what some begin with
_LOOK = 0.1
_SEEN = 3.0  # seconds of a bot's being offline until people see it


class Crowd:
    """Plays people.

    Args:
        ids: of people, by name.
        follows: whether what draws can follow pictures.

    Attributes:
        sent: number of the ask → its interaction.
        did: how often each thing was done; what the sandbox did not let people do counts as `not offered`.
    """

    def __init__(
        self, sandbox: SandboxClient, record: Record, ids: Mapping[str, int], *, follows: bool = False
    ) -> None:
        self._sandbox, self._record, self._ids, self._follows = sandbox, record, ids, follows
        self.sent: dict[int, int] = {}
        self.did: Counter[str] = Counter()

    async def play(self, asks: tuple[Ask, ...], begun: float, until: float) -> None:
        """Everything that these people do; what cannot be done by `until` is left out."""
        async with asyncio.TaskGroup() as group:
            for ask in asks:
                group.create_task(self._one(ask, begun, until))

    async def _one(self, ask: Ask, begun: float, until: float) -> None:
        await asyncio.sleep(max(0.0, begun + ask.at - time.monotonic()))
        await self._bot_there()
        options = {
            "prompt": ask.prompt, "model": "starter", "count": ask.count, "steps": ask.steps, "seed": ask.seed,
        }  # fmt: skip
        if ask.begins:
            options["image"] = PHOTO
        if ask.follows and self._follows:
            options[ask.follows] = PHOTO
        try:
            made = await self._sandbox.slash(ask.place, ask.person, "imagine", options, wait=False)
        except SandboxError:
            self.did["not offered"] += 1
            return
        self.sent[ask.number] = made.id
        self.did["imagine"] += 1
        if ask.then is not Then.NOTHING:
            await self._then(ask, made.id, until)

    async def _then(self, ask: Ask, interaction: int, until: float) -> None:
        way = DEEDS[ask.then]
        line = await self._ripe(interaction, until, early=way.early)
        if line is None:
            return
        await asyncio.sleep(ask.after)
        await self._bot_there()
        try:
            if way.react:
                await self._sandbox.react(line.message, way.react, ask.by)
                self._record.react(line, self._ids[ask.by], way.react)
            elif way.command:
                await self._sandbox.slash(str(line.channel), ask.by, way.command, wait=False)
            else:
                await self._press(Message(line.raw), ask, way)
        except (SandboxError, LookupError, TimeoutError):
            self.did["not offered"] += 1
        else:
            self.did[ask.then] += 1

    async def _bot_there(self) -> None:
        """People soon see that a bot is offline, and wait: however long it takes to start on a busy machine."""
        while self._record.deaf > _SEEN:  # noqa: ASYNC110 - it looks at a clock, too
            await asyncio.sleep(_LOOK)

    async def _press(self, message: Message, ask: Ask, way: Way) -> None:
        """Press, and press on under each answer; what is pressed last may be answered whenever it is."""
        *first, last = (way.plain,) if way.plain and not message.attachments else way.press
        below: Message | int = message
        for button in first:
            below = (await self._sandbox.press(below, button, ask.by)).message_id or 0
        pressed = await self._sandbox.press(below, last, ask.by, wait=way.form)
        if way.form:
            opened = pressed if pressed.modal else await self._by_button(pressed, ask)
            await self._sandbox.submit(opened, {"prompt": ask.edited}, ask.by, wait=False)

    async def _by_button(self, pressed: Interaction, ask: Ask) -> Interaction:
        """The form that did not open at once: a button leads to it. Raises LookupError where none does."""
        opened = await self._sandbox.press(pressed.message_id or 0, FORM, ask.by)
        if opened.modal is None:
            raise LookupError(FORM)
        return opened

    async def _ripe(self, interaction: int, until: float, *, early: bool) -> Timeline | None:
        """The message of a request once it waits or is drawn (early), or has ended."""
        while time.monotonic() < until:
            deed, line = self._record.deeds.get(interaction), self._record.answer(interaction)
            if deed is not None and deed.state == "failed":
                return None
            phase = line.phase if line is not None and line.deleted is None else None
            if phase is not None and (phase.final or early) and phase is not Phase.FORGOTTEN:
                return line
            await asyncio.sleep(_LOOK)
        return None
