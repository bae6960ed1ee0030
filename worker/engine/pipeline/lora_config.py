"""LoRAs in the catalogue: a `[[model.lora]]` table each, below the table of the model that they change."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from worker.contract.types.lora_info import LoraInfo

from . import tables


class LoraOrigin(BaseModel):
    """Where a LoRA's file comes from.

    Attributes:
        source: a `.safetensors` file, relative to the catalogue's own folder or absolute, or the address of one on the
            Hub.
        revision: commit, tag or branch of the Hub, before the one in the address.
        spacing: of a distilled one that was trained at other timesteps of a sampler than its model's own: `trailing`
            for Lightning and Hyper.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str = Field(min_length=1, max_length=500)
    revision: str | None = Field(default=None, max_length=100)
    spacing: Literal["leading", "linspace", "trailing"] | None = None

    @field_validator("source")
    @classmethod
    def _safe(cls, source: str) -> str:
        return tables.safe(source)


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


def entries(given: Any, base: Path) -> tuple[tuple[LoraConfig, ...], list[str]]:
    """The usable ones of a model, and words about the others."""
    return tables.entries(given, "lora", "LoRA", lambda table: _entry(table, base))


def _entry(table: dict[str, Any], base: Path) -> LoraConfig:
    return LoraConfig(*tables.parted(table, LoraInfo, LoraOrigin), base)
