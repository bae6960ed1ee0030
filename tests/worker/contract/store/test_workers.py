"""What workers say of themselves: which models they draw with, and for how long that counts."""

import json

import pytest

from tests.worker.contract.factories import INFO, UPSCALER, new_job
from worker.contract.store import keys
from worker.contract.store.jobs import ALIVE, AdmissionLimit, Jobs, Refused
from worker.contract.types.timings import Caps, Timings


async def test_a_model_that_no_live_worker_has_is_refused(jobs: Jobs) -> None:
    assert await jobs.admit(new_job("1", model="sdxl"), Caps()) == Refused(AdmissionLimit.MODEL)
    await jobs.redis.zadd(keys.MODELS, {"starter": 1})
    assert await jobs.admit(new_job("1"), Caps()) == Refused(AdmissionLimit.MODEL)
    assert await jobs.models() == []


async def test_a_model_that_was_not_heard_of_for_a_while_comes_last(jobs: Jobs) -> None:
    gone = INFO.model_copy(update={"id": "aged", "title": "Aged"})
    await jobs.heartbeat("other", [gone, INFO], 1)
    assert await jobs.models() == [gone, INFO]
    await jobs.redis.zincrby(keys.MODELS, -(ALIVE + 1) * 1000, "aged")
    assert await jobs.models() == [INFO, gone]


@pytest.mark.parametrize(
    ("catalogues", "order"),
    [
        ([["zeta", "starter"]], ["zeta", "starter"]),
        ([["zeta", "starter"], ["starter"]], ["zeta", "starter"]),
        ([["zeta", "starter"], ["alpha", "starter"]], ["alpha", "zeta", "starter"]),
        ([["zeta", "alpha"], ["alpha", "zeta"]], ["alpha", "zeta"]),
    ],
)
async def test_models_come_in_the_order_of_the_catalogues(
    jobs: Jobs, catalogues: list[list[str]], order: list[str]
) -> None:
    await jobs.redis.hset(keys.WORKERS, mapping={"a": "{", "b": '{"models": 3}', "c": '{"models": [[]]}', "d": "[]"})
    await jobs.redis.delete(keys.MODELS)
    for number, names in enumerate(catalogues):
        models = [INFO.model_copy(update={"id": name, "title": name}) for name in names]
        await jobs.heartbeat(f"w{number}", models, 1, upscaler=UPSCALER)
    assert [model.id for model in await jobs.models()] == order


async def test_a_model_of_a_newer_worker_is_read_as_far_as_known(jobs: Jobs) -> None:
    newer = json.loads(INFO.model_dump_json()) | {"sparkle": 1}
    await jobs.redis.hset(keys.CATALOGUE, INFO.id, json.dumps(newer))
    assert await jobs.models() == [INFO]


@pytest.mark.parametrize("told", ['{"id": "other", "title": "Other", "scale": 99, "steps": -1}', "{"])
async def test_what_cannot_be_read_is_left_out_and_keeps_nobody_from_the_rest(jobs: Jobs, told: str) -> None:
    await jobs.heartbeat("w", [INFO], 1, upscaler=UPSCALER)
    await jobs.redis.zadd(keys.MODELS, {"other": 10**15})
    for heard in (keys.CATALOGUE, keys.UPSCALERS):
        await jobs.redis.hset(heard, "other", told)
    assert await jobs.models() == [INFO]
    assert await jobs.upscalers() == [UPSCALER]


async def test_dead_workers_are_forgotten(jobs: Jobs) -> None:
    await Jobs(jobs.redis, Timings(lease=0, capability=-1)).reap()
    assert await jobs.redis.hlen(keys.WORKERS) == 0


async def test_what_a_worker_says_anew_is_heard(jobs: Jobs) -> None:
    renamed = INFO.model_copy(update={"title": "Renamed"})
    for said in (INFO, renamed, INFO):
        await jobs.heartbeat("other", [said], 1)
        assert await jobs.models() == [said]


async def test_what_a_worker_says_again_is_not_written_again(jobs: Jobs) -> None:
    async def written() -> int:
        return int((await jobs.redis.info("commandstats"))["cmdstat_hset"]["calls"])

    await jobs.heartbeat("other", [INFO], 1)
    before = await written()
    await jobs.heartbeat("other", [INFO], 1)
    assert await written() == before + 1  # the beat itself


async def test_a_worker_that_went_with_its_trouble_is_no_trouble(jobs: Jobs) -> None:
    await jobs.heartbeat("w2", (), 0, "3 jobs in a row failed here")
    assert await jobs.troubled()
    told = json.loads(await jobs.redis.hget(keys.WORKERS, "w2") or b"")
    await jobs.redis.hset(keys.WORKERS, "w2", json.dumps(told | {"seen": told["seen"] - (ALIVE + 1) * 1000}))
    assert not await jobs.troubled()
