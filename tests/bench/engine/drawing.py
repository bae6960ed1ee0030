"""The two that are compared: a plain pipeline in this process, and the engine in its own."""

import asyncio
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.worker.engine.engines import Client
from worker.contract.types.request import Request
from worker.engine.pipeline.schedulers import fresh
from worker.engine.protocol import Done, Health, Step, read_frames
from worker.engine.protocol import RenderCall as Call

_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Taken:
    """Seconds of one render, or of several together.

    Attributes:
        processor: of all threads of the process that draws; 0 where the system does not tell.
        first_step: until the first step was done; of several, the first of all.
        overhead: what the client waited beyond the engine's own phases: socket, frames, encoding.
        steps: in the loop alone; of several, from the first step of any to the last of all.
    """

    total: float
    processor: float
    first_step: float = 0.0
    overhead: float = 0.0
    steps: float = 0.0


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

    async def draw(self, *wishes: Request) -> Taken:
        """One after the other."""
        began, spent = time.perf_counter(), time.process_time()
        taken = [await asyncio.to_thread(self._draw, wish) for wish in wishes]
        return Taken(
            time.perf_counter() - began,
            time.process_time() - spent,
            first_step=taken[0][0],
            steps=sum(steps for _, steps in taken),
        )

    def _draw(self, asked: Request) -> tuple[float, float]:
        """Seconds until the first step was done, and until the last."""
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
        return marks[0] - began, marks[-1] - began


class Engine:
    """The engine as a slot asks it."""

    def __init__(self, client: Client, pid: int) -> None:
        self.client, self._pid = client, pid

    async def draw(self, *wishes: Request, preview: bool = True) -> Taken:
        """All at once."""
        began, spent = time.perf_counter(), self._processor()
        told = await asyncio.gather(*(self._draw(wish, preview=preview) for wish in wishes))
        total = time.perf_counter() - began
        return Taken(
            total,
            self._processor() - spent,
            first_step=min(first for first, *_ in told),
            overhead=min(total - each["device"] / 1000 for _, _, each in told),
            steps=max(steps for _, steps, _ in told),
        )

    def _processor(self) -> float:
        try:
            fields = Path(f"/proc/{self._pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / _TICK

    async def _draw(self, asked: Request, *, preview: bool) -> tuple[float, float, dict[str, float]]:
        began, first = time.perf_counter(), 0.0
        call = Call(id=f"bench-{asked.seed}-1", request=asked, preview=preview)
        async with self.client.http.post("http://engine/render", data=call.model_dump_json()) as answer:
            assert answer.status == 200, await answer.text()
            async for frame in read_frames(answer.content):
                match frame.header:
                    case Step() if not first:
                        first = time.perf_counter() - began
                    case Done(timings=timings):
                        done = time.perf_counter() - began
                        return first, done - timings.get("decode", 0.0) / 1000, timings
        raise AssertionError(f"{call.id} ended without its pictures")
