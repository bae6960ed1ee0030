"""Every command, key and channel that a process needs, really tried: what a server says of itself is not enough."""

import secrets
from collections.abc import Iterable
from enum import StrEnum
from importlib import resources

from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from worker.contract.store import keys

from .errors import RIGHTS, denied, is_denied, refusal, unknown, unknown_command

SCRATCH = keys.PREFIX + "probe:"  # what is written here is gone when the tries are over, or a minute later
RQ_PREFIX = "rq:"
RQ_SCRATCH = f"{RQ_PREFIX}easel-probe:"


class Role(StrEnum):
    """Which process asks; each needs something else."""

    BOT = "bot"
    SUPERVISOR = "supervisor"
    SLOT = "slot"
    POSTER = "poster"


# What the processes send themselves, beside scripts; `*` stands for a scratch key of the kind that the letter names.
_OWN = {
    Role.BOT: "HGETALL *h; HVALS *h; HMGET *h a; ZRANGEBYSCORE *z -inf 1; SET *s 1 PX 60000; GET *s; DEL *s",
    Role.SUPERVISOR: "HDEL *h a",
    Role.SLOT: "HGETALL *h; HMGET *h a; SET *s 1 PX 60000; BLPOP *l 0.01; DEL *s",
    Role.POSTER: "MGET *s; GET *s; BLPOP *l 0.01",
}
# What RQ's worker sends in a job's life, and when it tidies up.
_RQ = (
    "SET *s 1 NX EX 60; GET *s; EXISTS *s; EXPIRE *s 60; PERSIST *s; HSET *h a 1; EXPIRE *h 60; HGET *h a; HGETALL *h; "
    "HMGET *h a; HEXISTS *h a; HINCRBY *h b 1; HINCRBYFLOAT *h b 1; HDEL *h a; RPUSH *l a; LPUSH *l a; EXPIRE *l 60; "
    "LMOVE *l *m LEFT RIGHT; LRANGE *l 0 -1; LPOS *l a; LLEN *l; LREM *l 1 a; LPOP *l; SADD *t a; EXPIRE *t 60; "
    "SCARD *t; SISMEMBER *t a; SMEMBERS *t; SREM *t a; XADD *x * a 1; EXPIRE *x 60; XLEN *x; XREVRANGE *x + - COUNT 1; "
    "ZADD *z 1 a; EXPIRE *z 60; ZCARD *z; ZSCORE *z a; ZRANGE *z 0 -1; ZRANGEBYSCORE *z 0 1; ZREMRANGEBYSCORE *z 5 6; "
    "ZREM *z a; DEL *s *h *l *m *t *x *z; CLIENT SETNAME easel-probe"
)
_RQ_KEYS = (
    "rq:workers", "rq:queues", f"rq:workers:{keys.RQ_QUEUE}", f"rq:queue:{keys.RQ_QUEUE}",
    f"rq:queue:{keys.RQ_QUEUE}:intermediate", f"rq:wip:{keys.RQ_QUEUE}", f"rq:finished:{keys.RQ_QUEUE}",
    f"rq:failed:{keys.RQ_QUEUE}", f"rq:clean_registries:{keys.RQ_QUEUE}", "rq:job:probe", "rq:worker:probe",
    "rq:execution:probe", "rq:executions:probe", "rq:results:probe",
)  # fmt: skip


async def refused(client: Redis, role: Role) -> list[str]:
    """What this role needs and is refused, for good, in words. Raises RedisError when Redis is away."""
    found = await _scripts(client, role)
    if not found:  # else the rest would be refused for the same
        found = await _commands(client, _OWN[role], SCRATCH)
    if role is Role.SLOT and not found:
        found = await _commands(client, _RQ, RQ_SCRATCH) or await _transaction(client) or await _hints(client)
    return found


def touched(role: Role) -> tuple[str, ...]:
    """Every key that the scripts of a role touch; of those that are made of an id one that nothing has."""
    fixed = (value for name, value in vars(keys).items() if name.isupper() and str(value).startswith(keys.PREFIX))
    made = (
        keys.job("probe"), keys.event("probe"), keys.claimed("probe"), keys.person(0), keys.server("probe"),
        keys.preview("probe"), keys.picture("probe", 0, 0), keys.PREFIX + "commands:0",
    )  # fmt: skip
    ours = sorted({*fixed, *made} - {keys.PREFIX, keys.CANCEL_CHANNEL, keys.TEST_CLOCK})
    return (*ours, *(_RQ_KEYS if role is Role.SLOT else ()))


async def _scripts(client: Redis, role: Role) -> list[str]:
    text = resources.files(__package__).joinpath("rights.lua").read_text(encoding="utf-8")
    script = client.register_script(text)
    scratch = f"{SCRATCH}{secrets.token_hex(6)}:"
    try:
        answer: list[tuple[bytes, bytes]] = await script(args=[scratch, keys.CANCEL_CHANNEL, *touched(role)])
    except ResponseError as error:
        return _words([("", error)])
    return _words((what.decode(), ResponseError(words.decode(errors="replace"))) for what, words in answer)


async def _commands(client: Redis, commands: str, scratch: str) -> list[str]:
    """Send each by itself, in one go."""
    own = f"{scratch}{secrets.token_hex(6)}:"
    async with client.pipeline(transaction=False) as pipe:
        sent = [
            [own + word[1:] if len(word) == len("*s") and word[0] == "*" else word for word in command.split()]
            for command in commands.split("; ")
        ]
        for words in sent:
            pipe.execute_command(*words)
        answers = await pipe.execute(raise_on_error=False)
    return _words((own, error) for error in answers if isinstance(error, RedisError))


async def _transaction(client: Redis) -> list[str]:
    """RQ watches keys and changes several in one step. redis-py hides a MULTI that was denied, so it is sent plain."""
    key = f"{RQ_SCRATCH}{secrets.token_hex(6)}:s"
    try:
        async with client.pipeline() as pipe:
            await pipe.watch(key)
            await pipe.unwatch()  # type: ignore[no-untyped-call]
    except ResponseError as error:
        return _words([(key, error)])
    return await _commands(client, "MULTI; EXEC", RQ_SCRATCH)


async def _hints(client: Redis) -> list[str]:
    """A slot listens for cancels, RQ's worker for commands."""
    for channel in (keys.CANCEL_CHANNEL, "rq:pubsub:easel-probe"):
        async with client.pubsub() as pubsub:
            try:
                await pubsub.subscribe(channel)
                await pubsub.get_message(timeout=1.0)
            except ResponseError as error:
                return _words([(channel, error)])
    return []


def _words(errors: Iterable[tuple[str, RedisError]]) -> list[str]:
    """Those that do not pass, in words: all rights that are missing in one sentence, by what they were tried with."""
    found = [(what, error) for what, error in errors if refusal(error)]
    missing = dict.fromkeys(_right(what, str(error)) for what, error in found if is_denied(error))
    others = dict.fromkeys(
        unknown_command(what) if unknown(error) else refusal(error) for what, error in found if not is_denied(error)
    )
    return [*([RIGHTS.format(what=", ".join(missing))] if missing else []), *others]


def _right(what: str, text: str) -> str:
    """The right that is missing: a command, or all keys or channels of ours or of RQ's."""
    told = denied(text, what)
    ours = RQ_PREFIX if what.startswith(RQ_PREFIX) else keys.PREFIX
    return f"{told} {ours}*" if told in {"keys", "channels"} else told
