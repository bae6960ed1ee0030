"""What the engine adds to a plain diffusers pipeline, measured in one run: `python -m tests.bench.engine`.

Both draw the same requests with the same weights and threads, by turns, so whatever else the machine does
weighs on both. Read the ratios, which are medians of pairs; absolute times belong to the machine, and where it is busy
the processor's time says more than the clock. Eight people ask at once for different pictures, and then requests come
one by one: the plain pipeline draws one after the other, the engine all of them together.
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from tests.worker.engine.engines import running
from worker.engine.pipeline.model_config import read
from worker.engine.settings import CATALOGUE

from .arrivals import arrive
from .drawing import Engine, Plain
from .report import Report
from .turns import compare, memory
from .wishes import usual


async def main(options: argparse.Namespace) -> None:
    entry = next(entry for entry in read(options.models).entries if entry.info.id == options.model)
    asked, report = usual(entry, options), Report()
    report.data["threads"] = options.threads
    with tempfile.TemporaryDirectory(prefix="easel-") as folder:
        began = time.perf_counter()
        threads = str(options.threads)
        async with running(
            Path(folder),
            "--models",
            str(options.models),
            EASEL_THREADS=threads,
            OMP_NUM_THREADS=threads,
            EASEL_ENGINE_WAITING="16",
            EASEL_EXACT=str(options.exact),
        ) as service:
            report.say(f"cold start {time.perf_counter() - began:.2f} s, threads {options.threads}")
            health = await service.client.health()
            plain, engine = (
                Plain(entry.base / entry.origin.source, options.threads, health),
                Engine(service.client, health.pid),
            )
            await compare(plain, engine, asked, options.rounds, report)
            if options.loads:
                await arrive(plain, engine, asked, options.loads, options.requests, report)
            await memory(engine, asked.model_copy(update={"steps": 2}), options.jobs, report)
    report.write(options.json, options.plot)


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.engine", description=__doc__)
    parser.add_argument("--model", default="starter", help="id of a model of the catalogue, in a folder")
    parser.add_argument("--models", type=Path, default=CATALOGUE, help="the catalogue")
    parser.add_argument("--rounds", type=int, default=5, help="rounds for each figure")
    parser.add_argument("--steps", type=int, default=0, help="instead of the model's own")
    parser.add_argument("--jobs", type=int, default=200, help="renders while memory is watched")
    parser.add_argument("--loads", type=int, nargs="*", default=[50, 80, 100, 120], help="per cent; none: no arrivals")
    parser.add_argument("--requests", type=int, default=24, help="requests of each load")
    parser.add_argument("--threads", type=int, default=1, help="of torch, for both")
    parser.add_argument("--exact", type=int, default=0, help="1: what is the price of EASEL_EXACT?")
    parser.add_argument("--json", type=Path, help="write all figures to a file")
    parser.add_argument("--plot", type=Path, help="draw the waits to a file")
    return parser.parse_args()


if __name__ == "__main__":
    asyncio.run(main(options()))
