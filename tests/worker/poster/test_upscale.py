"""Which pictures get a button that makes them larger, in whole results and in parts; and what is said of encodings."""

from typing import Any

import pytest

from tests.worker.contract.factories import INFO, UPSCALER, named, upscale_job
from tests.worker.contract.message.test_job_message import job
from tests.worker.poster import standin as fault
from tests.worker.poster.harness import TOKEN, Harness
from tests.worker.poster.standin import Message, Refused, Standin
from worker.contract.message.languages import ENGLISH
from worker.contract.store import keys
from worker.contract.store.jobs import Admitted
from worker.contract.types.job import Job, State
from worker.contract.types.model_info import UpscalerInfo
from worker.contract.types.posted_as import PostedAs
from worker.contract.types.result import Picture, Result
from worker.contract.types.timings import Caps
from worker.poster.discord import BrokenError
from worker.poster.payload import Abilities, posted_card


def labels(message: Message) -> list[list[str]]:
    return [[named(button) for button in row["components"]] for row in message.payload["components"]]


async def posted(harness: Harness, standin: Standin, upscaler: UpscalerInfo | None, **options: Any) -> Message:
    message = standin.message()
    await harness.rendered(message=message, **options)
    await harness.jobs.heartbeat("w", [INFO], 1, upscaler=upscaler)
    assert (await harness.deliver()).state is State.POSTED
    return standin.messages[message]


@pytest.mark.parametrize(
    ("upscaler", "rows"),
    [
        (UPSCALER, [["U1", "U2", "U3", "U4", "🔁"], ["✏️", "⭐", "✉️", "More"]]),
        (UPSCALER.model_copy(update={"pixels_max": 255 * 255}), [["🔁", "✏️", "⭐", "✉️", "More"]]),
        (None, [["🔁", "✏️", "⭐", "✉️", "More"]]),
    ],
)
async def test_buttons_are_where_a_live_upscaler_takes_the_pictures(
    harness: Harness, standin: Standin, upscaler: UpscalerInfo | None, rows: list[list[str]]
) -> None:
    assert labels(await posted(harness, standin, upscaler)) == rows


async def test_each_part_has_the_buttons_of_its_own_pictures(harness: Harness, standin: Standin) -> None:
    standin.rule = lambda seen: fault.TOO_LARGE if len(seen.files) > 2 else None
    first = await posted(harness, standin, UPSCALER)
    second = next(each for each in standin.messages.values() if each is not first)
    assert labels(first) == [["U1", "U2", "🔁"], ["✏️", "⭐", "✉️", "More"]]
    assert labels(second) == [["U3", "U4"]]


async def test_pictures_of_a_model_that_draws_from_pictures_can_be_varied_in_every_part_and_stay_so(
    harness: Harness, standin: Standin
) -> None:
    standin.rule = lambda seen: fault.TOO_LARGE if len(seen.files) > 2 else None
    message = standin.message()
    await harness.rendered(message=message)
    await harness.jobs.heartbeat("w", [INFO.model_copy(update={"operations": ("img2img",)})], 1)
    posted = (await harness.deliver()).posted_as
    first, second = standin.messages.values()
    assert labels(first) == [["V1", "V2", "🔁"], ["✏️", "⭐", "✉️", "More"]]
    assert labels(second) == [["V3", "V4"]]
    assert posted is not None
    assert (posted.varied, [each.varied for each in posted.parts]) == ((0, 1), [(2, 3)])
    await harness.jobs.heartbeat("w", [INFO], 1)  # it cannot any more; what was posted stays as it is
    await harness.outbox.redis.zadd("easel:outbox", {"job": 0})
    await harness.deliver()
    assert labels(first)[0] == ["V1", "V2", "🔁"]


async def test_a_message_that_is_shown_again_keeps_its_buttons(harness: Harness, standin: Standin) -> None:
    first = await posted(harness, standin, UPSCALER)
    await harness.outbox.redis.zadd("easel:outbox", {"job": 0})
    first.payload["components"] = []
    await harness.deliver()
    assert labels(first)[0] == ["U1", "U2", "U3", "U4", "🔁"]


async def test_the_model_is_named_by_its_title_even_after_its_last_worker_has_gone(
    harness: Harness, standin: Standin
) -> None:
    first = await posted(harness, standin, None)
    assert first.content.split("\n-# ")[1].startswith("**Starter** · ")
    await harness.jobs.leave("w")
    await harness.outbox.redis.delete(keys.MODELS)
    await harness.outbox.redis.zadd(keys.OUTBOX, {"job": 0})
    first.payload["content"] = ""
    await harness.deliver()
    assert first.content.split("\n-# ")[1].startswith("**Starter** · ")


async def used(harness: Harness, index: int = 1) -> None:
    """A picture is asked for, by somebody who pressed its button."""
    asked = upscale_job("larger")
    assert asked.source is not None
    source = asked.source.model_copy(update={"index": index})
    asked = asked.model_copy(update={"upscale_of": "job", "source": source})
    assert isinstance(await harness.jobs.admit(asked, Caps()), Admitted)


async def again(harness: Harness) -> Job:
    """Deliver what is due for the job."""
    await harness.outbox.redis.zadd(keys.OUTBOX, {"job": 0})
    return await harness.deliver()


@pytest.mark.parametrize("parts", [1, 2])
async def test_a_used_button_looks_used_and_nothing_else_changes(
    harness: Harness, standin: Standin, parts: int
) -> None:
    if parts == 2:
        standin.rule = lambda seen: fault.TOO_LARGE if len(seen.files) > 2 else None
    first = await posted(harness, standin, UPSCALER)
    content, files, before = first.content, first.files, labels(first)
    await harness.outbox.redis.delete(keys.UPSCALERS)  # its worker goes
    await used(harness)
    await again(harness)
    rows = first.payload["components"]
    assert labels(first) == [[label.replace("U2", "U2 ✓") for label in row] for row in before]
    assert [button["style"] for button in rows[0]["components"]][:2] == [2, 1]
    assert rows[0]["components"][1]["custom_id"] == "1:upscale:job:1"
    assert (first.content, first.files) == (content, files)
    await harness.jobs.cancel("larger")
    await again(harness)
    assert labels(first) == before


@pytest.mark.parametrize("token", [None, TOKEN])
async def test_a_used_button_of_a_further_message_looks_used(
    harness: Harness, standin: Standin, token: str | None
) -> None:
    standin.rule = lambda seen: fault.TOO_LARGE if len(seen.files) > 2 else None
    first = await posted(harness, standin, UPSCALER, token=token)
    second = next(each for each in standin.messages.values() if each is not first)
    files = second.files
    await used(harness, 2)
    await again(harness)
    assert (labels(first)[0], labels(second)) == (["U1", "U2", "🔁"], [["U3 ✓", "U4"]])
    assert [button["style"] for button in second.payload["components"][0]["components"]] == [1, 2]
    assert second.files == files
    await harness.jobs.cancel("larger")
    await again(harness)
    assert labels(second) == [["U3", "U4"]]


@pytest.mark.parametrize(
    ("answer", "passes"), [(fault.NO_MESSAGE, False), (fault.ARCHIVED, False), (fault.BROKEN, True)]
)
async def test_a_further_message_that_cannot_be_edited_stays_as_it_was(
    harness: Harness, standin: Standin, answer: Refused, passes: bool
) -> None:
    standin.rule = lambda seen: fault.TOO_LARGE if len(seen.files) > 2 else None
    first = await posted(harness, standin, UPSCALER)
    second = next(each for each in standin.messages.values() if each is not first)
    standin.fault(f"PATCH .*/{second.id}", answer)
    await used(harness, 1)
    if passes:
        await harness.outbox.redis.zadd(keys.OUTBOX, {"job": 0})
        await harness.refused(BrokenError)
    await again(harness)
    assert labels(first)[0] == ["U1", "U2 ✓", "🔁"]
    assert await harness.outbox.redis.zscore(keys.OUTBOX, "job") is None


async def test_whom_a_token_alone_reaches_has_no_further_message_to_edit(harness: Harness, standin: Standin) -> None:
    standin.rule = lambda seen: fault.TOO_LARGE if len(seen.files) > 2 else None
    await posted(harness, standin, UPSCALER, ephemeral=True)
    looks = (await harness.job()).posted_as
    assert looks is not None
    assert (looks.larger, looks.parts) == ((0, 1), ())


async def test_what_was_said_of_the_encoding_stays(harness: Harness, standin: Standin) -> None:
    standin.fault("PATCH", fault.TOO_LARGE)
    message = await posted(harness, standin, UPSCALER)
    await used(harness)
    await again(harness)
    assert message.content.endswith(" · sent as WebP: the PNG is too large for Discord here")


async def test_a_smaller_encoding_is_said(harness: Harness, standin: Standin) -> None:
    standin.fault("PATCH", fault.TOO_LARGE)
    message = await posted(harness, standin, UPSCALER)
    assert message.content.endswith(" · sent as WebP: the PNG is too large for Discord here")


@pytest.mark.parametrize(
    ("operations", "pictures", "can"),
    [(("outpaint",), 1, True), (("outpaint",), 2, False), (("img2img", "inpaint"), 1, False), (None, 1, False)],
)
def test_what_goes_on_beyond_its_edges_is_a_single_picture_of_a_model_that_can(
    operations: tuple[str, ...] | None, pictures: int, can: bool
) -> None:
    model = None if operations is None else INFO.model_copy(update={"operations": operations})
    result = Result(pictures=(Picture(seed=1, width=64, height=64, size=1),) * pictures)
    shown = job(State.POSTED, result=result)
    able = Abilities(model=model)
    assert able.beyond(shown) == can
    card = posted_card(shown, ENGLISH, PostedAs(beyond=able.beyond(shown)), "")
    assert ("1:widen:" in str(card["components"])) == can
