"""The latent cache: the scenes that the denoiser trains on, encoded once, each with the tokens of a few captions."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL
from safetensors.torch import load_file, save_file
from transformers import CLIPTokenizer

from worker.engine.pipeline.paint import PAINTS
from worker.starter import autoencoder, captions, checkpoints
from worker.starter.data import limited, scenes
from worker.starter.data.compose import Composer
from worker.starter.data.packages import DataError
from worker.starter.data.scenes import NONE, USUAL, Mix, Scenes
from worker.starter.machine import Machine
from worker.starter.vocabulary import Style, Vocabulary

log = logging.getLogger(__name__)

PAINTS_FILE = "paints.json"

# Fewer of the rarer things than usual: a short training spends its time on what people look at first. No pairs, and
# nothing small, until single things of usual size are drawn well: shown rarely, they became blots that cost looks.
_SPARING = Mix(
    pair=0.0, gradient=0.05, sizes=(0.97, 0.0, 0.03, 0.0), turns=(0.97, 0.01, 0.01, 0.01), mirrored=0.03, painted=0.15
)
# Later rounds show most things facing either way: four pictures of one prompt then differ by more than their noise.
_EITHER_WAY = replace(_SPARING, flipped=0.5)
_SURROUNDED = replace(_SPARING, surroundings=1.0)
# What Easel's engine asks for when it puts pictures together: it makes things small, turns and places them itself.
_ALONE = Mix(
    pair=0.0, gradient=0.05, sizes=(1.0, 0.0, 0.0, 0.0), turns=(1.0, 0.0, 0.0, 0.0), mirrored=0.0, painted=0.25,
    surroundings=0.25, exact=True,
)  # fmt: skip
_OWN_COLOUR = 0.8  # of what the engine paints itself and would be painted here, keeps its own
_PLENTY = replace(Mix(), pair=0.0, sizes=(0.90, 0.05, 0.05, 0.0), painted=0.2, flipped=0.3)


@dataclass(frozen=True)
class LatentCachePlan:
    """How many scenes of which mix: `rounds` times every drawing, with how many captions each. A round is a file.

    From round `later` on the mix is `later_mix`, from `last` on `last_mix`: a training goes on with the rounds that it
    has, and gets more. `alone`: of what people are told of, in the styles that they are told of, with captions that
    leave nothing open.
    """

    rounds: int = 20
    captions: int = 8
    mix: Mix = _SPARING
    seed: int = 2
    later: int = 12
    later_mix: Mix = _EITHER_WAY
    last: int = 18
    last_mix: Mix = _SURROUNDED
    alone: bool = False

    def mix_of(self, number: int) -> Mix:
        """Of which mix a round is."""
        return self.last_mix if number >= self.last else self.later_mix if number >= self.later else self.mix

    def with_second_drawings(self) -> "LatentCachePlan":
        """Let every other scene of what has a second drawing show that one."""
        mix, later_mix, last_mix = (replace(one, second=0.5) for one in (self.mix, self.later_mix, self.last_mix))
        return replace(self, mix=mix, later_mix=later_mix, last_mix=last_mix)

    def on(self, machine: Machine) -> "LatentCachePlan":
        """Fit it to the machine: a GPU encodes thousands of pictures a second."""
        return replace(self, rounds=60, mix=_PLENTY, later_mix=_PLENTY, last=54) if machine.large else self


# Each thing as the engine asks for it, on six backgrounds of the many: these are learnt long before things are.
ALONE = LatentCachePlan(rounds=6, mix=_ALONE, later_mix=_ALONE, last_mix=_ALONE, seed=6, alone=True)


@dataclass(frozen=True)
class LatentCache:
    """`latents`: float16 (n, c, h, w), scaled; `tokens`: int64 (n, captions, length); both on one device."""

    latents: torch.Tensor
    tokens: torch.Tensor


@torch.no_grad()
def centre(model: AutoencoderKL, composer: Composer, seed: int = 0, count: int = 128) -> None:
    """Give the latents zero mean and more even channels, and record the factor that gives them unit variance.

    Mean and channel scales go into the two 1 × 1 convs beside the latent, the factor into `scaling_factor`, where
    every pipeline looks for it. The few channels that hold colour vary most; dividing by the root of each channel's
    deviation halves that on a log scale, so that detail is not drowned in noise long before colour is.
    """
    pictures = _pictures(composer, seed, count)
    latents = torch.cat([autoencoder.encode(model, few) for few in torch.split(pictures, 16)])
    mean, spread = latents.mean(dim=(0, 2, 3)), latents.std(dim=(0, 2, 3)).sqrt()
    before, after, channels = model.quant_conv, model.post_quant_conv, len(mean)
    after.bias += after.weight[:, :, 0, 0] @ mean
    after.weight *= spread[:, None, None]
    before.bias[:channels] = (before.bias[:channels] - mean) / spread
    before.weight[:channels] /= spread[:, None, None, None]
    even = (latents - mean[:, None, None]) / spread[:, None, None]
    model.register_to_config(scaling_factor=round(1.0 / even.std().item(), 5))


def build(
    model: AutoencoderKL,
    composer: Composer,
    tokenizer: CLIPTokenizer,
    plan: LatentCachePlan,
    folder: Path,
    machine: Machine,
) -> LatentCache:
    """Return the latents of all rounds, encoding the rounds that `folder` lacks."""
    folder.mkdir(parents=True, exist_ok=True)
    model = model.to(memory_format=torch.channels_last)
    chunks = []
    for number in range(plan.rounds):
        path = folder / f"{number:03d}.safetensors"
        if not path.exists():
            partial = path.with_suffix(".part")
            header = {"paints": json.dumps([paint.name for paint in PAINTS] if plan.mix.painted else [])}
            save_file(_chunk(model, composer, tokenizer, plan, number, machine), partial, header)
            partial.rename(path)
            log.info("latent cache: round %d of %d", number + 1, plan.rounds)
        chunks.append(load_file(path))
    latents = torch.cat([chunk["latents"] for chunk in chunks]).to(machine.device)
    tokens = torch.cat([chunk["tokens"] for chunk in chunks]).to(machine.device)
    return LatentCache(latents, tokens.long())


def retell(
    cache: LatentCache, composer: Composer, tokenizer: CLIPTokenizer, plan: LatentCachePlan, styles: Mapping[int, Style]
) -> LatentCache:
    """Return what a model is asked for most, with captions that leave nothing open: nothing has to be encoded again.

    That is single things of usual size in some `styles`, by number, with the words for them. Left out is also what
    faces the other way without a word: of two pictures that one caption may mean, a small model draws some of each.
    """
    rng = np.random.default_rng((plan.seed, plan.rounds))
    known = _in_styles(composer.vocabulary, styles)
    kept, words, start = [], [], 0
    for number in range(plan.rounds):
        drawn = _scenes_of(composer, plan, number)[0]
        asked = np.isin(drawn.style, sorted(styles)) & (drawn.size == USUAL) & (drawn.second == NONE) & ~drawn.flipped
        rows = np.flatnonzero(asked)
        words += [captions.told(drawn, int(row), known, rng) for row in rows for _ in range(plan.captions)]
        kept.append(rows + start)
        start += len(drawn)
    if start != len(cache.latents):
        raise DataError(f"{start} scenes are planned, and {len(cache.latents)} are encoded: they are of another plan")
    where = torch.from_numpy(np.concatenate(kept)).to(cache.latents.device)
    return LatentCache(cache.latents[where], _ids(words, tokenizer, plan).long().to(cache.tokens.device))


def paints_in(folder: Path) -> tuple[str, ...]:
    """Which colours things were given in the scenes that `folder` holds: those that all its files tell of.

    Where it holds none, a training that came from elsewhere may have left their names.
    """
    if not any(folder.glob("*.safetensors")) and (folder / PAINTS_FILE).exists():
        return tuple(json.loads((folder / PAINTS_FILE).read_text(encoding="utf-8")))
    headers = [checkpoints.header(path) for path in folder.glob("*.safetensors")]
    told: list[list[str]] = [json.loads(header.get("paints", "[]")) for header in headers]
    return tuple(name for name in (told[0] if told else ()) if all(name in names for names in told))


@torch.no_grad()
def _chunk(
    model: AutoencoderKL,
    composer: Composer,
    tokenizer: CLIPTokenizer,
    plan: LatentCachePlan,
    number: int,
    machine: Machine,
) -> dict[str, torch.Tensor]:
    drawn, rng = _scenes_of(composer, plan, number)
    latents = []
    few = 256 if machine.large else 16
    encode = machine.faster(autoencoder.encode)  # worth it on CPUs too: 19 instead of 12 pictures a second
    for start in range(0, len(drawn), few):
        rows = np.arange(start, start + few) % len(drawn)  # batches of one size are compiled once
        pictures = composer.pictures(drawn.pick(rows)).to(memory_format=torch.channels_last)
        with machine.autocast():
            encoded = encode(model, pictures)
        latents.append((encoded.float() * model.config.scaling_factor).half().cpu())
    return {
        "latents": torch.cat(latents)[: len(drawn)].contiguous(),
        "tokens": _ids(_words(drawn, composer, plan, rng), tokenizer, plan),
    }


def _scenes_of(composer: Composer, plan: LatentCachePlan, number: int) -> tuple[Scenes, np.random.Generator]:
    """The scenes of a round, the same each time, and what draws their captions."""
    rng = np.random.default_rng((plan.seed, number))
    known = composer.vocabulary
    pool = limited.pool(known)
    drawn = scenes.draw(rng, len(known.styles) * len(pool), known, pool, plan.mix_of(number), dealt=True)
    if plan.alone:
        drawn = drawn.pick(np.flatnonzero(np.isin(drawn.style, sorted(limited.styles_offered(known)))))
        own = np.array(composer.coloured)[drawn.first] & (rng.random(len(drawn)) < _OWN_COLOUR)
        drawn = replace(drawn, paint=np.where(own, NONE, drawn.paint))
    return drawn, rng


def _in_styles(vocabulary: Vocabulary, styles: Mapping[int, Style]) -> Vocabulary:
    """A vocabulary with other words for some styles, by their numbers."""
    words = tuple(styles.get(number, style) for number, style in enumerate(vocabulary.styles))
    return replace(vocabulary, styles=words)


def told_scenes(composer: Composer, plan: LatentCachePlan, number: int) -> tuple[Scenes, list[str]]:
    """The scenes of a round, and their captions, `plan.captions` to a scene."""
    drawn, rng = _scenes_of(composer, plan, number)
    return drawn, _words(drawn, composer, plan, rng)


def _words(drawn: Scenes, composer: Composer, plan: LatentCachePlan, rng: np.random.Generator) -> list[str]:
    say, known = captions.caption, composer.vocabulary
    if plan.alone:
        say, known = captions.told, _in_styles(known, limited.styles_offered(known))
    return [say(drawn, row, known, rng) for row in range(len(drawn)) for _ in range(plan.captions)]


def _ids(words: list[str], tokenizer: CLIPTokenizer, plan: LatentCachePlan) -> torch.Tensor:
    """Tokens of captions, so many to a scene: int16 (scenes, captions, length)."""
    ids = tokenizer(words, padding="max_length", truncation=True, return_tensors="pt").input_ids
    rows: torch.Tensor = ids.to(torch.int16).reshape(-1, plan.captions, ids.shape[-1])
    return rows


@torch.no_grad()
def preview_matrix(
    model: AutoencoderKL, composer: Composer, seed: int = 3, count: int = 128
) -> dict[str, list[list[float]] | list[float]]:
    """Least-squares map from a scaled latent to RGB in -1..1: `matrix` (channels rows × 3) and `bias` (3)."""
    pictures = _pictures(composer, seed, count)
    encoded = [autoencoder.encode(model, few) for few in torch.split(pictures, 16)]
    latents = torch.cat(encoded) * model.config.scaling_factor
    small = torch.nn.functional.avg_pool2d(pictures, autoencoder.FACTOR)
    inputs = latents.movedim(1, -1).reshape(-1, latents.shape[1]).double().cpu()
    inputs = torch.cat([inputs, torch.ones(len(inputs), 1, dtype=torch.float64)], dim=1)
    solution = torch.linalg.lstsq(inputs, small.movedim(1, -1).reshape(-1, 3).double().cpu()).solution
    rounded = [[round(value, 5) for value in row] for row in solution.tolist()]
    return {"matrix": rounded[:-1], "bias": rounded[-1]}


def _pictures(composer: Composer, seed: int, count: int) -> torch.Tensor:
    return composer.pictures(scenes.draw(np.random.default_rng(seed), count, composer.vocabulary))
