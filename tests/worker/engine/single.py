"""A tiny diffusers folder as one file with the names that the first Stable Diffusion gave its tensors."""

import re
from pathlib import Path

_RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "time_emb_proj": "emb_layers.1",
    "conv_shortcut": "skip_connection",
}
# Of tiny.build's UNet: two levels, one resnet each on the way down, two on the way up.
_UNET = {
    "conv_in": "input_blocks.0.0",
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "conv_norm_out": "out.0",
    "conv_out": "out.2",
    "down_blocks.0.resnets.0": "input_blocks.1.0",
    "down_blocks.0.downsamplers.0.conv": "input_blocks.2.0.op",
    "down_blocks.1.resnets.0": "input_blocks.3.0",
    "down_blocks.1.attentions.0": "input_blocks.3.1",
    "mid_block.resnets.0": "middle_block.0",
    "mid_block.attentions.0": "middle_block.1",
    "mid_block.resnets.1": "middle_block.2",
    "up_blocks.0.resnets.0": "output_blocks.0.0",
    "up_blocks.0.attentions.0": "output_blocks.0.1",
    "up_blocks.0.resnets.1": "output_blocks.1.0",
    "up_blocks.0.attentions.1": "output_blocks.1.1",
    "up_blocks.0.upsamplers.0": "output_blocks.1.2",
    "up_blocks.1.resnets.0": "output_blocks.2.0",
    "up_blocks.1.resnets.1": "output_blocks.3.0",
}
_VAE = {
    r"(encoder|decoder)\.mid_block\.resnets\.0": r"\1.mid.block_1",
    r"(encoder|decoder)\.mid_block\.resnets\.1": r"\1.mid.block_2",
    r"(encoder|decoder)\.mid_block\.attentions\.0": r"\1.mid.attn_1",
    r"encoder\.down_blocks\.(\d)\.resnets": r"encoder.down.\1.block",
    r"encoder\.down_blocks\.(\d)\.downsamplers\.0": r"encoder.down.\1.downsample",
    r"conv_norm_out": "norm_out",
    r"conv_shortcut": "nin_shortcut",
    r"attn_1\.group_norm": "attn_1.norm",
    r"attn_1\.to_q": "attn_1.q",
    r"attn_1\.to_k": "attn_1.k",
    r"attn_1\.to_v": "attn_1.v",
    r"attn_1\.to_out\.0": "attn_1.proj_out",
}


def write(folder: Path, file: Path) -> Path:
    """Write the diffusers folder `folder` as one file."""
    from safetensors.torch import load_file, save_file

    parts = {name: load_file(next((folder / name).glob("*.safetensors"))) for name in ("unet", "vae", "text_encoder")}
    whole = {f"model.diffusion_model.{_unet(name)}": tensor for name, tensor in parts["unet"].items()}
    whole |= {f"first_stage_model.{_vae(name)}": tensor for name, tensor in parts["vae"].items()}
    whole |= {f"cond_stage_model.transformer.{_text(name)}": tensor for name, tensor in parts["text_encoder"].items()}
    save_file(whole, file)
    return file


def _unet(name: str) -> str:
    start = next(start for start in sorted(_UNET, key=len, reverse=True) if name.startswith(start + "."))
    rest = name[len(start) + 1 :]
    part = rest.split(".")[0]
    if ".resnets." in f".{start}.":
        rest = rest.replace(part, _RESNET[part], 1)
    return f"{_UNET[start]}.{rest}"


def _vae(name: str) -> str:
    name = re.sub(  # two levels; the first Stable Diffusion counts those of its decoder from the other end
        r"decoder\.up_blocks\.(\d)\.(resnets|upsamplers\.0)",
        lambda m: f"decoder.up.{1 - int(m[1])}.{'block' if m[2] == 'resnets' else 'upsample'}",
        name,
    )
    for pattern, new in _VAE.items():
        name = re.sub(pattern, new, name)
    return name


def _text(name: str) -> str:
    return name if name.startswith("text_model.") else f"text_model.{name}"
