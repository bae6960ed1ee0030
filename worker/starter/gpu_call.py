"""One call on a GPU that is lent for minutes: everything before the denoiser quickly, then the denoiser until the end.

The machine may end the process with SIGTERM at any moment, keeps nothing and hands back a few small files. So
the running average is written anew every two minutes; a second call on the same machine goes on from its checkpoint,
one on another machine from the running average (`take_back`).
"""

import json
import logging
import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from worker.starter import checkpoints, denoiser, ema_shards, export, latent_cache, text_pretraining, vocabulary
from worker.starter.checkpoints import Mark
from worker.starter.data.packages import DataError
from worker.starter.loop import Length
from worker.starter.recipe import LATENTS, Run
from worker.starter.vocabulary import Vocabulary

log = logging.getLogger(__name__)

MARGIN = 20.0  # seconds that are left for the last checkpoint and its files
TEXT_MINUTES = 0.5


def train(run: Run, out: Path, seconds: float, later: float = 0.0, text_minutes: float = TEXT_MINUTES) -> Mark:
    """Train until `seconds` after the call began, leaving the running average in `out`.

    `later`: minutes of further calls; the learning rate falls towards the end of all of them. Returns how far it is.
    """
    ends = time.monotonic() + seconds - MARGIN
    run.autoencoder()
    cache = run.latent_cache()
    if not checkpoints.done(run.folder / "denoiser").step:
        replace(run, minutes=text_minutes).text_encoder()
    done = checkpoints.done(run.folder / "denoiser")
    now = time.monotonic()
    left = max(1.0, ends - now)
    plan = denoiser.DenoiserPlan().on(run.machine)
    plan = replace(plan, length=Length(plan.length.steps, (done.seconds + left) / 60 + later, now + left))
    text = text_pretraining.load(run.folder / text_pretraining.STAGE, run.tokenizer, run.shape)
    log.info("%.0f seconds for the denoiser, after %.0f before", left, done.seconds)

    def keep(model: denoiser.Denoiser, mark: Mark) -> None:
        ema_shards.write(out, model, mark, _texts(run.folder, latent_cache.paints_in(run.folder / LATENTS)))

    try:
        denoiser.train(cache, run.tokenizer, plan, run.folder / "denoiser", run.machine, run.shape, text, keep)
    except SystemExit:  # how the loop ends at SIGTERM and when its time is over, with everything written
        log.info("stopped in time")
    return checkpoints.done(run.folder / "denoiser")


def take_back(run: Run, folder: Path) -> Mark:
    """Make what a call left in `folder`, or exported weights, the checkpoint of this run, to export it or to train on.

    Raises:
        DataError: it is incomplete, or this run is farther.
    """
    tensors, mark, texts = _of_weights(folder) if (folder / "unet").is_dir() else ema_shards.read(folder)
    target = run.folder / "denoiser"
    if checkpoints.done(target).step > mark.step:
        raise DataError(f"the training in {target} is farther than step {mark.step}: take another --cache")
    for name, text in texts.items():
        path = run.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    target.mkdir(parents=True, exist_ok=True)
    both = {f"model.{part}.{name}": value.clone() for part in ("live", "average") for name, value in tensors.items()}
    partial = target / "checkpoint.part"
    save_file(both, partial, {"mark": json.dumps({"step": mark.step, "seconds": mark.seconds})})
    shutil.move(partial, target / checkpoints.NAME)
    run.autoencoder()
    return mark


def _of_weights(folder: Path) -> tuple[dict[str, torch.Tensor], Mark, dict[str, str]]:
    """What `ema_shards.read` returns, of an exported folder: it does not tell of steps, which are counted anew."""
    try:
        tensors = {
            f"{part}.{name}": value.float()
            for part, path in (
                ("unet", folder / "unet" / "diffusion_pytorch_model.safetensors"),
                ("text", folder / "text_encoder" / "model.safetensors"),
            )
            for name, value in load_file(path).items()
        }
        known = Vocabulary.read(folder / vocabulary.FILE)
        texts = _texts(folder, known.paints)
    except (OSError, KeyError, ValueError) as error:
        raise DataError(f"{folder} holds no whole exported model ({error})") from error
    return tensors, Mark(1), texts


def _texts(folder: Path, paints: Sequence[str]) -> dict[str, str]:
    """Small files that weights need, of a run or exported: tokenizer, preview matrix, the colours that it taught."""
    paths = [*sorted((folder / "tokenizer").iterdir()), folder / export.PREVIEW]
    texts = {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    return texts | {f"{LATENTS}/{latent_cache.PAINTS_FILE}": json.dumps(paints)}
