"""From what a person typed to a request with every value filled in."""

import math
import random
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from pydantic import ValidationError

from bot.errors import BadOption, EmptyPrompt, ModelObjects, OnlyMentions, OnlySquares, PromptTooLong
from bot.policy.limits import Policy
from bot.source_errors import CannotBegin, StrengthAlone
from worker.contract.message.ratio import ratio
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.operation import Operation, SourceRole
from worker.contract.types.own_words import own_words
from worker.contract.types.request import PROMPT_MAX, SEED_MAX, Lora, Request, Scheduler
from worker.contract.types.server_settings import MEGAPIXEL
from worker.contract.types.source_place import SourcePlaces

from . import followed
from .followed import Followed
from .loras import AskedLora
from .picture import Attached
from .prompt_text import words

Number = TypeVar("Number", int, float)

DRAFT_STEPS, DRAFT_SHARE = 4, 4  # at least so many steps, and one in so many of the usual ones
STRENGTH, STRENGTH_MIN = 0.6, 0.05  # where none is typed; the least that can be
_LIMIT_OF = {"count": "pictures"}  # the name of a field's limit, where it has another
_MENTION = re.compile(r"<(?:@[!&]?|#|/[^:>]{1,100}:)\d+>|@everyone|@here")


@dataclass(frozen=True)
class Asked:
    """The options of `/imagine` as they came; None stands for "the model's own".

    Attributes:
        picture: to begin with.
        followed: pictures to follow, in the order of a request's guides.
    """

    prompt: str
    negative_prompt: str = ""
    aspect_ratio: str = ""
    steps: int | None = None
    guidance: float | None = None
    scheduler: str | None = None
    seed: int | None = None
    count: int | None = None
    draft: bool = False
    repeat: int = 1
    picture: Attached | None = None
    strength: float | None = None
    loras: tuple[AskedLora, ...] = ()
    followed: tuple[Followed, ...] = ()

    @property
    def places(self) -> SourcePlaces | None:
        """Where its pictures lie; None where none come with it."""
        pictures = (*([self.picture] if self.picture else []), *(each.picture for each in self.followed))
        return SourcePlaces(pictures=tuple(each.place for each in pictures)) if pictures else None

    @property
    def shape(self) -> Attached | None:
        """The picture whose ratio it takes where none was typed: the one to begin with, else a guide."""
        guides = (each.picture for each in self.followed if each.role is SourceRole.GUIDE)
        return self.picture or next(guides, None)

    def with_names(self, names: Mapping[int, str]) -> "Asked":
        """The same with texts as a model can read them, cut at the length that a name may have made too great."""
        prompt, negative = (words(text, names)[:PROMPT_MAX] for text in (self.prompt, self.negative_prompt))
        return replace(self, prompt=prompt, negative_prompt=negative)


_DASHES = re.compile(r"[-\u2010-\u2015\u2212]")  # flags without a name


def check_words(asked: Asked) -> None:
    """Raise the Refusal that stands against the words themselves; needs no model and no Redis."""
    if not shows(_DASHES.sub("", asked.prompt)):
        raise EmptyPrompt
    if not shows(_MENTION.sub("", asked.prompt)):
        raise OnlyMentions
    for option, text in (("prompt", asked.prompt), ("negative_prompt", asked.negative_prompt)):
        if len(text.strip()) > PROMPT_MAX:
            raise PromptTooLong(option, len(text.strip()), PROMPT_MAX)
    if asked.strength is not None and asked.picture is None:
        raise StrengthAlone


def shows(text: str) -> bool:
    """Whether there is anything to see in it; format characters and spaces of all kinds are not."""
    return any(unicodedata.category(each)[0] not in "ZC" for each in text)


def fitting(asked: Asked, model: ModelInfo, live: Sequence[ModelInfo], policy: Policy, *, chosen: bool) -> ModelInfo:
    """The model for what was asked: this one, or where nobody chose it and it cannot, the first that can.

    Raises CannotBegin where a picture was sent in, and the model does not draw from one; CannotFollow or ModelObjects
    where one is to be followed, and it does not; OnlySquares where another shape was typed, and it draws none.
    """

    def begins(each: ModelInfo) -> bool:
        return asked.picture is None or each.does(Operation.IMG2IMG)

    def fits(each: ModelInfo) -> bool:
        able = begins(each) and followed.suits(each, asked.followed)
        return able and _draws_shape(asked, each) and all(each.lora(lora.name) for lora in asked.loras)

    allowed = [each for each in live if policy.allows(each.id)]
    if not fits(model) and not chosen:
        model = next(filter(fits, allowed), model)
    if not begins(model):
        raise CannotBegin(model.title, [each.title for each in allowed if begins(each)])
    able = [each.title for each in allowed if followed.suits(each, asked.followed)]
    followed.must_suit(model, asked.followed, able)
    if not _draws_shape(asked, model):
        others = [each.title for each in allowed if fits(each)]
        raise OnlySquares(model.title, others, with_picture=model.canvas_max is not None)
    return model


def resolve(asked: Asked, model: ModelInfo, policy: Policy) -> Request:
    """The request for this model: where nothing was asked, what is usual here, else its defaults; a random seed.

    The model is one that `fitting` found. Raises Refusal when a value lies outside what any model takes.
    """
    check_words(asked)
    usual, loras = policy.usual, _loras(asked, model)
    width, height = _size(asked, model, policy)
    steps = _first(_preset(model, loras, "steps"), _first(usual.steps, model.steps))
    guidance = _first(_preset(model, loras, "guidance_scale"), _first(usual.guidance_scale, model.guidance_scale))
    preset = _sampler(_preset(model, loras, "scheduler"))
    sampler = _sampler(asked.scheduler) or _usual_sampler(model, policy, preset)
    steps = max(_steps(asked, min(steps, model.steps_max)), model.steps_min(sampler))  # nobody typed these
    try:
        request = Request(
            prompt=asked.prompt,
            negative_prompt=asked.negative_prompt,
            model=model.id,
            width=width,
            height=height,
            steps=_first(asked.steps, policy.at_most("steps", steps)),
            guidance_scale=_first(asked.guidance, policy.at_most("guidance_scale", guidance)),
            scheduler=sampler,
            seed=_first(asked.seed, random.randint(0, SEED_MAX)),
            count=_first(asked.count, policy.at_most("pictures", _first(usual.pictures, 1))),
            operation=Operation.IMG2IMG if asked.picture else Operation.TXT2IMG,
            sources=(asked.picture.source(),) if asked.picture else (),
            strength=_first(asked.strength, STRENGTH) if asked.picture else None,
            loras=loras,
            guides=followed.guides(model, asked.followed),
            drawn_at=model.drawn_at(width, height),
        )
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        bounds = first.get("ctx", {})
        field = str(first["loc"][0]) if first["loc"] else ""
        option = "guidance" if field == "guidance_scale" else field  # as it is typed
        raise BadOption(option, bounds.get("ge"), _most(field, bounds.get("le"), model, policy)) from None
    return _varied(request, model)


def _most(field: str, bound: float | None, model: ModelInfo, policy: Policy) -> float | None:
    """The most that can be had of a number of which no model takes more than `bound`: here, and of this model.

    Who is told no more than the bound asks for as much, and is refused for it.
    """
    if bound is None:
        return None
    most = policy.at_most(_LIMIT_OF.get(field, field), bound)
    return min(most, model.steps_max) if field == "steps" else most


def _varied(request: Request, model: ModelInfo) -> Request:
    """With words of its own for each picture, where nothing but words says what it shows."""
    if request.pictures or request.loras:
        return request
    return request.model_copy(update={"prompts": own_words(request.prompt, model.knows, request.seeds)})


def _loras(asked: Asked, model: ModelInfo) -> tuple[Lora, ...]:
    """Those of the model that were asked for. Raises ModelObjects for one that it has not."""
    found = {}
    for each in asked.loras:
        lora = model.lora(each.name)
        if lora is None:
            raise ModelObjects(model.without_lora(each.name))
        found[lora.id] = Lora(id=lora.id, weight=_first(each.weight, lora.weight))
    return tuple(found.values())


def _preset(model: ModelInfo, loras: Sequence[Lora], name: str) -> Any:
    """What the first of these LoRAs that says so is drawn with; None where none does."""
    infos = filter(None, (model.lora(each.id) for each in loras))
    return next((value for info in infos if (value := getattr(info, name)) is not None), None)


def _first(given: Number | None, otherwise: Number) -> Number:
    return otherwise if given is None else given


def _steps(asked: Asked, usual: int) -> int:
    """A draft takes a fraction of the usual steps, and more than none."""
    return min(usual, max(DRAFT_STEPS, round(usual / DRAFT_SHARE))) if asked.draft else usual


def _sampler(name: str | None) -> Scheduler | None:
    """Of a newer Easel's settings there may be one that this version does not know."""
    return Scheduler(name) if name in set(Scheduler) else None


def _usual_sampler(model: ModelInfo, policy: Policy, preset: Scheduler | None) -> Scheduler | None:
    """What a LoRA wants, else what is usual here, else the model's own, else the first that may be used.

    Each as far as it may be used, and suits: nobody typed it, so nobody is refused for it. None: whatever the model has
    of its own.
    """
    limit = policy.each.get("samplers")
    allowed = None if limit is None else [_sampler(each) for each in limit.value]
    wanted = (preset, _sampler(policy.usual.sampler), model.scheduler, *(allowed or ()))
    may = (each for each in wanted if each and (allowed is None or each in allowed))
    return next((each for each in may if model.suits(each)), model.scheduler)


def _size(asked: Asked, model: ModelInfo, policy: Policy) -> tuple[int, int]:
    """Width and height in the ratio that was typed, as large as may be here, or as is usual where that is its ratio.

    Without one it is that of the picture to begin with, or whose lines are followed, as near as the model comes to it,
    else the usual size. Where all that the model draws in this ratio is too large, it is what the model draws.
    """
    most = policy.at_most("megapixels", math.inf) * MEGAPIXEL
    if asked.shape and not asked.aspect_ratio:
        shape = asked.shape.width, asked.shape.height
        return _smaller(model, *shape, most) or _smaller(model, 1, 1, most) or model.size(*shape)
    across, down = _sides(asked)
    wide, high = policy.usual.width, policy.usual.height
    if (
        wide
        and high
        and _usual_is_meant(asked, wide, high)
        and wide * high <= most
        and _draws(asked, model, wide, high)
    ):
        return wide, high
    if across != down and _puts_together(asked, model):
        return model.canvas(across, down, most)
    return _smaller(model, across, down, most) or model.size(across, down)


def _usual_is_meant(asked: Asked, wide: int, high: int) -> bool:
    """Whether the usual size serves: nobody typed a ratio, or they typed its own, or the one that it is told as."""
    across, down = _sides(asked)
    return not asked.aspect_ratio or wide * down == high * across or ratio(wide, high) == asked.aspect_ratio


def _sides(asked: Asked) -> tuple[int, int]:
    """The ratio that was typed; a square's where none was."""
    across, _, down = (asked.aspect_ratio or "1:1").partition(":")
    return int(across), int(down)


def _draws_shape(asked: Asked, model: ModelInfo) -> bool:
    """Whether the model draws anything but squares, where anything but a square was typed."""
    across, down = _sides(asked)
    width, height = model.size(across, down)
    return across == down or width != height or _puts_together(asked, model)


def _draws(asked: Asked, model: ModelInfo, width: int, height: int) -> bool:
    """Whether the model draws what was asked for in this size."""
    return model.takes(width, height) or (_puts_together(asked, model) and model.drawn_at(width, height) is not None)


def _puts_together(asked: Asked, model: ModelInfo) -> bool:
    """Whether the model's things are put into a picture of another shape than it draws: from words alone they are."""
    return model.canvas_max is not None and asked.picture is None and not asked.followed


def _smaller(model: ModelInfo, across: int, down: int, most: float) -> tuple[int, int] | None:
    """The size nearest to the model's own of at most so many pixels; None where it draws none in this ratio."""
    area = min(model.native_pixels, most)
    while area >= model.side_min**2 / 4:
        width, height = model.model_copy(update={"native_pixels": area}).size(across, down)
        if width * height <= most and (width > height) == (across > down):
            return width, height
        area *= 0.95  # its sides were rounded up
    return None
