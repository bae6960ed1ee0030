"""What each verb does: one handler a row of `worker.contract.message.verbs`, and the one way to call it."""

from collections.abc import Awaitable, Callable, Mapping

from bot.errors import NotYours
from bot.intake.admission import Intake
from worker.contract.message.verbs import VERBS, Allowed, Verb
from worker.contract.types.job import Job
from worker.contract.types.server_settings import Whose

from .action import Action
from .cancel import cancel
from .delete import delete, removed
from .rerun import rerun
from .upscale import upscale

__all__ = ["HANDLERS", "check_whose", "perform", "removed"]

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
    await check_whose(intake, action, verb)
    row = VERBS[verb]
    if row.rules_of and action.asker is not None:
        await intake.command_rules.check(row.rules_of, action.asker)
    return await HANDLERS[verb](intake, action)


async def check_whose(intake: Intake, action: Action, verb: Verb) -> None:
    """Raise NotYours where the picture is another person's, and they may not use this verb under it. Or RedisError.

    A server's admins decide; where they have not, the verb itself says who may.
    """
    if action.person == action.owner:
        return
    told = (await intake.policies.of(action.origin)).buttons.get(verb)
    whose = told or (Whose.OWNER if VERBS[verb].allowed is Allowed.OWNER else Whose.ANYONE)
    if whose is Whose.ANYONE or (whose is Whose.OWNER and action.moderator):
        return
    raise NotYours(verb, action.owner, told)
