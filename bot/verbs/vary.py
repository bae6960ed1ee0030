"""Vary: four more of one picture, drawn anew from itself, for anyone, as long as the message exists."""

import random

from bot.intake.admission import Intake
from bot.intake.fewer import accept_fewer
from bot.result_errors import CannotVary
from worker.contract.message.verbs import Verb
from worker.contract.types.job import Job
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.operation import Operation
from worker.contract.types.own_words import own_words
from worker.contract.types.request import SEED_MAX, Request
from worker.contract.types.source_place import SourcePlaces
from worker.contract.types.variation import PICTURES, STRENGTHS, Variation

from . import sources
from .action import Action
from .begun import picture_of


async def vary_little(intake: Intake, action: Action) -> Job:
    """Ask for the same picture in other versions. Raises Refusal, MessageGone or RedisError."""
    return await _vary(intake, action, Verb.VARY_LITTLE, Variation.LITTLE)


async def vary_lot(intake: Intake, action: Action) -> Job:
    """Ask for other pictures that begin with it. Raises likewise."""
    return await _vary(intake, action, Verb.VARY_LOT, Variation.LOT)


async def _vary(intake: Intake, action: Action, verb: Verb, how: Variation) -> Job:
    """The caps are those of whoever asks; the words, the model and the size are the picture's own.

    What Easel added to the words of that picture is kept by a little; a lot gives each picture others, for a model that
    has such words draws one thing much alike from any seed.

    What it followed is followed again, as long as that can be had: below the pictures stands whether it was.
    """
    policy = await intake.policies.of(action.origin)
    policy.check_open()
    begun = await picture_of(intake, action)
    drawn = begun.drawn
    model = await intake.live_models.need(drawn.model)
    if not model.does(Operation.IMG2IMG):
        raise CannotVary(model.title)
    # What went on beyond edges may be of a size that no model draws at once.
    width, height = model.size(drawn.width, drawn.height) if drawn.outpaint else (drawn.width, drawn.height)
    followed = await sources.of_guides(intake, action.record)
    asked = drawn.model_copy(
        update={
            "operation": Operation.IMG2IMG, "sources": (begun.seen,), "strength": STRENGTHS[how],
            "guides": drawn.guides if followed else (),
            "width": width, "height": height, "outpaint": None,
            "prompt": drawn.prompt_of(action.index), "prompts": (),
            "seed": random.randint(0, SEED_MAX), "count": policy.at_most("pictures", PICTURES),
        }
    )  # fmt: skip
    if how is Variation.LOT and drawn.prompts:
        asked = _in_other_words(asked, drawn.prompt, model)
    places = SourcePlaces(pictures=(*begun.places.pictures, *followed))
    return await accept_fewer(intake, action.origin, asked, verb, policy, places)


def _in_other_words(asked: Request, prompt: str, model: ModelInfo) -> Request:
    """With words of its own for each picture beside what was typed; as it is where the model has none now."""
    prompts = own_words(prompt, model.knows, asked.seeds)
    return asked.model_copy(update={"prompt": prompt, "prompts": prompts}) if prompts else asked
