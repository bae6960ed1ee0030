"""How much memory weights take, and what makes them fit: told by counts of values alone, so it needs no torch."""

from collections.abc import Mapping

from .model_config import Offload, Quantize

SHARE = 0.7  # of a device's memory that weights may take; a render needs some beside them
DENOISERS = ("unet", "transformer")
_BYTES = {"fp8": 1.0, "nf4": 0.6}  # a value, with the scales and the layers that stay as they are
_LARGE = 1_000_000_000  # values of a text encoder that is worth it as well: T5 and language models, not CLIP
# What is suggested, in this order: first what changes no pixel, last what takes a package.
_SUGGESTED: tuple[tuple[Quantize | None, Offload | None], ...] = (
    (None, "model"),
    ("fp8", None),
    ("fp8", "model"),
    ("nf4", None),
    ("nf4", "model"),
)


def needed(parts: Mapping[str, int], itemsize: int, quantize: Quantize | None, offload: Offload | None) -> int:
    """Bytes that weights take on the device.

    `parts` are the numbers in the weights of each part, by its name; "" is a file that holds all of them. `itemsize` is
    the bytes of one in the model's own format.
    """
    sizes = [
        int(values * (_BYTES.get(quantize or "", itemsize) if not name or worth(name, values) else itemsize))
        for name, values in parts.items()
    ]
    return max(sizes, default=0) if offload == "model" else sum(sizes)


def fits(bytes_: float, memory: float) -> bool:
    """Do weights of this size leave a device enough memory to draw with them?"""
    return bytes_ <= memory * SHARE


def advice(parts: Mapping[str, int], itemsize: int, memory: float) -> str:
    """What to write into a model's table so that it fits into `memory` bytes; "" where nothing helps.

    It is not asked whether the model fits as it is. A file that holds all parts (`""`) is one part, so that `offload`
    seems to change nothing for it.
    """
    for quantize, offload in _SUGGESTED if memory else ():
        if quantize == "nf4" and "" in parts:  # not of a file
            continue
        bytes_ = needed(parts, itemsize, quantize, offload)
        if fits(bytes_, memory):
            fields = [f'quantize = "{quantize}"'] * bool(quantize) + [f'offload = "{offload}"'] * bool(offload)
            return (
                f"In full its weights take {needed(parts, itemsize, None, None) / 1e9:.1f} GB, and the card has "
                f"{memory / 1e9:.1f} GB. Write {' and '.join(fields)} into its table: "
                f"{'' if quantize is None else 'they then take '}{bytes_ / 1e9:.1f} GB"
                f"{' at a time' if offload else ''}."
            )
    return ""


def worth(name: str, values: int) -> bool:
    """Whether fewer bits are worth it: the denoiser always is, a text encoder where it is large, a decoder never."""
    return name.startswith(DENOISERS) or (name.startswith("text_encoder") and values >= _LARGE)
