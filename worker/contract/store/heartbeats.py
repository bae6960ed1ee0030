"""What is made of workers' heartbeats, those of newer workers and damaged ones included."""

import json
from collections.abc import Iterable
from typing import Any, TypeVar

from pydantic import ValidationError
from redis.asyncio import Redis

from worker.contract.types.model_info import ModelInfo, UpscalerInfo

from . import keys

Info = TypeVar("Info", ModelInfo, UpscalerInfo)


def read_info(kind: type[Info], told: bytes) -> Info | None:
    """What a worker told of a model or an upscaler, as far as we know to read it; None when we do not."""
    try:
        return kind.model_validate_json(told, extra="ignore")
    except ValidationError:  # of a newer Easel with wider bounds, or damaged
        return None


def in_trouble(heartbeat: bytes, oldest: float) -> bool:
    """Does it tell of trouble, and is it no older than this moment in milliseconds?"""
    try:
        told = json.loads(heartbeat)
        return bool(told["trouble"]) and float(told["seen"]) > oldest
    except (ValueError, TypeError, KeyError):  # an older worker's, or damaged
        return False


def resources(capabilities: Iterable[object]) -> list[str]:
    """Models and upscalers among what a worker publishes, without operations on them."""
    return [each for each in map(str, capabilities) if ":" not in each]


def catalogue_places(heartbeats: Iterable[bytes]) -> dict[str, int]:
    """How far down its catalogue each model stands, from 0; the first of all is for people who choose none.

    Where catalogues differ, the latest place counts: a model that is first for one worker and last for another, as the
    one that ships is where only some workers have more, is an operator's first choice nowhere.
    """
    places: dict[str, int] = {}
    for heartbeat in heartbeats:
        try:
            for place, name in enumerate(json.loads(heartbeat)["models"]):
                places[name] = max(place, places.get(name, 0))
        except (ValueError, TypeError, KeyError):  # damaged
            continue
    return places


async def model_info(redis: Redis, model: str) -> ModelInfo | None:
    """What a worker told last of the model with this id, None when none did; kept when its last worker has gone."""
    told: Any = await redis.hget(keys.CATALOGUE, model)
    return read_info(ModelInfo, told) if told else None
