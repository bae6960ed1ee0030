"""Zoom out, widen, heighten: what is asked for, within which sizes, and what is said where a model cannot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import texts
from bot.result_errors import CannotGoOn
from bot.verbs.begun import Begun
from bot.verbs.beyond import beyond
from tests.bot.harness import STARTER, Harness
from tests.bot.verbs.test_vary import live, other_job, press
from tests.worker.contract.factories import request
from tests.worker.contract.message.test_job_message import THERE
from worker.contract.message.languages import ENGLISH
from worker.contract.message.verbs import VERBS, Verb
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.operation import Operation, SourcePicture
from worker.contract.types.request import Request
from worker.contract.types.server_settings import MEGAPIXEL

ABLE = STARTER.model_copy(update={"operations": ("img2img", "outpaint"), "native_pixels": 128 * 128, "side_max": 128})
TIMES = {Verb.ZOOM_SOME: (1.5, 1.5), Verb.ZOOM_TWICE: (2, 2), Verb.WIDEN: (1.5, 1), Verb.HEIGHTEN: (1, 1.5)}


@pytest.fixture
async def able(harness: Harness) -> Harness:
    """A worker lives whose model goes on beyond edges."""
    await live(harness, ABLE)
    return harness


@pytest.mark.parametrize("forgets", [False, True])
@pytest.mark.parametrize("verb", TIMES)
async def test_one_larger_picture_is_asked_for_by_whoever_presses(able: Harness, verb: Verb, forgets: bool):
    first, message = await able.posted("bea")
    if forgets:
        await able.redis.flushall()
        await live(able, ABLE)
    job = await able.job((await press(able, message, verb)).id)
    asked, drawn, (across, down) = job.request, first.request, TIMES[verb]
    assert (asked.operation, asked.count, asked.strength) == (Operation.OUTPAINT, 1, 1.0)
    assert (asked.width, asked.height) == (drawn.width * across, drawn.height * down)
    assert asked.without_sources == drawn.model_copy(update={"seed": asked.seed, "count": 1, "steps": asked.steps})
    assert asked.steps >= 8
    assert asked.seed != drawn.seed
    assert asked.outpaint is not None
    assert asked.outpaint.kept.edges[2:] == ((asked.width + 128) // 2, (asked.height + 128) // 2)
    assert job.verb == verb
    assert job.sources is not None
    assert (job.sources.pictures[0].message, job.sources.pictures[0].picture) == (
        message.id,
        0 if first.request.count > 1 else None,
    )


async def test_a_reaction_does_the_same(able: Harness):
    first, message = await able.posted("bea")
    await able.discord.react(message, VERBS[Verb.WIDEN].reactions[0], "cem")
    job = await other_job(able, first)
    assert (job.verb, job.request.width, job.request.height) == ("widen", 192, 128)


async def test_a_model_that_cannot_is_named(harness: Harness):
    _, message = await harness.posted("bea")
    answer = await harness.answer(await press(harness, message, Verb.ZOOM_SOME))
    assert (answer.content, answer.ephemeral) == (texts.refusal(CannotGoOn("Starter"), ENGLISH), True)


@pytest.mark.parametrize("verb", [Verb.WIDEN, Verb.VARY_LOT, Verb.CAME_ABOUT])
async def test_what_was_refused_for_now_is_asked_for_again_by_the_button_below(harness: Harness, verb: Verb):
    await live(harness, ABLE.model_copy(update={"operations": ("img2img", "outpaint", "moments")}))
    _, message = await harness.posted("bea")
    while not (await harness.answer(last := await harness.imagine("cem"))).ephemeral:
        waits = last.id
    pressed = await press(harness, message, verb)
    refused = await harness.answer(pressed)
    assert [each["label"] for each in refused.buttons] == ["Try again"]
    again = await harness.answer(await harness.discord.press(refused, "Try again", "cem"))
    assert (again.content, again.ephemeral, again.buttons) == (refused.content, True, refused.buttons)
    await harness.jobs.cancel(str(waits))
    job = await harness.job((await harness.discord.press(again, "Try again", "cem")).id)
    assert job.verb == verb


async def test_what_went_on_can_be_varied_and_edited(able: Harness):
    _, message = await able.posted("bea")
    job = await able.job((await press(able, message, Verb.WIDEN)).id)
    assert job.request.without_sources.outpaint is None
    assert Request.model_validate_json(job.request.model_dump_json()) == job.request


async def test_larger_than_limits_allow_the_picture_is_made_smaller(able: Harness, monkeypatch: pytest.MonkeyPatch):
    _, message = await able.posted("bea")
    monkeypatch.setattr(
        "bot.policy.limits.Policy.at_most", lambda _, name, most: 0.03 if name == "megapixels" else most
    )
    asked = (await able.job((await press(able, message, Verb.ZOOM_TWICE)).id)).request
    assert asked.outpaint is not None
    assert asked.width * asked.height <= 0.03 * MEGAPIXEL
    assert asked.width >= 2 * asked.outpaint.width - 8 >= 128


sides = st.integers(32, 256).map(lambda each: each * 8)


@given(sides, sides, st.sampled_from([(1.5, 1.5), (2.0, 2.0), (1.5, 1.0), (1.0, 1.5)]), st.sampled_from([8, 16, 64]))
def test_whatever_the_picture_the_whole_suits_model_and_limits(
    width: int, height: int, times: tuple[float, float], multiple: int
) -> None:
    model = ModelInfo(id="starter", title="S", multiple=multiple, side_min=64, operations=("outpaint",))
    drawn = request(steps=4, width=512, height=512).model_copy(update={"width": width, "height": height})
    begun = Begun(drawn, 0, SourcePicture(width=width, height=height), THERE)
    asked = beyond(begun, model, *times, 4 * model.native_pixels)
    assert Request.model_validate(asked.model_dump()) == asked
    assert model.objection(asked) is None
    assert asked.outpaint is not None
    assert asked.width * asked.height <= 4 * 512 * 512
    kept = asked.outpaint.kept
    assert (asked.width > kept.width, asked.height > kept.height) == (times[0] > 1, times[1] > 1)
    assert 0 <= asked.width - kept.edges[2] - kept.left <= 16


def test_what_things_were_put_into_goes_on_as_any_picture() -> None:
    model = ModelInfo(id="starter", title="S", side_min=128, side_max=128, canvas_max=256, operations=("outpaint",))
    drawn = request(width=192, height=128, drawn_at=128)
    asked = beyond(Begun(drawn, 0, SourcePicture(width=192, height=128), THERE), model, 1.5, 1.5, 512 * 512)
    assert asked.drawn_at is None
    assert Request.model_validate(asked.model_dump()) == asked
    assert model.objection(asked) is None
