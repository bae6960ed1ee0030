"""Enhance: a draft again with the same seed and all steps, for anyone, as long as the message exists."""

from bot.intake.admission import Intake
from bot.result_errors import NotADraft
from worker.contract.message.verbs import Verb
from worker.contract.types.job import Job

from . import sources
from .action import Action
from .drawn import accept, request_of


async def enhance(intake: Intake, action: Action) -> Job:
    """Ask for it; the caps are those of whoever asks. Raises Refusal, MessageGone or RedisError."""
    policy = await intake.policies.of(action.origin)
    policy.check_open()
    action.check_ended()
    drawn = await request_of(intake, action)
    model = await intake.live_models.need(drawn.model)
    if not model.drafted(drawn):
        raise NotADraft
    asked = drawn.model_copy(update={"steps": policy.at_most("steps", model.full_steps(drawn))})
    places = await sources.of_request(intake, action.record, asked)
    return await accept(intake, action, asked, Verb.ENHANCE, places, policy)
