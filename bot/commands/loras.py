"""The option `lora`: names of LoRAs with commas between, each with its weight if somebody likes: `pixel:0.8, ink`."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from discord.app_commands import Choice

from bot.source_errors import BadLoras
from worker.contract.discord_limits import CHOICE_NAME_MAX, CHOICES_MAX
from worker.contract.types.lora_info import LoraInfo
from worker.contract.types.model_info import ModelInfo
from worker.contract.types.request import LORAS_MAX, WEIGHT_MAX

_BETWEEN = ", "


@dataclass(frozen=True)
class AskedLora:
    """A name as it was typed; `weight` None is the LoRA's own."""

    name: str
    weight: float | None = None


def read(text: str) -> tuple[AskedLora, ...]:
    """The LoRAs that a text names. Raises BadLoras."""
    asked = tuple(_one(part, text) for part in text.split(",") if part.strip())
    if len(asked) > LORAS_MAX or len({each.name.casefold() for each in asked}) < len(asked):
        raise BadLoras(text)
    return asked


def _one(part: str, text: str) -> AskedLora:
    name, colon, number = (each.strip() for each in part.partition(":"))
    if not name:
        raise BadLoras(text)
    if not colon:
        return AskedLora(name)
    try:
        weight = float(number)
    except ValueError:
        raise BadLoras(text) from None
    if not math.isfinite(weight) or abs(weight) > WEIGHT_MAX:
        raise BadLoras(text)
    return AskedLora(name, weight)


def suggest(typed: str, models: Sequence[ModelInfo]) -> list[Choice[str]]:
    """What the last name of a text may become; the weight is for whoever types."""
    before, _, last = typed.rpartition(",")
    begun = f"{before.strip()}{_BETWEEN}" if before.strip() else ""
    name, colon, weight = (each.strip() for each in last.partition(":"))
    taken = {each.partition(":")[0].strip().casefold() for each in before.split(",")}
    found = _of(models, name.casefold(), exactly=bool(colon))
    tail = f":{weight}" if weight else ""
    choices = [
        Choice(name=_said(begun, lora, weight), value=f"{begun}{lora.id}{tail}")
        for lora in found.values()
        if lora.id not in taken and len(f"{begun}{lora.id}{tail}") <= CHOICE_NAME_MAX
    ]
    return choices[:CHOICES_MAX]


def _of(models: Iterable[ModelInfo], part: str, *, exactly: bool) -> Mapping[str, LoraInfo]:
    """Those of these models whose id or title has that part, by their ids; the first of several with one id."""
    found: dict[str, LoraInfo] = {}
    for lora in (each for model in models for each in model.loras):
        names = (lora.id, lora.title.casefold())
        if part in names if exactly else any(part in name for name in names):
            found.setdefault(lora.id, lora)
    return found


def _said(begun: str, lora: LoraInfo, weight: str) -> str:
    words = [lora.title, *([f"×{weight}"] if weight else []), *([" · ".join(lora.triggers)] if lora.triggers else [])]
    said = f"{begun}{' · '.join(words)}"
    return said if len(said) <= CHOICE_NAME_MAX else said[: CHOICE_NAME_MAX - 1] + "…"
