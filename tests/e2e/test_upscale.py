"""One picture of a message made larger: by button and reaction, with and without Redis's memory, and in trouble."""

import io

import pytest
from PIL import Image

from deploy.sandbox.client import Attachment, Message
from tests.e2e.local import DEADLINE
from tests.e2e.person import CHANNEL, Easel, job_of
from tests.worker.contract.factories import named
from worker.contract.types import recipe
from worker.contract.types.job import Job, Reason, State

CDN = "/cdn/attachments/*"


async def picture(easel: Easel, attachment: Attachment) -> Image.Image:
    with Image.open(io.BytesIO(await easel.sandbox.download(attachment))) as image:
        return image.convert("RGB")


def larger(small: Image.Image) -> bytes:
    """The pixels that the fake engine makes of a picture."""
    return small.resize((4 * small.width, 4 * small.height), Image.Resampling.NEAREST).tobytes()


async def press(easel: Easel, message: Message, label: str, person: str = "Cem") -> Message:
    """The bot's public answer to a press."""
    done = await easel.sandbox.press(message, label, person, timeout=DEADLINE)
    assert done.message_id is not None
    answer = await easel.sandbox.message(done.message_id)
    assert not answer.ephemeral, answer.content
    return answer


async def shown(easel: Easel, answer: Message, pictures: int = 1) -> Message:
    """The answer once its job is posted."""
    await easel.reaches(job_of(answer), State.POSTED)
    return await easel.sandbox.wait_edit(answer, lambda it: len(it.attachments) == pictures, DEADLINE)


async def failed(easel: Easel, answer: Message) -> Job:
    record = await easel.reaches(job_of(answer), State.FAILED)
    assert record.reason is Reason.SOURCE
    return record


VARY = ("Vary a little", "Vary a lot")
BEYOND = ("Zoom out", "Widen")


def labels(message: Message) -> list[str]:
    return [named(button) for button in message.buttons]


async def test_a_button_makes_one_of_several_larger(easel: Easel) -> None:
    message = await easel.once(await easel.ask("two apples", count=2, seed=7), pictures=2)
    assert labels(message) == ["U1", "U2", "🔁", "V1", "V2", "✏️", "Enhance", "⭐", "✉️", "More"]
    assert [len(row["components"]) for row in message.components] == [3, 3, 4]
    answer = await press(easel, message, "U2")
    other = await press(easel, message, "U1")  # in haste, but not the same
    answer = await shown(easel, answer)
    assert "-# Picture 1 of [these](" in (await shown(easel, other)).content
    assert answer.reply_to == message.id
    record = await easel.reaches(job_of(answer), State.POSTED)
    assert answer.content.startswith(f"**two apples** — <@{record.owner}>\n")
    assert f"-# Picture 2 of [these](https://discord.com/channels/{record.server}/" in answer.content
    assert " · 128 × 128 → 512 × 512 · " in answer.content
    small = await picture(easel, message.attachments[1])
    large = await picture(easel, answer.attachments[0])
    assert large.tobytes() == larger(small)
    found = recipe.read(await easel.sandbox.download(answer.attachments[0]))
    assert found is not None
    assert found.again.drawing == (await easel.reaches(job_of(message), State.POSTED)).request.only(1)


async def test_a_large_one_can_be_made_larger_up_to_the_limit_and_drawn_anew(easel: Easel) -> None:
    message = await easel.once(await easel.ask("one apple", seed=8))
    assert labels(message) == [*VARY, "Edit", "Enhance", "Upscale", *BEYOND, "🔁", "⭐", "✉️", "More"]
    once = await shown(easel, await press(easel, message, "Upscale"))
    twice = await shown(easel, await press(easel, once, "Upscale"))
    assert " · 512 × 512 → 2048 × 2048 · " in twice.content
    assert labels(twice) == [*VARY, "Edit", *BEYOND, "🔁", "⭐", "✉️", "More"]
    anew = await shown(easel, await press(easel, twice, "1:rerun"))
    record = await easel.reaches(job_of(anew), State.POSTED)
    assert (record.request.upscale, record.request.width, record.verb) == (None, 128, "rerun")


async def test_a_picture_goes_on_beyond_its_edges_and_on_from_there(easel: Easel) -> None:
    message = await easel.once(await easel.ask("one pear", seed=8))
    wide = await shown(easel, await press(easel, message, "Widen"))
    assert "-# Widened ×1.5 from [this picture](https://discord.com/channels/" in wide.content
    small, large = await picture(easel, message.attachments[0]), await picture(easel, wide.attachments[0])
    assert large.size == (192, 128)
    assert large.crop((32, 0, 160, 128)).tobytes() == small.tobytes()
    found = recipe.read(await easel.sandbox.download(wide.attachments[0]))
    record = await easel.reaches(job_of(wide), State.POSTED)
    assert found is not None
    assert found.again == record.request
    panel = await easel.sandbox.press(wide, "More", "Cem", timeout=DEADLINE)
    assert panel.message_id is not None
    out = await shown(easel, await press(easel, await easel.sandbox.message(panel.message_id), "Zoom out ×2"))
    assert "-# Zoomed out ×2 from [this picture](" in out.content
    assert (await picture(easel, out.attachments[0])).size == (304, 208)


async def test_how_one_of_several_came_about_is_shown_when_redis_knows_nothing_any_more(easel: Easel) -> None:
    message = await easel.once(await easel.ask("two plums", count=2, seed=7), pictures=2)
    drawn = (await easel.reaches(job_of(message), State.POSTED)).request.only(1)
    await easel.redis.flushall()
    await easel.beating()
    panel = await easel.sandbox.press(message, "More", "Cem", timeout=DEADLINE)
    assert panel.message_id is not None
    came = await shown(easel, await press(easel, await easel.sandbox.message(panel.message_id), "How 2"), pictures=2)
    assert "How picture 2 of [these](https://discord.com/channels/" in came.content
    assert f"/{message.id}) came about: below each moment" in came.content
    words = came.attachments[0].description or ""
    assert words.startswith("Moments from noise to the picture, noise 100 %, ")
    assert words.endswith(", 0 %: two plums")
    assert labels(came) == ["🔁", "✏️", "⭐", "✉️", "More"]
    assert [each.filename.rpartition("-")[2] for each in came.attachments] == ["1.png", "2.gif"]
    for attachment in came.attachments:
        found = recipe.read(await easel.sandbox.download(attachment))
        assert found is not None
        assert found.again == drawn.model_copy(update={"moments": 8})


async def test_a_reaction_does_the_same_when_redis_knows_nothing_any_more(easel: Easel) -> None:
    message = await easel.once(await easel.ask("long ago", count=2, seed=9), pictures=2)
    await easel.redis.flushall()
    await easel.beating()
    await easel.sandbox.react(message, "2️⃣", "Cem")
    reply = await easel.sandbox.wait_message(
        CHANNEL, lambda it: it.reply_to == message.id and bool(it.attachments), DEADLINE
    )
    assert "**long ago**" in reply.content
    assert "-# Picture 2 of [these](" in reply.content
    small = await picture(easel, message.attachments[1])
    assert (await picture(easel, reply.attachments[0])).tobytes() == larger(small)


async def test_in_a_direct_message_both_ways_work_alike(easel: Easel) -> None:
    asked = await easel.ask("between us", channel="dm:Bea", count=2, seed=10)
    message = await easel.once(asked, pictures=2, channel="dm:Bea")
    await shown(easel, await press(easel, message, "U1", "Bea"))
    known = {each.id for each in await easel.sandbox.messages("dm:Bea")}
    await easel.sandbox.react(message, "2️⃣", "Bea")
    reply = await easel.sandbox.wait_message(
        "dm:Bea", lambda it: it.reply_to == message.id and it.id not in known and bool(it.attachments), DEADLINE
    )
    assert (await easel.reaches(job_of(reply), State.POSTED)).server.startswith("dm-")


async def test_a_running_one_is_cancelled_within_a_tile_and_can_be_tried_again(easel: Easel) -> None:
    message = await easel.once(await easel.ask("slowly [slow=0.8]", steps=1))
    answer = await press(easel, message, "Upscale")
    await easel.drawing(job_of(answer))
    seen = await easel.sandbox.wait_edit(answer, lambda it: "upscaling · " in it.content, DEADLINE)
    await easel.sandbox.press(seen, "Cancel", "Cem", timeout=DEADLINE)
    assert (await easel.reaches(job_of(answer), State.CANCELLED)).attempt == 1
    ended = await easel.sandbox.wait_edit(answer, lambda it: "Cancelled" in it.content, DEADLINE)
    again = await press(easel, ended, "Rerun")
    assert (await easel.reaches(job_of(again), State.CLAIMED, State.POSTED)).verb == "upscale"
    await easel.sandbox.press(again, "Cancel", "Cem", timeout=DEADLINE)
    await easel.reaches(job_of(again), State.CANCELLED)


async def test_a_picture_that_is_gone_is_told(easel: Easel) -> None:
    message = await easel.once(await easel.ask("here for now"))
    await easel.sandbox.fault("GET", CDN, status=404, times=None)
    answer = await press(easel, message, "Upscale")
    assert (await failed(easel, answer)).attempt == 1
    told = await easel.sandbox.wait_edit(answer, lambda it: "could not" in it.content, DEADLINE)
    assert "The picture could not be upscaled. It is gone; its message was deleted" in told.content


@pytest.mark.parametrize("trouble", [{"status": 503}, {"drop": "after"}])
async def test_a_cdn_that_stumbles_costs_no_attempt(easel: Easel, trouble: dict[str, object]) -> None:
    message = await easel.once(await easel.ask("stumbling"))
    await easel.sandbox.fault("GET", CDN, **trouble)
    answer = await press(easel, message, "Upscale")
    assert (await easel.reaches(job_of(answer), State.POSTED)).attempt == 1
