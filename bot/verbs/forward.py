"""How it turns to noise: the way of the picture that something began with, for anyone who sees its message."""

from bot.errors import ModelObjects
from bot.intake.admission import Intake
from bot.result_errors import ShowsMoments
from bot.source_errors import BeganWithNone, BeginningUnseen
from worker.contract.message.verbs import Verb
from worker.contract.types.cause import no_moments
from worker.contract.types.job import Job
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.operation import FORWARD, Operation
from worker.contract.types.request import Request
from worker.contract.types.source_place import SourcePlaces

from . import sources
from .action import Action
from .came_about import SHOWN
from .drawn import accept, request_of


async def forward(intake: Intake, action: Action) -> Job:
    """Ask for it; the caps are those of whoever asks. Raises Refusal, MessageGone or RedisError."""
    policy = await intake.policies.of(action.origin)
    policy.check_open()
    action.check_ended()
    drawn = await request_of(intake, action)
    if drawn.moments:
        raise ShowsMoments
    model = await intake.live_models.need(drawn.model)
    if not begins(drawn):
        raise BeganWithNone
    if not shows(model, drawn):
        raise ModelObjects(no_moments(model.title))
    # By its first words and seed: the picture is one, whatever was drawn from it.
    asked = drawn.only(0).model_copy(update={"guides": (), "loras": (), "moments": SHOWN, "forward": True})
    places = await sources.fresh(intake, action.record)
    first = places.pictures[0]
    if first.channel is not None and not await _shown(action, first.channel):
        raise BeginningUnseen
    return await accept(intake, action, asked, Verb.FORWARD, SourcePlaces(pictures=(first,)), policy)


async def _shown(action: Action, channel: int) -> bool:
    """Whether this person may see the pictures of a channel here: this way begins with one of them as it is."""
    sight, server = action.sight, action.origin.destination.server
    return sight is not None and await sight.sees(server, channel) and not await sight.withheld(server, channel)


def begins(drawn: Request) -> bool:
    """Whether such pictures began with another one."""
    return drawn.operation is Operation.IMG2IMG


def shows(model: ModelInfo, drawn: Request) -> bool:
    """Whether the model can show how the picture that such ones began with turns to noise."""
    return begins(drawn) and model.does(FORWARD)
