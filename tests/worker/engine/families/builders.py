"""One tiny pipeline for each shape of latents and text: what `tiny.save` saves."""

from pathlib import Path
from typing import Any

from tests.worker.engine import tiny

from . import text


def flow(**more: Any) -> Any:
    from diffusers import FlowMatchEulerDiscreteScheduler

    return FlowMatchEulerDiscreteScheduler(**more)


def pixart(_: Path, *, layers: int = 1) -> Any:
    """A transformer on diffusion's path, T5, and a pipeline that tells no steps."""
    from diffusers import DPMSolverMultistepScheduler, PixArtAlphaPipeline, PixArtTransformer2DModel

    transformer = PixArtTransformer2DModel(
        sample_size=8, num_layers=layers, patch_size=2, attention_head_dim=8, num_attention_heads=3,
        caption_channels=32, in_channels=4, cross_attention_dim=24, out_channels=8, attention_bias=True, norm_eps=1e-6,
        activation_fn="gelu-approximate", num_embeds_ada_norm=1000, norm_type="ada_norm_single",
        norm_elementwise_affine=False,
    )  # fmt: skip
    return PixArtAlphaPipeline(text.t5_tokenizer(), text.t5(), tiny.vae(), transformer, DPMSolverMultistepScheduler())


def sana(_: Path) -> Any:
    """Deep-compression latents on straight paths, whose sampler isn't called so."""
    from diffusers import AutoencoderDC, DPMSolverMultistepScheduler, SanaPipeline, SanaTransformer2DModel

    vae = AutoencoderDC(
        in_channels=3, latent_channels=4, attention_head_dim=2,
        encoder_block_types=("ResBlock", "EfficientViTBlock"), decoder_block_types=("ResBlock", "EfficientViTBlock"),
        encoder_block_out_channels=(8, 8), decoder_block_out_channels=(8, 8),
        encoder_qkv_multiscales=((), (5,)), decoder_qkv_multiscales=((), (5,)),
        encoder_layers_per_block=(1, 1), decoder_layers_per_block=(1, 1),
        downsample_block_type="conv", upsample_block_type="interpolate", decoder_norm_types="rms_norm",
        decoder_act_fns="silu", scaling_factor=0.41407,
    )  # fmt: skip
    transformer = SanaTransformer2DModel(
        patch_size=1, in_channels=4, out_channels=4, num_layers=1, num_attention_heads=2, attention_head_dim=4,
        num_cross_attention_heads=2, cross_attention_head_dim=4, cross_attention_dim=8, caption_channels=32,
        sample_size=32,
    )  # fmt: skip
    scheduler = DPMSolverMultistepScheduler(
        prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0, num_train_timesteps=1000
    )
    return SanaPipeline(text.bpe_tokenizer(), text.gemma2(), vae, transformer, scheduler)


def flux(folder: Path, *, guided: bool = True) -> Any:
    """Latents packed into rows, CLIP and T5; guidance is an input of the network."""
    from diffusers import FluxPipeline, FluxTransformer2DModel
    from transformers import CLIPTextModel

    transformer = FluxTransformer2DModel(
        patch_size=1, in_channels=16, num_layers=1, num_single_layers=1, attention_head_dim=16, num_attention_heads=2,
        joint_attention_dim=32, pooled_projection_dim=32, axes_dims_rope=(4, 4, 8), guidance_embeds=guided,
    )  # fmt: skip
    return FluxPipeline(
        scheduler=flow(), vae=tiny.vae(4, shift_factor=0.06, use_quant_conv=False, use_post_quant_conv=False),
        text_encoder=CLIPTextModel(tiny.text_config()), tokenizer=tiny.tokenizer(folder), text_encoder_2=text.t5(),
        tokenizer_2=text.t5_tokenizer(), transformer=transformer,
    )  # fmt: skip


def qwen(_: Path) -> Any:
    """Latents of a video's autoencoder, and guidance by an argument of another name."""
    from diffusers import AutoencoderKLQwenImage, QwenImagePipeline, QwenImageTransformer2DModel
    from transformers import Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration

    vae = AutoencoderKLQwenImage(
        base_dim=8, z_dim=4, dim_mult=[1, 2, 4], num_res_blocks=1, temperal_downsample=[False, True],
        latents_mean=[0.0] * 4, latents_std=[1.0] * 4,
    )  # fmt: skip
    transformer = QwenImageTransformer2DModel(
        patch_size=2, in_channels=16, out_channels=4, num_layers=1, attention_head_dim=16, num_attention_heads=2,
        joint_attention_dim=32, guidance_embeds=False, axes_dims_rope=(4, 6, 6),
    )  # fmt: skip
    config = Qwen2_5_VLConfig(
        text_config={
            "hidden_size": 32, "intermediate_size": 37, "num_hidden_layers": 2, "num_attention_heads": 2,
            "num_key_value_heads": 2, "vocab_size": 300,
            "rope_parameters": {"rope_type": "default", "mrope_section": [2, 3, 3], "rope_theta": 1e6},
        },
        vision_config={
            "depth": 1, "hidden_size": 32, "intermediate_size": 37, "num_heads": 2, "out_hidden_size": 32,
        },
        vocab_size=300,
    )  # fmt: skip
    encoder = Qwen2_5_VLForConditionalGeneration(config)
    return QwenImagePipeline(flow(), vae, encoder, text.bpe_tokenizer(), transformer)


def lcm(folder: Path) -> Any:
    """Stable Diffusion under another name, with a checker of pictures."""
    from diffusers import LatentConsistencyModelPipeline, LCMScheduler
    from diffusers.pipelines.stable_diffusion import StableDiffusionSafetyChecker
    from transformers import CLIPConfig, CLIPImageProcessor, CLIPTextModel

    checker = StableDiffusionSafetyChecker(
        CLIPConfig(
            text_config=tiny.text_config().to_dict(), projection_dim=32,
            vision_config={
                "hidden_size": 32, "intermediate_size": 37, "num_hidden_layers": 1, "num_attention_heads": 4,
                "image_size": 32, "patch_size": 8,
            },
        )
    )  # fmt: skip
    return LatentConsistencyModelPipeline(
        vae=tiny.vae(), text_encoder=CLIPTextModel(tiny.text_config()), tokenizer=tiny.tokenizer(folder),
        unet=tiny.unet(cross_attention_dim=32, attention_head_dim=8, time_cond_proj_dim=32),
        scheduler=LCMScheduler(original_inference_steps=50), safety_checker=checker,
        feature_extractor=CLIPImageProcessor(size={"shortest_edge": 32}, crop_size=32),
    )  # fmt: skip
