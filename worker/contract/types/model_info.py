"""What a worker can draw and enlarge, as it tells the bot: names, defaults, bounds and licences."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from worker.contract.discord_limits import CHOICE_NAME_MAX

from . import cause
from .cause import Cause
from .guide_info import GuideInfo
from .lora_info import LoraInfo
from .operation import CANVAS, FORWARD, GUIDES_SINCE, INPAINT_STEPS_MIN, MOMENTS, SINCE, Operation, SourceRole
from .request import (
    ENLARGED_MAX,
    GUIDANCE_MAX,
    PIXELS_MAX,
    SCALE_MAX,
    SIDE_MAX,
    SIDE_MIN,
    SIDE_STEP,
    STEPS_MAX,
    Guide,
    ModelId,
    Request,
    Scheduler,
    capability,
    guide_operation,
    lora_operation,
)
from .versioned import since
from .vocabulary_notice import Known

# What may be left out of a request because its model does not hear of it.
OPTIONS = NEGATIVE_PROMPT, GUIDANCE = "negative_prompt", "guidance_scale"
# What of a prompt may have been meant otherwise than it was read: weights, by a model that knows none; odd signs.
WEIGHTS, SIGNS = "weights", "signs"


DRAFT_AT_MOST = 2  # a draft takes at most one in so many of the usual steps


class ModelInfo(BaseModel):
    """A model of some worker's catalogue, without where its files lie.

    Attributes:
        id: what people type and requests carry.
        title: what people read.
        factor: cost of a megapixel-step relative to Stable Diffusion 1.5.
        native_pixels: the area it was trained at, from which aspect ratios are derived.
        multiple: sides must be multiples of this (at least 8).
        draws: one word for all that it knows, such as "emoji-like"; only for a model that brings a vocabulary.
        knows: that vocabulary; None for a model that reads prompts as they are.
        samplers: names of those that suit it besides none, its own; None where nobody has tried. A newer worker may
            name others.
        unheard: options of a request that change nothing in its pictures, of OPTIONS.
        operations: what it can do besides drawing from words, of `Operation`, MOMENTS and FORWARD. A newer worker may
            name others.
        loras: those that it can draw with.
        guides: networks by which it follows a picture.
        tokens: how many of a prompt it reads; None where nobody can tell.
        fewest: samplers that cannot draw in a single step, each with the fewest that it can draw in; "" is its own.
        canvas_max: the longest side of a picture that things are put into which it draws one by one, each in a square
            of its own size; the other side is as long as that of the square. None: it draws such squares alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: ModelId
    title: str = Field(min_length=1, max_length=CHOICE_NAME_MAX)
    description: str = Field(default="", max_length=300)
    licence: str = Field(default="unknown", max_length=100)
    factor: float = Field(default=1.0, gt=0)
    steps: int = Field(default=25, ge=1, le=STEPS_MAX)
    steps_max: int = Field(default=STEPS_MAX, ge=1, le=STEPS_MAX)
    guidance_scale: float = Field(default=7.0, ge=0, le=GUIDANCE_MAX)
    scheduler: Scheduler | None = None
    native_pixels: int = Field(default=512 * 512, ge=SIDE_MIN**2, le=PIXELS_MAX)
    side_min: int = Field(default=256, ge=SIDE_MIN, le=SIDE_MAX)
    side_max: int = Field(default=1024, ge=SIDE_MIN, le=SIDE_MAX)
    multiple: int = Field(default=SIDE_STEP, ge=SIDE_STEP, multiple_of=SIDE_STEP)
    example: str = Field(default="", max_length=200)
    draws: str = Field(default="", max_length=40)
    knows: Known | None = None
    samplers: tuple[str, ...] | None = since(4, None)
    unheard: tuple[str, ...] = since(4, ())
    operations: tuple[str, ...] = since(SINCE, ())
    loras: tuple[LoraInfo, ...] = since(SINCE, ())
    tokens: int | None = since(SINCE, None)
    guides: tuple[GuideInfo, ...] = since(GUIDES_SINCE, ())
    fewest: tuple[tuple[str, int], ...] = since(9, ())
    canvas_max: int | None = since(10, None, ge=SIDE_MIN, le=SIDE_MAX)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.side_min > self.side_max:
            raise ValueError("side_min is above side_max")
        if self.steps > self.steps_max:
            raise ValueError("steps is above steps_max")
        if self.canvas_max is not None and not self.side_min == self.side_max < self.canvas_max:
            raise ValueError("canvas_max is above side_max, of a model whose side_min and side_max are one")
        return self

    def size(self, across: int, down: int) -> tuple[int, int]:
        """Width and height in pixels nearest to the ratio across:down at this model's native area.

        Both are multiples of `multiple` within the model's bounds, so an extreme ratio comes out milder.
        """
        height = (self.native_pixels * down / across) ** 0.5
        return self._side(height * across / down), self._side(height)

    def _side(self, length: float) -> int:
        low = -(-self.side_min // self.multiple)
        high = self.side_max // self.multiple
        return min(max(round(length / self.multiple), low), high) * self.multiple

    def takes(self, width: int, height: int) -> bool:
        """Whether it draws pictures of this size."""
        return self._takes(width) and self._takes(height)

    def _takes(self, side: int) -> bool:
        return self.side_min <= side <= self.side_max and side % self.multiple == 0

    def canvas(self, across: int, down: int, most: float = PIXELS_MAX) -> tuple[int, int]:
        """Width and height of a picture that things are put into, nearest to the ratio across:down.

        The shorter side is that of the squares in which they are drawn, so that each keeps its pixels. Where more than
        `most` pixels would come of it the longer one is shorter, as long as the picture is no square.
        """
        short = self._side(self.side_min)
        longest = (self.canvas_max or self.side_max) // self.multiple
        long = min(round(short * max(across, down) / min(across, down) / self.multiple), longest) * self.multiple
        within = int(min(most, PIXELS_MAX) / short / self.multiple) * self.multiple
        long = min(long, within) if within > short else long
        return (long, short) if across > down else (short, long)

    def drawn_at(self, width: int, height: int) -> int | None:
        """A side of the squares in which what is put into a picture of this size is drawn; None where it takes none."""
        short, long = sorted((width, height))
        fits = self.canvas_max is not None and self._takes(short) and short < long <= self.canvas_max
        return short if fits and long % self.multiple == 0 else None

    def objection(self, request: Request) -> Cause | None:
        """Why this model cannot draw the request; None when it can."""
        unfit = self._size_objection(request)
        return self._objection(request) if unfit is None else unfit

    def _size_objection(self, request: Request) -> Cause | None:
        width, height, drawn = request.width, request.height, request.at_once
        if request.drawn_at:
            fits = request.drawn_at == self.drawn_at(width, height)
            nearest = self.canvas(width, height) if self.canvas_max else self.size(width, height)
            return None if fits else cause.size_not_drawn(width, height, *nearest)
        for unfit, side, whole in ((cause.width_unfit, drawn.width, width), (cause.height_unfit, drawn.height, height)):
            if not self._takes(side) or whole % self.multiple:
                return unfit(self.title, side, self.side_min, self.side_max, self.multiple)
        return None

    def _objection(self, request: Request) -> Cause | None:
        if request.steps > self.steps_max:
            return cause.steps_over_model(self.title, request.steps, self.steps_max)
        if request.scheduler and not self.suits(request.scheduler):
            return cause.sampler_unfit(str(request.scheduler))
        if request.steps < self.steps_min(request.scheduler):
            return cause.steps_unfit(request.steps)
        return self._lacks(request)

    def _lacks(self, request: Request) -> Cause | None:
        if not self.does(request.operation):
            return cause.operation_unfit(self.title, str(request.operation))
        if request.moments and not self.does(FORWARD if request.forward else MOMENTS):
            return cause.no_moments(self.title)
        if request.operation in {Operation.INPAINT, Operation.OUTPAINT} and request.real_steps < INPAINT_STEPS_MIN:
            return cause.inpaint_under_steps(request.real_steps, INPAINT_STEPS_MIN)
        unknown = next((each.id for each in request.loras if self.lora(each.id) is None), None)
        if unknown is not None:
            return self.without_lora(unknown)
        strange = next((each for each in request.guides if not self._follows(each)), None)
        return None if strange is None else self.without_guide(strange.id, strange.picture.role)

    def _follows(self, guide: Guide) -> bool:
        return any(each.id == guide.id and each.role is guide.picture.role for each in self.guides)

    def without_guide(self, name: str, role: SourceRole) -> Cause:
        """That it follows no picture for that role in that way, and in which it does."""
        names = ", ".join(each.id for each in self.guides if each.role is role)
        return cause.no_such_guide(self.title, name, names) if names else cause.no_guides(self.title)

    def without_lora(self, name: str) -> Cause:
        """That it has no LoRA of that name, and which it has."""
        names = ", ".join(each.id for each in self.loras)
        return cause.no_such_lora(self.title, name, names) if names else cause.no_loras(self.title)

    def does(self, operation: str) -> bool:
        """Whether it can do that; to draw from words, each can."""
        return operation == Operation.TXT2IMG or operation in self.operations

    def lora(self, name: str) -> LoraInfo | None:
        """The LoRA with this id or title."""
        wanted = name.strip().casefold()
        return next((each for each in self.loras if wanted in {each.id, each.title.casefold()}), None)

    def guide(self, name: str) -> GuideInfo | None:
        """The network with this id or title."""
        wanted = name.strip().casefold()
        return next((each for each in self.guides if wanted in {each.id, each.title.casefold()}), None)

    def guide_kinds(self, request: Request) -> tuple[str, ...]:
        """Of the guides of a request that this model can draw."""
        kinds = {each.id: each.kind for each in self.guides}
        return tuple(kinds[each.id] for each in request.guides)

    @property
    def capabilities(self) -> tuple[str, ...]:
        """All that can be done with it, as jobs need it."""
        loras, guides = (lora_operation(each.id) for each in self.loras), (guide_operation(e.id) for e in self.guides)
        more = (*self.operations, *loras, *guides, *[CANVAS] * bool(self.canvas_max))
        return (self.id, *(capability(each, self.id) for each in more))

    def full_steps(self, request: Request) -> int:
        """With how many steps it draws such a request where nobody says; its LoRAs may need fewer."""
        presets = [lora.steps for each in request.loras if (lora := self.lora(each.id)) and lora.steps]
        return min([self.steps, *presets])

    def drafted(self, request: Request) -> bool:
        """Whether it was drawn with so few steps that all of them show more."""
        return request.upscale is None and DRAFT_AT_MOST * request.steps <= self.full_steps(request)

    def steps_min(self, sampler: Scheduler | None) -> int:
        """The fewest steps that it can be drawn in with that sampler; None: its own."""
        return dict(self.fewest).get(sampler or "", 1)

    def suits(self, sampler: Scheduler) -> bool:
        """Whether it can be drawn with that sampler, as far as anybody knows."""
        return self.samplers is None or sampler in self.samplers

    def left_out(self, request: Request) -> tuple[str, ...]:
        """What was asked for and changes nothing, of OPTIONS."""
        asked = {
            NEGATIVE_PROMPT: bool(request.negative_prompt),
            GUIDANCE: request.guidance_scale != self.guidance_scale,
        }
        return tuple(name for name in OPTIONS if name in self.unheard and asked[name])


class UpscalerInfo(BaseModel):
    """An upscaling network of some worker.

    Attributes:
        id: what requests carry; no model has the same.
        title: what people read.
        scale: how many times as wide and as high it makes a picture.
        pixels_max: area of the largest picture that it may make.
        factor: cost of a megapixel before enlarging, in megapixel-steps of Stable Diffusion 1.5.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: ModelId
    title: str = Field(min_length=1, max_length=CHOICE_NAME_MAX)
    scale: int = Field(ge=2, le=SCALE_MAX)
    pixels_max: int = Field(ge=1)
    factor: float = Field(default=1.0, gt=0)

    @property
    def taken_max(self) -> float:
        """Area of the largest picture that it may make larger."""
        return self.pixels_max / self.scale**2

    def takes(self, width: int, height: int) -> bool:
        """Whether a picture of this size may be made larger."""
        return width * height <= self.taken_max and max(width, height) * self.scale <= ENLARGED_MAX

    def objection(self, width: int, height: int) -> Cause | None:
        """Why a picture of this size is not made larger; None when it may be."""
        return None if self.takes(width, height) else self.too_large(width, height)

    def too_large(self, width: int, height: int) -> Cause:
        """That a picture of this size is too large, and which would not be."""
        return cause.picture_over_upscaler(width, height, int(self.taken_max**0.5), self.scale)
