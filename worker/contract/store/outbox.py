"""Messages that are not yet what they should be.

What a message should show is its job's record, read at the moment of posting; so nothing stale can be shown, and
a hundred changes are one edit. An entry is due at a time, held by one poster under a lease, and gone only when the
message shows the record's newest revision.
"""

import logging
import secrets
import time
from dataclasses import dataclass, field, replace
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import TimeoutError as RedisTimeoutError

from worker.contract.discord_answers import How
from worker.contract.discord_limits import REQUESTS_PER_SECOND
from worker.contract.types.cause import Cause
from worker.contract.types.job import RECORD_VERSION, Job, Reason
from worker.contract.types.posted_as import PostedAs
from worker.contract.types.timings import Timings, ms

from . import keys, scripts
from .jobs import ALIVE
from .record import DamagedRecordError, parse

log = logging.getLogger("poster")

_OF_PICTURES = frozenset({"pictures_too_large", "pictures_expired"})  # causes, when nothing is wrong with their place
_FLIGHT = 3.0  # holds for which Discord may go on with a request after its poster was lost; see `Job.in_flight`
PER_SECOND = REQUESTS_PER_SECOND - 10  # requests with the bot's token; the bot makes some itself


@dataclass
class HeldUntil:
    """For how long a message is surely held: a moment of `time.monotonic`, which each extension moves on."""

    moment: float = 0.0


@dataclass(frozen=True)
class OutboxEntry:
    """A message that this poster holds: its job as it was when taken, and the proof of holding it."""

    job: Job
    token: str
    until: HeldUntil = field(default_factory=HeldUntil, compare=False)


@dataclass(frozen=True)
class Refusal:
    """How long Discord has been refusing a way.

    Attributes:
        seconds: since it first did.
        early: so many results are refused that this one is to go its last way at once.
    """

    seconds: float
    early: bool


class Outbox:
    """What a poster asks of Redis.

    Args:
        redis: a client that does not decode responses.
        timings: spans; `edit_every` is the pace of cosmetic edits.
    """

    def __init__(self, redis: Redis, timings: Timings | None = None) -> None:
        self.redis = redis
        self.timings = timings or Timings()
        self._claim = redis.register_script(scripts.source("claim_message"))
        self._hold = redis.register_script(scripts.source("message_lease"))
        self._announce = redis.register_script(scripts.source("announce"))
        self._rate_slot = redis.register_script(scripts.source("rate_slot"))

    async def claim(self, lease: float) -> OutboxEntry | None:
        """Hold a message that is due for `lease` seconds, those that matter before cosmetic ones.

        A damaged record is set aside under `keys.QUARANTINE`; what is left of it tells its owner so. Records of a newer
        version are left to newer posters.
        """
        while True:
            token = secrets.token_hex(8)
            spans = ms(lease), RECORD_VERSION, ms(self.timings.keep), ms(_FLIGHT * lease)
            answer = await self._claim(args=[token, *spans])
            if not answer:
                return None
            job_id, *flat = answer
            record = dict(zip(flat[::2], flat[1::2], strict=True))
            job = await self._read(job_id.decode(), record, token)
            if job and job.reason is Reason.DAMAGED:
                log.error("%s: its record is damaged, and is set aside under %s", job.id, keys.QUARANTINE)
            if job:
                return OutboxEntry(job, token)

    async def _read(self, job_id: str, record: dict[bytes, bytes], token: str) -> Job | None:
        try:
            return parse(job_id, record)
        except DamagedRecordError:
            pass
        told = (record.get(b"state"), record.get(b"reason")) == (b"failed", b"damaged")
        remains = Job.remains(job_id, record) if told else None
        if told and remains is None:
            log.error("%s: its record is damaged, and nobody can be told", job_id)
        if remains is None:
            await self._hold(args=["drop" if told else "damaged", job_id, token, ms(self.timings.keep)])
        return remains

    async def wait(self, timeout: float) -> None:
        """Return when something became due, or after `timeout` seconds (at least 0.01)."""
        try:
            await self.redis.blpop([keys.OUTBOX_BELL], timeout=max(timeout, 0.01))
        except RedisTimeoutError:
            return

    async def _say(self, verb: str, entry: OutboxEntry, *args: str | float) -> bool:
        answer = await self._hold(args=[verb, entry.job.id, entry.token, *args])
        return bool(answer == b"ok")

    async def held(self, entry: OutboxEntry) -> float:
        """For how many more seconds it is ours, 0 when it is not. To be asked right before each request to Discord."""
        asked = time.monotonic()
        left: bytes | int = await self._hold(args=["check", entry.job.id, entry.token])
        seconds = left / 1000 if isinstance(left, int) else 0.0
        entry.until.moment = asked + seconds if seconds else 0.0
        return seconds

    async def extend(self, entry: OutboxEntry, lease: float) -> bool:
        """Hold it for `lease` seconds from now, for work that takes long. False when it is no longer ours."""
        asked = time.monotonic()
        ours = await self._say("extend", entry, ms(lease))
        entry.until.moment = asked + lease if ours else 0.0
        return ours

    async def done(self, entry: OutboxEntry) -> bool:
        """The message shows the entry's revision. It stays due if the job has moved on meanwhile."""
        return await self._say("done", entry, entry.job.revision, ms(self.timings.edit_every))

    async def unanswered(self, entry: OutboxEntry, lease: float) -> None:
        """Record that nobody knows what came of the last request: it may still reach the message.

        What is final is then shown once more, as after a hold of `lease` seconds that ran out.
        """
        await self._say("unanswered", entry, ms(_FLIGHT * lease))

    async def later(self, entry: OutboxEntry, seconds: float, *, failed: bool = False) -> bool:
        """Let go of it and try again after that time. `failed` counts as one of `Job.tries`.

        How a job ended is tried to be shown for as long as pictures are kept.
        """
        return await self._say("later", entry, ms(seconds), int(failed), ms(self.timings.pictures))

    async def refused(self, entry: OutboxEntry, how: How | None) -> Refusal:
        """Record that Discord refuses a way, for a reason that is not known or (None) will pass."""
        verb_args = how or "passing", self.timings.unposted_max
        answer = await self._hold(args=["refused", entry.job.id, entry.token, *verb_args])
        if not isinstance(answer, list):
            return Refusal(0.0, early=False)
        return Refusal(answer[0] / 1000, early=bool(answer[1]))

    async def shut(self, entry: OutboxEntry, how: How) -> OutboxEntry:
        """Record that this way is not tried again."""
        await self._say("shut", entry, how)
        return replace(entry, job=entry.job.model_copy(update={"shut": (*entry.job.shut, how)}))

    async def last(self, entry: OutboxEntry, why: Cause | None) -> None:
        """Record that a result is on its last way, and why, so that no other is tried any more."""
        await self._say("last", entry, why.dump() if why else "")

    async def posting(self, entry: OutboxEntry, nonce: str, *, anew: bool = False) -> float:
        """Record that a new message is about to be made.

        Returns seconds since the first try at it of which nobody knows the outcome; 0 when this is the first. `anew`:
        the earlier ones are known to have come to nothing.
        """
        answer: bytes | int = await self._hold(
            args=["posting", entry.job.id, entry.token, nonce, "anew" if anew else ""]
        )
        return answer / 1000 if isinstance(answer, int) else 0.0

    async def unmade(self, entry: OutboxEntry, nonce: str) -> None:
        """Record that the first try at a new message was refused."""
        await self._say("unmade", entry, nonce)

    async def superseded(self, entry: OutboxEntry, message: int, channel: int) -> OutboxEntry:
        """Record that a new message takes the place of the one before, which has yet to become a link to it."""
        place = entry.job.destination
        old = place.message or 0
        await self._say("superseded", entry, message, channel, old, ms(self.timings.keep), place.channel)
        where = place.model_copy(update={"message": message, "channel": channel, "token": None})
        update = {"destination": where, "old_message": place.message, "old_channel": place.channel, "shut": ()}
        return replace(entry, job=entry.job.model_copy(update=update))

    async def linked(self, entry: OutboxEntry) -> OutboxEntry:
        """Record that the message before is a link now, or as good as one."""
        await self._say("linked", entry)
        return replace(entry, job=entry.job.model_copy(update={"old_message": None, "old_channel": None}))

    async def told(self, entry: OutboxEntry) -> OutboxEntry:
        """Record that the owner has heard of the end of all jobs that this one gathers."""
        await self._say("told", entry)
        return replace(entry, job=entry.job.model_copy(update={"gathers": (), "gathered": entry.job.id}))

    async def owner_told(self, entry: OutboxEntry) -> OutboxEntry:
        """Record that the owner has been told that the job ended, or cannot be."""
        await self._say("owner_told", entry)
        return replace(entry, job=entry.job.model_copy(update={"tell": None, "telling": None}))

    async def wordless(self, entry: OutboxEntry) -> OutboxEntry:
        """Record that Discord objects to the job's words."""
        await self._say("wordless", entry)
        return replace(entry, job=entry.job.model_copy(update={"wordless": True}))

    async def located(self, entry: OutboxEntry, message: int, channel: int, *, ephemeral: bool = False) -> OutboxEntry:
        """Record where the message is, and whether only its owner sees it (if so for good)."""
        await self._say("located", entry, message, channel, int(ephemeral), ms(self.timings.keep))
        update = {"message": message, "channel": channel} | ({"ephemeral": True} if ephemeral else {})
        where = entry.job.destination.model_copy(update=update)
        return replace(entry, job=entry.job.model_copy(update={"destination": where, "shut": ()}))

    async def tokenless(self, entry: OutboxEntry) -> OutboxEntry:
        """Record that the interaction's token works no longer: trying it again would only count as invalid."""
        await self._say("tokenless", entry)
        where = entry.job.destination.model_copy(update={"token": None})
        return replace(entry, job=entry.job.model_copy(update={"destination": where}))

    async def posted(self, entry: OutboxEntry, elsewhere: Cause | None = None, looks: PostedAs | None = None) -> bool:
        """Rendered → posted: the message shows the pictures, so they and the token leave Redis.

        `elsewhere`: why their owner got them by direct message instead, which the message is then to say. `looks`: how
        the message looks with them.
        """
        said, shown = elsewhere.dump() if elsewhere else "", looks.model_dump_json() if looks else ""
        return await self._say("posted", entry, ms(self.timings.keep), said, shown)

    async def unpostable(self, entry: OutboxEntry, cause: Cause) -> bool:
        """Rendered → failed: Discord will not take the pictures. The failure is due to be shown.

        Its owner is told, too, where that is due to the pictures: their message and its place are there.
        """
        tells = int(cause.code in _OF_PICTURES)
        return await self._say("unpostable", entry, ms(self.timings.keep), Reason.UNPOSTED, cause.dump(), tells)

    async def drop(self, entry: OutboxEntry) -> bool:
        """There is nobody left to show this to."""
        return await self._say("drop", entry)

    async def pictures(self, job: Job) -> list[bytes] | None:
        """The encoded pictures of a rendered job, None when they are gone."""
        count = len(job.result.pictures) if job.result else 0
        names = [keys.picture(job.id, job.attempt, index) for index in range(count)]
        found: list[Any] = await self.redis.mget(names) if names else []
        return found if found and all(found) else None

    async def preview(self, job: Job) -> bytes | None:
        """The newest preview of a running job (JPEG)."""
        found: Any = await self.redis.get(keys.preview(job.id))
        return found or None

    async def rate_slot(self, patience: float) -> float:
        """Seconds until the next request with the bot's token may leave: ours, unless that is beyond `patience`.

        Discord counts them for all posters together. Evenly spaced, a flood after an outage cannot burst.
        """
        wait: int = await self._rate_slot(args=[1000 // PER_SECOND, ms(patience)])
        return wait / 1000

    async def announce(self) -> int:
        """Tell those who wait where they stand, if that is news. One poster at a time; returns how many."""
        spans = self.timings
        return int(await self._announce(args=[ms(ALIVE), ms(spans.edit_every), ms(spans.retell)]))
