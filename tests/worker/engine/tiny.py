"""A whole Stable Diffusion pipeline of a few hundred kilobytes with random weights: same code paths, no sense."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from diffusers import DiffusionPipeline

PROMPT = "a red apple"


def tokenizer(folder: Path):
    from transformers import CLIPTokenizer

    letters = [chr(c) for c in range(33, 127)]
    words = [*letters, *(letter + "</w>" for letter in letters), "<|startoftext|>", "<|endoftext|>"]
    (folder / "vocab.json").write_text(json.dumps({word: number for number, word in enumerate(words)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    return CLIPTokenizer(str(folder / "vocab.json"), str(folder / "merges.txt"), model_max_length=77)


def text_config(projection: int = 32):
    from transformers import CLIPTextConfig

    return CLIPTextConfig(
        vocab_size=190,
        hidden_size=32,
        intermediate_size=37,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=77,
        projection_dim=projection,
        bos_token_id=188,
        eos_token_id=189,
        pad_token_id=189,
    )


def vae(levels: int = 2, **more):
    """`levels`: the usual ones have four, which makes a latent of 8 × 8 pixels; of two it is one of 2 × 2."""
    from diffusers import AutoencoderKL

    return AutoencoderKL(
        block_out_channels=(32, 64)[-levels:] + (64,) * (levels - 2),
        down_block_types=("DownEncoderBlock2D",) * levels,
        up_block_types=("UpDecoderBlock2D",) * levels,
        latent_channels=4,
        norm_num_groups=8,
        sample_size=64,
        **more,
    )


def unet(**more):
    from diffusers import UNet2DConditionModel

    return UNet2DConditionModel(
        sample_size=32,
        block_out_channels=(32, 64),
        layers_per_block=1,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        norm_num_groups=8,
        **more,
    )


def save(folder: Path, parts: "Callable[[], DiffusionPipeline]", seed: int = 0) -> Path:
    """Save the pipeline that `parts` puts together, seeded, under `folder`."""
    import torch

    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(seed)
    parts().save_pretrained(folder / "model", safe_serialization=True)
    return folder / "model"


def stable_diffusion(folder: Path, *, prediction: str = "epsilon", levels: int = 2) -> "DiffusionPipeline":
    """A UNet and a text encoder; `folder` takes what a tokenizer has to read."""
    from diffusers import DDIMScheduler, StableDiffusionPipeline
    from transformers import CLIPTextModel

    return StableDiffusionPipeline(
        unet=unet(cross_attention_dim=32, attention_head_dim=8),
        vae=vae(levels),
        text_encoder=CLIPTextModel(text_config()),
        tokenizer=tokenizer(folder),
        scheduler=DDIMScheduler(
            beta_schedule="scaled_linear",
            beta_start=0.00085,
            beta_end=0.012,
            clip_sample=False,
            set_alpha_to_one=False,
            steps_offset=1,
            prediction_type=prediction,
        ),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )


def stable_diffusion_xl(folder: Path, *, levels: int = 2) -> "DiffusionPipeline":
    """A UNet, two text encoders, and the size of the picture."""
    from diffusers import EulerDiscreteScheduler, StableDiffusionXLPipeline
    from transformers import CLIPTextModel, CLIPTextModelWithProjection

    tokens = tokenizer(folder)
    return StableDiffusionXLPipeline(
        unet=unet(
            cross_attention_dim=64,
            attention_head_dim=(2, 4),
            use_linear_projection=True,
            addition_embed_type="text_time",
            addition_time_embed_dim=8,
            transformer_layers_per_block=(1, 2),
            projection_class_embeddings_input_dim=80,
        ),
        vae=vae(levels),
        text_encoder=CLIPTextModel(text_config()),
        text_encoder_2=CLIPTextModelWithProjection(text_config()),
        tokenizer=tokens,
        tokenizer_2=tokens,
        scheduler=EulerDiscreteScheduler(beta_schedule="scaled_linear", timestep_spacing="leading", steps_offset=1),
        add_watermarker=False,
    )


def stable_diffusion_3(folder: Path, *, patch_size: int = 1, levels: int = 2, layers: int = 1) -> "DiffusionPipeline":
    """A transformer on straight paths, without its third text encoder."""
    from diffusers import FlowMatchEulerDiscreteScheduler, SD3Transformer2DModel, StableDiffusion3Pipeline
    from transformers import CLIPTextModelWithProjection

    tokens = tokenizer(folder)
    return StableDiffusion3Pipeline(
        transformer=SD3Transformer2DModel(
            sample_size=32,
            patch_size=patch_size,
            in_channels=4,
            num_layers=layers,
            attention_head_dim=8,
            num_attention_heads=4,
            joint_attention_dim=32,
            caption_projection_dim=32,
            pooled_projection_dim=64,
            out_channels=4,
        ),
        vae=vae(levels, shift_factor=0.06, use_quant_conv=False, use_post_quant_conv=False),
        scheduler=FlowMatchEulerDiscreteScheduler(),
        text_encoder=CLIPTextModelWithProjection(text_config()),
        tokenizer=tokens,
        text_encoder_2=CLIPTextModelWithProjection(text_config()),
        tokenizer_2=tokens,
        text_encoder_3=None,
        tokenizer_3=None,
    )


def inpainting(pipeline: "DiffusionPipeline") -> "DiffusionPipeline":
    """The same with a UNet that is shown a mask and the masked picture's latents."""
    from diffusers import UNet2DConditionModel

    config = pipeline.unet.config
    unet = UNet2DConditionModel.from_config(config, in_channels=2 * config.in_channels + 1)
    pipeline.register_modules(unet=unet.eval())
    return pipeline


def build(folder: Path, *, prediction: str = "epsilon", seed: int = 0) -> Path:
    """Save a tiny StableDiffusionPipeline."""
    return save(folder, lambda: stable_diffusion(folder, prediction=prediction), seed)


def build_inpainting(folder: Path) -> Path:
    """Save a tiny StableDiffusionXLPipeline with a UNet for inpainting, under the name that such folders have."""
    from diffusers import StableDiffusionXLInpaintPipeline

    def parts() -> "DiffusionPipeline":
        return StableDiffusionXLInpaintPipeline(**inpainting(stable_diffusion_xl(folder)).components)

    return save(folder, parts)


def build_xl(folder: Path) -> Path:
    """Save a tiny StableDiffusionXLPipeline."""
    return save(folder, lambda: stable_diffusion_xl(folder))


def build_sd3(folder: Path, *, patch_size: int = 1, levels: int = 2, layers: int = 1) -> Path:
    """Save a tiny StableDiffusion3Pipeline."""
    return save(folder, lambda: stable_diffusion_3(folder, patch_size=patch_size, levels=levels, layers=layers))


def catalogue(folder: Path, *models: Path, more: str = "") -> Path:
    """A models.toml that lists these folders as m0, m1, …, and nothing that ships."""
    path = folder / "models.toml"
    tables = [
        f'[[model]]\nid = "m{number}"\ntitle = "M{number}"\nsource = "{model}"\n'
        f"native_pixels = 4096\nside_min = 64\nside_max = 256\nsteps = 4\nguidance_scale = 5.0\n"
        for number, model in enumerate(models)
    ]
    path.write_text("bundled = false\n" + "\n".join(tables) + more)
    return path
