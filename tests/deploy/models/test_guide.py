"""docs/models.md: its table says what `easel models` would."""

import re
from pathlib import Path

import pytest

from worker.engine.pipeline import fit
from worker.engine.pipeline.model_family import FAMILIES

GUIDE = (Path(__file__).parents[3] / "docs/models.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in GUIDE.splitlines()
    if re.match(r"\| [^|]+ \| `\w+` \| \d", line)
]
CARDS = (8, 12, 16, 24)  # GiB


def parts(cell: str) -> dict[str, int]:
    """The denoiser comes first, the decoder last, text encoders between."""
    numbers = [int(float(each) * 1e9) for each in cell.split(" + ")]
    return {"unet": numbers[0], "vae": numbers[-1]} | {f"text_encoder_{i}": n for i, n in enumerate(numbers[1:-1])}


def said(weights: dict[str, int], memory: float) -> str:
    if fit.fits(fit.needed(weights, 2, None, None), memory):
        return "as it is"
    advice = fit.advice(weights, 2, memory)
    words = re.findall(r'quantize = "(\w+)"', advice) + ["offload"] * ("offload" in advice)
    return ", ".join(f"`{each}`" for each in words) or "too little"


def test_every_family_that_is_told_apart_is_there() -> None:
    assert {row[1].strip("`") for row in ROWS} == FAMILIES.keys()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_row_says_what_is_written_and_advised(row: list[str]) -> None:
    family, weights = FAMILIES[row[1].strip("`")], parts(row[5])
    assert [float(each) for each in row[2:5]] == [family.steps, family.guidance_scale, family.side]
    assert row[6] == f"{fit.needed(weights, 2, None, None) / 1e9:.1f} GB"
    assert row[7:11] == [said(weights, card * 1024**3) for card in CARDS]
