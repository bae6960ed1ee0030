"""ControlNets and IP-Adapters in the catalogue: a `[[model.guide]]` table each, below their model's own."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from worker.contract.types.guide_info import STYLE, GuideInfo
from worker.engine.service.guides import KINDS

from . import tables


class GuideOrigin(BaseModel):
    """Where its files come from.

    Attributes:
        source: a `.safetensors` file, relative to the catalogue's own folder or absolute, or the address of one on the
            Hub. A ControlNet's has its `config.json` beside it.
        revision: commit, tag or branch of the Hub, before the one in the address.
        encoder: the `model.safetensors` of the image encoder that an IP-Adapter was trained with, likewise, with its
            `config.json` beside it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: str = Field(min_length=1, max_length=500)
    revision: str | None = Field(default=None, max_length=100)
    encoder: str | None = Field(default=None, max_length=500)

    @field_validator("source", "encoder")
    @classmethod
    def _safe(cls, source: str | None) -> str | None:
        return source if source is None else tables.safe(source)


@dataclass(frozen=True)
class GuideConfig:
    """One usable network. `base`: what a relative source is relative to."""

    info: GuideInfo
    origin: GuideOrigin
    base: Path

    @property
    def id(self) -> str:
        """Its id."""
        return self.info.id


def entries(given: Any, base: Path) -> tuple[tuple[GuideConfig, ...], list[str]]:
    """The usable ones of a model, and words about the others."""
    return tables.entries(given, "guide", "guide", lambda table: _entry(table, base))


def _entry(table: dict[str, Any], base: Path) -> GuideConfig:
    info, origin = tables.parted(table, GuideInfo, GuideOrigin)
    if info.kind not in KINDS:
        raise tables.WrongEntryError(f"kind: it must be {', '.join(KINDS)}")
    if (info.kind == STYLE) != (origin.encoder is not None):
        raise tables.WrongEntryError(f'encoder: it comes with kind = "{STYLE}", and with no other')
    return GuideConfig(info, origin, base)
