"""`make families`: tries every family of models that diffusers knows, prints the table and writes docs/families.md."""

import logging
import os
import warnings
from pathlib import Path

PAGE = Path(__file__).parents[4] / "docs" / "families.md"
HEAD = """# Families of models

Which of the families that diffusers {version} maps to text → pictures Easel draws with, and what it finds out about
each before it offers a model. `make families` writes this page: it saves a tiny model of the family's real classes with
random weights, loads it as any other, and draws two pictures. So it shows that the way is sound, not how good pictures
are, and not that a model of full size fits into your memory. Sides are those of the tiny models: for some families a
real one goes in wider steps, which the engine finds out in the same way.

- **draws**: what can be asked of it. What begins with a picture is done by Easel's own loop for whatever that draws,
  else by the family's own pipelines, where diffusers has them. Models for inpainting whose UNet takes nine
  channels (Stable Diffusion 1, 2 and XL) do all of it too; from words they draw as if everything were masked.
- **loop**: Easel's advances all people's pictures together, step by step; its own draws one request after the other. In
  Easel's, those whose texts CLIP alone reads know weights such as `(word:1.3)`, and prompts of any length.
- **negative prompt**, **guidance**: whether they change a single pixel. What has no effect is not offered, and is said
  where it is asked for all the same.

| {columns} |
| {dashes} |
"""


def main() -> None:
    """Try them all."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    warnings.simplefilter("ignore")
    logging.disable(logging.ERROR)
    import diffusers

    from .table import COLUMNS, rows

    dashes = " | ".join(["---"] * len(COLUMNS))
    head = HEAD.format(version=diffusers.__version__, columns=" | ".join(COLUMNS), dashes=dashes)
    lines = []
    for row in rows():
        print(row.line(), flush=True)
        lines.append(row.line())
    PAGE.write_text(head + "\n".join(lines) + "\n")


main()
