"""Older and newer processes side by side: frozen readers and scripts of then, with today's, on a real Valkey."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
import redis
from pydantic import ValidationError
from redis.asyncio import Redis

from tests.worker.contract.factories import (
    BEGINS,
    INFO,
    TIMINGS,
    UPSCALER,
    WIDE,
    begun_job,
    new_job,
    request,
    upscale_job,
)
from tests.worker.contract.wire import reader_v1, samples
from worker.contract.message.job_message import card
from worker.contract.message.languages import ENGLISH
from worker.contract.store import keys
from worker.contract.store import record as record_module
from worker.contract.store.claim import claim
from worker.contract.store.jobs import ALIVE, AdmissionLimit, Admitted, Jobs, Refused
from worker.contract.store.record import fields
from worker.contract.types.job import RECORD_VERSION, NewJob, Progress, Reason, State
from worker.contract.types.operation import Operation
from worker.contract.types.recipe import Recipe
from worker.contract.types.request import Lora, Request
from worker.contract.types.timings import Caps, ms

OLDER = Path(__file__).with_name("older")
OPERATION = "outline:starter"
LATER = RECORD_VERSION + 1


class Outlined(Request):
    """A later operation on a model, which not every worker has."""

    @property
    def needs(self) -> tuple[str, ...]:
        return (self.model, OPERATION)

    def _versions(self) -> Any:
        yield LATER


def outlined(name: str) -> NewJob:
    return new_job(name).model_copy(update={"request": Outlined(**dict(request()))})


async def older(client: Redis, name: str, *args: Any) -> Any:
    """Run a script as it was before records said what they need."""
    text = (OLDER / "shared.lua").read_text(encoding="utf-8") + (OLDER / f"{name}.lua").read_text(encoding="utf-8")
    return await client.register_script(text)(args=list(args))


async def older_claim(client: Redis, *models: str, version: int = 2) -> bytes | None:
    stamp = "2026-01-01T00:00:00.000000Z"
    found: bytes | None = await older(
        client, "claim", "w", json.dumps(models), 0, 1 << 29, version, keys.RQ_QUEUE, "f", 60, stamp, 600, 60_000,
        f"token-{await client.incr('claims')}",
    )  # fmt: skip
    return found


async def older_heartbeat(client: Redis) -> None:
    infos, larger = {INFO.id: INFO.model_dump_json()}, {UPSCALER.id: UPSCALER.model_dump_json()}
    await older(client, "heartbeat", "old", 1, json.dumps(infos), "", json.dumps(larger))


async def older_admit(client: Redis, new: NewJob, *caps: int) -> list[bytes]:
    record = {name: value for name, value in fields(new).items() if name != "needs"}
    found: list[bytes] = await older(
        client, "admit", new.id, new.event, 0, str(new.owner), new.server, record["model"], json.dumps(record),
        *(caps or (3, 20, 500)), ms(180), 0, ms(900), ms(ALIVE),
    )  # fmt: skip
    return found


async def version_1(client: Redis, job: str) -> reader_v1.Job:
    """A record as version 1 read it."""
    record: Any = await client.hgetall(keys.job(job))
    return reader_v1.Job.from_hash(job, record)


def newer_claim(connection: redis.Redis, *capabilities: str) -> str | None:
    return claim(connection, worker="w", capabilities=capabilities, timings=TIMINGS, function="f", job_timeout=60)


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        (reader_v1.Request, samples.REQUEST),
        (reader_v1.Request, samples.LEAST),
        (reader_v1.Recipe, samples.RECIPE),
        (reader_v1.Destination, samples.DESTINATION),
        (reader_v1.Result, samples.RESULT),
    ],
    ids=lambda each: getattr(each, "__name__", type(each).__name__),
)
def test_version_1_reads_what_is_written_today(kind: type[Any], made: Any) -> None:
    text = made.model_dump_json()
    assert kind.model_validate_json(text).model_dump_json() == text  # it understood all of it, and wrote it so itself


def test_version_1_does_not_take_an_upscale_for_a_drawing() -> None:
    for kind, made in (
        (reader_v1.Request, samples.UPSCALE),
        (reader_v1.Recipe, Recipe(request=samples.UPSCALE)),
    ):
        with pytest.raises(ValidationError):
            kind.model_validate_json(made.model_dump_json())


async def test_version_1_reads_a_record_through_all_of_its_life(redis_async: Redis, redis_sync: redis.Redis) -> None:
    jobs = Jobs(redis_async, TIMINGS)
    await jobs.heartbeat("w", [INFO], 1)

    async def as_then() -> reader_v1.Job:
        found = await version_1(redis_async, "1")
        now = await jobs.get("1")
        assert now is not None
        assert found.request.model_dump_json() == now.request.model_dump_json()
        assert (str(found.state), found.reason, found.attempt) == (str(now.state), now.reason, now.attempt)
        assert found.destination.model_dump() == now.destination.model_dump()
        return found

    await jobs.admit(new_job("1"), Caps())
    assert (await as_then()).state == "queued"
    assert newer_claim(redis_sync, "starter") == "1-1"
    await jobs.renew("1", 1, Progress(phase="steps", step=3, steps=20))
    found = await as_then()
    assert (found.state, found.progress) == ("claimed", reader_v1.Progress(step=3, steps=20))
    await jobs.store("1", 1, samples.RESULT, [b"png"])
    assert (await as_then()).result == reader_v1.Result.model_validate_json(samples.RESULT.model_dump_json())
    await jobs.admit(new_job("2"), Caps())
    await jobs.cancel("2", Reason.MODERATOR)
    assert (await version_1(redis_async, "2")).reason == "moderator"


@pytest.mark.parametrize("version", [1, 2])
async def test_an_older_worker_draws_what_an_older_bot_put_into_the_line_of_then(
    redis_async: Redis, redis_sync: redis.Redis, version: int
) -> None:
    """It goes by the model, and by the version: what it cannot read, or has not got, it leaves. It does not see what
    newer bots admit, so workers are updated first."""
    jobs = Jobs(redis_async, TIMINGS)
    await older_heartbeat(redis_async)
    assert [model.id for model in await jobs.models()] == ["starter"]
    assert isinstance(await jobs.admit(new_job("newer"), Caps()), Admitted)
    assert (await older_admit(redis_async, upscale_job("larger")))[0] == b"admitted"
    assert (await older_admit(redis_async, new_job("drawn")))[0] == b"admitted"
    assert await older_claim(redis_async, "other", version=version) is None
    taken = [await older_claim(redis_async, "starter", UPSCALER.id, version=version) for _ in range(3)]
    assert taken == ([b"drawn-1", None, None] if version == 1 else [b"larger-1", b"drawn-1", None])
    assert newer_claim(redis_sync, "starter") == "newer-1"


async def test_what_waits_in_the_line_of_then_is_moved_by_the_reaper(
    redis_async: Redis, redis_sync: redis.Redis
) -> None:
    jobs, wide = Jobs(redis_async, TIMINGS), (10**6, 10**6, 10**6)
    await jobs.heartbeat("new", [INFO], 1)
    for number in range(120):
        assert (await older_admit(redis_async, new_job(f"j{number}"), *wide))[0] == b"admitted"
    assert newer_claim(redis_sync, "starter") is None
    await jobs.reap()
    assert (await redis_async.zcard(keys.LINE), await redis_async.zcard(keys.WAITING)) == (20, 100)
    assert int(await redis_async.hget(keys.job("j0"), "charge") or 0) > 0
    assert [(await jobs.standing(f"j{number}")).place for number in (0, 99, 100, 119)] == [1, 100, 101, 120]
    await jobs.reap()
    assert [newer_claim(redis_sync, "starter") for _ in range(121)] == [*(f"j{each}-1" for each in range(120)), None]


@pytest.mark.parametrize("seed", range(3))
async def test_nothing_is_lost_or_drawn_twice_while_both_releases_run(
    redis_async: Redis, redis_sync: redis.Redis, seed: int
) -> None:
    """Bots and workers of then and of today, in any order; a worker that dies gives its job to either."""
    chance, jobs, asked, drawn = random.Random(seed), Jobs(redis_async, TIMINGS), [], list[str]()
    await older_heartbeat(redis_async)
    await jobs.heartbeat("new", [INFO], 1, upscaler=UPSCALER)

    async def draw(rq_id: bytes | str | None) -> None:
        if rq_id is None:
            return
        job, _, number = (rq_id if isinstance(rq_id, str) else rq_id.decode()).rpartition("-")
        if int(number) == 1 and chance.random() < 0.2:
            assert await jobs.give_up(job, int(number))
            return
        assert await jobs.store(job, int(number), samples.RESULT, [b"png"])
        drawn.append(job)

    async def admit() -> None:
        new = new_job(f"j{len(asked)}", owner=chance.randint(1, 5), server=str(chance.randint(1, 3)))
        asked.append(new.id)
        if chance.random() < 0.5:
            assert (await older_admit(redis_async, new, 10**6, 10**6, 10**6))[0] == b"admitted"
        else:
            assert isinstance(await jobs.admit(new, WIDE), Admitted)

    for _ in range(200):
        if (what := chance.random()) < 0.4:
            await admit()
        elif what < 0.6:
            await draw(await older_claim(redis_async, "starter"))
        elif what < 0.85:
            await draw(newer_claim(redis_sync, "starter"))
        else:
            await jobs.reap()
    for _ in range(len(asked)):
        await jobs.reap()
        await draw(newer_claim(redis_sync, "starter"))
    assert sorted(drawn) == sorted(asked)
    assert not await redis_async.exists(keys.LINE, keys.WAITING)


async def test_what_older_processes_do_to_jobs_in_our_line_is_seen(redis_async: Redis, redis_sync: redis.Redis) -> None:
    """Their cancel knows nothing of it, and their reaper puts back what it finds into the line of then."""
    jobs = Jobs(redis_async, TIMINGS)
    await jobs.heartbeat("new", [INFO], 1)
    for owner, name in enumerate(("lost", "ended", "other")):
        await jobs.admit(new_job(name, owner=owner), Caps())
    assert newer_claim(redis_sync, "starter") == "lost-1"
    await redis_async.hset(keys.job("lost"), "state", "queued")
    await redis_async.zrem(keys.LEASES, "lost")
    await redis_async.zadd(keys.LINE, {"lost": 1})
    await redis_async.hset(keys.job("ended"), "state", "cancelled")
    await jobs.reap()
    assert await redis_async.zrange(keys.WAITING, 0, -1) == [b"lost", b"other"]
    assert {newer_claim(redis_sync, "starter") for _ in range(3)} == {"lost-2", "other-1", None}
    assert not [key async for key in redis_async.scan_iter(f"{keys.FAIR}*") if await redis_async.pttl(key) < 0]


async def test_an_older_worker_never_gets_a_later_operation(redis_async: Redis, redis_sync: redis.Redis) -> None:
    jobs = Jobs(redis_async, TIMINGS)
    await older_heartbeat(redis_async)
    assert await jobs.admit(outlined("1"), Caps()) == Refused(AdmissionLimit.MODEL)  # nobody here can do it
    await jobs.heartbeat("new", [INFO], 1, capabilities=("starter", OPERATION))
    assert isinstance(await jobs.admit(outlined("1"), Caps()), Admitted)
    for version in (1, 2):
        assert await older_claim(redis_async, "starter", UPSCALER.id, version=version) is None
    assert newer_claim(redis_sync, "starter", OPERATION) is None  # of its version, we are older, too
    assert await redis_async.hget(keys.job("1"), "state") == b"queued"


async def test_an_older_worker_leaves_what_begins_with_a_picture_and_a_newer_one_draws_it(
    redis_async: Redis, redis_sync: redis.Redis
) -> None:
    """Beside jobs that either can draw. One that has the model alone passes it over, too."""
    jobs = Jobs(redis_async, TIMINGS)
    await older_heartbeat(redis_async)
    begun, styled = begun_job("begun"), begun_job("styled", loras=(Lora(id="pixel", weight=0.8),))
    for new in (begun, styled):
        assert await jobs.admit(new, Caps()) == Refused(AdmissionLimit.MODEL)  # while older workers are alone
    await jobs.heartbeat("new", [BEGINS], 1, capabilities=BEGINS.capabilities)
    for new in (begun, styled, new_job("plain")):
        assert isinstance(await jobs.admit(new, WIDE), Admitted)
        record = {name.decode() for name in await redis_async.hkeys(keys.job(new.id))}
        assert ("sources" in record) == (new.id != "plain")
    for version in (1, 2):
        assert await older_claim(redis_async, "starter", UPSCALER.id, version=version) is None
    assert newer_claim(redis_sync, "starter") == "plain-1"
    assert newer_claim(redis_sync, "starter", "img2img:starter") == "begun-1"
    assert newer_claim(redis_sync, "starter", "img2img:starter", "lora/other:starter") is None
    assert newer_claim(redis_sync, *BEGINS.capabilities) == "styled-1"
    for kind, made in ((reader_v1.Request, begun.request), (reader_v1.Recipe, Recipe(request=begun.request))):
        with pytest.raises(ValidationError):
            kind.model_validate_json(made.model_dump_json())


async def test_what_a_newer_model_does_is_read_as_far_as_it_is_known(redis_async: Redis) -> None:
    """An operation that this Easel has no word for, on a model that it knows."""
    jobs = Jobs(redis_async, TIMINGS)
    newer = BEGINS.model_copy(update={"operations": ("img2img", "relight")})
    await jobs.heartbeat("new", [newer], 1, capabilities=newer.capabilities)
    (found,) = await jobs.models()
    assert found == newer
    assert (found.does(Operation.IMG2IMG), found.does(Operation.INPAINT)) == (True, False)


async def test_a_newer_worker_draws_for_an_older_bot(redis_async: Redis, redis_sync: redis.Redis) -> None:
    """Whose records have a model and no needs."""
    jobs = Jobs(redis_async, TIMINGS)
    await jobs.heartbeat("new", [INFO], 1, upscaler=UPSCALER)
    for new in (upscale_job("larger"), new_job("drawn")):
        assert (await older_admit(redis_async, new))[0] == b"admitted"
        assert not await redis_async.hexists(keys.job(new.id), "needs")
    await redis_async.hset(keys.PACE, mapping={"starter": 1, UPSCALER.id: 1})
    await jobs.reap()
    assert (await jobs.standing("drawn")).eta is not None
    assert newer_claim(redis_sync, "other") is None
    assert newer_claim(redis_sync, "starter") == "drawn-1"
    assert newer_claim(redis_sync, UPSCALER.id) == "larger-1"


async def test_an_older_bot_refuses_what_a_newer_worker_does_not_draw(redis_async: Redis) -> None:
    await Jobs(redis_async, TIMINGS).heartbeat("new", [INFO], 1, capabilities=("starter", OPERATION))
    assert (await older_admit(redis_async, upscale_job("1")))[:2] == [b"refused", b"model"]
    assert (await older_admit(redis_async, new_job("1")))[0] == b"admitted"


async def test_one_worker_must_have_all_that_is_needed(
    redis_async: Redis, redis_sync: redis.Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.contract.store.claim.RECORD_VERSION", LATER)
    jobs = Jobs(redis_async, TIMINGS)
    await jobs.heartbeat("able", [INFO], 1, capabilities=("starter", OPERATION))
    await jobs.heartbeat("other", [INFO], 7)
    await redis_async.hset(keys.PACE, "starter", 1)
    assert isinstance(await jobs.admit(outlined("1"), Caps()), Admitted)
    assert json.loads(fields(outlined("1"))["needs"]) == ["starter", OPERATION]
    assert (await jobs.standing("1")).eta is not None
    for capabilities in ((), ("starter",), (OPERATION,)):
        assert newer_claim(redis_sync, *capabilities) is None
    await jobs.leave("able")
    assert (await jobs.standing("1")).eta is None  # the slots of the other do not count
    assert newer_claim(redis_sync, OPERATION, "starter") == "1-1"


async def test_a_reason_that_only_a_newer_worker_has_is_no_damage(redis_async: Redis) -> None:
    jobs = Jobs(redis_async, TIMINGS)
    await jobs.heartbeat("new", [INFO], 1)
    await jobs.admit(new_job("1"), Caps())
    await jobs.cancel("1")
    await redis_async.hset(keys.job("1"), mapping={"state": "failed", "reason": "eclipse", "detail": "The sun went."})
    found = await jobs.get("1")
    assert found is not None
    assert (found.state, found.reason, found.detail) == (State.FAILED, None, "The sun went.")
    assert "Sorry, something went wrong" in card(found, ENGLISH)["content"]


async def test_a_record_of_a_newer_bot_is_left_alone_whatever_it_needs(
    redis_async: Redis, redis_sync: redis.Redis
) -> None:
    """Needs may be written otherwise some day. Nobody who is older judges them."""
    jobs = Jobs(redis_async, TIMINGS)
    await jobs.heartbeat("new", [INFO], 1)
    await jobs.admit(new_job("1"), Caps())
    await redis_async.hset(keys.job("1"), mapping={"version": "99", "needs": "(starter)", "request": "<apple/>"})
    assert newer_claim(redis_sync, "starter") is None
    with pytest.raises(record_module.NewerRecordError):
        await jobs.get("1")
    assert await redis_async.zscore(keys.WAITING, "1") is not None
