"""Upscales through the service: over the wire with the fake engine, and what the real one makes of its setting."""

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from tests.worker.engine.engines import EngineProcess, asked, finished
from worker.contract.types import recipe
from worker.contract.types.request import Request, Upscale
from worker.engine.protocol import FRAMES, FrameError, RenderCall, RenderRefusal, Step
from worker.engine.service.fake_backend import UPSCALER
from worker.engine.service.render_task import RenderTask
from worker.engine.settings import UPSCALER as BUNDLED
from worker.engine.settings import EngineSettings


def enlarged(upscaler: str = UPSCALER.id, **more) -> Request:
    return asked(**more).enlarged(Upscale(upscaler=upscaler, scale=4, width=100, height=70))


def png(kind: str = "PNG", size: tuple[int, int] = (100, 70)) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("picture", [b"", b"a picture"])
def test_a_call_with_a_picture_is_read_as_it_was_written(picture: bytes):
    call = RenderCall(id="job-1", request=enlarged())
    assert RenderCall.decode(call.encode(picture)) == (call, (picture,))
    for cut in (0, 7, 8, 100, -1):
        with pytest.raises(FrameError, match="cut off"):
            RenderCall.decode(call.encode(b"12")[:cut])


async def test_a_picture_comes_back_larger_with_its_tiles_as_steps(fake: EngineProcess):
    assert (await fake.client.health()).upscaler == UPSCALER
    frames = await fake.client.render(enlarged(seed=3), png())
    steps = [frame.header for frame in frames if isinstance(frame.header, Step)]
    assert (steps[-1].step, steps[-1].steps) == (4, 4)
    picture = next(frame for frame in frames if frame.header.kind == "picture")
    assert (picture.header.width, picture.header.height, picture.header.seed) == (400, 280, 3)
    assert recipe.read(picture.body) == recipe.Recipe(request=enlarged(seed=3), revision="fake")
    assert b"Postprocess upscale by: 4, Postprocess upscaler: upscaler.fake" in picture.body
    assert 'easel_engine_renders_total{outcome="done"} 1' in await _metrics(fake)


async def _metrics(fake: EngineProcess) -> str:
    async with fake.client.http.get("http://engine/metrics") as metrics:
        return await metrics.text()


async def test_what_cannot_be_enlarged_is_refused_in_words(fake: EngineProcess):
    async def refusal(request: Request, picture: bytes) -> tuple[int, str, str]:
        async with fake.client.post(request, picture) as answer:
            words = RenderRefusal.model_validate_json(await answer.read())
            return answer.status, words.reason, words.detail

    assert await refusal(enlarged(), png("GIF")) == (422, "source", "It is no PNG, JPEG or WebP picture.")
    assert (await refusal(enlarged(), png(size=(600, 600))))[:2] == (422, "source")
    assert (await refusal(enlarged("upscaler.other"), png()))[:2] == (404, "model")
    assert (await refusal(asked(), png()))[:2] == (404, "model")
    async with fake.client.post(enlarged()) as answer:
        assert answer.status == 422
    async with fake.client.http.post("http://engine/render", data=b"?", headers={"Content-Type": FRAMES}) as answer:
        assert answer.status == 422
    assert (await fake.client.health()).places == 1


async def test_it_takes_the_engines_place_and_gives_it_back(fake: EngineProcess):
    async with fake.client.post(enlarged(prompt="[slow=1000]"), png()) as running:
        assert running.status == 200
        async with fake.client.post(enlarged(), png()) as second:
            assert second.status == 503
    await fake.client.until(lambda health: health.places == 1)


@pytest.mark.engine
@pytest.mark.parametrize(
    ("upscaler", "known", "problem"),
    [
        (BUNDLED, "upscaler.x4", ""),
        (Path("off"), "", ""),
        (Path("OFF"), "", ""),
        (Path("absent.safetensors"), "", "EASEL_UPSCALER: upscaler absent.safetensors: there is no such file"),
    ],
)
async def test_the_setting_names_what_enlarges(tmp_path: Path, upscaler: Path, known: str, problem: str):
    from worker.engine.pipeline.diffusers_backend import DiffusersBackend

    (tmp_path / "models.toml").write_text("bundled = false\n")
    settings = EngineSettings(models=tmp_path / "models.toml", upscaler=upscaler, device="cpu", threads=1)
    backend = DiffusersBackend(settings)
    backend.load(lambda: None)
    found = backend.upscaler()
    assert (found.id if found else "") == known
    assert (problem in " ".join(backend.problems())) if problem else "EASEL_UPSCALER" not in str(backend.problems())
    if found:
        assert found.takes(1024, 1024)
        assert not found.takes(1040, 1040)
        with ThreadPoolExecutor(1) as pool, Image.open(io.BytesIO(png())) as picture:
            task = RenderTask(RenderCall(id="a-1", request=enlarged(found.id)), pool, source=picture)
            assert backend.draw(task) > 0
            frames = await finished(task)
        made = next(frame.header for frame in frames if frame.header.kind == "picture")
        assert (made.width, made.height) == (400, 280)
