"""The denoiser (UNet and text encoder) and its training."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal

import torch
from diffusers import UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from worker.starter import checkpoints, loop
from worker.starter.checkpoints import Mark
from worker.starter.forward import ForwardProcess, LossWeight, ScheduleName, betas, zero_terminal_snr
from worker.starter.latent_cache import LatentCache
from worker.starter.machine import Machine

Attention = Literal["none", "middle", "second"]

BETA_START, BETA_END, TIMESTEPS = 0.00085, 0.02, 1000


def hidden_matrices(model: torch.nn.Module) -> list[torch.nn.Parameter]:
    """What Muon moves of a denoiser: weights between its layers, not what meets latents, words or time from outside."""
    outer = ("conv_in", "conv_out", "embeddings", "time_embedding")
    return [
        parameter
        for name, parameter in model.named_parameters()
        if parameter.ndim > 1 and not any(each in name for each in outer)
    ]


_LENGTH = loop.Length(20_000)
_PACE = loop.Pace(2.4e-3, warmup=40, weight_decay=0.01, average=0.995, matrices=hidden_matrices)


@dataclass(frozen=True)
class DenoiserPlan:
    """How to train the denoiser; `batch` is that of each process.

    Its length may be changed when a run is resumed: the learning rate follows. `others`: decays of further running
    averages, which tell how long the one that is kept should be.
    """

    length: loop.Length = _LENGTH
    pace: loop.Pace = _PACE
    batch: int = 32
    caption_dropout: float = 0.1
    schedule: ScheduleName = "quadratic"
    terminal_zero: bool = False
    weight: LossWeight = "capped"
    others: tuple[float, ...] = ()
    seed: int = 4

    def on(self, machine: Machine) -> "DenoiserPlan":
        """Fit it to the machine: a GPU takes big batches, and needs a slower running average for its smoother steps."""
        if not machine.large:
            return self
        # Muon's rate has been tried on CPUs alone; it hardly depends on the batch, unlike AdamW's.
        return replace(self, batch=512, pace=replace(self.pace, warmup=200, average=0.999))

    def process(self) -> ForwardProcess:
        """Return the forward process that it is trained with."""
        variances = betas(self.schedule, TIMESTEPS, BETA_START, BETA_END)
        return ForwardProcess.of(zero_terminal_snr(variances) if self.terminal_zero else variances)


@dataclass(frozen=True)
class DenoiserShape:
    """Sizes of UNet and text encoder.

    The words reach every block of the UNet beside the time (pooled, `time_width` numbers that scale and shift its
    channels), and its middle by cross-attention. Measured, nine minutes on one core each, a dozen subjects, the
    velocity's error on fixed noise: these channels 0.375; (64, 192, 320), which the shipped weights have, 0.425;
    (128, 256) 0.383; (192, 256) 0.405.

    `layers`: residual blocks of each level on the way down (one each without it; one more on the way up). `attention`:
    where words are attended to, `none`, the middle, or the second level (8 × 8) and what lies below as well.
    """

    latent_channels: int = 16
    latent_size: int = 16
    channels: tuple[int, ...] = (128, 192, 256)
    time_width: int = 256
    heads: int = 4
    norm_groups: int = 16
    text_width: int = 256
    text_layers: int = 3
    layers: tuple[int, ...] = ()
    attention: Attention = "middle"


def text_encoder(tokenizer: CLIPTokenizer, shape: DenoiserShape) -> CLIPTextModel:
    """Return a fresh text encoder."""
    return CLIPTextModel(
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


class Denoiser(torch.nn.Module):
    """UNet and the text encoder that is trained with it."""

    def __init__(self, tokenizer: CLIPTokenizer, shape: DenoiserShape) -> None:
        super().__init__()
        depth = len(shape.channels)
        attending = [shape.attention == "second" and level > 0 for level in range(depth)]
        self.unet = UNet2DConditionModel(
            sample_size=shape.latent_size,
            in_channels=shape.latent_channels,
            out_channels=shape.latent_channels,
            block_out_channels=shape.channels,
            layers_per_block=shape.layers or 1,
            down_block_types=tuple("CrossAttnDownBlock2D" if each else "DownBlock2D" for each in attending),
            mid_block_type="UNetMidBlock2D" if shape.attention == "none" else "UNetMidBlock2DCrossAttn",
            up_block_types=tuple("CrossAttnUpBlock2D" if each else "UpBlock2D" for each in reversed(attending)),
            cross_attention_dim=shape.text_width,
            attention_head_dim=shape.heads,  # diffusers means the number of heads
            norm_num_groups=shape.norm_groups,
            time_embedding_dim=shape.time_width,
            resnet_time_scale_shift="scale_shift",
            addition_embed_type="text",
            addition_embed_type_num_heads=2 * shape.heads,
        )
        self.text = text_encoder(tokenizer, shape)

    def forward(self, noisy: torch.Tensor, timesteps: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
        """Velocity (batch, c, h, w) for `noisy` of that shape, `timesteps` (batch,), `tokens` (batch, length)."""
        states = self.text(tokens)[0]
        velocity: torch.Tensor = self.unet(noisy, timesteps, states, return_dict=False)[0]
        return velocity


@dataclass(frozen=True)
class Batch:
    """What one training step sees."""

    clean: torch.Tensor
    noise: torch.Tensor
    timesteps: torch.Tensor
    tokens: torch.Tensor


def draw_batch(cache: LatentCache, no_prompt: torch.Tensor, plan: DenoiserPlan, step: int, machine: Machine) -> Batch:
    """Return the batch of step `step`: a function of the seed and the step alone.

    `no_prompt` (length,) are the tokens of an empty prompt; they replace some captions, so that the denoiser also
    learns to draw unconditionally.
    """
    generator = machine.generator(plan.seed, step)

    def whole(high: int) -> torch.Tensor:
        return torch.randint(high, (plan.batch,), generator=generator, device=machine.device)

    rows = whole(len(cache.latents))
    tokens = cache.tokens[rows, whole(cache.tokens.shape[1])]
    dropped = torch.rand(plan.batch, 1, generator=generator, device=machine.device) < plan.caption_dropout
    clean = cache.latents[rows].float()
    return Batch(
        clean=clean,
        noise=torch.randn(clean.shape, generator=generator, device=machine.device),
        timesteps=whole(TIMESTEPS),
        tokens=torch.where(dropped, no_prompt, tokens),
    )


def loss_of(
    model: Callable[..., torch.Tensor],
    batch: Batch,
    forward: ForwardProcess,
    machine: Machine,
    weight: LossWeight = "capped",
) -> torch.Tensor:
    """Weighted mean squared error of the predicted velocity."""
    loss: torch.Tensor = (errors_of(model, batch, forward, machine) * forward.weight(batch.timesteps, weight)).mean()
    return loss


def errors_of(
    model: Callable[..., torch.Tensor], batch: Batch, forward: ForwardProcess, machine: Machine
) -> torch.Tensor:
    """Mean squared error of the predicted velocity, of each latent of the batch (n,)."""
    noisy = forward.sample(batch.clean, batch.timesteps, batch.noise)
    wanted = forward.velocity(batch.clean, batch.timesteps, batch.noise)
    with machine.autocast():
        made = model(noisy, batch.timesteps, batch.tokens)
    errors: torch.Tensor = (made.float() - wanted).square().mean(dim=(1, 2, 3))
    return errors


def train(
    cache: LatentCache,
    tokenizer: CLIPTokenizer,
    plan: DenoiserPlan,
    folder: Path,
    machine: Machine,
    shape: DenoiserShape | None = None,
    text: CLIPTextModel | None = None,
    on_save: Callable[[Denoiser, Mark], None] = lambda _model, _mark: None,
) -> Denoiser:
    """Train on `cache`, resuming from `folder` when it holds a checkpoint; returns the running average of the model.

    `text` is a trained text encoder to start from; `on_save` gets the running average after each checkpoint.
    """
    averages = train_averages(cache, tokenizer, plan, folder, machine, shape, text, on_save)
    return averages[plan.pace.average]


def train_averages(
    cache: LatentCache,
    tokenizer: CLIPTokenizer,
    plan: DenoiserPlan,
    folder: Path,
    machine: Machine,
    shape: DenoiserShape | None = None,
    text: CLIPTextModel | None = None,
    on_save: Callable[[Denoiser, Mark], None] = lambda _model, _mark: None,
) -> Mapping[float, Denoiser]:
    """Train as `train` does, keeping a running average for each of the plan's `others` too; returns all by decay."""
    torch.manual_seed(plan.seed)
    live = Denoiser(tokenizer, shape or DenoiserShape())
    if text is not None:
        live.text.load_state_dict(text.state_dict())
    machine.place(live)
    averages = {decay: copy.deepcopy(live).requires_grad_(False) for decay in (plan.pace.average, *plan.others)}
    called = machine.faster(live)
    forward = plan.process().to(machine.device)
    no_prompt = tokenizer("", padding="max_length", return_tensors="pt").input_ids[0].to(machine.device)

    def loss(step: int) -> torch.Tensor:
        return loss_of(called, draw_batch(cache, no_prompt, plan, step, machine), forward, machine, plan.weight)

    usual = averages[plan.pace.average]
    loop.fit("denoiser", folder, live, loss, plan.length, plan.pace, averages, partial(on_save, usual))
    return {decay: model.eval() for decay, model in averages.items()}


def load_average(folder: Path, tokenizer: CLIPTokenizer, shape: DenoiserShape | None = None) -> Denoiser:
    """Return the running average from the checkpoint in `folder`, in evaluation mode (fresh when there is none)."""
    model = Denoiser(tokenizer, shape or DenoiserShape())
    checkpoints.restore_model(folder, model, "average")
    return model.eval()
