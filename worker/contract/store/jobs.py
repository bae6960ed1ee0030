"""The life of a job in Redis: `queued → claimed → rendered → posted`, or `failed` / `cancelled`.

Every change is one Lua script that checks state and fence (the attempt's number), so no crash, pause or repetition
can make a job do two things. Times are Redis's own, without the steps of its clock (`lua/clock.lua`). `claim.py` has
the one step that RQ's worker takes.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from redis.asyncio import Redis

from worker.contract.types.cause import Cause
from worker.contract.types.job import Job, NewJob, Progress, Reason
from worker.contract.types.model_info import ModelInfo, UpscalerInfo
from worker.contract.types.result import Result
from worker.contract.types.telling import Telling
from worker.contract.types.timings import Caps, Timings, ms

from . import keys, scripts
from .admission import AdmissionLimit, Admitted, Refused, Seen, Stale, no_admission
from .failpoints import failpoint
from .heartbeats import catalogue_places, in_trouble, read_info
from .record import fields, parse

__all__ = ["AdmissionLimit", "Admitted", "Blame", "Cancelled", "Hold", "Jobs", "Refused", "Seen", "Stale", "Standing"]

PREVIEW_TTL = 60.0
ALIVE = 15.0  # seconds since its last heartbeat for which a worker's slots count in estimates


class Hold(StrEnum):
    """What an attempt learns when it renews its lease."""

    HELD = "held"
    CANCELLED = "cancelled"
    LOST = "lost"


class Blame(StrEnum):
    """What the end of an attempt says of its job; only so many attempts that count are made, but any number is told."""

    COUNTED = "counted"
    UNCOUNTED = "uncounted"  # nothing: it waited for its turn, or its engine went down over others
    AMONG = "among"  # it may have ended the engine, or one of those that were drawn with it; it is drawn alone now
    UNLESS_BEGUN = "unless-begun"  # nothing, unless a step was made


class Cancelled(StrEnum):
    """How a cancel ended."""

    DONE = "done"
    ENDED = "ended"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Standing:
    """Where a waiting job stands; both None when it does not wait, `eta` in seconds."""

    place: int | None
    eta: float | None


class Jobs:
    """All that can happen to jobs, except claiming and posting.

    Args:
        redis: a client that does not decode responses.
        timings: leases and other spans; the shared settings in force go before them (`settings_in_force.py`).
    """

    def __init__(self, redis: Redis, timings: Timings | None = None) -> None:
        self.redis = redis
        self.timings = timings or Timings()
        self._scripts = {
            name: scripts.registered(redis, name)
            for name in (
                "admit", "may_ask", "answered", "renew", "preview", "give_up", "fail", "picture", "rendered", "cancel",
                "bury", "close_channel", "tell", "reap", "heartbeat", "standing", "waited",
                "now",
            )
        }  # fmt: skip

    async def _run(self, name: str, *args: str | bytes | float) -> Any:
        return await self._scripts[name](args=list(args))

    async def admit(self, new: NewJob, caps: Caps) -> Admitted | Seen | Refused | Stale:
        """Accept a request once, put it in line, or say which limit it met."""
        spans = self.timings
        answer = await self._run(
            "admit", new.id, new.event, ms(new.event_ttl or 0), str(new.owner), new.server,
            json.dumps(new.request.needs), json.dumps(fields(new)), caps.json(), new.request.count,
            ms(spans.capability), ms(spans.answer_grace), ms(spans.token), ms(ALIVE),
        )  # fmt: skip
        refused = no_admission(answer)
        if refused is not None:
            return refused
        _, place, eta = answer
        return Admitted(new.id, place, eta / 1000 if eta >= 0 else None)

    async def may_ask(self, event: str, owner: int, server: str, caps: Caps) -> Seen | Refused | Stale | None:
        """What `admit` would answer by now, whatever the request; None: nothing stands against it. Takes nothing."""
        return no_admission(await self._run("may_ask", event, str(owner), server, ms(ALIVE), caps.json()))

    async def job_of(self, message: int) -> str | None:
        """Which job a message shows; None for those of older releases, and for the further ones of a large result."""
        found: Any = await self.redis.get(keys.message(message))
        return _word(found) if found else None

    async def answered(self, job: str, message: int) -> None:
        """Record that the bot's first answer exists as this message."""
        await self._run("answered", job, message, 1, ms(self.timings.keep))

    async def deferred(self, job: str, message: int) -> None:
        """Record that the bot's first answer is this message, which a poster has yet to fill in."""
        await self._run("answered", job, message, 0, ms(self.timings.keep))

    async def get(self, job: str) -> Job | None:
        """The record, None when it is unknown or its message was deleted. Raises DamagedRecordError."""
        return parse(job, await self.redis.hgetall(keys.job(job)))

    async def standing(self, job: str) -> Standing:
        """Place in line and seconds until done, as estimated now."""
        answer = await self._run("standing", job, ms(ALIVE))
        place, eta = answer
        return Standing(place if place > 0 else None, eta / 1000 if eta >= 0 else None)

    async def waited(self, jobs: Sequence[str]) -> list[float | None]:
        """Seconds since each was asked for, without the time in which Easel did not run; None where nothing tells."""
        answer: list[int] = await self._run("waited", *jobs) if jobs else []
        return [each / 1000 if each >= 0 else None for each in answer]

    async def cancel(
        self, job: str, reason: Reason = Reason.OWNER, cause: Cause | None = None, *, wordless: bool = False,
        told: bool = False,
    ) -> Cancelled:  # fmt: skip
        """Take a job out of the line or stop its render; the caps are free again at once.

        `wordless`: its words may not be shown any more. `told`: its owner has heard of it already.
        """
        said, keep = cause.dump() if cause else "", ms(self.timings.keep)
        return Cancelled(_word(await self._run("cancel", job, reason, keep, said, int(wordless), int(told))))

    async def tell(self, job: str, *, wanted: bool) -> Cancelled:
        """Whether its owner wants to be told of its end; ENDED: it has come."""
        return Cancelled(_word(await self._run("tell", job, Telling.ASKED if wanted else "")))

    async def close_channel(self, channel: int, cause: Cause, also: str = "") -> list[str]:
        """Cancel what waits for a channel where nothing can be posted any more; returns the ids.

        `also` is cancelled even if it is being drawn. One job of each person is to tell them of all (`Job.gathers`).
        """
        closed: list[str] = []
        while found := await self._run(
            "close_channel", str(channel), Reason.CLOSED, cause.dump(), ms(self.timings.keep), also
        ):
            closed += [_word(each) for each in found]
            also = ""
        return closed

    async def bury(self, job: str) -> bool:
        """Its message was deleted: forget who asked for what, and where. False when the job has not ended."""
        return bool(await self._run("bury", job))

    async def buried(self, job: str) -> bool:
        """Was its message deleted, in the days for which that is remembered? Raises RedisError."""
        return bool(await self.redis.hexists(keys.job(job), "deleted"))

    async def renew(self, job: str, attempt: int, progress: Progress | None = None) -> Hold:
        """A sign of life of an attempt, with its progress."""
        spans = self.timings
        shown = progress.model_dump_json() if progress else ""
        answer = await self._run("renew", job, attempt, ms(spans.lease), shown, ms(spans.edit_every), ms(spans.renew))
        return Hold(_word(answer))

    async def preview(self, job: str, attempt: int, jpeg: bytes) -> None:
        """Keep the newest preview of a running attempt."""
        await self._run("preview", job, attempt, ms(PREVIEW_TTL), jpeg)

    async def give_up(
        self, job: str, attempt: int, reason: Reason | None = None, cause: Cause | None = None,
        blame: Blame = Blame.COUNTED,
    ) -> bool:  # fmt: skip
        """End an attempt without a result: the reaper puts the job back, or fails it after its last attempt.

        It then fails with `reason` and its cause, or else with ATTEMPTS.
        """
        return bool(await self._run("give_up", job, attempt, reason or "", cause.dump() if cause else "", blame))

    async def fail(self, job: str, attempt: int, reason: Reason, cause: Cause | None = None) -> bool:
        """Claimed → failed, for good, with its reason and cause. False when the attempt no longer owns the job."""
        said = cause.dump() if cause else ""
        return bool(await self._run("fail", job, attempt, reason, said, ms(self.timings.keep)))

    async def store(self, job: str, attempt: int, result: Result, pictures: Sequence[bytes]) -> bool:
        """Claimed → rendered: the bytes first, then the compare-and-set. False when the attempt is stale."""
        ttl = ms(self.timings.pictures)
        for index, picture in enumerate(pictures):
            await self._run("picture", job, attempt, index, ttl, picture)
        failpoint("store-after")
        # An engine that tells no time of its device draws one render at a time, and then it is much the same.
        size, took = sum(map(len, pictures)), result.timings.get("device", result.timings.get("total", ""))
        failpoint("rendered-before")
        ours = bool(await self._run("rendered", job, attempt, result.model_dump_json(), size, took))
        failpoint("rendered-after")
        if not ours:
            await self.redis.delete(*(keys.picture(job, attempt, index) for index in range(len(pictures))))
        return ours

    async def reap(self) -> int:
        """Do what time alone asks for: leases that ran out, waits that are too long, tokens that died.

        Idempotent; bot and supervisors call it each second. When nobody could call it for a while (Redis was away,
        frozen or cut off), nobody could renew either; then no lease ends for one more lease.
        """
        spans = self.timings
        moved: int = await self._run(
            "reap", spans.attempts, ms(spans.wait_max), ms(spans.capability), ms(spans.keep), ms(spans.lease)
        )
        return moved

    async def now(self) -> int:
        """Milliseconds as leases and heartbeats count them, which no step of Redis's clock moves."""
        moment: int = await self._run("now")
        return moment

    async def heartbeat(
        self,
        worker: str,
        models: Sequence[ModelInfo],
        slots: int,
        trouble: str = "",
        upscaler: UpscalerInfo | None = None,
        capabilities: Sequence[str] = (),
        warnings: Sequence[str] = (),
        release: str = "",
    ) -> None:
        """Say that a worker lives and what it can draw, or (without models and slots) what keeps it from drawing.

        `capabilities` is all that it can do, as jobs need it; if left out, to draw with these models and to enlarge
        with this upscaler. `slots`: devices that draw, however many jobs at once; an older worker tells how many it
        draws at once. `warnings` and `release`, its version of Easel, are for whoever looks after it.
        """
        infos = {model.id: model.model_dump_json() for model in models}
        larger = {upscaler.id: upscaler.model_dump_json()} if upscaler else {}
        able = capabilities or (*infos, *larger)
        await self._run(
            "heartbeat", worker, slots, json.dumps(infos), trouble, json.dumps(larger), json.dumps(list(able)),
            json.dumps(list(warnings)), release,
        )  # fmt: skip

    async def leave(self, worker: str) -> None:
        """Say that a worker claims no more. Its models count as available for a while yet."""
        await self.redis.hdel(keys.WORKERS, worker)

    async def troubled(self) -> bool:
        """Does a worker live that cannot draw just now?"""
        beats: Any = await self.redis.hvals(keys.WORKERS)
        oldest = await self.now() - ms(ALIVE)
        return any(in_trouble(heartbeat, oldest) for heartbeat in beats)

    async def models(self) -> list[ModelInfo]:
        """What live workers can draw, in their catalogues' order; last what has not been heard of for a moment.

        A newer worker may say more of a model than we know to read; what we cannot read at all is left out.
        """
        now = await self.now()
        beats: Any = await self.redis.hvals(keys.WORKERS)
        places = catalogue_places(beats)
        found = [
            (at < now - ms(ALIVE), places.get(model.id, 0), model.title.lower(), model)
            for at, info in await self._heard(keys.CATALOGUE, now)
            if (model := read_info(ModelInfo, info))
        ]
        return [model for *_, model in sorted(found, key=lambda each: each[:3])]

    async def upscalers(self) -> list[UpscalerInfo]:
        """What live workers can enlarge with, those first that make the largest pictures."""
        heard = await self._heard(keys.UPSCALERS, await self.now())
        found = filter(None, (read_info(UpscalerInfo, info) for _, info in heard))
        return sorted(found, key=lambda each: (-each.pixels_max, each.id))

    async def _heard(self, told: str, now: int) -> list[tuple[float, bytes]]:
        """When each model of a hash was last heard of, and what was said of it; only those that count as available."""
        heard: Any = await self.redis.zrangebyscore(
            keys.MODELS, now - ms(self.timings.capability), "+inf", withscores=True
        )
        if not heard:
            return []
        infos: Any = await self.redis.hmget(told, [name for name, _ in heard])
        return [(at, info) for (_, at), info in zip(heard, infos, strict=True) if info]


def _word(answer: bytes) -> str:
    return answer.decode()
