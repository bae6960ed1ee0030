"""Pipelines with random weights, for architecture and not weights sets the speed; and the starter, with its own."""

from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AutoencoderKL,
    EulerDiscreteScheduler,
    StableDiffusionPipeline,
    StableDiffusionXLPipeline,
    UNet2DConditionModel,
)
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection

from tests.worker.engine import tiny
from worker import starter

# As unet/config.json of stable-diffusion-v1-5 and stable-diffusion-xl-base-1.0 have it; parameters in millions.
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
PARAMETERS = {"sd15": 859.5, "sdxl": 2567.5}
SIDE = {"sd15": 512, "sdxl": 1024, "starter": 256}
_STARTER = Path(starter.__file__).with_name("weights")
STEPS = 30
_VAE: dict[str, Any] = {
    "latent_channels": 4,
    "block_out_channels": (128, 256, 512, 512),
    "layers_per_block": 2,
    "down_block_types": ("DownEncoderBlock2D",) * 4,
    "up_block_types": ("UpDecoderBlock2D",) * 4,
}


def built(arch: str, device: str, dtype: torch.dtype, folder: Path, *, small: bool) -> Any:
    """A pipeline on its device; `folder` takes what a tokenizer has to read."""
    torch.manual_seed(0)
    if arch == "starter":
        made: Any = StableDiffusionPipeline.from_pretrained(_STARTER, dtype=dtype)
    elif small:
        made = (tiny.stable_diffusion if arch == "sd15" else tiny.stable_diffusion_xl)(folder, levels=4)
    else:
        with torch.device(device):
            made = (_sd15 if arch == "sd15" else _sdxl)(folder)
        millions = sum(each.numel() for each in made.unet.parameters()) / 1e6
        assert abs(millions - PARAMETERS[arch]) < 0.5, f"{arch} has {millions:.1f} million parameters"
    made.to(device, dtype)
    made.set_progress_bar_config(disable=True)
    return made


def _sd15(folder: Path) -> Any:
    return StableDiffusionPipeline(
        vae=AutoencoderKL(**_VAE, scaling_factor=0.18215),
        unet=UNet2DConditionModel(**SD15),
        text_encoder=CLIPTextModel(_text(768, 12, 12)),
        tokenizer=tiny.tokenizer(folder),
        scheduler=_euler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def _sdxl(folder: Path) -> Any:
    tokens = tiny.tokenizer(folder)
    return StableDiffusionXLPipeline(
        vae=AutoencoderKL(**_VAE, scaling_factor=0.13025, force_upcast=True),
        unet=UNet2DConditionModel(**SDXL),
        text_encoder=CLIPTextModel(_text(768, 12, 12)),
        text_encoder_2=CLIPTextModelWithProjection(_text(1280, 32, 20)),
        tokenizer=tokens,
        tokenizer_2=tokens,
        scheduler=_euler(),
        add_watermarker=False,
    )


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


def _euler() -> EulerDiscreteScheduler:
    return EulerDiscreteScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", timestep_spacing="leading", steps_offset=1
    )
