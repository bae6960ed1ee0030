"""The engine with the weights that ship: what it hands to the text encoder, and what it says of it."""

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat
from PIL.ImageOps import mirror

from tests.worker.engine.engines import finished
from tests.worker.engine.prompt_match.vocabularies import asked, everyday
from worker.contract.types import recipe
from worker.contract.types.operation import Operation, SourcePicture
from worker.contract.types.vocabulary_notice import VocabularyNotice
from worker.engine.errors import UnfitError
from worker.engine.pipeline.diffusers_backend import DiffusersBackend
from worker.engine.protocol import Done, PictureFrame, RenderCall
from worker.engine.service.render_task import RenderTask
from worker.engine.service.sources import Sources
from worker.engine.settings import EngineSettings
from worker.starter import WEIGHTS

# What diffusers and NumPy deprecate between themselves is not ours to mend.
pytestmark = [pytest.mark.engine, pytest.mark.filterwarnings("ignore:::diffusers")]

KNOWN = "a glossy sticker of a penguin, light blue background"


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory) -> DiffusersBackend:
    listed = tmp_path_factory.mktemp("models") / "models.toml"
    listed.write_text(
        f'[[model]]\nid = "starter"\ntitle = "Starter"\ndraws = "emoji-like"\nsource = "{WEIGHTS}"\n'
        "native_pixels = 65536\nside_min = 64\nside_max = 256\n"
    )
    backend = DiffusersBackend(EngineSettings(models=listed, upscaler=Path("off"), device="cpu", threads=1))
    backend.load(lambda: None)
    assert backend.problems() == ()
    return backend


async def drawn(
    backend: DiffusersBackend, prompt: str, without: str = ""
) -> tuple[Image.Image, VocabularyNotice | None]:
    """One picture in a single step, with its recipe still in it."""
    with ThreadPoolExecutor(1) as pool:
        request = asked(prompt, without).model_copy(update={"steps": 1})
        task = RenderTask(RenderCall(id="a", request=request), pool)
        await asyncio.to_thread(backend.draw, task)
        frames = await finished(task)
    picture = next(frame.body for frame in frames if isinstance(frame.header, PictureFrame))
    assert isinstance(frames[-1].header, Done)
    assert recipe.read(picture) == recipe.Recipe(request=request, revision=backend._resolved["starter"].revision)
    with Image.open(io.BytesIO(picture)) as image:
        image.load()
    return image, frames[-1].header.notice


def test_people_are_told_what_it_knows(backend: DiffusersBackend):
    (starter,) = backend.models()
    assert starter.knows is not None
    assert "penguin" in starter.knows.things


async def test_what_it_knows_is_drawn_as_if_nobody_had_read_it(backend: DiffusersBackend):
    read, notice = await drawn(backend, KNOWN, without="red apple")
    assert notice is None
    held = backend._cache._held["starter"]
    backend._cache._held["starter"] = replace(held, prompt_matcher=None)
    try:
        unread, _ = await drawn(backend, KNOWN, without="red apple")
    finally:
        backend._cache._held["starter"] = held
    assert read.tobytes() == unread.tobytes()


async def test_people_and_feelings_alone_are_refused_before_a_step_is_taken(
    backend: DiffusersBackend, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(
        backend._cache._held, "starter", replace(backend._cache._held["starter"], prompt_matcher=everyday())
    )
    for prompt in ("a nurse", "a sad face, light blue background"):
        with pytest.raises(UnfitError, match=r"it has not learnt to draw .* It knows 128 things, such as"):
            await drawn(backend, prompt)


async def test_other_words_are_drawn_as_the_known_ones_that_they_mean(backend: DiffusersBackend):
    known, _ = await drawn(backend, KNOWN)
    other, notice = await drawn(backend, "glossy sticker of a PENGIUN on a (light blue:1.2) background!")
    assert known.tobytes() == other.tobytes()
    assert notice is not None
    assert (notice.model, notice.kind) == ("Starter", "emoji-like")
    assert [(each.asked, each.took) for each in notice.taken] == [("PENGIUN", "penguin")]


@pytest.mark.parametrize("seed", [6, 7])
async def test_versions_face_as_their_picture_does(backend: DiffusersBackend, seed: int):
    """One of two seeds turns it round, and the model was taught one way alone: of both at once it makes two heads."""

    async def one(**more: object) -> Image.Image:
        request = asked("a flat illustration of a fish, mint green background").model_copy(
            update={"steps": 8, "seed": seed, "width": 256, "height": 256, **more}
        )
        sources = Sources((picture,)) if "sources" in more else Sources()
        with ThreadPoolExecutor(1) as pool:
            task = RenderTask(RenderCall(id="a", request=request), pool, sources=sources)
            await asyncio.to_thread(backend.draw, task)
            (file,) = [each.body for each in await finished(task) if isinstance(each.header, PictureFrame)]
        return Image.open(io.BytesIO(file)).convert("RGB")

    picture = Image.new("RGB", (256, 256))
    picture = await one()
    begun = {"operation": Operation.IMG2IMG, "sources": (SourcePicture(width=256, height=256),)}
    for strength in (0.5, 0.8):
        version = await one(**begun, strength=strength, seed=99)
        far = [sum(ImageStat.Stat(ImageChops.difference(version, each)).sum2) for each in (picture, mirror(picture))]
        assert far[0] < far[1] / 2
