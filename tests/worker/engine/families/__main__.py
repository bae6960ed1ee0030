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

| family | pipeline | | what the engine found out, or why not |
| --- | --- | --- | --- |
"""


def main() -> None:
    """Try them all."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    warnings.simplefilter("ignore")
    logging.disable(logging.ERROR)
    import diffusers

    from .table import rows

    lines = []
    for row in rows():
        print(row.line(), flush=True)
        lines.append(row.line())
    PAGE.write_text(HEAD.format(version=diffusers.__version__) + "\n".join(lines) + "\n")


main()
