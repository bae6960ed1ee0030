"""Carries out what a plan breaks, and mends what lasts for a while only."""

import asyncio
import contextlib
import re
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from redis.asyncio import Redis

from deploy.sandbox.client import SandboxClient, SandboxError
from tests.faults.harness import Harness

from .plan import CDN, CRAWL, FAULTS, REFUSALS, ROUTES, Blow, Strike
from .record import Record
from .recovery import Recovery
from .store_blows import StoreBlows
from .troubles import Span, Trouble

_CUTS: dict[str, Callable[[SandboxClient], Awaitable[None]]] = {
    "op 7": lambda sandbox: sandbox.ask_reconnect(),
    "op 9": lambda sandbox: sandbox.invalidate_sessions(),
    "op 9 resumable": lambda sandbox: sandbox.invalidate_sessions(resumable=True),
    "close": lambda sandbox: sandbox.cut_gateway(),
    "abort": lambda sandbox: sandbox.cut_gateway(abort=True),
}
_OUT = ("/webhooks/*", "/channels/*", "/users/@me/channels")
# Faults of first answers that a bot has the time to try again after: two or three of them are no excuse.
_BORNE = {"dropped before", "dropped after", "truncated", "slow", "500", "503", "outage page"}
_INTERACTION = re.compile(r".*/interactions/(\d+)/")
_LOOK = 0.2
_RECOVERS = 3.0  # seconds that a killed process may be missed
_DRAWS = {"engine", "slot", "horse", "supervisor"}  # whose death means that a job has to be drawn again


class Nemesis:
    """Strikes.

    Attributes:
        struck: how often each kind of blow fell.
        log: what happened, in words.
    """

    def __init__(
        self, harness: Harness, sandbox: SandboxClient, record: Record, recovery: Recovery, store: Redis
    ) -> None:
        self._harness, self._sandbox, self._record, self._recovery = harness, sandbox, record, recovery
        self._store, self._troubles = StoreBlows(harness, store, record.troubles), record.troubles
        self._armed: dict[int, tuple[Span, float]] = {}
        self._fatal: set[int] = set()  # faults of first answers that no bot can make good
        self.struck: Counter[str] = Counter()
        self.log: list[str] = []

    async def strike(self, strikes: tuple[Strike, ...], begun: float) -> None:
        """All of them, each at its moment, those that last side by side."""
        async with asyncio.TaskGroup() as group:
            for each in strikes:
                await asyncio.sleep(max(0.0, begun + each.at - time.monotonic()))
                group.create_task(self._one(each))

    async def watch_faults(self) -> None:
        """Note when each fault has met the calls that it was for, until cancelled."""
        while True:
            with contextlib.suppress(SandboxError):
                left = {fault["id"] for fault in await self._sandbox.faults()}
                for number in self._armed.keys() - left:
                    span, lasts = self._armed.pop(number)
                    span.end = time.monotonic() + lasts
                await self._note_refused()
            await asyncio.sleep(_LOOK)

    async def _note_refused(self) -> None:
        """Which interactions met a fault that kept them from being answered."""
        for call in await self._sandbox.exchanges("POST /interactions/", limit=100) if self._fatal else ():
            if call["fault"] in self._fatal and (found := _INTERACTION.match(call["path"])):
                self._record.refused.add(int(found[1]))

    async def note_closed_dms(self) -> None:
        """Who takes no direct messages from the beginning cannot be told anything there."""
        for person in (await self._sandbox.world())["people"]:
            if not person["dms_open"]:
                self._troubles.begin(Trouble.CLOSED, self._record.dms[int(person["id"])])

    async def mend(self) -> None:
        """Leave nothing broken: wake who sleeps, forget faults, make room, set clocks right."""
        self._harness.disarm()
        self._harness.strike(self._harness.sleepers(), signal.SIGCONT)
        await self._sandbox.clear_faults()
        await self._note_refused()
        for span, lasts in self._armed.values():
            span.end = time.monotonic() + lasts
        self._armed.clear()
        await self._store.mend()

    async def _one(self, strike: Strike) -> None:
        acts = {
            Blow.KILL: self._kill,
            Blow.PAUSE: self._pause,
            Blow.RESTART: self._restart,
            Blow.CUT: self._cut,
            Blow.FAULT: self._fault,
            Blow.OUTAGE: self._outage,
            Blow.EXPIRE: self._expire,
            Blow.DELETE_MESSAGE: self._delete_message,
            Blow.DELETE_CHANNEL: self._delete_channel,
            Blow.CLOSE_DMS: self._close_dms,
            Blow.DENY_FILES: self._deny_files,
            Blow.ARCHIVE: self._archive,
            Blow.FILL: self._store.fill,
            Blow.CRAWL: self._crawl,
            Blow.CLOCK: self._store.set_clock,
        }
        try:
            hit = await acts[strike.blow](strike)
        except SandboxError as error:  # what it was about is gone meanwhile
            hit = f"nothing ({error})"
        self.struck[f"{strike.blow} {strike.target}".strip()] += 1
        self.log.append(f"{strike}: {hit}")

    async def _kill(self, strike: Strike) -> str:
        if strike.target == "valkey":
            with self._troubles.lasting(Trouble.QUEUE):
                await asyncio.to_thread(self._harness.restart_valkey)  # else all that happens meanwhile is noted late
            return "started again with its append-only file"
        struck = set(sorted(self._harness.pids(strike.target, strike.host or None))[:1])
        if not struck:
            return "nobody there"
        if strike.target in _DRAWS:
            await self._recovery.watch(strike.host, f"kill {strike.target}")
        self._hurt(strike, time.monotonic(), time.monotonic() + _RECOVERS)
        self._harness.strike(struck, signal.SIGKILL)
        return f"pid {struck}"

    async def _pause(self, strike: Strike) -> str:
        whole = strike.target == "host"
        struck = self._harness.whole(strike.host) if whole else self._harness.pids(strike.target, strike.host or None)
        if whole or strike.target == "horse":
            await self._recovery.watch(strike.host, f"pause {strike.target}")
        began = time.monotonic()
        self._harness.strike(struck, signal.SIGSTOP)
        await asyncio.sleep(strike.seconds)
        self._harness.strike(struck, signal.SIGCONT)
        self._hurt(strike, began, time.monotonic())
        return f"pids {sorted(struck)}"

    def _hurt(self, strike: Strike, begin: float, end: float) -> None:
        """Note what may come of a blow at a process. One that is killed is missed by its sessions, not by us."""
        if strike.target == "bot":
            kinds = {Blow.KILL: Trouble.DIED, Blow.RESTART: Trouble.STOPPED, Blow.PAUSE: Trouble.FROZEN}
            self._troubles.note(kinds[strike.blow], begin, end if strike.blow is Blow.PAUSE else begin)
        if strike.target == "valkey":
            self._troubles.note(Trouble.QUEUE, begin, end)
        if strike.target in {"poster", "host", "supervisor"}:
            self._troubles.note(Trouble.POSTER, begin, end, strike.host)
        if strike.host and strike.target != "poster":
            self._troubles.note(Trouble.WORKER, begin, end, strike.host)

    async def _restart(self, strike: Strike) -> str:
        struck = self._harness.pids(strike.target, strike.host or None)
        self._hurt(strike, time.monotonic(), time.monotonic() + _RECOVERS)
        self._harness.strike(struck, signal.SIGTERM)
        return f"pid {struck}"

    async def _cut(self, strike: Strike) -> str:
        await _CUTS[strike.target](self._sandbox)
        return "done"

    async def _fault(self, strike: Strike) -> str:
        how = dict(strike.how)
        method, path = (ROUTES | CDN)[strike.target]
        name = str(how.pop("kind"))
        what = (FAULTS | REFUSALS)[name]
        span = self._troubles.begin(self._meant(strike.target, name), strike.target)
        number = await self._sandbox.fault(method, path, **what, **how)
        self._armed[number] = span, float(str(what.get("delay", 0)))
        self._fatal |= {number} if span.kind is Trouble.ANSWERS else set()
        return f"fault {number}"

    @staticmethod
    def _meant(route: str, fault: str) -> Trouble:
        if route in CDN:
            return Trouble.CDN
        if route != "first answer":
            return Trouble.MESSAGES
        return Trouble.SLOW_ANSWERS if fault in _BORNE else Trouble.ANSWERS

    async def _outage(self, strike: Strike) -> str:
        return await self._all_routes(strike.seconds, {"status": 503})

    async def _crawl(self, strike: Strike) -> str:
        return await self._all_routes(strike.seconds, {"delay": CRAWL})

    async def _all_routes(self, seconds: float, how: dict[str, Any]) -> str:
        span = self._troubles.begin(Trouble.MESSAGES)
        numbers = [await self._sandbox.fault(path=path, times=None, **how) for path in _OUT]
        await asyncio.sleep(seconds)
        for number in numbers:
            await self._sandbox.call("DELETE", f"/faults/{number}")
        span.end = time.monotonic() + how.get("delay", 0.0)
        return "over"

    async def _archive(self, strike: Strike) -> str:
        await self._sandbox.change_thread(strike.target, "Ada", archived=True)
        return "archived"

    async def _expire(self, strike: Strike) -> str:
        count = int(str(dict(strike.how)["count"]))
        newest = [each for each in self._record.deeds.values() if each.asks and each.state == "answered"][-count:]
        for deed in newest:
            await self._sandbox.expire_token(deed.id)
        return f"{len(newest)} tokens"

    async def _delete_message(self, _strike: Strike) -> str:
        live = [
            line for line in self._record.messages.values()
            if line.deleted is None and not line.ephemeral and line.phase is not None and not line.phase.final
        ]  # fmt: skip
        if not live:
            return "no message there"
        self._record.removed.add(live[-1].message)
        try:
            await self._sandbox.delete(live[-1].message, "Ada")
        except SandboxError:
            self._record.removed.discard(live[-1].message)
            raise
        return f"message {live[-1].message}"

    async def _delete_channel(self, strike: Strike) -> str:
        channel = await self._channel(strike.target)
        self._record.gone[channel] = time.monotonic()
        await self._sandbox.delete_channel(strike.target)
        return "gone"

    async def _close_dms(self, strike: Strike) -> str:
        closed = await self._sandbox.open_dm(strike.target)
        with self._troubles.lasting(Trouble.CLOSED, closed):
            async with self._for_a_while(strike.seconds, lambda: self._sandbox.set_dms(strike.target, opened=True)):
                await self._sandbox.set_dms(strike.target, opened=False)
        return "open again"

    async def _deny_files(self, strike: Strike) -> str:
        with self._troubles.lasting(Trouble.CLOSED, await self._channel(strike.target)):
            async with self._for_a_while(strike.seconds, lambda: self._sandbox.overwrite(strike.target, "Easel")):
                await self._sandbox.overwrite(strike.target, "Easel", deny=["ATTACH_FILES"])
        return "allowed again"

    @asynccontextmanager
    async def _for_a_while(self, seconds: float, undo: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
        yield
        await asyncio.sleep(seconds)
        with contextlib.suppress(SandboxError):
            await undo()

    async def _channel(self, name: str) -> int:
        return int((await self._sandbox.get("/channel", channel=name))["id"])
