"""The same asked for several times at once, each with a message of its own."""

from dataclasses import replace

from redis.exceptions import RedisError

from bot import texts
from bot.discord_io.responder import Responder
from bot.errors import BadFlags, Refusal
from bot.flags.read import BadFlag, Trouble
from bot.flags.table import REPEAT
from bot.intake.admission import Intake
from bot.intake.origin import Origin
from worker.contract.message.languages import Language
from worker.contract.redis_check.unreached import NoConnectionError
from worker.contract.types.request import Request
from worker.contract.types.source_place import SourcePlaces


def check(times: int, origin: Origin) -> None:
    """Raise BadFlags where Easel cannot write messages of its own: only the first one is an answer."""
    if times > 1 and not origin.destination.installed:
        raise BadFlags([BadFlag(Trouble.NOT_HERE, f"--{REPEAT}")])


async def more(
    intake: Intake, origin: Origin, request: Request, times: int, responder: Responder, sources: SourcePlaces | None
) -> None:
    """Ask for all but the first, each with the seeds that follow; what is refused of them is said in private.

    Each is admitted like any other, and counts like any other. Their messages are the poster's to write.
    """
    where = origin.destination.model_copy(update={"token": None, "application": None, "message": None})
    for number in range(1, times):
        request = request.reseeded()
        again = replace(origin, job=f"{origin.job}-{number}", event=f"{origin.event}:{number}", destination=where)
        try:
            await intake.accept(again, request, "imagine", sources=sources)
        except (Refusal, RedisError) as error:
            refused = _why(error, responder.language)
            if refused is None:
                raise
            await responder.whisper(texts.repeated(number, times, refused, responder.language))
            return


def _why(error: Refusal | RedisError, language: Language) -> str | None:
    """What stood against more, in words; None for an error of ours."""
    if isinstance(error, NoConnectionError):  # but something was done: the first ones are in line
        return texts.queue_away(language)
    return texts.refusal(error, language) if isinstance(error, Refusal) else texts.queue_trouble(error, language)
