"""What the engine adds to a plain diffusers pipeline, measured in one run: `python -m tests.bench.engine`.

Both draw the same requests with the same weights and threads, by turns, so whatever else the machine does
weighs on both. Read the ratios, which are medians of pairs; absolute times belong to the machine. `overhead` is what
the client waits beyond the engine's own phases: socket, frames, PNG encoding. At last eight people ask at once, for
different pictures: the plain pipeline draws one request after the other, the engine all of them together.
"""

# ruff: noqa: T201 - it reports on the terminal

import argparse
import asyncio
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.worker.engine.engines import Client, running
from worker.contract.types.request import Request, Scheduler
from worker.engine.pipeline.model_config import read
from worker.engine.pipeline.schedulers import fresh
from worker.engine.protocol import Done, Health, Step, read_frames
from worker.engine.protocol import RenderCall as Call
from worker.engine.settings import CATALOGUE


@dataclass
class Times:
    """Seconds, one value for each round."""

    first_step: list[float] = field(default_factory=list)
    total: list[float] = field(default_factory=list)
    overhead: list[float] = field(default_factory=list)


class Plain:
    """The pipeline as its documentation shows, on the device and in the number format that the engine chose."""

    def __init__(self, folder: Path, threads: int, health: Health) -> None:
        import torch
        from diffusers import AutoPipelineForText2Image

        torch.set_num_threads(threads)
        dtype = getattr(torch, health.dtype)
        pipeline = AutoPipelineForText2Image.from_pretrained(folder, dtype=dtype, use_safetensors=True)
        self.pipeline: Any = pipeline.to(health.device.split()[0])
        self.pipeline.set_progress_bar_config(disable=True)
        self.generator = torch.Generator

    def draw(self, asked: Request, times: Times) -> None:
        began, own = time.perf_counter(), self.pipeline.scheduler
        self.pipeline.scheduler = fresh(asked.scheduler, own, asked.steps)
        marks: list[float] = []

        def step(_: Any, __: int, ___: Any, tensors: dict[str, Any]) -> dict[str, Any]:
            marks.append(time.perf_counter())
            return tensors

        images = self.pipeline(
            asked.prompt,
            width=asked.width,
            height=asked.height,
            negative_prompt=asked.negative_prompt or None,
            num_inference_steps=asked.steps,
            guidance_scale=asked.guidance_scale,
            num_images_per_prompt=asked.count,
            generator=[self.generator("cpu").manual_seed(asked.seed_of(i)) for i in range(asked.count)],
            callback_on_step_end=step,
        ).images
        self.pipeline.scheduler = own
        assert len(images) == asked.count
        times.first_step.append(marks[0] - began)
        times.total.append(time.perf_counter() - began)


async def engine(client: Client, asked: Request, times: Times, *, preview: bool) -> None:
    began, first = time.perf_counter(), 0.0
    call = Call(id=f"bench-{asked.seed}-1", request=asked, preview=preview)
    async with client.http.post("http://engine/render", data=call.model_dump_json()) as answer:
        assert answer.status == 200, await answer.text()
        async for frame in read_frames(answer.content):
            match frame.header:
                case Step() if not first:
                    first = time.perf_counter() - began
                case Done(timings=timings):
                    total = time.perf_counter() - began
                    times.first_step.append(first)
                    times.total.append(total)
                    times.overhead.append(total - sum(v for k, v in timings.items() if k != "total") / 1000)


async def main(options: argparse.Namespace) -> None:
    entry = next(entry for entry in read(options.models).entries if entry.info.id == options.model)
    width, height = entry.info.size(1, 1)
    asked = Request(
        prompt=entry.info.example or "a red apple",
        model=options.model,
        width=width,
        height=height,
        steps=options.steps or entry.info.steps,
        guidance_scale=entry.info.guidance_scale,
        seed=1,
    )
    with tempfile.TemporaryDirectory(prefix="easel-") as folder:
        began = time.perf_counter()
        arguments = ("--models", str(options.models))
        async with running(
            Path(folder), *arguments, EASEL_THREADS=str(options.threads), EASEL_ENGINE_WAITING="7"
        ) as service:
            print(f"cold start                 {time.perf_counter() - began:8.2f} s")
            plain = Plain(entry.base / entry.origin.source, options.threads, await service.client.health())
            await compare(plain, service.client, asked, options)
            await people(plain, service.client, asked, options)
            await memory(service.client, asked.model_copy(update={"steps": 2}), options.jobs)


async def compare(plain: Plain, client: Client, asked: Request, options: argparse.Namespace) -> None:
    for count in (1, 4):
        request = asked.model_copy(update={"count": count})
        base, ours = Times(), Times()
        for _ in range(options.rounds + 1):  # the first round warms both and is left out
            await asyncio.to_thread(plain.draw, request, base)
            await engine(client, request, ours, preview=True)
        rows = {"to the first step": ("first_step", base, ours), "total": ("total", base, ours)}
        for name, (key, one, two) in rows.items():
            tell(f"{count} × {name}", getattr(one, key)[1:], getattr(two, key)[1:])
        outside = statistics.median(ours.overhead[1:])
        print(f"{count} × overhead outside compute  {outside * 1000:6.1f} ms")
        print(f"{count} × pictures a second          {count / statistics.median(ours.total[1:]):6.2f}")


def tell(name: str, plain: list[float], ours: list[float]) -> None:
    a, b = statistics.median(plain), statistics.median(ours)
    ratio = statistics.median(two / one for one, two in zip(plain, ours, strict=True))
    print(f"{name:<26} plain {a * 1000:8.1f} ms   engine {b * 1000:8.1f} ms   ratio {ratio:5.2f}", flush=True)


def mixed(asked: Request) -> list[Request]:
    """What eight people might ask for: other samplers, steps, guidance, numbers of pictures."""
    samplers = [None, *Scheduler]
    wishes = [(1, 1.0), (1, 1.0), (2, 1.0), (1, 0.6), (1, 1.5), (4, 1.0), (1, 1.0), (1, 0.8)]  # pictures, part of steps
    return [
        asked.model_copy(
            update={
                "prompt": f"{asked.prompt} {number}",
                "count": count,
                "steps": max(1, int(asked.steps * part)),
                "scheduler": samplers[number % len(samplers)],
                "guidance_scale": 1.0 if number == 6 else asked.guidance_scale + number / 4,
                "seed": number * 100,
            }
        )
        for number, (count, part) in enumerate(wishes)
    ]


async def people(plain: Plain, client: Client, asked: Request, options: argparse.Namespace) -> None:
    wishes, base, ours = mixed(asked), list[float](), list[float]()
    for _ in range(options.rounds + 1):  # the first round warms both and is left out
        began = time.perf_counter()
        for wish in wishes:
            await asyncio.to_thread(plain.draw, wish, Times())
        base.append(time.perf_counter() - began)
        began = time.perf_counter()
        await asyncio.gather(*(engine(client, wish, Times(), preview=True) for wish in wishes))
        ours.append(time.perf_counter() - began)
    tell("8 people at once", base[1:], ours[1:])
    faster = statistics.median(one / two for one, two in zip(base[1:], ours[1:], strict=True))
    print(f"8 people at once           the engine is {faster:.2f} × as fast", flush=True)


async def memory(client: Client, asked: Request, jobs: int) -> None:
    marks = []
    for job in range(jobs + 1):
        if job in (min(5, jobs), jobs):
            marks.append((job, (await client.health()).memory["resident"] / 1e6))
        await engine(client, asked, Times(), preview=False)
    (first, before), (last, after) = marks
    print(f"resident after {first} jobs {before:7.1f} MB, after {last} jobs {after:7.1f} MB ({after - before:+.1f})")


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.engine", description=__doc__)
    parser.add_argument("--model", default="starter", help="id of a model of the catalogue, in a folder")
    parser.add_argument("--models", type=Path, default=CATALOGUE, help="the catalogue")
    parser.add_argument("--rounds", type=int, default=5, help="rounds for each figure")
    parser.add_argument("--steps", type=int, default=0, help="instead of the model's own")
    parser.add_argument("--jobs", type=int, default=50, help="renders while memory is watched")
    parser.add_argument("--threads", type=int, default=1, help="of torch, for both")
    return parser.parse_args()


if __name__ == "__main__":
    asyncio.run(main(options()))
