"""Write the trained parts as a plain `StableDiffusionPipeline` folder, with checksums and the preview matrix."""

import hashlib
import json
from pathlib import Path

from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline
from transformers import CLIPTokenizer

from worker.starter.denoiser import BETA_END, BETA_START, TIMESTEPS, Denoiser

CHECKSUMS = "SHA256SUMS"
PREVIEW = "preview.json"


def scheduler() -> DDIMScheduler:
    """The scheduler of the exported folder. Any of the usual ones can be made from its configuration."""
    return DDIMScheduler(
        num_train_timesteps=TIMESTEPS,
        beta_start=BETA_START,
        beta_end=BETA_END,
        beta_schedule="scaled_linear",
        prediction_type="v_prediction",
        clip_sample=False,
        set_alpha_to_one=False,
        steps_offset=1,
        timestep_spacing="trailing",
    )


def pipeline(model: Denoiser, autoencoder: AutoencoderKL, tokenizer: CLIPTokenizer) -> StableDiffusionPipeline:
    """Put the parts together, without a safety checker."""
    return StableDiffusionPipeline(
        vae=autoencoder,
        text_encoder=model.text,
        tokenizer=tokenizer,
        unet=model.unet,
        scheduler=scheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def export(
    model: Denoiser,
    autoencoder: AutoencoderKL,
    tokenizer: CLIPTokenizer,
    preview: dict[str, list[list[float]] | list[float]],
    folder: Path,
) -> None:
    """Write the pipeline, `preview.json` and `SHA256SUMS` to `folder`. UNet and autoencoder become half precision.

    The text encoder stays in single precision: transformers keeps a file's precision where diffusers does not, and
    the folder has to work when somebody opens it without naming one.
    """
    model.unet.half()
    pipe = pipeline(model, autoencoder.half(), tokenizer)
    pipe.save_pretrained(folder, safe_serialization=True)
    # vocab.json and merges.txt: older releases of transformers read these instead of tokenizer.json
    tokenizer.backend_tokenizer.model.save(str(folder / "tokenizer"))
    (folder / PREVIEW).write_text(json.dumps(preview, indent=1) + "\n")
    write_checksums(folder)


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
