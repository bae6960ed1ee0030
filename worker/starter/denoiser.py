"""The denoiser (UNet and text encoder) and its training."""

import copy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from diffusers import UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from worker.starter import checkpoints
from worker.starter.captions import caption
from worker.starter.forward import ForwardProcess, betas
from worker.starter.subjects import COLOURS, STYLES, SUBJECTS

BETA_START, BETA_END, TIMESTEPS = 0.00085, 0.02, 1000


@dataclass(frozen=True)
class DenoiserPlan:
    """How to train the denoiser. `steps` may be changed when a run is resumed: the learning rate follows."""

    steps: int = 4850
    batch: int = 48
    learning_rate: float = 8e-4
    warmup: int = 150
    caption_dropout: float = 0.1
    average: float = 0.998
    seed: int = 4
    save_every: int = 250


@dataclass(frozen=True)
class Shape:
    """Sizes of UNet and text encoder."""

    latent_channels: int = 16
    latent_size: int = 8
    channels: tuple[int, ...] = (128, 256)
    heads: int = 4
    norm_groups: int = 16
    text_width: int = 192
    text_layers: int = 3


class Denoiser(torch.nn.Module):
    """UNet and the text encoder that is trained with it."""

    def __init__(self, tokenizer: CLIPTokenizer, shape: Shape) -> None:
        super().__init__()
        depth = len(shape.channels)
        self.unet = UNet2DConditionModel(
            sample_size=shape.latent_size,
            in_channels=shape.latent_channels,
            out_channels=shape.latent_channels,
            block_out_channels=shape.channels,
            layers_per_block=1,
            down_block_types=("CrossAttnDownBlock2D",) * depth,
            up_block_types=("CrossAttnUpBlock2D",) * depth,
            cross_attention_dim=shape.text_width,
            attention_head_dim=shape.heads,  # diffusers means the number of heads
            norm_num_groups=shape.norm_groups,
        )
        self.text = CLIPTextModel(
            CLIPTextConfig(
                vocab_size=len(tokenizer),
                hidden_size=shape.text_width,
                intermediate_size=4 * shape.text_width,
                projection_dim=shape.text_width,
                num_hidden_layers=shape.text_layers,
                num_attention_heads=shape.heads,
                max_position_embeddings=tokenizer.model_max_length,
                hidden_act="gelu",
                bos_token_id=tokenizer.bos_token_id,
                eos_token_id=tokenizer.eos_token_id,
                pad_token_id=tokenizer.pad_token_id,
            )
        )

    def forward(self, noisy: torch.Tensor, timesteps: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
        """Velocity (batch, c, h, w) for `noisy` of that shape, `timesteps` (batch,), `tokens` (batch, length)."""
        words = self.text(tokens)[0]
        velocity: torch.Tensor = self.unet(noisy, timesteps, words, return_dict=False)[0]
        return velocity


def process() -> ForwardProcess:
    """The forward process that the starter is trained with."""
    return ForwardProcess.of(betas("quadratic", TIMESTEPS, BETA_START, BETA_END))


@dataclass(frozen=True)
class Batch:
    """What one training step sees."""

    clean: torch.Tensor
    noise: torch.Tensor
    timesteps: torch.Tensor
    tokens: torch.Tensor


def draw_batch(
    bank: torch.Tensor,
    tokenizer: CLIPTokenizer,
    plan: DenoiserPlan,
    step: int,
    tags: tuple[tuple[str, ...], ...] = (),
) -> Batch:
    """Return the batch of step `step`: a function of the seed and the step alone."""
    rng = np.random.default_rng((plan.seed, step))
    chosen = [tuple(int(rng.integers(size)) for size in bank.shape[:4]) for _ in range(plan.batch)]
    words = [
        ""
        if rng.random() < plan.caption_dropout
        else caption(STYLES[i], SUBJECTS[j], COLOURS[k], rng, tags[j] if tags else ())
        for i, j, k, _ in chosen
    ]
    generator = torch.Generator().manual_seed(int(rng.integers(2**62)))
    clean = torch.stack([bank[place] for place in chosen]).float()
    tokens = tokenizer(words, padding="max_length", truncation=True, return_tensors="pt").input_ids
    return Batch(
        clean=clean,
        noise=torch.randn(clean.shape, generator=generator),
        timesteps=torch.randint(TIMESTEPS, (plan.batch,), generator=generator),
        tokens=tokens,
    )


def loss_of(model: torch.nn.Module, batch: Batch, forward: ForwardProcess) -> torch.Tensor:
    """Weighted mean squared error of the predicted velocity."""
    noisy = forward.sample(batch.clean, batch.timesteps, batch.noise)
    wanted = forward.velocity(batch.clean, batch.timesteps, batch.noise)
    with torch.autocast("cpu", torch.bfloat16):
        made = model(noisy, batch.timesteps, batch.tokens)
    errors = (made.float() - wanted).square().mean(dim=(1, 2, 3))
    loss: torch.Tensor = (errors * forward.weight(batch.timesteps)).mean()
    return loss


def train(
    bank: torch.Tensor,
    tokenizer: CLIPTokenizer,
    plan: DenoiserPlan,
    folder: Path,
    shape: Shape | None = None,
    tags: tuple[tuple[str, ...], ...] = (),
) -> Denoiser:
    """Train on `bank`, resuming from `folder` when it holds a checkpoint; returns the running average of the model."""
    torch.manual_seed(plan.seed)
    live = Denoiser(tokenizer, shape or Shape())
    average = copy.deepcopy(live).requires_grad_(False)
    both = torch.nn.ModuleDict({"live": live, "average": average})
    optimiser = torch.optim.AdamW(
        live.parameters(), lr=plan.learning_rate, betas=(0.9, 0.99), weight_decay=0.01, fused=True
    )
    start = checkpoints.restore(folder, both, optimiser)
    forward = process()
    with checkpoints.Progress("denoiser", folder, start, plan.steps) as progress:
        for step in range(start, plan.steps):
            for group in optimiser.param_groups:
                group["lr"] = plan.learning_rate * checkpoints.ramp(step, plan.warmup, plan.steps)
            error = loss_of(live, draw_batch(bank, tokenizer, plan, step, tags), forward)
            torch.autograd.backward(error)
            torch.nn.utils.clip_grad_norm_(live.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            _blend(average, live, min(plan.average, (step + 1) / (step + 10)))
            progress.add(step, error.item())
            if (step + 1) % plan.save_every == 0 or step + 1 == plan.steps:
                checkpoints.save(folder, step + 1, both, optimiser)
    return average.eval()


def load_average(folder: Path, tokenizer: CLIPTokenizer, shape: Shape | None = None) -> Denoiser:
    """Return the running average from the checkpoint in `folder`, in evaluation mode (fresh when there is none)."""
    model = Denoiser(tokenizer, shape or Shape())
    checkpoints.restore_part(folder, model, "average")
    return model.eval()


@torch.no_grad()
def _blend(average: torch.nn.Module, live: torch.nn.Module, decay: float) -> None:
    torch._foreach_lerp_(list(average.parameters()), list(live.parameters()), 1 - decay)
