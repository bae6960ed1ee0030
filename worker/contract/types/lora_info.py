"""A LoRA as its worker tells the bot: a small network beside a model that changes how it draws."""

from pydantic import BaseModel, ConfigDict, Field

from worker.contract.discord_limits import CHOICE_NAME_MAX

from .request import GUIDANCE_MAX, STEPS_MAX, WEIGHT_MAX, ModelId


class LoraInfo(BaseModel):
    """One of a model's own entry.

    Attributes:
        id: what people type and requests carry; another model may have another one of that id.
        title: what people read.
        triggers: words that call it, for a prompt.
        weight: where none was typed.
        steps, guidance_scale, scheduler: what a distilled one (LCM, Lightning) is drawn with where nothing was typed;
            None: as ever. A newer worker may name a sampler that this Easel does not know.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: ModelId
    title: str = Field(min_length=1, max_length=CHOICE_NAME_MAX)
    description: str = Field(default="", max_length=300)
    licence: str = Field(default="unknown", max_length=100)
    triggers: tuple[str, ...] = ()
    weight: float = Field(default=1.0, ge=-WEIGHT_MAX, le=WEIGHT_MAX)
    steps: int | None = Field(default=None, ge=1, le=STEPS_MAX)
    guidance_scale: float | None = Field(default=None, ge=0, le=GUIDANCE_MAX)
    scheduler: str | None = None
