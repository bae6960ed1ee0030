"""Write the trained parts as a plain `StableDiffusionPipeline` folder, with its words, checksums and preview matrix."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline
from transformers import CLIPTokenizer

from worker.engine.pipeline.model_files import CHECKSUMS
from worker.starter import held_out, vocabulary
from worker.starter.data.scenes import Bools
from worker.starter.denoiser import BETA_END, BETA_START, TIMESTEPS, Denoiser
from worker.starter.forward import ScheduleName, betas
from worker.starter.vocabulary import Vocabulary

PREVIEW = "preview.json"

# Our schedules by diffusers' names; it has no sigmoid for DDIM.
_NAMES = {"linear": "linear", "quadratic": "scaled_linear", "cosine": "squaredcos_cap_v2"}


def scheduler(name: ScheduleName = "quadratic", *, terminal_zero: bool = False) -> DDIMScheduler:
    """The scheduler of the exported folder. Any of the usual ones can be made from its configuration."""
    steps = betas(name, TIMESTEPS, BETA_START, BETA_END).tolist() if name not in _NAMES else None
    return DDIMScheduler(
        num_train_timesteps=TIMESTEPS,
        beta_start=BETA_START,
        beta_end=BETA_END,
        beta_schedule=_NAMES.get(name, "linear"),
        trained_betas=steps,
        prediction_type="v_prediction",
        clip_sample=False,
        set_alpha_to_one=False,
        steps_offset=1,
        timestep_spacing="trailing",
        rescale_betas_zero_snr=terminal_zero,
    )


@dataclass(frozen=True)
class PipelineParts:
    """What a pipeline is made of."""

    model: Denoiser
    autoencoder: AutoencoderKL
    tokenizer: CLIPTokenizer
    scheduler: DDIMScheduler

    def pipeline(self) -> StableDiffusionPipeline:
        """Put the parts together, without a safety checker."""
        return StableDiffusionPipeline(
            vae=self.autoencoder,
            text_encoder=self.model.text,
            tokenizer=self.tokenizer,
            unet=self.model.unet,
            scheduler=self.scheduler,
            safety_checker=None,
            feature_extractor=None,
            requires_safety_checker=False,
        )


def export(
    parts: PipelineParts,
    known: Vocabulary,
    preview: dict[str, list[list[float]] | list[float]],
    unseen: Bools,
    folder: Path,
) -> None:
    """Write the pipeline, what it knows, what it was never shown, `preview.json` and `SHA256SUMS`.

    All weights become half precision.
    """
    for part in (parts.model.unet, parts.model.text, parts.autoencoder):
        part.half()
    parts.pipeline().save_pretrained(folder, safe_serialization=True)
    _open_in_single_precision(folder / "text_encoder" / "config.json")
    _forget_where_it_came_from(folder / "vae" / "config.json")
    # vocab.json and merges.txt: older releases of transformers read these instead of tokenizer.json
    parts.tokenizer.backend_tokenizer.model.save(str(folder / "tokenizer"))
    known.write(folder / vocabulary.FILE)
    held_out.write(folder / held_out.FILE, known, unseen)
    (folder / PREVIEW).write_text(json.dumps(preview, indent=1) + "\n")
    write_checksums(folder)


def _open_in_single_precision(config: Path) -> None:
    """Let the text encoder be opened in single precision where nobody names another, as all other parts are.

    transformers opens a model in the precision that its configuration names, diffusers always in single precision; a
    pipeline of both would fail.
    """
    config.write_text(json.dumps(json.loads(config.read_text()) | {"dtype": "float32"}, indent=2) + "\n")


def _forget_where_it_came_from(config: Path) -> None:
    """Leave out the folder that a part was opened from: it names one of the machine that trained it."""
    kept = {name: value for name, value in json.loads(config.read_text()).items() if name != "_name_or_path"}
    config.write_text(json.dumps(kept, indent=2) + "\n")


def write_checksums(folder: Path) -> None:
    """Record the SHA-256 of every file in `folder` in the format of `sha256sum`."""
    lines = [f"{digest}  {name}" for name, digest in sorted(checksums(folder).items())]
    (folder / CHECKSUMS).write_text("\n".join(lines) + "\n")


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of every file under `folder` but the list itself, by relative POSIX path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != CHECKSUMS
    }


def recorded_checksums(folder: Path) -> dict[str, str]:
    """Read what `write_checksums` wrote."""
    lines = (folder / CHECKSUMS).read_text().splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
