"""The fake engine: the same service on the same socket without torch or a model, for tests.

Its pictures depend on prompt, LoRAs, seed and size alone, and on the picture that they begin with. Words in the prompt
make it misbehave:

    [crash]     the process is killed at the second step
    [hang]      the GPU thread never comes back from the second step
    [oom]       fails as out of memory
    [fail]      fails with an unexpected exception
    [slow=0.2]  every step takes so many seconds
    [leak]      takes 64 MiB and never gives them back
    [noise]     pictures that no codec can make smaller
"""

import hashlib
import os
import random
import re
import signal
import time
from collections.abc import Callable, Iterator, Sequence

from PIL import Image, ImageDraw

from worker.contract.types.guide_info import CANNY, STYLE, GuideInfo
from worker.contract.types.lora_info import LoraInfo
from worker.contract.types.model_info import ModelInfo, UpscalerInfo
from worker.contract.types.operation import FORWARD, MOMENTS, Operation
from worker.contract.types.request import WEIGHT_MAX, Request
from worker.engine.errors import OutOfMemoryError

from . import memory
from .moments import Moment
from .render_task import RenderTask
from .turns import OneByOne

FAKE = ModelInfo(
    id="fake",
    title="Fake",
    description="Test pictures, drawn without a model.",
    licence="Apache-2.0",
    side_min=64,
    side_max=2048,
    example="a glossy sticker of a red apple, light blue background",
    operations=(Operation.IMG2IMG, Operation.OUTPAINT, MOMENTS, FORWARD),
    loras=(
        LoraInfo(id="pixel", title="Pixel art", triggers=("pixels",), licence="Apache-2.0"),
        LoraInfo(id="lcm", title="LCM", description="Few steps.", steps=4, guidance_scale=1.5, licence="Apache-2.0"),
    ),
    guides=(
        GuideInfo(id="canny", title="Edges", kind=CANNY, licence="Apache-2.0"),
        GuideInfo(id="style", title="Style", kind=STYLE, licence="Apache-2.0"),
    ),
)
UPSCALER = UpscalerInfo(id="upscaler.fake", title="Fake ×4", scale=4, pixels_max=2048 * 2048)
STARTER = FAKE.model_copy(update={"id": "starter", "title": "Starter", "native_pixels": 128 * 128, "steps": 20})
_TILE = 64  # pixels a side


class FakeBackend(OneByOne):
    """Draws circles, enlarges without a network. `step_ms`: how long a step takes."""

    name = "easel-fake"
    device = "none"
    dtype = "none"

    def __init__(self, step_ms: float = 20.0) -> None:
        super().__init__()
        self._step = step_ms / 1000
        self._leaked: list[bytes] = []

    def load(self, alive: Callable[[], None]) -> None:
        """Nothing to load."""

    def models(self) -> tuple[ModelInfo, ...]:
        """`fake`, and `starter` so that tests may ask for the model that is always there."""
        return FAKE, STARTER

    def upscaler(self) -> UpscalerInfo | None:
        """Makes larger what there is, and no more of it."""
        return UPSCALER

    def warm(self) -> tuple[str, ...]:
        """All of them: there is nothing to load."""
        return FAKE.id, STARTER.id, UPSCALER.id

    def problems(self) -> tuple[str, ...]:
        """It has none."""
        return ()

    def memory(self) -> dict[str, int]:
        """Of this process."""
        return {"resident": memory.resident()}

    def unload(self) -> None:
        """It holds nothing."""

    def draw(self, task: RenderTask) -> int:
        """Pretend to denoise, then draw every picture."""
        for seconds in self.drawing(task):
            task.called([task.request.count])
            task.pause(seconds)
        return 0

    def drawing(self, task: RenderTask) -> Iterator[float]:
        """The same with the seconds that each step takes, for whoever calls it to wait."""
        asked = task.request
        if task.source:
            yield from self._enlarge(task, task.source)
            return
        if "[leak]" in asked.prompt:
            self._leaked.append(b"x" * (64 * 2**20))
        task.phase("encode")
        task.phase("steps")
        seconds = self._pace(asked)
        steps = asked.all_steps
        for step in range(1, steps + 1):
            if step == min(2, steps):
                _misbehave(asked)
            yield seconds
            task.step(step, steps)
            if task.wants_preview():
                task.preview(step, _drawn(asked, asked.seed, task.sources).resize((128, 128)))
        task.phase("decode")
        if "[blank]" in asked.prompt:  # as if every picture had come out so, and well the second time
            task.redrawn, asked = asked.count, asked.reseeded()
        if asked.forward:
            _show_forward(task, asked)
            return
        for index in range(asked.count):
            image = _drawn(asked, asked.seed_of(index), task.sources)
            task.picture(index, image, "fake", asked, _way(image, min(asked.moments - 1, steps)))

    def _enlarge(self, task: RenderTask, picture: Image.Image) -> Iterator[float]:
        """Pretend to do it in tiles."""
        task.phase("steps")
        tiles = -(-picture.width // _TILE) * -(-picture.height // _TILE)
        for tile in range(1, tiles + 1):
            if tile == min(2, tiles):
                _misbehave(task.request)
            yield self._pace(task.request)
            task.step(tile, tiles)
        task.phase("decode")
        size = (picture.width * UPSCALER.scale, picture.height * UPSCALER.scale)
        task.picture(0, picture.convert("RGB").resize(size, Image.Resampling.NEAREST), "fake")

    def _pace(self, asked: Request) -> float:
        slow = re.search(r"\[slow=([0-9.]+)\]", asked.prompt)
        return float(slow[1]) if slow else self._step


def _drawn(asked: Request, seed: int, sources: Sequence[Image.Image]) -> Image.Image:
    """A picture of the request, laid over those that come with it."""
    words = " ".join([asked.prompt, *(f"{each.id} {each.weight:g}" for each in asked.loras)])
    new = paint(words, seed, asked.width, asked.height)
    if asked.outpaint:
        new.paste(sources[0], asked.outpaint.kept.edges)
    elif asked.strength is not None:
        new = Image.blend(sources[0], new, asked.strength)
    for guide, picture in zip(asked.guides, sources[len(asked.sources) :], strict=True):
        new = Image.blend(new, picture.resize(new.size), guide.weight / WEIGHT_MAX)
    return new


def _way(image: Image.Image, count: int) -> list[Moment]:
    """So many moments of a picture that comes out of grey."""
    ground = Image.new("RGB", image.size, "grey")
    return [Moment(1 - each / count, Image.blend(ground, image, each / count)) for each in range(count)]


def _show_forward(task: RenderTask, asked: Request) -> None:
    """A picture that turns to what a model would draw of other words."""
    begun, end = task.sources[0], paint("noise", asked.seed, asked.width, asked.height)
    shares = [each / (asked.moments - 1) for each in range(asked.moments)]
    *way, last = (Moment(each, Image.blend(begun, end, each)) for each in shares)
    task.picture(0, last.image, "fake", asked, way, last.noise)


def _misbehave(asked: Request) -> None:
    if "[crash]" in asked.prompt:
        os.kill(os.getpid(), signal.SIGKILL)
    if "[oom]" in asked.prompt:
        raise OutOfMemoryError(asked.width, asked.height)
    if "[fail]" in asked.prompt:
        raise ArithmeticError("asked to fail")
    while "[hang]" in asked.prompt:
        time.sleep(1)


def paint(prompt: str, seed: int, width: int, height: int) -> Image.Image:
    """The picture of a prompt and a seed: circles on a plain ground, or noise."""
    dice = random.Random(hashlib.sha256(f"{seed} {prompt}".encode()).digest())
    if "[noise]" in prompt:
        return Image.frombytes("RGB", (width, height), dice.randbytes(width * height * 3))
    image = Image.new("RGB", (width, height), _colour(dice))
    pen = ImageDraw.Draw(image)
    for _ in range(6):
        x, y, r = dice.random() * width, dice.random() * height, (0.08 + 0.2 * dice.random()) * min(width, height)
        pen.ellipse((x - r, y - r, x + r, y + r), fill=_colour(dice))
    return image


def _colour(dice: random.Random) -> tuple[int, int, int]:
    return dice.randrange(256), dice.randrange(256), dice.randrange(256)
