"""What each verb does: one handler a row of `worker.contract.message.verbs`, and the one way to call it."""

from collections.abc import Awaitable, Callable, Mapping

from bot.intake.admission import Intake
from worker.contract.message.verbs import VERBS, Verb

from .action import Action, Outcome
from .beyond import heighten, widen, zoom_some, zoom_twice
from .came_about import came_about
from .cancel import cancel
from .delete import delete, removed
from .edit import edit
from .enhance import enhance
from .forward import forward
from .keep import keep
from .more import more
from .rerun import rerun
from .send import send
from .tell import tell
from .upscale import upscale
from .vary import vary_little, vary_lot
from .whose import check_whose

__all__ = ["HANDLERS", "check_whose", "perform", "removed"]

Handler = Callable[[Intake, Action], Awaitable[Outcome]]

HANDLERS: Mapping[Verb, Handler] = {
    Verb.UPSCALE: upscale,
    Verb.VARY_LITTLE: vary_little,
    Verb.VARY_LOT: vary_lot,
    Verb.ENHANCE: enhance,
    Verb.ZOOM_SOME: zoom_some,
    Verb.ZOOM_TWICE: zoom_twice,
    Verb.WIDEN: widen,
    Verb.HEIGHTEN: heighten,
    Verb.CAME_ABOUT: came_about,
    Verb.FORWARD: forward,
    Verb.RERUN: rerun,
    Verb.EDIT: edit,
    Verb.KEEP: keep,
    Verb.SEND: send,
    Verb.MORE: more,
    Verb.CANCEL: cancel,
    Verb.TELL: tell,
    Verb.DELETE: delete,
}


async def perform(intake: Intake, action: Action, verb: Verb) -> Outcome:
    """Check who may, then do it.

    Returns:
        The new job of a verb that asks for one; what a form or an answer aside shows; the job of the message otherwise;
        None: the message is to be deleted, and `removed` is to be told then.

    Raises Refusal or RedisError. Handlers check nothing of who may: they are called from here alone.
    """
    await check_whose(intake, action, verb)
    row = VERBS[verb]
    if row.rules_of and action.asker is not None:
        await intake.command_rules.check(row.rules_of, action.asker)
    return await HANDLERS[verb](intake, action)
