"""One upscale on the GPU thread: progress by tiles, cancelling, and what happens when memory does not suffice."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from PIL import Image

from tests.worker.engine.engines import finished
from worker.contract.types.request import Request, Upscale
from worker.engine.errors import NoTileError, RenderCancelledError
from worker.engine.pipeline.upscale import draw as drawing
from worker.engine.pipeline.upscale.compact import Compact
from worker.engine.pipeline.upscale.load import Upscaler
from worker.engine.protocol import RenderCall
from worker.engine.service.render_task import RenderTask

pytestmark = pytest.mark.engine

ASKED = Request(prompt="p", model="m", width=64, height=64, steps=1, guidance_scale=1, seed=5).enlarged(
    Upscale(upscaler="upscaler.x2", scale=2, width=40, height=24)
)


class Tight(torch.nn.Module):
    """A network that needs more memory than there is for pictures of more than so many pixels."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.inner, self.most, self.seen = Compact(4, 1, 2), most, []

    def forward(self, pictures):
        self.seen.append(pictures.shape[2] * pictures.shape[3])
        if self.seen[-1] > self.most:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return self.inner(pictures)


@pytest.fixture
def tiles(monkeypatch):
    monkeypatch.setattr(drawing, "_TILES", (32, 32, 16, 8))


@pytest.fixture
async def task():
    with ThreadPoolExecutor(1) as encoders:
        yield RenderTask(RenderCall(id="j-1", request=ASKED), encoders, source=noise())


def noise() -> Image.Image:
    return Image.fromarray(np.random.default_rng(0).integers(0, 255, (24, 40, 3), np.uint8))


def upscaler(network: torch.nn.Module) -> Upscaler:
    return Upscaler(network.eval(), 2, "test", torch.device("cpu"), sees=0)


@pytest.mark.parametrize(("most", "freed"), [(10_000, 0), (300, 2), (64, 3)])
async def test_it_goes_on_in_smaller_tiles_when_memory_does_not_suffice(tiles, task, most, freed):
    rooms = []
    drawing.draw(upscaler(Tight(most)), task.source, task, lambda: rooms.append(1))
    told = await finished(task)
    picture = next(frame.header for frame in told if frame.header.kind == "picture")
    assert (picture.width, picture.height, picture.seed) == (80, 48, 5)
    assert len(rooms) == freed


async def test_not_even_a_small_tile_fits(tiles, task):
    with pytest.raises(NoTileError, match="Not even a small tile"):
        drawing.draw(upscaler(Tight(0)), task.source, task, lambda: None)


async def test_a_cancel_stops_it_after_the_tile(tiles, task):
    network = Tight(10_000)
    network.register_forward_hook(lambda *_: task.cancel())
    with pytest.raises(RenderCancelledError):
        drawing.draw(upscaler(network), task.source, task, lambda: None)
    assert len(network.seen) == 1


async def test_other_faults_go_on(tiles, task):
    class Broken(torch.nn.Module):
        def forward(self, pictures):
            raise RuntimeError("a shape that does not fit")

    with pytest.raises(RuntimeError, match="shape"):
        drawing.draw(upscaler(Broken()), task.source, task, lambda: None)


def test_a_file_is_known_by_its_name(tmp_path):
    about = drawing.about(tmp_path / "4x-UltraSharp V2.safetensors", upscaler(Tight(1)), 1000)
    assert (about.id, about.title, about.scale, about.pixels_max) == (
        "upscaler.4x-ultrasharp-v2", "4x-UltraSharp V2", 2, 1000,
    )  # fmt: skip
