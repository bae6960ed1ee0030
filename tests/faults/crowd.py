"""The people of a storm: each asks when the plan says so, and does the next thing when the message allows it."""

import asyncio
import time
from collections import Counter
from collections.abc import Mapping

from deploy.sandbox.client import SandboxClient, SandboxError, file
from deploy.sandbox.client.entities import Message
from deploy.sandbox.http.cdn import plain_png

from .plan import Ask, Then
from .record import Record, Timeline
from .shown import Phase

PHOTO = file("photo.png", plain_png(0x3BA55C, 96))  # what some begin with
_LOOK = 0.1
_ENDS = {
    Then.CANCEL: "1:cancel",
    Then.RERUN: "1:rerun",
    Then.UPSCALE: "1:upscale",
    Then.VARY: "1:varylittle",
    Then.ENHANCE: "1:enhance",
    Then.KEEP: "1:keep",
    Then.SEND: "1:send",
    Then.TELL: "1:tell",
    Then.DELETE: "1:more",
}
_DELETE, _YES = "4:delete", "2:delete"  # under More, and under what that asks
_REACTIONS = {
    Then.CANCEL_REACTION: "❌",
    Then.RERUN_REACTION: "🔁",
    Then.UPSCALE_REACTION: "1️⃣",
    Then.ENHANCE_REACTION: "✨",
    Then.DELETE_REACTION: "❌",
}
_EARLY = {Then.CANCEL, Then.CANCEL_REACTION, Then.TELL}


class Crowd:
    """Plays people.

    Args:
        ids: of people, by name.

    Attributes:
        sent: number of the ask → its interaction.
        did: how often each thing was done; what the sandbox did not let people do counts as `not offered`.
    """

    def __init__(self, sandbox: SandboxClient, record: Record, ids: Mapping[str, int]) -> None:
        self._sandbox, self._record, self._ids = sandbox, record, ids
        self.sent: dict[int, int] = {}
        self.did: Counter[str] = Counter()

    async def play(self, asks: tuple[Ask, ...], begun: float, until: float) -> None:
        """Everything that these people do; what cannot be done by `until` is left out."""
        async with asyncio.TaskGroup() as group:
            for ask in asks:
                group.create_task(self._one(ask, begun, until))

    async def _one(self, ask: Ask, begun: float, until: float) -> None:
        await asyncio.sleep(max(0.0, begun + ask.at - time.monotonic()))
        options = {
            "prompt": ask.prompt, "model": "starter", "count": ask.count, "steps": ask.steps, "seed": ask.seed,
        }  # fmt: skip
        if ask.begins:
            options["image"] = PHOTO
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
        line = await self._ripe(interaction, until, early=ask.then in _EARLY)
        if line is None:
            return
        await asyncio.sleep(ask.after)
        try:
            if ask.then in _REACTIONS:
                await self._sandbox.react(line.message, _REACTIONS[ask.then], ask.by)
                self._record.react(line, self._ids[ask.by], _REACTIONS[ask.then])
            else:
                await self._press(Message(line.raw), ask)
        except (SandboxError, LookupError, TimeoutError):
            self.did["not offered"] += 1
        else:
            self.did[ask.then] += 1

    async def _press(self, message: Message, ask: Ask) -> None:
        """Press, and say yes to what is asked back where pictures are at stake."""
        if ask.then is not Then.DELETE:
            await self._sandbox.press(message, _ENDS[ask.then], ask.by, wait=False)
        elif not message.attachments:
            await self._sandbox.press(message, "1:delete", ask.by, wait=False)
        else:
            panel = await self._sandbox.press(message, _ENDS[ask.then], ask.by)
            asked = await self._sandbox.press(panel.message_id or 0, _DELETE, ask.by)
            await self._sandbox.press(asked.message_id or 0, _YES, ask.by, wait=False)

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
