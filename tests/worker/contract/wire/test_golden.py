"""What is written is what the golden files hold, byte for byte, and every golden file is still read."""

import io
import json
from dataclasses import replace
from typing import Any

import pytest
import redis
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from redis.asyncio import Redis

from tests.worker.contract.factories import INFO, TIMINGS, new_job, upscale_job
from tests.worker.contract.wire.constants import constants, pinned
from tests.worker.contract.wire.samples import FOLDER, MODEL, RECIPE, SAMPLES, SHOWN, TOLD_OF, UPSCALER, Sample
from worker.contract.discord_answers import How
from worker.contract.store import keys
from worker.contract.store.claim import claim
from worker.contract.store.jobs import Blame, Jobs
from worker.contract.store.outbox import Outbox, OutboxEntry
from worker.contract.types import recipe
from worker.contract.types.cause import device_lost, thread_locked
from worker.contract.types.job import Progress, Reason
from worker.contract.types.posted_as import PostedAs
from worker.contract.types.result import Result
from worker.contract.types.telling import Telling
from worker.contract.types.timings import Caps

HOW = "A golden file changes only when older processes may stop reading it: see worker/contract/README.md."


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.file)
def test_it_is_written_as_ever(sample: Sample) -> None:
    assert sample.path.exists(), "python -m tests.worker.contract.wire writes it"
    assert sample.path.read_text(encoding="utf-8") == sample.text + "\n", HOW


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.file)
def test_what_was_written_is_read(sample: Sample) -> None:
    assert sample.read(sample.path.read_text(encoding="utf-8").removesuffix("\n")) == sample.thing


def test_no_golden_file_is_left_without_its_sample() -> None:
    found = {str(path.relative_to(FOLDER)) for path in FOLDER.glob("v*/*")}
    assert found - HEARTBEATS.keys() == {sample.file for sample in SAMPLES}


def test_a_recipe_is_found_in_pictures_of_then() -> None:
    """The texts that pictures carry, put back into pictures."""
    texts = json.loads((FOLDER / "v1/recipe-in-png.json").read_text(encoding="utf-8"))
    info = PngInfo()
    info.add_itxt(recipe.PNG_KEY, texts[recipe.PNG_KEY])
    data = Image.Exif()
    comment = (FOLDER / "v1/recipe-in-webp.txt").read_text(encoding="utf-8").rstrip("\n").replace("␀", "\0")
    data.get_ifd(recipe.EXIF_IFD)[recipe.EXIF_USER_COMMENT] = comment.encode("ascii")
    for kind, more in (("PNG", {"pnginfo": info}), ("WEBP", {"exif": data})):
        assert recipe.read(_picture(kind, **more)) == RECIPE


def test_a_recipe_is_found_in_what_moves() -> None:
    comment = (FOLDER / "v7/recipe-moments-in-gif.txt").read_bytes().rstrip()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    moving = _picture("GIF", comment=comment, save_all=True, append_images=frames)
    assert recipe.read(moving) == recipe.Recipe(request=SHOWN)


def _picture(kind: str, **more: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, kind, **more)
    return out.getvalue()


HEARTBEATS: dict[str, dict[str, Any]] = {
    "v1/heartbeat.json": {"models": [MODEL], "slots": 2},
    "v1/heartbeat-trouble.json": {"models": [], "slots": 0, "trouble": "the GPU is gone"},
    "v2/heartbeat-upscaler.json": {"models": [MODEL], "slots": 2, "upscaler": UPSCALER},
    "v9/heartbeat-release.json": {"models": [MODEL], "slots": 2, "release": "0.1.0"},
}


@pytest.mark.parametrize("file", HEARTBEATS)
async def test_a_heartbeat_is_written_as_ever(redis_async: Redis, file: str) -> None:
    """Lua orders the names as it likes, and the moment differs; all else is the same."""
    await Jobs(redis_async).heartbeat("w", **HEARTBEATS[file])
    found = json.loads(await redis_async.hget(keys.WORKERS, "w") or "")
    found["seen"] = 0
    assert json.dumps(found, indent=2, sort_keys=True) + "\n" == (FOLDER / file).read_text(encoding="utf-8"), HOW


async def test_the_names_in_a_record_stay(redis_async: Redis, redis_sync: redis.Redis) -> None:
    """Through all that can happen to one, each step may add or drop some; older processes read them by these names."""
    jobs, outbox = Jobs(redis_async, TIMINGS), Outbox(redis_async, replace(TIMINGS, unposted_max=0))
    seen: set[str] = set()

    async def look(job: str = "1") -> None:
        names: Any = await redis_async.hkeys(keys.job(job))
        seen.update(name.decode() for name in names)

    await jobs.heartbeat("w", [INFO], 1, upscaler=UPSCALER)
    await redis_async.hset(keys.job("0"), "state", "posted")
    await redis_async.hset(keys.PACE, UPSCALER.id, 5)
    await jobs.admit(upscale_job("1").model_copy(update={"upscale_of": "0"}), Caps())
    await look("0")
    await look()
    await jobs.answered("1", 88)
    await outbox.announce()
    await look()
    for number in (1, 2):
        claim(redis_sync, worker="w", capabilities=[UPSCALER.id], timings=TIMINGS, function="f", job_timeout=9)
        await jobs.renew("1", number, Progress(step=1, steps=9))
        await look()
        await jobs.give_up("1", number, Reason.ENGINE, device_lost(), Blame.AMONG)
        await look()
        await jobs.reap()
    await jobs.leave("w")
    await outbox.announce()
    await look()
    claim(redis_sync, worker="w", capabilities=[UPSCALER.id], timings=TIMINGS, function="f", job_timeout=9)
    await jobs.store("1", 3, Result(pictures=()), [])
    entry = await outbox.claim(30)
    assert entry is not None
    await outbox.located(entry, 88, 77, ephemeral=True)
    await look()
    await refuse(outbox, entry)
    await look()
    await outbox.posted(entry, thread_locked(), PostedAs(larger=(0,)))
    await look()
    await jobs.admit(new_job("1", event="again").model_copy(update={"id": "2", "age_restricted": True}), Caps())
    await jobs.admit(
        new_job("3").model_copy(update={"tells_of": TOLD_OF, "results_to": 78, "tell": Telling.LATE}), Caps()
    )
    await jobs.close_channel(77, thread_locked())
    await look("2")
    await look("3")
    await redis_async.hset(keys.job("4"), mapping={"state": "claimed", "tell": "asked", "attempt": "0"})
    await jobs.fail("4", 0, Reason.ENGINE)
    await look("4")
    await redis_async.hset(keys.job("5"), mapping={"state": "rendered", "upscale_of": "6:0", "holder": "me"})
    await redis_async.hset(keys.job("5"), mapping={"message": "8", "channel": "7"})
    await redis_async.hset(keys.job("6"), mapping={"state": "posted", "upscales": '{"0": "5"}'})
    await outbox.posted(replace(entry, job=entry.job.model_copy(update={"id": "5"}), token="me"))
    await look("6")
    assert seen == RECORD_FIELDS | REFUSED_FIELDS, HOW


async def refuse(outbox: Outbox, entry: OutboxEntry) -> None:
    """All that is noted of a message that Discord does not take."""
    for how in (How.TOKEN, How.CHANNEL, How.CREATE, How.DM, None):
        await outbox.refused(entry, how)
    await outbox.shut(entry, How.CHANNEL)
    await outbox.posting(entry, "nonce")
    await outbox.wordless(entry)
    await outbox.superseded(entry, 89, 78)
    for how in (How.TOKEN, How.CHANNEL, How.CREATE, How.DM, None):
        await outbox.refused(entry, how)
    await outbox.shut(entry, How.CHANNEL)
    await outbox.unanswered(entry, 30)
    await outbox.later(entry, 0, failed=True)
    await outbox.redis.hset(keys.job(entry.job.id), "holder", entry.token)


# What older slots write into `why_detail` is still read: test_jobs.py holds that.
RECORD_FIELDS = {
    "alone", "answer_due", "attempt", "cause", "changed", "channel", "charge", "charged", "claimed", "cost", "created",
    "day", "destination", "detail", "ephemeral", "eta", "handed_back", "held", "holder", "lease", "message", "model",
    "needs", "order", "owner", "pictures", "place", "place_at", "posted_as", "progress", "reason", "redrawn",
    "request", "result", "results_to", "revision", "server", "shown_at", "source", "stalled", "state", "token", "tell",
    "telling", "tells_of", "told", "uncounted", "upscale_of", "upscaled_at", "upscales", "verb", "version",
    "wait_start", "why", "why_cause", "worker",
}  # fmt: skip


REFUSED_FIELDS = {
    "age_restricted", "in_flight", "early", "gathered", "gathers", "old_channel", "old_message", "posting",
    "refused_channel", "refused_create", "refused_dm", "refused_passing", "refused_token", "shut", "tries",
    "wordless",
}  # fmt: skip


def test_every_stored_or_typed_name_stays() -> None:
    now, then = constants(), pinned()
    lost = {group: _without(then[group], now.get(group, ())) for group in then}
    assert not {group: names for group, names in lost.items() if names}, HOW
    new = {group: _without(now[group], then.get(group, ())) for group in now}
    assert not {group: names for group, names in new.items() if names}, "python -m tests.worker.contract.wire pins it"


def _without(names: Any, others: Any) -> list[Any]:
    """Those of one group that the other lacks. What the code calls the values of a table may change, but not which
    of them it calls so."""
    if isinstance(names, dict) and isinstance(others, dict):
        return [
            value for name, value in names.items() if others.get(name, value) != value or value not in others.values()
        ]
    return [name for name in names if name not in others]
