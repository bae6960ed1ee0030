"""LoRAs in the catalogue: a `[[model.lora]]` table each, below the table of the model that they change."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from worker.contract.types.lora_info import LoraInfo


class LoraOrigin(BaseModel):
    """Where a LoRA's file comes from.

    Attributes:
        source: a `.safetensors` file, relative to the catalogue's own folder or absolute, or the address of one on the
            Hub.
        revision: commit, tag or branch of the Hub, before the one in the address.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str = Field(min_length=1, max_length=500)
    revision: str | None = Field(default=None, max_length=100)

    @field_validator("source")
    @classmethod
    def _safe(cls, source: str) -> str:
        if not source.endswith(".safetensors"):
            raise ValueError("source has to be a .safetensors file; nothing else is loaded")
        return source


@dataclass(frozen=True)
class LoraConfig:
    """One usable LoRA. `base`: what a relative source is relative to."""

    info: LoraInfo
    origin: LoraOrigin
    base: Path

    @property
    def id(self) -> str:
        """Its id."""
        return self.info.id


def entries(tables: Any, base: Path) -> tuple[tuple[LoraConfig, ...], list[str]]:
    """The usable ones of a model, and words about the others."""
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        return (), ["write [[model.lora]] with two brackets before each LoRA"]
    found: dict[str, LoraConfig] = {}
    problems: list[str] = []
    for table in tables:
        name = f"LoRA {table.get('id', 'without an id')}"
        try:
            config = _entry(table, base)
        except ValidationError as error:
            problems += [f"{name}: {_words(part)}" for part in error.errors(include_url=False)]
            continue
        if config.id in found:
            problems.append(f"{name}: there is another one with this id")
        else:
            found[config.id] = config
    return tuple(found.values()), problems


def _entry(table: dict[str, Any], base: Path) -> LoraConfig:
    origin = {name: value for name, value in table.items() if name in LoraOrigin.model_fields}
    info = {name: value for name, value in table.items() if name not in origin}
    return LoraConfig(LoraInfo.model_validate(info), LoraOrigin.model_validate(origin), base)


def _words(part: Any) -> str:
    field = str(part["loc"][0]) if part["loc"] else ""
    if part["type"] == "missing":
        return f"the field {field} is missing"
    if part["type"] == "extra_forbidden":
        return f"there is no field {field}"
    return f"{field}: {part['msg'].removeprefix('Value error, ')}"
