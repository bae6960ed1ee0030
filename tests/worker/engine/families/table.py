"""Every family that diffusers maps to text → pictures, and whether Easel draws with a tiny random model of it."""

import asyncio
import json
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.worker.engine import tiny
from worker.contract.types.model_info import GUIDANCE, NEGATIVE_PROMPT, ModelInfo
from worker.contract.types.operation import FORWARD, MOMENTS, Operation
from worker.contract.types.request import Scheduler
from worker.engine.pipeline.diffusers_backend import DiffusersBackend

from . import builders, more
from .backend import drawn, loaded, on

_SIDE = 64
Save = Callable[[Path], Path]  # saves a tiny model under a folder, and says where


def _of(build: Callable[[Path], Any]) -> Save:
    def save(folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        return tiny.save(folder, lambda: build(folder))

    return save


def _called(save: Save, pipeline: str) -> Save:
    """The same parts under another pipeline."""

    def renamed(folder: Path) -> Path:
        model = save(folder)
        index = model / "model_index.json"
        index.write_text(json.dumps(json.loads(index.read_text()) | {"_class_name": pipeline}))
        return model

    return renamed


def _sd3(folder: Path) -> Path:
    return tiny.build_sd3(folder, patch_size=2, levels=4, layers=2)


TINY: dict[str, Save] = {
    "stable-diffusion": tiny.build,
    "stable-diffusion-pag": _called(tiny.build, "StableDiffusionPAGPipeline"),
    "stable-diffusion-xl": tiny.build_xl,
    "stable-diffusion-xl-pag": _called(tiny.build_xl, "StableDiffusionXLPAGPipeline"),
    "stable-diffusion-3": _sd3,
    "stable-diffusion-3-pag": _called(_sd3, "StableDiffusion3PAGPipeline"),
    "lcm": _of(builders.lcm),
    "pixart-alpha": _of(builders.pixart),
    "pixart-sigma": _of(more.pixart_sigma),
    "pixart-sigma-pag": _called(_of(more.pixart_sigma), "PixArtSigmaPAGPipeline"),
    "sana": _of(builders.sana),
    "sana-pag": _called(_of(builders.sana), "SanaPAGPipeline"),
    "flux": _of(builders.flux),
    "flux2-klein": _of(more.flux2_klein),
    "qwenimage": _of(builders.qwen),
    "z-image": _of(more.z_image),
    "chroma": _of(more.chroma),
    "lumina": _of(more.lumina),
    "lumina2": _of(more.lumina2),
    "auraflow": _of(more.auraflow),
    "cogview3": _of(more.cogview3),
    "cogview4": _of(more.cogview4),
    "hunyuan": _of(more.hunyuan),
    "hunyuan-pag": _called(_of(more.hunyuan), "HunyuanDiTPAGPipeline"),
    "ovis": _of(more.ovis),
    "kandinsky3": _of(more.kandinsky3),
    "if": _of(more.deepfloyd),
}
# Why there is no tiny model of these.
_FROM_A_PICTURE = "it draws nothing without a picture of its own kind beside the words"
_TWO_MODELS = "it is two models, one after the other, in two folders"
_UNTRIED = "nobody has tried: there is no tiny model of it"


def _why_not(family: str) -> str:
    if re.search("control|kontext", family):
        return _FROM_A_PICTURE
    return _TWO_MODELS if family in {"kandinsky", "kandinsky22", "wuerstchen", "cascade"} else _UNTRIED


COLUMNS = ("family", "pipeline", "draws", "loop", "negative prompt", "guidance", "sides", "samplers, or why not")
_OPERATIONS = {  # as people read them
    Operation.TXT2IMG: "text to image",
    Operation.IMG2IMG: "image to image",
    Operation.INPAINT: "inpaint",
    Operation.OUTPAINT: "outpaint",
    MOMENTS: "how it came about",
    FORWARD: "how it turns to noise",
}


@dataclass(frozen=True)
class Row:
    """What became of a family: its cells, in the order of COLUMNS."""

    cells: tuple[str, ...]

    def line(self) -> str:
        return f"| {' | '.join(self.cells)} |"


def _unsupported(family: str, pipeline: str, why: str) -> Row:
    return Row((family, f"`{pipeline}`", "not supported", *[""] * (len(COLUMNS) - 4), why))


def rows() -> list[Row]:
    """All families, in the order of diffusers."""
    from diffusers.pipelines.auto_pipeline import AUTO_TEXT2IMAGE_PIPELINES_MAPPING as MAPPING

    return [_row(family, pipeline.__name__) for family, pipeline in MAPPING.items()]


def _row(family: str, pipeline: str) -> Row:
    save = TINY.get(family)
    if save is None:
        return _unsupported(family, pipeline, _why_not(family))
    with tempfile.TemporaryDirectory(prefix="easel-") as name:
        folder = Path(name)
        try:
            model = save(folder / "parts")
            backend = loaded(tiny.catalogue(folder, model))
        except Exception as error:  # noqa: BLE001 - the table says what it was
            return _unsupported(family, pipeline, f"its tiny model fails ({type(error).__name__})")
        if why := _why_it_does_not_draw(backend):
            return _unsupported(family, pipeline, why)
        return Row((family, f"`{pipeline}`", *_told(backend)))


def _why_it_does_not_draw(backend: DiffusersBackend) -> str:
    if not backend.models():
        return _shown(backend.problems()[0])
    (info,) = backend.models()
    side = -(-_SIDE // info.multiple) * info.multiple
    try:
        asyncio.run(drawn(backend, on("m0", count=2, width=side, height=side)))
    except Exception as error:  # noqa: BLE001 - the table says what it was
        return _shown(f"{type(error).__name__}: {error}")
    return ""


def _told(backend: DiffusersBackend) -> tuple[str, ...]:
    """From `draws` on."""
    (info,) = backend.models()
    assert backend._cache is not None
    held = backend._cache.held(info.id)
    can = [words for operation, words in _OPERATIONS.items() if info.does(operation)]
    samplers = info.samplers or ()
    every = len(samplers) == len(Scheduler)
    return (
        ", ".join(can),
        "Easel's" if held and held.stepper else "its own",
        _effect(info, NEGATIVE_PROMPT),
        _effect(info, GUIDANCE),
        f"in steps of {info.multiple}",
        "all" if every else ", ".join(samplers) or "its own alone",
    )


def _effect(info: ModelInfo, option: str) -> str:
    return "no effect" if option in info.unheard else "yes"


def _shown(words: str) -> str:
    return re.sub(r"^\S*models\.toml:\d+: (?:model m0: )?", "", words).replace("|", "/").replace("\n", " ")[:200]
