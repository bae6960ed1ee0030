"""Tell: whoever asked for a picture is mentioned when it is done."""

from bot import texts
from bot.errors import Forgotten, TooLate
from bot.intake.admission import Intake
from worker.contract.message.custom_ids import TellId, TellStep
from worker.contract.message.languages import Language
from worker.contract.store.jobs import Cancelled
from worker.contract.types.telling import Telling

from .action import Action, Aside


async def tell(intake: Intake, action: Action) -> Aside:
    """From now on, or where that was so before, no longer.

    Raises Refusal (TooLate, Forgotten) or RedisError.
    """
    asked = action.record is None or action.record.tell is not Telling.ASKED
    match await intake.jobs.tell(action.job, wanted=asked):
        case Cancelled.UNKNOWN:
            raise Forgotten
        case Cancelled.ENDED:
            raise TooLate
    language = intake.language
    row = {"type": 1, "components": [switch(step, language) for step in TellStep]}
    return Aside({"content": texts.told_when_done(asked=asked, language=language), "components": [row]})


def switch(step: TellStep, language: Language) -> dict[str, object]:
    """The button that decides it for all that a person asks for from now on."""
    label = texts.tell_always(always=step is TellStep.ON, language=language)
    return {"type": 2, "style": 2, "label": label, "custom_id": str(TellId(step))}
