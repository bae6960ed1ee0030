"""SRVGGNetCompact, the small upscaling network, in the layout of weights that its trained files have."""

import re
from collections.abc import Mapping
from typing import Self

import torch
from torch import nn
from torch.nn import functional

_LAYER = re.compile(r"body\.(\d+)\.\w+")


class Compact(nn.Module):
    """Pictures (n, 3, h, w) in 0..1 → (n, 3, scale h, scale w), about 0..1.

    `body` alternates 3 × 3 convs and PReLUs: body.0 takes the picture in, the last conv gives scale² × 3 channels,
    which a pixel shuffle spreads out. The picture enlarged by nearest neighbour is added.

    Source: Wang et al. 2021, Real-ESRGAN ("SRVGGNetCompact").
    """

    def __init__(self, features: int = 64, convs: int = 16, scale: int = 4) -> None:
        super().__init__()
        self.scale = scale
        self.sees = convs + 2  # pixels on each side: one for every conv
        layers: list[nn.Module] = []
        for inputs in (3, *(features,) * convs):
            layers += [nn.Conv2d(inputs, features, 3, padding=1), nn.PReLU(features)]
        self.body = nn.Sequential(*layers, nn.Conv2d(features, 3 * scale * scale, 3, padding=1))

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Enlarge."""
        missing = functional.pixel_shuffle(self.body(pictures), self.scale)
        return missing + functional.interpolate(pictures, scale_factor=float(self.scale), mode="nearest")

    @classmethod
    def of(cls, state: Mapping[str, torch.Tensor]) -> Self | None:
        """Build it from a file's tensors, or return None when they are of another architecture."""
        last = max((int(found[1]) for found in map(_LAYER.fullmatch, state) if found), default=0)
        first, end = state.get("body.0.weight"), state.get(f"body.{last}.weight")
        if first is None or end is None or first.ndim != 4 or first.shape[1] != 3 or "body.1.weight" not in state:
            return None
        if last >= len(state):  # before as many are made: a file may name a layer 200,000 and have three
            return None
        # The file says nothing about sizes; they follow from the first layer, the last one and its channels.
        scale = round((end.shape[0] / 3) ** 0.5)
        model = cls(first.shape[0], (last - 2) // 2, scale)
        # Every name and shape must fit: other architectures have a `body` too, and would load halfway.
        if {name: value.shape for name, value in model.state_dict().items()} != {n: v.shape for n, v in state.items()}:
            return None
        model.load_state_dict(dict(state))
        return model.eval().requires_grad_(False)
