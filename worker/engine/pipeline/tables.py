"""Tables within a model's own in the catalogue: small networks beside it, each with an id and a file of weights."""

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError


class WrongEntryError(Exception):
    """What is wrong with a table, in words."""


class _Named(Protocol):
    @property
    def id(self) -> str: ...


Entry = TypeVar("Entry", bound=_Named)
Info = TypeVar("Info", bound=BaseModel)
Origin = TypeVar("Origin", bound=BaseModel)


def safe(source: str) -> str:
    """For a field that names weights. Raises ValueError."""
    if not source.endswith(".safetensors"):
        raise ValueError("source has to be a .safetensors file; nothing else is loaded")
    return source


def parted(table: dict[str, Any], info: type[Info], origin: type[Origin]) -> tuple[Info, Origin]:
    """What people are told of it, and where its files are. Raises ValidationError."""
    files = {name: value for name, value in table.items() if name in origin.model_fields}
    told = {name: value for name, value in table.items() if name not in files}
    return info.model_validate(told), origin.model_validate(files)


def entries(
    given: Any, key: str, word: str, made: Callable[[dict[str, Any]], Entry]
) -> tuple[tuple[Entry, ...], list[str]]:
    """The usable ones of a model, and words about the others. `key`: of the tables; `word`: what people call one."""
    if not isinstance(given, list) or not all(isinstance(table, dict) for table in given):
        return (), [f"write [[model.{key}]] with two brackets before each {word}"]
    found: dict[str, Entry] = {}
    problems: list[str] = []
    for table in given:
        name = f"{word} {table.get('id', 'without an id')}"
        try:
            config = made(table)
        except ValidationError as error:
            problems += [f"{name}: {words(part)}" for part in error.errors(include_url=False)]
            continue
        except WrongEntryError as error:
            problems.append(f"{name}: {error}")
            continue
        if config.id in found:
            problems.append(f"{name}: there is another one with this id")
        else:
            found[config.id] = config
    return tuple(found.values()), problems


def words(part: Any) -> str:
    """What is wrong with a field, of one of pydantic's errors."""
    field = str(part["loc"][0]) if part["loc"] else ""
    if part["type"] == "missing":
        return f"the field {field} is missing"
    if part["type"] == "extra_forbidden":
        return f"there is no field {field}"
    return f"{field}: {part['msg'].removeprefix('Value error, ')}"
