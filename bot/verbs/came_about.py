"""How it came about: a picture is drawn once more to show moments of its way, for anyone who sees its message."""

from bot.errors import ModelObjects, NoRecipe, NoSuchPicture
from bot.intake.admission import Intake
from worker.contract.message.verbs import Verb
from worker.contract.types.cause import no_moments
from worker.contract.types.job import Job
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.operation import MOMENTS
from worker.contract.types.picture_place import PicturePlace
from worker.contract.types.request import Request

from . import pictures, sources
from .action import Action
from .drawn import accept, several

SHOWN = 8  # moments, the finished picture among them


async def came_about(intake: Intake, action: Action) -> Job:
    """Ask for it; the caps are those of whoever asks. Raises Refusal, MessageGone or RedisError."""
    policy = await intake.policies.of(action.origin)
    policy.check_open()
    action.check_ended()
    drawn = await _drawn(intake, action)
    model = await intake.live_models.need(drawn.model)
    if not shows(model, drawn):
        raise ModelObjects(no_moments(model.title))
    asked = drawn.model_copy(update={"moments": SHOWN})
    places = await sources.of_request(intake, action.record, asked)
    about = _place(action)
    return await accept(intake, action, asked, Verb.CAME_ABOUT, places, policy, tells_of=about)


def shows(model: ModelInfo, drawn: Request) -> bool:
    """Whether the model can show how such a picture came about: not in windows, each of which comes about by itself."""
    return model.does(MOMENTS) and drawn.outpaint is None


def _place(action: Action) -> PicturePlace | None:
    """Where the picture is, if its message can be looked at later."""
    record, message = action.record, action.message
    hidden = record.destination.ephemeral if record else bool(message and message.flags.ephemeral)
    if hidden or not action.origin.destination.installed:
        return None
    number = action.index + 1 if action.index or several(action) else 0
    return PicturePlace(action.channel, action.message_id, number)


async def _drawn(intake: Intake, action: Action) -> Request:
    """What draws that very picture, before it was made larger. Raises NoSuchPicture, NoRecipe or PictureUnread."""
    record, index = action.record, action.index
    if record is None:
        file = pictures.find(await action.look(intake.messages), index)
        found = await pictures.recipe_in(file, intake.reading)
        if found is None:
            raise NoRecipe
        return found.again.drawing
    if index >= record.request.count:
        raise NoSuchPicture(index + 1)
    asked = record.request.drawing.only(index)
    made = record.result.pictures if record.result else ()
    return asked.model_copy(update={"seed": made[index].seed}) if index < len(made) else asked
