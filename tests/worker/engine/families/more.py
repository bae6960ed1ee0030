"""Tiny pipelines of further families; not each of them is drawn with in every run of the tests."""

from pathlib import Path
from typing import Any

from tests.worker.engine import tiny

from . import text
from .builders import flow, pixart


def _vae() -> Any:
    return tiny.vae(4, shift_factor=0.06, use_quant_conv=False, use_post_quant_conv=False)


def pixart_sigma(folder: Path) -> Any:
    from diffusers import PixArtSigmaPipeline

    return PixArtSigmaPipeline(**pixart(folder, layers=2).components)


def chroma(_: Path) -> Any:
    from diffusers import ChromaPipeline, ChromaTransformer2DModel

    transformer = ChromaTransformer2DModel(
        patch_size=1, in_channels=16, num_layers=1, num_single_layers=1, attention_head_dim=16, num_attention_heads=2,
        joint_attention_dim=32, axes_dims_rope=(4, 4, 8), approximator_hidden_dim=32, approximator_layers=1,
        approximator_num_channels=16,
    )  # fmt: skip
    return ChromaPipeline(flow(), _vae(), text.t5(), text.t5_tokenizer(), transformer)


def lumina2(_: Path) -> Any:
    from diffusers import Lumina2Pipeline, Lumina2Transformer2DModel

    transformer = Lumina2Transformer2DModel(
        sample_size=4, patch_size=2, in_channels=4, hidden_size=8, num_layers=1, num_refiner_layers=1,
        num_attention_heads=1, num_kv_heads=1, multiple_of=2, axes_dim_rope=(4, 2, 2), axes_lens=(300, 128, 128),
        cap_feat_dim=32,
    )  # fmt: skip
    return Lumina2Pipeline(transformer, flow(), _vae(), text.gemma2(), text.bpe_tokenizer(padding_side="right"))


def lumina(_: Path) -> Any:
    from diffusers import LuminaNextDiT2DModel, LuminaPipeline
    from transformers import GemmaConfig, GemmaModel

    encoder = GemmaModel(
        GemmaConfig(
            vocab_size=300, hidden_size=32, intermediate_size=37, num_hidden_layers=2, num_attention_heads=4,
            num_key_value_heads=2, head_dim=8,
        )
    )  # fmt: skip
    transformer = LuminaNextDiT2DModel(
        sample_size=4, patch_size=2, in_channels=4, hidden_size=24, num_layers=1, num_attention_heads=3, num_kv_heads=1,
        multiple_of=16, ffn_dim_multiplier=None, norm_eps=1e-5, learn_sigma=True, qk_norm=True, cross_attention_dim=32,
    )  # fmt: skip
    tokenizer = text.bpe_tokenizer(begins=True, padding_side="right")
    return LuminaPipeline(transformer, flow(), _vae(), encoder, tokenizer)


def z_image(_: Path) -> Any:
    from diffusers import ZImagePipeline, ZImageTransformer2DModel

    transformer = ZImageTransformer2DModel(
        in_channels=4, dim=32, n_layers=1, n_refiner_layers=1, n_heads=2, n_kv_heads=2, cap_feat_dim=32,
        axes_dims=[8, 4, 4], axes_lens=[1024, 64, 64],
    )  # fmt: skip
    return ZImagePipeline(flow(), _vae(), text.qwen3(), text.bpe_tokenizer(), transformer)


def flux2_klein(_: Path) -> Any:
    from diffusers import AutoencoderKLFlux2, Flux2KleinPipeline, Flux2Transformer2DModel

    vae = AutoencoderKLFlux2(
        down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4,
        block_out_channels=(8,) * 4, layers_per_block=1, latent_channels=4, norm_num_groups=1, sample_size=64,
        use_quant_conv=False, use_post_quant_conv=False,
    )  # fmt: skip
    transformer = Flux2Transformer2DModel(
        patch_size=1, in_channels=16, num_layers=1, num_single_layers=1, attention_head_dim=16, num_attention_heads=2,
        joint_attention_dim=96, timestep_guidance_channels=16, axes_dims_rope=(4, 4, 4, 4), guidance_embeds=False,
    )  # fmt: skip
    return Flux2KleinPipeline(flow(), vae, text.qwen3(28), text.bpe_tokenizer(), transformer)


def auraflow(_: Path) -> Any:
    from diffusers import AuraFlowPipeline, AuraFlowTransformer2DModel
    from transformers import UMT5Config, UMT5EncoderModel

    encoder = UMT5EncoderModel(UMT5Config(vocab_size=256, d_model=32, d_kv=8, d_ff=37, num_layers=1, num_heads=4))
    transformer = AuraFlowTransformer2DModel(
        sample_size=32, patch_size=2, in_channels=4, num_mmdit_layers=1, num_single_dit_layers=1, attention_head_dim=8,
        num_attention_heads=4, caption_projection_dim=32, joint_attention_dim=32, out_channels=4,
        pos_embed_max_size=256,
    )  # fmt: skip
    return AuraFlowPipeline(text.t5_tokenizer(), encoder, _vae(), transformer, flow())


def cogview3(_: Path) -> Any:
    from diffusers import CogVideoXDDIMScheduler, CogView3PlusPipeline, CogView3PlusTransformer2DModel

    transformer = CogView3PlusTransformer2DModel(
        patch_size=2, in_channels=4, num_layers=1, attention_head_dim=4, num_attention_heads=2, out_channels=4,
        text_embed_dim=32, time_embed_dim=8, condition_dim=2, pos_embed_max_size=32, sample_size=8,
    )  # fmt: skip
    return CogView3PlusPipeline(text.t5_tokenizer(), text.t5(), _vae(), transformer, CogVideoXDDIMScheduler())


def cogview4(_: Path) -> Any:
    from diffusers import CogView4Pipeline, CogView4Transformer2DModel
    from transformers import GlmConfig, GlmModel

    encoder = GlmModel(
        GlmConfig(
            vocab_size=300, hidden_size=32, intermediate_size=37, num_hidden_layers=2, num_attention_heads=4,
            num_key_value_heads=2, head_dim=8, pad_token_id=0, eos_token_id=[2],
        )
    )  # fmt: skip
    transformer = CogView4Transformer2DModel(
        patch_size=2, in_channels=4, num_layers=1, attention_head_dim=4, num_attention_heads=4, out_channels=4,
        text_embed_dim=32, time_embed_dim=8, condition_dim=4, sample_size=8,
    )  # fmt: skip
    tokenizer = text.bpe_tokenizer(begins=True, padding_side="left")
    return CogView4Pipeline(tokenizer, encoder, _vae(), transformer, flow(base_shift=0.25, max_shift=0.75,
                            base_image_seq_len=256, use_dynamic_shifting=True, time_shift_type="linear"))  # fmt: skip


def hunyuan(folder: Path) -> Any:
    from diffusers import DDPMScheduler, HunyuanDiT2DModel, HunyuanDiTPipeline
    from transformers import BertConfig, BertModel, BertTokenizer

    vocab = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *text.LETTERS, *(f"##{each}" for each in text.LETTERS)]
    (folder / "vocab.txt").write_text("\n".join(vocab))
    encoder = BertModel(
        BertConfig(
            vocab_size=len(vocab), hidden_size=32, intermediate_size=37, num_hidden_layers=1, num_attention_heads=4
        )
    )
    transformer = HunyuanDiT2DModel(
        sample_size=16, num_layers=2, patch_size=2, attention_head_dim=8, num_attention_heads=3, in_channels=4,
        cross_attention_dim=32, cross_attention_dim_t5=32, pooled_projection_dim=16, hidden_size=24,
    )  # fmt: skip
    return HunyuanDiTPipeline(
        vae=tiny.vae(4), text_encoder=encoder, tokenizer=BertTokenizer(str(folder / "vocab.txt"), model_max_length=77),
        transformer=transformer, scheduler=DDPMScheduler(), safety_checker=None, feature_extractor=None,
        requires_safety_checker=False, text_encoder_2=text.t5(), tokenizer_2=text.t5_tokenizer(),
    )  # fmt: skip


def ovis(_: Path) -> Any:
    from diffusers import OvisImagePipeline, OvisImageTransformer2DModel

    transformer = OvisImageTransformer2DModel(
        patch_size=1, in_channels=16, out_channels=16, num_layers=1, num_single_layers=1, attention_head_dim=16,
        num_attention_heads=2, joint_attention_dim=32, axes_dims_rope=(4, 4, 8),
    )  # fmt: skip
    return OvisImagePipeline(flow(), _vae(), text.qwen3().model, text.bpe_tokenizer(), transformer)


def kandinsky3(_: Path) -> Any:
    from diffusers import DDPMScheduler, Kandinsky3Pipeline, Kandinsky3UNet, VQModel

    unet = Kandinsky3UNet(
        in_channels=4, time_embedding_dim=4, groups=2, attention_head_dim=4, layers_per_block=3,
        block_out_channels=(32, 64), cross_attention_dim=4, encoder_hid_dim=32,
    )  # fmt: skip
    movq = VQModel(
        block_out_channels=[32, 32, 32, 64], down_block_types=[*["DownEncoderBlock2D"] * 3, "AttnDownEncoderBlock2D"],
        in_channels=3, latent_channels=4, layers_per_block=1, norm_num_groups=8, norm_type="spatial",
        num_vq_embeddings=12, out_channels=3, up_block_types=["AttnUpDecoderBlock2D", *["UpDecoderBlock2D"] * 3],
        vq_embed_dim=4,
    )  # fmt: skip
    return Kandinsky3Pipeline(text.t5_tokenizer(), text.t5(), unet, DDPMScheduler(), movq)


def deepfloyd(_: Path) -> Any:
    from diffusers import DDPMScheduler, IFPipeline, UNet2DConditionModel

    unet = UNet2DConditionModel(
        sample_size=32, layers_per_block=1, block_out_channels=[32, 64], norm_num_groups=8, in_channels=3,
        out_channels=6, cross_attention_dim=32, encoder_hid_dim=32, attention_head_dim=8,
        down_block_types=["ResnetDownsampleBlock2D", "SimpleCrossAttnDownBlock2D"],
        mid_block_type="UNetMidBlock2DSimpleCrossAttn",
        up_block_types=["SimpleCrossAttnUpBlock2D", "ResnetUpsampleBlock2D"], addition_embed_type="text",
        addition_embed_type_num_heads=2, time_embedding_type="positional", class_embed_type=None,
        encoder_hid_dim_type="text_proj", resnet_time_scale_shift="scale_shift",
    )  # fmt: skip
    scheduler = DDPMScheduler(beta_schedule="squaredcos_cap_v2", variance_type="learned_range")
    return IFPipeline(text.t5_tokenizer(), text.t5(), unet, scheduler, None, None, None, requires_safety_checker=False)
