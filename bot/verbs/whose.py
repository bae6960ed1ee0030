"""Who may do what under whose picture."""

from bot.errors import NotYours
from bot.intake.admission import Intake
from worker.contract.message.verbs import VERBS, Allowed, Verb
from worker.contract.types.server_settings import Whose

from .action import Action


async def check_whose(intake: Intake, action: Action, verb: Verb) -> None:
    """Raise NotYours where the picture is another person's, and they may not use this verb under it. Or RedisError.

    A server's admins decide; where they have not, the verb itself says who may.
    """
    if action.person == action.owner:
        return
    if VERBS[verb].allowed is Allowed.ALONE:
        raise NotYours(verb, action.owner)
    row, set_for = VERBS[verb], (await intake.policies.of(action.origin)).buttons
    told = set_for.get(verb) or set_for.get(row.set_with)
    whose = told or (Whose.OWNER if row.allowed is Allowed.OWNER else Whose.ANYONE)
    if whose is Whose.ANYONE or (whose is Whose.OWNER and action.moderator):
        return
    raise NotYours(verb, action.owner, told)
