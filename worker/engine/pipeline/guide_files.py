"""A guide's files → a network in memory, checked against its model. All of them are modules of diffusers."""

import json
from dataclasses import dataclass
from typing import Any

import torch
from diffusers import ControlNetModel
from diffusers.models.embeddings import ImageProjection, MultiIPAdapterImageProjection
from PIL import Image
from safetensors.torch import load_file
from transformers import CLIPImageProcessor, CLIPVisionModelWithProjection

from worker.engine.errors import ModelError

from .guide_config import GuideConfig
from .one_file import CONFIG, found, with_config

# What both have to have in common, but for channels: a UNet for inpainting takes more than a network beside it.
_ALIKE = (
    "block_out_channels", "down_block_types", "layers_per_block", "cross_attention_dim",
    "addition_embed_type", "projection_class_embeddings_input_dim",
)  # fmt: skip
_OTHER = "Choose one that was trained for this kind of model, or remove its table."
_READ = ("proj.weight", "proj.3.weight", "latents")  # one of these is in each kind of IP-Adapter that is read


@dataclass(frozen=True)
class Adapter:
    """An IP-Adapter with its image encoder.

    Attributes:
        processors: of all attentions of the UNet, by their names; its own among them.
        projection: what it makes of the encoder's words.
    """

    processors: dict[str, Any]
    projection: MultiIPAdapterImageProjection
    encoder: CLIPVisionModelWithProjection

    @torch.no_grad()
    def looks(self, picture: Image.Image) -> tuple[torch.Tensor, torch.Tensor]:
        """What a picture looks like, and no picture at all."""
        size = self.encoder.config.image_size
        seen = CLIPImageProcessor(size=size, crop_size=size)(picture, return_tensors="pt").pixel_values
        seen = seen.to(self.encoder.device, self.encoder.dtype)
        if isinstance(self.projection.image_projection_layers[0], ImageProjection):
            whole = self.encoder(seen).image_embeds
            return whole, torch.zeros_like(whole)
        parts, none = (
            self.encoder(each, output_hidden_states=True).hidden_states[-2] for each in (seen, torch.zeros_like(seen))
        )
        return parts, none


def control(model: str, config: GuideConfig, unet: Any, device: torch.device) -> ControlNetModel:
    """A ControlNet on the device, in the UNet's number format. Raises ModelError."""
    name, origin = f"{model}, guide {config.id}", config.origin
    file = with_config(name, origin.source, origin.revision, config.base)
    try:
        said = json.loads(file.with_name(CONFIG).read_text(encoding="utf-8"))
        with torch.device("meta"):
            made = ControlNetModel.from_config(said)
    except Exception as error:  # whatever a configuration of another kind makes them raise
        raise _unfit(name, f"{file} is no ControlNet that diffusers reads ({type(error).__name__})") from error
    differs = next((each for each in _ALIKE if _of(made, each) != _of(unet, each)), None)
    if made.config.in_channels != unet.config.out_channels:
        differs = "in_channels"
    if differs is not None:
        raise _unfit(name, f"{file} is for another kind of model: its {differs} is another one")
    try:
        made.load_state_dict(load_file(file), strict=True, assign=True)
    except Exception as error:  # keys that lack or are too many, tensors of other shapes
        raise _unfit(name, f"{file} is not what its {CONFIG} says ({type(error).__name__})") from error
    return made.to(device, unet.dtype).eval().requires_grad_(requires_grad=False)


def _of(network: Any, name: str) -> Any:
    found = network.config.get(name)
    return tuple(found) if isinstance(found, list) else found


def adapter(model: str, config: GuideConfig, unet: Any, device: torch.device) -> Adapter:
    """An IP-Adapter on the device, for a UNet that has none now and gets none by this. Raises ModelError."""
    name, origin = f"{model}, guide {config.id}", config.origin
    file = found(name, origin.source, origin.revision, config.base)
    encoder = _encoder(name, config).to(device, unet.dtype)
    parts: dict[str, dict[str, torch.Tensor]] = {"image_proj": {}, "ip_adapter": {}}
    for key, tensor in load_file(file).items():
        part, _, rest = key.partition(".")
        parts.setdefault(part, {})[rest] = tensor
    if not any(key in parts["image_proj"] for key in _READ) or any("lora" in key for key in parts["ip_adapter"]):
        raise _unfit(name, f"{file} is no IP-Adapter, or of a kind that is not read, such as for faces")
    try:
        made = unet._convert_ip_adapter_attn_to_diffusers([parts], low_cpu_mem_usage=False)  # noqa: SLF001
        layer = unet._convert_ip_adapter_image_proj_to_diffusers(  # noqa: SLF001 - as its `load_ip_adapter` does
            parts["image_proj"], low_cpu_mem_usage=False
        )
        projection = MultiIPAdapterImageProjection([layer]).to(device, unet.dtype).eval()
        whole = Adapter(_placed(made, device, unet.dtype), projection, encoder)
        _must_fit(whole, unet)
    except Exception as error:  # whatever weights of other shapes make them raise
        why = f"{file} is for another kind of model or image encoder ({type(error).__name__})"
        raise _unfit(name, why) from error
    return whole


def _must_fit(whole: Adapter, unet: Any) -> None:
    """Raises what torch does where encoder, projection and UNet do not follow one another."""
    _, none = whole.looks(Image.new("RGB", (8, 8)))
    (projected,) = whole.projection([none[None]])
    if projected.shape[-1] != unet.config.cross_attention_dim:
        raise ValueError("it speaks of pictures in more or fewer numbers than the model does of texts")


def _placed(processors: dict[str, Any], device: torch.device, dtype: torch.dtype) -> dict[str, Any]:
    for each in processors.values():
        if isinstance(each, torch.nn.Module):
            each.to(device, dtype).eval()
    return processors


def _encoder(name: str, config: GuideConfig) -> CLIPVisionModelWithProjection:
    file = with_config(name, str(config.origin.encoder), config.origin.revision, config.base)
    try:
        made, told = CLIPVisionModelWithProjection.from_pretrained(
            file.parent, use_safetensors=True, local_files_only=True, output_loading_info=True
        )
    except Exception as error:  # whatever transformers raises for another kind of folder
        raise _unfit(name, f"{file} is no image encoder ({type(error).__name__})") from error
    if missing := sorted(told["missing_keys"]):
        raise _unfit(name, f"{file} is no image encoder, or not whole: it lacks {missing[0]}")
    encoder: CLIPVisionModelWithProjection = made.eval()
    return encoder


def _unfit(name: str, why: str) -> ModelError:
    return ModelError(name, f"{why}.", _OTHER)
