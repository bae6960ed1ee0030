"""More, for the one who asks alone: the command, seeds, the whole prompt, what no row had room for, and Delete."""

from collections.abc import Sequence
from typing import Any

from bot import texts
from bot.discord_io.interactions import File
from bot.errors import Refusal
from bot.flags.command import attached, typed
from bot.intake.admission import Intake
from worker.contract.discord_limits import BUTTONS_PER_ROW
from worker.contract.message.custom_ids import CustomId
from worker.contract.message.job_message import PROMPT_SHOWN
from worker.contract.message.languages import Language
from worker.contract.message.layout import FURTHER, button
from worker.contract.message.verbs import VERBS, Verb
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.operation import Operation
from worker.contract.types.request import Request

from .action import Action, Aside
from .came_about import shows as shows_way
from .drawn import request_of, several
from .forward import shows as shows_forward
from .whose import check_whose

_BLOCK = 1500  # characters of a command that a message shows; what is longer is a file
_PLAIN = "text/plain; charset=utf-8"


async def more(intake: Intake, action: Action) -> Aside:
    """The panel. Raises Refusal or RedisError."""
    request, language = await request_of(intake, action), intake.language
    record = action.record
    places = record.sources if record else None
    command = typed(request, places, action.origin.destination.server)
    shows = len(command) <= _BLOCK and "```" not in command
    ways = await _ways(intake, action, request)
    further = await _further(intake, action, request)
    lacks = attached(request, places)
    text = texts.more(command if shows else "", _seeds(action, request), language, signs=_signs(ways), lacks=lacks)
    files = [] if shows else [_file("imagine.txt", command)]
    if len(request.prompt) > PROMPT_SHOWN:
        files.append(_file("prompt.txt", request.prompt))
    lines = [further] if further else []
    lines += [ways[start : start + BUTTONS_PER_ROW] for start in range(0, len(ways), BUTTONS_PER_ROW)]
    lines += [[_delete(action, language)]] if await _may_delete(intake, action) else []
    rows = [{"type": 1, "components": line} for line in lines]
    return Aside({"content": text, "components": rows}, tuple(files))


def _seeds(action: Action, request: Request) -> Sequence[int]:
    result = action.record.result if action.record else None
    if result is not None and result.pictures:
        return [picture.seed for picture in result.pictures[: request.count]]
    return request.seeds


async def _further(intake: Intake, action: Action, request: Request) -> list[dict[str, Any]]:
    """What there is no room for below a single picture that can go on beyond its edges."""
    model = await _model(intake, request)
    able = model is not None and model.does(Operation.OUTPAINT)
    if action.again or request.moments or several(action) or not able:
        return []
    return [button(CustomId(verb, action.job, 0, action.message_id), intake.language) for verb in FURTHER]


async def _model(intake: Intake, request: Request) -> ModelInfo | None:
    """Its model, where a worker has told of it lately."""
    return next((each for each in await intake.live_models.models() if each.id == request.model), None)


async def _ways(intake: Intake, action: Action, request: Request) -> list[dict[str, Any]]:
    """What shows how each came about, and how what they began with turns to noise; of what can be looked at later."""
    model = await _model(intake, request)
    if action.again or request.moments or model is None:
        return []
    able, record = shows_way(model, request), action.record
    found = [_way(action, index, request.count, intake.language) for index in range(request.count)] if able else []
    if shows_forward(model, request) and record is not None and record.sources is not None:
        found.append(button(CustomId(Verb.FORWARD, action.job, 0, action.message_id), intake.language))
    return found


def _signs(ways: list[dict[str, Any]]) -> str:
    """Those on the buttons, each once."""
    return " ".join(dict.fromkeys(each["emoji"]["name"] for each in ways))


def _way(action: Action, index: int, count: int, language: Language) -> dict[str, Any]:
    control = CustomId(Verb.CAME_ABOUT, action.job, index, action.message_id)
    row = VERBS[Verb.CAME_ABOUT]
    label = language.gettext(row.numbered_label, number=index + 1) if count > 1 else ""
    return button(control, language, label)


def _delete(action: Action, language: Language) -> dict[str, Any]:
    """The button that asks whether to delete the message that this is about."""
    control = CustomId(Verb.DELETE, action.job, 0, action.message_id, asks=True)
    return button(control, language, texts.with_more_to_come(language.gettext(VERBS[Verb.DELETE].label), language))


async def _may_delete(intake: Intake, action: Action) -> bool:
    try:
        await check_whose(intake, action, Verb.DELETE)
    except Refusal:
        return False
    return not action.again  # the message can be looked at later, by its id


def _file(name: str, text: str) -> File:
    return File(name, text.encode(), _PLAIN)
