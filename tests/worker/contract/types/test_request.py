"""Every bound of a request, from both sides, and what is derived from it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.worker.contract.factories import BEGINS, EDGES, FOLLOWS, HOW, INFO, LOOK, PICTURE, begun, request
from worker.contract.types.cause import (
    height_unfit,
    inpaint_under_steps,
    no_guides,
    no_loras,
    no_such_guide,
    no_such_lora,
    operation_unfit,
    sampler_unfit,
    size_not_drawn,
    steps_over_model,
    steps_unfit,
    width_unfit,
)
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.operation import Operation, SourceRole
from worker.contract.types.request import SEED_MAX, Guide, Lora, Request, Scheduler

MASK = PICTURE.model_copy(update={"role": SourceRole.MASK})
PIXEL = Lora(id="pixel", weight=0.8)


@pytest.mark.parametrize(
    "changes",
    [
        {"prompt": "x" * 1000}, {"width": 64}, {"width": 2048, "height": 2048}, {"steps": 1}, {"steps": 150},
        {"guidance_scale": 0}, {"guidance_scale": 30}, {"count": 1}, {"count": 10}, {"seed": 0}, {"seed": SEED_MAX},
    ],
)  # fmt: skip
def test_the_bounds_themselves_are_allowed(changes: dict[str, object]) -> None:
    request(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"prompt": "x" * 1001}, {"prompt": "  "}, {"negative_prompt": "x" * 1001}, {"width": 56}, {"width": 65},
        {"height": 2056}, {"steps": 0}, {"steps": 151}, {"guidance_scale": -0.1}, {"guidance_scale": 30.1},
        {"guidance_scale": float("nan")}, {"count": 0}, {"count": 11}, {"seed": -1}, {"seed": SEED_MAX + 1},
        {"model": "../etc"}, {"model": ""}, {"scheduler": "plms"}, {"version": 2}, {"unknown": 1},
    ],
)  # fmt: skip
def test_beyond_the_bounds_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        request(**changes)


def test_moments_are_of_one_picture_and_need_who_can_show_them() -> None:
    shown = request(count=1, moments=8)
    assert (shown.version, shown.needs, shown.files) == (7, ("starter", "moments:starter"), 2)
    assert (shown.cost(), request(count=4).files) == (request(count=1).cost(), 4)
    for changes in ({"count": 2}, {"moments": 17}, {"moments": -1}):
        with pytest.raises(ValidationError):
            request(**({"count": 1, "moments": 8} | changes))


def test_picture_i_alone_has_the_seed_it_had_among_others() -> None:
    asked = request(seed=SEED_MAX - 1, count=4)
    assert [asked.seed_of(i) for i in range(4)] == [SEED_MAX - 1, SEED_MAX, 0, 1]
    assert asked.only(2) == request(seed=0, count=1)


WORDS = ("an apple, icon", "an apple, cartoon", "an apple, sticker")


def test_pictures_with_words_of_their_own_keep_them_alone() -> None:
    asked = request(seed=7, count=3, prompts=WORDS)
    assert [asked.only(i) for i in range(3)] == [request(seed=7 + i, count=1, prompt=WORDS[i]) for i in range(3)]
    assert asked.first(2) == request(seed=7, count=2, prompts=WORDS[:2])
    assert (asked.texts, request().texts) == (WORDS, (request().prompt,))
    assert asked.worded(1) == request(seed=7, count=3, prompts=WORDS, prompt=WORDS[1])
    assert (asked.version, request().version) == (6, 1)


@pytest.mark.parametrize("prompts", [WORDS[:1], (*WORDS[:2], ""), (*WORDS[:2], "x" * 1001), WORDS * 2])
def test_there_are_as_many_words_as_pictures(prompts: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError):
        request(count=3, prompts=prompts)


@given(st.sampled_from([(1, 1), (3, 2), (2, 3), (16, 9), (9, 16), (21, 9)]), st.sampled_from([8, 16, 64]))
def test_every_ratio_gives_a_size_that_the_model_draws(ratio: tuple[int, int], multiple: int) -> None:
    model = ModelInfo(id="m", title="M", multiple=multiple)
    width, height = model.size(*ratio)
    assert model.objection(request(width=width, height=height)) is None


def test_sizes_keep_area_and_ratio() -> None:
    assert ModelInfo(id="m", title="M").size(1, 1) == (512, 512)
    assert ModelInfo(id="m", title="M").size(16, 9) == (680, 384)


def test_an_extreme_ratio_comes_out_milder() -> None:
    assert ModelInfo(id="m", title="M").size(30, 1) == (1024, 256)
    assert ModelInfo(id="m", title="M").size(1, 30) == (256, 1024)


def test_a_model_says_what_it_can_not_draw() -> None:
    assert INFO.objection(request()) is None
    assert INFO.objection(request(width=512)) == width_unfit("Starter", 512, 64, 256, 8)
    assert INFO.objection(request(height=68 * 8)) == height_unfit("Starter", 544, 64, 256, 8)
    coarse = INFO.model_copy(update={"multiple": 64})
    assert coarse.objection(request(height=72)) == height_unfit("Starter", 72, 64, 256, 64)
    small = INFO.model_copy(update={"steps_max": 10})
    assert small.objection(request(steps=11)) == steps_over_model("Starter", 11, 10)


def test_a_model_says_in_how_many_steps_a_sampler_draws_at_least() -> None:
    slow = INFO.model_copy(update={"fewest": (("", 4), ("euler", 2))})
    for sampler, least in ((None, 4), (Scheduler.EULER, 2), (Scheduler.DDIM, 1)):
        assert slow.steps_min(sampler) == least
        assert slow.objection(request(steps=least, scheduler=sampler)) is None
        if least > 1:
            assert slow.objection(request(steps=least - 1, scheduler=sampler)) == steps_unfit(least - 1)


def test_every_picture_step_and_pixel_costs_and_slow_models_cost_more() -> None:
    one = request(width=1000, height=1000, steps=10, count=1).cost()
    assert one == pytest.approx(10)
    assert request(width=1000, height=1000, steps=10, count=3).cost(2.5) == pytest.approx(75)


def test_a_sampler_that_does_not_suit_is_refused_where_that_was_tried() -> None:
    assert INFO.objection(request(scheduler=Scheduler.DDIM)) is None
    tried = INFO.model_copy(update={"samplers": ("euler", "of a newer version")})
    assert tried.objection(request(scheduler=Scheduler.EULER)) is None
    assert tried.objection(request()) is None
    assert tried.objection(request(scheduler=Scheduler.DDIM)) == sampler_unfit("ddim")
    own = INFO.model_copy(update={"samplers": ()})
    assert own.objection(request(scheduler=Scheduler.EULER)) == sampler_unfit("euler")


def test_what_a_model_does_not_hear_of_is_left_out_if_it_was_asked_for() -> None:
    deaf = INFO.model_copy(update={"unheard": ("guidance_scale", "negative_prompt", "of a newer version")})
    usual = request(guidance_scale=INFO.guidance_scale)
    assert deaf.left_out(usual) == ()
    assert deaf.left_out(usual.model_copy(update={"negative_prompt": "red"})) == ("negative_prompt",)
    assert deaf.left_out(usual.model_copy(update={"guidance_scale": 9.5})) == ("guidance_scale",)
    assert INFO.left_out(request(negative_prompt="red", guidance_scale=9.5)) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {}, {"strength": 1}, {"strength": 0.01}, {"loras": [PIXEL]}, {"loras": [PIXEL, Lora(id="b", weight=-2)]},
        {"operation": "inpaint", "sources": [PICTURE, MASK]},
    ],
)  # fmt: skip
def test_what_begins_with_pictures_is_read_back_as_it_was(changes: dict[str, object]) -> None:
    made = begun(**changes)
    assert made.version == 5
    assert type(made).model_validate_json(made.model_dump_json()) == made
    assert made.without_sources == request(loras=made.loras)
    assert (made.without_sources.version, made.enlarged(HOW).drawing) == (5 if made.loras else 1, made)


@pytest.mark.parametrize(
    "changes",
    [
        {"sources": ()}, {"sources": [PICTURE, PICTURE]}, {"sources": [MASK]}, {"strength": None}, {"strength": 0},
        {"strength": 1.01}, {"operation": "txt2img"}, {"operation": "inpaint"}, {"operation": "relight"},
        {"operation": "inpaint", "sources": [MASK, PICTURE]}, {"loras": [PIXEL, PIXEL]},
        {"loras": [Lora(id=name, weight=1) for name in "abcde"]}, {"loras": [{"id": "../x", "weight": 1}]},
        {"loras": [{"id": "x", "weight": 2.1}]}, {"loras": [{"id": "x", "weight": float("nan")}]},
        {"sources": [{"width": 0, "height": 1}]}, {"sources": [{"width": 1, "height": 65_536}]},
        {"sources": [{"width": 1, "height": 1, "link": "https://cdn.discordapp.com/attachments/1/2/a.png"}]},
    ],
)  # fmt: skip
def test_what_fits_no_operation_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        begun(**changes)


def beyond(**changes: Any) -> Request:
    """A picture of 512 × 512 with as much again around it."""
    place: dict[str, Any] = {
        "left": 128,
        "top": 128,
        "width": 512,
        "height": 512,
        "window_width": 512,
        "window_height": 512,
    }
    place |= {name: changes.pop(name) for name in [*changes] if name in place}
    return begun(**({"operation": "outpaint", "width": 768, "height": 768, "strength": 1, "outpaint": place} | changes))


def test_what_goes_on_beyond_edges_is_of_a_later_version_and_read_back() -> None:
    made = beyond()
    assert made.version == 7
    assert Request.model_validate_json(made.model_dump_json()) == made
    assert made.needs == ("outpaint:starter",)
    assert made.without_sources == request(width=512, height=512)


@pytest.mark.parametrize(
    "changes",
    [
        {"outpaint": None}, {"operation": "img2img"}, {"left": 264}, {"top": 300}, {"height": 680},
        {"left": 0, "top": 0, "width": 768, "height": 768}, {"window_width": 776}, {"window_height": 500},
        {"window_width": 64, "window_height": 64}, {"left": -8}, {"link": "https://cdn.discordapp.com/attachments/1"},
    ],
)  # fmt: skip
def test_a_place_that_is_none_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        beyond(**changes)


def test_every_window_costs_and_counts_as_steps() -> None:
    made = beyond(steps=20)
    assert (len(made.windows), made.real_steps, made.all_steps) == (4, 20, 80)
    assert made.cost(2) == pytest.approx(512 * 512 / 1e6 * 80 * made.count * 2)
    assert (made.at_once.width, made.at_once.operation, made.at_once.windows) == (512, Operation.INPAINT, ())
    assert request().all_steps == request().real_steps
    assert request().at_once == request()


def test_of_what_goes_on_beyond_edges_the_windows_must_suit_the_model() -> None:
    able = ModelInfo(id="starter", title="S", side_min=512, side_max=512, operations=("outpaint",))
    assert able.objection(beyond(steps=8)) is None
    assert able.objection(beyond(steps=7)) == inpaint_under_steps(7, 8)
    assert able.objection(beyond(steps=8, window_height=504)) == height_unfit("S", 504, 512, 512, 8)
    assert able.model_copy(update={"multiple": 512}).objection(beyond(steps=8)) is not None
    assert INFO.objection(beyond(window_width=256, window_height=256)) == operation_unfit("Starter", "outpaint")


def test_each_operation_and_lora_is_a_need_of_its_own() -> None:
    assert request().needs == ("starter",)
    assert begun().needs == ("img2img:starter",)
    assert request(loras=[PIXEL, Lora(id="ink", weight=1)]).needs == (
        "starter",
        "lora/ink:starter",
        "lora/pixel:starter",
    )
    assert begun(loras=[PIXEL], count=1).enlarged(HOW).needs == (HOW.upscaler,)
    assert set(begun(loras=[PIXEL]).needs) <= set(BEGINS.capabilities)
    assert BEGINS.capabilities == ("starter", "img2img:starter", "lora/pixel:starter")


def test_a_picture_that_is_kept_in_part_takes_fewer_steps_and_costs_less() -> None:
    assert [begun(steps=20, strength=share).real_steps for share in (0.01, 0.35, 0.6, 1)] == [1, 7, 12, 20]
    assert request(steps=20).real_steps == 20
    assert begun(strength=0.5).cost() == pytest.approx(request().cost() / 2)


def test_the_way_to_noise_costs_its_moments_and_no_more_than_the_picture() -> None:
    area = begun().width * begun().height / 1e6
    for steps, costs in ((50, 8), (20, 8), (4, 4), (1, 1)):
        way = begun(steps=steps, strength=1, count=1, moments=8, forward=True)
        assert way.cost(2) == pytest.approx(area * costs * 2)
    assert begun(steps=20, strength=1, count=1, moments=8).cost() == begun(steps=20, strength=1, count=1).cost()


def test_a_model_says_which_operations_and_loras_it_has() -> None:
    assert BEGINS.objection(begun(loras=[PIXEL])) is None
    assert INFO.objection(begun()) == operation_unfit("Starter", "img2img")
    assert BEGINS.objection(begun(operation="inpaint", sources=[PICTURE, MASK])) == operation_unfit(
        "Starter", "inpaint"
    )
    assert INFO.objection(request(loras=[PIXEL])) == no_loras("Starter")
    ink = request(loras=[PIXEL, Lora(id="ink", weight=1)])
    assert BEGINS.objection(ink) == no_such_lora("Starter", "ink", "pixel")
    assert [each.id for each in map(BEGINS.lora, ("PIXEL", " pixel Art")) if each] == ["pixel", "pixel"]
    assert all(INFO.does(each) == (each is Operation.TXT2IMG) for each in Operation)


def test_pictures_to_follow_come_after_those_to_begin_with_and_go_with_them() -> None:
    made = begun(guides=[EDGES, LOOK])
    assert (made.version, made.pictures) == (6, (PICTURE, EDGES.picture, LOOK.picture))
    assert Request.model_validate_json(made.model_dump_json()) == made
    assert made.without_sources == request()
    assert made.needs == ("img2img:starter", "guide/edges:starter", "guide/look:starter")
    assert set(request(guides=[EDGES, LOOK]).needs) == set(FOLLOWS.capabilities)
    assert made.enlarged(HOW).needs == (HOW.upscaler,)


@pytest.mark.parametrize(
    "guides",
    [
        [EDGES, EDGES], [LOOK, LOOK.model_copy(update={"id": "other"})],
        [EDGES.model_copy(update={"id": name}) for name in "abc"], [EDGES.model_copy(update={"picture": PICTURE})],
        [EDGES.model_copy(update={"picture": MASK})], [EDGES.model_copy(update={"weight": 2.1})],
        [EDGES.model_copy(update={"weight": -0.1})], [EDGES.model_copy(update={"id": "../x"})],
    ],
)  # fmt: skip
def test_what_cannot_be_followed_is_refused(guides: list[Guide]) -> None:
    with pytest.raises(ValidationError):
        request(guides=[each.model_dump() for each in guides])


def test_a_model_says_which_pictures_it_follows_and_how() -> None:
    asked = request(guides=[EDGES, LOOK])
    assert FOLLOWS.objection(asked) is None
    assert FOLLOWS.guide_kinds(asked) == ("canny", "style")
    assert INFO.objection(asked) == no_guides("Starter")
    other = request(guides=[EDGES.model_copy(update={"id": "depth"})])
    assert FOLLOWS.objection(other) == no_such_guide("Starter", "depth", "edges")
    turned = request(guides=[EDGES.model_copy(update={"picture": LOOK.picture})])  # a reference for a ControlNet
    assert FOLLOWS.objection(turned) is not None


SQUARES = INFO.model_copy(update={"side_min": 128, "side_max": 128, "canvas_max": 256})


@pytest.mark.parametrize(
    ("ratio", "most", "size"),
    [
        ((3, 2), 1e9, (192, 128)), ((2, 3), 1e9, (128, 192)), ((16, 9), 1e9, (224, 128)), ((4, 3), 1e9, (168, 128)),
        ((2, 1), 1e9, (256, 128)), ((4, 1), 1e9, (256, 128)), ((1, 4), 1e9, (128, 256)), ((1, 1), 1e9, (128, 128)),
        ((16, 9), 128 * 200, (200, 128)), ((9, 16), 128 * 199, (128, 192)), ((16, 9), 128 * 128, (224, 128)),
    ],
)  # fmt: skip
def test_things_are_put_into_pictures_whose_shorter_side_is_that_of_a_drawing(
    ratio: tuple[int, int], most: float, size: tuple[int, int]
) -> None:
    assert SQUARES.canvas(*ratio, most) == size
    assert SQUARES.drawn_at(*size) == (None if size == (128, 128) else 128)


@pytest.mark.parametrize("size", [(128, 128), (264, 128), (128, 264), (196, 128), (192, 136), (192, 192), (64, 128)])
def test_into_others_they_are_not_put(size: tuple[int, int]) -> None:
    assert SQUARES.drawn_at(*size) is None
    assert INFO.drawn_at(*size) is None
    with pytest.raises(ValidationError):
        ModelInfo.model_validate(INFO.model_dump() | {"canvas_max": 512})  # it draws other shapes anyway


def wide(**changes: Any) -> Request:
    return request(**{"width": 192, "drawn_at": 128} | changes)


def test_what_is_put_together_costs_what_is_drawn_of_it_and_needs_who_can() -> None:
    assert (wide().version, request(width=192).version) == (10, 1)
    assert Request.model_validate_json(wide().model_dump_json()) == wide()
    assert wide().needs == ("starter", "canvas:starter")
    assert {*wide().needs} <= {*SQUARES.capabilities}
    assert "canvas:starter" not in INFO.capabilities
    assert wide().cost(2) == request().cost(2)
    assert (wide().at_once, wide(count=1).only(0).drawn_at) == (request(), 128)


@pytest.mark.parametrize(
    ("asked", "drawn"),
    [
        (request(), None), (wide(), None), (wide(height=192, width=128), None), (request(width=192), "width_unfit"),
        (wide(width=320), "size_not_drawn"), (wide(drawn_at=64), "size_not_drawn"), (wide(steps=150), None),
        (wide(width=128), "size_not_drawn"), (wide(loras=(PIXEL,)), "no_loras"),
    ],
)  # fmt: skip
def test_a_model_says_what_it_does_not_put_together(asked: Request, drawn: str | None) -> None:
    found = SQUARES.objection(asked)
    assert (found.code if found else None) == drawn
    if asked.drawn_at:
        assert INFO.objection(asked) == size_not_drawn(asked.width, asked.height, *INFO.size(asked.width, asked.height))


def test_versions_of_such_a_picture_keep_its_shape_without_it_and_nobody_types_them() -> None:
    begun_with = {"operation": Operation.IMG2IMG, "sources": (PICTURE,), "strength": 0.5}
    assert wide(**begun_with).without_sources == wide()
    assert [each.typable for each in (request(**begun_with), wide(), wide(**begun_with), beyond())] == [
        True, True, False, False,
    ]  # fmt: skip
    way = wide(**begun_with, count=1, moments=8, forward=True)
    assert (way.at_once.width, way.without_sources.drawn_at) == (192, 128)


@pytest.mark.parametrize(
    "changes", [{"guides": (EDGES,)}, {"operation": "inpaint", "strength": 1, "sources": (PICTURE, MASK)}]
)
def test_what_follows_a_picture_or_is_a_part_of_one_is_not_put_together(changes: dict[str, Any]) -> None:
    request(**changes)
    with pytest.raises(ValidationError):
        wide(**changes)
