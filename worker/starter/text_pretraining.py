"""Text pretraining: the text encoder's own training, before that with the UNet.

It learns to predict from a caption what the picture's latent will be on average. A step costs a small part of one of
the whole denoiser, and the UNet then finds the picture in the states of the text instead of having to teach the
text encoder through many noisy steps what each word looks like.

It does not start from random words either. What each token adds to a latent is a least-squares problem with a closed
solution, and the embeddings start as its principal components: from the first step on, things that look alike have
words that lie together. (From random ones the same training knew colours after 200 steps, but hardly a subject after
700, since each subject is a small part of all that it sees.)
"""

from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional
from transformers import CLIPTextModel, CLIPTokenizer

from worker.starter import checkpoints, loop
from worker.starter.denoiser import DenoiserShape, text_encoder
from worker.starter.latent_cache import LatentCache
from worker.starter.machine import Machine

STAGE = "reader"  # as it is typed, and as its folder and its losses are called

_LENGTH, _PACE = loop.Length(3000), loop.Pace(1e-3, warmup=100, weight_decay=0.01)


@dataclass(frozen=True)
class TextPretrainingPlan:
    """How to train it."""

    length: loop.Length = _LENGTH
    pace: loop.Pace = _PACE
    batch: int = 96
    seed: int = 7

    def on(self, machine: Machine) -> "TextPretrainingPlan":
        """Fit it to the machine."""
        return replace(self, batch=1024) if machine.large else self


class TextPretrainingModel(nn.Module):
    """A text encoder under a head that guesses latents; the head is thrown away afterwards."""

    def __init__(self, tokenizer: CLIPTokenizer, shape: DenoiserShape) -> None:
        super().__init__()
        self.text = text_encoder(tokenizer, shape)
        self._end = tokenizer.eos_token_id
        self._latent = (shape.latent_channels, shape.latent_size, shape.latent_size)
        outputs = shape.latent_channels * shape.latent_size**2
        self.head = nn.Sequential(nn.Linear(2 * shape.text_width, 512), nn.GELU(), nn.Linear(512, outputs))

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """Tokens (n, length) → latents (n, c, h, w).

        The head sees the mean state of the words beside the mean state at and after their end: from the latter alone
        it learnt colours, but for hundreds of steps no subject.
        """
        states = self.text(tokens)[0]
        ended = (tokens == self._end).to(states.dtype)[:, :, None]
        means = [(states * part).sum(dim=1) / part.sum(dim=1) for part in (1 - ended, ended)]
        guess: torch.Tensor = self.head(torch.cat(means, dim=1))
        return guess.reshape(-1, *self._latent)


@torch.no_grad()
def initialise_embeddings(text: CLIPTextModel, cache: LatentCache, ridge: float = 3.0, spread: float = 0.5) -> None:
    """Give every token that occurs in the captions the embedding of what it adds to the latents, in place.

    The columns are the principal components of those additions, each at the square root of its size so that colours,
    the largest by far, do not drown the rest; `spread` is the standard deviation of the whole.
    """
    words = text.embeddings.token_embedding.weight
    counts = torch.zeros(len(cache.tokens), len(words), device=words.device)
    occurrences = cache.tokens.flatten(1)
    counts.scatter_add_(1, occurrences, torch.full(occurrences.shape, 1 / cache.tokens.shape[1], device=words.device))
    often = counts.sum(dim=0)
    counts -= counts.mean(dim=0)
    latents = cache.latents.flatten(1).float()
    latents -= latents.mean(dim=0)
    square = counts.T @ counts + ridge * torch.eye(len(words), device=words.device)
    added = torch.linalg.solve(square, counts.T @ latents)
    weight = often.sqrt()[:, None]
    _, sizes, directions = torch.svd_lowrank(added * weight, q=words.shape[1], niter=4)
    found = added @ directions / sizes.clamp(min=1e-6).sqrt()
    found *= spread / found[often > 0].std()
    words[often > 0] = found[often > 0]


def train(
    cache: LatentCache,
    tokenizer: CLIPTokenizer,
    plan: TextPretrainingPlan,
    folder: Path,
    machine: Machine,
    shape: DenoiserShape | None = None,
) -> CLIPTextModel:
    """Train on the cached captions and latents, resuming from `folder`; returns the text encoder."""
    torch.manual_seed(plan.seed)
    model = machine.place(TextPretrainingModel(tokenizer, shape or DenoiserShape()))
    initialise_embeddings(model.text, cache)
    called = machine.faster(model)

    def loss(step: int) -> torch.Tensor:
        generator = machine.generator(plan.seed, step)
        rows, which = (
            torch.randint(high, (plan.batch,), generator=generator, device=machine.device)
            for high in cache.tokens.shape[:2]
        )
        with machine.autocast():
            guess = called(cache.tokens[rows, which])
        return functional.mse_loss(guess.float(), cache.latents[rows].float())

    loop.fit(STAGE, folder, model, loss, plan.length, plan.pace)
    return model.text


def load(folder: Path, tokenizer: CLIPTokenizer, shape: DenoiserShape | None = None) -> CLIPTextModel | None:
    """Return the text encoder from the checkpoint in `folder`, if there is one."""
    if not checkpoints.done(folder).step:
        return None
    model = TextPretrainingModel(tokenizer, shape or DenoiserShape())
    checkpoints.restore_model(folder, model)
    return model.text
