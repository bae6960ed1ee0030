"""What the engine's loop and each rung are worth on this machine's device: `python -m tests.bench.card`.

Random weights in the shapes of Stable Diffusion 1.5 and SDXL; nothing is fetched. Each row is printed as JSON when it
is measured, so a run that is cut off keeps what it has, and nothing new begins after `--seconds`. `--tiny` runs all of
it on a CPU in a minute, to find mistakes before a card is paid for: its figures say nothing.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from worker.contract.types.request import Request

from . import loop, rungs
from .models import SIDE, STEPS, built
from .rows import rows

Part = Callable[[Any, Request, argparse.Namespace, loop.Say], None]
PARTS: dict[str, Part] = {  # in the order of what is wanted most
    "loop": lambda pipeline, asked, options, say: loop.beside(pipeline, asked, options.rows, say, options.pairs),
    "rows": lambda pipeline, asked, options, say: rows(pipeline, asked.width, options.rows, say),
    "mates": lambda pipeline, asked, options, say: loop.mates(pipeline, asked, options.rows, say),
    "network": lambda pipeline, asked, _, say: rungs.network(pipeline, asked.width, say),
    "decoder": lambda pipeline, asked, _, say: rungs.decoder(pipeline, asked.width, say),
}


def main(options: argparse.Namespace) -> None:
    card = torch.cuda.is_available() and not options.tiny
    device = "cuda" if card else "cpu"
    dtype = getattr(torch, options.dtype or ("bfloat16" if card else "float32"))
    name = torch.cuda.get_device_name() if card else "cpu"
    print(
        json.dumps({"device": name, "dtype": str(dtype), "tiny": options.tiny, "torch": torch.__version__}), flush=True
    )
    if options.tiny:
        torch.set_num_threads(1)  # threads of such small models wait for each other more than they work
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="easel-") as folder:
        for arch in options.arch:
            pipeline = built(arch, device, dtype, Path(folder), small=options.tiny)
            for part in options.part:
                if time.monotonic() - began > options.seconds:
                    return
                _measure(part, arch, pipeline, options)
            del pipeline


def _measure(part: str, arch: str, pipeline: Any, options: argparse.Namespace) -> None:
    def say(**row: Any) -> None:
        rounded = {key: float(f"{value:.4g}") if isinstance(value, float) else value for key, value in row.items()}
        print(json.dumps({"arch": arch, **rounded}), flush=True)

    side = 64 if options.tiny and arch != "starter" else SIDE[arch]
    steps = options.steps or (2 if options.tiny else STEPS)
    asked = Request(prompt="a red apple", model=arch, width=side, height=side, steps=steps, guidance_scale=5.0, seed=1)
    try:
        PARTS[part](pipeline, asked, options, say)
    except Exception as error:  # noqa: BLE001 - the next part may work, and time on a card is short
        say(part=part, error=f"{type(error).__name__}: {error}"[:300])


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.card", description=__doc__)
    parser.add_argument("--tiny", action="store_true", help="small models on a CPU: does all of it run?")
    parser.add_argument("--arch", nargs="+", default=["sd15", "sdxl"], choices=SIDE)
    parser.add_argument("--part", nargs="+", default=[*PARTS], choices=PARTS)
    parser.add_argument("--rows", type=int, default=16, help="of one call, at most")
    parser.add_argument("--steps", type=int, default=0, help="of a picture")
    parser.add_argument("--pairs", type=int, default=3, help="of which the median is told")
    parser.add_argument("--dtype", choices=("bfloat16", "float16", "float32"), help="bfloat16 on a card by default")
    parser.add_argument("--seconds", type=float, default=480, help="after which no new part begins")
    return parser.parse_args()


if __name__ == "__main__":
    main(options())
