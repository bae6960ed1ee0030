from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import errors
from bot.commands.followed import Followed
from bot.commands.loras import AskedLora
from bot.commands.picture import Attached
from bot.commands.resolve import STRENGTH, Asked, check_words, fitting, resolve
from bot.layers import SERVER, Value
from bot.policy.limits import Policy
from bot.source_errors import CannotBegin, StrengthAlone
from worker.contract.message.cause_texts import unabridged
from worker.contract.message.ratio import RATIOS
from worker.contract.types.cause import steps_unfit
from worker.contract.types.guide_info import GuideInfo
from worker.contract.types.lora_info import LoraInfo
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.request import PROMPT_MAX, STEPS_MAX, Lora, Scheduler
from worker.contract.types.server_settings import MEGAPIXEL, Usual

MODEL = ModelInfo(
    id="starter",
    title="Starter",
    steps=20,
    guidance_scale=5.0,
    scheduler=Scheduler.DDIM,
    native_pixels=128 * 128,
    side_min=64,
    side_max=256,
)


def test_what_was_not_asked_comes_from_the_model():
    request = resolve(Asked("a red apple"), MODEL, Policy(usual=Usual(pictures=2)))
    assert (request.width, request.height) == (128, 128)
    assert (request.steps, request.guidance_scale, request.scheduler, request.count) == (20, 5.0, Scheduler.DDIM, 2)


def test_what_nobody_typed_is_as_many_steps_as_the_sampler_needs() -> None:
    slow = MODEL.model_copy(update={"steps": 3, "fewest": (("ddim", 4),)})
    assert resolve(Asked("x"), slow, Policy()).steps == 4
    assert resolve(Asked("x", draft=True), slow, Policy()).steps == 4
    assert resolve(Asked("x", scheduler="euler"), slow, Policy()).steps == 3
    typed = resolve(Asked("x", steps=3), slow, Policy())
    assert slow.objection(typed) == steps_unfit(3)  # which is told, and not changed


USUAL = Usual(steps=30, guidance_scale=3.0, sampler="euler", pictures=3, width=192, height=128)


def test_what_was_not_asked_is_what_is_usual_here():
    request = resolve(Asked("x"), MODEL, Policy(usual=USUAL))
    assert (request.steps, request.guidance_scale, request.scheduler, request.count) == (30, 3.0, Scheduler.EULER, 3)
    assert (request.width, request.height) == (192, 128)
    asked = resolve(Asked("x", aspect_ratio="2:3", steps=5), MODEL, Policy(usual=USUAL))
    assert (asked.steps, asked.width < asked.height) == (5, True)


@pytest.mark.parametrize("usual", [(192, 128), (200, 136)])  # the second is told as 3:2, too
@pytest.mark.parametrize(("typed", "is_usual"), [("", True), ("3:2", True), ("1:1", False), ("2:3", False)])
def test_the_usual_size_serves_no_other_ratio_than_its_own(usual: tuple[int, int], typed: str, is_usual: bool):
    policy = Policy(usual=Usual(width=usual[0], height=usual[1]))
    request = resolve(Asked("x", aspect_ratio=typed), MODEL, policy)
    assert ((request.width, request.height) == usual) is is_usual
    assert (request.width == request.height) is (typed == "1:1")


def test_what_is_usual_and_this_model_or_this_version_cannot_do_is_left_out():
    odd = Usual(steps=150, sampler="of a newer version", width=2048, height=2048)
    request = resolve(Asked("x"), MODEL.model_copy(update={"steps_max": 40}), Policy(usual=odd))
    assert (request.steps, request.scheduler, request.width) == (40, Scheduler.DDIM, 128)


@pytest.mark.parametrize(
    ("usual", "own", "allowed", "drawn"),
    [
        ("lcm", None, ("ddim",), "ddim"), ("lcm", "unipc", ("unipc", "ddim"), "unipc"),
        ("lcm", "unipc", ("lcm",), "lcm"), ("lcm", None, None, "lcm"),
        (None, "unipc", ("euler", "ddim"), "euler"), (None, None, ("of a newer Easel",), None),
    ],
)  # fmt: skip
def test_nobody_is_refused_for_a_sampler_that_they_did_not_type(usual, own, allowed, drawn):
    each = {"samplers": Value(allowed, SERVER)} if allowed else {}
    policy = Policy(each=each, usual=Usual(sampler=usual))
    model = MODEL.model_copy(update={"scheduler": Scheduler(own) if own else None})
    request = resolve(Asked("x"), model, policy)
    assert request.scheduler == drawn
    policy.check(request, model)


def test_a_usual_sampler_is_not_for_a_model_that_has_its_own():
    flow = MODEL.model_copy(update={"samplers": ("euler",), "scheduler": None})
    assert resolve(Asked("x"), flow, Policy(usual=Usual(sampler="ddim"))).scheduler is None
    assert resolve(Asked("x"), flow, Policy(usual=Usual(sampler="euler"))).scheduler is Scheduler.EULER
    assert resolve(Asked("x", scheduler="ddim"), flow, Policy()).scheduler is Scheduler.DDIM  # and is refused in words


def at_most(**limits):
    return Policy(each={name: Value(most, SERVER) for name, most in limits.items()}, usual=USUAL)


@given(ratio=st.sampled_from(RATIOS), most=st.floats(64 * 64 / MEGAPIXEL, 0.1))
def test_what_was_not_asked_keeps_to_the_limits(ratio, most):
    policy = at_most(steps=9, guidance_scale=1.0, pictures=2, megapixels=most)
    request = resolve(Asked("x", aspect_ratio=ratio), MODEL, policy)
    assert (request.steps, request.guidance_scale, request.count) == (9, 1.0, 2)
    across, down = map(int, ratio.split(":"))
    assert across == down or (request.width > request.height) == (across > down)
    size = request.width, request.height
    assert request.width * request.height / MEGAPIXEL <= most or (size == MODEL.size(across, down) and most < 0.01)


def test_what_was_asked_wins_even_when_it_is_zero():
    request = resolve(Asked("x", "y", "1:1", 1, 0.0, "euler", 0, 1), MODEL, Policy())
    assert (request.steps, request.guidance_scale, request.scheduler) == (1, 0.0, Scheduler.EULER)
    assert (request.seed, request.count, request.negative_prompt) == (0, 1, "y")


def test_seeds_differ_when_none_was_asked():
    assert len({resolve(Asked("x"), MODEL, Policy()).seed for _ in range(20)}) > 1


@given(ratio=st.sampled_from(RATIOS))
def test_every_ratio_gives_a_size_that_the_model_takes(ratio):
    request = resolve(Asked("x", aspect_ratio=ratio), MODEL, Policy())
    across, down = map(int, ratio.split(":"))
    assert (request.width > request.height) == (across > down)
    assert MODEL.objection(request) is None


def test_a_model_of_squares_refuses_other_ratios():
    squares = MODEL.model_copy(update={"side_min": 128, "side_max": 128})
    assert resolve(Asked("x"), squares, Policy()).width == 128
    wide, other = Asked("x", aspect_ratio="16:9"), MODEL.model_copy(update={"id": "other", "title": "Other"})
    with pytest.raises(errors.OnlySquares, match="Starter") as alone:
        fitting(wide, squares, [squares], Policy(), chosen=False)
    assert alone.value.titles == ()
    with pytest.raises(errors.OnlySquares) as chosen:
        fitting(wide, squares, [squares, other], Policy(), chosen=True)
    assert chosen.value.titles == ("Other",)
    assert fitting(wide, squares, [squares, other], Policy(), chosen=False) is other
    for square in (Asked("x", aspect_ratio="2:2"), Asked("x")):
        assert fitting(square, squares, [squares, other], Policy(), chosen=False) is squares


SQUARES = MODEL.model_copy(update={"side_min": 128, "side_max": 128, "canvas_max": 256, "operations": ("img2img",)})
SENT = Attached(22, "https://cdn.discordapp.com/attachments/1/22/a.png", 640, 480)


@pytest.mark.parametrize(
    ("asked", "usual", "size", "drawn_at"),
    [
        (Asked("x"), {}, (128, 128), None), (Asked("x", aspect_ratio="1:1"), {}, (128, 128), None),
        (Asked("x", aspect_ratio="3:2"), {}, (192, 128), 128), (Asked("x", aspect_ratio="9:16"), {}, (128, 224), 128),
        (Asked("x"), {"width": 128, "height": 192}, (128, 192), 128),
        (Asked("x"), {"width": 256, "height": 192}, (128, 128), None),
        (Asked("x", aspect_ratio="1:1"), {"width": 128, "height": 192}, (128, 128), None),
        (Asked("x", aspect_ratio="3:2"), {"width": 200, "height": 128}, (200, 128), 128),  # which is told as 3:2
        (Asked("x", picture=SENT), {}, (128, 128), None), (Asked("x", "", "2:2", picture=SENT), {}, (128, 128), None),
        (Asked("x", picture=SENT), {"width": 192, "height": 128}, (128, 128), None),
    ],
)  # fmt: skip
def test_things_are_put_into_the_shape_asked_for(
    asked: Asked, usual: dict[str, Any], size: tuple[int, int], drawn_at: int | None
) -> None:
    assert fitting(asked, SQUARES, [SQUARES], Policy(), chosen=True) is SQUARES
    request = resolve(asked, SQUARES, Policy(usual=Usual(**usual)))
    assert ((request.width, request.height), request.drawn_at) == (size, drawn_at)
    assert SQUARES.objection(request) is None


def test_with_a_picture_such_a_model_draws_squares_only() -> None:
    asked, wider = Asked("x", aspect_ratio="3:2", picture=SENT), ABLE.model_copy(update={"title": "Wider"})
    for live in ([SQUARES], [SQUARES, wider]):
        with pytest.raises(errors.OnlySquares) as refused:
            fitting(asked, SQUARES, live, Policy(), chosen=True)
        assert (refused.value.with_picture, refused.value.titles) == (True, tuple(each.title for each in live[1:]))
    assert fitting(asked, SQUARES, [SQUARES, wider], Policy(), chosen=False) is wider
    follows = SQUARES.model_copy(update={"guides": (GuideInfo(id="look", title="Look", kind="style"),)})
    styled = Asked("x", aspect_ratio="3:2", followed=(Followed("style", SENT),))
    with pytest.raises(errors.OnlySquares):
        fitting(styled, follows, [follows], Policy(), chosen=True)


@pytest.mark.parametrize(("most", "size"), [(0.0235, (192, 128)), (0.02, (160, 128)), (0.016, (192, 128))])
def test_such_a_picture_is_as_wide_as_a_limit_lets_it_be(most: float, size: tuple[int, int]) -> None:
    """Where none fits it is refused in words, as what a model draws at least always was."""
    request = resolve(Asked("x", aspect_ratio="3:2"), SQUARES, at_most(megapixels=most))
    assert (request.width, request.height) == size


@pytest.mark.parametrize("prompt", ["", "   ", "\n\t", "\u200b\u2060\u00ad", "--", " - ", "—", "-- –"])
def test_an_empty_prompt_is_refused(prompt):
    with pytest.raises(errors.EmptyPrompt):
        check_words(Asked(prompt))


@pytest.mark.parametrize("prompt", ["<@123>", "<@!1> <@&2> <#3>", "@everyone @here", "</imagine:12>"])
def test_a_prompt_of_mentions_only_is_refused(prompt):
    with pytest.raises(errors.OnlyMentions):
        check_words(Asked(prompt))


@pytest.mark.parametrize("prompt", ["<@123> as a knight", "🔥", "a < b > c", "<:apple:1234>"])
def test_words_beside_mentions_are_enough(prompt):
    check_words(Asked(prompt))


@pytest.mark.parametrize("option", ["prompt", "negative_prompt"])
def test_too_long_is_refused_with_both_lengths(option):
    asked: dict[str, Any] = {"prompt": "x", option: "y" * (PROMPT_MAX + 1)}
    with pytest.raises(errors.PromptTooLong) as caught:
        check_words(Asked(**asked))
    assert (caught.value.option, caught.value.length, caught.value.limit) == (option, PROMPT_MAX + 1, PROMPT_MAX)


def test_a_value_outside_every_model_names_its_option():
    with pytest.raises(errors.BadOption) as caught:
        resolve(Asked("x", steps=10_000), MODEL, Policy())
    assert (caught.value.option, caught.value.least, caught.value.most) == ("steps", None, STEPS_MAX)
    with pytest.raises(errors.BadOption) as caught:
        resolve(Asked("x", steps=0), MODEL, Policy())
    assert (caught.value.option, caught.value.least, caught.value.most) == ("steps", 1, None)


@pytest.mark.parametrize(
    ("asked", "limits", "option", "most"),
    [
        ({"count": 12}, {"pictures": 4}, "count", 4),
        ({"count": 12}, {"pictures": 40}, "count", 10),
        ({"steps": 10_000}, {"steps": 30}, "steps", 30),
        ({"steps": 10_000}, {"steps": 90}, "steps", 60),  # the model's
        ({"guidance": 1000.0}, {"guidance_scale": 8.5}, "guidance", 8.5),
    ],
)
def test_a_value_outside_every_model_names_the_most_that_can_be_had_here(asked, limits, option, most):
    policy = Policy(each={name: Value(value, SERVER) for name, value in limits.items()})
    with pytest.raises(errors.BadOption) as caught:
        resolve(Asked("x", **asked), MODEL.model_copy(update={"steps_max": 60}), policy)
    assert (caught.value.option, caught.value.most) == (option, most)


PICTURE = Attached(22, "https://cdn.discordapp.com/attachments/1/22/a.png", 640, 480)
PIXEL = LoraInfo(id="pixel", title="Pixel art", weight=0.7)
FAST = LoraInfo(id="lcm", title="LCM", steps=4, guidance_scale=1.5, scheduler="lcm")
ABLE = MODEL.model_copy(update={"id": "able", "title": "Able", "operations": ("img2img",), "loras": (PIXEL, FAST)})


def test_a_picture_gives_its_shape_and_is_drawn_over_in_part():
    request = resolve(Asked("x", picture=PICTURE), ABLE, Policy(usual=USUAL))
    assert (request.operation, request.strength, request.sources) == ("img2img", STRENGTH, (PICTURE.source(),))
    assert request.width / request.height == pytest.approx(4 / 3, rel=0.06)
    assert (request.steps, ABLE.objection(request)) == (30, None)
    square = resolve(Asked("x", aspect_ratio="1:1", picture=PICTURE, strength=0.3), ABLE, Policy())
    assert (square.width, square.height, square.strength) == (128, 128, 0.3)


@given(
    width=st.integers(1, 65_535), height=st.integers(1, 65_535), most=st.floats(64 * 64 / MEGAPIXEL, 0.1),
    multiple=st.sampled_from([8, 16, 64]),
)  # fmt: skip
def test_a_picture_of_any_shape_gives_a_size_that_the_model_takes_within_the_limits(width, height, most, multiple):
    model = ABLE.model_copy(update={"multiple": multiple})
    picture = Attached(22, PICTURE.link, width, height)
    request = resolve(Asked("x", picture=picture), model, at_most(megapixels=most))
    assert model.objection(request) is None
    assert request.width * request.height / MEGAPIXEL <= most or most < 0.01
    squares = ABLE.model_copy(update={"side_min": 128, "side_max": 128})
    assert resolve(Asked("x", picture=picture), squares, Policy()).width == 128


def test_a_lora_has_its_own_weight_and_what_it_is_drawn_with():
    typed = resolve(Asked("x", loras=(AskedLora("Pixel ART"), AskedLora("lcm", 0.5))), ABLE, Policy(usual=USUAL))
    assert typed.loras == (Lora(id="pixel", weight=0.7), Lora(id="lcm", weight=0.5))
    assert (typed.steps, typed.guidance_scale, typed.scheduler) == (4, 1.5, Scheduler.LCM)
    own = Asked("x", steps=9, guidance=2.0, scheduler="euler", loras=(AskedLora("lcm"),))
    request = resolve(own, ABLE, Policy())
    assert (request.steps, request.guidance_scale, request.scheduler) == (9, 2.0, Scheduler.EULER)
    limited = at_most(steps=3, samplers=("ddim",))
    request = resolve(Asked("x", loras=(AskedLora("lcm"),)), ABLE, limited)
    assert (request.steps, request.scheduler) == (3, Scheduler.DDIM)
    limited.check(request, ABLE)
    with pytest.raises(errors.ModelObjects, match="no_such_lora") as refused:
        resolve(Asked("x", loras=(AskedLora("ink"),)), ABLE, Policy())
    assert "ink" in unabridged(refused.value.cause)


def test_where_nobody_chose_a_model_the_first_that_can_and_may_is_taken():
    other = ABLE.model_copy(update={"id": "other", "title": "Other", "loras": ()})
    live, asked = [MODEL, other, ABLE], Asked("x", picture=PICTURE)
    assert fitting(Asked("x"), MODEL, live, Policy(), chosen=False) is MODEL
    assert fitting(asked, MODEL, live, Policy(), chosen=False) is other
    assert fitting(asked, ABLE, live, Policy(), chosen=False) is ABLE
    assert fitting(asked, MODEL, live, at_most(models=("starter", "able")), chosen=False) is ABLE
    with_lora = replace(asked, loras=(AskedLora("pixel"),))
    assert fitting(with_lora, MODEL, live, Policy(), chosen=False) is ABLE
    with pytest.raises(CannotBegin) as refused:
        fitting(asked, MODEL, live, Policy(), chosen=True)
    assert (refused.value.title, refused.value.titles) == ("Starter", ("Other", "Able"))
    with pytest.raises(CannotBegin) as refused:
        fitting(asked, MODEL, live, at_most(models=("starter",)), chosen=False)
    assert refused.value.titles == ()


def test_a_strength_is_of_a_picture():
    with pytest.raises(StrengthAlone):
        check_words(Asked("x", strength=0.5))
    check_words(Asked("x", strength=0.5, picture=PICTURE))
