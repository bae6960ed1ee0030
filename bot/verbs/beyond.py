"""Zoom out, widen, heighten: a picture goes on beyond its edges, for anyone, as long as the message exists."""

import random

from bot.intake.admission import Intake
from bot.result_errors import CannotGoOn
from worker.contract.message.verbs import Verb
from worker.contract.types.job import Job
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.operation import INPAINT_STEPS_MIN, Operation
from worker.contract.types.request import PIXELS_MAX, SEED_MAX, SIDE_MAX, SIDE_STEP, Request
from worker.contract.types.server_settings import MEGAPIXEL
from worker.contract.types.windows import Outpaint

from .action import Action
from .begun import Begun, picture_of

_SOME, _TWICE = 1.5, 2.0
_AREA = 4  # times what a model was trained at: of a larger whole nobody sees more, and it takes many windows
_ALL = 1.0  # of what is not there yet, all is drawn


async def zoom_some(intake: Intake, action: Action) -> Job:
    """Ask for half as much again all around. Raises Refusal, MessageGone or RedisError."""
    return await _go_on(intake, action, Verb.ZOOM_SOME, _SOME, _SOME)


async def zoom_twice(intake: Intake, action: Action) -> Job:
    """Ask for as much again all around. Raises likewise."""
    return await _go_on(intake, action, Verb.ZOOM_TWICE, _TWICE, _TWICE)


async def widen(intake: Intake, action: Action) -> Job:
    """Ask for half as much again at both sides together. Raises likewise."""
    return await _go_on(intake, action, Verb.WIDEN, _SOME, 1.0)


async def heighten(intake: Intake, action: Action) -> Job:
    """Ask for half as much again above and below together. Raises likewise."""
    return await _go_on(intake, action, Verb.HEIGHTEN, 1.0, _SOME)


async def _go_on(intake: Intake, action: Action, verb: Verb, across: float, down: float) -> Job:
    """The caps are those of whoever asks; the words and the model are the picture's own."""
    policy = await intake.policies.of(action.origin)
    policy.check_open()
    begun = await picture_of(intake, action)
    model = await intake.live_models.need(begun.drawn.model)
    if not model.does(Operation.OUTPAINT):
        raise CannotGoOn(model.title)
    able = min(PIXELS_MAX, _AREA * model.native_pixels)
    most = policy.at_most("megapixels", able / MEGAPIXEL) * MEGAPIXEL
    return await intake.accept(action.origin, beyond(begun, model, across, down, most), verb, policy, begun.places)


def beyond(begun: Begun, model: ModelInfo, across: float, down: float, most: float) -> Request:
    """The request for a picture so many times as wide and high, of `most` pixels: it is made smaller where need be."""
    drawn = begun.drawn
    share = min(
        1.0,
        (most / (drawn.width * across * drawn.height * down)) ** 0.5,
        SIDE_MAX / (drawn.width * across),
        SIDE_MAX / (drawn.height * down),
    )
    width, whole_width = _sides(drawn.width * share, across, model.multiple)
    height, whole_height = _sides(drawn.height * share, down, model.multiple)
    window = model.size(1, 1)
    place = Outpaint(
        left=(whole_width - width) // 2 // SIDE_STEP * SIDE_STEP,
        top=(whole_height - height) // 2 // SIDE_STEP * SIDE_STEP,
        width=width,
        height=height,
        window_width=min(window[0], whole_width),
        window_height=min(window[1], whole_height),
    )
    return drawn.model_copy(
        update={
            "operation": Operation.OUTPAINT, "sources": (begun.seen,), "strength": _ALL, "outpaint": place,
            "guides": (), "drawn_at": None, "width": whole_width, "height": whole_height,
            "steps": max(drawn.steps, INPAINT_STEPS_MIN),
            "prompt": drawn.prompt_of(begun.index), "prompts": (),
            "seed": random.randint(0, SEED_MAX), "count": 1,
        }
    )  # fmt: skip


def _sides(length: float, times: float, multiple: int) -> tuple[int, int]:
    """Of the picture and of the whole, along one side, both in steps that suit the model and none too long."""
    side = max(multiple, int(length / multiple + 1e-6) * multiple)
    return side, side if times == 1 else max(side + multiple, int(side * times / multiple + 1e-6) * multiple)
