"""Upscales in the contract: what older versions may read of them, who is given them, and what people see."""

import json

import pytest
import redis
from pydantic import ValidationError

from tests.worker.contract.factories import HOW, INFO, TIMINGS, UPSCALER, named, new_job, request, upscale_job
from worker.contract.message.job_message import card, file_name, picture_index
from worker.contract.message.languages import ENGLISH
from worker.contract.message.texts import reason_sentence
from worker.contract.store import claim as claiming
from worker.contract.store import keys
from worker.contract.store.claim import claim
from worker.contract.store.jobs import AdmissionLimit, Admitted, Jobs, Refused
from worker.contract.types import recipe
from worker.contract.types.cause import Cause, picture_damaged, picture_gone, picture_over_upscaler
from worker.contract.types.destination import Destination
from worker.contract.types.job import Job, Progress, Reason, State
from worker.contract.types.model_info import UpscalerInfo
from worker.contract.types.request import ENLARGED_MAX, Request
from worker.contract.types.result import Picture, Result
from worker.contract.types.timings import Caps
from worker.contract.types.upscale_source import UpscaleSource

ENLARGED = request(count=1).enlarged(HOW)
SOURCE = UpscaleSource(channel=1, message=2, index=1, link="https://cdn.discordapp.com/attachments/1/2/a.png?hm=secret")


def test_what_is_drawn_is_written_as_before_there_were_upscales() -> None:
    plain = json.loads(request().model_dump_json())
    assert plain["version"] == 1
    assert "upscale" not in plain
    assert "upscale" not in json.loads(recipe.Recipe(request=request()).model_dump_json())["request"]


def test_an_upscale_is_of_version_2_and_comes_back_whole() -> None:
    assert json.loads(ENLARGED.model_dump_json())["version"] == 2
    assert Request.model_validate_json(ENLARGED.model_dump_json()) == ENLARGED
    assert ENLARGED.drawing == request(count=1)
    assert (ENLARGED.needs, ENLARGED.drawing.needs) == (("upscaler.x4",), ("starter",))
    assert ENLARGED.cost(2) == pytest.approx(128 * 96 / 1e6 * 2)


@pytest.mark.parametrize("changes", [{"version": 1}, {"version": 3}, {"count": 2}, {"upscale": None}])
def test_an_upscale_without_its_version_or_of_several_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Request.model_validate(ENLARGED.model_dump() | changes)


def test_no_recipe_says_where_a_picture_was() -> None:
    assert "secret" not in repr(SOURCE)
    assert not {"source", "channel", "message", "link"} & set(Request.model_fields)


@pytest.mark.parametrize(
    ("size", "taken"),
    [((256, 256), True), ((64, 1024), True), ((257, 256), False), ((1, ENLARGED_MAX // 4 + 1), False)],
)
def test_an_upscaler_takes_pictures_up_to_its_limit(size: tuple[int, int], taken: bool) -> None:
    assert UPSCALER.takes(*size) is taken
    objection = UPSCALER.objection(*size)
    assert (objection is None) is taken
    assert objection in (None, picture_over_upscaler(*size, most=256, scale=4))


async def heartbeat(jobs: Jobs, upscaler: UpscalerInfo | None = UPSCALER) -> None:
    await jobs.heartbeat("w", [INFO], 1, upscaler=upscaler)


def take(url: str, *models: str) -> str | None:
    with redis.Redis.from_url(url) as connection:
        return claim(connection, worker="w", capabilities=models, timings=TIMINGS, function="f", job_timeout=60)


async def test_workers_say_what_they_enlarge_with_and_no_model_is_called_so(jobs: Jobs) -> None:
    await heartbeat(jobs)
    large = UPSCALER.model_copy(update={"id": "upscaler.large", "pixels_max": 2**24})
    await jobs.heartbeat("other", [INFO], 1, upscaler=large)
    assert await jobs.upscalers() == [large, UPSCALER]
    assert await jobs.models() == [INFO]


async def test_without_a_live_upscaler_nothing_is_admitted(jobs: Jobs) -> None:
    await heartbeat(jobs, None)
    assert await jobs.upscalers() == []
    assert await jobs.admit(upscale_job("1"), Caps()) == Refused(AdmissionLimit.MODEL)


async def test_only_a_worker_that_has_the_upscaler_gets_it(jobs: Jobs, valkey_url: str) -> None:
    await heartbeat(jobs)
    assert isinstance(await jobs.admit(upscale_job("1"), Caps()), Admitted)
    assert take(valkey_url, "starter") is None
    assert take(valkey_url, "starter", "upscaler.x4") == "1-1"
    record = await jobs.get("1")
    assert record is not None
    assert (record.version, record.source, record.request.upscale) == (2, upscale_job("1").source, HOW)


async def test_an_older_worker_leaves_it_and_draws_what_is_behind(
    jobs: Jobs, valkey_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await heartbeat(jobs)
    await jobs.admit(upscale_job("1"), Caps())
    await jobs.admit(new_job("2"), Caps())
    assert await jobs.redis.hmget(keys.job("2"), "version", "source") == [b"1", None]
    monkeypatch.setattr(claiming, "RECORD_VERSION", 1)
    assert take(valkey_url, "starter", "upscaler.x4") == "2-1"
    assert take(valkey_url, "starter", "upscaler.x4") is None
    assert await jobs.redis.hget(keys.job("1"), "state") == b"queued"


def job(state: State, asked: Request = ENLARGED, source: UpscaleSource | None = SOURCE, **fields: object) -> Job:
    base = {"id": "1", "owner": 5, "server": "10", "destination": Destination(channel=1), "created": 0, "changed": 0}
    return Job.model_validate({**base, "request": asked, "source": source, "state": state, **fields})


def result(count: int, width: int = 128) -> Result:
    pictures = tuple(Picture(seed=i, width=width, height=96, size=1) for i in range(count))
    return Result(pictures=pictures, timings={"total": 900})


LINK = "https://discord.com/channels/@me/1/2"
LARGER = "-# **starter** · 128 × 96 → 512 × 96 · 0.9\N{NO-BREAK SPACE}s"


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (job(State.QUEUED, place=2, eta=3), "-# upscaling picture 2 · 2nd in line · about 3 s"),
        (job(State.QUEUED, stalled=True), "-# upscaling picture 2 · waiting · no worker upscales right now"),
        (job(State.CLAIMED), "-# fetching the picture"),
        (job(State.CLAIMED, progress=Progress(phase="fetch")), "-# fetching the picture"),
        (job(State.CLAIMED, attempt=2, progress=Progress(step=1, steps=4)), "-# try 2 · upscaling · 25% ▰▰▱▱▱▱▱▱▱▱"),
        (job(State.CLAIMED, progress=Progress(phase="decode")), "-# finishing the picture"),
        (
            job(State.POSTED, result=result(1, 512)),
            f"-# Picture 2 of [these]({LINK}), 4 times as large\n{LARGER}",
        ),
        (
            job(State.POSTED, source=SOURCE.model_copy(update={"alone": True}), result=result(1, 512)),
            f"-# [This picture]({LINK}), 4 times as large\n{LARGER}",
        ),
        (
            job(State.FAILED, reason=Reason.SOURCE, cause=picture_damaged()),
            "The picture could not be upscaled. Its file is damaged. Please choose another picture.",
        ),
        (  # as an older Easel wrote it
            job(State.FAILED, reason=Reason.SOURCE, detail="It is gone."),
            "The picture could not be upscaled. It is gone.",
        ),
    ],
)
def test_each_state_of_an_upscale_has_its_line(made: Job, words: str) -> None:
    assert card(made, ENGLISH)["content"] == f"**a red apple** — <@5>\n{words}"


@pytest.mark.parametrize(("cause", "offered"), [(picture_damaged(), False), (picture_gone(), True), (None, True)])
def test_what_would_fail_again_is_not_offered_again(cause: Cause | None, offered: bool) -> None:
    for asked in (ENLARGED, request()):
        (row,) = card(job(State.FAILED, asked, reason=Reason.SOURCE, cause=cause), ENGLISH)["components"]
        assert ("Rerun" in {each["label"] for each in row["components"]}) is offered


@pytest.mark.parametrize("reason", list(Reason))
def test_no_advice_for_drawings_is_given(reason: Reason) -> None:
    words = reason_sentence(reason, ENGLISH, upscale=True)
    assert words.endswith(".")
    assert "steps" not in words


def labels(made: Job, *enlargeable: int) -> list[list[str]]:
    return [[named(button) for button in row["components"]] for row in card(made, ENGLISH, enlargeable)["components"]]


def test_pictures_have_buttons_in_rows_that_discord_takes() -> None:
    four = job(State.POSTED, request(), None, result=result(4))
    assert labels(four, 0, 1, 2, 3) == [["U1", "U2", "U3", "U4", "🔁"], ["✏️", "⭐", "✉️", "More"]]
    assert labels(four, 2) == [["U3", "🔁"], ["✏️", "⭐", "✉️", "More"]]
    assert labels(four) == [["🔁", "✏️", "⭐", "✉️", "More"]]
    ten = job(State.POSTED, request(count=10), None, result=result(10))
    assert [len(row) for row in labels(ten, *range(10))] == [5, 5, 5]


def test_a_single_picture_has_one_button_beside_the_others() -> None:
    one = job(State.POSTED, result=result(1))
    assert labels(one, 0) == [["Edit", "Upscale"], ["🔁", "⭐", "✉️", "More"]]
    assert labels(job(State.RENDERED, result=result(1)), 0) == []


def test_files_say_which_picture_they_hold() -> None:
    made = job(State.POSTED)
    for kind in ("png", "webp", "jpg", "gif"):
        assert [picture_index(file_name(made, index, kind)) for index in (0, 9)] == [0, 9]
    assert [picture_index(name) for name in ("preview.jpg", "easel-1-0.png", "easel-1-2.bmp", "cat.png")] == [None] * 4
