"""Which kind of model a file or folder holds, told by the shapes of its tensors or its configuration."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SD_TEXT = "model.diffusion_model.input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight"
_SDXL_TEXT = "model.diffusion_model.input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight"


@dataclass(frozen=True)
class ModelFamily:
    """What usually suits models of a kind; the person may change all of it in the table.

    Attributes:
        side: of the square that it was trained at, in pixels.
        factor: cost of a megapixel-step beside Stable Diffusion 1.5.
    """

    name: str
    title: str
    side: int
    steps: int
    guidance_scale: float
    factor: float
    side_min: int
    side_max: int

    @property
    def usual(self) -> dict[str, Any]:
        """What a model's table says of it."""
        return {
            "steps": self.steps,
            "guidance_scale": self.guidance_scale,
            "native_pixels": self.side**2,
            "side_min": self.side_min,
            "side_max": self.side_max,
            "factor": self.factor,
        }


FAMILIES = {
    each.name: each
    for each in (
        ModelFamily("sd15", "Stable Diffusion 1", 512, 25, 7.0, 1.0, 256, 1024),
        ModelFamily("sd21", "Stable Diffusion 2", 768, 25, 7.0, 1.0, 256, 1152),
        ModelFamily("sdxl", "Stable Diffusion XL", 1024, 30, 6.0, 3.5, 512, 1536),
        ModelFamily("sd3", "Stable Diffusion 3", 1024, 28, 4.5, 4.0, 512, 1536),
        ModelFamily("flux", "FLUX", 1024, 28, 3.5, 12.0, 512, 1536),
    )
}
_CLASSES = {
    "StableDiffusionXLPipeline": "sdxl", "StableDiffusion3Pipeline": "sd3", "FluxPipeline": "flux",
}  # fmt: skip


def of_tensors(shapes: dict[str, list[int]]) -> ModelFamily | None:
    """The family of one file with a whole model; None when it is none of those above."""
    if _width(shapes, _SDXL_TEXT) == 2048:
        return FAMILIES["sdxl"]
    if width := _width(shapes, _SD_TEXT):
        return FAMILIES.get({768: "sd15", 1024: "sd21"}.get(width, ""))
    if any(".joint_blocks." in name for name in shapes):
        return FAMILIES["sd3"]
    return FAMILIES["flux"] if any("double_blocks." in name for name in shapes) else None


def of_folder(folder: Path) -> ModelFamily | None:
    """The family of a folder in the layout of diffusers, already checked."""
    kind = str(_read(folder / "model_index.json").get("_class_name"))
    if kind == "StableDiffusionPipeline":
        width = _read(folder / "unet" / "config.json").get("cross_attention_dim")
        return FAMILIES.get({768: "sd15", 1024: "sd21"}.get(width, "")) if isinstance(width, int) else None
    return FAMILIES.get(_CLASSES.get(kind, ""))


def id_of(source: str) -> str:
    """What people type for a model or LoRA whose files are called so."""
    stem = Path(source).name.removesuffix(".safetensors").lower()
    return re.sub(r"[^a-z0-9]+", "-", stem).strip("-")[:32].strip("-") or "model"


def licence_in(folder: Path) -> str | None:
    """What the head of a model card says, as the Hub's downloads have it."""
    try:
        lines = (folder / "README.md").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    if lines[:1] != ["---"]:
        return None
    head = lines[1 : lines.index("---", 1)] if "---" in lines[1:] else []
    fields = dict(line.split(":", 1) for line in head if ":" in line and not line.startswith(" "))
    said = (fields.get("license_name") or fields.get("license") or "").strip().strip("'\"")
    return said[:100] or None


def _width(shapes: dict[str, list[int]], name: str) -> int:
    shape = shapes.get(name, [])
    return shape[1] if len(shape) > 1 else 0


def _read(file: Path) -> dict[str, Any]:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}
