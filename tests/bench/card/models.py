"""Pipelines with random weights, for architecture and not weights sets the speed; and the starter, with its own."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AutoencoderKL,
    EulerAncestralDiscreteScheduler,
    EulerDiscreteScheduler,
    FlowMatchEulerDiscreteScheduler,
    FluxPipeline,
    FluxTransformer2DModel,
    SD3Transformer2DModel,
    StableDiffusion3Pipeline,
    StableDiffusionPipeline,
    StableDiffusionXLPipeline,
    UNet2DConditionModel,
)
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

from tests.worker.engine import tiny
from tests.worker.engine.families import builders, text
from worker import starter

# As unet/config.json of stable-diffusion-v1-5 and stable-diffusion-xl-base-1.0 have it.
SD15: dict[str, Any] = {
    "block_out_channels": (320, 640, 1280, 1280),
    "down_block_types": ("CrossAttnDownBlock2D",) * 3 + ("DownBlock2D",),
    "up_block_types": ("UpBlock2D",) + ("CrossAttnUpBlock2D",) * 3,
    "cross_attention_dim": 768,
    "attention_head_dim": 8,
    "sample_size": 64,
}
SDXL: dict[str, Any] = {
    "block_out_channels": (320, 640, 1280),
    "down_block_types": ("DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"),
    "up_block_types": ("CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"),
    "transformer_layers_per_block": (1, 2, 10),
    "attention_head_dim": (5, 10, 20),
    "cross_attention_dim": 2048,
    "use_linear_projection": True,
    "addition_embed_type": "text_time",
    "addition_time_embed_dim": 256,
    "projection_class_embeddings_input_dim": 2816,
    "sample_size": 128,
}
# As transformer/config.json of stable-diffusion-3-medium; diffusers' own defaults are those of FLUX.1.
SD3: dict[str, Any] = {
    "sample_size": 128,
    "patch_size": 2,
    "in_channels": 16,
    "out_channels": 16,
    "num_layers": 24,
    "attention_head_dim": 64,
    "num_attention_heads": 24,
    "joint_attention_dim": 4096,
    "caption_projection_dim": 1536,
    "pooled_projection_dim": 2048,
    "pos_embed_max_size": 192,
}
_STARTER = Path(starter.__file__).with_name("weights")
_VAE: dict[str, Any] = {
    "block_out_channels": (128, 256, 512, 512),
    "layers_per_block": 2,
    "down_block_types": ("DownEncoderBlock2D",) * 4,
    "up_block_types": ("UpDecoderBlock2D",) * 4,
}
_VAE_16 = _VAE | {"latent_channels": 16, "use_quant_conv": False, "use_post_quant_conv": False}
# What their schedulers' files say besides the sampler's own, and other samplers read.
_SAMPLED: dict[str, Any] = {
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "clip_sample": False,
    "set_alpha_to_one": False,
    "skip_prk_steps": True,
    "steps_offset": 1,
}


@dataclass(frozen=True)
class Arch:
    """One architecture, and how a picture of it is asked for.

    Attributes:
        steps: fewer than people take where a step takes long: a ratio does not depend on it.
        millions: of parameters of its network, as published.
        full, sampler: apart, for samplers' own numbers are not to lie on a card.
        rungs: those of the network that are worth a try; fusing is never exact with SD3's normalised queries.
    """

    side: int
    steps: int
    guidance: float
    millions: float
    full: Callable[[Path, Any], Any]
    sampler: Callable[[], Any]
    small: Callable[[Path], Any]
    rungs: tuple[str, ...] = ("channels_last", "fused_qkv")


def _sd15(folder: Path, sampler: Any) -> Any:
    return StableDiffusionPipeline(
        vae=AutoencoderKL(**_VAE, scaling_factor=0.18215),
        unet=UNet2DConditionModel(**SD15),
        text_encoder=CLIPTextModel(_text(768, 12, 12)),
        tokenizer=tiny.tokenizer(folder),
        scheduler=sampler,
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def _sdxl(folder: Path, sampler: Any) -> Any:
    tokens = tiny.tokenizer(folder)
    return StableDiffusionXLPipeline(
        vae=AutoencoderKL(**_VAE, scaling_factor=0.13025, force_upcast=True),
        unet=UNet2DConditionModel(**SDXL),
        text_encoder=CLIPTextModel(_text(768, 12, 12)),
        text_encoder_2=CLIPTextModelWithProjection(_text(1280, 32, 20)),
        tokenizer=tokens,
        tokenizer_2=tokens,
        scheduler=sampler,
        add_watermarker=False,
    )


def _sd3(folder: Path, sampler: Any) -> Any:
    """Without T5, as its repository says that it may be."""
    tokens = tiny.tokenizer(folder)
    return StableDiffusion3Pipeline(
        transformer=SD3Transformer2DModel(**SD3),
        scheduler=sampler,
        vae=AutoencoderKL(**_VAE_16, scaling_factor=1.5305, shift_factor=0.0609),
        text_encoder=CLIPTextModelWithProjection(_text(768, 12, 12)),
        tokenizer=tokens,
        text_encoder_2=CLIPTextModelWithProjection(_text(1280, 32, 20)),
        tokenizer_2=tokens,
        text_encoder_3=None,
        tokenizer_3=None,
    )


def _flux(folder: Path, sampler: Any) -> Any:
    """With one layer of T5 instead of 24: texts are encoded once, and no row measures that."""
    return FluxPipeline(
        transformer=FluxTransformer2DModel(guidance_embeds=True),
        scheduler=sampler,
        vae=AutoencoderKL(**_VAE_16, scaling_factor=0.3611, shift_factor=0.1159),
        text_encoder=CLIPTextModel(_text(768, 12, 12)),
        tokenizer=tiny.tokenizer(folder),
        text_encoder_2=text.t5(d_model=4096, d_kv=64, num_heads=64),
        tokenizer_2=text.t5_tokenizer(),
    )


def _euler() -> Any:
    return EulerDiscreteScheduler.from_config({**_SAMPLED, "timestep_spacing": "leading"})


def _ancestral() -> Any:
    return EulerAncestralDiscreteScheduler.from_config({**_SAMPLED, "timestep_spacing": "trailing"})


def _shifted(**more: Any) -> Any:
    return FlowMatchEulerDiscreteScheduler(shift=3.0, **more)


def _small_sd15(folder: Path) -> Any:
    return tiny.stable_diffusion(folder, levels=4)


def _small_xl(folder: Path) -> Any:
    return tiny.stable_diffusion_xl(folder, levels=4)


def _small_sd3(folder: Path) -> Any:
    return tiny.stable_diffusion_3(folder, patch_size=2, levels=4)


def _starter(_: Path, __: Any = None) -> Any:
    return StableDiffusionPipeline.from_pretrained(_STARTER)


ARCHS = {  # in the order of what is wanted most
    "sd15": Arch(512, 30, 5.0, 859.5, _sd15, _euler, _small_sd15),
    "sdxl": Arch(1024, 20, 5.0, 2567.5, _sdxl, _euler, _small_xl),
    "sdxl-turbo": Arch(512, 4, 1.0, 2567.5, _sdxl, _ancestral, _small_xl),
    "sd3": Arch(1024, 12, 5.0, 2028.3, _sd3, _shifted, _small_sd3, ()),
    "flux": Arch(
        1024, 8, 3.5, 11901.4, _flux, lambda: _shifted(use_dynamic_shifting=True), builders.flux, ("fused_qkv",)
    ),
    "starter": Arch(256, 30, 5.0, 0, _starter, lambda: None, _starter),
}


def network(pipeline: Any) -> str:
    """The name of what predicts."""
    return "unet" if hasattr(pipeline, "unet") else "transformer"


def built(arch: str, device: str, dtype: torch.dtype, folder: Path, *, small: bool) -> Any:
    """A pipeline on its device; `folder` takes what a tokenizer has to read."""
    torch.manual_seed(0)
    kind, usual, sampler = ARCHS[arch], torch.get_default_dtype(), ARCHS[arch].sampler()
    if small or arch == "starter":
        made = kind.small(folder)
        made.scheduler = sampler or made.scheduler
    else:
        torch.set_default_dtype(dtype)  # FLUX's network takes 48 GB before it is made of 24
        try:
            with torch.device(device):
                made = kind.full(folder, sampler)
        finally:
            torch.set_default_dtype(usual)
        millions = sum(each.numel() for each in getattr(made, network(made)).parameters()) / 1e6
        assert abs(millions - kind.millions) < 0.5, f"{arch} has {millions:.1f} million parameters"
    made.to(device, dtype)
    made.set_progress_bar_config(disable=True)
    return made


def _text(width: int, layers: int, heads: int) -> CLIPTextConfig:
    return CLIPTextConfig(
        hidden_size=width,
        intermediate_size=4 * width,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        projection_dim=width,
        bos_token_id=188,
        eos_token_id=189,
        pad_token_id=189,
    )
