"""What stands in a prompt and is meant as more than words: links of pictures, and signs of Midjourney's."""

import re

from .read import BadFlag, Trouble

_PICTURE = re.compile(
    r"https?://(?:\S+?\.(?:png|jpe?g|webp|gif)(?:\?[^\s<>]*)?(?=[\s<>,;:)\]]|$)"
    r"|(?:cdn|media)\.discordapp\.(?:com|net)/\S+|s\.mj\.run/\S+|(?:\w+\.)?discord(?:app)?\.com/channels/\S+)",
    re.IGNORECASE,
)
# Parts of a prompt with weights: `cat::2 dog::`, but no `std::vector` and no face.
_PARTS = re.compile(r"(?<=\S)::(?:\s?-?\d*\.?\d+)?(?=[\s,]|$)|(?<!\S)::-?\d*\.?\d+(?=[\s,]|$)")
_PERMUTATION = re.compile(r"\{[^{}]*\S\s*,\s*[^\s,{}][^{}]*\}")
_MEANT = ((Trouble.LINK, _PICTURE), (Trouble.PARTS, _PARTS), (Trouble.PERMUTATION, _PERMUTATION))


def signs(words: str) -> tuple[BadFlag, ...]:
    """The first of each kind, as it was typed."""
    found = ((trouble, pattern.search(words)) for trouble, pattern in _MEANT)
    return tuple(BadFlag(trouble, match[0]) for trouble, match in found if match)
