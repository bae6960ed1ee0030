"""What each verb does: one handler a row of `worker.contract.message.verbs`, and the one way to call it."""

from collections.abc import Awaitable, Callable, Mapping

from bot.intake.admission import Intake
from worker.contract.message.verbs import VERBS, Allowed, Verb
from worker.contract.types.job import Job

from .action import Action
from .cancel import cancel
from .delete import delete, removed
from .rerun import rerun
from .upscale import upscale

__all__ = ["HANDLERS", "perform", "removed"]

Handler = Callable[[Intake, Action], Awaitable[Job | None]]

HANDLERS: Mapping[Verb, Handler] = {
    Verb.UPSCALE: upscale,
    Verb.RERUN: rerun,
    Verb.CANCEL: cancel,
    Verb.DELETE: delete,
}


async def perform(intake: Intake, action: Action, verb: Verb) -> Job | None:
    """Check who may, then do it.

    Returns:
        The new job of a verb that asks for one, the job of the message otherwise; None: the message is to be deleted,
        and `removed` is to be told then.

    Raises Refusal or RedisError. Handlers check nothing of who may: they are called from here alone.
    """
    row = VERBS[verb]
    if row.allowed is Allowed.OWNER:
        action.require_owner(verb)
    if row.rules_of and action.asker is not None:
        await intake.command_rules.check(row.rules_of, action.asker)
    return await HANDLERS[verb](intake, action)
