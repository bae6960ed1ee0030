"""What the engine's loop and each rung are worth on this machine's device: `python -m tests.bench.card`.

Random weights in the shapes of Stable Diffusion 1.5, SDXL, SDXL-Turbo, SD3 and FLUX.1; nothing is fetched. Each row is
printed as JSON when it is measured, so a run that is cut off keeps what it has; one that fails is told, and the next
begins. Nothing new begins after `--seconds`, which architectures share evenly. `--tiny` runs all of it on a CPU in
about two minutes, to find mistakes before a card is paid for: its figures say nothing.
"""

import argparse
import gc
import logging
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import torch

from worker.contract.types.request import Request

from . import loop, rungs
from .bench import Bench
from .ceiling import ceiling
from .models import ARCHS, built
from .row import Row, say, tell
from .rows import rows

PARTS: dict[str, Callable[[Bench], Iterator[Row]]] = {  # in the order of what is wanted most
    "loop": loop.beside,
    "rows": rows,
    "ceiling": ceiling,
    "mates": loop.mates,
    "network": rungs.network,
    "decoder": rungs.decoder,
}
_TINY_SIDE, _TINY_STEPS = 64, 2
_TURNS = 0.1  # of an architecture's time, after which no further pair of a row begins


def main(options: argparse.Namespace) -> int:
    """Measure all that was asked for; returns how many rows failed."""
    card = torch.cuda.is_available() and not options.tiny
    device, name = ("cuda", torch.cuda.get_device_name()) if card else ("cpu", "cpu")
    dtype = getattr(torch, options.dtype or ("bfloat16" if card else "float32"))
    say({"device": name, "dtype": str(dtype), "tiny": options.tiny, "torch": torch.__version__})
    if options.tiny:
        torch.set_num_threads(1)  # threads of such small models wait for each other more than they work
    end, failed = time.monotonic() + options.seconds, 0
    with tempfile.TemporaryDirectory(prefix="easel-") as folder:
        for number, arch in enumerate(options.arch):
            own = (end - time.monotonic()) / (len(options.arch) - number)
            failed += tell(
                _all(arch, options, device, dtype, Path(folder), own), {"arch": arch}, time.monotonic() + own
            )
            _free()
    say({"over": True, "failed": failed})
    return failed


def _all(
    arch: str, options: argparse.Namespace, device: str, dtype: torch.dtype, folder: Path, seconds: float
) -> Iterator[Row]:
    kind, small = ARCHS[arch], options.tiny
    began = time.monotonic()
    pipeline = built(arch, device, dtype, folder, small=small)
    yield Row({"part": "build"}, lambda: {"seconds": time.monotonic() - began})
    side = _TINY_SIDE if small and arch != "starter" else kind.side
    asked = Request(
        prompt="a red apple", model=arch, width=side, height=side, guidance_scale=kind.guidance, seed=1,
        steps=options.steps or (_TINY_STEPS if small else kind.steps),
    )  # fmt: skip
    bench = Bench(pipeline, asked, options.rows, options.pairs, seconds * _TURNS, kind.rungs)
    for part in options.part:
        yield from PARTS[part](bench)


def _free() -> None:
    """The memory of the architecture before."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


def options(arguments: list[str] | None = None) -> argparse.Namespace:
    """What was typed."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.card", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tiny", action="store_true", help="small models on a CPU: does all of it run?")
    parser.add_argument("--arch", nargs="+", default=[each for each in ARCHS if each != "starter"], choices=ARCHS)
    parser.add_argument("--part", nargs="+", default=[*PARTS], choices=PARTS)
    parser.add_argument("--rows", type=int, default=16, help="of one call, at most")
    parser.add_argument("--steps", type=int, default=0, help="of a picture")
    parser.add_argument("--pairs", type=int, default=3, help="of which the median is told")
    parser.add_argument("--dtype", choices=("bfloat16", "float16", "float32"), help="bfloat16 on a card by default")
    parser.add_argument("--seconds", type=float, default=420, help="after which no new row begins")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    sys.exit(1 if main(options()) else 0)
