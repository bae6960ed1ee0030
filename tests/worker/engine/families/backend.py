"""A backend of tiny models, and one render of it as a client would hear it."""

import asyncio
import io
import warnings
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.worker.engine import tiny
from tests.worker.engine.engines import asked, finished
from worker.contract.types.request import Request
from worker.engine.pipeline.diffusers_backend import DiffusersBackend
from worker.engine.protocol import Frame, RenderCall
from worker.engine.service.render_task import RenderTask
from worker.engine.service.sources import Sources
from worker.engine.settings import EngineSettings


def catalogue(folder: Path, builders: Iterable[Callable[[Path], Any]], more: str = "") -> Path:
    """A models.toml of what these functions put together, each model by its function's name."""
    tables = ["bundled = false"]
    for build in builders:
        name = build.__name__
        model = tiny.save(folder / name, lambda: build(folder / name))  # noqa: B023 - called at once
        tables.append(
            f'[[model]]\nid = "{name}"\ntitle = "{name}"\nsource = "{model}"\nnative_pixels = 4096\nside_min = 64\n'
            f"side_max = 256\nsteps = 2\nguidance_scale = 4.0\n{more}"
        )
    (folder / "models.toml").write_text("\n".join(tables))
    return folder / "models.toml"


def loaded(listed: Path, **more: Any) -> DiffusersBackend:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what diffusers deprecates is not ours to mend
        backend = DiffusersBackend(EngineSettings(models=listed, device="cpu", threads=1, upscaler=Path("off"), **more))
        backend.load(lambda: None)
    return backend


def on(model: str, **more: Any) -> Request:
    given: dict[str, Any] = {"model": model, "steps": 3, "guidance_scale": 4.0}
    return asked(**(given | more))


def untabled(backend: DiffusersBackend, monkeypatch: pytest.MonkeyPatch, model: str = "m0") -> None:
    """Give a model a sampler that no table of Easel's loop describes, for DDIM clips its estimates then."""
    assert backend._cache is not None
    held = backend._cache.take(backend._resolved[model])
    clipping = type(held.scheduler).from_config(held.scheduler.config, clip_sample=True)
    monkeypatch.setitem(held.__dict__, "scheduler", clipping)


class Drawn:
    """One render: its frames and pictures."""

    def __init__(self, backend: DiffusersBackend, request: Request, *sources: Image.Image) -> None:
        self._pool = ThreadPoolExecutor(1)
        call = RenderCall(id="a", request=request)
        self._backend, self.task = backend, RenderTask(call, self._pool, sources=Sources(sources))
        self.told: list[Any] = []
        put = self.task._put

        def noting(header: Any) -> None:
            self.told.append(header)
            put(header)

        self.task._put = noting

    async def run(self) -> list[Image.Image]:
        """Raises what the render raises."""
        try:
            await asyncio.to_thread(self._backend.draw, self.task)
            self.frames: list[Frame] = await finished(self.task)
        finally:
            self._pool.shutdown(wait=False)
        files = [frame.body for frame in self.frames if frame.header.kind == "picture"]
        return [Image.open(io.BytesIO(file)) for file in files]

    def cancel_at(self, last: int) -> None:
        """Let it be cancelled at this step, just before that is told."""
        told = self.task.step

        def cancel(step: int, steps: int) -> None:
            if step == last:
                self.task.cancel()
            told(step, steps)

        self.task.step = cancel

    @property
    def steps(self) -> list[tuple[int, int]]:
        return [(header.step, header.steps) for header in self.told if header.kind == "step"]


async def drawn(backend: DiffusersBackend, request: Request, *sources: Image.Image) -> list[Image.Image]:
    return await Drawn(backend, request, *sources).run()
