"""Every prompt drawn once, as the engine draws it for a person who asks with nothing but the prompt."""

import asyncio
import logging
import time
import zlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import diffusers
from PIL import Image
from pydantic import BaseModel, ConfigDict, ValidationError

from worker.contract.types.model_info import ModelInfo
from worker.contract.types.own_words import own_words
from worker.contract.types.request import Request
from worker.contract.types.vocabulary_notice import Known
from worker.engine.errors import EngineError, UnfitError
from worker.engine.pipeline import device, fetch, model_config
from worker.engine.pipeline.at_once import AtOnce
from worker.engine.pipeline.device import Device
from worker.engine.pipeline.drawing import Drawing
from worker.engine.pipeline.load import LoadedModel
from worker.engine.pipeline.model_cache import ModelCache
from worker.engine.prompt_match import vocabulary
from worker.engine.protocol import PictureFrame, RenderCall
from worker.engine.service.render_task import RenderTask
from worker.engine.step.probe import Probe
from worker.starter.data.packages import DataError
from worker.starter.entry import ID, entry

log = logging.getLogger(__name__)

FILE = "drawn.json"


class DrawnPrompt(BaseModel):
    """What became of one prompt.

    Attributes:
        declined: the engine's words when it refused to draw; "" when there is a picture.
        guessed: the model knew nothing of the prompt, and the engine drew something else for it.
    """

    model_config = ConfigDict(frozen=True)

    prompt: str
    seed: int
    declined: str = ""
    guessed: bool = False


class DrawnPrompts(BaseModel):
    """All drawings of one model, in the order of the prompts; the pictures lie beside this file.

    Attributes:
        model: its weights folder, as it was given.
        revision: fingerprint of its weights.
        seconds: wall time that drawing took, without loading.
    """

    model_config = ConfigDict(frozen=True)

    model: str
    revision: str
    seconds: float
    drawings: tuple[DrawnPrompt, ...]

    @property
    def drawn(self) -> int:
        """How many prompts have a picture."""
        return sum(not each.declined for each in self.drawings)

    def summary(self) -> str:
        """One line for a person; it names no prompt, since those may be sealed."""
        guessed = sum(each.guessed for each in self.drawings)
        return (
            f"{self.model} ({self.revision}): {self.drawn} drawn ({guessed} of them a guess: no word was known), "
            f"{len(self.drawings) - self.drawn} declined, {self.seconds:.0f} s"
        )


@dataclass(frozen=True)
class DrawnModel:
    """A model's drawings and the folder in which their pictures lie."""

    folder: Path
    drawings: DrawnPrompts

    def picture(self, index: int) -> Image.Image:
        """The picture of prompt `index` (from 0), RGB."""
        with Image.open(_file(self.folder, index)) as image:
            return image.convert("RGB")

    def summary(self) -> str:
        """See `DrawnPrompts.summary`."""
        return self.drawings.summary()


def read_prompts(file: Path) -> list[str]:
    """The prompts in a text file, one a line; empty lines are skipped. Raises DataError."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"the prompts in {file} cannot be read: {error}") from error
    if not (prompts := [line.strip() for line in lines if line.strip()]):
        raise DataError(f"{file} holds no prompt")
    return prompts


def seed_of(prompt: str) -> int:
    """The seed of a prompt: the same for every model, in every file, whatever stands around it."""
    return zlib.crc32(prompt.encode())


def device_for(name: str, threads: int) -> Device:
    """The device to draw on; `threads` as for `EASEL_THREADS`. Raises DataError when it is not there."""
    # diffusers warns of a prompt that is too long by printing it, and nobody should see what is sealed.
    diffusers.utils.logging.set_verbosity_error()
    try:
        return device.choose(name, "auto", threads)
    except EngineError as error:
        raise DataError(str(error)) from error


def draw(model: Path, prompts: Sequence[str], folder: Path, on: Device) -> DrawnModel:
    """Draw all prompts with a model and keep pictures and record in `folder`; or take what was drawn before.

    Args:
        model: a weights folder, or a folder that this function wrote.
        prompts: what to draw, in the order of their numbers.
        folder: a new one, for the pictures and their record.
        on: the device.

    Raises:
        DataError: the model cannot be used, or was drawn for other prompts.
    """
    if (model / FILE).is_file():
        return _kept(model, prompts)
    try:
        config, found = _config(model), vocabulary.find(ID, model)
        knows = found.known() if found else None
        requests = [_request(config.info, knows, number, prompt) for number, prompt in enumerate(prompts, 1)]
        cache = ModelCache(on)
        loaded = cache.take(fetch.fetch(config))
        folder.mkdir(parents=True)
        began = time.monotonic()
        drawings = tuple(asyncio.run(_draw_all(loaded, requests, folder, Drawing(on, cache, AtOnce(on, Probe())))))
    except EngineError as error:
        raise DataError(str(error)) from error
    made = DrawnPrompts(
        model=str(model), revision=loaded.resolved.revision, seconds=time.monotonic() - began, drawings=drawings
    )
    (folder / FILE).write_text(made.model_dump_json(indent=1) + "\n")
    return DrawnModel(folder, made)


def _kept(folder: Path, prompts: Sequence[str]) -> DrawnModel:
    try:
        kept = DrawnPrompts.model_validate_json((folder / FILE).read_bytes())
    except ValidationError as error:
        raise DataError(f"{folder / FILE} cannot be read: draw that model again") from error
    if [each.prompt for each in kept.drawings] != list(prompts):
        raise DataError(f"{folder} was drawn for other prompts: draw that model again")
    if not all(each.declined or _file(folder, index).is_file() for index, each in enumerate(kept.drawings)):
        raise DataError(f"{folder} lacks some of its pictures: draw that model again")
    return DrawnModel(folder, kept)


def _config(folder: Path) -> model_config.ModelConfig:
    """The starter's catalogue entry with other weights."""
    starter = entry()
    return replace(starter, origin=starter.origin.model_copy(update={"source": str(folder.resolve())}))


def _request(info: ModelInfo, knows: Known | None, number: int, prompt: str) -> Request:
    """What the bot sends for the bare prompt: with words of its own for what that leaves open, as people get it."""
    width, height = info.size(1, 1)
    seed = seed_of(prompt)
    try:
        return Request(
            prompt=prompt,
            model=info.id,
            width=width,
            height=height,
            steps=info.steps,
            guidance_scale=info.guidance_scale,
            scheduler=info.scheduler,
            seed=seed,
            prompts=own_words(prompt, knows, [seed]),
        )
    except ValidationError as error:  # it quotes the prompt, which nobody should see
        raise DataError(f"prompt {number}: {error.errors(include_input=False)[0]['msg']}") from None


async def _draw_all(
    loaded: LoadedModel, requests: Sequence[Request], folder: Path, drawing: Drawing
) -> list[DrawnPrompt]:
    """Draw on this thread: the loop is only there because a RenderTask tells it its news."""
    made = []
    with ThreadPoolExecutor(1) as encoders:
        for index, request in enumerate(requests):
            task = RenderTask(RenderCall(id=f"blind-{index}", request=request, preview=False), encoders)
            drawn = DrawnPrompt(prompt=request.prompt, seed=request.seed)
            try:
                drawing.draw(loaded, task)
            except UnfitError as error:
                made.append(drawn.model_copy(update={"declined": error.detail}))
                continue
            task.finish("blind")
            _file(folder, index).write_bytes(await _picture(task))
            taken = task.notice.taken if task.notice else ()
            made.append(drawn.model_copy(update={"guessed": any(not each.asked for each in taken)}))
            log.info("%d of %d", index + 1, len(requests))
    return made


async def _picture(task: RenderTask) -> bytes:
    """The picture of a finished task as PNG. Raises RenderError when it could not be encoded."""
    while True:
        for frame in await task.news():
            if isinstance(frame.header, PictureFrame):
                return frame.body
        if task.failure:
            raise task.failure


def _file(folder: Path, index: int) -> Path:
    return folder / f"{index + 1:03}.png"
